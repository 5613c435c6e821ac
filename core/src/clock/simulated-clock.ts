import type { Clock, TimerId } from './clock.ts'

interface Timer {
  dueMs: number
  order: number
  callback: () => void
  cancelled: boolean
}

/**
 * A clock that stands still until it is advanced. Timers due at the same instant fire in the order
 * in which they were set, so a run is deterministic.
 */
export class SimulatedClock implements Clock {
  #nowMs = 0
  #order = 0
  readonly #epochAtStartMs: number
  /** Binary min-heap by due time, then by order of setting. */
  readonly #heap: Timer[] = []

  /** @param epochAtStartMs Unix time in milliseconds at monotonic time zero. */
  constructor(epochAtStartMs = 0) {
    this.#epochAtStartMs = epochAtStartMs
  }

  monotonicMs(): number {
    return this.#nowMs
  }

  epochMs(): number {
    return this.#epochAtStartMs + this.#nowMs
  }

  setTimeout(callback: () => void, delayMs: number): TimerId {
    const timer: Timer = {
      dueMs: this.#nowMs + Math.max(0, delayMs),
      order: this.#order++,
      callback,
      cancelled: false,
    }
    this.#push(timer)
    return timer
  }

  clearTimeout(timer: TimerId): void {
    if (timer !== undefined && timer !== null) (timer as Timer).cancelled = true
  }

  /** Runs every timer due within the next `durationMs`, then stands at the end of it. */
  advance(durationMs: number): void {
    this.advanceTo(this.#nowMs + durationMs)
  }

  /** Runs every timer due up to `timeMs` (monotonic), then stands there. A time in the past does nothing. */
  advanceTo(timeMs: number): void {
    for (;;) {
      const next = this.#heap[0]
      if (next === undefined || next.dueMs > timeMs) break
      this.#pop()
      if (next.cancelled) continue
      this.#nowMs = Math.max(this.#nowMs, next.dueMs)
      next.callback()
    }
    this.#nowMs = Math.max(this.#nowMs, timeMs)
  }

  /** Monotonic time of the next timer that will fire, or `null` when none is set. */
  nextTimerMs(): number | null {
    for (;;) {
      const next = this.#heap[0]
      if (next === undefined) return null
      if (!next.cancelled) return next.dueMs
      this.#pop()
    }
  }

  #push(timer: Timer): void {
    const heap = this.#heap
    let index = heap.length
    heap.push(timer)
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (!isBefore(timer, heap[parent]!)) break
      heap[index] = heap[parent]!
      index = parent
    }
    heap[index] = timer
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop()!
    if (heap.length === 0) return
    let index = 0
    for (;;) {
      let child = 2 * index + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1
      if (!isBefore(heap[child]!, last)) break
      heap[index] = heap[child]!
      index = child
    }
    heap[index] = last
  }
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order)
}
