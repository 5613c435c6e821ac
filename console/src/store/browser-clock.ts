import type { Clock } from '@wardlight/core/clock'

/** The browser's own clock and timers. */
export const browserClock: Clock = {
  monotonicMs: () => performance.now(),
  epochMs: () => Date.now(),
  setTimeout: (callback, delayMs) => setTimeout(callback, delayMs),
  clearTimeout: (timer) => clearTimeout(timer as number),
}
