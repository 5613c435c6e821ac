import { expect, it } from 'vitest'
import { Battery, DESIGN_CAPACITY_AH } from './battery.ts'

/** Seconds of work until it is nearly empty, then of charging until it is full. */
function cycle(battery: Battery): number {
  let seconds = 0
  for (; battery.fraction > 0.01; seconds += 60) battery.step(60, 0.5, 100, false)
  while (battery.fraction < 1) battery.step(60, 0, 0, true)
  return seconds
}

it('a battery ages with what is drawn, to four fifths after 3000 cycles, and works for less long then', () => {
  const battery = new Battery(1)
  expect(battery.capacityAh).toBe(DESIGN_CAPACITY_AH)
  const newS = cycle(battery)
  for (let count = 1; count < 3000; count += 1) cycle(battery)
  // Its cycles become smaller as it ages.
  expect(battery.capacityAh / DESIGN_CAPACITY_AH).toBeGreaterThan(0.8)
  expect(battery.capacityAh / DESIGN_CAPACITY_AH).toBeLessThan(0.84)
  expect(cycle(battery) / newS).toBeCloseTo(battery.capacityAh / DESIGN_CAPACITY_AH, 1)
})

it('one that begins worn is full with less in it', () => {
  expect(new Battery(1, 0.6).fraction).toBe(1)
  expect(new Battery(1, 0.6).capacityAh).toBeCloseTo(0.6 * DESIGN_CAPACITY_AH, 9)
})
