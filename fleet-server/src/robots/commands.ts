import { wardError } from '@wardlight/core/errors'
import {
  toWire,
  VDA5050_VERSION,
  vda5050Topic,
  type ActionParameter,
  type Order,
  type RobotAddress,
  type VdaResponse,
  type VdaZoneSet,
  type WireMessages,
} from '@wardlight/core/vda5050'
import { robotIdOf, ROBOT_ACTION_TYPES } from '@wardlight/core/fleet'
import { instantAction, missionActionIds } from '../domain/orders.ts'
import { mayBeInstructed } from '../domain/robot-state.ts'
import type { FleetBroker } from './fleet-broker.ts'
import type { OffenceBook } from './offence-book.ts'
import type { RobotRegistry } from './robot-registry.ts'

/** Says things to robots. Each method resolves when the broker has taken the message. */
export class Commands {
  readonly #broker: FleetBroker
  readonly #registry: RobotRegistry
  readonly #now: () => Date
  readonly #offences: OffenceBook
  /** Counted by topic and robot (VDA 5050 3.0, 7.2). */
  readonly #headerIds = new Map<string, number>()

  constructor(options: {
    broker: FleetBroker
    registry: RobotRegistry
    offences: OffenceBook
    now: () => Date
  }) {
    this.#broker = options.broker
    this.#registry = options.registry
    this.#offences = options.offences
    this.#now = options.now
  }

  /** For a message that is made now; its number it gets when it is sent. */
  head(address: RobotAddress) {
    return { address, timestamp: this.#now().toISOString(), headerId: 0 }
  }

  /** @throws WARD_ERR_BROKER */
  async sendOrder(order: Order): Promise<void> {
    this.#offences.sent(robotIdOf(order), order)
    await this.#send('order', order)
  }

  /** Ends the mission's order and no other; harmless when it comes twice. @throws as `sendInstantAction` */
  cancelMission(mission: { readonly id: string; readonly robotId: string }): Promise<void> {
    return this.sendInstantAction(mission.robotId, {
      actionType: ROBOT_ACTION_TYPES.cancelOrder,
      actionId: missionActionIds(mission.id).cancelOrder,
      parameters: [{ key: 'orderId', value: mission.id }],
    })
  }

  /**
   * A robot that is not connected gets no instant action: a start that arrives minutes late would be worse
   * than none. One that a person has gets only what its mode allows.
   *
   * @throws WARD_ERR_ROBOT_OFFLINE, WARD_ERR_CONFLICT, WARD_ERR_BROKER
   */
  async sendInstantAction(
    robotId: string,
    action: { actionType: string; actionId: string; parameters?: readonly ActionParameter[] },
  ): Promise<void> {
    const address = this.#registry.address(robotId)
    if (address === undefined || !this.#registry.isOnline(robotId)) throw robotOffline(robotId)
    const mode = this.#registry.state(robotId)?.operatingMode ?? 'AUTOMATIC'
    if (!mayBeInstructed(mode, action.actionType)) {
      throw wardError('WARD_ERR_CONFLICT', {
        what: `Robot ${robotId} is in mode ${mode}: a person has it, and nothing else may instruct it`,
        where: 'robot',
        remedy: 'Stop the mission, press the emergency stop, or ask the person at the robot.',
      })
    }
    await this.#send('instantActions', instantAction({ head: this.head(address), ...action }))
  }

  /** To a robot of 3.0. @throws WARD_ERR_BROKER */
  sendZoneSet(robotId: string, zoneSet: VdaZoneSet): Promise<void> {
    return this.#sendOfZones(robotId, 'zoneSet', { zoneSet })
  }

  /** To a robot of 3.0. @throws WARD_ERR_BROKER */
  sendResponse(robotId: string, response: VdaResponse): Promise<void> {
    return this.#sendOfZones(robotId, 'responses', { responses: [response] })
  }

  async #sendOfZones(robotId: string, topic: 'zoneSet' | 'responses', body: object): Promise<void> {
    const address = this.#registry.address(robotId)
    if (address === undefined) throw robotOffline(robotId)
    const wireTopic = vda5050Topic(address, topic)
    const header = { version: VDA5050_VERSION, ...address }
    await this.#broker.publish(wireTopic, JSON.stringify({ ...this.#stamp(wireTopic), ...header, ...body }))
  }

  #stamp(wireTopic: string): { headerId: number; timestamp: string } {
    const headerId = this.#headerIds.get(wireTopic) ?? 0
    this.#headerIds.set(wireTopic, headerId + 1)
    return { headerId, timestamp: this.#now().toISOString() }
  }

  /** In the words of the version that the robot speaks, under a header of this sending. */
  async #send<Topic extends 'order' | 'instantActions'>(
    topic: Topic,
    message: WireMessages[Topic],
  ): Promise<void> {
    const version = this.#registry.version(robotIdOf(message))
    const wireTopic = vda5050Topic(message, topic, version)
    const stamped = { ...message, ...this.#stamp(wireTopic) }
    await this.#broker.publish(wireTopic, JSON.stringify(toWire(version, topic, stamped)))
  }
}

export function robotOffline(robotId: string, what = 'nothing reaches it'): Error {
  return wardError('WARD_ERR_ROBOT_OFFLINE', {
    what: `Robot ${robotId} is not connected: ${what}`,
    where: 'robot',
  })
}
