/**
 * When a finger on the robot's own screen counts as its arm button: a pure function from (state, event,
 * monotonic time of the robot) to (state, what became of the hold).
 *
 * - The hold is measured by the robot's clock, from the message that begins it to the one that ends it.
 *   It counts when the finger leaves, not before: nothing that leans on the screen arms by itself.
 * - The page says every `continueEveryMs` that the finger is still there. Silence longer than `maxGapMs`
 *   cancels, so a page that hangs, a lost line or a finger that slid away cannot count.
 * - Each message names the newest beat that the page has heard from the robot, so the robot knows how old
 *   it is at most. One that waited somewhere on its way cancels.
 * - Sequence numbers go up by one on each connection, from 1. Any other order is a page that is broken:
 *   the hold is cancelled and the connection is to be closed.
 */
export const HOLD_LIMITS = {
  /** Proposed: long enough that no brush of a sleeve counts. */
  holdMs: 2000,
  /** Whatever holds longer is no hand that means it. Proposed. */
  maxHoldMs: 10_000,
  /** How often the page says that it goes on. */
  continueEveryMs: 250,
  maxGapMs: 500,
  /** Age of a message. Beats go out every 100 ms, so a page that keeps up is well within it. Proposed. */
  maxAgeMs: 500,
} as const

export type HoldStep = 'begin' | 'continue' | 'end' | 'cancel'

export type HoldEvent =
  | {
      readonly type: 'message'
      readonly sequence: number
      readonly step: HoldStep
      /** How old it is at most, by the robot's clock. */
      readonly ageMs: number
    }
  /** Time passed, and nothing was heard. */
  | { readonly type: 'tick' }

export interface HoldState {
  readonly lastSequence: number
  readonly hold: { readonly beganAtMs: number; readonly heardAtMs: number } | null
}

export const NO_HOLD: HoldState = { lastSequence: 0, hold: null }

export type HoldCancelReason = 'letGoTooSoon' | 'heldTooLong' | 'silent' | 'late' | 'left' | 'begunTwice'

export type HoldOutcome =
  | { readonly kind: 'none' }
  | { readonly kind: 'began' }
  /** Goes on; `isLongEnough`: letting go now counts. */
  | { readonly kind: 'holding'; readonly isLongEnough: boolean }
  /** Held long enough and let go: it counts as the button. */
  | { readonly kind: 'completed' }
  | { readonly kind: 'cancelled'; readonly reason: HoldCancelReason }
  /** The messages are out of order. */
  | { readonly kind: 'broken' }

export function holdToArm(
  state: HoldState,
  event: HoldEvent,
  nowMs: number,
): { readonly state: HoldState; readonly outcome: HoldOutcome } {
  const { hold } = state
  // Comparisons are written so that a time that is no number, or goes back, cancels.
  const isSilent =
    hold !== null && !(nowMs - hold.heardAtMs >= 0 && nowMs - hold.heardAtMs <= HOLD_LIMITS.maxGapMs)
  if (event.type === 'tick')
    return isSilent ? cancelled(state, 'silent') : { state, outcome: { kind: 'none' } }

  if (event.sequence !== state.lastSequence + 1) {
    return { state: { ...state, hold: null }, outcome: { kind: 'broken' } }
  }
  const next: HoldState = { ...state, lastSequence: event.sequence }
  const isLate = !(event.ageMs >= 0 && event.ageMs <= HOLD_LIMITS.maxAgeMs)

  if (hold === null) {
    // What still comes after a hold was cancelled says nothing.
    if (event.step !== 'begin') return { state: next, outcome: { kind: 'none' } }
    if (isLate || !Number.isFinite(nowMs)) return cancelled(next, 'late')
    return { state: { ...next, hold: { beganAtMs: nowMs, heardAtMs: nowMs } }, outcome: { kind: 'began' } }
  }

  if (isSilent) return cancelled(next, 'silent')
  if (event.step === 'cancel') return cancelled(next, 'left')
  if (event.step === 'begin') return cancelled(next, 'begunTwice')
  if (isLate) return cancelled(next, 'late')
  const heldMs = nowMs - hold.beganAtMs
  if (heldMs > HOLD_LIMITS.maxHoldMs) return cancelled(next, 'heldTooLong')
  const isLongEnough = heldMs >= HOLD_LIMITS.holdMs
  if (event.step === 'continue') {
    return {
      state: { ...next, hold: { ...hold, heardAtMs: nowMs } },
      outcome: { kind: 'holding', isLongEnough },
    }
  }
  return isLongEnough
    ? { state: { ...next, hold: null }, outcome: { kind: 'completed' } }
    : cancelled(next, 'letGoTooSoon')
}

function cancelled(state: HoldState, reason: HoldCancelReason) {
  return { state: { ...state, hold: null }, outcome: { kind: 'cancelled' as const, reason } }
}
