import type { Clock } from '@wardlight/core/clock'
import type { Robot } from './ports.ts'

/** How often zero speed is commanded, milliseconds, and how often in all: for a second. */
const COMMAND_MS = 100
const COMMANDS = 10

/**
 * Stops what a process that was killed left driving: the navigation has its goal still, and carries on with it. A goal
 * where the robot stands takes the place of the old one, and is cancelled at once.
 */
export function standStill({ base, docking, sensors }: Robot, clock: Clock): void {
  const command = (left: number) => {
    base.commandZero()
    if (left > 1) clock.setTimeout(() => command(left - 1), COMMAND_MS)
  }
  command(COMMANDS)
  // Each kind of goal has a server of its own, which may have one still.
  docking.dock({ dockId: '', pose: null }, () => {})
  docking.cancel()
  const subscription = sensors.subscribe((reading) => {
    if (reading.kind !== 'pose') return
    subscription.dispose()
    base.driveTo(reading.pose, () => {})
    base.cancel()
  })
}
