import {
  surfacesOf,
  type LampModel,
  type PeroxidePlan,
  type TreatmentPlan,
} from '@wardlight/core/disinfection'
import {
  FIXED_LAMP_KEY,
  MAP_FORMAT_KEY,
  robotIdOf,
  VAPORISER_KEYS,
  type DoseReport,
  type MissionStatus,
  type PeroxideReport,
  type PeroxideStatus,
  type Verdict,
} from '@wardlight/core/fleet'
import {
  VDA5050_VERSION,
  vda5050Topic,
  wardlightTopic,
  type ActionStatus,
  type InstantActions,
  type Order,
  type State,
  type Vda5050Topic,
} from '@wardlight/core/vda5050'
import { connectAsync, type MqttClient } from 'mqtt'

const EPOCH = '2026-01-05T03:00:00.000Z'

/** A VDA 5050 robot over a real MQTT line, that says exactly what a test lets it say. */
export class ScriptedRobot {
  readonly address: { manufacturer: string; serialNumber: string }
  readonly id: string
  readonly orders: Order[] = []
  readonly instantActions: InstantActions['actions'] = []
  position = { x: 0.6, y: 1, theta: 0 }
  goesHome = true
  #client: MqttClient | null = null
  #headerId = 0
  /** The order it works on, as far as its states tell. */
  #order: Order | null = null
  #actions = new Map<string, { status: ActionStatus; result?: string }>()

  constructor(serialNumber = 'uv-01') {
    this.address = { manufacturer: 'wardlight', serialNumber }
    this.id = robotIdOf(this.address)
  }

  async connect(url: string, password?: string): Promise<void> {
    const client = await connectAsync(url, {
      protocolVersion: 4,
      reconnectPeriod: 0,
      clean: true,
      will: {
        topic: vda5050Topic(this.address, 'connection'),
        payload: JSON.stringify({ ...this.#header(), connectionState: 'CONNECTION_BROKEN' }),
        qos: 1,
        retain: true,
      },
      ...(password === undefined ? {} : { username: this.id, password }),
    })
    this.#client = client
    client.on('error', () => {})
    client.on('message', (topic, payload) => {
      const body = JSON.parse(payload.toString()) as unknown
      if (topic.endsWith('/order')) this.#hearOrder(body as Order)
      else this.instantActions.push(...(body as InstantActions).actions)
    })
    await client.subscribeAsync(
      [vda5050Topic(this.address, 'order'), vda5050Topic(this.address, 'instantActions')],
      {
        qos: 1,
      },
    )
    await this.say('connection', { connectionState: 'ONLINE' })
    await this.state()
  }

  async disconnect(): Promise<void> {
    await this.#client?.endAsync(true)
    this.#client = null
  }

  /** The line breaks without a farewell. */
  breakLine(): void {
    this.#client?.stream.destroy()
    this.#client?.end(true)
    this.#client = null
  }

  async publish(topic: string, payload: string): Promise<void> {
    await this.#client!.publishAsync(topic, payload, { qos: 1 })
  }

  say(topic: Vda5050Topic, body: object): Promise<void> {
    return this.publish(vda5050Topic(this.address, topic), JSON.stringify({ ...this.#header(), ...body }))
  }

  /** Takes the newest order, as its next states say. */
  take(order: Order): void {
    this.#order = order
    this.#actions = new Map(
      order.nodes.flatMap(({ actions }) =>
        actions.map(({ actionId }) => [actionId, { status: 'WAITING' as const }]),
      ),
    )
  }

  /** Forgets everything, as after a restart. */
  forget(): void {
    this.#order = null
    this.#actions.clear()
  }

  setAction(actionType: string, status: ActionStatus, result?: string): void {
    const action = this.#order!.nodes
      .flatMap(({ actions }) => actions)
      .find((each) => each.actionType === actionType)!
    this.#actions.set(action.actionId, { status, ...(result === undefined ? {} : { result }) })
  }

  state(patch: Partial<State> = {}): Promise<void> {
    const nodes = this.#order?.nodes ?? []
    const isDone = [...this.#actions.values()].every(
      ({ status }) => status === 'FINISHED' || status === 'FAILED',
    )
    const last = nodes.at(-1)
    const body: Omit<State, 'headerId' | 'timestamp' | 'version' | 'manufacturer' | 'serialNumber'> = {
      orderId: this.#order?.orderId ?? '',
      orderUpdateId: this.#order?.orderUpdateId ?? 0,
      lastNodeId: isDone ? (last?.nodeId ?? '') : '',
      lastNodeSequenceId: isDone ? (last?.sequenceId ?? 0) : 0,
      nodeStates: isDone
        ? []
        : nodes.map(({ nodeId, sequenceId, released }) => ({ nodeId, sequenceId, released })),
      edgeStates: [],
      mobileRobotPosition: { ...this.position, mapId: 'L1', localized: true },
      driving: false,
      distanceSinceLastNode: 0,
      actionStates: [...this.#actions].map(([actionId, { status, result }]) => ({
        actionId,
        actionStatus: status,
        ...(result === undefined ? {} : { actionResult: result }),
      })),
      instantActionStates: [],
      powerSupply: { stateOfCharge: 90, charging: false },
      operatingMode: 'AUTOMATIC',
      errors: [],
      safetyState: { activeEmergencyStop: 'NONE', fieldViolation: false },
      ...patch,
    }
    return this.say('state', body)
  }

  mission(missionId: string, patch: Partial<MissionStatus>): Promise<void> {
    const status: MissionStatus = {
      missionId,
      timestamp: EPOCH,
      phase: 'traveling',
      arming: 'locked',
      stopIndex: 0,
      stops: [],
      countdownS: null,
      remainingS: 100,
      isLampLit: false,
      blockers: [],
      interlocks: [],
      deliveredMjPerCm2: [],
      ...patch,
    }
    return this.publish(wardlightTopic(this.address, 'mission'), JSON.stringify(status))
  }

  /** Tells of a generator for vapour, as a factsheet does. */
  offerVapour(): Promise<void> {
    return this.#offer({
      mobileRobotConfiguration: {
        versions: [
          { key: VAPORISER_KEYS.method, value: 'hpv' },
          { key: VAPORISER_KEYS.maxRateGPerMin, value: '60' },
          { key: VAPORISER_KEYS.tankMl, value: '5000' },
        ],
      },
    })
  }

  /** Tells which zones it keeps to, as a factsheet does. */
  offerZones(): Promise<void> {
    return this.#offer({}, { supportedZones: ['BLOCKED', 'RELEASE', 'SPEED_LIMIT'] })
  }

  /** The same with ACTION zones, and these actions in them. */
  offerActionZones(zoneActions: readonly string[]): Promise<void> {
    const declared = (actionType: string, actionScope: string) => ({
      actionType,
      actionScopes: [actionScope],
      blockingTypes: ['NONE'],
      pauseAllowed: false,
      cancelAllowed: false,
    })
    return this.#offer(
      {
        protocolFeatures: {
          optionalParameters: [],
          mobileRobotActions: [
            declared('clearZoneActions', 'INSTANT'),
            ...zoneActions.map((actionType) => declared(actionType, 'ZONE')),
          ],
        },
      },
      { supportedZones: ['BLOCKED', 'ACTION'] },
    )
  }

  /** Tells that it can be sent maps, and zones as files, as a factsheet does. @param isOurFormat whether it reads ours */
  offerFiles(isOurFormat = true): Promise<void> {
    return this.#offer({}, { supportedZones: ['BLOCKED', 'RELEASE', 'SPEED_LIMIT'] }, 1, [
      { actionType: 'downloadMap', keys: ['mapId', ...(isOurFormat ? [MAP_FORMAT_KEY] : [])] },
      { actionType: 'enableMap', keys: ['mapId', 'mapVersion'] },
      { actionType: 'deleteMap', keys: ['mapId', 'mapVersion'] },
      { actionType: 'downloadZoneSet', keys: ['zoneSetId', 'zoneSetDownloadLink'] },
    ])
  }

  /** Tells that it hangs where it is and does not move, with this lamp, as a factsheet does. */
  offerFixed(lamp: LampModel): Promise<void> {
    return this.#offer(
      { mobileRobotConfiguration: { versions: [{ key: FIXED_LAMP_KEY, value: JSON.stringify(lamp) }] } },
      { mobileRobotKinematics: 'FIXED', localizationTypes: ['FIXED'], navigationTypes: [] },
      0,
    )
  }

  #offer(
    more: object,
    type: object = {},
    maximumSpeed = 1,
    instant: readonly { readonly actionType: string; readonly keys: readonly string[] }[] = [],
  ): Promise<void> {
    const action = (actionType: string) => ({
      actionType,
      actionScopes: ['NODE'],
      pauseAllowed: false,
      cancelAllowed: false,
    })
    return this.say('factsheet', {
      typeSpecification: {
        seriesName: 'scripted',
        mobileRobotKinematics: 'DIFFERENTIAL',
        mobileRobotClass: 'DISINFECTOR',
        maximumLoadMass: 0,
        localizationTypes: ['NATURAL'],
        navigationTypes: ['AUTONOMOUS'],
        ...type,
      },
      physicalParameters: {
        minimumSpeed: 0,
        maximumSpeed,
        maximumAcceleration: 1,
        maximumDeceleration: 1,
        minimumHeight: 1,
        maximumHeight: 1,
        width: 0.6,
        length: 0.6,
      },
      protocolLimits: {
        maximumStringLengths: {},
        maximumArrayLengths: {},
        timing: { minimumOrderInterval: 0, minimumStateInterval: 0 },
      },
      protocolFeatures: {
        optionalParameters: [],
        mobileRobotActions: [
          ...['awaitArming', 'startUvDose', 'startPeroxideCycle'].map(action),
          ...instant.map(({ actionType, keys }) => ({
            ...action(actionType),
            actionScopes: ['INSTANT'],
            actionParameters: keys.map((key) => ({ key, valueDataType: 'STRING' })),
          })),
        ],
      },
      mobileRobotGeometry: {},
      ...more,
      loadSpecification: {},
    })
  }

  peroxide(missionId: string, patch: Partial<PeroxideStatus>): Promise<void> {
    const status: PeroxideStatus = {
      missionId,
      roomId: 'room-1',
      timestamp: EPOCH,
      phase: 'traveling',
      phaseS: 0,
      countdownS: null,
      remainingS: null,
      arming: 'locked',
      isGassed: false,
      mustEvacuate: false,
      isGeneratorOn: false,
      injectedG: 0,
      dwellS: 0,
      sensors: [],
      blockers: [],
      interlocks: [],
      report: null,
      ...patch,
    }
    return this.publish(wardlightTopic(this.address, 'peroxide'), JSON.stringify(status))
  }

  scan(): Promise<void> {
    return this.publish(
      wardlightTopic(this.address, 'scan'),
      JSON.stringify({
        timestamp: EPOCH,
        levelId: 'L1',
        ...this.position,
        angleMinRad: -Math.PI,
        angleIncrementRad: Math.PI / 2,
        rangesCm: [100, 200, 0, 300],
      }),
    )
  }

  /** A way home it says to have driven at once, unless a test wants to see to that itself. */
  #hearOrder(order: Order): void {
    this.orders.push(order)
    if (this.goesHome && order.orderId.startsWith('return-')) {
      this.state({ orderId: order.orderId, nodeStates: [], actionStates: [] }).catch(() => {})
    }
  }

  get isOrdered(): boolean {
    return this.orders.length > 0
  }

  #header() {
    this.#headerId += 1
    return {
      headerId: this.#headerId,
      timestamp: new Date().toISOString(),
      version: VDA5050_VERSION,
      ...this.address,
    }
  }
}

/** The plan that an order carries. */
export function planOf(order: Order): TreatmentPlan {
  const parameters = order.nodes
    .flatMap(({ actions }) => actions)
    .find(({ actionType }) => actionType === 'startUvDose')?.actionParameters
  return parameters?.find(({ key }) => key === 'plan')?.value as unknown as TreatmentPlan
}

/** A report as a robot makes it whose cycle ran as planned and whose sensors cleared the room. */
export function peroxideReportFor(
  order: Order,
  robotId: string,
  spoil: (report: PeroxideReport) => void = () => {},
): PeroxideReport {
  const plan = order.nodes
    .flatMap(({ actions }) => actions)
    .find(({ actionType }) => actionType === 'startPeroxideCycle')!
    .actionParameters!.find(({ key }) => key === 'plan')!.value as unknown as PeroxidePlan
  const sensor = (sensorId: string) => ({
    sensorId,
    isProven: true,
    peakPpm: 480,
    ppmHours: 300,
    dwellS: plan.dwellS,
    atClearancePpm: 0.4,
  })
  const report: PeroxideReport = {
    missionId: order.orderId,
    robotId,
    roomId: plan.room.roomId,
    levelId: plan.room.levelId,
    method: plan.method,
    verdict: 'proven',
    end: 'completed',
    startedAt: EPOCH,
    finishedAt: '2026-01-05T06:00:00.000Z',
    elapsedS: 10_800,
    wasGassed: true,
    plannedH2o2G: plan.h2o2G,
    injectedG: plan.h2o2G,
    targetPpm: plan.targetPpm,
    plannedDwellS: plan.dwellS,
    dwellS: plan.dwellS,
    peakPpm: 480,
    ppmHours: 300,
    conditions: { temperatureC: 22, relativeHumidityPercent: 50 },
    sensors: [sensor('robot'), sensor('wall')],
    outside: plan.neighbours.map(({ roomId }) => ({ sensorId: `outside-${roomId}`, roomId, peakPpm: 0.3 })),
    wasEvacuated: false,
    interlocks: [],
    timeline: [
      { at: 0, phase: 'traveling' },
      { at: 100, phase: 'gassing' },
      { at: 3000, phase: 'aerating' },
      { at: 10_190, phase: 'verifying' },
      { at: 10_800, phase: 'finished' },
    ],
    arming: [],
    clearedAt: '2026-01-05T06:00:00.000Z',
  }
  spoil(report)
  return report
}

/** A report as a robot makes it that delivered what the plan predicts; `verdict` and doses can be spoiled. */
export function doseReportFor(
  order: Order,
  robotId: string,
  { verdict = 'proven', spoil }: { verdict?: Verdict; spoil?: (report: DoseReport) => void } = {},
): DoseReport {
  const plan = planOf(order)
  const target = plan.targetMjPerCm2
  const unreachable = new Set(plan.unreachable.map(({ id }) => id))
  const report: DoseReport = {
    missionId: order.orderId,
    robotId,
    roomId: plan.room.roomId,
    organismId: plan.organismId,
    targetLog: plan.targetLog,
    targetMjPerCm2: target,
    verdict,
    startedAt: EPOCH,
    finishedAt: '2026-01-05T03:10:00.000Z',
    plannedS: plan.plannedS,
    elapsedS: 600,
    lampOnS: 300,
    stops: plan.stops.map(({ x, y, theta, dwellS }) => ({
      x,
      y,
      theta,
      plannedDwellS: dwellS,
      deliveredDwellS: dwellS,
    })),
    room: plan.room as DoseReport['room'],
    surfaceSizeM: plan.surfaceSizeM,
    deliveredMjPerCm2: surfacesOf(plan.room, plan.surfaceSizeM).map(({ id }) =>
      unreachable.has(id) ? 0 : Math.ceil(target * 110) / 100,
    ),
    missed: [...plan.unreachable],
    interlocks: [],
    timeline: [{ at: 0, phase: 'traveling' }],
    arming: [],
  }
  spoil?.(report)
  return report
}
