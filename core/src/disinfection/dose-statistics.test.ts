import { expect, it } from 'vitest'
import { doseStatistics } from './dose-statistics.ts'

it('gives least, 5 % and median doses, whatever the order, and zeros for none', () => {
  const doses = Array.from({ length: 101 }, (_, index) => 100 - index)
  expect(doseStatistics(doses)).toEqual({ min: 0, p5: 5, p50: 50 })
  expect(doseStatistics([3, 1])).toEqual({ min: 1, p5: 1.1, p50: 2 })
  expect(doseStatistics([])).toEqual({ min: 0, p5: 0, p50: 0 })
})
