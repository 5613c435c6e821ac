import { createRandom } from '@wardlight/core/random'
import { lowerBound, optimise, type Schedule, type ScheduleProblem } from '@wardlight/fleet-server/schedule'
import { compare, elapsedMs, spreadOf } from './measure.ts'
import { hospitalNight, makespanMs, MINUTE_MS, movedRooms, oneAtATimeMs, told } from './schedule-hospital.ts'
import { loadScheduleSolver, optimalCost } from './schedule-optimum.ts'
import type { BenchRow, BenchSettings, BenchSuite, GrowthTable } from './suite.ts'

/** Steps tried for a plan from nothing, by rooms, and after an event. */
const EFFORT_A_ROOM = 15_000
const MOST_EFFORT = 12_000_000
const REPLAN_EFFORT = 300_000

interface Size {
  readonly robots: number
  readonly rooms: number
}

export const SCHEDULE_SUITE: BenchSuite = {
  id: 'schedule',
  about: 'who treats which room when',
  async run(settings) {
    const failures: string[] = []
    const size = settings.isQuick ? { robots: 4, rooms: 12 } : { robots: 50, rooms: 200 }
    return {
      suite: 'schedule',
      rows: [
        ...nightRows(settings, size, failures),
        await optimumRow(settings, failures),
        replanRow(settings, size),
      ],
      growth: [stabilityTable(settings, size, failures), growthTable(settings, failures)],
      failures,
    }
  },
}

function planned(problem: ScheduleProblem, { isQuick }: BenchSettings, failures: string[]): Schedule {
  const schedule = optimise(problem, { seed: 1, effort: effortFor(problem, isQuick) })
  if (schedule.unmet.length > 0)
    failures.push(`${schedule.unmet.length} rooms were left out of a night without end`)
  return schedule
}

function effortFor({ jobs }: ScheduleProblem, isQuick: boolean): number {
  return isQuick ? 20_000 : Math.min(MOST_EFFORT, EFFORT_A_ROOM * jobs.length)
}

/** Other nights in each round; both sides and the bound see the same one. */
function nightRows(settings: BenchSettings, size: Size, failures: string[]): BenchRow[] {
  const nights = Array.from({ length: settings.rounds }, (_, round) => {
    const problem = hospitalNight({ ...size, seed: 1 + round })
    const schedule = planned(problem, settings, failures)
    const bound = lowerBound(problem)
    const oursMs = makespanMs(problem, schedule)
    if (oursMs < bound.makespanMs) failures.push('a schedule was better than its lower bound')
    return { oursMs, boundMs: bound.makespanMs, serialMs: oneAtATimeMs(problem), cost: schedule.cost, bound }
  })
  const perRoom = (ms: number) => ms / MINUTE_MS / size.rooms
  const perHour = (ms: number) => ((60 * MINUTE_MS * size.rooms) / ms).toPrecision(3)
  const median = (figures: number[]) => spreadOf(figures).median
  const head = { unit: 'minutes a room', rounds: settings.rounds }
  const name = `${size.robots} robots, ${size.rooms} rooms`
  const ours = {
    name: 'the schedule, with charging and decontamination',
    figures: spreadOf(nights.map(({ oursMs }) => perRoom(oursMs))),
  }
  return [
    {
      ...head,
      id: 'night',
      name: `A night's rooms, ${name}`,
      ours,
      peer: {
        name: 'one robot at a time, never charged nor decontaminated',
        figures: spreadOf(nights.map(({ serialMs }) => perRoom(serialMs))),
      },
      ratio: spreadOf(nights.map(({ oursMs, serialMs }) => serialMs / oursMs)),
      goal: null,
      notes: [
        `rooms an hour: ${perHour(median(nights.map(({ oursMs }) => oursMs)))}, one at a time ${perHour(median(nights.map(({ serialMs }) => serialMs)))}, bound ${perHour(median(nights.map(({ boundMs }) => boundMs)))}`,
      ],
    },
    {
      ...head,
      id: 'night-bound',
      name: `The same against what nothing can beat, ${name}`,
      ours,
      peer: {
        name: 'lower bound: all work and the shortest ways shared evenly, or the longest room alone',
        figures: spreadOf(nights.map(({ boundMs }) => perRoom(boundMs))),
      },
      ratio: spreadOf(nights.map(({ oursMs, boundMs }) => boundMs / oursMs)),
      goal: null,
      notes: [
        `waiting, weighted by urgency: bound over ours ${median(nights.map(({ cost, bound }) => bound.waitingCost / cost)).toPrecision(3)}`,
        'the bound knows neither batteries nor decontamination',
      ],
    },
  ]
}

async function optimumRow({ rounds, isQuick }: BenchSettings, failures: string[]): Promise<BenchRow> {
  const highs = await loadScheduleSolver()
  const size = isQuick ? { robots: 2, rooms: 4 } : { robots: 3, rooms: 7 }
  const pairs = Array.from({ length: rounds }, (_, round) => {
    const problem = hospitalNight({ ...size, seed: 100 + round, isPlain: true })
    const best = optimalCost(highs, problem)
    const ours = optimise(problem, { seed: 1, effort: 100_000 }).cost
    if (ours < best * (1 - 1e-6)) failures.push('a schedule was better than the proven optimum')
    return { best, ours }
  })
  return {
    id: 'optimum',
    name: `Against the proven optimum, ${size.robots} robots, ${size.rooms} rooms`,
    unit: 'points',
    rounds,
    ours: { name: 'the schedule', figures: spreadOf(pairs.map(({ ours }) => ours)) },
    peer: { name: 'HiGHS, mixed-integer programme', figures: spreadOf(pairs.map(({ best }) => best)) },
    ratio: spreadOf(pairs.map(({ best, ours }) => best / ours)),
    goal: 0.99,
    notes: ['1 is optimal; without batteries, burdens and shifts, for which the programme has no words'],
  }
}

/** One more urgent room in the middle of the night. */
function withUrgentRoom(problem: ScheduleProblem, schedule: Schedule, index: number): ScheduleProblem {
  const like = problem.jobs[index % problem.jobs.length]!
  return {
    ...problem,
    jobs: [...problem.jobs, { ...like, id: `urgent-${index}`, priority: 'stat' }],
    previous: told(problem, schedule),
  }
}

function replanRow(settings: BenchSettings, size: Size): BenchRow {
  const problem = hospitalNight({ ...size, seed: 1 })
  const event = withUrgentRoom(problem, planned(problem, settings, []), 3)
  const anew = { ...event, previous: new Map() }
  const [effort, anewEffort] = settings.isQuick ? [2000, 20_000] : [REPLAN_EFFORT, effortFor(anew, false)]
  return compare(
    {
      id: 'replan',
      name: `A stat room comes, ${size.robots} robots, ${size.rooms} rooms`,
      unit: 'ms',
      goal: null,
      ours: {
        name: 'planned again around what people were told',
        measure: () => elapsedMs(() => optimise(event, { seed: 2, effort })),
      },
      peer: {
        name: 'planned anew',
        measure: () => elapsedMs(() => optimise(anew, { seed: 2, effort: anewEffort })),
      },
    },
    settings.rounds,
  )
}

/** How many rooms get another robot when something happens that need not concern them. */
function stabilityTable(settings: BenchSettings, size: Size, failures: string[]): GrowthTable {
  const random = createRandom(7)
  const effort = settings.isQuick ? 2000 : REPLAN_EFFORT
  let problem = hospitalNight({ ...size, seed: 1 })
  let schedule = planned(problem, settings, failures)
  const events: readonly (readonly [string, (problem: ScheduleProblem, at: number) => ScheduleProblem])[] = [
    ['a stat room comes', (now, at) => withUrgentRoom(now, schedule, at)],
    [
      'a room is withdrawn',
      (now) => ({ ...now, jobs: now.jobs.filter((_, index) => index !== now.jobs.length - 2) }),
    ],
    [
      'a robot is 20 min late',
      (now) => ({
        ...now,
        robots: now.robots.map((robot, index) =>
          index === random.integer(now.robots.length)
            ? { ...robot, availableMs: robot.availableMs + 20 * MINUTE_MS }
            : robot,
        ),
      }),
    ],
    [
      'a robot is gone',
      (now) => {
        const gone = random.integer(now.robots.length)
        return { ...now, robots: now.robots.filter((_, index) => index !== gone) }
      },
    ],
  ]
  const kinds = new Map<string, { moved: number[]; anew: number[]; cost: number[] }>()
  for (let at = 0; at < (settings.isQuick ? 4 : 20); at += 1) {
    const [kind, happen] = events[at % events.length]!
    const before = told(problem, schedule)
    const next = { ...happen(problem, at), previous: before }
    const after = optimise(next, { seed: at, effort })
    const forgetful = { ...next, previous: new Map() }
    const anew = optimise(forgetful, { seed: at, effort: 4 * effort })
    // A robot that is gone leaves its rooms to others: those had to move.
    const known = new Map(
      [...before].filter(([, { robotId }]) => next.robots.some(({ id }) => id === robotId)),
    )
    const row = kinds.get(kind) ?? { moved: [], anew: [], cost: [] }
    kinds.set(kind, row)
    row.moved.push(movedRooms(known, told(next, after)))
    row.anew.push(movedRooms(known, told(forgetful, anew)))
    row.cost.push(makespanMs(next, after) / makespanMs(forgetful, anew))
    if (after.unmet.length > 0) failures.push(`after "${kind}" rooms were left out`)
    problem = next
    schedule = after
  }
  return {
    id: 'stability',
    name: `Rooms that get another robot without need, ${size.robots} robots, ${size.rooms} rooms`,
    size: 'event',
    figures: [
      'moved, median',
      'moved, most',
      'planned anew: moved, median',
      'end of the night, against anew',
    ],
    rows: [...kinds].map(([kind, { moved, anew, cost }]) => ({
      size: kind,
      figures: [spreadOf(moved).median, spreadOf(moved).max, spreadOf(anew).median, spreadOf(cost).median],
    })),
    notes: ['planned anew has four times the effort, and no memory of what people were told'],
  }
}

function growthTable(settings: BenchSettings, failures: string[]): GrowthTable {
  return {
    id: 'growth',
    name: 'By the size of the fleet, four rooms a robot',
    size: 'robots',
    figures: [
      'seconds to plan a night',
      'ms to plan again',
      'rooms an hour',
      'of the bound',
      'rooms an hour, one at a time',
    ],
    rows: (settings.isQuick ? [2, 4] : [10, 20, 50, 100, 200, 500]).map((robots) => {
      const rooms = 4 * robots
      const problem = hospitalNight({ robots, rooms, seed: 1 })
      let schedule!: Schedule
      const seconds = elapsedMs(() => (schedule = planned(problem, settings, failures))) / 1000
      const event = withUrgentRoom(problem, schedule, 1)
      const effort = settings.isQuick ? 2000 : REPLAN_EFFORT
      const replanMs = spreadOf(
        [1, 2, 3].map((seed) => elapsedMs(() => optimise(event, { seed, effort }))),
      ).median
      const oursMs = makespanMs(problem, schedule)
      const perHour = (ms: number) => (60 * MINUTE_MS * rooms) / ms
      return {
        size: robots,
        figures: [
          seconds,
          replanMs,
          perHour(oursMs),
          lowerBound(problem).makespanMs / oursMs,
          perHour(oneAtATimeMs(problem)),
        ],
      }
    }),
    notes: [
      'the effort grows with the rooms up to 800 of them; corridors lie 25 m apart, so large hospitals drive much',
    ],
  }
}
