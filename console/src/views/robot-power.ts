import type { RobotView } from '@wardlight/core/fleet'
import type { Dictionary } from '../i18n/en.ts'

/** What feeds it, in words: a unit that is fixed and always full on its charger is on mains; `null`: nobody knows. */
export function powerWords(
  { robots }: Pick<Dictionary, 'robots'>,
  { isFixed, isCharging, batteryFraction }: RobotView,
): string | null {
  if (batteryFraction === null) return null
  return isFixed && isCharging && batteryFraction === 1
    ? robots.mains
    : robots.batteryPercent(batteryFraction)
}
