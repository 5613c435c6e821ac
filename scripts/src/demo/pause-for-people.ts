import type { Clock } from '@wardlight/core/clock'
import type { ArmingStep, TreatmentPhase } from '@wardlight/core/fleet'
import type { SimulatedHospital } from '../simulated-hospital.ts'

/** Sensors, localisation and batteries come up before anybody decides anything. */
const warmUpMs = 2000
/** How long a robot must have waited before time stands still: its last word is on the wire by then. */
const settleMs = 1000

/**
 * Whether simulated time is to stand still because people decide next: every robot is idle, or one waits to be
 * armed. So the real time that a decision takes changes nothing in the report.
 *
 * @param mayRearm whether the nurse would arm again after an interlock
 */
export function pauseForPeople(
  clock: Clock,
  { agents, world }: SimulatedHospital,
  mayRearm: () => boolean,
): () => boolean {
  let lastWaiting = ''
  let sinceMs = 0
  return () => {
    const nowMs = clock.monotonicMs()
    const waiting = whatIsWaitedFor()
    if (waiting !== lastWaiting) {
      lastWaiting = waiting
      sinceMs = nowMs
    }
    return waiting !== '' && nowMs >= warmUpMs && nowMs - sinceMs >= settleMs
  }

  function whatIsWaitedFor(): string {
    // Whoever goes to the button, and away from it, needs time for that.
    if ([...world.robots.values()].some(({ isAttended }) => isAttended)) return ''
    let isAnyBusy = false
    for (const agent of agents.values()) {
      if (agent.isIdle) continue
      isAnyBusy = true
      for (const status of [agent.missionStatus, agent.peroxideStatus]) {
        if (status !== null && isToBeArmed(status, mayRearm())) {
          return `${status.phase}, arming ${status.arming}`
        }
      }
    }
    return isAnyBusy ? '' : 'an order'
  }
}

/**
 * Whether nothing but a person is missing: before the first dose, or after the lamp's time cap in a plan that needs
 * more than one arming. After any other interlock the room stays dark, unless the nurse may arm again.
 */
export function isToBeArmed(
  {
    phase,
    arming,
    blockers,
    interlocks,
  }: {
    readonly phase: TreatmentPhase
    readonly arming: ArmingStep
    readonly blockers: readonly string[]
    readonly interlocks: readonly { readonly kind: string }[]
  },
  mayRearm = false,
): boolean {
  // Whoever has confirmed the checklist goes to the button next, and opens the doors that are not tested on the way.
  if (blockers.length > 0 && arming !== 'checklistConfirmed') return false
  return (
    phase === 'awaitingArming' ||
    (phase === 'interrupted' && (mayRearm || interlocks.at(-1)?.kind === 'lamp.timeCapReached'))
  )
}
