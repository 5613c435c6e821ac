import type { Clock, TimerId } from '@wardlight/core/clock'
import type { Pose2 } from '@wardlight/core/geometry'
import { isHit } from '../perception/scan-points.ts'
import type { Disposable, LaserScan } from '@wardlight/core/ros'
import {
  fromWire,
  heardOnWire,
  majorOf,
  ResponsesSchema,
  toWire,
  vda5050Topic,
  wardlightTopic,
  WIRE_SCHEMAS,
  type RobotAddress,
  type VdaError,
  type Visualization,
  type WireMessages,
  type WireTopic,
  type WireVersion,
} from '@wardlight/core/vda5050'
import type { ScanView } from '@wardlight/core/fleet'
import { composePoses } from '@wardlight/core/geometry'
import { Compile } from 'typebox/compile'
import type { AgentLog } from '../agent-log.ts'
import { downloadFile } from '../maps/download-file.ts'
import { FileActions } from '../maps/file-actions.ts'
import { EMPTY_MAP_BOOK, mapStates } from '../maps/map-book.ts'
import type { MapKeeper } from '../maps/map-keeper.ts'
import type { VaporiserFacts } from '../missions/peroxide-actions.ts'
import type { OrderRunner } from '../missions/order-runner.ts'
import type { LampLife } from '../robot/lamp-life.ts'
import type { Odometer } from '../robot/odometer.ts'
import type { RobotReading, RobotSensors } from '../robot/ports.ts'
import type { SafetySupervisor } from '../safety/safety-supervisor.ts'
import {
  factsheetOf,
  offerOf,
  STATE_INTERVAL_S,
  VISUALIZATION_INTERVAL_S,
  type RobotGeometry,
} from './factsheet.ts'
import type { Announcer } from '../announcements/announcer.ts'
import type { ZoneKeeper } from '../zones/zone-keeper.ts'
import { readZoneSet, type ZoneOffer } from '../zones/zone-set-check.ts'
import { HeaderSource } from './headers.ts'
import { InstantActions } from './instant-actions.ts'
import { MqttUplink, type MqttAccess } from './mqtt-uplink.ts'
import { Refusals } from './refusals.ts'
import { lampErrors, positionOf, stateOf } from './robot-state.ts'

const MISSION_INTERVAL_S = 0.5
const SCAN_INTERVAL_S = 0.5
/** How often it is looked whether the hardware has something new to say. */
const LOOK_INTERVAL_S = 0.5

const VALIDATORS = {
  2: { order: Compile(WIRE_SCHEMAS[2].order), instantActions: Compile(WIRE_SCHEMAS[2].instantActions) },
  3: { order: Compile(WIRE_SCHEMAS[3].order), instantActions: Compile(WIRE_SCHEMAS[3].instantActions) },
}

const RESPONSES_VALIDATOR = Compile(ResponsesSchema)

/** So long after its start the silence of a sensor is no error: the battery speaks at 1 Hz, localisation takes a while. Nothing is lit meanwhile. */
const COMING_UP_MS = 3000

export interface FleetLinkOptions {
  readonly address: RobotAddress
  readonly access: MqttAccess
  /** What it speaks with its fleet; inside, everything is 3.0. */
  readonly version: WireVersion
  readonly geometry: RobotGeometry
  readonly vaporiser?: VaporiserFacts | null
  readonly clock: Clock
  readonly log: AgentLog
  readonly sensors: RobotSensors
  readonly orders: OrderRunner
  readonly supervisor: SafetySupervisor
  readonly zones: ZoneKeeper
  /** `null`: the robot has no screen. */
  readonly announcer: Announcer | null
  /** `null` where it has no place to keep what a fleet sends. */
  readonly maps: MapKeeper | null
  /** Where the robot is now, best estimate. */
  readonly pose: () => Pose2 | null
  /** Whether what is to be told is kept through a restart already; what is not yet goes out with the next `changed`. */
  readonly isKept: () => boolean
  /** Where the robot's own screen is served now. */
  readonly screenUrl: () => string | null
  /** Of what is no order: the robot's memory, people in its way. */
  readonly otherErrors: () => readonly VdaError[]
  readonly lamp: Pick<LampLife, 'tubes' | 'problem' | 'lamp'>
  readonly odometer: Pick<Odometer, 'drivenM'>
}

/** The robot's side of VDA 5050, with Wardlight's topics beside it: reads orders, publishes what is. */
export class FleetLink {
  readonly #options: FleetLinkOptions
  readonly #headers: HeaderSource
  readonly #uplink: MqttUplink
  readonly #files: FileActions
  readonly #instantActions: InstantActions
  readonly #offer: ZoneOffer
  readonly #timers = new Set<{ id: TimerId }>()
  #subscription: Disposable | null = null
  readonly #refusals = new Refusals()
  #speedMps = 0
  #turnRadPerS = 0
  #battery: Extract<RobotReading, { kind: 'battery' }> | null = null
  #scan: LaserScan | null = null
  #laserMount: Pose2 = { x: 0, y: 0, theta: 0 }
  #isChangePending = false
  #lastStateAtMs = -Infinity
  #lastHardware = ''
  #startedAtMs = -Infinity
  #lastMissionPhase: string | null = null
  #lastPeroxidePhase: string | null = null

  constructor(options: FleetLinkOptions) {
    const { address, access, version, clock, log, orders, supervisor } = options
    this.#options = options
    this.#headers = new HeaderSource(address, clock)
    this.#offer = offerOf(this.#body())
    this.#uplink = new MqttUplink({
      address,
      access,
      version,
      headers: this.#headers,
      log,
      onConnect: () => this.#introduce(),
      onMessage: (topic, payload) => this.#hear(topic, payload),
    })
    const { zones, maps } = options
    this.#files = new FileActions({ maps, zones, download: downloadFile, log })
    this.#instantActions = new InstantActions({
      orders,
      supervisor,
      refusals: this.#refusals,
      zones,
      announcer: options.announcer,
      files: this.#files,
      sendFactsheet: () => this.#sendFactsheet(),
      onEnd: () => this.changed(),
    })
  }

  get isConnected(): boolean {
    return this.#uplink.isConnected
  }

  start(): Promise<void> {
    this.#startedAtMs = this.#options.clock.monotonicMs()
    this.#subscription = this.#options.sensors.subscribe((reading) => this.#take(reading))
    this.#every(VISUALIZATION_INTERVAL_S, () => this.#sendVisualization())
    this.#every(SCAN_INTERVAL_S, () => this.#sendScan())
    this.#every(MISSION_INTERVAL_S, () => {
      if (this.#options.orders.mission?.report === null) this.#sendMission()
      if (this.#options.orders.peroxide?.report === null) this.#sendPeroxide()
    })
    this.#every(LOOK_INTERVAL_S, () => this.#look())
    return this.#uplink.start()
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) this.#options.clock.clearTimeout(timer.id)
    this.#timers.clear()
    this.#subscription?.dispose()
    this.#subscription = null
    await this.#files.stop()
    await this.#uplink.stop()
  }

  /** Something changed: it goes out once, when the present turn of events is over. */
  changed(): void {
    this.#instantActions.settle()
    if (this.#isChangePending) return
    this.#isChangePending = true
    queueMicrotask(() => {
      this.#isChangePending = false
      this.#sendState()
      const mission = this.#options.orders.mission
      if (mission !== null && (mission.report === null || this.#lastMissionPhase !== mission.phase)) {
        this.#sendMission()
      }
      const { peroxide } = this.#options.orders
      if (peroxide !== null && (peroxide.report === null || this.#lastPeroxidePhase !== peroxide.phase)) {
        this.#sendPeroxide()
      }
    })
  }

  #introduce(): void {
    this.#sendFactsheet()
    this.#sendState()
    this.#sendMission()
    this.#sendPeroxide()
  }

  #hear(topic: string, payload: string): void {
    const { address, orders, version, log } = this.#options
    let what = 'the message is no JSON'
    try {
      const message: unknown = JSON.parse(payload)
      what = 'the robot cannot carry it out'
      if (topic === vda5050Topic(address, 'order', version)) {
        const order = this.#read('order', message)
        const { order: held } = orders.context
        const refusal = order === null ? null : orders.take(order)
        if (refusal !== null) this.#refusals.add(refusal)
        else if (orders.context.order !== held) this.#refusals.orderAccepted()
      } else if (topic === vda5050Topic(address, 'instantActions', version)) {
        for (const action of this.#read('instantActions', message)?.actions ?? []) {
          this.#instantActions.take(action)
        }
      } else {
        this.#hearOfZones(topic, message)
      }
    } catch (error) {
      log.warn({ err: error, topic }, 'A message cannot be read.')
      this.#refusals.add(malformed(topic, what, null))
    }
    this.changed()
  }

  /** 3.0, 6.4.2 and 6.9; what has zones of a kind that the robot does not keep to is not taken at all. */
  #hearOfZones(topic: string, message: unknown): void {
    const { zones } = this.#options
    if (topic.endsWith('/responses')) {
      if (RESPONSES_VALIDATOR.Check(message)) zones.answer(message)
      else this.#refusals.add(malformed(topic, 'these are no responses', message))
      return
    }
    const read = readZoneSet(message, this.#offer)
    if (typeof read === 'string') {
      this.#refusals.add(malformed(topic, read, message))
    } else if (!zones.add(read.zoneSet)) {
      const { zoneSetId } = read.zoneSet
      this.#refusals.add({
        errorType: 'DUPLICATE_ZONE_SET',
        errorLevel: 'WARNING',
        errorDescription: `there is a zone set ${zoneSetId} already`,
        errorReferences: [{ referenceKey: 'zoneSetId', referenceValue: zoneSetId }],
      })
    }
  }

  #read<Topic extends 'order' | 'instantActions'>(topic: Topic, heard: unknown): WireMessages[Topic] | null {
    const major = majorOf(this.#options.version)
    const message = heardOnWire(major, topic, heard)
    const [problem] = VALIDATORS[major][topic].Errors(message)
    if (problem === undefined) return fromWire(major, topic, message)
    this.#refusals.add(malformed(topic, `${problem.instancePath} ${problem.message}`, message))
    return null
  }

  #take(reading: RobotReading): void {
    switch (reading.kind) {
      case 'odometry':
        this.#speedMps = reading.speedMps || 0
        this.#turnRadPerS = reading.turnRadPerS || 0
        return
      case 'battery':
        this.#battery = reading
        return
      case 'scan':
        this.#scan = reading.scan
        return
      case 'laserMount':
        this.#laserMount = reading.mount.pose
        return
      default:
        return
    }
  }

  /** Sends a state when the hardware has something new, or when the last one is old. */
  #look(): void {
    const state = this.#state()
    const hardware = JSON.stringify([
      state.driving,
      state.errors,
      state.safetyState,
      state.powerSupply.stateOfCharge,
      state.powerSupply.charging,
      state.mobileRobotPosition?.localized,
    ])
    const isOld = this.#options.clock.monotonicMs() - this.#lastStateAtMs >= STATE_INTERVAL_S * 1000
    if (hardware === this.#lastHardware && !isOld) return
    this.#lastHardware = hardware
    this.#sendState()
  }

  #state() {
    const { orders, supervisor, clock, pose, lamp, zones, maps, geometry, odometer } = this.#options
    return stateOf({
      header: { headerId: 0, timestamp: '', version: '', manufacturer: '', serialNumber: '' },
      levelId: orders.levelId,
      maps: maps?.states ?? mapStates(EMPTY_MAP_BOOK, orders.mapIds),
      order: orders.context,
      undelivered: orders.undelivered.map(({ state }) => state),
      isWaitingForBase: orders.isWaitingForBase,
      instantActionStates: this.#instantActions.states,
      supervisor: supervisor.state,
      nowMs: clock.monotonicMs(),
      pose: pose(),
      speedMps: this.#speedMps,
      turnRadPerS: this.#turnRadPerS,
      battery: this.#battery,
      errors: [
        ...this.#refusals.errors,
        ...this.#options.otherErrors(),
        ...lampErrors(lamp.problem),
        ...zones.errors,
        ...(maps?.errors ?? []),
        ...(orders.peroxide?.errors ?? []),
        ...(orders.errand?.errors ?? []),
      ],
      screenUrl: this.#options.screenUrl(),
      tubes: lamp.tubes,
      drivenM: geometry.fixed === undefined ? odometer.drivenM : null,
      isComingUp: clock.monotonicMs() - this.#startedAtMs < COMING_UP_MS,
      zoneSets: zones.zoneSets,
      zoneRequests: zones.requests,
      zoneActionStates: zones.actionStates,
      notes: [
        ...(orders.mission?.notes ?? []),
        ...(orders.peroxide?.notes ?? []),
        ...(orders.errand?.notes ?? []),
      ],
      operatingMode: orders.isDrivenByHand ? 'INTERVENED' : 'AUTOMATIC',
    })
  }

  #sendState(): void {
    const { clock, orders, isKept } = this.#options
    if (!this.isConnected || !isKept()) return
    this.#lastStateAtMs = clock.monotonicMs()
    const state = { ...this.#state(), ...this.#headers.next('state') }
    const evidence = new Set(orders.undelivered.map(({ state: { actionId } }) => actionId))
    // At least once: it may carry the evidence of a mission.
    this.#say('state', state, 1, false, () => orders.delivered(evidence))
  }

  #sendFactsheet(): void {
    if (!this.isConnected) return
    const header = this.#headers.next('factsheet')
    this.#say('factsheet', factsheetOf(header, this.#body(), this.#options.lamp.lamp), 1, true)
  }

  #body() {
    const { geometry, vaporiser = null, announcer, maps } = this.#options
    return { geometry, vaporiser, hasScreen: announcer !== null, keepsMaps: maps !== null }
  }

  #sendVisualization(): void {
    if (!this.isConnected) return
    const { orders, supervisor, pose } = this.#options
    const position = positionOf(pose(), orders.levelId, supervisor.state)
    const message: Visualization = {
      ...this.#headers.next('visualization'),
      referenceStateHeaderId: this.#headers.last('state'),
      ...(position === null ? {} : { mobileRobotPosition: position }),
      velocity: { vx: this.#speedMps, vy: 0, omega: this.#turnRadPerS },
    }
    this.#say('visualization', message, 0)
  }

  #say<Topic extends WireTopic>(
    topic: Topic,
    message: WireMessages[Topic],
    qos: 0 | 1,
    retain = false,
    onAcknowledged?: () => void,
  ): void {
    const { address, version } = this.#options
    const payload = toWire(version, topic, message)
    this.#uplink.publish(vda5050Topic(address, topic, version), payload, qos, retain, onAcknowledged)
  }

  #sendMission(): void {
    const { orders, address, isKept } = this.#options
    if (!this.isConnected || orders.mission === null || !isKept()) return
    this.#lastMissionPhase = orders.mission.phase
    this.#uplink.publish(wardlightTopic(address, 'mission'), orders.mission.status(), 1)
  }

  #sendPeroxide(): void {
    const { orders, address } = this.#options
    if (!this.isConnected || orders.peroxide === null) return
    this.#lastPeroxidePhase = orders.peroxide.phase
    this.#uplink.publish(wardlightTopic(address, 'peroxide'), orders.peroxide.status(), 1)
  }

  #sendScan(): void {
    const { address, orders, clock, pose } = this.#options
    const base = pose()
    const scan = this.#scan
    if (!this.isConnected || base === null || scan === null) return
    const message: ScanView = {
      timestamp: new Date(clock.epochMs()).toISOString(),
      levelId: orders.levelId,
      ...composePoses(base, this.#laserMount),
      angleMinRad: scan.angle_min,
      angleIncrementRad: scan.angle_increment,
      rangesCm: scan.ranges.map((range) => (isHit(scan, range) ? Math.round(range * 100) : 0)),
    }
    this.#uplink.publish(wardlightTopic(address, 'scan'), message, 0)
  }

  #every(intervalS: number, callback: () => void): void {
    const { clock, log } = this.#options
    const timer: { id: TimerId } = { id: null }
    const beat = () => {
      timer.id = clock.setTimeout(beat, intervalS * 1000)
      try {
        callback()
      } catch (error) {
        log.error({ err: error }, 'Publishing failed.')
      }
    }
    timer.id = clock.setTimeout(beat, intervalS * 1000)
    this.#timers.add(timer)
  }
}

function malformed(what: string, errorDescription: string, message: unknown): VdaError {
  const { orderId, orderUpdateId, zoneSet } = (message ?? {}) as {
    orderId?: unknown
    orderUpdateId?: unknown
    zoneSet?: { zoneSetId?: unknown } | null
  }
  const zoneSetId = zoneSet?.zoneSetId
  return {
    errorType: 'VALIDATION_FAILURE',
    errorLevel: 'WARNING',
    errorDescription: `${what}: ${errorDescription}`,
    errorReferences: [
      ...(typeof orderId === 'string' ? [{ referenceKey: 'orderId', referenceValue: orderId }] : []),
      ...(typeof orderUpdateId === 'number'
        ? [{ referenceKey: 'orderUpdateId', referenceValue: String(orderUpdateId) }]
        : []),
      ...(typeof zoneSetId === 'string' ? [{ referenceKey: 'zoneSetId', referenceValue: zoneSetId }] : []),
    ],
  }
}
