import { createRandom } from '@wardlight/core/random'
import { RouteFinder, Traffic, type Mover } from '@wardlight/fleet-server'
import { RADIUS_M, shuffled } from './drawn-corridors.ts'
import { directedBy, DrivenFloor, type DrivenRobot } from './driven-robots.ts'
import { layWardBlocks, type WardBlocks } from './ward-blocks.ts'

const STEP_S = 0.5
/** Somebody on the way drives on within this, or nobody ever will, seconds: far more than any robot needs for a link. */
const DEADLOCK_S = 900
/** Every so many steps it is looked whether two robots are too near. */
const LOOK_EVERY = 4

export interface NightSize {
  readonly robots: number
  readonly rooms: number
  /** Work in each room, seconds. */
  readonly workS: number
  readonly seed: number
  /** Rooms anywhere in the hospital, drawn by chance, in place of the nearest: everybody crosses everybody's way. */
  readonly isScattered?: boolean
}

interface Tour {
  readonly mover: Mover
  readonly dock: number
  readonly rooms: readonly number[]
}

/** A night's ways: who goes to which rooms, in which order. Traffic does not choose that, it only gets them there. */
export interface Night {
  readonly floor: WardBlocks
  readonly tours: readonly Tour[]
  readonly workS: number
}

export interface NightRun {
  /** Until the last room is done, seconds. */
  readonly makespanS: number
  readonly deadlocks: number
  readonly collisions: number
  /** Of one decision for the whole fleet, milliseconds. */
  readonly decisionMs: { readonly mean: number; readonly max: number }
  /** All real time spent on deciding, by room, milliseconds. */
  readonly decidingMsPerRoom: number
}

/** Each robot from its own dock, on to the nearest room that is left; speeds of 0.5 to 1.1 m/s. */
export function drawNight({ robots, rooms, workS, seed, isScattered = false }: NightSize): Night {
  const random = createRandom(seed)
  const floor = layWardBlocks(rooms)
  if (floor.docks.length < robots) throw new Error(`${floor.docks.length} docks for ${robots} robots`)
  const finder = new RouteFinder(floor.graph)
  const inTurn = isScattered ? shuffled(floor.rooms, random) : null
  const left = new Set(floor.rooms)
  const tours = Array.from({ length: robots }, (_, index) => ({
    mover: { radiusM: RADIUS_M, speedMps: 0.5 + 0.6 * random.uniform() },
    // Spread over the hospital.
    dock: floor.docks[Math.floor((index * floor.docks.length) / robots)]!,
    rooms: [] as number[],
  }))
  while (left.size > 0) {
    for (const tour of tours) {
      const from = tour.rooms.at(-1) ?? tour.dock
      const wanted = inTurn?.pop()
      const found = finder.find(from, tour.mover, (place) =>
        wanted === undefined ? left.has(place) : place === wanted,
      )
      if (found === null || left.size === 0) break
      const room = found.route.length === 0 ? from : floor.graph.links[found.route.at(-1)!]!.to
      left.delete(room)
      tour.rooms.push(room)
    }
  }
  return { floor, tours, workS }
}

export function driveNight({ floor, tours, workS }: Night): NightRun {
  const traffic = new Traffic(floor.graph)
  const world = new DrivenFloor(floor.graph, directedBy(traffic), null)
  const rows = tours.map((tour, index) => {
    const robot: DrivenRobot = world.add(`robot-${index + 1}`, tour.mover, tour.dock)
    traffic.join(robot.id, tour.mover, tour.dock, 0)
    traffic.send(robot.id, tour.rooms[0] ?? tour.dock, 0)
    return { tour, robot, next: 0, doneAtMs: null as number | null }
  })
  let makespanS = 0
  let deadlocks = 0
  let decisions = 0
  let decidingMs = 0
  let maxMs = 0
  let movedMs = 0
  let left = tours.reduce((sum, { rooms }) => sum + rooms.length, 0)
  const count = left
  for (let step = 0; left > 0 && deadlocks === 0; step += 1) {
    const nowMs = step * STEP_S * 1000
    const before = performance.now()
    traffic.decide(nowMs)
    const tookMs = performance.now() - before
    decisions += 1
    decidingMs += tookMs
    maxMs = Math.max(maxMs, tookMs)
    world.step(nowMs, STEP_S)
    if (step % LOOK_EVERY === 0) world.look()
    if (world.robots.some(({ link }) => link !== null)) movedMs = nowMs
    let isAnyWorking = false
    for (const row of rows) {
      if (row.next === row.tour.rooms.length) continue
      if (row.doneAtMs === null) {
        if (!traffic.robot(row.robot.id).isAtGoal) continue
        row.doneAtMs = nowMs + workS * 1000
        traffic.setWorking(row.robot.id, true)
      }
      if (nowMs < row.doneAtMs) {
        isAnyWorking = true
        continue
      }
      row.doneAtMs = null
      row.next += 1
      left -= 1
      makespanS = nowMs / 1000
      traffic.setWorking(row.robot.id, false)
      traffic.send(row.robot.id, row.tour.rooms[row.next] ?? row.tour.dock, nowMs)
    }
    if (!isAnyWorking && nowMs - movedMs > DEADLOCK_S * 1000) deadlocks += 1
  }
  return {
    makespanS,
    deadlocks,
    collisions: world.collisions,
    decisionMs: { mean: decidingMs / decisions, max: maxMs },
    decidingMsPerRoom: decidingMs / count,
  }
}

/** Seconds of driving to each room in turn, with nobody in the way. */
function waysS(night: Night): number[][] {
  const finder = new RouteFinder(night.floor.graph)
  return night.tours.map(({ mover, dock, rooms }) =>
    rooms.map(
      (room, index) => finder.find(rooms[index - 1] ?? dock, mover, (place) => place === room)!.seconds,
    ),
  )
}

/** What no traffic can beat: each robot drives its tour as if it were alone. */
export function aloneS(night: Night): number {
  return Math.max(...waysS(night).map((ways) => ways.reduce((sum, way) => sum + way + night.workS, 0)))
}

/**
 * One robot drives at a time, whoever has waited longest first, while the others stand or work: the rule that needs
 * no other. It is favoured: robots that stand in the way are driven through.
 */
export function oneDrivesS(night: Night): number {
  const waiting = waysS(night).map((ways) => ({ ways, at: 0, readyS: 0 }))
  let freeS = 0
  let endS = 0
  for (;;) {
    const [next] = waiting.filter(({ ways, at }) => at < ways.length).toSorted((a, b) => a.readyS - b.readyS)
    if (next === undefined) return endS
    freeS = Math.max(freeS, next.readyS) + next.ways[next.at]!
    next.at += 1
    next.readyS = freeS + night.workS
    endS = Math.max(endS, next.readyS)
  }
}
