import { wardError } from '@wardlight/core/errors'
import { vda5050Topic, type ActionParameter, type Order, type RobotAddress } from '@wardlight/core/vda5050'
import { ROBOT_ACTION_TYPES } from '@wardlight/core/fleet'
import { instantAction, missionActionIds } from '../domain/orders.ts'
import type { FleetBroker } from './fleet-broker.ts'
import type { RobotRegistry } from './robot-registry.ts'

/** Says things to robots. Each method resolves when the broker has taken the message. */
export class Commands {
  readonly #broker: FleetBroker
  readonly #registry: RobotRegistry
  readonly #now: () => Date
  #headerId = 0

  constructor(broker: FleetBroker, registry: RobotRegistry, now: () => Date) {
    this.#broker = broker
    this.#registry = registry
    this.#now = now
  }

  head(address: RobotAddress) {
    return { address, timestamp: this.#now().toISOString(), headerId: ++this.#headerId }
  }

  /** @throws WARD_ERR_BROKER */
  async sendOrder(order: Order): Promise<void> {
    await this.#broker.publish(vda5050Topic(order, 'order'), JSON.stringify(order))
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
   * than none.
   *
   * @throws WARD_ERR_ROBOT_OFFLINE, WARD_ERR_BROKER
   */
  async sendInstantAction(
    robotId: string,
    action: { actionType: string; actionId: string; parameters?: readonly ActionParameter[] },
  ): Promise<void> {
    const address = this.#registry.address(robotId)
    if (address === undefined || !this.#registry.isOnline(robotId)) throw robotOffline(robotId)
    const message = instantAction({ head: this.head(address), ...action })
    await this.#broker.publish(vda5050Topic(address, 'instantActions'), JSON.stringify(message))
  }
}

export function robotOffline(robotId: string, what = 'nothing reaches it'): Error {
  return wardError('WARD_ERR_ROBOT_OFFLINE', {
    what: `Robot ${robotId} is not connected: ${what}`,
    where: 'robot',
  })
}
