import type { Organism } from '@wardlight/core/disinfection'
import { organismById } from '@wardlight/core/disinfection'
import { wardError } from '@wardlight/core/errors'
import type {
  CarriedView,
  ContaminationEventView,
  ContaminationView,
  RobotView,
  User,
} from '@wardlight/core/fleet'
import { roomAt } from '@wardlight/core/floor'
import { distance } from '@wardlight/core/geometry'
import { desc } from 'drizzle-orm'
import {
  afterEvent,
  changesAnything,
  initialContamination,
  isolatedFor,
  robotBurden,
  roomBurden,
  roomClass,
  SOIL,
  type Agent,
  type Burden,
  type Contamination,
  type ContaminationEvent,
} from '../domain/contamination/contamination.ts'
import {
  agentName,
  entryRefusal,
  refusalFor,
  refusalWords,
  type EntryRefusal,
} from '../domain/contamination/entry-rule.ts'
import { hygieneOf } from '../domain/contamination/hygiene.ts'
import { eventOfRoomChange } from '../domain/contamination/room-events.ts'
import type { RobotRegistry } from '../robots/robot-registry.ts'
import type { Database } from '../store/database.ts'
import { contaminationEvents } from '../store/schema.ts'
import type { Evidence } from './evidence.ts'
import type { FloorIndex } from './floor-index.ts'
import type { Ledger, LedgerChange } from './ledger.ts'

/** A robot that moved less than this is in the room it was in, metres. */
const SAME_PLACE_M = 0.1
const EVENTS_SHOWN = 200

/** Who carries what: told by where robots are seen and by what people say, stored as events, held in memory. */
export class Contaminations {
  readonly #database: Database
  readonly #ledger: Ledger
  readonly #floor: FloorIndex
  readonly #registry: RobotRegistry
  readonly #evidence: Evidence
  readonly #mayRefuse: boolean
  readonly #seen = new Map<
    string,
    { readonly x: number; readonly y: number; readonly state: Contamination }
  >()
  /** Of robots, by where they were to go: traffic asks for the same rooms whenever one of them says something. */
  readonly #lastAnswers = new Map<
    string,
    {
      readonly state: Contamination
      readonly roomIds: readonly string[]
      readonly refusal: EntryRefusal | null
    }
  >()
  /** What changes will have made of it once they are stored. */
  readonly #inChange = new WeakMap<LedgerChange, Contamination>()
  #state: Contamination

  constructor(options: {
    database: Database
    ledger: Ledger
    floor: FloorIndex
    registry: RobotRegistry
    evidence: Evidence
    /** Whether `refusal` ever is one; else it is told what robots carry, and people judge. */
    mayRefuse: boolean
  }) {
    this.#database = options.database
    this.#ledger = options.ledger
    this.#floor = options.floor
    this.#registry = options.registry
    this.#evidence = options.evidence
    this.#mayRefuse = options.mayRefuse
    this.#state = initialContamination(this.#floor.rooms().map(({ level, room }) => hygieneOf(level, room)))
  }

  async load(): Promise<void> {
    const rows = await this.#database.queries
      .select()
      .from(contaminationEvents)
      .orderBy(contaminationEvents.sequence)
    for (const { sequence, at, event } of rows) {
      this.#state = afterEvent(this.#state, { sequence, atMs: at.getTime(), event })
    }
    this.#ledger.onRoomChange.push((change, before, after) => {
      const mission = after.missionId === null ? undefined : this.#ledger.missionIfAtHand(after.missionId)
      const event = eventOfRoomChange(
        before.state,
        after,
        mission === undefined ? [] : [mission.organismId].filter((id) => id !== null),
      )
      if (event !== null) this.#append(change, event)
    })
  }

  get state(): Contamination {
    return this.#state
  }

  /** Why a robot may not enter one of these rooms with what it carries; `null`: it may. */
  refusal(robotId: string, roomIds: readonly string[]): string | null {
    const refusal = this.#refusal(robotId, roomIds)
    if (refusal === null) return null
    return refusalWords(refusal, {
      agent: (agent) => this.#agentName(agent),
      room: (id) => this.#roomName(id),
    })
  }

  mayEnter(robotId: string, roomIds: readonly string[]): boolean {
    return this.#refusal(robotId, roomIds) === null
  }

  #refusal(robotId: string, roomIds: readonly string[]): EntryRefusal | null {
    if (!this.#mayRefuse || this.#registry.isFixed(robotId)) return null
    const last = this.#lastAnswers.get(robotId)
    if (last?.state === this.#state && last.roomIds === roomIds) return last.refusal
    const carried = [...robotBurden(this.#state, robotId).keys()]
    let refusal: EntryRefusal | null = null
    for (const roomId of roomIds) refusal ??= refusalFor(this.#state, carried, roomId)
    this.#lastAnswers.set(robotId, { state: this.#state, roomIds, refusal })
    return refusal
  }

  /** Notes which room a robot is in, once it says so; called with each of its places. */
  async saw({ id, position, isFixed }: Pick<RobotView, 'id' | 'position' | 'isFixed'>): Promise<void> {
    // What does not move carries nothing from room to room.
    if (isFixed || position === null || !position.isLocalized) return
    const last = this.#seen.get(id)
    // What it may take or leave changes only with its place, or with what the places carry.
    if (last !== undefined && last.state === this.#state && distance(last, position) < SAME_PLACE_M) return
    const room = this.#floor.hasLevel(position.levelId)
      ? roomAt(this.#floor.level(position.levelId), position)
      : null
    const event =
      room === null
        ? null
        : ({ type: 'robot.entered', robotId: id, roomId: room.id } satisfies ContaminationEvent)
    if (event !== null && changesAnything(this.#state, event)) {
      await this.#ledger.change((change) => {
        if (changesAnything(this.#state, event)) this.#append(change, event)
      })
    }
    this.#seen.set(id, { x: position.x, y: position.y, state: this.#state })
  }

  /** @throws WARD_ERR_NOT_FOUND */
  async decontaminated(robotId: string, how: string, user: User): Promise<void> {
    if (!this.#registry.has(robotId)) {
      throw wardError('WARD_ERR_NOT_FOUND', {
        what: `There is no robot ${JSON.stringify(robotId)}`,
        where: 'robotId',
      })
    }
    await this.#ledger.change((change) => {
      if (this.#ledger.runningOnRobot(robotId) !== undefined) {
        throw wardError('WARD_ERR_CONFLICT', {
          what: 'The robot is at work; wiped down now it would be soiled again',
          where: 'robotId',
          remedy: 'Wait until its mission is over.',
        })
      }
      this.#append(change, { type: 'robot.decontaminated', robotId, by: user.displayName, how })
    })
  }

  /** @throws WARD_ERR_ROOM_UNKNOWN, WARD_ERR_ORGANISM_UNKNOWN */
  async isolate(roomId: string, organismIds: readonly string[], user: User): Promise<void> {
    this.#floor.room(roomId)
    for (const id of organismIds) organismById(id, this.#evidence.organisms)
    await this.#ledger.change((change) =>
      this.#append(change, { type: 'room.isolated', roomId, organismIds, by: user.displayName }),
    )
  }

  /** What the room carries stays until it is disinfected. @throws WARD_ERR_ROOM_UNKNOWN */
  async lift(roomId: string, user: User): Promise<void> {
    this.#floor.room(roomId)
    await this.#ledger.change((change) => {
      if (isolatedFor(this.#state, roomId) === null) return
      this.#append(change, { type: 'room.isolationLifted', roomId, by: user.displayName })
    })
  }

  view(): ContaminationView {
    const roomIds = this.#floor.rooms().map(({ room }) => room.id)
    return {
      robots: this.#registry.views().map(({ id, isFixed }) => ({
        robotId: id,
        // Also what it had taken up before anybody knew that it does not move.
        carries: isFixed ? [] : this.#carried(robotBurden(this.#state, id)),
        refusedRoomIds: isFixed
          ? []
          : roomIds.filter((roomId) => entryRefusal(this.#state, id, roomId) !== null),
      })),
      rooms: roomIds.map((roomId) => {
        const isolation = isolatedFor(this.#state, roomId)
        return {
          roomId,
          class: roomClass(this.#state, roomId),
          isolatedFor: isolation === null ? null : [...isolation],
          isForDecontamination: this.#state.hygiene.get(roomId)?.isForDecontamination ?? false,
          carries: this.#carried(roomBurden(this.#state, roomId)),
        }
      }),
    }
  }

  async events(): Promise<ContaminationEventView[]> {
    const rows = await this.#database.queries
      .select()
      .from(contaminationEvents)
      .orderBy(desc(contaminationEvents.sequence))
      .limit(EVENTS_SHOWN)
    return rows.map(({ sequence, at, event }) => ({
      sequence,
      at: at.toISOString(),
      roomId: 'roomId' in event ? event.roomId : null,
      text: this.#eventWords(event),
    }))
  }

  /** Whether more than ordinary soil is in a room, with what `change` is about to store; `null`: as it is. */
  isContaminated(change: LedgerChange | null, roomId: string): boolean {
    return [...roomBurden(this.#stateWith(change), roomId).keys()].some((agent) => agent !== SOIL)
  }

  /** Whether people, or the hospital's system, have isolated the room, with what `change` is about to store; `null`: as it is. */
  isIsolated(change: LedgerChange | null, roomId: string): boolean {
    return isolatedFor(this.#stateWith(change), roomId) !== null
  }

  /** The hospital's system isolates a room, by which all may know it. */
  isolateIn(change: LedgerChange, roomId: string, organismIds: readonly string[], by: string): void {
    this.#append(change, { type: 'room.isolated', roomId, organismIds, by })
  }

  /** … and lifts what it has isolated. */
  liftIn(change: LedgerChange, roomId: string, by: string): void {
    if (this.isIsolated(change, roomId)) this.#append(change, { type: 'room.isolationLifted', roomId, by })
  }

  #stateWith(change: LedgerChange | null): Contamination {
    return (change === null ? undefined : this.#inChange.get(change)) ?? this.#state
  }

  /** Stored with the change that it belongs to, or not at all. */
  #append(change: LedgerChange, event: ContaminationEvent): void {
    const at = this.#ledger.now()
    this.#inChange.set(
      change,
      afterEvent(this.#stateWith(change), { sequence: 0, atMs: at.getTime(), event }),
    )
    let sequence = 0
    change.writes.push(async (tx) => {
      const [row] = await tx
        .insert(contaminationEvents)
        .values({ at, event })
        .returning({ sequence: contaminationEvents.sequence })
      sequence = row!.sequence
    })
    change.commits.push(() => {
      this.#state = afterEvent(this.#state, { sequence, atMs: at.getTime(), event })
    })
  }

  #carried(burden: Burden): CarriedView[] {
    return [...burden.values()].map(({ agent, why, atMs }) => ({
      agent,
      name: this.#agentName(agent),
      why: this.#withNames(why),
      at: atMs === null ? null : new Date(atMs).toISOString(),
    }))
  }

  #eventWords(event: ContaminationEvent): string {
    switch (event.type) {
      case 'robot.entered':
        return `Robot ${event.robotId} was in ${this.#roomName(event.roomId)}`
      case 'robot.decontaminated':
        return `Robot ${event.robotId} was decontaminated by ${event.by}: ${event.how}`
      case 'room.isolated': {
        const what = event.organismIds.map((id) => this.#organismName(id)).join(', ')
        return `${this.#roomName(event.roomId)} was isolated for ${what === '' ? 'something not yet known' : what} by ${event.by}`
      }
      case 'room.isolationLifted':
        return `The isolation of ${this.#roomName(event.roomId)} was lifted by ${event.by}`
      case 'room.soiled':
        return `${this.#roomName(event.roomId)} is no longer clean: ${event.by}`
      case 'room.disinfected':
        return `${this.#roomName(event.roomId)} was disinfected: ${event.by}`
    }
  }

  #agentName(agent: Agent): string {
    return agentName(agent, {
      organism: (id) => this.#organismName(id),
      room: (id) => this.#roomName(id),
    })
  }

  #organismName(id: string): string {
    return this.#evidence.organisms.find((organism: Organism) => organism.id === id)?.name ?? id
  }

  #roomName(id: string): string {
    const placed = this.#floor.rooms().find(({ room }) => room.id === id)
    return placed === undefined ? id : (this.#ledger.room(id).name ?? placed.room.name)
  }

  /** Reasons are stored with ids, which do not change. */
  #withNames(why: string): string {
    const [, before, roomId] = /^(in )(.+)$/.exec(why) ?? []
    return roomId === undefined ? why : `${before}${this.#roomName(roomId)}`
  }
}
