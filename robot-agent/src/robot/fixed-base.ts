import type { Clock, TimerId } from '@wardlight/core/clock'
import { distance, normalizeAngle, type Pose2 } from '@wardlight/core/geometry'
import type { Robot, RobotReading } from './ports.ts'
import type { BerthedRobot } from './undock-first.ts'

/** Where a unit that does not move is fixed, and what feeds it. */
export interface FixedPlace {
  /** Map frame; `theta` is where the unit's own x axis points. */
  readonly at: Pose2
  /** A unit on mains has no battery that could run down: without mains it is dark. */
  readonly power: 'mains' | 'battery'
}

export interface FixedRobot extends BerthedRobot {
  start(): void
  stop(): void
}

/** So far from where it hangs a stop is still its own: what rounding on the wire takes. */
const SAME_PLACE_M = 0.05
const SAME_HEADING_RAD = 0.05
/** As often as the sensors that it has not got would speak, milliseconds. */
const TELL_MS = 100

export function isWhereItHangs(at: Pose2, pose: Pose2): boolean {
  return (
    distance(at, pose) <= SAME_PLACE_M && Math.abs(normalizeAngle(at.theta - pose.theta)) <= SAME_HEADING_RAD
  )
}

/**
 * A unit that hangs in a room, as a robot that does not move: everything above the ports stays as it is, and no interlock
 * knows the difference. What it has no sensor for it tells by what it is: it stands still, and bumps into nothing.
 *
 * Where it hangs stands in its file, and is told with each scan, once the level's map is known: so it is believed only as
 * long as the lidar sees, and the supervisor compares what it sees with the map. A unit that was hung elsewhere, or
 * turned, is lost, and stays dark.
 */
export function fixedBase(robot: Robot, { at, power }: FixedPlace, clock: Clock): FixedRobot {
  const listeners = new Set<(reading: RobotReading) => void>()
  let hasMap = false
  let timer: TimerId = null
  const tell = (reading: RobotReading) => {
    for (const listener of [...listeners]) listener(reading)
  }
  robot.sensors.subscribe((reading) => {
    switch (reading.kind) {
      case 'localisation':
      case 'pose':
      case 'odometry':
        return
      case 'battery':
        if (power === 'battery') tell(reading)
        return
      case 'map':
        hasMap = true
        tell(reading)
        return
      case 'scan':
        if (hasMap) {
          tell({ kind: 'pose', pose: at })
          tell({ kind: 'localisation', pose: at, deviationM: 0, deviationRad: 0 })
        }
        tell(reading)
        return
      default:
        tell(reading)
    }
  })
  const beat = () => {
    timer = clock.setTimeout(beat, TELL_MS)
    tell({ kind: 'odometry', speedMps: 0, turnRadPerS: 0 })
    tell({ kind: 'bumper', isPressed: false })
    if (power === 'mains')
      tell({ kind: 'battery', fraction: 1, isCharging: true, voltage: NaN, health: null })
  }
  return {
    ...robot,
    sensors: {
      subscribe(listener) {
        listeners.add(listener)
        return { dispose: () => listeners.delete(listener) }
      },
    },
    base: {
      // Never within the caller's own step, as no navigation ends there.
      driveTo: (pose, onEnd) =>
        clock.setTimeout(() => onEnd(isWhereItHangs(at, pose) ? 'arrived' : 'failed'), 0),
      cancel() {},
      limitSpeed() {},
      initializePosition() {},
      commandZero() {},
      commandTeleoperation() {},
    },
    docking: {
      dock: (_, onEnd) =>
        onEnd({ end: 'failed', problem: 'noDockingServer', detail: 'the unit does not move' }),
      undock: (onEnd) => onEnd('noDockingServer'),
      cancel() {},
    },
    isDocked: false,
    dockedAt: null,
    recallDocked() {},
    start: beat,
    stop() {
      clock.clearTimeout(timer)
      listeners.clear()
    },
  }
}
