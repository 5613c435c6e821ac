import {
  fromWire,
  majorOf,
  toWire,
  VDA5050_VERSION,
  vda5050Topic,
  type Action,
  type Connection,
  type Order,
  type RobotAddress,
  type State,
  type WireMessages,
} from '@wardlight/core/vda5050'
import { connectAsync, type MqttClient } from 'mqtt'
import type { CheckId, TestedVersion } from '../../scripts/src/conformance/catalogue.ts'
import type { Operator, Wish } from '../../scripts/src/conformance/operator.ts'

/** What a fleet may do wrong, with the checks that must find it. */
export const DEFECTS = {
  ordersWhoeverIsThere: ['F01', 'F34', 'F40'],
  ordersInManual: ['F30'],
  ordersBrokenRobots: ['F33'],
  pausesRobotsOfPeople: ['F32'],
  sendsHalfAnOrder: ['F50'],
  releasesBehindTheHorizon: ['F54'],
  startsElsewhere: ['F55'],
  repeatsUpdateIds: ['F58'],
  stitchesSomewhere: ['F59'],
  ordersTwice: ['F60'],
  updatesTheCancelled: ['F61'],
  reusesActionIds: ['F62'],
  neverCounts: ['F72'],
  lagsNowAndThen: ['F73'],
  retains: ['F75'],
} as const satisfies Readonly<Record<string, readonly CheckId[]>>
export type Defect = keyof typeof DEFECTS

/** To the corridor's end and back, metres; the middle is where its base ends at first. */
const LEG_M = 1

/**
 * A fleet for one robot, without a map: it sends it a metre up and back down again, and releases the second half when the
 * robot is at the end of the first. It keeps to the standard but for the defects that it is made with.
 */
export class SmallFleet implements Operator {
  readonly answerS = 5
  readonly #address: RobotAddress
  readonly #version: TestedVersion
  readonly #defects: ReadonlySet<Defect>
  #client: MqttClient | null = null
  #connection: Connection['connectionState'] = 'OFFLINE'
  #state: State | null = null
  #order: Order | null = null
  #cancelled: Order | null = null
  #number = 0
  #messages = 0
  readonly #headerIds = new Map<string, number>()

  constructor(address: RobotAddress, version: TestedVersion, defects: readonly Defect[]) {
    this.#address = address
    this.#version = version
    this.#defects = new Set(defects)
  }

  async start(url: string): Promise<void> {
    this.#client = await connectAsync(url, { protocolVersion: 4 })
    const major = majorOf(this.#version)
    this.#client.on('message', (topic, payload) => {
      let body: unknown
      try {
        body = JSON.parse(payload.toString())
      } catch {
        return
      }
      if (topic.endsWith('connection')) {
        this.#connection = fromWire(major, 'connection', body).connectionState
        return
      }
      const { powerSupply, batteryState } = body as Record<string, unknown>
      if ((powerSupply ?? batteryState ?? null) === null) return
      this.#state = fromWire(major, 'state', body)
      void this.#follow(this.#state)
    })
    await this.#client.subscribeAsync(
      (['connection', 'state'] as const).map((topic) => vda5050Topic(this.#address, topic, this.#version)),
      { qos: 1 },
    )
  }

  async stop(): Promise<void> {
    await this.#client?.endAsync(true)
  }

  async ask(wish: Wish): Promise<void> {
    const mode = this.#state?.operatingMode ?? 'AUTOMATIC'
    switch (wish) {
      case 'order':
        if (this.#mayOrder()) await this.#sendOrders()
        break
      case 'cancel':
        this.#cancelled = this.#order
        await this.#instruct('cancelOrder')
        break
      default:
        if (mode === 'AUTOMATIC' || this.#has('pausesRobotsOfPeople')) {
          await this.#instruct(wish === 'pause' ? 'startPause' : 'stopPause')
        }
    }
  }

  #has(defect: Defect): boolean {
    return this.#defects.has(defect)
  }

  #mayOrder(): boolean {
    const state = this.#state
    if (this.#connection !== 'ONLINE' && !this.#has('ordersWhoeverIsThere')) return false
    if (state === null) return this.#has('ordersWhoeverIsThere')
    const { operatingMode, errors } = state
    if (errors.some(({ errorLevel }) => errorLevel === 'FATAL')) return this.#has('ordersBrokenRobots')
    if (operatingMode === 'MANUAL') return this.#has('ordersInManual')
    return operatingMode === 'AUTOMATIC'
  }

  async #sendOrders(): Promise<void> {
    if (this.#has('sendsHalfAnOrder')) {
      const { nodes: _, ...half } = this.#newOrder()
      await this.#send('order', { ...half, nodes: 'later' } as never)
    }
    if (this.#has('startsElsewhere')) await this.#send('order', this.#newOrder(50))
    const order = this.#newOrder()
    this.#order = order
    await this.#send('order', order)
    if (this.#has('repeatsUpdateIds'))
      await this.#send('order', { ...order, edges: [...order.edges].map((e) => ({ ...e, maximumSpeed: 1 })) })
    if (this.#has('ordersTwice')) await this.#send('order', this.#newOrder())
    const cancelled = this.#cancelled
    if (cancelled !== null && this.#has('updatesTheCancelled')) {
      await this.#send('order', { ...cancelled, orderUpdateId: cancelled.orderUpdateId + 1 })
    }
  }

  /** Releases the rest where the base ends. */
  async #follow({ orderId, nodeStates }: State): Promise<void> {
    const order = this.#order
    if (order === null || orderId !== order.orderId || nodeStates[0]?.released !== false) return
    const from = order.nodes.findLastIndex(({ released }) => released)
    if (from === order.nodes.length - 1) return
    const update: Order = {
      ...order,
      orderUpdateId: order.orderUpdateId + 1,
      nodes: order.nodes.slice(from).map((node) => ({ ...node, released: true })),
      edges: order.edges.slice(from).map((edge) => ({ ...edge, released: true })),
    }
    this.#order = this.#has('stitchesSomewhere')
      ? { ...update, orderUpdateId: update.orderUpdateId + 1 }
      : update
    if (this.#has('stitchesSomewhere')) {
      const [first, ...rest] = update.nodes
      await this.#send('order', { ...update, nodes: [{ ...first!, nodeId: 'somewhere' }, ...rest] })
    }
    await this.#send('order', this.#order)
  }

  #newOrder(offM = 0): Order {
    this.#number += 1
    const orderId = `small-${this.#number}`
    const { x = 0.6, y = 1, mapId = 'L1' } = this.#state?.mobileRobotPosition ?? {}
    const beep: Action = {
      actionType: 'beep',
      actionId: this.#has('reusesActionIds') ? 'beep' : `${orderId}.beep`,
      blockingType: 'HARD',
      actionParameters: [],
    }
    const places = [x, x > 1 ? x - LEG_M : x + LEG_M, x]
    const isBehind = this.#has('releasesBehindTheHorizon') && this.#number % 2 === 0
    return {
      headerId: 0,
      timestamp: '',
      version: VDA5050_VERSION,
      ...this.#address,
      orderId,
      orderUpdateId: 0,
      orderDescription: 'Up and down',
      nodes: places.map((placeX, index) => ({
        nodeId: `${orderId}.n${index}`,
        sequenceId: 2 * index,
        released: index < 2 || isBehind,
        nodePosition: { x: placeX + offM, y, mapId },
        actions: index === 1 ? [beep] : [],
      })),
      edges: [0, 1].map((index) => ({
        edgeId: `${orderId}.e${index}`,
        sequenceId: 2 * index + 1,
        released: index === 0,
        actions: [],
      })),
    }
  }

  async #instruct(actionType: string): Promise<void> {
    this.#number += 1
    const actionParameters =
      actionType === 'cancelOrder' ? [{ key: 'orderId', value: this.#order?.orderId ?? '' }] : []
    await this.#send('instantActions', {
      headerId: 0,
      timestamp: '',
      version: VDA5050_VERSION,
      ...this.#address,
      actions: [{ actionType, actionId: `instant-${this.#number}`, blockingType: 'NONE', actionParameters }],
    })
  }

  async #send<Topic extends 'order' | 'instantActions'>(
    topic: Topic,
    message: WireMessages[Topic],
  ): Promise<void> {
    const headerId = this.#headerIds.get(topic) ?? 0
    if (!this.#has('neverCounts')) this.#headerIds.set(topic, headerId + 1)
    this.#messages += 1
    const lagMs = this.#has('lagsNowAndThen') && this.#messages % 3 === 0 ? 20_000 : 0
    const timestamp = new Date(Date.now() - lagMs).toISOString()
    const wire = toWire(this.#version, topic, { ...message, headerId, timestamp })
    await this.#client!.publishAsync(
      vda5050Topic(this.#address, topic, this.#version),
      JSON.stringify(wire),
      { qos: 0, retain: this.#has('retains') },
    )
  }
}
