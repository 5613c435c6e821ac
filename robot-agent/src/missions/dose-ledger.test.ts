import { createIrradianceField, DEFAULT_LAMP, surfacesOf } from '@wardlight/core/disinfection'
import type { Pose2 } from '@wardlight/core/geometry'
import { describe, expect, it } from 'vitest'
import { ENTRY, ROOM } from '../testing/robot-bench.ts'
import { DoseLedger } from './dose-ledger.ts'

const TUBES = DEFAULT_LAMP.tubes.length
const all = (fraction: number) => Array.from({ length: TUBES }, () => fraction)

const DEVIATION_M = 0.02

/** Doses after measurements 100 ms apart. */
function after(...measurements: (readonly number[])[]): Float64Array {
  return afterAt(ENTRY, DEVIATION_M, ...measurements)
}

function afterAt(at: Pose2, deviationM: number, ...measurements: (readonly number[])[]): Float64Array {
  const ledger = new DoseLedger(ROOM, 1, DEFAULT_LAMP)
  for (const [index, fractions] of measurements.entries())
    ledger.measure(100 * index, fractions, at, deviationM)
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
    ledger.measure(0, all(1), ENTRY, DEVIATION_M)
    ledger.measure(600, all(1), ENTRY, DEVIATION_M)
    ledger.measure(500, all(1), ENTRY, DEVIATION_M)
    ledger.measure(600, all(1), null, DEVIATION_M)
    ledger.measure(700, all(1), ENTRY, Infinity)
    ledger.measure(800, all(1), ENTRY, NaN)
    expect(ledger.hasDose).toBe(false)
  })

  it('counts what is given wherever within two standard deviations the robot may stand', () => {
    const lit = [all(1), all(1)]
    const doubted = afterAt(ENTRY, 0.03, ...lit)
    for (let angle = 0; angle < 2 * Math.PI; angle += Math.PI / 4) {
      const beside = { ...ENTRY, x: ENTRY.x + 0.06 * Math.cos(angle), y: ENTRY.y + 0.06 * Math.sin(angle) }
      const truly = createIrradianceField(surfacesOf(ROOM, 1), ROOM, DEFAULT_LAMP).at(beside)
      doubted.forEach((dose, index) => expect(dose).toBeLessThanOrEqual(truly[index]! * 1e-4 + 1e-9))
    }
  })

  it('writes down less the less the robot knows where it is', () => {
    const sum = (doses: Float64Array) => doses.reduce((total, dose) => total + dose, 0)
    const sums = [0.01, 0.05, 0.1, 0.2].map((deviationM) => sum(afterAt(ENTRY, deviationM, all(1), all(1))))
    expect(sums).toEqual(sums.toSorted((a, b) => b - a))
    expect(sums.at(-1)).toBeLessThan(sums[0]!)
  })
})
