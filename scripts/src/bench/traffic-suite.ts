import { spreadOf } from './measure.ts'
import type { BenchRow, BenchSettings, BenchSuite, GrowthTable } from './suite.ts'
import { runRandomSwaps } from './traffic/random-swaps.ts'
import { aloneS, drawNight, driveNight, oneDrivesS, type NightSize } from './traffic/ward-night.ts'

/** Work in a room: light for twenty minutes; or only a look, where ways are all that counts. */
const LIGHT_S = 20 * 60
const LOOK_S = 30

export const TRAFFIC_SUITE: BenchSuite = {
  id: 'traffic',
  about: 'who drives where, and who waits',
  run(settings) {
    const failures: string[] = []
    const size = settings.isQuick ? { robots: 4, rooms: 40 } : { robots: 50, rooms: 200 }
    return {
      suite: 'traffic',
      rows: [
        ...nightRows('night', 'light for 20 min in each', { ...size, workS: LIGHT_S }, settings, failures),
        ...nightRows(
          'rush',
          'half a minute in each, rooms drawn from all of the hospital',
          { ...size, workS: LOOK_S, isScattered: true },
          settings,
          failures,
        ),
      ],
      growth: [growthTable(settings, failures), swapsTable(settings, failures)],
      failures,
    }
  },
}

function run(size: NightSize, failures: string[]) {
  const night = drawNight(size)
  const driven = driveNight(night)
  const name = `${size.robots} robots, ${size.rooms} rooms, seed ${size.seed}`
  if (driven.deadlocks > 0) failures.push(`a deadlock: ${name}`)
  if (driven.collisions > 0) failures.push(`${driven.collisions} robots too near: ${name}`)
  const boundS = aloneS(night)
  if (driven.makespanS < boundS * (1 - 1e-6) - 1) failures.push(`better than its lower bound: ${name}`)
  return { driven, boundS, serialS: oneDrivesS(night) }
}

/** Other robots in each round; both sides and the bound see the same one. */
function nightRows(
  id: string,
  work: string,
  size: Omit<NightSize, 'seed'>,
  { rounds }: BenchSettings,
  failures: string[],
): BenchRow[] {
  const nights = Array.from({ length: rounds }, (_, round) => run({ ...size, seed: 1 + round }, failures))
  const perRoom = (seconds: number) => seconds / 60 / size.rooms
  const perHour = (seconds: number) => ((3600 * size.rooms) / seconds).toPrecision(3)
  const median = (figures: readonly number[]) => spreadOf(figures).median
  const ours = {
    name: 'claims by the rule',
    figures: spreadOf(nights.map(({ driven }) => perRoom(driven.makespanS))),
  }
  const name = `${size.robots} robots, ${size.rooms} rooms, ${work}`
  const head = { unit: 'minutes a room', rounds, goal: null, ours }
  return [
    {
      ...head,
      id,
      name,
      peer: {
        name: 'one robot drives at a time',
        figures: spreadOf(nights.map(({ serialS }) => perRoom(serialS))),
      },
      ratio: spreadOf(nights.map(({ driven, serialS }) => serialS / driven.makespanS)),
      notes: [
        `rooms an hour: ${perHour(median(nights.map(({ driven }) => driven.makespanS)))}, one at a time ${perHour(median(nights.map(({ serialS }) => serialS)))}, bound ${perHour(median(nights.map(({ boundS }) => boundS)))}`,
        `deadlocks: ${nights.reduce((sum, { driven }) => sum + driven.deadlocks, 0)}`,
      ],
    },
    {
      ...head,
      id: `${id}-bound`,
      name: `The same against what nothing can beat, ${name}`,
      peer: {
        name: 'lower bound: each robot alone on the floor',
        figures: spreadOf(nights.map(({ boundS }) => perRoom(boundS))),
      },
      ratio: spreadOf(nights.map(({ driven, boundS }) => boundS / driven.makespanS)),
      notes: [],
    },
  ]
}

function growthTable({ isQuick }: BenchSettings, failures: string[]): GrowthTable {
  return {
    id: 'growth',
    name: 'By the size of the fleet, four rooms a robot, light for 20 min in each',
    size: 'robots',
    figures: [
      'rooms an hour',
      'of the bound',
      'rooms an hour, one at a time',
      'ms a decision, mean',
      'ms a decision, most',
      'ms of deciding a room',
      'deadlocks',
    ],
    rows: (isQuick ? [4] : [10, 20, 50, 100, 200, 500]).map((robots) => {
      const rooms = 4 * robots
      const { driven, boundS, serialS } = run({ robots, rooms, workS: LIGHT_S, seed: 1 }, failures)
      const perHour = (seconds: number) => (3600 * rooms) / seconds
      return {
        size: robots,
        figures: [
          perHour(driven.makespanS),
          boundS / driven.makespanS,
          perHour(serialS),
          driven.decisionMs.mean,
          driven.decisionMs.max,
          driven.decidingMsPerRoom,
          driven.deadlocks,
        ],
      }
    }),
    notes: ['a decision is one for the whole fleet, twice a simulated second'],
  }
}

function swapsTable({ isQuick }: BenchSettings, failures: string[]): GrowthTable {
  const count = runRandomSwaps({ seed: 1, swaps: isQuick ? 20 : 2000, swapsPerFloor: 25 })
  failures.push(...count.trouble)
  return {
    id: 'swaps',
    name: 'Random swaps with stops, failures, robots carried away and people',
    size: 'swaps',
    figures: [
      'floors',
      'stops',
      'failures',
      'carried away',
      'off their way',
      'taken by people',
      'too near',
      'deadlocks',
    ],
    rows: [
      {
        size: count.swaps,
        figures: [
          count.floors,
          count.stops,
          count.failures,
          count.carriedAway,
          count.strayed,
          count.blockedByPeople,
          count.collisions,
          count.deadlocks,
        ],
      },
    ],
    notes: ['ten thousand of them run in test/traffic'],
  }
}
