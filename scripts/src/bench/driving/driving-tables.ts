import { findRoom, type FloorPlan } from '@wardlight/core/floor'
import { centroid, rectangle, type Polygon } from '@wardlight/core/geometry'
import type { BenchSettings, GrowthTable } from '../suite.ts'
import { roamsAlone } from './roams-alone.ts'
import type { RoamingOptions } from './roaming-robot.ts'
import { SHOWING_BEAMS, somebodyAppears, type Doing } from './somebody-appears.ts'
import { stepsIn } from './stepping-in.ts'

/** Somebody who is shown is told of within this time: the limit for a person in `docs/safety.md`. */
const LIMIT_MS = 200
const SPEEDS_MPS = [0.3, 0.5, 0.8]
const DISTANCES_M = [1, 2, 3, 4, 5, 6]
const AHEAD_M = [0.3, 0.6, 1, 1.5, 2.5]
const DOINGS: readonly Doing[] = ['stands', 'walksAcross', 'walksTowards']
/** Where people appear and step in: a corridor with ten doors, and the hall at its side. */
const WARD = ['corridor-1', 'lobby-1']
const DRIVE_MPS = 0.5

interface Sizes {
  readonly speedsMps: readonly number[]
  readonly distancesM: readonly number[]
  readonly gapsM: readonly number[]
}

const QUICK: Sizes = { speedsMps: [0.5], distancesM: [2], gapsM: [1] }

/** What a robot makes of people while it drives, and what it does. */
export function drivingTables(
  plan: FloorPlan,
  { rounds, isQuick }: Pick<BenchSettings, 'rounds' | 'isQuick'>,
): GrowthTable[] {
  const sizes = isQuick ? QUICK : { speedsMps: SPEEDS_MPS, distancesM: DISTANCES_M, gapsM: AHEAD_M }
  const tables = [
    ...appearTables(plan, sizes, isQuick ? 1 : 4 * rounds),
    aloneTable(plan, isQuick ? 0.005 : 0.1 * rounds),
    stepTable(plan, sizes, isQuick ? 1 : 2 * rounds),
  ]
  process.stderr.write('  driving\n')
  return tables
}

interface Case {
  readonly speedMps: number
  readonly doing: Doing
  readonly distanceM: number
  readonly latencyMs: number
}

function appearTables(plan: FloorPlan, { speedsMps, distancesM }: Sizes, seeds: number): GrowthTable[] {
  const rooms = WARD.map((name) => findRoom(plan, name))
  const cases: Case[] = []
  for (const doing of DOINGS) {
    for (const distanceM of distancesM) {
      for (const speedMps of speedsMps) {
        for (let seed = 1; seed <= seeds; seed += 1) {
          const latencyMs = somebodyAppears(plan, rooms, seed, { speedMps, doing, distanceM })
          if (latencyMs !== null) cases.push({ speedMps, doing, distanceM, latencyMs })
        }
      }
    }
  }
  const within = (some: readonly Case[]) =>
    some.length === 0
      ? null
      : (100 * some.filter(({ latencyMs }) => latencyMs <= LIMIT_MS).length) / some.length
  const figuresOf = (some: readonly Case[]) => [
    some.length,
    ...DOINGS.map((doing) => within(some.filter((one) => one.doing === doing))),
    within(some),
    some.length === 0 ? null : Math.max(...some.map(({ latencyMs }) => latencyMs)),
  ]
  const figures = ['shown', 'stands, %', 'walks across, %', 'walks up, %', 'all, %', 'worst ms']
  const notes = [
    `told of within ${LIMIT_MS} ms of the first scan that shows them, with ${SHOWING_BEAMS} beams or more; worst: Infinity for not at all within 2 s`,
    'the lidar alone, with its noise and that of the localisation',
  ]
  return [
    {
      id: 'perception.driving.distance',
      name: `Somebody is suddenly there before a robot that drives at ${speedsMps.join(', ')} m/s`,
      size: 'distance, m',
      figures,
      rows: distancesM.map((distanceM) => ({
        size: distanceM,
        figures: figuresOf(cases.filter((one) => one.distanceM === distanceM)),
      })),
      notes,
    },
    {
      id: 'perception.driving.speed',
      name: 'The same within 4 m, by speed',
      size: 'speed, m/s',
      figures,
      rows: speedsMps.map((speedMps) => ({
        size: speedMps,
        figures: figuresOf(cases.filter((one) => one.speedMps === speedMps && one.distanceM <= 4)),
      })),
      notes: [],
    },
  ]
}

interface Place extends Pick<RoamingOptions, 'hasMirrors' | 'others' | 'thing'> {
  readonly name: string
  readonly rooms: readonly string[]
}

function aloneTable(plan: FloorPlan, hours: number): GrowthTable {
  const inFirst = (room: string, lengthM: number, widthM: number): Polygon =>
    rectangle(centroid(findRoom(plan, room).room.polygon), lengthM, widthM)
  const places: Place[] = [
    { name: 'corridor and hall', rooms: WARD },
    { name: 'room with two beds', rooms: ['104'] },
    { name: 'behind glass', rooms: ['ICU1', 'corridor-2T'] },
    { name: 'mirrors on every wall', rooms: ['I1'], hasMirrors: true },
    { name: 'corridor, mirrors', rooms: WARD, hasMirrors: true },
    { name: 'a trolley left there', rooms: WARD, thing: inFirst('corridor-1', 0.9, 0.6) },
    { name: 'an infusion stand', rooms: WARD, thing: inFirst('corridor-1', 0.04, 0.04) },
    { name: 'another robot', rooms: WARD, others: 1 },
    { name: 'two other robots', rooms: WARD, others: 2 },
  ]
  return {
    id: 'perception.driving.alone',
    name: 'Nobody is there',
    size: 'where',
    figures: ['hours', 'slows down', 'an hour', 'holds', 'an hour'],
    rows: places.map(({ name, rooms, ...fitted }) => {
      const found = rooms.map((room) => findRoom(plan, room))
      let [slowed, held, driven] = [0, 0, 0]
      for (let seed = 1; driven < hours; seed += 1) {
        const spanH = Math.min(0.1, hours - driven)
        const alone = roamsAlone({ plan, rooms: found, seed, speedMps: DRIVE_MPS, ...fitted }, spanH)
        slowed += alone.slowed
        held += alone.held
        driven += spanH
      }
      return { size: name, figures: [driven, slowed, slowed / driven, held, held / driven] }
    }),
    notes: [
      `hours in which a robot drives about at ${DRIVE_MPS} m/s; the trolley and the stand are on no map`,
      'a stand is as thick as a thin leg, and is taken for one; a robot that is half hidden by another for legs',
    ],
  }
}

function stepTable(plan: FloorPlan, { speedsMps, gapsM }: Sizes, seeds: number): GrowthTable {
  const rooms = WARD.map((name) => findRoom(plan, name))
  const rows = speedsMps.flatMap((speedMps) =>
    gapsM.map((aheadM) => {
      const cases = [false, true].flatMap((isWalking) =>
        Array.from({ length: seeds }, (_, index) =>
          stepsIn(plan, rooms, index + 1, { speedMps, aheadM, isWalking }),
        ).filter((one) => one !== null),
      )
      const least = (of: (one: (typeof cases)[number]) => number) =>
        cases.length === 0 ? null : Math.min(...cases.map(of))
      return {
        size: `${speedMps} m/s, ${aheadM} m`,
        figures: [
          cases.length,
          cases.filter(({ touches }) => touches > 0).length,
          least(({ heldGapM }) => heldGapM),
          least(({ leastGapM }) => leastGapM),
          cases.length === 0 ? null : Math.max(...cases.map(({ resumedAfterMs }) => resumedAfterMs / 1000)),
        ],
      }
    }),
  )
  return {
    id: 'perception.driving.steps-in',
    name: 'Somebody steps before it, stands there for half a minute, and goes',
    size: 'speed, gap',
    figures: ['cases', 'touched', 'stands at, m', 'least gap, m', 'goes on after, s'],
    rows,
    notes: [
      'from edge to edge; "stands at" when it has come to a stand, "least gap" also when it tries after 20 s to creep round them',
      'its navigation is blind to people, so that its giving way alone is measured; half of them walk in from the side',
    ],
  }
}
