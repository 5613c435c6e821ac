import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  CLEARANCE_LIMITS,
  clearanceBlockers,
  MAX_READING_GAP_MS,
  NO_EXPOSURE,
  NOT_CLEARED,
  unsealedReasons,
  withProven,
  watchOutside,
  withExposure,
  withOutsideReading,
  withOutsideTime,
  withReading,
  type Clearance,
  type GasReading,
} from './sensor-rules.ts'

/** Both sensors see the gas, and then 11 minutes of clean air, a reading each second. */
function cleanHistory(): GasReading[] {
  return Array.from({ length: 11 * 60 + 2 }, (_, second) =>
    ['one', 'two'].map((sensorId) => ({ sensorId, atMs: 1000 * second, ppm: second < 2 ? 300 : 0.3 })),
  ).flat()
}

function after(readings: readonly GasReading[]): Clearance {
  return readings.reduce((state, reading) => withReading(state, reading), NOT_CLEARED)
}

const END_MS = cleanHistory().at(-1)!.atMs

describe('a gassed room', () => {
  it('is clear when two sensors that have seen the gas are low, fresh, at one, and stable', () => {
    expect(clearanceBlockers(after(cleanHistory()), END_MS)).toEqual([])
  })

  it('believes sensors that had proved themselves before a restart, once they are low for as long as any', () => {
    const restarted = withProven(NOT_CLEARED, ['one', 'two'], 0)
    expect(clearanceBlockers(restarted, 1)).toEqual([
      'sensor one has no reading',
      'sensor two has no reading',
    ])
    const low = cleanHistory()
      .filter(({ atMs }) => atMs > 0)
      .map((reading) => ({ ...reading, ppm: 0.3 }))
    const read = low.reduce((state, reading) => withReading(state, reading), restarted)
    expect(clearanceBlockers(read, END_MS)).toEqual([])
    expect(clearanceBlockers(after(low), END_MS)).toHaveLength(1)
    const half = low
      .slice(0, low.length / 2)
      .reduce((state, reading) => withReading(state, reading), restarted)
    expect(clearanceBlockers(half, low[low.length / 2 - 1]!.atMs)).toHaveLength(2)
  })

  it('is never cleared by time: without readings, or with those of a sensor that never rose', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), (nowMs) => {
        expect(clearanceBlockers(NOT_CLEARED, nowMs)).not.toEqual([])
        expect(clearanceBlockers(after(cleanHistory()), END_MS + MAX_READING_GAP_MS + 1 + nowMs)).not.toEqual(
          [],
        )
        const dead = cleanHistory().map((reading) => ({ ...reading, ppm: 0 }))
        expect(clearanceBlockers(after(dead), END_MS)).not.toEqual([])
      }),
    )
  })

  it('is not clear after any reading that is high, missing, senseless, or lacking within the window', () => {
    const spoil = fc.oneof(
      fc.record({ kind: fc.constant('ppm' as const), ppm: fc.double({ min: 1.01, max: 5000, noNaN: true }) }),
      fc.record({ kind: fc.constant('ppm' as const), ppm: fc.constantFrom(null, Number.NaN, -1, Infinity) }),
      fc.record({ kind: fc.constant('gap' as const), seconds: fc.integer({ min: 6, max: 60 }) }),
    )
    fc.assert(
      fc.property(
        spoil,
        fc.integer({ min: 70, max: 600 }),
        fc.constantFrom('one', 'two'),
        (spoilt, second, sensorId) => {
          const readings = cleanHistory().flatMap((reading): GasReading[] => {
            if (reading.sensorId !== sensorId) return [reading]
            const at = reading.atMs / 1000
            if (spoilt.kind === 'gap') return at >= second && at < second + spoilt.seconds ? [] : [reading]
            return at === second ? [{ ...reading, ppm: spoilt.ppm }] : [reading]
          })
          expect(clearanceBlockers(after(readings), END_MS)).not.toEqual([])
        },
      ),
      { numRuns: 60 },
    )
  })

  it('is not clear with one sensor, nor with two that contradict one another', () => {
    expect(
      clearanceBlockers(after(cleanHistory().filter(({ sensorId }) => sensorId === 'one')), END_MS).join(),
    ).toContain('1 of 2')
    const apart = cleanHistory().map((reading) =>
      reading.sensorId === 'two' && reading.atMs > 2000 ? { ...reading, ppm: 0.9 } : reading,
    )
    expect(clearanceBlockers(after(apart), END_MS).join()).toContain('contradict')
  })

  it('takes readings that come late or twice for nothing', () => {
    const state = after(cleanHistory())
    expect(withReading(state, { sensorId: 'one', atMs: END_MS, ppm: 900 })).toEqual(state)
    expect(clearanceBlockers(state, END_MS - 1)).not.toEqual([])
    expect(CLEARANCE_LIMITS.limitPpm).toBeLessThanOrEqual(1)
  })
})

describe('exposure', () => {
  const every = fc.array(fc.oneof(fc.double({ min: 0, max: 900, noNaN: true }), fc.constant(null)), {
    maxLength: 60,
  })

  it('is never more than every reading held its value up to the next, and its dwell begins anew below the target', () => {
    fc.assert(
      fc.property(every, (values) => {
        let exposure = NO_EXPOSURE
        let most = 0
        let unbroken = 0
        values.forEach((ppm, second) => {
          exposure = withExposure(exposure, 1000 * second, ppm, 250)
          most += (ppm ?? 0) / 3600
          unbroken = ppm !== null && ppm >= 250 ? unbroken + 1 : 0
          expect(exposure.dwellS).toBeLessThanOrEqual(Math.max(0, unbroken - 1) + 1e-9)
        })
        expect(exposure.ppmHours).toBeLessThanOrEqual(most + 1e-9)
      }),
    )
  })

  it('is by hand 100 ppm·h after an hour at 100 ppm, and leaves gaps out', () => {
    let exposure = NO_EXPOSURE
    for (let second = 0; second <= 3600; second += 1)
      exposure = withExposure(exposure, 1000 * second, 100, 50)
    expect(exposure.ppmHours).toBeCloseTo(100, 9)
    expect(exposure.dwellS).toBe(3600)
    const later = withExposure(exposure, 3_600_000 + MAX_READING_GAP_MS + 1, 100, 50)
    expect(later.ppmHours).toBe(exposure.ppmHours)
    expect(later.dwellS).toBe(0)
  })
})

describe('outside of a gassed room', () => {
  const watch = watchOutside(['corridor'], 0)
  const read = (ppm: number | null) => withOutsideReading(watch, { sensorId: 'corridor', atMs: 1000, ppm })

  it('stops the gas over 1 ppm, evacuates over 2 ppm, and keeps the alarm until a person resets it', () => {
    expect(read(1).action).toBe('none')
    expect(read(1.1)).toMatchObject({ action: 'stopGas', reason: '1.1 ppm at corridor' })
    expect(read(2.1).action).toBe('evacuate')
    expect(withOutsideReading(read(2.1), { sensorId: 'corridor', atMs: 2000, ppm: 0 }).action).toBe(
      'evacuate',
    )
  })

  it('takes a sensor that is silent or senseless for an alarm', () => {
    expect(withOutsideTime(watch, MAX_READING_GAP_MS).action).toBe('none')
    expect(withOutsideTime(watch, MAX_READING_GAP_MS + 1).action).toBe('stopGas')
    for (const ppm of [null, Number.NaN, -3]) expect(read(ppm).action).toBe('stopGas')
  })

  it('never sinks', () => {
    const order = ['none', 'stopGas', 'evacuate']
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 4, noNaN: true })), (values) => {
        let state = watch
        for (const [index, ppm] of values.entries()) {
          const next = withOutsideReading(state, { sensorId: 'corridor', atMs: 1000 * index, ppm })
          expect(order.indexOf(next.action)).toBeGreaterThanOrEqual(order.indexOf(state.action))
          state = next
        }
      }),
    )
  })
})

describe('sealing', () => {
  it('names what lets gas out', () => {
    expect(unsealedReasons({ openDoors: [], movedGuards: [], isHvacIsolated: true })).toEqual([])
    expect(
      unsealedReasons({ openDoors: ['door A'], movedGuards: ['door B'], isHvacIsolated: false }),
    ).toEqual(['door A is open', 'the guard of door B was moved', 'the ventilation is not isolated'])
  })
})
