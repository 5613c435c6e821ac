import { SimulatedClock } from '@wardlight/core/clock'
import { DEFAULT_LAMP, roomModelOf, type RoomModel } from '@wardlight/core/disinfection'
import { findRoom, readFloorPlan, type FoundRoom, type FloorPlan } from '@wardlight/core/floor'
import {
  boundsOf,
  distance,
  distanceToBoundary,
  isInsidePolygon,
  type Point2,
  type Polygon,
  type Pose2,
} from '@wardlight/core/geometry'
import { createRandom, type Random } from '@wardlight/core/random'
import { InMemoryRosNetwork, type LaserScan } from '@wardlight/core/ros'
import {
  createRosRobot,
  KnownRoom,
  LocalisationHealth,
  PlaceFinder,
  RoomWatch,
  withThings,
} from '@wardlight/robot-agent/testing'
import { createWorld, DEFAULT_RADIUS_M, type World } from '@wardlight/sim'
import { nodePlanFiles } from '../node-plan-files.ts'
import { sampleHospital } from '../paths.ts'
import { planFor } from '../simulated-treatment.ts'
import { beamsOnPerson } from './beams-on-person.ts'
import { drivingTables } from './driving/driving-tables.ts'
import { mirrorsIn } from './mirrors.ts'
import type { BenchSuite, GrowthTable } from './suite.ts'

/** Furnished and bare, small and large, behind glass, and between mirrors, of which no plan knows. */
const ROOMS = [
  { name: 'I1', hasMirrors: false },
  { name: 'I1-bath', hasMirrors: false },
  { name: '104', hasMirrors: false },
  { name: 'OT1', hasMirrors: false },
  { name: 'ICU1', hasMirrors: false },
  { name: 'I1', hasMirrors: true },
  { name: 'I1-bath', hasMirrors: true },
] as const
/** A person who is seen is out of the light within this time of the first scan that shows them: `docs/safety.md`. */
const LIMIT_MS = 200
const STEP_MS = 20
/** From a person's middle to the nearest wall or furniture: less is leaning on it, and nearer no body gets, metres. */
const FREE_M = 0.5
const LEANING_M = 0.25

interface Sight {
  readonly world: World
  readonly clock: SimulatedClock
  readonly watch: RoomWatch
  readonly model: RoomModel
  /** Each scan with whether the watch saw somebody in it. */
  onScan: (scan: LaserScan, isSeen: boolean) => void
  readonly known: () => KnownRoom
}

type Place = FoundRoom & { readonly hasMirrors: boolean }

interface Tally {
  cases: number
  seen: number
  inTime: number
  readonly latenciesMs: number[]
  alarms: number
  hours: number
}
export const newTally = (): Tally => ({ cases: 0, seen: 0, inTime: 0, latenciesMs: [], alarms: 0, hours: 0 })

/**
 * What the lidar alone makes of people, with the robot's own perception on the simulated lidar with its noise and that of
 * the localisation; no infrared sensor and no door guard helps. What a scan shows is taken from the world.
 */
export const PERCEPTION_SUITE: BenchSuite = {
  id: 'perception',
  about: 'people before the lidar',
  isOnRequest: true,
  run({ rounds, isQuick }) {
    const { plan } = readFloorPlan(sampleHospital, nodePlanFiles)
    const rooms = isQuick ? ROOMS.slice(1, 2) : ROOMS
    const seeds = isQuick ? 2 : 12 * rounds
    const hours = isQuick ? 0.01 : 0.2 * rounds
    const entering = new Map<string, Tally>()
    const standing = new Map<string, Tally>()
    const leaning = new Map<string, Tally>()
    const empty = new Map<string, Tally>()
    for (const { name, hasMirrors } of rooms) {
      const found = { ...findRoom(plan, name), hasMirrors }
      const row = hasMirrors ? `${name}, mirrors` : name
      const [came, stood, leant, alone] = [newTally(), newTally(), newTally(), newTally()]
      for (let seed = 1; seed <= seeds; seed += 1) {
        comesIn(came, plan, found, seed)
        standsThere(stood, plan, found, seed, [FREE_M, Infinity])
        standsThere(leant, plan, found, seed, [LEANING_M, FREE_M])
      }
      nobodyIsThere(alone, plan, found, hours)
      entering.set(row, came)
      standing.set(row, stood)
      leaning.set(row, leant)
      empty.set(row, alone)
      process.stderr.write(`  ${row}\n`)
    }
    return {
      suite: 'perception',
      rows: [],
      growth: [
        seenTable('entering', 'Somebody comes in by the door while the robot stands and watches', entering),
        seenTable('standing', 'Somebody stands freely in the room before it is armed', standing),
        seenTable(
          'leaning',
          'Somebody stands against a wall or a piece of furniture before it is armed',
          leaning,
        ),
        alarmTable(empty),
        lostTable(plan, isQuick ? 1 : 2 * rounds),
        placeTable(plan, isQuick ? 1 : 4 * rounds),
        ...drivingTables(plan, { rounds, isQuick }),
      ],
    }
  },
}

function worldAt(plan: FloorPlan, { level }: Place, seed: number, pose: Pose2, walkers = 0) {
  const clock = new SimulatedClock(0)
  const network = new InMemoryRosNetwork((error) => {
    throw error
  })
  const graph = network.createNode()
  const robots = [{ id: 'robot', levelId: level.id, pose, graph, lamp: DEFAULT_LAMP }]
  return { clock, network, world: createWorld({ plan, seed, clock, robots, walkers }) }
}

/** A robot that stands at a stop of the room's plan, with a survey of the empty room behind it. */
function sightOf(plan: FloorPlan, { level, room, hasMirrors }: Place, seed: number): Sight {
  const stops = stopsOf(plan, room.id)
  const { x, y, theta } = stops[Math.floor(stops.length * createRandom(seed).uniform())]!
  const { clock, network, world } = worldAt(plan, { level, room, hasMirrors }, seed, { x, y, theta })
  if (hasMirrors) for (const mirror of mirrorsIn(room.polygon)) world.addMirror(level.id, mirror)
  const robot = createRosRobot(network.createNode(), clock)
  const watch = new RoomWatch(robot.sensors)
  const model = roomModelOf(level, room)
  watch.start()
  robot.start()
  world.start()
  clock.advance(1000)
  let known: KnownRoom | null = null
  const sight: Sight = { world, clock, watch, model, onScan: () => {}, known: () => known! }
  robot.sensors.subscribe((reading) => {
    if (reading.kind === 'scan') sight.onScan(reading.scan, watch.see(reading.scan))
  })
  watch.survey(model, ({ things, knowledge }) => {
    const numbered = things.map((thing, index) => ({ ...thing, number: index + 1 }))
    known = new KnownRoom(withThings(model, numbered), knowledge)
  })
  advanceUntil(clock, () => known !== null, 10_000)
  return sight
}

function advanceUntil(clock: SimulatedClock, isSo: () => boolean, withinMs: number): void {
  for (let ms = 0; ms < withinMs && !isSo(); ms += STEP_MS) clock.advance(STEP_MS)
}

const stopsByRoom = new Map<string, ReturnType<typeof planFor>['stops']>()
function stopsOf(plan: FloorPlan, roomId: string) {
  const stops = stopsByRoom.get(roomId) ?? planFor(plan, roomId, 'mrsa', 3).stops
  stopsByRoom.set(roomId, stops)
  return stops
}

/** From the first scan that shows them inside the room. */
export function comesIn(tally: Tally, plan: FloorPlan, found: Place, seed: number): void {
  const sight = sightOf(plan, found, seed)
  let isReady = false
  sight.watch.watchStanding(sight.known(), [], () => (isReady = true))
  advanceUntil(sight.clock, () => isReady, 5000)
  if (!isReady) return
  let shownAtMs = null as number | null
  let seenAtMs = null as number | null
  sight.onScan = (scan, isSeen) => {
    if (shownAtMs === null && isShown(scan, sight)) shownAtMs = sight.clock.monotonicMs()
    if (isSeen) seenAtMs ??= sight.clock.monotonicMs()
  }
  sight.world.people.enterRoom(found.room.id)
  advanceUntil(sight.clock, () => seenAtMs !== null, 30_000)
  sight.world.stop()
  if (shownAtMs === null) return
  count(tally, shownAtMs, seenAtMs)
}

/** From the first scan of the watch before arming. */
export function standsThere(
  tally: Tally,
  plan: FloorPlan,
  found: Place,
  seed: number,
  [nearestM, farthestM]: readonly [number, number],
): void {
  const random = createRandom(seed).fork('place')
  const { polygon } = found.room
  const sight = sightOf(plan, found, seed)
  const robot = sight.world.robots.get('robot')!.truePose
  const isFree = (place: Point2): boolean => {
    if (!isInsidePolygon(place, polygon) || distance(place, robot) < 0.7) return false
    const furniture = found.room.furniture.filter(({ zMinM }) => zMinM < 1)
    if (furniture.some(({ footprint }) => isInsidePolygon(place, footprint))) return false
    const apartM = Math.min(
      distanceToBoundary(place, polygon),
      ...furniture.map(({ footprint }) => distanceToBoundary(place, footprint)),
    )
    return apartM >= nearestM && apartM < farthestM
  }
  let place: Point2 | null = null
  for (let tries = 0; place === null && tries < 200; tries += 1) {
    const tried = somewhere(polygon, random)
    if (isFree(tried)) place = tried
  }
  if (place === null) return
  sight.world.people.enter(found.level.id, [place])
  let shownAtMs = null as number | null
  let seenAtMs = null as number | null
  sight.onScan = (scan, isSeen) => {
    if (shownAtMs === null && isShown(scan, sight)) shownAtMs = sight.clock.monotonicMs()
    // Until it has looked once it counts the room as occupied, whoever is in it.
    if (isSeen && sight.clock.monotonicMs() > lookedAtMs) seenAtMs ??= sight.clock.monotonicMs()
  }
  const lookedAtMs = sight.clock.monotonicMs() + 1100
  sight.watch.watchPresence(sight.known(), true, () => {})
  advanceUntil(sight.clock, () => seenAtMs !== null, 5000)
  sight.world.stop()
  // Behind furniture no lidar sees anybody.
  if (shownAtMs === null) return
  count(tally, lookedAtMs, seenAtMs)
}

/** Nobody is in the room or on the level: whatever is seen is an alarm for nothing. */
export function nobodyIsThere(tally: Tally, plan: FloorPlan, found: Place, hours: number): void {
  const perSight = Math.max(36, 3600 * hours * 0.1)
  for (let left = 3600 * hours, seed = 1; left > 0; left -= perSight, seed += 1) {
    const sight = sightOf(plan, found, 1000 + seed)
    sight.watch.watchStanding(sight.known(), [], () => {})
    let wasSeen = false
    sight.onScan = (_, isSeen) => {
      if (isSeen && !wasSeen) tally.alarms += 1
      wasSeen = isSeen
    }
    const seconds = Math.min(left, perSight)
    for (let ms = 0; ms < 1000 * seconds; ms += 1000) sight.clock.advance(1000)
    sight.world.stop()
    tally.hours += seconds / 3600
  }
}

/** Within the polygon's bounds, perhaps outside of it. */
function somewhere(polygon: Polygon, random: Random): Point2 {
  const { minX, minY, maxX, maxY } = boundsOf(polygon)
  return { x: minX + (maxX - minX) * random.uniform(), y: minY + (maxY - minY) * random.uniform() }
}

function count(tally: Tally, shownAtMs: number, seenAtMs: number | null): void {
  tally.cases += 1
  if (seenAtMs === null) return
  tally.seen += 1
  const latencyMs = Math.max(0, seenAtMs - shownAtMs)
  tally.latenciesMs.push(latencyMs)
  if (latencyMs <= LIMIT_MS) tally.inTime += 1
}

/** Whether a beam ends on somebody who is in the room. */
function isShown(scan: LaserScan, { world, model }: Sight): boolean {
  const { truePose } = world.robots.get('robot')!
  return world.people
    .all()
    .some((person) => isInsidePolygon(person, model.polygon) && beamsOnPerson(scan, truePose, person) > 0)
}

function seenTable(id: string, name: string, tallies: ReadonlyMap<string, Tally>): GrowthTable {
  return {
    id: `perception.${id}`,
    name,
    size: 'room',
    figures: ['shown', 'seen', 'seen, %', `within ${LIMIT_MS} ms, %`, 'median ms', 'worst ms'],
    rows: [...tallies].map(([room, { cases, seen, inTime, latenciesMs }]) => {
      const sorted = latenciesMs.toSorted((a, b) => a - b)
      const share = (part: number) => (cases === 0 ? null : (100 * part) / cases)
      return {
        size: room,
        figures: [
          cases,
          seen,
          share(seen),
          share(inTime),
          sorted[Math.floor(sorted.length / 2)] ?? null,
          sorted.at(-1) ?? null,
        ],
      }
    }),
    notes: [
      'of those whom a scan shows; the time counts from that scan, or from the first look before arming',
      'the lidar alone: infrared sensors and door guards, which would speak first, are not asked',
    ],
  }
}

function alarmTable(tallies: ReadonlyMap<string, Tally>): GrowthTable {
  return {
    id: 'perception.alarms',
    name: 'Nobody is there',
    size: 'room',
    figures: ['hours', 'false alarms', 'an hour'],
    rows: [...tallies].map(([room, { hours, alarms }]) => ({
      size: room,
      figures: [hours, alarms, hours === 0 ? null : alarms / hours],
    })),
    notes: ['from ten stops of each room’s plan, with the noise of lidar and localisation'],
  }
}

const WALKERS = 4
/** What is put beside the robot's true place, one by one. */
const DISTURBANCES: readonly (readonly [name: string, offsetM: number, turnRad: number])[] = [
  ['nothing', 0, 0],
  ['0.5 m', 0.5, 0],
  ['1 m', 1, 0],
  ['2 m', 2, 0],
  ['5 m', 5, 0],
  ['30°', 0, Math.PI / 6],
  ['90°', 0, Math.PI / 2],
]

/** Robots that are elsewhere than they believe, and are sure of it: in every room of the hospital. */
function lostTable(plan: FloorPlan, placesPerRoom: number): GrowthTable {
  const rows = DISTURBANCES.map(([name, offsetM, turnRad]) => {
    let [cases, lost] = [0, 0]
    for (const level of plan.levels) {
      for (const [index, room] of level.rooms.entries()) {
        for (let place = 1; place <= placesPerRoom; place += 1) {
          const seed = 100 * index + place
          const isLost = isFoundLost(plan, { level, room, hasMirrors: false }, seed, offsetM, turnRad)
          if (isLost === null) continue
          cases += 1
          if (isLost) lost += 1
        }
      }
    }
    process.stderr.write(`  beside itself by ${name}\n`)
    return { size: name, figures: [cases, lost, cases === 0 ? null : (100 * lost) / cases] }
  })
  return {
    id: 'perception.lost',
    name: 'The robot is elsewhere than it believes, by',
    size: 'offset',
    figures: ['cases', 'says that it is lost', '%'],
    rows,
    notes: ['in every room, with people walking about; rooms of one shape cannot be told apart'],
  }
}

/** @returns whether a robot at a random place says within three seconds that it is lost; `null` when it has no place there */
function isFoundLost(
  plan: FloorPlan,
  found: Place,
  seed: number,
  offsetM: number,
  turnRad: number,
): boolean | null {
  const there = robotSomewhere(plan, found, seed)
  if (there === null) return null
  const { clock, world, robot, random } = there
  const health = new LocalisationHealth(robot.sensors)
  health.start()
  robot.start()
  world.start()
  clock.advance(1000)
  const towards = 2 * Math.PI * random.uniform()
  world.robots.get('robot')!.disturbLocalisation({
    x: offsetM * Math.cos(towards),
    y: offsetM * Math.sin(towards),
    theta: turnRad,
  })
  clock.advance(3000)
  world.stop()
  return health.isLost
}

/** A robot at a random place of a room, with people about; `null` when it has no place there. */
function robotSomewhere(plan: FloorPlan, found: Place, seed: number) {
  const random = createRandom(seed)
  const corners = found.room.polygon
  const place = somewhere(corners, random)
  const isBlocked = found.room.furniture.some(({ footprint }) => isInsidePolygon(place, footprint))
  if (isBlocked || !isInsidePolygon(place, corners) || distanceToBoundary(place, corners) < FREE_M)
    return null
  const pose = { ...place, theta: 2 * Math.PI * random.uniform() }
  const { clock, network, world } = worldAt(plan, found, seed, pose, WALKERS)
  return { clock, world, random, pose, robot: createRosRobot(network.createNode(), clock) }
}

/** Within this a found place is the true one: what the treatment plans reckon with is far less. */
const SAME_PLACE = { m: 0.15, rad: Math.PI / 36 } as const

/** Robots that know nothing of their place but the room, as when somebody pushed them in and says so. */
function placeTable(plan: FloorPlan, placesPerRoom: number): GrowthTable {
  const hints = [
    ['the room', false, 0],
    ['the room, and what it faces', true, 0],
    ['the room two farther on', false, 2],
  ] as const
  const rows = hints.map(([size, isFacingKnown, roomsAway]) => {
    const tally = { cases: 0, right: 0, wrong: 0, several: 0, nowhere: 0 }
    for (const level of plan.levels) {
      for (const [index, room] of level.rooms.entries()) {
        for (let place = 1; place <= placesPerRoom; place += 1) {
          const seed = 100 * index + place
          const told = level.rooms[(index + roomsAway) % level.rooms.length]!
          const kind = kindFound(plan, { level, room, hasMirrors: false }, seed, told, isFacingKnown)
          if (kind === null) continue
          tally.cases += 1
          tally[kind] += 1
        }
      }
    }
    const { cases, right, wrong, several, nowhere } = tally
    return { size, figures: [cases, right, wrong, several, nowhere] }
  })
  return {
    id: 'perception.place',
    name: 'The robot looks for its place, and is told',
    size: 'hint',
    figures: ['cases', 'right', 'wrong', 'several places', 'no place'],
    rows,
    notes: [
      `right within ${SAME_PLACE.m} m and 5°; in every room, with people walking about; rooms of one shape cannot be told apart`,
    ],
  }
}

/** What its front shows to, as somebody in the room would say it. */
function aheadOf({ x, y, theta }: Pose2) {
  return { x: x + 2 * Math.cos(theta + 0.5), y: y + 2 * Math.sin(theta + 0.5) }
}

function kindFound(
  plan: FloorPlan,
  found: Place,
  seed: number,
  told: Place['room'],
  isFacingKnown: boolean,
): 'right' | 'wrong' | 'several' | 'nowhere' | null {
  const there = robotSomewhere(plan, found, seed)
  if (there === null) return null
  const { clock, world, robot, pose } = there
  const health = new LocalisationHealth(robot.sensors)
  const finder = new PlaceFinder({ sight: health, clock, radiusM: DEFAULT_RADIUS_M })
  health.start()
  robot.start()
  world.start()
  clock.advance(1000)
  let kind: ReturnType<typeof kindFound> = 'nowhere'
  const hint = { area: told.polygon, faces: isFacingKnown ? aheadOf(pose) : null }
  finder.search(hint, (place) => {
    if (place.kind === 'several') kind = 'several'
    if (place.kind !== 'found') return
    const turn = Math.abs(Math.sin((place.pose.theta - pose.theta) / 2)) * 2
    const isRight =
      Math.hypot(place.pose.x - pose.x, place.pose.y - pose.y) < SAME_PLACE.m && turn < SAME_PLACE.rad
    kind = isRight ? 'right' : 'wrong'
  })
  while (finder.isSearching) clock.advance(1)
  world.stop()
  return kind
}
