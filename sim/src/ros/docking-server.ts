import { dockStagingPose, type Dock } from '@wardlight/core/floor'
import { distance, inversePose, composePoses, type Pose2 } from '@wardlight/core/geometry'
import { DOCKING_ERRORS, pose2Of, type RosActions, type ServerGoal } from '@wardlight/core/ros'
import type { Robot } from '../world/robot.ts'

type DockRobot = RosActions['nav2_msgs/action/DockRobot']
type UndockRobot = RosActions['nav2_msgs/action/UndockRobot']
type DockGoal = ServerGoal<DockRobot['feedback'], DockRobot['result']>
type UndockGoal = ServerGoal<UndockRobot['feedback'], UndockRobot['result']>

/** As Nav2's docking server has them by default. */
const WAIT_FOR_CHARGE_MS = 5000
const MAX_RETRIES = 3
const APPROACH_MS = 30_000
/** A dock farther away than this is not detected, metres. */
const DETECTION_M = 1.5
/** Slow, so that a touch harms nobody (proposed). */
const DOCKING_MPS = 0.15
/** In the dock, and at the staging pose, metres. */
const REACHED_M = 0.02
/** Beside its dock by more than this a robot does not reach the contacts, metres. */
const MISSED_M = 0.1
/** Of `DockRobot.Feedback`. */
const STATES = { controlling: 3, waitingForCharge: 4, retrying: 5 } as const

interface DockWork {
  readonly kind: 'dock'
  readonly goal: DockGoal
  readonly dock: Pose2
  readonly beganMs: number
  phase: 'approach' | 'wait' | 'reset'
  phaseMs: number
  retries: number
}

interface UndockWork {
  readonly kind: 'undock'
  readonly goal: UndockGoal
  readonly to: Pose2
  readonly untilMs: number
}

/**
 * Nav2's docking server as this robot offers it, for docks that it reverses into. A robot sees its dock from near, so
 * that it steers by where it truly is against it.
 */
export class DockingServer {
  readonly #robot: Robot
  readonly #docks: () => readonly Dock[]
  readonly #isFree: (at: Pose2) => boolean
  #work: DockWork | UndockWork | null = null

  /** @param isFree whether the robot could stand there, people and robots apart */
  constructor(robot: Robot, docks: () => readonly Dock[], isFree: (at: Pose2) => boolean) {
    this.#robot = robot
    this.#docks = docks
    this.#isFree = isFree
  }

  dock(goal: DockRobot['goal'], handle: DockGoal, nowMs: number): void {
    this.#displace()
    const dock = goal.use_dock_id
      ? this.#docks().find(({ id }) => id === goal.dock_id)?.pose
      : pose2Of(goal.dock_pose.pose)
    if (dock === undefined) {
      handle.abort(failed(DOCKING_ERRORS.dockNotInDatabase, 0, `no dock is named ${goal.dock_id}`))
    } else if (distance(this.#robot.body.pose, dock) > DETECTION_M) {
      handle.abort(failed(DOCKING_ERRORS.failedToDetectDock, 0, 'no dock is seen from here'))
    } else {
      const phase = 'approach'
      this.#work = { kind: 'dock', goal: handle, dock, beganMs: nowMs, phase, phaseMs: nowMs, retries: 0 }
    }
  }

  undock({ max_undocking_time }: UndockRobot['goal'], handle: UndockGoal, nowMs: number): void {
    this.#displace()
    const { pose } = this.#robot.body
    const to = dockStagingPose({ pose })
    // A charger that has a wall before it is a plate on the floor: there is nothing to come out of.
    if (!this.#isFree(to)) {
      handle.succeed({ success: true, error_code: DOCKING_ERRORS.none, error_msg: '' })
      return
    }
    const untilMs = nowMs + 1000 * max_undocking_time
    this.#work = { kind: 'undock', goal: handle, to, untilMs }
  }

  cancel(handle: DockGoal | UndockGoal): void {
    const work = this.#work
    if (work === null || work.goal !== handle) return
    this.#work = null
    this.#robot.commandFromNavigation(0, 0)
    const { none } = DOCKING_ERRORS
    if (work.kind === 'dock') work.goal.canceled(failed(none, work.retries, 'canceled'))
    else work.goal.canceled({ success: false, error_code: none, error_msg: 'canceled' })
  }

  /** One cycle of control, at 20 Hz. */
  control(nowMs: number): void {
    const work = this.#work
    if (work === null) return
    if (work.kind === 'dock') this.#dock(work, nowMs)
    else this.#undock(work, nowMs)
  }

  #dock(work: DockWork, nowMs: number): void {
    const { battery, body } = this.#robot
    const at = composePoses(inversePose(work.dock), body.pose)
    const enter = (phase: DockWork['phase']) => {
      work.phase = phase
      work.phaseMs = nowMs
      this.#robot.commandFromNavigation(0, 0)
    }
    const retry = (errorCode: number, why: string) => {
      if (work.retries >= MAX_RETRIES) this.#abort(work, errorCode, why)
      else {
        work.retries += 1
        enter('reset')
      }
    }
    const state = { approach: STATES.controlling, wait: STATES.waitingForCharge, reset: STATES.retrying }
    const elapsedMs = nowMs - work.beganMs
    work.goal.publishFeedback({
      state: state[work.phase],
      docking_time: { sec: Math.floor(elapsedMs / 1000), nanosec: (elapsedMs % 1000) * 1e6 },
      num_retries: work.retries,
    })
    const isLate = nowMs - work.phaseMs > APPROACH_MS
    switch (work.phase) {
      case 'approach':
        if (isLate) retry(DOCKING_ERRORS.failedToControl, 'the dock was not reached in time')
        else if (at.x > REACHED_M && !body.isTouching) this.#steer(at, -1)
        else if (Math.abs(at.y) > MISSED_M) retry(DOCKING_ERRORS.failedToControl, 'beside the dock')
        else enter('wait')
        return
      case 'wait':
        if (battery.isOnCharger) {
          this.#work = null
          work.goal.succeed({
            success: true,
            error_code: DOCKING_ERRORS.none,
            num_retries: work.retries,
            error_msg: '',
          })
        } else if (nowMs - work.phaseMs > WAIT_FOR_CHARGE_MS) {
          retry(DOCKING_ERRORS.failedToCharge, 'no current flows')
        }
        return
      case 'reset': {
        const outM = composePoses(inversePose(work.dock), dockStagingPose({ pose: work.dock })).x
        if (isLate) this.#abort(work, DOCKING_ERRORS.failedToControl, 'it does not come out of the dock')
        else if (at.x < outM - REACHED_M) this.#steer(at, 1)
        else enter('approach')
      }
    }
  }

  #undock(work: UndockWork, nowMs: number): void {
    const at = composePoses(inversePose(work.to), this.#robot.body.pose)
    if (nowMs > work.untilMs) {
      this.#work = null
      this.#robot.commandFromNavigation(0, 0)
      const error_code = DOCKING_ERRORS.failedToControl
      work.goal.abort({ success: false, error_code, error_msg: 'it does not come out of the dock' })
    } else if (at.x < -REACHED_M) {
      this.#steer(at, 1)
    } else {
      this.#robot.commandFromNavigation(0, 0)
      if (this.#robot.body.speedMps !== 0) return
      this.#work = null
      work.goal.succeed({ success: true, error_code: DOCKING_ERRORS.none, error_msg: '' })
    }
  }

  /** Along the x axis of the dock; @param way 1 out of it, -1 into it. */
  #steer({ y, theta }: Pose2, way: 1 | -1): void {
    const wanted = Math.max(-0.4, Math.min(0.4, -way * 1.5 * y))
    this.#robot.commandFromNavigation(way * DOCKING_MPS, 2 * (wanted - theta))
  }

  #abort(work: DockWork, errorCode: number, why: string): void {
    this.#work = null
    this.#robot.commandFromNavigation(0, 0)
    work.goal.abort(failed(errorCode, work.retries, why))
  }

  /** A newer goal takes the place of the one before. */
  #displace(): void {
    const work = this.#work
    if (work === null) return
    this.#work = null
    this.#robot.commandFromNavigation(0, 0)
    const { unknown } = DOCKING_ERRORS
    const why = 'a newer goal took its place'
    if (work.kind === 'dock') work.goal.abort(failed(unknown, work.retries, why))
    else work.goal.abort({ success: false, error_code: unknown, error_msg: why })
  }
}

function failed(errorCode: number, retries: number, message: string): DockRobot['result'] {
  return { success: false, error_code: errorCode, num_retries: retries, error_msg: message }
}
