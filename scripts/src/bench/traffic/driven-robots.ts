import { distance, type Point2 } from '@wardlight/core/geometry'
import type { Random } from '@wardlight/core/random'
import { driveS, separationM, type Mover, type Traffic, type TrafficGraph } from '@wardlight/fleet-server'

/** A robot that drives what it is allowed to, at its own speed. */
export interface DrivenRobot {
  readonly id: string
  readonly mover: Mover
  /** The link that it is on, how far it got, seconds, and how long this one takes it. */
  link: number | null
  place: number
  spentS: number
  neededS: number
  /** It stands still until then, wherever it is. */
  stillUntilMs: number
  isOnFloor: boolean
}

/** What the robots need to know of who directs them. */
export interface Director {
  baseOf(id: string): readonly number[]
  drive(id: string, nowMs: number): void
}

/** As `Traffic` directs them. */
export function directedBy(traffic: Traffic): Director {
  return {
    baseOf: (id) => traffic.robot(id).base,
    drive: (id, nowMs) => {
      traffic.drive(id, nowMs)
    },
  }
}

/**
 * Moves the robots on by a step of time, and looks whether two came nearer than they may. Robots are points on their
 * links: how they get around a corner is the robot's affair, and the gap is there for it.
 */
export class DrivenFloor {
  readonly #graph: TrafficGraph
  readonly #director: Director
  readonly robots: DrivenRobot[] = []
  /** Robots nearer to one another than they may be. */
  collisions = 0
  /** What a link takes against what it should take, by chance; 1 where nothing is left to chance. */
  readonly #random: Random | null

  constructor(graph: TrafficGraph, director: Director, random: Random | null) {
    this.#graph = graph
    this.#director = director
    this.#random = random
  }

  add(id: string, mover: Mover, place: number): DrivenRobot {
    const robot: DrivenRobot = {
      id,
      mover,
      link: null,
      place,
      spentS: 0,
      neededS: 0,
      stillUntilMs: -Infinity,
      isOnFloor: true,
    }
    this.robots.push(robot)
    return robot
  }

  step(nowMs: number, stepS: number): void {
    for (const robot of this.robots) {
      if (!robot.isOnFloor || nowMs < robot.stillUntilMs) continue
      let leftS = stepS
      while (leftS > 0) {
        if (robot.link === null) {
          const [next] = this.#director.baseOf(robot.id)
          if (next === undefined) break
          robot.link = next
          robot.spentS = 0
          robot.neededS =
            driveS(this.#graph.links[next]!, robot.mover) * (1 + 0.5 * (this.#random?.uniform() ?? 0))
        }
        const used = Math.min(leftS, robot.neededS - robot.spentS)
        robot.spentS += used
        leftS -= used
        if (robot.spentS < robot.neededS - 1e-9) break
        robot.place = this.#graph.links[robot.link]!.to
        robot.link = null
        this.#director.drive(robot.id, nowMs)
      }
    }
  }

  pointOf({ link, place, spentS, neededS }: DrivenRobot): Point2 & { readonly levelId: string } {
    if (link === null) return this.#graph.places[place]!
    const { from, to } = this.#graph.links[link]!
    const [a, b] = [this.#graph.places[from]!, this.#graph.places[to]!]
    const share = spentS / neededS
    return { levelId: a.levelId, x: a.x + share * (b.x - a.x), y: a.y + share * (b.y - a.y) }
  }

  /** Counts pairs that are too near now. */
  look(): void {
    const apartM = separationM(this.#graph.radiusM) - 1e-6
    const points = this.robots.filter(({ isOnFloor }) => isOnFloor).map((robot) => this.pointOf(robot))
    for (const [index, one] of points.entries()) {
      for (let other = index + 1; other < points.length; other += 1) {
        if (points[other]!.levelId === one.levelId && distance(one, points[other]!) < apartM)
          this.collisions += 1
      }
    }
  }
}
