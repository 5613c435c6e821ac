import {
  fromWire,
  heardOnWire,
  majorOf,
  ResponsesSchema,
  toWire,
  VDA5050_VERSION,
  vda5050Topic,
  WIRE_SCHEMAS,
  type Connection,
  type Factsheet,
  type InstantActions,
  type Order,
  type RobotAddress,
  type State,
  type WireMessages,
  type WireTopic,
} from '@wardlight/core/vda5050'
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt'
import { Value } from 'typebox/value'
import type { TestedVersion } from './catalogue.ts'
import type { Heard } from './heard.ts'
import type { HeardOrder } from './judge-orders.ts'
import { AnyZoneSetSchema, type ZoneWord } from './judge-zones.ts'
import type { Body, VirtualVehicle } from './virtual-vehicle.ts'

/** What a fleet says to robots. */
const COMMANDS = ['order', 'instantActions'] as const
/** And in 3.0 beside. */
const ZONE_TOPICS = ['zoneSet', 'responses'] as const
const STEP_MS = 100
const VISUALIZATION_MS = 500
/** The longest between two states, milliseconds; the standard allows 30 s, but fleets act on states. */
const STATE_MS = 1000

export interface VirtualRobotOptions {
  readonly broker: string
  readonly username?: string | undefined
  readonly password?: string | undefined
  readonly address: RobotAddress
  readonly version: TestedVersion
  readonly vehicle: VirtualVehicle
  readonly factsheet: Body<Factsheet>
}

/**
 * The vehicle on the wire. Two clients of the broker: one is the robot, comes and goes, and has the last will; the other
 * listens all the time to what the fleet says to the robot, so that nothing said to a robot that is away is missed.
 */
export class VirtualRobot {
  readonly heard: Heard[] = []
  /** Valid ones, as 3.0 has them, with what the robot was doing when they came. */
  readonly orders: HeardOrder[] = []
  readonly instantActions: (InstantActions['actions'][number] & { readonly atMs: number })[] = []
  /** As they came, on their topics; requests are those of that moment and before. */
  readonly zoneWords: ZoneWord[] = []
  readonly #requestIds = new Set<string>()
  readonly #options: VirtualRobotOptions
  readonly #headerIds = new Map<WireTopic, number>()
  #ear: MqttClient | null = null
  #line: MqttClient | null = null
  #timer: NodeJS.Timeout | null = null
  #saidState = ''
  #saidStateMs = 0
  #saidVisualizationMs = 0
  /** What is done to states before they go out: a fleet must bear less and more than it likes. */
  spoilState: (state: object) => object = (state) => state
  spoilFactsheet: (factsheet: object) => object = (factsheet) => factsheet

  constructor(options: VirtualRobotOptions) {
    this.#options = options
  }

  get isConnected(): boolean {
    return this.#line !== null
  }

  /** Begins to listen. @throws what mqtt.js throws when there is no broker */
  async listen(): Promise<void> {
    this.#ear = await this.#client('-ear')
    this.#ear.on('message', (topic, payload, { qos, retain }) => {
      const last = topic.split('/').at(-1)!
      if (last === 'zoneSet' || last === 'responses') this.#hearOfZones(last, payload.toString('utf8'))
      else this.#hear(last as WireTopic, payload.toString('utf8'), qos, retain)
    })
    await this.#ear.subscribeAsync(
      [
        ...this.#commandTopics(),
        ...(this.#options.version === '3.0'
          ? ZONE_TOPICS.map((topic) => vda5050Topic(this.#options.address, topic))
          : []),
      ],
      { qos: 2 },
    )
    this.#timer = setInterval(() => this.#live(), STEP_MS)
  }

  async connect(): Promise<void> {
    const will = {
      topic: this.#topic('connection'),
      payload: Buffer.from(this.#text('connection', { connectionState: 'CONNECTION_BROKEN' })),
      qos: 1 as const,
      retain: true,
    }
    const line = await this.#client('', will)
    line.on('message', (topic, payload, { qos, retain }) => {
      // What was said before this moment comes here only when the broker keeps it.
      if (retain) this.#note(topic.split('/').at(-1) as WireTopic, payload.toString('utf8'), qos, true)
    })
    await line.subscribeAsync(this.#commandTopics(), { qos: 1 })
    this.#line = line
    await this.sayConnection('ONLINE')
    await this.sayFactsheet()
    await this.sayState()
  }

  /** Says farewell and goes. */
  async leave(): Promise<void> {
    if (this.#line === null) return
    await this.sayConnection('OFFLINE')
    const line = this.#line
    this.#line = null
    await line.endAsync()
  }

  /** The line breaks: no farewell, the broker says the last will. */
  async breakLine(): Promise<void> {
    const line = this.#line
    if (line === null) return
    this.#line = null
    const closed = new Promise((resolve) => line.once('close', () => resolve(null)))
    line.stream.destroy()
    await closed
    line.end(true)
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer)
    await this.leave()
    await this.#ear?.endAsync(true)
    this.#ear = null
  }

  async sayConnection(connectionState: Connection['connectionState']): Promise<void> {
    await this.#say('connection', { connectionState }, { qos: 1, retain: true })
  }

  async sayFactsheet(): Promise<void> {
    await this.#say('factsheet', this.#options.factsheet, { qos: 0, retain: true }, this.spoilFactsheet)
  }

  async sayState(): Promise<void> {
    const body = this.#options.vehicle.state()
    this.#saidState = JSON.stringify({ ...body, mobileRobotPosition: null })
    this.#saidStateMs = Date.now()
    await this.#say('state', body, { qos: 0, retain: false }, this.spoilState)
  }

  /** Whatever it is, on the topic of states. */
  async sayStateText(text: string): Promise<void> {
    await this.#line?.publishAsync(this.#topic('state'), text, { qos: 0 })
  }

  #live(): void {
    const { vehicle } = this.#options
    vehicle.step(STEP_MS / 1000)
    if (this.#line === null) return
    const state = JSON.stringify({ ...vehicle.state(), mobileRobotPosition: null })
    const nowMs = Date.now()
    // A line that breaks this moment loses the message, as lines do.
    if (state !== this.#saidState || nowMs - this.#saidStateMs > STATE_MS) this.sayState().catch(() => {})
    if (nowMs - this.#saidVisualizationMs < VISUALIZATION_MS) return
    this.#saidVisualizationMs = nowMs
    const body = { referenceStateHeaderId: 0, mobileRobotPosition: vehicle.position }
    this.#say('visualization', body, { qos: 0, retain: false }).catch(() => {})
  }

  #note(topic: WireTopic, text: string, qos: number, retain: boolean): Heard {
    let body: unknown
    try {
      body = JSON.parse(text)
    } catch {
      body = undefined
    }
    const heard = { topic, text, body, atMs: Date.now(), qos, retain }
    this.heard.push(heard)
    return heard
  }

  #hear(topic: WireTopic, text: string, qos: number, retain: boolean): void {
    const { body, atMs } = this.#note(topic, text, qos, retain)
    const major = majorOf(this.#options.version)
    const read = heardOnWire(major, topic, body)
    if (retain || !Value.Check(WIRE_SCHEMAS[major][topic], read)) return
    if (topic === 'order') this.#takeOrder(fromWire(major, 'order', read), atMs)
    else for (const action of fromWire(major, 'instantActions', read).actions) this.#act(action, atMs)
  }

  /** @returns the id of the request */
  askFor(zoneSetId: string, zoneId: string): string {
    const requestId = `conformance-${Date.now().toString(36)}-${this.#requestIds.size}`
    this.#requestIds.add(requestId)
    this.#options.vehicle.zones.askFor({ requestId, zoneSetId, zoneId })
    return requestId
  }

  #hearOfZones(topic: ZoneWord['topic'], text: string): void {
    let body: unknown
    try {
      body = JSON.parse(text)
    } catch {
      body = undefined
    }
    this.zoneWords.push({ topic, body, atMs: Date.now(), requestIds: new Set(this.#requestIds) })
    if (!this.isConnected) return
    const { vehicle } = this.#options
    if (topic === 'zoneSet' && Value.Check(AnyZoneSetSchema, body)) vehicle.zones.take(body.zoneSet)
    if (topic === 'responses' && Value.Check(ResponsesSchema, body)) {
      for (const response of body.responses) vehicle.zones.answer(response)
    }
  }

  #takeOrder(order: Order, atMs: number): void {
    const { vehicle } = this.#options
    const { position, isIdle, lastNodeId, order: held } = vehicle
    const situation = { position, isIdle, lastNodeId, heldOrderId: held?.orderId ?? '' }
    const taken = this.isConnected ? vehicle.take(order) : 'missed'
    this.orders.push({ order, atMs, situation, taken })
  }

  #act(action: InstantActions['actions'][number], atMs: number): void {
    this.instantActions.push({ ...action, atMs })
    if (!this.isConnected) return
    if (this.#options.vehicle.instantly(action) === 'factsheet') this.sayFactsheet().catch(() => {})
    if (action.actionType === 'stateRequest') this.sayState().catch(() => {})
  }

  async #say<Topic extends 'state' | 'connection' | 'factsheet' | 'visualization'>(
    topic: Topic,
    body: Body<WireMessages[Topic]>,
    { qos, retain }: { readonly qos: 0 | 1; readonly retain: boolean },
    spoil: (message: object) => object = (message) => message,
  ): Promise<void> {
    await this.#line?.publishAsync(this.#topic(topic), this.#text(topic, body, spoil), { qos, retain })
  }

  #text<Topic extends WireTopic>(
    topic: Topic,
    body: Body<WireMessages[Topic]>,
    spoil: (message: object) => object = (message) => message,
  ): string {
    const headerId = this.#headerIds.get(topic) ?? 0
    this.#headerIds.set(topic, headerId + 1)
    const header = {
      headerId,
      timestamp: new Date().toISOString(),
      version: VDA5050_VERSION,
      ...this.#options.address,
    }
    const message = { ...header, ...body } as unknown as WireMessages[Topic]
    return JSON.stringify(spoil(toWire(this.#options.version, topic, message)))
  }

  #topic(topic: WireTopic): string {
    return vda5050Topic(this.#options.address, topic, this.#options.version)
  }

  #commandTopics(): string[] {
    return COMMANDS.map((topic) => this.#topic(topic))
  }

  async #client(suffix: string, will?: NonNullable<IClientOptions['will']>): Promise<MqttClient> {
    const { broker, username, password, address } = this.#options
    const { manufacturer, serialNumber } = address
    const client = await connectAsync(
      broker,
      {
        clientId: `${manufacturer}.${serialNumber}${suffix}`,
        protocolVersion: 4,
        clean: true,
        reconnectPeriod: 0,
        ...(username === undefined ? {} : { username }),
        ...(password === undefined ? {} : { password }),
        ...(will === undefined ? {} : { will }),
      },
      false,
    )
    return client.on('error', () => {})
  }
}

/** Only what a state must have, in either version, and where the robot is: a fleet that plans ways needs that. */
export function barestState(state: object): object {
  const kept = new Set([
    'headerId',
    'timestamp',
    'version',
    'manufacturer',
    'serialNumber',
    'orderId',
    'orderUpdateId',
    'lastNodeId',
    'lastNodeSequenceId',
    'nodeStates',
    'edgeStates',
    'driving',
    'actionStates',
    'instantActionStates',
    'powerSupply',
    'batteryState',
    'operatingMode',
    'errors',
    'safetyState',
    'mobileRobotPosition',
    'agvPosition',
  ])
  return Object.fromEntries(
    Object.entries(state).flatMap(([key, value]) => {
      if (!kept.has(key)) return []
      return key.endsWith('ctionStates') ? [[key, (value as object[]).map(barestAction)]] : [[key, value]]
    }),
  )
}

function barestAction(state: object): object {
  const { actionId, actionStatus } = state as State['actionStates'][number]
  return { actionId, actionStatus }
}

/** With fields that no version has, on every level. */
export function richerMessage(message: object): object {
  const enrich = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(enrich)
    if (typeof value !== 'object' || value === null) return value
    const entries = Object.entries(value).map(([key, inner]) => [key, enrich(inner)] as const)
    return { ...Object.fromEntries(entries), vendorExtension: { by: 'conformance kit', list: [1, null] } }
  }
  return enrich(message) as object
}
