import type { Clock } from '@wardlight/core/clock'
import { wardError } from '@wardlight/core/errors'
import { desc, eq, inArray, isNull, or } from 'drizzle-orm'
import type { LiveBoard } from '../live/live-board.ts'
import type { Database, Queries } from '../store/database.ts'
import { missions, requests, rooms, type MissionRow, type RequestRow, type RoomRow } from '../store/schema.ts'
import type { FloorIndex } from './floor-index.ts'
import { missionView, requestView, roomView } from './ledger-views.ts'
import { SerialQueue } from './serial-queue.ts'

/** So many requests and missions are kept at hand; older ones are read from the database when asked for. */
const RECENT = 300

type Write = (tx: Queries) => Promise<unknown>

/** One change of the ledger while it is being made. Nothing of it is seen before all of it is stored. */
export class LedgerChange {
  readonly #ledger: Ledger
  readonly writes: Write[] = []
  readonly lastWrites: Write[] = []
  readonly commits: (() => void)[] = []

  constructor(ledger: Ledger) {
    this.#ledger = ledger
  }

  patchRoom(id: string, patch: Partial<Omit<RoomRow, 'id'>>): void {
    const before = this.#ledger.room(id)
    const row = { ...before, ...patch }
    this.writes.push((tx) =>
      tx.insert(rooms).values(row).onConflictDoUpdate({ target: rooms.id, set: patch }),
    )
    this.commits.push(() => this.#ledger.showRoom(row))
    for (const listener of this.#ledger.onRoomChange) listener(this, before, row)
  }

  addRequest(row: RequestRow): void {
    this.writes.push((tx) => tx.insert(requests).values(row))
    this.commits.push(() => this.#ledger.showRequest(row))
  }

  patchRequest(id: string, patch: Partial<Omit<RequestRow, 'id'>>): void {
    this.writes.push((tx) => tx.update(requests).set(patch).where(eq(requests.id, id)))
    this.commits.push(() => this.#ledger.showRequest({ ...this.#ledger.requestAtHand(id), ...patch }))
  }

  addMission(row: MissionRow): void {
    this.writes.push((tx) => tx.insert(missions).values(row))
    this.commits.push(() => this.#ledger.showMission(row, true))
  }

  /**
   * Stores what `showProgress` has shown. It is not shown again when that is done: a robot that spoke meanwhile
   * would be taken back to what it said before.
   */
  storeProgress(id: string): void {
    const { isOrderConfirmed, phase, phaseSince, progress, updatedAt, mayBeGassed, gasSamples } =
      this.#ledger.missionAtHand(id)
    const patch = { isOrderConfirmed, phase, phaseSince, progress, updatedAt, mayBeGassed, gasSamples }
    this.writes.push((tx) => tx.update(missions).set(patch).where(eq(missions.id, id)))
  }

  patchMission(id: string, patch: Partial<Omit<MissionRow, 'id'>>): void {
    const before = this.#ledger.missionAtHand(id)
    this.writes.push((tx) => tx.update(missions).set(patch).where(eq(missions.id, id)))
    this.commits.push(() => this.#ledger.showMission({ ...this.#ledger.missionAtHand(id), ...patch }, true))
    this.#ledger.onMissionChange(this, before, { ...before, ...patch })
  }

  /** Is stored with the change, after everything else of it: in the transaction it sees what the change has made. */
  afterwards(write: Write): void {
    this.lastWrites.push(write)
  }
}

/**
 * The hospital's rooms, requests and missions: stored in the database, held in memory, shown on the live
 * board, in this order.
 */
export class Ledger {
  readonly #database: Database
  readonly #board: LiveBoard
  readonly #floor: FloorIndex
  readonly #clock: Clock
  readonly #queue = new SerialQueue()
  readonly #rooms = new Map<string, RoomRow>()
  readonly #requests = new Map<string, RequestRow>()
  readonly #missions = new Map<string, MissionRow>()
  /** What else a change of a room means, each in turn; it is stored with that change. */
  readonly onRoomChange: ((change: LedgerChange, before: RoomRow, after: RoomRow) => void)[] = []
  /** … and of a mission. */
  onMissionChange: (change: LedgerChange, before: MissionRow, after: MissionRow) => void = () => {}

  constructor(options: { database: Database; board: LiveBoard; floor: FloorIndex; clock: Clock }) {
    this.#database = options.database
    this.#board = options.board
    this.#floor = options.floor
    this.#clock = options.clock
  }

  async load(): Promise<void> {
    const { queries } = this.#database
    const stored = new Map((await queries.select().from(rooms)).map((row) => [row.id, row]))
    for (const { room } of this.#floor.rooms()) {
      this.showRoom(
        stored.get(room.id) ?? {
          id: room.id,
          name: null,
          state: 'dirty',
          since: this.now(),
          reason: null,
          requestId: null,
          missionId: null,
        },
      )
    }
    const recentMissions = await queries
      .select()
      .from(missions)
      .orderBy(desc(missions.orderedAt))
      .limit(RECENT)
    const openMissions = await queries
      .select()
      .from(missions)
      .where(or(isNull(missions.finishedAt), inArray(missions.returnState, ['due', 'sent'])))
    for (const row of [...recentMissions.toReversed(), ...openMissions]) this.showMission(row, false)
    const recentRequests = await queries
      .select()
      .from(requests)
      .orderBy(desc(requests.requestedAt))
      .limit(RECENT)
    const openRequests = await queries
      .select()
      .from(requests)
      .where(inArray(requests.status, ['planning', 'planned']))
    for (const row of [...recentRequests.toReversed(), ...openRequests]) this.showRequest(row)
  }

  /** Waits until everything that was begun is stored. */
  async settled(): Promise<void> {
    await this.#queue.settled()
  }

  now(): Date {
    return new Date(this.#clock.epochMs())
  }

  /** Decides and stores, alone: `work` reads the ledger, throws to refuse, and says what changes. */
  change<T>(work: (change: LedgerChange) => T | Promise<T>): Promise<T> {
    return this.#queue.run(async () => {
      const change = new LedgerChange(this)
      const result = await work(change)
      if (change.writes.length > 0) {
        await this.#database.write(async (tx) => {
          for (const write of [...change.writes, ...change.lastWrites]) await write(tx)
        })
      }
      for (const commit of change.commits) commit()
      return result
    })
  }

  room(id: string): RoomRow {
    this.#floor.room(id)
    return this.#rooms.get(id)!
  }

  requests(): RequestRow[] {
    return [...this.#requests.values()]
  }

  missions(): MissionRow[] {
    return [...this.#missions.values()]
  }

  /** @throws WARD_ERR_NOT_FOUND */
  requestAtHand(id: string): RequestRow {
    return this.#requests.get(id) ?? notFound('request', id)
  }

  missionAtHand(id: string): MissionRow {
    return this.#missions.get(id) ?? notFound('mission', id)
  }

  missionIfAtHand(id: string): MissionRow | undefined {
    return this.#missions.get(id)
  }

  /** Also old ones, from the database. @throws WARD_ERR_NOT_FOUND */
  async request(id: string): Promise<RequestRow> {
    const known = this.#requests.get(id)
    if (known !== undefined) return known
    const [row] = await this.#database.queries.select().from(requests).where(eq(requests.id, id))
    return row ?? notFound('request', id)
  }

  async mission(id: string): Promise<MissionRow> {
    const known = this.#missions.get(id)
    if (known !== undefined) return known
    const [row] = await this.#database.queries.select().from(missions).where(eq(missions.id, id))
    return row ?? notFound('mission', id)
  }

  runningInRoom(roomId: string): MissionRow | undefined {
    return this.missions().find((mission) => mission.roomId === roomId && mission.finishedAt === null)
  }

  runningOnRobot(robotId: string): MissionRow | undefined {
    return this.missions().find((mission) => mission.robotId === robotId && mission.finishedAt === null)
  }

  /** Whether a way home was sent to it that it has neither taken nor refused: its last state may still look free. */
  isSentHome(robotId: string): boolean {
    return this.missions().some((mission) => mission.robotId === robotId && mission.returnState === 'sent')
  }

  /** What the robot says now; shown at once, stored only by the caller's next change. */
  showProgress(
    id: string,
    patch: Pick<
      MissionRow,
      'isOrderConfirmed' | 'phase' | 'phaseSince' | 'progress' | 'updatedAt' | 'mayBeGassed' | 'gasSamples'
    >,
    isUrgent: boolean,
  ): void {
    this.showMission({ ...this.missionAtHand(id), ...patch }, isUrgent)
  }

  showRoom(row: RoomRow): void {
    this.#rooms.set(row.id, row)
    this.#board.put('rooms', roomView(this.#floor.room(row.id), row))
  }

  showRequest(row: RequestRow): void {
    this.#requests.set(row.id, row)
    this.#board.put('requests', requestView(row))
    this.#forgetOld(this.#requests, 'requests', ({ status }) => status !== 'planning' && status !== 'planned')
  }

  showMission(row: MissionRow, isUrgent: boolean): void {
    this.#missions.set(row.id, row)
    this.#board.put('missions', missionView(row), isUrgent)
    this.#forgetOld(
      this.#missions,
      'missions',
      ({ finishedAt, returnState, roomId, id }) =>
        finishedAt !== null &&
        returnState !== 'due' &&
        returnState !== 'sent' &&
        this.#rooms.get(roomId)?.missionId !== id,
    )
  }

  #forgetOld<Row extends { id: string }>(
    rows: Map<string, Row>,
    collection: 'requests' | 'missions',
    mayForget: (row: Row) => boolean,
  ): void {
    if (rows.size <= RECENT * 1.5) return
    for (const row of rows.values()) {
      if (rows.size <= RECENT) return
      if (!mayForget(row)) continue
      rows.delete(row.id)
      this.#board.remove(collection, row.id)
    }
  }
}

function notFound(what: string, id: string): never {
  throw wardError('WARD_ERR_NOT_FOUND', {
    what: `There is no ${what} ${JSON.stringify(id)}`,
    where: `${what}Id`,
  })
}
