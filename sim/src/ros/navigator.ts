import {
  distance,
  distanceToSegment,
  intersectSegments,
  normalizeAngle,
  transformPoint,
  type Point2,
  type Pose2,
} from '@wardlight/core/geometry'
import {
  NO_SPEED_LIMIT,
  pose2Of,
  rosHeader,
  rosPose,
  type RosActions,
  type ServerGoal,
  type SpeedLimit,
} from '@wardlight/core/ros'
import type { DoorBank } from '../world/doors.ts'
import type { LevelScene } from '../world/level-scene.ts'
import { LIDAR_ANGLE_MIN_RAD, LIDAR_INCREMENT_RAD, type Circle } from '../world/lidar.ts'
import type { Robot } from '../world/robot.ts'
import { LOCALISATION_MARGIN_M, type Costmap } from './costmap.ts'
import { PathFollower, pointAlong } from './path-follower.ts'
import { NAV2_ERRORS, planPath } from './path-planner.ts'

type NavigateToPose = RosActions['nav2_msgs/action/NavigateToPose']
type Goal = ServerGoal<NavigateToPose['feedback'], NavigateToPose['result']>

/** A robot that gets no further for so long gives its goal up, as Nav2's progress checker does. */
export const STUCK_MS = 20_000
/** Something in the way gets this long to go away before another way is looked for. */
const PATIENCE_MS = 4000
/** The way must have been clear for so long before it goes on: else it would creep up on people. */
const CLEAR_MS = 400
/** A door on the way is asked to open when this near, metres along the way. */
const DOOR_AHEAD_M = 2.2
/** A leaf this much farther from the goal than the robot's edge is in its way; more would open doors of rooms it works in. */
const DOORWAY_MARGIN_M = 0.03
/** Room to people beyond touching, metres. */
const PERSON_MARGIN_M = 0.2
/** As often as Nav2 looks whether its way is still free. */
const REPLAN_MS = 1000
/** A hit nearer to a wall, or to a door, belongs to it, metres. */
const UNKNOWN_M = 0.15
const BACK_UP_MS = 1200
const BACK_UP_MPS = 0.12

/** What the navigation gets to know of the world around one robot. */
export interface NavigationScene {
  costmap(levelId: string, radiusM: number): Costmap
  scene(levelId: string): LevelScene
  readonly doors: DoorBank
  /** People and other robots on a level, as bodies. */
  bodies(levelId: string, exceptRobotId: string): readonly Circle[]
}

interface Crossing {
  readonly door: number
  readonly alongM: number
}

interface Work {
  readonly handle: Goal
  readonly target: Pose2
  follower: PathFollower | null
  crossings: Crossing[]
  recoveries: number
  progressPose: Pose2
  progressMs: number
  /** When it was first kept from moving on since it last got further. */
  blockedSinceMs: number | null
  lastBlockedMs: number
  blockedBy: string
  /** What was in the way on this errand and is on no map: seen by the lidar, or touched. */
  known: Point2[]
  backUpUntilMs: number
  replannedMs: number
}

/**
 * Nav2's NavigateToPose as this robot offers it: A* on the level's inflated map, pure pursuit, and a
 * stop before whatever stands in the way. It waits for people and goes on; what does not go away it
 * plans around as the lidar saw it. It steers by the localisation's estimate, as a real one must.
 */
export class Navigator {
  readonly #robot: Robot
  readonly #scene: NavigationScene
  #limitMps = Infinity
  #work: Work | null = null
  #pending: { handle: Goal; target: Pose2 } | null = null
  /** The last scan in the map frame: what planning around obstacles goes by. */
  #seen: Point2[] = []
  #lastUnknown: { readonly seen: Point2[]; readonly costmap: Costmap; readonly points: Point2[] } | null =
    null

  constructor(robot: Robot, scene: NavigationScene) {
    this.#robot = robot
    this.#scene = scene
  }

  /** From now on and for later goals, as Nav2's controllers keep it: m/s or per cent of the greatest speed, 0 for no limit. */
  limitSpeed({ percentage, speed_limit: limit }: SpeedLimit): void {
    const { speedMps } = this.#robot.body.limits
    this.#limitMps = limit === NO_SPEED_LIMIT ? speedMps : percentage ? (speedMps * limit) / 100 : limit
  }

  /** A new goal takes the place of the one before, which ends as aborted, as in Nav2. */
  execute(goal: NavigateToPose['goal'], handle: Goal): void {
    this.#pending?.handle.abort({ error_code: 0, error_msg: 'a newer goal took its place' })
    this.#end((old) => old.abort({ error_code: 0, error_msg: 'a newer goal took its place' }))
    this.#pending = { handle, target: pose2Of(goal.pose.pose) }
  }

  cancel(handle: Goal): void {
    if (this.#pending?.handle === handle) {
      this.#pending = null
      handle.canceled({ error_code: 0, error_msg: '' })
    } else if (this.#work?.handle === handle) {
      this.#end((goal) => goal.canceled({ error_code: 0, error_msg: '' }))
    }
  }

  /** Takes in a scan that was made at the estimated `pose`. */
  look(pose: Pose2, ranges: readonly number[]): void {
    this.#seen = []
    for (let beam = 0; beam < ranges.length; beam += 2) {
      const range = ranges[beam]!
      if (range > 4) continue
      const angle = LIDAR_ANGLE_MIN_RAD + beam * LIDAR_INCREMENT_RAD
      this.#seen.push(transformPoint(pose, { x: range * Math.cos(angle), y: range * Math.sin(angle) }))
    }
  }

  /** One cycle of control, at 20 Hz. */
  control(nowMs: number): void {
    if (this.#pending !== null) this.#begin(nowMs)
    const work = this.#work
    if (work === null || work.follower === null) return
    const pose = this.#robot.estimate
    this.#noteProgress(work, pose, nowMs)
    if (nowMs - work.progressMs > STUCK_MS) {
      this.#fail(NAV2_ERRORS.failedToMakeProgress, `stuck for ${STUCK_MS / 1000} s: ${work.blockedBy}`)
      return
    }
    if (nowMs < work.backUpUntilMs) {
      this.#robot.commandFromNavigation(-BACK_UP_MPS, 0)
      return
    }
    if (nowMs - work.replannedMs > REPLAN_MS && this.#isWayTaken(work))
      this.#findAnotherWay(work, pose, nowMs)
    const command = work.follower.follow(pose)
    this.#openDoors(work, nowMs)
    if (command.isThere) {
      this.#robot.commandFromNavigation(0, 0)
      if (this.#robot.body.speedMps === 0 && Math.abs(this.#robot.body.turnRateRadps) < 0.02) {
        this.#end((goal) => goal.succeed({ error_code: 0, error_msg: '' }))
      }
      return
    }
    if (this.#robot.body.isTouching && command.speedMps > 0) {
      this.#backOff(work, pose, nowMs)
      return
    }
    const obstacle = command.speedMps > 0 ? this.#obstacle(work, pose) : null
    if (obstacle !== null) {
      work.blockedBy = obstacle
      work.lastBlockedMs = nowMs
      work.blockedSinceMs ??= nowMs
    }
    if (command.speedMps > 0 && nowMs - work.lastBlockedMs < CLEAR_MS) {
      this.#robot.commandFromNavigation(0, 0)
      const isImpatient = nowMs - (work.blockedSinceMs ?? nowMs) > PATIENCE_MS
      if (isImpatient && nowMs - work.replannedMs > PATIENCE_MS) this.#findAnotherWay(work, pose, nowMs)
      return
    }
    // The curve stays the same: the turn slows with the drive.
    const share = command.speedMps > this.#limitMps ? this.#limitMps / command.speedMps : 1
    this.#robot.commandFromNavigation(share * command.speedMps, share * command.turnRateRadps)
  }

  /** What a client hears ten times a second. */
  publishFeedback(epochMs: number): void {
    const work = this.#work
    if (work === null || work.follower === null) return
    work.handle.publishFeedback({
      current_pose: { header: rosHeader(epochMs, 'map'), pose: rosPose(this.#robot.estimate) },
      distance_remaining: work.follower.remainingM,
      number_of_recoveries: work.recoveries,
    })
  }

  #begin(nowMs: number): void {
    const { handle, target } = this.#pending!
    this.#pending = null
    const pose = this.#robot.estimate
    const work: Work = {
      handle,
      target,
      follower: null,
      crossings: [],
      recoveries: 0,
      progressPose: pose,
      progressMs: nowMs,
      blockedSinceMs: null,
      lastBlockedMs: -Infinity,
      known: [],
      blockedBy: 'no progress',
      backUpUntilMs: -Infinity,
      replannedMs: nowMs,
    }
    this.#work = work
    // Around what is seen there now; where that leaves no way, it may have gone until the robot is there.
    const costmap = this.#scene.costmap(this.#robot.levelId, this.#robot.radiusM)
    const failure =
      this.#plan(work, pose, this.#unknown(costmap)) === null ? null : this.#plan(work, pose, [])
    if (failure !== null) this.#fail(failure.errorCode, failure.reason)
  }

  #plan(work: Work, pose: Pose2, seen: readonly Point2[]): { errorCode: number; reason: string } | null {
    const costmap = this.#scene.costmap(this.#robot.levelId, this.#robot.radiusM)
    costmap.setSeen(seen)
    // A turn on the spot needs no way: the robot may stand where no path would lead it.
    if (distance(pose, work.target) < 0.03) {
      work.follower = new PathFollower([pose], work.target.theta, this.#robot.body.limits)
      work.crossings = []
      return null
    }
    const result = planPath(costmap, pose, work.target)
    if ('errorCode' in result) return result
    work.follower = new PathFollower(result.path, work.target.theta, this.#robot.body.limits)
    work.crossings = this.#crossingsOf(work.follower)
    return null
  }

  #crossingsOf({ track }: PathFollower): Crossing[] {
    const { level } = this.#scene.scene(this.#robot.levelId)
    const crossings: Crossing[] = []
    for (let leg = 0; leg + 1 < track.points.length; leg += 1) {
      const a = track.points[leg]!
      const b = track.points[leg + 1]!
      for (const door of level.doors) {
        const along = intersectSegments({ a, b }, door)
        if (along === null) continue
        const lengthM = track.startsM[leg + 1]! - track.startsM[leg]!
        crossings.push({
          door: this.#scene.doors.indexOf(door.id),
          alongM: track.startsM[leg]! + along * lengthM,
        })
      }
    }
    // A goal in a doorway crosses no door, and yet a shut leaf would keep the robot from it.
    const end = track.points.at(-1)!
    for (const door of level.doors) {
      if (distanceToSegment(end, door) > this.#robot.body.radiusM + DOORWAY_MARGIN_M) continue
      const index = this.#scene.doors.indexOf(door.id)
      if (crossings.some((crossing) => crossing.door === index)) continue
      crossings.push({ door: index, alongM: track.startsM.at(-1)! })
    }
    return crossings
  }

  #openDoors({ crossings, follower }: Work, nowMs: number): void {
    for (const { door, alongM } of crossings) {
      const ahead = alongM - follower!.alongM
      if (ahead > -0.6 && ahead < DOOR_AHEAD_M) this.#scene.doors.request(door, nowMs)
    }
  }

  /** What stands in the way within the distance that stopping takes, for people; `null` when nothing does. */
  #obstacle({ follower, crossings }: Work, estimate: Pose2): string | null {
    const { body, levelId, id } = this.#robot
    const { track, alongM } = follower!
    for (const { door, alongM: at } of crossings) {
      const ahead = at - alongM
      if (ahead > 0 && ahead < body.radiusM + 0.35 && this.#scene.doors.openness(door) < 1) {
        return `${this.#scene.doors.door(door).name} is shut`
      }
    }
    const solid = this.#scene.scene(levelId).bodies
    const others = this.#robot.isNavigationBlind ? [] : this.#scene.bodies(levelId, id)
    const truth = body.pose
    const nowClearM = solid.clearance(truth.x, truth.y, body.radiusM + 0.05)
    const reachM = 0.35 + (body.speedMps * body.speedMps) / (2 * body.limits.brakingMps2)
    for (let ahead = 0.1; ahead <= reachM + 0.05; ahead += 0.1) {
      const planned = pointAlong(track, alongM + ahead)
      const x = planned.x + truth.x - estimate.x
      const y = planned.y + truth.y - estimate.y
      for (const other of others) {
        const gap = Math.hypot(other.x - x, other.y - y)
        const before = Math.hypot(other.x - truth.x, other.y - truth.y)
        if (gap < other.radiusM + body.radiusM + PERSON_MARGIN_M && gap < before)
          return 'someone stands in the way'
      }
      if (ahead > 0.35) continue
      const clearM = solid.clearance(x, y, body.radiusM + 0.05)
      // Localisation errs by centimetres: only what is well inside counts, contact stops the rest.
      if (clearM < body.radiusM - 0.05 && clearM < nowClearM) return 'something stands in the way'
    }
    return null
  }

  /** It has touched something: away from it, and another way that keeps clear of the place. */
  #backOff(work: Work, pose: Pose2, nowMs: number): void {
    work.blockedBy = 'the robot touched something'
    work.backUpUntilMs = nowMs + BACK_UP_MS
    work.known.push(transformPoint(pose, { x: this.#robot.radiusM + 0.05, y: 0 }))
    this.#robot.commandFromNavigation(-BACK_UP_MPS, 0)
    this.#findAnotherWay(work, pose, nowMs)
  }

  #findAnotherWay(work: Work, pose: Pose2, nowMs: number): void {
    work.replannedMs = nowMs
    const costmap = this.#scene.costmap(this.#robot.levelId, this.#robot.radiusM)
    const unknown = this.#unknown(costmap)
    if (!work.blockedBy.endsWith('is shut')) work.known.push(...unknown)
    const before = { follower: work.follower, crossings: work.crossings }
    // What was seen earlier may have walked away: then what is seen now is enough.
    if (this.#plan(work, pose, work.known) !== null && this.#plan(work, pose, unknown) !== null) {
      Object.assign(work, before)
      return
    }
    work.recoveries += 1
  }

  /** Whether a thing stands on the way ahead, or so near to it that the robot would touch it. People are waited for. */
  #isWayTaken({ follower }: Work): boolean {
    const { levelId, id, body } = this.#robot
    const { track, alongM } = follower!
    const reachM = body.radiusM + LOCALISATION_MARGIN_M
    const others = this.#scene.bodies(levelId, id)
    const ahead = Array.from({ length: 15 }, (_, step) => pointAlong(track, alongM + 0.1 * (step + 1)))
    return this.#unknown(this.#scene.costmap(levelId, body.radiusM)).some(
      (point) =>
        ahead.some((place) => distance(place, point) < reachM) &&
        others.every((other) => distance(other, point) > other.radiusM + PERSON_MARGIN_M),
    )
  }

  /** What the last scan shows and no map has. A shut door is seen too, but it opens: waiting is the way. */
  #unknown(costmap: Costmap): Point2[] {
    // Asked at every step of control, and new with every scan or level only.
    if (this.#lastUnknown?.seen === this.#seen && this.#lastUnknown.costmap === costmap) {
      return this.#lastUnknown.points
    }
    const { doors } = this.#scene.scene(this.#robot.levelId).level
    const points = this.#seen.filter(
      (point) =>
        costmap.distanceAt(point) > UNKNOWN_M &&
        doors.every((door) => distanceToSegment(point, door) > UNKNOWN_M),
    )
    this.#lastUnknown = { seen: this.#seen, costmap, points }
    return points
  }

  #noteProgress(work: Work, pose: Pose2, nowMs: number): void {
    if (
      distance(pose, work.progressPose) < 0.12 &&
      Math.abs(normalizeAngle(pose.theta - work.progressPose.theta)) < 0.25
    ) {
      return
    }
    work.progressPose = pose
    work.progressMs = nowMs
    work.blockedSinceMs = null
  }

  #fail(errorCode: number, reason: string): void {
    this.#end((goal) => goal.abort({ error_code: errorCode, error_msg: reason }))
  }

  #end(how: (handle: Goal) => void): void {
    const work = this.#work
    if (work === null) return
    this.#work = null
    this.#robot.commandFromNavigation(0, 0)
    how(work.handle)
  }
}
