import { isWardError } from '@wardlight/core/errors'
import { routeBetween } from '@wardlight/core/floor'
import { distance, type Pose2 } from '@wardlight/core/geometry'
import type { State } from '@wardlight/core/vda5050'
import { roomsOnWay } from '../domain/contamination/way.ts'
import { driveOrder, returnOrderId } from '../domain/orders.ts'
import { fatalError, isOrderDone, orderRefusal } from '../domain/robot-state.ts'
import type { MissionRow } from '../store/schema.ts'
import type { Fleet } from './fleet.ts'

/** A robot that cannot go home within this time stays: it must not set off long after anybody expects it. */
export const RETURN_WITHIN_MS = 10 * 60_000
/** This near it is at home already, metres. */
const AT_HOME_M = 0.5

/** Sends robots home after their missions, where they can go. A robot that cannot is left standing. */
export class Returns {
  readonly #fleet: Fleet

  constructor(fleet: Fleet) {
    this.#fleet = fleet
  }

  /** Looks after the ways home of one robot; called with each of its states. */
  async tend(robotId: string, state: State): Promise<void> {
    for (const mission of this.#fleet.ledger.missions()) {
      if (mission.robotId !== robotId) continue
      if (mission.returnState === 'due') await this.#send(mission, state)
      else if (mission.returnState === 'sent') await this.#follow(mission, state)
    }
  }

  async #follow(mission: MissionRow, state: State): Promise<void> {
    if (state.orderId === returnOrderId(mission.id)) return this.#settle(mission, 'done')
    const refusal = orderRefusal(state, returnOrderId(mission.id))
    if (refusal !== null) {
      this.#fleet.log.info({ missionId: mission.id, refusal }, 'The robot does not drive home')
      return this.#settle(mission, 'dropped')
    }
    return undefined
  }

  async #send(mission: MissionRow, state: State): Promise<void> {
    const { ledger, registry, commands, contaminations, traffic, log } = this.#fleet
    const { robotId } = mission
    // What does not move is at home.
    if (registry.isFixed(robotId)) return this.#settle(mission, 'done')
    const isLate = mission.returnDueUntil === null || ledger.now() > mission.returnDueUntil
    if (isLate || ledger.runningOnRobot(robotId) !== undefined) return this.#settle(mission, 'dropped')
    const canGo =
      (registry.view(robotId)?.service.state ?? 'retired') !== 'maintenance' &&
      registry.isOnline(robotId) &&
      isOrderDone(state) &&
      state.operatingMode === 'AUTOMATIC' &&
      fatalError(state.errors) === null &&
      state.safetyState.activeEmergencyStop === 'NONE' &&
      state.mobileRobotPosition?.localized === true
    if (!canGo) return undefined
    const position = state.mobileRobotPosition!
    const home = this.#homeOf(robotId, position.mapId)
    if (home === null) return this.#settle(mission, 'dropped')
    if (distance(position, home) < AT_HOME_M) return this.#settle(mission, 'done')
    try {
      const { mapId: levelId } = position
      const level = this.#fleet.floor.level(levelId)
      const way = traffic.ways.between({ ...position, levelId }, { ...home, levelId })
      const route = way === null ? routeBetween(level, position, home) : []
      const refusal = contaminations.refusal(robotId, way?.roomIds ?? roomsOnWay(level, route))
      if (refusal !== null) {
        log.info({ robotId, refusal }, 'The robot is not sent home')
        return await this.#settle(mission, 'dropped')
      }
      const orderId = returnOrderId(mission.id)
      const order =
        way === null
          ? driveOrder({ head: commands.head(state), orderId, levelId, route, destination: home })
          : traffic.begin(registry.view(robotId)!, {
              orderId,
              description: 'The way home',
              place: way.place,
              destination: { ...home, levelId },
              actions: [],
            })
      const isOurs = await ledger.change((change) => {
        if (ledger.missionAtHand(mission.id).returnState !== 'due') return false
        change.patchMission(mission.id, { returnState: 'sent', returnOrder: order })
        return true
      })
      if (!isOurs) return undefined
      await traffic.kept()
      await commands.sendOrder(order)
    } catch (error) {
      log.warn({ err: error, missionId: mission.id }, 'The robot cannot be sent home')
      if (isWardError(error) && error.code !== 'WARD_ERR_BROKER') await this.#settle(mission, 'dropped')
    }
    return undefined
  }

  /** The nearest dock to where the robot was first seen that no other robot stands in; else that place itself. */
  #homeOf(robotId: string, levelId: string): Pose2 | null {
    const { registry, floor, traffic } = this.#fleet
    const home = registry.home(robotId)
    const others = registry
      .views()
      .filter(({ id, position }) => id !== robotId && position?.levelId === levelId)
    const isFree = (pose: Pose2) =>
      others.every(({ position }) => distance(position!, pose) > AT_HOME_M) &&
      !traffic.isWanted(pose, levelId)
    const here = home?.levelId === levelId ? home : null
    const from = here ?? registry.view(robotId)?.position
    const docks = floor
      .level(levelId)
      .docks.map(({ pose }) => pose)
      .filter(isFree)
      .toSorted((a, b) => distance(a, from!) - distance(b, from!))
    return docks[0] ?? here
  }

  async #settle(mission: MissionRow, returnState: 'done' | 'dropped'): Promise<void> {
    await this.#fleet.ledger.change((change) => {
      change.patchMission(mission.id, { returnState })
    })
  }
}
