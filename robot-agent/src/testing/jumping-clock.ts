import type { Clock, TimerId } from '@wardlight/core/clock'

/** A clock whose time passes, or jumps: then every timer that was due meanwhile fires once, late. */
export class JumpingClock implements Clock {
  #nowMs = 0
  #order = 0
  #timers: { readonly dueMs: number; readonly order: number; readonly callback: () => void }[] = []

  monotonicMs(): number {
    return this.#nowMs
  }
  epochMs(): number {
    return this.#nowMs
  }
  setTimeout(callback: () => void, delayMs: number): TimerId {
    const timer = { dueMs: this.#nowMs + Math.max(0, delayMs), order: (this.#order += 1), callback }
    this.#timers.push(timer)
    return timer
  }
  clearTimeout(timer: TimerId): void {
    this.#timers = this.#timers.filter((each) => each !== timer)
  }
  pass(ms: number): void {
    const endMs = this.#nowMs + ms
    for (;;) {
      const next = this.#nextDue(endMs)
      if (next === null) break
      this.#nowMs = Math.max(this.#nowMs, next.dueMs)
      next.callback()
    }
    this.#nowMs = endMs
  }
  jump(ms: number): void {
    this.#nowMs += ms
    const lastOrder = this.#order
    for (;;) {
      const next = this.#nextDue(this.#nowMs, lastOrder)
      if (next === null) return
      next.callback()
    }
  }
  #nextDue(untilMs: number, lastOrder = Infinity) {
    const due = this.#timers
      .filter(({ dueMs, order }) => dueMs <= untilMs && order <= lastOrder)
      .toSorted((a, b) => a.dueMs - b.dueMs || a.order - b.order)
    const next = due[0] ?? null
    if (next !== null) this.clearTimeout(next)
    return next
  }
}
