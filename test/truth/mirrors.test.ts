import { findRoom, readFloorPlan } from '@wardlight/core/floor'
import { expect, it } from 'vitest'
import { comesIn, newTally, nobodyIsThere, standsThere } from '../../scripts/src/bench/perception-suite.ts'
import { nodePlanFiles } from '../../scripts/src/node-plan-files.ts'
import { sampleHospital } from '../../scripts/src/paths.ts'

const { plan } = readFloorPlan(sampleHospital, nodePlanFiles)
/** Its front is of glass; here every wall carries a mirror, too. */
const place = { ...findRoom(plan, 'I1'), hasMirrors: true }

it('glass and mirrors make nobody vanish who comes in or stands freely', () => {
  const [came, stood] = [newTally(), newTally()]
  for (let seed = 1; seed <= 6; seed += 1) {
    comesIn(came, plan, place, seed)
    standsThere(stood, plan, place, seed, [0.5, Infinity])
  }
  expect(came.cases).toBeGreaterThan(3)
  expect(came.seen).toBe(came.cases)
  expect(stood.cases).toBeGreaterThan(2)
  expect(stood.seen).toBe(stood.cases)
})

it('glass and mirrors do not make somebody of nobody', () => {
  const tally = newTally()
  nobodyIsThere(tally, plan, place, 0.05)
  expect(tally.hours).toBeCloseTo(0.05)
  // A front of glass that the robot faces squarely comes and goes.
  nobodyIsThere(tally, plan, { ...findRoom(plan, 'ICU1'), hasMirrors: false }, 0.1)
  expect(tally.hours).toBeCloseTo(0.15)
  expect(tally.alarms).toBe(0)
})
