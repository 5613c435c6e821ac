import { SimulatedClock } from '@wardlight/core/clock'
import { agedOutputFraction, DEFAULT_LAMP, type LampModel } from '@wardlight/core/disinfection'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RobotReading } from './ports.ts'
import { LampLife, newTube, type TubeLife } from './lamp-life.ts'

const LAMP: LampModel = { ...DEFAULT_LAMP, tubes: DEFAULT_LAMP.tubes.slice(0, 2) }
const S_PER_H = 3600

function begin({ tubes, asFitted = LAMP }: { tubes?: readonly TubeLife[]; asFitted?: LampModel } = {}) {
  const clock = new SimulatedClock()
  let tell: (reading: RobotReading) => void = () => {}
  const sensors = {
    subscribe(listener: (reading: RobotReading) => void) {
      tell = listener
      return { dispose() {} }
    },
  }
  const life = new LampLife({ sensors, clock, asFitted, tubes })
  life.start()
  return {
    life,
    /** Readings every `gapMs`, the first one now. */
    shine: (fractions: readonly number[], durationMs: number, gapMs = 100): void => {
      tell({ kind: 'lampOutput', fractions })
      for (let ms = 0; ms < durationMs; ms += gapMs) {
        clock.advance(gapMs)
        tell({ kind: 'lampOutput', fractions })
      }
      tell({ kind: 'lampOutput', fractions: fractions.map(() => 0) })
    },
    pass: (ms: number) => clock.advance(ms),
  }
}

const burned = (hours: number) => ({ 1: hours * S_PER_H })

describe('the hours of a lamp', () => {
  it('are counted tube by tube, by what is measured', () => {
    const { life, shine } = begin()
    shine([1, 0.02], 60_000)
    shine([0.7, 0.9], 30_000)
    expect(life.burnedS).toEqual({ 1: 90, 2: 30 })
    expect(life.tubes.map(({ hours }) => hours * S_PER_H)).toEqual([
      expect.closeTo(90, 6),
      expect.closeTo(30, 6),
    ])
    expect(life.isBurning).toBe(false)
  })

  it('do not grow over a silence, or while it is dark', () => {
    const { life, shine, pass } = begin()
    shine([1, 1], 10_000)
    pass(3_600_000)
    shine([0, 0], 10_000)
    shine([1, 1], 10_000, 2000)
    expect(life.burnedS).toEqual({ 1: 10, 2: 10 })
  })

  it('go on from what was kept; those of a tube that was taken out are its own', () => {
    const tubes = [newTube('A17'), { ...newTube('B04'), hoursWhenFitted: 500 }]
    const { life, shine } = begin({ tubes })
    life.recall({ A17: 1 * S_PER_H, old: 8000 * S_PER_H })
    shine([1, 1], 36_000)
    expect(life.tubes).toEqual([
      { id: 'A17', hours: expect.closeTo(1.01, 6) as number, ratedLifeHours: 9000, isMeasured: false },
      { id: 'B04', hours: expect.closeTo(500.01, 6) as number, ratedLifeHours: 9000, isMeasured: false },
    ])
    expect(life.burnedS).not.toHaveProperty('old')
  })

  it('property: the older, the weaker, by the least that the standard allows; never brighter than as fitted', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 9000, noNaN: true }),
        fc.double({ min: 0, max: 9000, noNaN: true }),
        fc.double({ min: 0.1, max: 1, noNaN: true }),
        (one, other, outputFraction) => {
          const [younger, older] = [Math.min(one, other), Math.max(one, other)]
          const output = (hours: number) => {
            const asFitted = { ...LAMP, tubes: LAMP.tubes.map((tube) => ({ ...tube, outputFraction })) }
            const { life } = begin({ asFitted })
            life.recall(burned(hours))
            return life.lamp.tubes[0]!.outputFraction!
          }
          expect(output(older)).toBeLessThanOrEqual(output(younger))
          expect(output(younger)).toBeLessThanOrEqual(outputFraction)
          expect(output(older)).toBeLessThanOrEqual(agedOutputFraction(Math.floor(older), 9000))
        },
      ),
    )
  })

  it('leave a tube that was measured as it was measured', () => {
    const asFitted = { ...LAMP, tubes: LAMP.tubes.map((tube) => ({ ...tube, outputFraction: 0.9 })) }
    const tubes = [{ ...newTube('1'), isMeasured: true }, newTube('2')]
    const { life } = begin({ asFitted, tubes })
    life.recall({ 1: 10_000 * S_PER_H, 2: 2000 * S_PER_H })
    expect(life.lamp.tubes.map(({ outputFraction }) => outputFraction)).toEqual([
      0.9,
      expect.closeTo(0.85, 9),
    ])
    expect(life.problem).toBeNull()
  })

  it('beyond the rated life nobody says what the lamp gives', () => {
    const { life } = begin()
    life.recall(burned(9000))
    expect(life.problem).toBeNull()
    life.recall(burned(9000.1))
    expect(life.problem).toContain('tube 1 burned for its rated life of 9000 h')
  })
})
