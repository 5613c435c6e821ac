/** What `Clock.setTimeout` gives back; opaque. */
export type TimerId = unknown

/**
 * Time as it comes in from outside. Nothing in Wardlight reads the machine's clock itself: the
 * composing process passes one in, so that tests and simulations run on a `SimulatedClock`.
 *
 * It is a superset of XState's `Clock`, so the same object drives machines.
 */
export interface Clock {
  /** Milliseconds since an arbitrary start. Never goes back, never jumps: durations are measured with it. */
  monotonicMs(): number
  /** Milliseconds since the Unix epoch, UTC. It may jump: use it for time stamps only. */
  epochMs(): number
  /** Calls `callback` once after `delayMs` of monotonic time. */
  setTimeout(callback: () => void, delayMs: number): TimerId
  clearTimeout(timer: TimerId): void
}
