import { DEFAULT_LAMP } from '@wardlight/core/disinfection'
import { describe, expect, it } from 'vitest'
import { ENTRY, ROOM } from '../testing/robot-bench.ts'
import { DoseLedger } from './dose-ledger.ts'

const TUBES = DEFAULT_LAMP.tubes.length
const all = (fraction: number) => Array.from({ length: TUBES }, () => fraction)

/** Doses after measurements 100 ms apart. */
function after(...measurements: (readonly number[])[]): Float64Array {
  const ledger = new DoseLedger(ROOM, 1, DEFAULT_LAMP)
  for (const [index, fractions] of measurements.entries()) ledger.measure(100 * index, fractions, ENTRY)
  return ledger.doseMjPerCm2
}
const NONE = new Float64Array(after(all(0)).length)

describe('the dose ledger writes down no more than was delivered', () => {
  it('counts the lower end of a ramp', () => {
    expect(after(all(0), all(1))).toEqual(NONE)
    expect(after(all(0.4), all(1))).toEqual(after(all(0.4), all(0.4)))
    expect(after(all(1), all(0.4))).toEqual(after(all(0.4), all(0.4)))
  })

  it('takes a reading above the rated output for the rated output', () => {
    expect(after(all(7), all(7))).toEqual(after(all(1), all(1)))
  })

  it.each([
    ['of another number of tubes', [1]],
    ['of no tube', []],
    ['that is no number', all(NaN)],
    ['below zero', all(-1)],
  ])('counts nothing for a measurement %s', (_, fractions) => {
    expect(after(fractions, fractions)).toEqual(NONE)
    expect(after(all(1), fractions, all(1))).toEqual(NONE)
  })

  it('sums the tubes one by one when one of them is dead', () => {
    const dead = after([0, ...all(1).slice(1)], [0, ...all(1).slice(1)])
    const whole = after(all(1), all(1))
    dead.forEach((dose, index) => expect(dose).toBeLessThanOrEqual(whole[index]! + 1e-12))
    expect(dead.some((dose, index) => dose < 0.95 * whole[index]!)).toBe(true)
  })

  it('counts nothing over a gap, backwards in time, or without a pose', () => {
    const ledger = new DoseLedger(ROOM, 1, DEFAULT_LAMP)
    ledger.measure(0, all(1), ENTRY)
    ledger.measure(600, all(1), ENTRY)
    ledger.measure(500, all(1), ENTRY)
    ledger.measure(600, all(1), null)
    expect(ledger.hasDose).toBe(false)
  })
})
