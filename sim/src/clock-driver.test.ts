import { SimulatedClock } from '@wardlight/core/clock'
import { describe, expect, it } from 'vitest'
import { createClockDriver } from './clock-driver.ts'

/** Waits for a condition, giving way to timers and I/O. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve))
}

describe('createClockDriver', () => {
  it('runs as fast as it can and still lets I/O through', async () => {
    const clock = new SimulatedClock()
    const driver = createClockDriver({ clock, stepMs: 10, speed: 'max' })
    driver.start()
    let turns = 0
    await until(() => {
      turns += 1
      return clock.monotonicMs() > 60_000
    })
    expect(turns).toBeGreaterThan(1)
    await driver.stop()
    const stoppedAt = clock.monotonicMs()
    await new Promise((resolve) => setImmediate(resolve))
    expect(clock.monotonicMs()).toBe(stoppedAt)
  })

  it.each(['max', 1000] as const)('stands still in the very step in which it is held (%s)', async (speed) => {
    const clock = new SimulatedClock()
    let isHeld = false
    clock.setTimeout(() => {
      isHeld = true
    }, 500)
    const driver = createClockDriver({ clock, stepMs: 10, speed, isHeld: () => isHeld })
    driver.start()
    await until(() => isHeld)
    expect(clock.monotonicMs()).toBe(500)
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    expect(clock.monotonicMs()).toBe(500)
    isHeld = false
    await until(() => clock.monotonicMs() > 600)
    await driver.stop()
  })

  it.each(['max', 500] as const)('stops at once when a step asks for it (%s)', async (speed) => {
    const clock = new SimulatedClock()
    const driver = createClockDriver({ clock, stepMs: 10, speed })
    const stops: Promise<void>[] = []
    clock.setTimeout(() => stops.push(driver.stop()), 300)
    driver.start()
    await until(() => stops.length > 0)
    await Promise.all(stops)
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    expect(clock.monotonicMs()).toBe(300)
  })

  it('follows a speed, neither behind nor ahead of it by more than a batch', async () => {
    const clock = new SimulatedClock()
    const driver = createClockDriver({ clock, stepMs: 10, speed: 100 })
    const beginMs = performance.now()
    driver.start()
    await until(() => clock.monotonicMs() >= 5000)
    // It cannot be there before real time times speed is; how late a loaded machine is, no test can say.
    expect(performance.now() - beginMs).toBeGreaterThan(45)
    await driver.stop()
  })

  it('stands still after an error in a step, and hands it out', async () => {
    const clock = new SimulatedClock()
    const errors: unknown[] = []
    const failure = new Error('broken step')
    clock.setTimeout(() => {
      throw failure
    }, 200)
    const driver = createClockDriver({
      clock,
      stepMs: 10,
      speed: 'max',
      onError: (error) => errors.push(error),
    })
    driver.start()
    await until(() => errors.length > 0)
    expect(errors).toEqual([failure])
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    expect(clock.monotonicMs()).toBe(200)
    await expect(driver.stop()).rejects.toBe(failure)
  })
})
