import type { PeroxidePhase } from '../../fleet/peroxide.ts'
import { aerationHours } from './gas-model.ts'
import type { PeroxidePlan } from './plan-cycle.ts'
import { ISOLATE_S, PRE_CHECK_S, RELEASE_S } from './predict-cycle.ts'
import { CLEARANCE_LIMITS } from './sensor-rules.ts'

const VERIFY_S = CLEARANCE_LIMITS.stableMs / 1000

/** What is known of a cycle while it runs. */
export interface CycleStanding {
  readonly phase: PeroxidePhase
  /** How long it has been in it. */
  readonly phaseS: number
  readonly injectedG: number
  readonly dwellS: number
  /** Highest reading in the room; `null`: nobody measures. */
  readonly highestPpm: number | null
}

/**
 * How long until the room may be entered again, seconds. A prediction for people who wait: only sensors clear a room.
 * `null` before somebody has armed it, since nobody knows when that will be, and at its end.
 */
export function predictedRemainingS(
  plan: Pick<PeroxidePlan, 'h2o2G' | 'rateGPerMin' | 'dwellS' | 'expectedS' | 'airChangesPerHour'>,
  { phase, phaseS, injectedG, dwellS, highestPpm }: CycleStanding,
): number | null {
  const gasS = (60 * plan.h2o2G) / plan.rateGPerMin
  const aerateS = Math.max(
    0,
    plan.expectedS - PRE_CHECK_S - ISOLATE_S - gasS - plan.dwellS - VERIFY_S - RELEASE_S,
  )
  switch (phase) {
    case 'traveling':
    case 'surveying':
    case 'awaitingArming':
    case 'interrupted':
    case 'unsealing':
    case 'finished':
      return null
    case 'exitDelay':
    case 'isolating':
    case 'conditioning':
      return gasS + plan.dwellS + aerateS + VERIFY_S
    case 'gassing': {
      const leftS = Math.max(0, (60 * (plan.h2o2G - injectedG)) / plan.rateGPerMin)
      return leftS + plan.dwellS + aerateS + VERIFY_S
    }
    case 'dwelling':
      return Math.max(0, plan.dwellS - dwellS) + aerateS + VERIFY_S
    case 'aerating': {
      const byPlanS = Math.max(0, aerateS - phaseS)
      if (highestPpm === null || plan.airChangesPerHour === null) return byPlanS + VERIFY_S
      const byAirS = 3600 * aerationHours(highestPpm, CLEARANCE_LIMITS.limitPpm, plan.airChangesPerHour)
      // A film may still hold the air where it is; near the limit only the readings count.
      const isEarly = highestPpm > 50 * CLEARANCE_LIMITS.limitPpm
      return (isEarly ? Math.max(byPlanS, byAirS) : byAirS) + VERIFY_S
    }
    case 'verifying':
      return Math.max(0, VERIFY_S - phaseS)
  }
}
