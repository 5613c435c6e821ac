import { SimulatedClock } from '@wardlight/core/clock'
import { DEFAULT_LAMP } from '@wardlight/core/disinfection'
import type { FloorPlan, FoundRoom } from '@wardlight/core/floor'
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
import {
  InMemoryRosNetwork,
  type LaserScan,
  type RosMessages,
  type RosMessageType,
} from '@wardlight/core/ros'
import { createRosRobot, giveWay, type GivingWayRobot, type WayView } from '@wardlight/robot-agent/testing'
import { mirrorsIn } from '../mirrors.ts'
import { createWorld, type RobotHandle, type World } from '@wardlight/sim'

export const STEP_MS = 20
export const RADIUS_M = 0.25
/** From a place's middle to the nearest wall or furniture: nobody leans on anything. */
const FREE_M = 0.5
const ROBOT_ID = 'robot'

export interface RoamingOptions {
  readonly plan: FloorPlan
  /** Where it roams; all of them on one level, one within reach of another. */
  readonly rooms: readonly FoundRoom[]
  readonly seed: number
  readonly speedMps: number
  readonly hasMirrors?: boolean
  /** Something that no map has stands in the middle of the first room. */
  readonly thing?: Polygon
  /** Robots that roam there as well. */
  readonly others?: number
  /** Whether the navigation, which waits for people by itself, is blind to them. */
  readonly isNavigationBlind?: boolean
}

/** A robot that gives way, and drives from one random place of its rooms to the next. */
export interface RoamingRobot {
  readonly clock: SimulatedClock
  readonly world: World
  readonly handle: RobotHandle
  readonly robot: GivingWayRobot
  readonly levelId: string
  /** Each scan with what was made of it. */
  onScan: (scan: LaserScan, view: WayView) => void
  /** A random place in the rooms where somebody stands freely; `null` when none is found. */
  place(accept: (place: Point2) => boolean): Point2 | null
  /** Whether somebody could stand there freely. */
  isFree(place: Point2): boolean
  /** Hears what the robot's hardware says. */
  listen<Type extends RosMessageType>(
    type: Type,
    topic: string,
    callback: (message: RosMessages[Type]) => void,
  ): void
  stop(): void
}

export function createRoamingRobot(options: RoamingOptions): RoamingRobot {
  const {
    plan,
    rooms,
    seed,
    speedMps,
    hasMirrors = false,
    others = 0,
    isNavigationBlind = false,
    thing,
  } = options
  const { level } = rooms[0]!
  const random = createRandom(seed).fork('roaming')
  const clock = new SimulatedClock(0)
  const networks = Array.from(
    { length: 1 + others },
    () =>
      new InMemoryRosNetwork((error) => {
        throw error
      }),
  )
  const starts: Pose2[] = []
  for (const _ of networks) {
    const start = somewhereFree(rooms, random, (place) =>
      starts.every((other) => distance(other, place) > 1.5),
    )
    starts.push({ ...start!, theta: 2 * Math.PI * random.uniform() - Math.PI })
  }
  const world = createWorld({
    plan,
    seed,
    clock,
    robots: networks.map((network, index) => ({
      id: index === 0 ? ROBOT_ID : `other-${index}`,
      levelId: level.id,
      pose: starts[index]!,
      graph: network.createNode(),
      lamp: DEFAULT_LAMP,
      radiusM: RADIUS_M,
      speedMps,
      isNavigationBlind: index === 0 && isNavigationBlind,
    })),
  })
  if (hasMirrors) {
    for (const { room } of rooms)
      for (const mirror of mirrorsIn(room.polygon)) world.addMirror(level.id, mirror)
  }
  if (thing !== undefined) {
    const furniture = { id: 'thing', name: 'something that no map has', kind: 'equipment' as const }
    world.addObstacle(level.id, { ...furniture, footprint: thing, zMinM: 0, zMaxM: 1.2 })
  }
  const roaming: RoamingRobot = {
    clock,
    world,
    handle: world.robots.get(ROBOT_ID)!,
    robot: undefined as never,
    levelId: level.id,
    onScan: () => {},
    place: (accept) => somewhereFree(rooms, random, accept),
    isFree: (place) => rooms.some(({ room }) => isFree(place, room)),
    listen: (type, topic, callback) => {
      networks[0]!.createNode().createSubscription(type, topic, callback)
    },
    stop: () => world.stop(),
  }
  const drivers = networks.map((network, index) => {
    const hardware = createRosRobot(network.createNode(), clock)
    let scan: LaserScan | null = null
    // Before the robot looks at it.
    if (index === 0)
      hardware.sensors.subscribe((reading) => {
        if (reading.kind === 'scan') scan = reading.scan
      })
    const robot = giveWay(hardware, {
      clock,
      mover: { radiusM: RADIUS_M, speedMps },
      log: { debug() {}, info() {}, warn() {}, error() {} },
      onChange: () => {},
      onView: (view) => {
        if (index === 0) roaming.onScan(scan!, view)
      },
    })
    hardware.start()
    return robot
  })
  Object.assign(roaming, { robot: drivers[0]! })
  world.start()
  clock.advance(1000)
  for (const driver of drivers) roam(driver)

  function roam(driver: GivingWayRobot): void {
    const target = somewhereFree(rooms, random, () => true)!
    driver.base.driveTo({ ...target, theta: 2 * Math.PI * random.uniform() - Math.PI }, () =>
      // Not within the callback of the drive that has ended.
      clock.setTimeout(() => roam(driver), 500),
    )
  }
  return roaming
}

/** Runs until something is so, or the time is over. */
export function advanceUntil({ clock }: RoamingRobot, isSo: () => boolean, withinMs: number): void {
  for (let ms = 0; ms < withinMs && !isSo(); ms += STEP_MS) clock.advance(STEP_MS)
}

function somewhereFree(
  rooms: readonly FoundRoom[],
  random: Random,
  accept: (place: Point2) => boolean,
): Point2 | null {
  for (let tries = 0; tries < 2000; tries += 1) {
    const { room } = rooms[random.integer(rooms.length)]!
    const { minX, minY, maxX, maxY } = boundsOf(room.polygon)
    const place = { x: minX + (maxX - minX) * random.uniform(), y: minY + (maxY - minY) * random.uniform() }
    if (isFree(place, room) && accept(place)) return place
  }
  return null
}

function isFree(place: Point2, { polygon, furniture }: FoundRoom['room']): boolean {
  if (!isInsidePolygon(place, polygon) || distanceToBoundary(place, polygon) < FREE_M) return false
  return furniture.every(
    ({ footprint }) => !isInsidePolygon(place, footprint) && distanceToBoundary(place, footprint) >= FREE_M,
  )
}
