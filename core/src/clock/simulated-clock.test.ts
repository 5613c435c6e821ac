import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SimulatedClock } from './simulated-clock.ts'

describe('SimulatedClock', () => {
  it('fires timers by due time, and those due together in the order of setting', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 60 }), (delays) => {
        const clock = new SimulatedClock()
        const fired: { delay: number; index: number; at: number }[] = []
        delays.forEach((delay, index) =>
          clock.setTimeout(() => fired.push({ delay, index, at: clock.monotonicMs() }), delay),
        )
        clock.advance(50)
        expect(fired.map(({ index }) => index)).toEqual(
          delays
            .map((delay, index) => ({ delay, index }))
            .toSorted((a, b) => a.delay - b.delay || a.index - b.index)
            .map(({ index }) => index),
        )
        for (const { delay, at } of fired) expect(at).toBe(delay)
      }),
    )
  })

  it('runs a timer that a timer sets, when it is due within the same advance', () => {
    const clock = new SimulatedClock(1000)
    const at: number[] = []
    const tick = () => {
      at.push(clock.epochMs())
      clock.setTimeout(tick, 10)
    }
    clock.setTimeout(tick, 10)
    clock.advance(35)
    expect(at).toEqual([1010, 1020, 1030])
    expect(clock.monotonicMs()).toBe(35)
    expect(clock.nextTimerMs()).toBe(40)
  })

  it('does not fire what was cleared, and never goes back', () => {
    const clock = new SimulatedClock()
    let count = 0
    clock.clearTimeout(clock.setTimeout(() => (count += 1), 5))
    clock.advance(10)
    clock.advanceTo(3)
    expect(count).toBe(0)
    expect(clock.monotonicMs()).toBe(10)
    expect(clock.nextTimerMs()).toBeNull()
  })
})
