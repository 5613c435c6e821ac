import { SimulatedClock } from '@wardlight/core/clock'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RobotReading } from './ports.ts'
import { Odometer } from './odometer.ts'

function begin() {
  const clock = new SimulatedClock()
  let tell: (reading: RobotReading) => void = () => {}
  const sensors = {
    subscribe(listener: (reading: RobotReading) => void) {
      tell = listener
      return { dispose() {} }
    },
  }
  const odometer = new Odometer({ sensors, clock })
  odometer.start()
  return {
    odometer,
    /** Says its speed now, and so long later. */
    drive: (speedMps: number, durationMs: number, gapMs = 50): void => {
      for (let ms = 0; ms < durationMs; ms += gapMs) {
        tell({ kind: 'odometry', speedMps, turnRadPerS: 0 })
        clock.advance(gapMs)
      }
      tell({ kind: 'odometry', speedMps: 0, turnRadPerS: 0 })
    },
  }
}

describe('the odometer', () => {
  it('counts what the wheels measure, and goes on from what was kept', () => {
    const { odometer, drive } = begin()
    odometer.recall(1000)
    drive(0.5, 20_000)
    drive(0.25, 4000)
    expect(odometer.drivenM).toBeCloseTo(1011, 6)
  })

  it('counts nothing over a silence, for wheels that tremble, or for what is no number', () => {
    const { odometer, drive } = begin()
    drive(0.6, 10_000, 1000)
    drive(0.005, 3_600_000, 500)
    drive(NaN, 10_000)
    expect(odometer.drivenM).toBe(0)
  })

  it('property: is never more than the fastest speed allows, and never less than before', () => {
    const leg = fc.record({
      speedMps: fc.double({ min: 0, max: 1, noNaN: true }),
      durationMs: fc.integer({ min: 0, max: 20_000 }),
      gapMs: fc.integer({ min: 10, max: 900 }),
    })
    fc.assert(
      fc.property(fc.array(leg, { maxLength: 8 }), (legs) => {
        const { odometer, drive } = begin()
        let mostM = 0
        let before = 0
        for (const { speedMps, durationMs, gapMs } of legs) {
          drive(speedMps, durationMs, gapMs)
          mostM += (speedMps * (durationMs + gapMs)) / 1000
          expect(odometer.drivenM).toBeGreaterThanOrEqual(before)
          expect(odometer.drivenM).toBeLessThanOrEqual(mostM + 0.05)
          before = odometer.drivenM
        }
      }),
    )
  })
})
