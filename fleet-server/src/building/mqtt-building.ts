import {
  BUILDING_TOPICS,
  DOOR_MODE,
  DoorStateMessageSchema,
  LIFT_DOOR,
  LIFT_MODE,
  LIFT_REQUEST,
  LIFT_STOPPED,
  LiftStateMessageSchema,
  type DoorRequestMessage,
  type DoorStateMessage,
  type LiftRequestMessage,
  type LiftStateMessage,
} from '@wardlight/core/building'
import type { Clock } from '@wardlight/core/clock'
import type { FloorPlan } from '@wardlight/core/floor'
import type { FastifyBaseLogger } from 'fastify'
import type { MqttClient } from 'mqtt'
import { Compile } from 'typebox/compile'
import { connectToBroker } from '../connect-to-broker.ts'
import type { Building, DoorState, LiftState } from './building.ts'

/** What was heard longer ago says nothing; Open-RMF's adapters say their states once a second. Proposed. */
const STALE_MS = 10_000
/** A request that is still meant is said again so often; Open-RMF's adapters repeat theirs, too. */
const REPEAT_MS = 1000

const isLiftState = Compile(LiftStateMessageSchema)
const isDoorState = Compile(DoorStateMessageSchema)

interface Heard<State> {
  readonly state: State
  readonly atMs: number
}

interface Said {
  readonly text: string
  readonly atMs: number
}

/**
 * Doors and lifts that are reached over MQTT with Open-RMF's messages: by a bridge from its ROS topics, or by whoever
 * speaks for the lifts. Names are the plan's: ids or names of lifts, doors and levels, as an Open-RMF building file has
 * them. What was not heard for a while counts as unknown, and robots wait.
 */
export class MqttBuilding implements Building {
  readonly liftIds: ReadonlySet<string>
  readonly doorIds: ReadonlySet<string>
  readonly #url: string
  readonly #clock: Clock
  readonly #log: FastifyBaseLogger
  readonly #nameOfLift: ReadonlyMap<string, string>
  readonly #nameOfDoor: ReadonlyMap<string, string>
  readonly #nameOfLevel: ReadonlyMap<string, string>
  readonly #idOfLift: ReadonlyMap<string, string>
  readonly #idOfDoor: ReadonlyMap<string, string>
  readonly #idOfLevel: ReadonlyMap<string, string>
  readonly #lifts = new Map<string, Heard<LiftState>>()
  readonly #doors = new Map<string, Heard<DoorState>>()
  readonly #said = new Map<string, Said>()
  /** Sessions that were given back, by lift: said again until the lift has heard it. */
  readonly #givenBack = new Map<string, string>()
  readonly #wondered = new Set<string>()
  #client: MqttClient | null = null

  /** @param doorIds those that stay shut until they are asked */
  constructor(options: {
    readonly url: string
    readonly plan: FloorPlan
    readonly doorIds: readonly string[]
    readonly clock: Clock
    readonly log: FastifyBaseLogger
  }) {
    const { plan, doorIds } = options
    this.#url = options.url
    this.#clock = options.clock
    this.#log = options.log
    const doors = plan.levels.flatMap((level) => level.doors).filter(({ id }) => doorIds.includes(id))
    this.liftIds = new Set(plan.lifts.map(({ id }) => id))
    this.doorIds = new Set(doors.map(({ id }) => id))
    this.#nameOfLift = namesById(plan.lifts)
    this.#nameOfDoor = namesById(doors)
    this.#nameOfLevel = namesById(plan.levels)
    this.#idOfLift = idsByName(plan.lifts)
    this.#idOfDoor = idsByName(doors)
    this.#idOfLevel = idsByName(plan.levels)
  }

  /** @throws WARD_ERR_BROKER when the broker cannot be reached, or does not take us */
  async start(): Promise<void> {
    // It reconnects and subscribes again by itself; what is stale meanwhile keeps robots waiting.
    this.#client = await connectToBroker(
      this.#url,
      { reconnectPeriod: 1000 },
      { name: 'The broker of doors and lifts' },
    )
    this.#client.on('message', (topic, payload) => this.#hear(topic, payload.toString('utf8')))
    await this.#client.subscribeAsync([BUILDING_TOPICS.liftStates, BUILDING_TOPICS.doorStates], { qos: 1 })
  }

  async stop(): Promise<void> {
    this.#client?.removeAllListeners('message')
    await this.#client?.endAsync(true)
    this.#client = null
  }

  liftState(liftId: string): LiftState | null {
    return this.#fresh(this.#lifts.get(liftId))
  }

  requestLift(liftId: string, sessionId: string, levelId: string): void {
    this.#givenBack.delete(liftId)
    this.#sayLift(liftId, sessionId, LIFT_REQUEST.agv, levelId)
  }

  releaseLift(liftId: string, sessionId: string): void {
    this.#givenBack.set(liftId, sessionId)
    const levelId = this.#lifts.get(liftId)?.state.levelId ?? ''
    this.#sayLift(liftId, sessionId, LIFT_REQUEST.endSession, levelId)
  }

  doorState(doorId: string): DoorState | null {
    return this.#fresh(this.#doors.get(doorId))
  }

  requestDoor(doorId: string, sessionId: string): void {
    this.#sayDoor(doorId, sessionId, DOOR_MODE.open)
  }

  releaseDoor(doorId: string, sessionId: string): void {
    this.#sayDoor(doorId, sessionId, DOOR_MODE.closed)
  }

  #fresh<State>(heard: Heard<State> | undefined): State | null {
    return heard !== undefined && this.#clock.monotonicMs() - heard.atMs <= STALE_MS ? heard.state : null
  }

  #hear(topic: string, text: string): void {
    const message = parsed(text)
    if (topic === BUILDING_TOPICS.liftStates && isLiftState.Check(message)) this.#hearLift(message)
    else if (topic === BUILDING_TOPICS.doorStates && isDoorState.Check(message)) this.#hearDoor(message)
    else this.#wonder(topic, 'A message of the building does not follow its schema')
  }

  #hearLift(message: LiftStateMessage): void {
    const id = this.#idOfLift.get(message.lift_name)
    if (id === undefined) return this.#wonder(message.lift_name, 'The plan has no such lift')
    const levelId = this.#idOfLevel.get(message.current_floor)
    if (levelId === undefined) return this.#wonder(message.current_floor, 'The plan has no such level')
    const sessionId = message.session_id === '' ? null : message.session_id
    const state: LiftState = {
      levelId,
      doors:
        message.door_state === LIFT_DOOR.open
          ? 'open'
          : message.door_state === LIFT_DOOR.closed
            ? 'closed'
            : 'moving',
      isMoving: message.motion_state !== LIFT_STOPPED,
      mode:
        message.current_mode === LIFT_MODE.agv
          ? 'agv'
          : message.current_mode === LIFT_MODE.human
            ? 'human'
            : 'outOfService',
      sessionId,
    }
    this.#lifts.set(id, { state, atMs: this.#clock.monotonicMs() })
    const givenBack = this.#givenBack.get(id)
    if (givenBack === undefined) return
    if (sessionId === givenBack) this.#sayLift(id, givenBack, LIFT_REQUEST.endSession, levelId)
    else this.#givenBack.delete(id)
  }

  #hearDoor({ door_name: name, current_mode: { value } }: DoorStateMessage): void {
    const id = this.#idOfDoor.get(name)
    // Most of a building's doors are none of ours.
    if (id === undefined) return
    const state = value === DOOR_MODE.open ? 'open' : value === DOOR_MODE.closed ? 'closed' : 'moving'
    this.#doors.set(id, { state, atMs: this.#clock.monotonicMs() })
  }

  #sayLift(liftId: string, sessionId: string, requestType: number, levelId: string): void {
    const message: Omit<LiftRequestMessage, 'request_time'> = {
      lift_name: this.#nameOfLift.get(liftId)!,
      session_id: sessionId,
      request_type: requestType,
      destination_floor: this.#nameOfLevel.get(levelId) ?? '',
      door_state: LIFT_DOOR.open,
    }
    this.#say(BUILDING_TOPICS.liftRequests, liftId, message, requestType === LIFT_REQUEST.endSession)
  }

  #sayDoor(doorId: string, sessionId: string, mode: number): void {
    const message: Omit<DoorRequestMessage, 'request_time'> = {
      door_name: this.#nameOfDoor.get(doorId)!,
      requester_id: sessionId,
      requested_mode: { value: mode },
    }
    this.#say(BUILDING_TOPICS.doorRequests, doorId, message, mode === DOOR_MODE.closed)
  }

  /**
   * At once what is new, again in its time what is not. While the line is down nothing is asked, and what is given back
   * waits for it.
   */
  #say(topic: string, id: string, message: object, isGivenBack: boolean): void {
    const key = `${topic} ${id}`
    const text = JSON.stringify(message)
    const nowMs = this.#clock.monotonicMs()
    const before = this.#said.get(key)
    if (before?.text === text && nowMs - before.atMs < REPEAT_MS) return
    this.#said.set(key, { text, atMs: nowMs })
    if (this.#client === null || (!this.#client.connected && !isGivenBack)) return
    const epochMs = this.#clock.epochMs()
    const request_time = { sec: Math.floor(epochMs / 1000), nanosec: 1e6 * Math.floor(epochMs % 1000) }
    this.#client
      .publishAsync(topic, JSON.stringify({ ...message, request_time }), { qos: 1 })
      .catch((error: unknown) => this.#log.warn({ err: error, topic, id }, 'A door or lift was not asked'))
  }

  /** Once for each: what is wrong there is wrong once a second. */
  #wonder(what: string, words: string): void {
    if (this.#wondered.has(what)) return
    this.#wondered.add(what)
    this.#log.warn({ what }, words)
  }
}

function namesById(all: readonly { readonly id: string; readonly name: string }[]): Map<string, string> {
  return new Map(all.map(({ id, name }) => [id, name]))
}

/** Ids win over names. */
function idsByName(all: readonly { readonly id: string; readonly name: string }[]): Map<string, string> {
  return new Map([
    ...all.map(({ id, name }): [string, string] => [name, id]),
    ...all.map(({ id }): [string, string] => [id, id]),
  ])
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
