import type { Clock } from '@wardlight/core/clock'
import {
  DOCKING_ERRORS,
  ROBOT_ACTIONS,
  rosHeader,
  rosPose,
  type GoalHandle,
  type GoalStatus,
  type RosGraph,
} from '@wardlight/core/ros'
import type { DockingEnd, RobotDocking } from '../robot/ports.ts'

/** Nav2's own default for coming out of a dock, seconds. */
const UNDOCKING_S = 30

/** Nav2's docking server. Ends are judged by the goal's status: an aborted goal may come with error code 0. */
export function createRosDocking(graph: RosGraph, clock: Clock): RobotDocking {
  const dockRobot = graph.createActionClient('nav2_msgs/action/DockRobot', ROBOT_ACTIONS.dockRobot)
  const undockRobot = graph.createActionClient('nav2_msgs/action/UndockRobot', ROBOT_ACTIONS.undockRobot)
  let goal: GoalHandle | null = null
  return {
    dock({ dockId, pose }, onEnd) {
      goal?.cancel()
      goal = dockRobot.sendGoal(
        {
          use_dock_id: pose === null,
          dock_id: dockId,
          dock_pose: {
            header: rosHeader(clock.epochMs(), 'map'),
            pose: rosPose(pose ?? { x: 0, y: 0, theta: 0 }),
          },
          dock_type: '',
          max_staging_time: 1000,
          // The order has driven there; a second way to drive would be one that the agent does not watch.
          navigate_to_staging_pose: false,
        },
        { onResult: (status, result) => onEnd(dockingEnd(status, result)) },
      )
    },
    undock(onEnd) {
      goal?.cancel()
      goal = undockRobot.sendGoal(
        { dock_type: '', max_undocking_time: UNDOCKING_S },
        {
          onResult: (status, result) => {
            const isOut = status === 'succeeded' && result?.success === true
            if (status === 'unavailable') onEnd('noDockingServer')
            else onEnd(isOut ? 'arrived' : status === 'canceled' ? 'canceled' : 'failed')
          },
        },
      )
    },
    cancel: () => goal?.cancel(),
  }
}

function dockingEnd(
  status: GoalStatus,
  result: { readonly success: boolean; readonly error_code: number; readonly error_msg: string } | null,
): DockingEnd {
  if (status === 'canceled') return { end: 'canceled' }
  if (status === 'unavailable' || status === 'rejected' || result === null) {
    return { end: 'failed', problem: 'noDockingServer', detail: `the docking server says ${status}` }
  }
  if (status === 'succeeded' && result.success) return { end: 'docked' }
  const detail = result.error_msg === '' ? `error ${result.error_code}` : result.error_msg
  switch (result.error_code) {
    case DOCKING_ERRORS.failedToCharge:
      return { end: 'failed', problem: 'doesNotCharge', detail }
    case DOCKING_ERRORS.dockNotInDatabase:
    case DOCKING_ERRORS.dockNotValid:
    case DOCKING_ERRORS.failedToDetectDock:
      return { end: 'failed', problem: 'dockNotFound', detail }
    default:
      return { end: 'failed', problem: 'outOfReach', detail }
  }
}
