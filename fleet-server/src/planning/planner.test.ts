import { afterEach, beforeEach, expect, it } from 'vitest'
import { DEFAULT_LAMP, roomModelOf } from '@wardlight/core/disinfection'
import { smallPlan } from '../testing/small-plan.ts'
import { createPlanner, type Planner } from './planner.ts'
import type { PlanningInput } from './worker-messages.ts'

let planner: Planner
beforeEach(() => {
  planner = createPlanner()
})
afterEach(() => planner.stop())

function input(patch: Partial<PlanningInput> = {}): PlanningInput {
  const level = smallPlan().levels[0]!
  return {
    room: roomModelOf(level, level.rooms[1]!),
    surfaceSizeM: 0.5,
    lamp: DEFAULT_LAMP,
    organismId: 'sars-cov-2',
    targetLog: 3,
    robot: { radiusM: 0.3, speedMps: 0.4 },
    entry: { x: 2.1, y: 2.6, theta: Math.PI / 2 },
    ...patch,
  }
}

it('plans in its thread while this one goes on', async () => {
  let turns = 0
  const timer = setInterval(() => turns++, 1)
  const plan = await planner.plan(input())
  clearInterval(timer)
  expect(plan.stops.length).toBeGreaterThan(0)
  expect(turns).toBeGreaterThan(5)
})

it('gives errors back as they were thrown', async () => {
  await expect(planner.plan(input({ organismId: 'dragon' }))).rejects.toMatchObject({
    code: 'WARD_ERR_ORGANISM_UNKNOWN',
  })
})

it('lets go of what is being planned when it stops, and starts again when asked', async () => {
  const lost = planner.plan(input())
  await Promise.all([expect(lost).rejects.toThrow('the server stops'), planner.stop()])
  await expect(planner.plan(input())).resolves.toHaveProperty('stops')
})
