import type { Clock } from '@wardlight/core/clock'

/** A process's own clock: its monotonic time begins anywhere, and its timers go with the process. */
export function mortalClock(clock: Clock, beginsAtMs: number): Clock & { kill(): void } {
  const bornMs = clock.monotonicMs()
  let isDead = false
  return {
    monotonicMs: () => clock.monotonicMs() - bornMs + beginsAtMs,
    epochMs: () => clock.epochMs(),
    setTimeout: (callback, delayMs) =>
      clock.setTimeout(() => {
        if (!isDead) callback()
      }, delayMs),
    clearTimeout: (timer) => clock.clearTimeout(timer),
    kill() {
      isDead = true
    },
  }
}
