import { describe, expect, it } from 'vitest'
import { en } from '../i18n/en.ts'
import { unitsIn } from '../store/fleet-selectors.ts'
import { aRobot } from '../testing/builders.ts'
import { powerWords } from './robot-power.ts'

describe('what feeds a robot', () => {
  it('is its battery, or the mains for a unit that is fixed and always full', () => {
    expect(powerWords(en, aRobot({ batteryFraction: 0.8 }))).toBe('80 %')
    expect(powerWords(en, aRobot({ batteryFraction: 1, isCharging: true }))).toBe('100 %')
    expect(powerWords(en, aRobot({ isFixed: true, batteryFraction: 1, isCharging: true }))).toBe('Mains')
    expect(powerWords(en, aRobot({ isFixed: true, batteryFraction: 0.4 }))).toBe('40 %')
    expect(powerWords(en, aRobot({ batteryFraction: null }))).toBeNull()
  })
})

it('finds the units that hang in a room, and no robot that only passes through', () => {
  const square = [
    { x: 0, y: 0 },
    { x: 2, y: 0 },
    { x: 2, y: 3 },
    { x: 0, y: 3 },
  ]
  const robots = {
    unit: aRobot({ id: 'unit', isFixed: true }),
    driving: aRobot({ id: 'driving' }),
    upstairs: aRobot({
      id: 'upstairs',
      isFixed: true,
      position: { x: 1, y: 2, theta: 0, levelId: 'L2', isLocalized: true },
    }),
  }
  expect(unitsIn(robots, 'L1', square).map(({ id }) => id)).toEqual(['unit'])
})
