import { distance, type Pose2 } from '@wardlight/core/geometry'
import type { DriveEnd, Robot } from './ports.ts'

/** A docked robot that is found so far from where it was docked was moved by somebody, metres (proposed). */
const MOVED_M = 0.4

export interface BerthedRobot extends Robot {
  /** It stands in a dock, as far as anybody knows. */
  readonly isDocked: boolean
  /** Where it was when it was docked, map frame; `null` while it is not, or does not know where it is. */
  readonly dockedAt: Pose2 | null
  /** It was docked there when the program ended. */
  recallDocked(at: Pose2): void
}

/**
 * A robot that comes out of its dock before any drive, whoever asks for it: there is no other way to its wheels. That
 * it is docked it knows by its docking server, or by the current that flows.
 *
 * @param onChange called when it was docked, or came out
 */
export function undockFirst(robot: Robot, onChange: () => void): BerthedRobot {
  const { sensors, docking, base } = robot
  let isDocked = false
  let dockedAt: Pose2 | null = null
  let pose: Pose2 | null = null
  /** Comes out now: it is not moved by somebody. */
  let isUndocking = false
  /** The latest drive; one before it says no more. */
  let drive = 0
  const set = (isNow: boolean) => {
    const isChange = isNow !== isDocked
    isDocked = isNow
    dockedAt = isNow ? (dockedAt ?? pose) : null
    if (isChange) onChange()
  }
  sensors.subscribe((reading) => {
    if (reading.kind === 'battery' && reading.isCharging) set(true)
    if (reading.kind !== 'pose') return
    pose = reading.pose
    if (!isDocked) return
    dockedAt ??= pose
    if (!isUndocking && distance(pose, dockedAt) > MOVED_M) set(false)
  })
  const undock = (onEnd: (end: DriveEnd) => void) => {
    isUndocking = true
    docking.undock((end) => {
      isUndocking = false
      // Without a docking server it was never docked: it charges by a plate, or by a cable that somebody took off.
      const isOut = end === 'arrived' || end === 'noDockingServer'
      if (isOut) set(false)
      onEnd(isOut ? 'arrived' : end)
    })
  }
  return {
    ...robot,
    get isDocked() {
      return isDocked
    },
    get dockedAt() {
      return dockedAt
    },
    recallDocked(at) {
      dockedAt = at
      set(true)
    },
    base: {
      ...base,
      driveTo(target, onEnd) {
        drive += 1
        const own = drive
        if (!isDocked) {
          base.driveTo(target, onEnd)
          return
        }
        base.cancel()
        undock((end) => {
          // Cancelled, or another drive took its place, while it came out.
          if (end === 'arrived' && own === drive) base.driveTo(target, onEnd)
          else onEnd(end === 'arrived' ? 'canceled' : end)
        })
      },
      cancel() {
        drive += 1
        docking.cancel()
        base.cancel()
      },
    },
    docking: {
      ...docking,
      dock(target, onEnd) {
        docking.dock(target, (end) => {
          // Where no current flows it stands in the dock all the same.
          if (end.end === 'docked' || (end.end === 'failed' && end.problem === 'doesNotCharge')) set(true)
          onEnd(end)
        })
      },
      undock,
    },
  }
}
