import { createRandom } from '@wardlight/core/random'
import { Traffic } from '@wardlight/fleet-server'
import { drawCorridors, RADIUS_M, shuffled } from './drawn-corridors.ts'
import { directedBy, DrivenFloor, type DrivenRobot } from './driven-robots.ts'

const STEP_S = 0.5
/** With nothing wrong, somebody who wants to move must have moved within this, milliseconds. */
const DEADLOCK_MS = 300_000
/** A swap that takes longer though nobody failed for so long is one that never ends, milliseconds. */
const ENDLESS_MS = 3_600_000

/** No swap takes longer than this, whatever goes wrong meanwhile, milliseconds: faults come all the time, and must not hide one that never ends. */
const LONGEST_MS = 6 * 3_600_000

export interface SwapCount {
  readonly floors: number
  readonly swaps: number
  readonly stops: number
  readonly failures: number
  readonly carriedAway: number
  /** Robots that were seen off their way for a time. */
  readonly strayed: number
  readonly blockedByPeople: number
  readonly collisions: number
  readonly deadlocks: number
  /** By whom, where and when, to look at. */
  readonly trouble: readonly string[]
  readonly simulatedS: number
}

/**
 * On floor after floor of corridors one robot wide, robots of mixed speed change places in pairs, again and again,
 * while some of them stop, fail, are carried away and set down elsewhere, and people take stretches for a time.
 */
export function runRandomSwaps(options: {
  readonly seed: number
  readonly swaps: number
  readonly swapsPerFloor: number
  /** Asks for the invariants of the rule after every step; slow. */
  readonly isChecked?: boolean
  /** `false`: nothing goes wrong. */
  readonly hasFaults?: boolean
}): SwapCount {
  const total = {
    floors: 0,
    swaps: 0,
    stops: 0,
    failures: 0,
    carriedAway: 0,
    strayed: 0,
    blockedByPeople: 0,
    collisions: 0,
    deadlocks: 0,
    trouble: [] as string[],
    simulatedS: 0,
  }
  const { hasFaults = true } = options
  for (let floor = 1; total.swaps < options.swaps && total.deadlocks === 0; floor += 1) {
    total.floors += 1
    runFloor(options.seed * 100_003 + floor)
  }
  return total

  function runFloor(seed: number): void {
    const random = createRandom(seed)
    const count = 2 * (1 + random.integer(4))
    const { graph, rooms, docks } = drawCorridors(random, count + 1)
    const traffic = new Traffic(graph)
    const world = new DrivenFloor(graph, directedBy(traffic), random)
    const ends = shuffled([...docks, ...rooms], random)
    if (docks.length < count) return
    const robots = Array.from({ length: count }, (_, index): DrivenRobot => {
      const mover = { radiusM: RADIUS_M, speedMps: 0.3 + random.uniform() * 1.2 }
      const robot = world.add(`robot-${index + 1}`, mover, ends[index]!)
      traffic.join(robot.id, mover, robot.place, 0)
      return robot
    })
    let pairs: { a: string; b: string; sinceMs: number }[] = []
    let done = 0
    let movedMs = 0
    let wrongMs = 0
    const failedUntilMs = new Map<DrivenRobot, number>()
    const backAtMs = new Map<DrivenRobot, number>()
    const astrayUntilMs = new Map<DrivenRobot, number>()
    for (let nowMs = 0; done < options.swapsPerFloor; nowMs += STEP_S * 1000) {
      total.simulatedS += STEP_S
      pairUp(nowMs)
      if (hasFaults) somethingHappens(nowMs)
      traffic.decide(nowMs)
      const before = robots.map(({ place, link, spentS }) => `${place} ${link} ${spentS}`)
      world.step(nowMs, STEP_S)
      if (robots.some(({ place, link, spentS }, index) => before[index] !== `${place} ${link} ${spentS}`))
        movedMs = nowMs
      world.look()
      if (options.isChecked === true) traffic.reservations.check()
      pairs = pairs.filter(({ a, b, sinceMs }) => {
        if (traffic.robot(a).isAtGoal && traffic.robot(b).isAtGoal) {
          traffic.recall(a)
          traffic.recall(b)
          done += 1
          return false
        }
        if (nowMs - sinceMs > LONGEST_MS || nowMs - Math.max(sinceMs, wrongMs) > ENDLESS_MS)
          stuck(`${a} and ${b} never change places`, nowMs)
        return true
      })
      if (failedUntilMs.size > 0 || backAtMs.size > 0 || astrayUntilMs.size > 0) wrongMs = nowMs
      if (nowMs - Math.max(movedMs, wrongMs) > DEADLOCK_MS) stuck('nobody moves', nowMs)
      if (total.deadlocks > 0) break
    }
    total.swaps += done
    total.collisions += world.collisions
    if (world.collisions > 0) total.trouble.push(`seed ${seed}: ${world.collisions} collisions`)

    function stuck(what: string, nowMs: number): void {
      total.deadlocks += 1
      const waiting = traffic.ids.map(
        (id) => `${id} at ${graph.places[traffic.robot(id).place]?.id}, ${traffic.robot(id).waiting}`,
      )
      total.trouble.push(`seed ${seed}, ${nowMs / 1000} s: ${what}: ${waiting.join('; ')}`)
    }

    function pairUp(nowMs: number): void {
      const busy = new Set(pairs.flatMap(({ a, b }) => [a, b]))
      const isFree = (robot: DrivenRobot) =>
        !busy.has(robot.id) &&
        robot.isOnFloor &&
        !failedUntilMs.has(robot) &&
        !astrayUntilMs.has(robot) &&
        robot.link === null &&
        traffic.robot(robot.id).base.length === 0
      const free = shuffled(robots.filter(isFree), random)
      for (let index = 0; index + 1 < free.length; index += 2) {
        const [a, b] = [free[index]!, free[index + 1]!]
        traffic.send(a.id, b.place, nowMs)
        traffic.send(b.id, a.place, nowMs)
        pairs.push({ a: a.id, b: b.id, sinceMs: nowMs })
      }
    }

    function somethingHappens(nowMs: number): void {
      for (const robot of robots) {
        if (!robot.isOnFloor) {
          if (nowMs >= backAtMs.get(robot)!) putBack(robot, nowMs)
          continue
        }
        const untilMs = failedUntilMs.get(robot)
        if (untilMs !== undefined) {
          if (nowMs < untilMs) continue
          failedUntilMs.delete(robot)
          if (random.integer(2) === 0) traffic.recover(robot.id, nowMs)
          else {
            total.carriedAway += 1
            traffic.leave(robot.id)
            Object.assign(robot, { isOnFloor: false, link: null })
            backAtMs.set(robot, nowMs + 1000 * (20 + random.integer(120)))
          }
          continue
        }
        const backOnWayMs = astrayUntilMs.get(robot)
        if (backOnWayMs !== undefined) {
          if (nowMs < backOnWayMs) continue
          astrayUntilMs.delete(robot)
          traffic.recover(robot.id, nowMs)
        }
        const chance = random.uniform()
        if (chance < 0.0004) {
          total.failures += 1
          // Half of them say so; the others are found because they do not move.
          const forMs = 1000 * (60 + random.integer(240))
          robot.stillUntilMs = nowMs + forMs
          failedUntilMs.set(robot, nowMs + forMs)
          if (random.integer(2) === 0) traffic.fail(robot.id, 'has failed')
        } else if (chance < 0.004) {
          total.stops += 1
          robot.stillUntilMs = nowMs + 1000 * (1 + random.integer(40))
        } else if (chance < 0.0042) {
          total.strayed += 1
          const untilMs = nowMs + 1000 * (5 + random.integer(60))
          robot.stillUntilMs = untilMs
          astrayUntilMs.set(robot, untilMs)
          traffic.stray(robot.id, 'L1', world.pointOf(robot))
        } else if (chance < 0.0047) {
          total.blockedByPeople += 1
          const place = random.integer(graph.places.length)
          traffic.block(graph.standing[place]!, nowMs + 1000 * (5 + random.integer(60)), 'people go first')
        }
      }
    }

    /** At some place where nobody stands or is about to come. */
    function putBack(robot: DrivenRobot, nowMs: number): void {
      const place = random.integer(graph.places.length)
      const { kind } = graph.places[place]!
      if (kind === 'door' || kind === 'lift' || !traffic.join(robot.id, robot.mover, place, nowMs)) return
      backAtMs.delete(robot)
      Object.assign(robot, { isOnFloor: true, place, link: null, stillUntilMs: -Infinity })
    }
  }
}
