import { randomUUID } from 'node:crypto'
import type { RobotView, StepPlan } from '@wardlight/core/fleet'
import { roomStandingPose, routeBetween, type Level } from '@wardlight/core/floor'
import { distance, type Point2 } from '@wardlight/core/geometry'
import type { Order } from '@wardlight/core/vda5050'
import { chooseRobot } from '../domain/allocation.ts'
import { roomsOnWay } from '../domain/contamination/way.ts'
import { initialProgress } from '../domain/mission-progress.ts'
import { missionActions, missionDescription, peroxideOrder, treatmentOrder } from '../domain/orders.ts'
import type { MissionRow, RequestRow } from '../store/schema.ts'
import type { Fleet } from './fleet.ts'
import type { LedgerChange } from './ledger.ts'
import { STANDING_CLEARANCE_M } from './requests.ts'
import type { TrafficControl } from './traffic-control.ts'

/** Makes the mission of one step of a request, and gives its order to a robot. */
export class MissionOrders {
  readonly #fleet: Fleet

  constructor(fleet: Fleet) {
    this.#fleet = fleet
  }

  /**
   * Stores the mission of a step, with the robot that can do it now.
   *
   * @throws WARD_ERR_NO_ROBOT with the reason of each robot
   */
  addMission(change: LedgerChange, request: RequestRow, stepNumber: number, now: Date): MissionRow {
    const { ledger } = this.#fleet
    const row = this.#rowFor(request, stepNumber, now)
    change.addMission(row)
    change.patchRequest(request.id, {
      steps: request.steps.map((step, index) =>
        index === stepNumber ? { ...step, missionId: row.id } : step,
      ),
      missionId: row.id,
    })
    // The way home of an earlier mission ends where a new one begins.
    for (const earlier of ledger.missions()) {
      const isOnItsWay = earlier.returnState === 'due' || earlier.returnState === 'sent'
      if (earlier.robotId === row.robotId && isOnItsWay)
        change.patchMission(earlier.id, { returnState: 'dropped' })
    }
    return row
  }

  /** Publishes the order of a stored mission; where that fails it is published again later. */
  async dispatch(mission: MissionRow): Promise<void> {
    const { registry, commands, traffic, log } = this.#fleet
    if (mission.finishedAt !== null) return
    registry.setMission(mission.robotId, mission.id)
    if (mission.isOrderConfirmed) return
    try {
      await traffic.kept()
      await commands.sendOrder(mission.order)
    } catch (error) {
      log.warn({ err: error, missionId: mission.id }, 'The order is stored and will be published again')
    }
  }

  #rowFor(request: RequestRow, stepNumber: number, now: Date): MissionRow {
    const { floor, ledger, registry, commands, contaminations, traffic, scheduledRobotId } = this.#fleet
    const step = request.steps[stepNumber]!
    const plan = step.plan!
    const { level, room } = floor.room(request.roomId)
    const standing = roomStandingPose(level, room, STANDING_CLEARANCE_M)
    const ways = new Map<string, WayToRoom>()
    const wayOf = ({ id, position, isFixed }: RobotView): WayToRoom => {
      const way = ways.get(id) ?? (isFixed ? NO_WAY : wayToRoom(traffic, level, position!, standing))
      ways.set(id, way)
      return way
    }
    const { view } = chooseRobot(
      registry.views().map((robot) => ({
        view: { ...robot, missionId: ledger.runningOnRobot(robot.id)?.id ?? null },
        isIdle: registry.isIdle(robot.id) && !ledger.isSentHome(robot.id),
        actionTypes: registry.actionTypes(robot.id),
        vaporiser: registry.vaporiser(robot.id),
        contamination: () => contaminations.refusal(robot.id, [...wayOf(robot).roomIds, room.id]),
        canChangeLevel: () => registry.hasMap(robot.id, level.id) && wayOf(robot).place !== null,
        isScheduled: robot.id === scheduledRobotId(request.id),
        distanceM: () => wayOf(robot).lengthM,
      })),
      {
        levelId: level.id,
        levelName: level.name,
        plan,
        // A step after the first may need what that robot does not have.
        robotId: stepNumber === 0 ? request.wish.robotId : null,
      },
    )
    const id = randomUUID()
    const { place, route } = wayOf(view)
    const order =
      place === null
        ? orderOf(plan, {
            head: commands.head(view),
            missionId: id,
            levelId: level.id,
            route,
            // What does not move works where it hangs.
            standing: view.isFixed ? view.position! : standing,
          })
        : traffic.begin(view, {
            orderId: id,
            description: missionDescription(room.id),
            place,
            destination: { ...standing, levelId: level.id },
            actions: missionActions(id, plan),
          })
    return {
      id,
      requestId: request.id,
      method: step.method,
      stepNumber,
      stepCount: request.steps.length,
      roomId: request.roomId,
      levelId: level.id,
      robotId: view.id,
      organismId: plan.method === 'uv' ? request.organismId : null,
      targetLog: plan.method === 'uv' ? request.targetLog : null,
      plan,
      order,
      isOrderConfirmed: false,
      phase: 'queued',
      phaseSince: now,
      progress: initialProgress(plan),
      mayBeGassed: false,
      gasSamples: [],
      handMeasurement: null,
      stopRequestedBy: null,
      stopRequestedAt: null,
      verdict: null,
      outcome: null,
      orderedAt: now,
      updatedAt: now,
      finishedAt: null,
      reportText: null,
      reportProblem: null,
      reportedAt: null,
      releasedBy: null,
      releasedAt: null,
      releaseNote: null,
      missedSurfacesWiped: null,
      returnState: 'none',
      returnOrder: null,
      returnDueUntil: null,
      protocol: request.protocol,
      confirmations: [],
      signatures: [],
    }
  }
}

function orderOf(plan: StepPlan, input: Omit<Parameters<typeof treatmentOrder>[0], 'plan'>): Order {
  return plan.method === 'uv'
    ? treatmentOrder({ ...input, plan: plan.treatment })
    : peroxideOrder({ ...input, plan: plan.cycle })
}

interface WayToRoom {
  /** Of traffic's graph; `null` where it has no way: then the robot finds its own along `route`. */
  readonly place: number | null
  readonly route: readonly Point2[]
  readonly roomIds: readonly string[]
  readonly lengthM: number
}

/** Of a robot that does not move. */
const NO_WAY: WayToRoom = { place: null, route: [], roomIds: [], lengthM: 0 }

function wayToRoom(
  { ways }: TrafficControl,
  level: Level,
  from: NonNullable<RobotView['position']>,
  standing: Point2,
): WayToRoom {
  const way = ways.between(from, { ...standing, levelId: level.id })
  if (way !== null) return { ...way, route: [] }
  const route = routeBetween(level, from, standing)
  const lengthM = route.slice(1).reduce((sum, point, index) => sum + distance(route[index]!, point), 0)
  return { place: null, route, roomIds: roomsOnWay(level, route), lengthM }
}
