import fc from 'fast-check'
import { expect, it } from 'vitest'
import { compareSchedules } from './compare.ts'
import { explain, type ExplainedSchedule, type Names } from './explain.ts'
import { optimise } from './optimise.ts'
import type { ScheduleJob, ScheduleProblem } from './problem.ts'
import { HOUR, job, MINUTE, NOW, problemOf, robot } from './testing/problems.ts'

function namesOf(problem: ScheduleProblem): Names {
  return {
    robot: (index) => problem.robots[index]!.id,
    room: (index) => problem.jobs[index]!.id,
    time: (ms) => `+${Math.round((ms - NOW) / MINUTE)}`,
  }
}

function solved(problem: ScheduleProblem): ExplainedSchedule {
  return explain(problem, optimise(problem, { seed: 1, effort: 5000 }), namesOf(problem))
}

function effects(before: ScheduleProblem, after: ScheduleProblem) {
  return compareSchedules(
    solved(before),
    solved(after),
    after.jobs.map(({ deadlineMs }) => deadlineMs),
    namesOf(after),
  ).map(({ kind, words }) => [kind, words])
}

it('says who goes first now, who waits, and whose deadline is missed by how much', () => {
  const rooms = [job('room 5', { deadlineMs: NOW + 35 * MINUTE }), job('room 7')]
  const before = problemOf(rooms, [robot('uv-1')])
  const after = problemOf([rooms[0]!, { ...rooms[1]!, priority: 'stat' }], [robot('uv-1')])
  expect(effects(before, after)).toEqual([
    ['late', 'room 5 begins at +30 in place of +0, and misses its deadline, +35, by 25 min.'],
    ['earlier', 'room 7 begins at +0 in place of +30.'],
  ])
  expect(effects(after, before)).toEqual([
    ['later', 'room 7 begins at +30 in place of +0.'],
    ['inTime', 'room 5 begins at +0 in place of +30, and meets its deadline.'],
  ])
})

it('says who comes in place of whom, and to whom nobody gets any more', () => {
  const robots = [robot('uv-1'), robot('uv-2')]
  const other = (patch: Partial<ScheduleJob>) => problemOf([job('room', patch)], robots)
  expect(effects(other({ robotId: 'uv-1' }), other({ robotId: 'uv-2' }))).toEqual([
    ['otherRobot', 'room stays at +0, by uv-2 in place of uv-1.'],
  ])
  const closed = [{ fromMs: NOW, toMs: NOW + HOUR }]
  const never = other({ closed, latestStartMs: NOW + 10 * MINUTE })
  expect(effects(other({}), never)).toEqual([
    ['unmet', 'Nobody gets to room: it is closed to robots while it is wanted.'],
  ])
  expect(effects(never, other({ robotId: 'uv-1' }))).toEqual([['met', 'room is reached: uv-1, +0.']])
})

it('of a schedule with itself is nothing, and names every room that is another one once', () => {
  const jobs = fc
    .array(
      fc.record({
        placeIndex: fc.integer({ min: 0, max: 20 }),
        deadlineMs: fc.option(fc.integer({ min: NOW, max: NOW + 2 * HOUR })),
        priority: fc.constantFrom('stat' as const, 'next' as const, 'routine' as const),
      }),
      { minLength: 1, maxLength: 6 },
    )
    .map((patches) => patches.map((patch, index) => job(`room ${index}`, patch)))
  fc.assert(
    fc.property(jobs, fc.nat(), (rooms, which) => {
      const before = problemOf(rooms, [robot('uv-1')])
      expect(effects(before, before)).toEqual([])
      const changed = which % rooms.length
      const after = {
        ...before,
        jobs: rooms.map((each, index) =>
          index === changed ? { ...each, priority: 'stat' as const, releaseMs: NOW + HOUR } : each,
        ),
      }
      const startOf = (schedule: ExplainedSchedule, jobIndex: number) =>
        schedule.visits.find((visit) => visit.jobIndex === jobIndex)!.startMs
      const [was, will] = [solved(before), solved(after)]
      const moved = rooms.flatMap((_, index) =>
        Math.abs(startOf(will, index) - startOf(was, index)) >= MINUTE ? [index] : [],
      )
      const said = compareSchedules(
        was,
        will,
        after.jobs.map(({ deadlineMs }) => deadlineMs),
        namesOf(after),
      ).map(({ jobIndex }) => jobIndex)
      expect(said.toSorted((a, b) => a - b)).toEqual(moved)
    }),
    { numRuns: 40 },
  )
})
