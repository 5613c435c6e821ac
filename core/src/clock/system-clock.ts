import type { Clock } from './clock.ts'

/** What a JavaScript platform offers; `globalThis` of Node and of browsers fits. */
export interface Platform {
  readonly performance: { now(): number }
  readonly Date: { now(): number }
  setTimeout(callback: () => void, delayMs: number): unknown
  clearTimeout(timer: never): void
}

/** The machine's own time. Only composing processes call it, with `globalThis`; everything else is handed a `Clock`. */
export function createSystemClock(platform: Platform): Clock {
  return {
    monotonicMs: () => platform.performance.now(),
    epochMs: () => platform.Date.now(),
    setTimeout: (callback, delayMs) => platform.setTimeout(callback, delayMs),
    clearTimeout: (timer) => platform.clearTimeout(timer as never),
  }
}
