import type { SimulatedClock } from '@wardlight/core/clock'

export interface ClockDriverOptions {
  readonly clock: SimulatedClock
  /** Simulated milliseconds advanced at a time; 10 suits a world's own step. */
  readonly stepMs: number
  /** Simulated against real time; `max` is as fast as the machine can. */
  readonly speed: number | 'max'
  /** While true time stands still. Asked before every step, so that a holder sees no step more. */
  readonly isHeld?: () => boolean
  /** Gets what a step throws, once; time stands still from then on. Without it the error ends the process. */
  readonly onError?: (error: unknown) => void
}

export interface ClockDriver {
  start(): void
  /** From the next step on. */
  setSpeed(speed: number | 'max'): void
  /** Resolves when no step will follow any more; rejects with what a step has thrown. */
  stop(): Promise<void>
}

/** Wall time of one batch: short enough that sockets are served a hundred times a second. */
const BATCH_MS = 5
const HOLD_POLL_MS = 1
/** A driver that follows real time never makes up for more than this, as after a machine's sleep. */
const MAX_BACKLOG_MS = 250

/**
 * Advances a simulated clock: by real time, or as fast as it goes, yielding to I/O between batches
 * of steps. It reads the machine's clock only to pace itself; what happens at which simulated time
 * does not depend on it.
 */
export function createClockDriver(options: ClockDriverOptions): ClockDriver {
  const { clock, stepMs, isHeld = () => false, onError } = options
  let { speed } = options
  let isRunning = false
  let cancelNext: (() => void) | null = null
  let failure: { error: unknown } | null = null
  /** Real time up to which simulated time has been followed. */
  let followedMs = 0

  const soon = (run: () => void) => {
    const handle = setImmediate(run)
    cancelNext = () => clearImmediate(handle)
  }
  const later = (run: () => void, delayMs: number) => {
    const handle = setTimeout(run, delayMs)
    cancelNext = () => clearTimeout(handle)
  }

  const turn = (): void => {
    cancelNext = null
    try {
      if (speed === 'max') runBatch()
      else follow(speed)
    } catch (error) {
      failure = { error }
      isRunning = false
      if (onError === undefined) throw error
      onError(error)
    }
  }

  const runBatch = (): void => {
    const endMs = performance.now() + BATCH_MS
    while (!isHeld()) {
      clock.advance(stepMs)
      if (!isRunning) return
      if (performance.now() >= endMs) {
        soon(turn)
        return
      }
    }
    later(turn, HOLD_POLL_MS)
  }

  const follow = (factor: number): void => {
    const beginMs = performance.now()
    followedMs = Math.max(followedMs, beginMs - MAX_BACKLOG_MS)
    const stepWallMs = stepMs / factor
    while (followedMs + stepWallMs <= beginMs && performance.now() - beginMs < 2 * BATCH_MS) {
      if (isHeld()) {
        followedMs = beginMs
        break
      }
      clock.advance(stepMs)
      if (!isRunning) return
      followedMs += stepWallMs
    }
    if (isHeld()) later(turn, HOLD_POLL_MS)
    else later(turn, Math.max(0, followedMs + stepWallMs - performance.now()))
  }

  return {
    start() {
      if (isRunning) return
      isRunning = true
      failure = null
      followedMs = performance.now()
      soon(turn)
    },
    setSpeed(next) {
      speed = next
      followedMs = performance.now()
    },
    stop() {
      isRunning = false
      cancelNext?.()
      cancelNext = null
      return failure === null ? Promise.resolve() : Promise.reject(failure.error)
    },
  }
}
