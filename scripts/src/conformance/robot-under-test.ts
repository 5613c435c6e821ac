import {
  fromWire,
  majorOf,
  toWire,
  VDA5050_VERSION,
  vda5050Topic,
  WIRE_SCHEMAS,
  type Action,
  type ActionParameter,
  type ActionState,
  type Order,
  type RobotAddress,
  type State,
  type Vda5050Topic,
  type VdaResponse,
  type VdaZoneSet,
  type WireTopic,
} from '@wardlight/core/vda5050'
import { connectAsync, type MqttClient } from 'mqtt'
import { Value } from 'typebox/value'
import type { TestedVersion } from './catalogue.ts'
import type { Heard } from './heard.ts'
import { until, wait } from './waiting.ts'

const SPOKEN: readonly WireTopic[] = ['connection', 'factsheet', 'state', 'visualization']

/** The fleet's end of the wire, with a memory of everything that the robot said. Inside it speaks 3.0. */
export class RobotUnderTest {
  readonly address: RobotAddress
  readonly version: TestedVersion
  readonly heard: Heard[] = []
  /** Valid states, newest last, as 3.0 has them. */
  readonly states: State[] = []
  readonly #sentInstantIds = new Set<string>()
  readonly #headerIds = new Map<Vda5050Topic, number>()
  #client: MqttClient | null = null
  #number = 0
  readonly #run = Date.now().toString(36)

  constructor(address: RobotAddress, version: TestedVersion) {
    this.address = address
    this.version = version
  }

  /** @throws what mqtt.js throws when there is no broker */
  async connect(url: string, credentials: { username?: string; password?: string }): Promise<void> {
    this.#client = await connectAsync(url, { ...credentials, protocolVersion: 4, clean: true }, false)
    this.#client.on('error', () => {})
    this.#client.on('message', (topic, payload, { qos, retain }) => {
      const last = topic.split('/').at(-1) as WireTopic
      this.#hear({ topic: last, text: payload.toString('utf8'), atMs: Date.now(), qos, retain })
    })
    await this.#client.subscribeAsync(
      SPOKEN.map((topic) => vda5050Topic(this.address, topic, this.version)),
      { qos: 2 },
    )
  }

  async disconnect(): Promise<void> {
    await this.#client?.endAsync(true)
    this.#client = null
  }

  get state(): State | null {
    return this.states.at(-1) ?? null
  }

  /** An id that no run used before. */
  id(what: string): string {
    this.#number += 1
    return `conformance-${this.#run}-${what}-${this.#number}`
  }

  /** @throws CheckFailed, saying what did not come */
  until(condition: () => boolean, withinS: number, what: string): Promise<void> {
    return until(condition, withinS, what)
  }

  wait(seconds: number): Promise<void> {
    return wait(seconds)
  }

  async sendOrder(
    order: Omit<Order, 'headerId' | 'timestamp' | 'version' | keyof RobotAddress>,
  ): Promise<void> {
    await this.#publish('order', toWire(this.version, 'order', { ...this.#header('order'), ...order }))
  }

  /** Whatever it is, on the topic of orders. */
  async sendOrderText(text: string): Promise<void> {
    await this.#publishText('order', text)
  }

  /** A header as the version has it, for messages that our model cannot say. */
  rawHeader(topic: 'order' | 'instantActions'): object {
    const {
      orderId: _,
      orderUpdateId: __,
      nodes: ___,
      edges: ____,
      ...header
    } = toWire(this.version, 'order', {
      ...this.#header(topic),
      orderId: 'x',
      orderUpdateId: 0,
      nodes: [],
      edges: [],
    }) as Order
    return header
  }

  /** @returns the id of the action */
  async sendInstantAction(
    actionType: string,
    actionParameters: readonly ActionParameter[] = [],
  ): Promise<string> {
    const actionId = this.id(actionType)
    this.#sentInstantIds.add(actionId)
    const message = {
      ...this.#header('instantActions'),
      actions: [
        { actionType, actionId, blockingType: 'NONE' as const, actionParameters: [...actionParameters] },
      ],
    }
    await this.#publish('instantActions', toWire(this.version, 'instantActions', message))
    return actionId
  }

  async sendZoneSet(zoneSet: VdaZoneSet): Promise<void> {
    await this.#publishText('zoneSet', JSON.stringify({ ...this.#header('zoneSet'), zoneSet }))
  }

  async sendResponse(response: VdaResponse): Promise<void> {
    const message = { ...this.#header('responses'), responses: [response] }
    await this.#publishText('responses', JSON.stringify(message))
  }

  instantActionState(actionId: string): ActionState | undefined {
    return this.state?.instantActionStates.find((action) => action.actionId === actionId)
  }

  actionState(actionId: string): ActionState | undefined {
    return this.state?.actionStates.find((action) => action.actionId === actionId)
  }

  #header(topic: Vda5050Topic) {
    const headerId = this.#headerIds.get(topic) ?? 0
    this.#headerIds.set(topic, headerId + 1)
    return { headerId, timestamp: new Date().toISOString(), version: VDA5050_VERSION, ...this.address }
  }

  async #publish(topic: WireTopic, message: object): Promise<void> {
    await this.#publishText(topic, JSON.stringify(message))
  }

  async #publishText(topic: Vda5050Topic, text: string): Promise<void> {
    await this.#client!.publishAsync(vda5050Topic(this.address, topic, this.version), text, { qos: 1 })
  }

  #hear(message: Omit<Heard, 'body'>): void {
    let body: unknown
    try {
      body = JSON.parse(message.text)
    } catch {
      body = undefined
    }
    this.heard.push({ ...message, body })
    const major = majorOf(this.version)
    if (message.topic !== 'state' || !Value.Check(WIRE_SCHEMAS[major].state, body)) return
    this.states.push(fromWire(major, 'state', body, ({ actionId }) => this.#sentInstantIds.has(actionId)))
  }
}

export function nodeAction(
  actionType: string,
  actionId: string,
  blockingType: Action['blockingType'],
): Action {
  return { actionType, actionId, blockingType, actionParameters: [] }
}
