import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { burdenTable, type BurdenTable } from '../contamination/burden-table.ts'
import { initialContamination } from '../contamination/contamination.ts'
import { explain, type ExplainedSchedule, type Names } from './explain.ts'
import { lowerBound } from './lower-bound.ts'
import { optimise, type Schedule } from './optimise.ts'
import { DEFAULT_WEIGHTS, PRIORITIES, type ScheduleProblem } from './problem.ts'
import { emptyRoute, prepare, rerouted, routeCost } from './route.ts'
import { HOUR, job, MINUTE, NO_BURDENS, NOW, problemOf, robot } from './testing/problems.ts'

const SEARCH = { seed: 1, effort: 40_000 }

function names(problem: ScheduleProblem): Names {
  return {
    robot: (index) => problem.robots[index]!.id,
    room: (index) => problem.jobs[index]!.id,
    time: (ms) => `+${Math.round((ms - NOW) / MINUTE)}`,
  }
}

function scheduled(problem: ScheduleProblem, search = SEARCH) {
  const schedule = optimise(problem, search)
  const explained = explain(problem, schedule, names(problem))
  return {
    schedule,
    explained,
    order: explained.visits.map(({ jobIndex }) => problem.jobs[jobIndex]!.id),
    visit: (id: string) => explained.visits.find(({ jobIndex }) => problem.jobs[jobIndex]!.id === id)!,
  }
}

describe('a schedule', () => {
  it('does what is urgent first, and what is near before what is far', () => {
    const jobs = [
      job('far', { placeIndex: 9 }),
      job('near', { placeIndex: 1 }),
      job('stat', { placeIndex: 5, priority: 'stat' }),
      job('next', { placeIndex: 2, priority: 'next' }),
    ]
    expect(scheduled(problemOf(jobs, [robot('uv-1')])).order).toEqual(['stat', 'next', 'near', 'far'])
  })

  it('shares rooms out, and says why this robot then', () => {
    const jobs = [job('east', { placeIndex: 10 }), job('west', { placeIndex: -10 })]
    const robots = [robot('uv-w', { placeIndex: -8 }), robot('uv-e', { placeIndex: 8 })]
    const { visit } = scheduled(problemOf(jobs, robots))
    expect(visit('east').reason).toBe(
      'uv-e, +2, because it is free, 2 min away; uv-w after its own work only at +52.',
    )
    expect(visit('west').reason).toContain('uv-w, +2')
  })

  it('begins only where somebody can arm, and says so', () => {
    const problem = problemOf([job('room')], [robot('uv-1')], {
      staffed: [
        { fromMs: NOW, toMs: NOW + 4 * MINUTE },
        { fromMs: NOW + 3 * HOUR, toMs: NOW + 5 * HOUR },
      ],
    })
    const { visit } = scheduled(problem)
    expect(visit('room').startMs).toBe(NOW + 3 * HOUR)
    expect(visit('room').reason).toContain('nobody is there to arm it before')
  })

  it('keeps out of a room while it is closed, and says so', () => {
    const closed = [{ fromMs: NOW + 10 * MINUTE, toMs: NOW + 60 * MINUTE }]
    const { visit } = scheduled(problemOf([job('room', { closed })], [robot('uv-1')]))
    expect(visit('room').startMs).toBe(NOW + 60 * MINUTE)
    expect(visit('room').reason).toContain('the room is closed to robots until then')
  })

  it('goes from the clean zone to the isolation, and is decontaminated where it must go back', () => {
    const state = initialContamination(
      (['isolation', 'clean', 'ordinary'] as const).map((own) => ({
        roomId: own,
        class: own,
        organismIds: [],
        isPassage: false,
        isForDecontamination: false,
      })),
    )
    const burdens = burdenTable(state, ['isolation', 'clean', 'ordinary'])
    const jobs = [0, 1, 2].map((roomIndex) =>
      job(['isolation', 'clean', 'ordinary'][roomIndex]!, { roomIndex }),
    )
    const alike = problemOf(jobs, [robot('uv-1')], { burdens })
    expect(scheduled(alike).order).toEqual(['clean', 'ordinary', 'isolation'])
    const urgent = { ...alike, jobs: [{ ...jobs[0]!, priority: 'stat' as const }, ...jobs.slice(1)] }
    const { order, visit } = scheduled(urgent)
    expect(order).toEqual(['isolation', 'clean', 'ordinary'])
    expect(visit('clean').steps.map(({ kind }) => kind)).toContain('decontaminate')
    expect(visit('clean').reason).toContain('has to be decontaminated first')
  })

  it('charges in between, so that a shift of twelve hours is done by one battery', () => {
    const jobs = Array.from({ length: 20 }, (_, index) => job(`r${index}`, { placeIndex: index % 5 }))
    const { explained } = scheduled(problemOf(jobs, [robot('uv-1')]))
    const charges = explained.visits.flatMap(({ steps }) => steps.filter(({ kind }) => kind === 'charge'))
    expect(explained.unmet).toEqual([])
    expect(charges.length).toBeGreaterThan(1)
    expect(explained.visits.at(-1)!.endMs - NOW).toBeGreaterThan(12 * HOUR)
  })

  it('gives work to a worn battery only where it carries it, and charges it more often', () => {
    const chargesOf = (health: number) => {
      const jobs = Array.from({ length: 8 }, (_, index) => job(`r${index}`, { energyFraction: 0.12 }))
      const { explained } = scheduled(problemOf(jobs, [robot('uv-1', { batteryHealth: health })]))
      expect(explained.unmet).toEqual([])
      return explained.visits.flatMap(({ steps }) => steps.filter(({ kind }) => kind === 'charge')).length
    }
    expect(chargesOf(0.5)).toBeGreaterThan(chargesOf(1))
    const long = job('long', { energyFraction: 0.5 })
    const worn = robot('worn', { batteryHealth: 0.5, placeIndex: long.placeIndex })
    const { explained } = scheduled(problemOf([long], [worn]))
    expect(explained.visits).toEqual([])
    const both = scheduled(problemOf([long], [worn, robot('good')]))
    expect(both.explained.visits.map(({ robotIndex }) => robotIndex)).toEqual([1])
  })

  it('gives the work of a unit that hangs in a room to nobody else, and that unit no other', () => {
    const own = job('own', { unitId: 'unit-1' })
    const other = job('other')
    const robots = [robot('uv-1'), robot('unit-1', { isFixed: true })]
    const { explained } = scheduled(problemOf([own, other], robots))
    const byJob = explained.visits.map(({ jobIndex, robotIndex }) => [jobIndex, robotIndex])
    expect(byJob).toHaveLength(2)
    expect(byJob).toContainEqual([0, 1])
    expect(byJob).toContainEqual([1, 0])
    const without = scheduled(problemOf([own], [robot('uv-1')]))
    expect(without.explained.unmet.map(({ reason }) => reason).join()).toContain(
      'the unit unit-1 is not ready',
    )
  })

  it('says what would help a deadline', () => {
    const one = [robot('uv-1')]
    const due = job('room 12', { deadlineMs: NOW + 40 * MINUTE })
    const staffed = [{ fromMs: NOW + 30 * MINUTE, toMs: NOW + 9 * HOUR }]
    const word = (problem: ScheduleProblem) => scheduled(problem).visit('room 12').reason
    expect(word(problemOf([due], one, { staffed }))).toContain(
      'Cannot meet the deadline of room 12, +40, unless somebody is there to arm it at +0',
    )
    expect(word(problemOf([{ ...due, closed: [{ fromMs: NOW, toMs: NOW + 2 * HOUR }] }], one))).toContain(
      'unless the room is opened to robots at +0',
    )
    expect(word(problemOf([job('stat room', { priority: 'stat' }), due], one))).toContain(
      'unless it goes before other rooms: +0 is possible',
    )
    expect(word(problemOf([due], [robot('uv-1', { batteryFraction: 0.2 })]))).toContain(
      'unless a robot that is charged and decontaminated is brought',
    )
    expect(word(problemOf([{ ...due, workMs: 2 * HOUR }], one))).toContain(
      'unless the deadline is later: a robot with nothing else to do would be done at +125',
    )
  })

  it('gives a room to the robot that people asked for, and says what that costs', () => {
    const robots = [robot('uv-1'), robot('uv-2', { placeIndex: 40 })]
    const wanted = job('room', { robotId: 'uv-2', deadlineMs: NOW + 45 * MINUTE })
    const { visit } = scheduled(problemOf([wanted], robots))
    expect(visit('room').startMs).toBe(NOW + 40 * MINUTE)
    expect(visit('room').reason).toBe(
      'uv-2, +40, because it is free, 40 min away; people asked for this robot. Cannot meet the deadline of room, +45, unless another robot may do it: +0 is possible.',
    )
    const why = (patch: Partial<ReturnType<typeof job>>) =>
      scheduled(problemOf([job('room', patch)], robots)).explained.unmet[0]!.reason
    expect(why({ robotId: 'uv-3' })).toContain('the robot that people asked for is not connected and ready')
    expect(why({ robotId: 'uv-1', actionType: 'startPeroxideCycle' })).toContain(
      'the robot that people asked for cannot do such work',
    )
  })

  it('says why nobody gets to a room', () => {
    const why = (problem: ScheduleProblem) => scheduled(problem).explained.unmet[0]!.reason
    const one = [robot('uv-1')]
    expect(why(problemOf([job('r', { actionType: 'startPeroxideCycle' })], one))).toContain(
      'no robot can do such work',
    )
    expect(why(problemOf([job('r')], [robot('uv-1', { lampLeftMs: MINUTE })]))).toContain(
      'no lamp has enough hours',
    )
    expect(why(problemOf([job('r')], []))).toContain('there is no robot')
    expect(why(problemOf([job('r')], one, { staffed: [] }))).toContain('nobody is there to arm it')
    const walled = { travel: { ms: (a: number, b: number) => (a === b ? 0 : Infinity) } }
    expect(why(problemOf([job('r', { placeIndex: 5 })], one, walled))).toContain('finds a way there')
    const passed = job('r', { latestStartMs: NOW + MINUTE, placeIndex: 5 })
    expect(why(problemOf([passed], one))).toContain('all robots are busy, charging or elsewhere')
  })

  it('gets as good as trying everything, for what can be tried', () => {
    const jobs = Array.from({ length: 5 }, (_, index) =>
      job(`r${index}`, {
        placeIndex: [4, -3, 7, 1, -6][index]!,
        workMs: [15, 40, 25, 60, 30][index]! * MINUTE,
        priority: PRIORITIES[index % 3]!,
        deadlineMs: index === 1 ? NOW + 50 * MINUTE : null,
      }),
    )
    const problem = problemOf(jobs, [robot('uv-1'), robot('uv-2', { placeIndex: 3, batteryFraction: 0.5 })])
    expect(optimise(problem, SEARCH).cost).toBeCloseTo(cheapestOfAll(problem), 6)
  })
})

/** Every order of the jobs, cut between two robots at every place. */
function cheapestOfAll(problem: ScheduleProblem): number {
  const prepared = prepare(problem)
  const costOf = (robotIndex: number, jobs: readonly number[]) => {
    const route = rerouted(prepared, emptyRoute(prepared, robotIndex), 0, jobs)
    return route === null ? Infinity : routeCost(route)
  }
  let least = Infinity
  for (const order of permutations(problem.jobs.map((_, index) => index))) {
    for (let cut = 0; cut <= order.length; cut += 1) {
      least = Math.min(least, costOf(0, order.slice(0, cut)) + costOf(1, order.slice(cut)))
    }
  }
  return least
}

function permutations(items: readonly number[]): number[][] {
  if (items.length < 2) return [[...items]]
  return items.flatMap((item) =>
    permutations(items.filter((each) => each !== item)).map((rest) => [item, ...rest]),
  )
}

describe('re-planning', () => {
  const rooms = (count: number) =>
    Array.from({ length: count }, (_, index) =>
      job(`r${index}`, { placeIndex: (index * 7) % 23, workMs: (15 + ((index * 11) % 30)) * MINUTE }),
    )
  const told = (problem: ScheduleProblem, schedule: Schedule) =>
    new Map(
      schedule.routes.flatMap((route) =>
        route.jobs.map((jobIndex, at) => [
          problem.jobs[jobIndex]!.id,
          { robotId: problem.robots[route.robotIndex]!.id, startMs: route.startsMs[at]! },
        ]),
      ),
    )
  const robots = [robot('uv-1'), robot('uv-2', { placeIndex: 10 }), robot('uv-3', { placeIndex: 20 })]

  it('of the same changes nothing', () => {
    const problem = problemOf(rooms(20), robots)
    const previous = told(problem, optimise(problem, SEARCH))
    for (const seed of [2, 3, 4]) {
      const again = { ...problem, previous }
      expect(told(again, optimise(again, { seed, effort: 20_000 }))).toEqual(previous)
    }
  })

  it('for a room more leaves nearly all others with their robots', () => {
    const problem = problemOf(rooms(20), robots)
    const previous = told(problem, optimise(problem, SEARCH))
    const more = { ...problem, jobs: [...problem.jobs, job('new', { placeIndex: 11 })], previous }
    const after = told(more, optimise(more, SEARCH))
    const moved = [...previous].filter(([id, { robotId }]) => after.get(id)?.robotId !== robotId)
    expect(after.has('new')).toBe(true)
    expect(moved.length).toBeLessThanOrEqual(2)
  })

  it('does not touch what begins soon, not even for a stat room', () => {
    const problem = problemOf(rooms(6), robots, { freezeMs: 15 * MINUTE })
    const previous = told(problem, optimise(problem, SEARCH))
    const soon = [...previous].filter(([, { startMs }]) => startMs <= NOW + 15 * MINUTE)
    expect(soon.length).toBeGreaterThan(0)
    const urgent = {
      ...problem,
      jobs: [job('stat', { priority: 'stat', placeIndex: 1 }), ...problem.jobs],
      previous,
    }
    const after = told(urgent, optimise(urgent, SEARCH))
    for (const [id, before] of soon) expect(after.get(id)).toEqual(before)
  })

  it('by a person moves what begins soon as well', () => {
    const problem = problemOf(rooms(3), [robot('uv-1')], { freezeMs: 15 * MINUTE })
    const previous = told(problem, optimise(problem, SEARCH))
    const urgent = problem.jobs.map((each) =>
      each.id === 'r2' ? { ...each, priority: 'stat' as const } : each,
    )
    const frozen = { ...problem, jobs: urgent, previous }
    const first = (now: ScheduleProblem) => scheduled(now).order[0]
    expect(first(frozen)).not.toBe('r2')
    expect(first({ ...frozen, freezeMs: -Infinity })).toBe('r2')
  })

  it('gives the work of a robot that is gone to the others', () => {
    const problem = problemOf(rooms(9), robots)
    const previous = told(problem, optimise(problem, SEARCH))
    const without = { ...problem, robots: robots.slice(1), previous }
    const after = told(without, optimise(without, SEARCH))
    expect(after.size).toBe(9)
    expect([...after.values()].every(({ robotId }) => robotId !== 'uv-1')).toBe(true)
  })
})

const interval = (from: number, length: number) => ({
  fromMs: NOW + from * MINUTE,
  toMs: NOW + (from + length) * MINUTE,
})
const randomProblem = fc
  .record({
    jobs: fc.array(
      fc.record({
        place: fc.integer({ min: -20, max: 20 }),
        room: fc.integer({ min: 0, max: 4 }),
        priority: fc.constantFrom(...PRIORITIES),
        release: fc.integer({ min: -60, max: 300 }),
        window: fc.option(fc.integer({ min: 0, max: 400 })),
        due: fc.option(fc.integer({ min: 30, max: 600 })),
        closed: fc.option(fc.tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 1, max: 200 }))),
        work: fc.integer({ min: 5, max: 120 }),
        energy: fc.double({ min: 0.02, max: 0.5, noNaN: true }),
      }),
      { minLength: 1, maxLength: 12 },
    ),
    robots: fc.array(
      fc.record({
        place: fc.integer({ min: -20, max: 20 }),
        free: fc.integer({ min: 0, max: 120 }),
        battery: fc.double({ min: 0.15, max: 1, noNaN: true }),
        lamp: fc.integer({ min: 60, max: 600 }),
        burden: fc.integer({ min: 0, max: 1 }),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    shifts: fc.array(fc.integer({ min: 60, max: 300 }), { minLength: 1, maxLength: 4 }),
    seed: fc.integer(),
  })
  .map(({ jobs, robots, shifts, seed }) => {
    // Room 0 is clean, room 1 an isolation; who carries 1 is decontaminated before room 0.
    const burdens: BurdenTable = {
      ...NO_BURDENS,
      enter: (burden, room) => (room === 1 ? 1 : room === 0 && burden === 1 ? -1 : burden),
    }
    let at = 0
    const staffed = shifts.map((length) => {
      const shift = interval(at, length)
      at += length + 45
      return shift
    })
    const problem = problemOf(
      jobs.map(({ place, room, priority, release, window, due, closed, work, energy }, index) =>
        job(`r${index}`, {
          placeIndex: place,
          roomIndex: room,
          priority,
          releaseMs: NOW + release * MINUTE,
          latestStartMs: window === null ? null : NOW + (release + window) * MINUTE,
          deadlineMs: due === null ? null : NOW + due * MINUTE,
          closed: closed === null ? [] : [interval(...closed)],
          workMs: work * MINUTE,
          lampMs: work * MINUTE,
          energyFraction: energy,
        }),
      ),
      robots.map(({ place, free, battery, lamp, burden }, index) =>
        robot(`uv-${index}`, {
          placeIndex: place,
          availableMs: NOW + free * MINUTE,
          batteryFraction: battery,
          lampLeftMs: lamp * MINUTE,
          burden,
        }),
      ),
      { burdens, staffed },
    )
    return { problem, seed }
  })

describe('every schedule', () => {
  it('keeps every rule, does each room once or says why not, and is no better than its lower bound', () => {
    let met = 0
    let unmet = 0
    fc.assert(
      fc.property(randomProblem, ({ problem, seed }) => {
        const search = { seed, effort: 3000 }
        const { schedule, explained } = scheduled(problem, search)
        checkRules(problem, explained)
        met += explained.visits.length
        unmet += explained.unmet.length
        if (explained.unmet.length === 0) {
          const bound = lowerBound(problem)
          const lastMs = Math.max(...explained.visits.map(({ endMs }) => endMs))
          expect(lastMs - NOW).toBeGreaterThanOrEqual(bound.makespanMs - 1)
          expect(schedule.cost).toBeGreaterThanOrEqual(bound.waitingCost - 1e-6)
        }
        expect(optimise(problem, search)).toEqual(schedule)
      }),
      { numRuns: 150 },
    )
    expect(met).toBeGreaterThan(100)
    expect(unmet).toBeGreaterThan(20)
  })
})

/** Follows what each robot does, step by step, with its own bookkeeping of place, battery, lamp and burden. */
function checkRules(problem: ScheduleProblem, { visits, unmet }: ExplainedSchedule): void {
  const done = [...visits, ...unmet].map(({ jobIndex }) => jobIndex).toSorted((a, b) => a - b)
  expect(done).toEqual(problem.jobs.map((_, index) => index))
  for (const { reason } of [...visits, ...unmet]) expect(reason.length).toBeGreaterThan(20)
  for (const [robotIndex, own] of problem.robots.entries()) {
    let atMs = Math.max(own.availableMs, NOW)
    let battery = own.batteryFraction
    let { burden } = own
    let lampMs = 0
    for (const { jobIndex, steps, lateMs, endMs } of visits.filter(
      (each) => each.robotIndex === robotIndex,
    )) {
      const { roomIndex, ...room } = problem.jobs[jobIndex]!
      for (const { kind, fromMs, toMs } of steps) {
        expect(fromMs).toBeCloseTo(atMs, 3)
        expect(toMs).toBeGreaterThanOrEqual(fromMs)
        atMs = toMs
        if (kind === 'drive') battery -= (toMs - fromMs) * own.drivePerMs
        if (kind === 'charge') battery = Math.min(1, battery + (toMs - fromMs) * own.chargePerMs)
        if (kind === 'decontaminate') burden = 0
        if (kind === 'arm' || kind === 'decontaminate') {
          expect(problem.staffed.some((shift) => shift.fromMs <= fromMs && toMs <= shift.toMs)).toBe(true)
        }
        if (kind === 'arm') {
          expect(fromMs).toBeGreaterThanOrEqual(room.releaseMs)
          expect(fromMs).toBeLessThanOrEqual(room.latestStartMs ?? Infinity)
        }
        if (kind === 'arm' || kind === 'work') {
          for (const { fromMs: shut, toMs: open } of room.closed)
            expect(fromMs >= open || toMs <= shut).toBe(true)
        }
        expect(battery).toBeGreaterThan(0)
      }
      expect(roomIndex === 0 && burden === 1).toBe(false)
      if (roomIndex === 1) burden = 1
      battery -= room.energyFraction
      lampMs += room.lampMs
      expect(atMs).toBeCloseTo(endMs, 3)
      expect(lateMs).toBeCloseTo(Math.max(0, endMs - (room.deadlineMs ?? Infinity)), 3)
      // It always comes home.
      const homeMs = problem.travel.ms(room.placeIndex, own.dockIndex)
      expect(battery - homeMs * own.drivePerMs).toBeGreaterThan(0.09)
    }
    expect(lampMs).toBeLessThanOrEqual(own.lampLeftMs)
  }
}

describe('the weights', () => {
  it('put doing a room before being in time, and being in time before waiting', () => {
    for (const priority of PRIORITIES) {
      const { unmet, late, waiting } = DEFAULT_WEIGHTS
      expect(unmet[priority]).toBeGreaterThan(24 * 60 * (late[priority] + waiting[priority]))
      expect(late[priority]).toBeGreaterThan(waiting[priority])
    }
  })
})
