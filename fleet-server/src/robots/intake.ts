import { randomUUID } from 'node:crypto'
import { robotIdOf, ROBOT_ACTION_TYPES } from '@wardlight/core/fleet'
import { parseRobotTopic, type RobotAddress } from '@wardlight/core/vda5050'
import type { FastifyBaseLogger } from 'fastify'
import { malformedKind } from '../domain/offences.ts'
import type { LiveHub } from '../live/live-hub.ts'
import type { Contaminations } from '../services/contaminations.ts'
import type { MapDistribution } from '../services/map-distribution.ts'
import type { MissionWatch } from '../services/mission-watch.ts'
import type { PlaceSearches } from '../services/place-searches.ts'
import type { TrafficControl } from '../services/traffic-control.ts'
import type { Zones } from '../services/zones.ts'
import type { Commands } from './commands.ts'
import { readRobotMessage, type MessageProblem, type RobotMessage } from './messages.ts'
import { isRobotAddress, type RobotStore } from './robot-credentials.ts'
import type { OffenceBook } from './offence-book.ts'
import type { RobotRegistry } from './robot-registry.ts'

/** Where every word of a robot comes in. What does not follow its schema is counted, logged and dropped. */
export class Intake {
  readonly #registry: RobotRegistry
  readonly #store: RobotStore
  readonly #watch: MissionWatch
  readonly #zones: Zones
  readonly #placeSearches: PlaceSearches
  readonly #maps: MapDistribution | null
  readonly #contaminations: Contaminations
  readonly #traffic: TrafficControl
  readonly #hub: LiveHub
  readonly #offences: OffenceBook
  readonly #stateAsker: Commands | null
  readonly #log: FastifyBaseLogger
  readonly #malformed = new Map<string, number>()
  readonly #received = new Map<string, number>()

  constructor(options: {
    registry: RobotRegistry
    store: RobotStore
    watch: MissionWatch
    zones: Zones
    placeSearches: PlaceSearches
    /** `null`: robots are sent none. */
    maps: MapDistribution | null
    contaminations: Contaminations
    traffic: TrafficControl
    hub: LiveHub
    offences: OffenceBook
    /** Asks robots that are first heard for their state; `null`: they are waited for. */
    stateAsker: Commands | null
    log: FastifyBaseLogger
  }) {
    this.#registry = options.registry
    this.#store = options.store
    this.#watch = options.watch
    this.#zones = options.zones
    this.#placeSearches = options.placeSearches
    this.#maps = options.maps
    this.#contaminations = options.contaminations
    this.#traffic = options.traffic
    this.#hub = options.hub
    this.#offences = options.offences
    this.#stateAsker = options.stateAsker
    this.#log = options.log
  }

  /** Messages dropped so far, by topic. */
  get malformed(): ReadonlyMap<string, number> {
    return this.#malformed
  }

  /** Messages taken so far, by kind. */
  get received(): ReadonlyMap<string, number> {
    return this.#received
  }

  /** Never throws: nothing that a robot sends may end the server. */
  receive(topic: string, payload: Buffer): void {
    try {
      const message = readRobotMessage(topic, payload)
      if ('problem' in message) this.#drop(topic, message)
      else if (!this.#isKnown(message.address)) void this.#meet(topic, message)
      else this.#dispatch(message)
    } catch (error) {
      this.#log.error({ err: error, topic }, 'A message could not be dealt with')
    }
  }

  #dispatch(message: RobotMessage): void {
    this.#received.set(message.kind, (this.#received.get(message.kind) ?? 0) + 1)
    const robotId = robotIdOf(message.address)
    if (message.version !== null && !this.#registry.speaks(robotId, message)) return
    switch (message.kind) {
      case 'connection':
        this.#offences.connected(robotId)
        this.#registry.heardConnection(robotId, message.body)
        if (message.body.connectionState === 'ONLINE') {
          this.#watch.onOnline(robotId)
          this.#askForState(robotId)
        }
        break
      case 'factsheet':
        this.#registry.heardFactsheet(robotId, message.body)
        break
      case 'state':
        if (!this.#offences.heard(robotId, message.body)) return
        this.#registry.heardState(robotId, message.body)
        this.#see(robotId)
        this.#traffic.heard(robotId, message.body)
        this.#watch.onState(robotId, message.body)
        this.#zones.onState(robotId, message.body)
        this.#placeSearches.onState(robotId, message.body)
        this.#maps?.onState(robotId, message.body)
        break
      case 'visualization':
        this.#registry.heardVisualization(robotId, message.body)
        this.#see(robotId)
        this.#traffic.heard(robotId)
        break
      case 'mission':
        this.#watch.onStatus(robotId, message.body)
        break
      case 'peroxide':
        this.#watch.onPeroxide(robotId, message.body)
        break
      case 'scan':
        this.#hub.scan(robotId, message.body)
        break
    }
  }

  /** A robot that has long been connected says its state every half minute; who takes over needs it now. */
  #askForState(robotId: string): void {
    if (this.#stateAsker === null || this.#registry.state(robotId) !== null) return
    this.#stateAsker
      .sendInstantAction(robotId, { actionType: ROBOT_ACTION_TYPES.stateRequest, actionId: randomUUID() })
      .catch((error: unknown) =>
        this.#log.warn({ err: error, robotId }, 'A robot was not asked for its state'),
      )
  }

  #see(robotId: string): void {
    const view = this.#registry.view(robotId)
    if (view === undefined) return
    this.#contaminations.saw(view).catch((error: unknown) => {
      this.#log.error({ err: error, robotId }, 'Where a robot has been was not stored; it will say it again')
    })
  }

  #isKnown(address: RobotAddress): boolean {
    return this.#registry.has(robotIdOf(address))
  }

  /** A robot that only an outside broker let in: it becomes known with its first message. */
  async #meet(topic: string, message: RobotMessage): Promise<void> {
    const { address } = message
    if (!isRobotAddress(address)) {
      this.#drop(topic, { problem: 'this cannot name a robot', path: '' })
      return
    }
    try {
      await this.#store.add(address)
      this.#registry.add(address)
      this.#dispatch(message)
    } catch (error) {
      this.#log.error({ err: error, topic }, 'A new robot could not be taken up')
    }
  }

  #drop(topic: string, { problem, path }: MessageProblem): void {
    const parsed = parseRobotTopic(topic)
    if (parsed !== null && this.#isKnown(parsed.address)) {
      const robotId = robotIdOf(parsed.address)
      this.#offences.note(robotId, {
        kind: malformedKind(topic, path),
        detail: `${parsed.topic}: ${problem}`,
      })
      this.#registry.refresh(robotId)
    }
    const key = parsed === null ? 'unknown topic' : topic
    const count = (this.#malformed.get(key) ?? 0) + 1
    this.#malformed.set(key, count)
    // A robot that errs ten times a second must not fill the disk with it.
    if (Number.isInteger(Math.log10(count))) {
      this.#log.warn({ topic, problem, count }, 'A message was dropped that does not follow its schema')
    }
  }
}
