import type { Clock } from '@wardlight/core/clock'
import type { Pose2 } from '@wardlight/core/geometry'
import type { Disposable, LaserScan } from '@wardlight/core/ros'
import type { AgentLog } from '../agent-log.ts'
import type { LaserMount, RobotReading, RobotSensors } from '../robot/ports.ts'
import { KnownMap } from './known-map.ts'
import { peopleIn } from './people-seen.ts'
import { PeopleTracks, type TrackedPerson } from './people-tracks.ts'
import { isBlind, placeScan } from './scan-points.ts'

/** An estimate older than this places no scan, ms. */
const POSE_FRESH_MS = 500

/** What was seen with one scan, and how the robot moved then. */
export interface WayView {
  readonly atMs: number
  /** Where the robot was when the scan was taken, map frame. */
  readonly pose: Pose2
  readonly speedMps: number
  readonly turnRadPerS: number
  /** `null` when nobody can tell: the lidar is covered, or looking fails. */
  readonly people: readonly TrackedPerson[] | null
}

/**
 * The people around a robot that drives or stands, anywhere on its level, by its lidar and the level's map. Each scan is
 * placed by the last estimate, carried on by the wheels to the scan's time. Without a map it sees nobody.
 */
export class PeopleOnTheWay {
  readonly #sensors: RobotSensors
  readonly #clock: Clock
  readonly #onView: (view: WayView) => void
  readonly #log: AgentLog
  readonly #tracks = new PeopleTracks()
  #subscription: Disposable | null = null
  #map: KnownMap | null = null
  #mount: LaserMount = { pose: { x: 0, y: 0, theta: 0 }, heightM: 0.2 }
  #pose: { readonly pose: Pose2; readonly atMs: number } | null = null
  #speedMps = 0
  #turnRadPerS = 0

  /** @param onView called with every scan that could be placed */
  constructor(sensors: RobotSensors, clock: Clock, onView: (view: WayView) => void, log: AgentLog) {
    this.#sensors = sensors
    this.#clock = clock
    this.#onView = onView
    this.#log = log
  }

  start(): void {
    this.#subscription = this.#sensors.subscribe((reading) => this.#hear(reading))
  }

  stop(): void {
    this.#subscription?.dispose()
    this.#subscription = null
  }

  #hear(reading: RobotReading): void {
    switch (reading.kind) {
      case 'map':
        this.#map = new KnownMap(reading.grid)
        this.#tracks.clear()
        return
      case 'laserMount':
        this.#mount = reading.mount
        return
      case 'pose': {
        const { x, y, theta } = reading.pose
        if ([x, y, theta].every(Number.isFinite)) {
          this.#pose = { pose: reading.pose, atMs: this.#clock.monotonicMs() }
        }
        return
      }
      case 'odometry':
        this.#speedMps = reading.speedMps || 0
        this.#turnRadPerS = reading.turnRadPerS || 0
        return
      case 'scan':
        this.#look(reading.scan)
        return
      default:
        return
    }
  }

  #look(scan: LaserScan): void {
    const nowMs = this.#clock.monotonicMs()
    const pose = this.#poseAt(nowMs)
    if (pose === null || this.#map === null) return
    this.#onView({
      atMs: nowMs,
      pose,
      speedMps: this.#speedMps,
      turnRadPerS: this.#turnRadPerS,
      people: this.#peopleIn(scan, pose, this.#map, nowMs),
    })
  }

  #peopleIn(scan: LaserScan, pose: Pose2, map: KnownMap, nowMs: number): readonly TrackedPerson[] | null {
    if (isBlind(scan)) return null
    try {
      this.#tracks.see(peopleIn(placeScan(scan, pose, this.#mount), map), nowMs)
      return this.#tracks.people
    } catch (error) {
      this.#log.error({ err: error }, 'Looking for people on the way failed.')
      return null
    }
  }

  /** At 1 rad/s an estimate that is 50 ms old turns a hit at 4 m by 0.2 m. */
  #poseAt(nowMs: number): Pose2 | null {
    if (this.#pose === null) return null
    const { pose, atMs } = this.#pose
    const ageS = (nowMs - atMs) / 1000
    if (!(ageS >= 0 && ageS * 1000 <= POSE_FRESH_MS)) return null
    const turned = this.#turnRadPerS * ageS
    const drivenM = this.#speedMps * ageS
    const heading = pose.theta + turned / 2
    return {
      x: pose.x + drivenM * Math.cos(heading),
      y: pose.y + drivenM * Math.sin(heading),
      theta: pose.theta + turned,
    }
  }
}
