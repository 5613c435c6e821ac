import { isInsidePolygon, type Point2 } from '@wardlight/core/geometry'
import type { FloorPlan, Level, Room } from '@wardlight/core/floor'
import type { Random } from '@wardlight/core/random'
import { PERSON_RADIUS_M, type People } from '../world/people.ts'
import { planPath } from './path-planner.ts'
import type { Surroundings } from './surroundings.ts'

interface Walker {
  readonly level: Level
  personId: string
  /** Stands still up to here; `null` while walking. */
  restsUntilMs: number | null
}

/** People who walk about the corridors, from one seeded place to the next, with rests of 2 to 12 s. */
export class Walkers {
  readonly #plan: FloorPlan
  readonly #people: People
  readonly #surroundings: Surroundings
  readonly #random: Random
  readonly #count: number
  #walkers: Walker[] | null = null

  constructor(plan: FloorPlan, people: People, surroundings: Surroundings, random: Random, count: number) {
    this.#plan = plan
    this.#people = people
    this.#surroundings = surroundings
    this.#random = random
    this.#count = count
  }

  step(nowMs: number): void {
    if (this.#count === 0) return
    this.#walkers ??= this.#bringIn(nowMs)
    for (const walker of this.#walkers) {
      if (walker.restsUntilMs !== null && nowMs >= walker.restsUntilMs) this.#walkOn(walker, nowMs)
    }
  }

  #bringIn(nowMs: number): Walker[] {
    const levels = this.#plan.levels.filter((level) => corridorsOf(level).length > 0)
    if (levels.length === 0) return []
    return Array.from({ length: this.#count }, (_, index) => {
      const level = levels[index % levels.length]!
      const personId = this.#people.enter(level.id, [this.#somewhere(level)])
      return { level, personId, restsUntilMs: nowMs + this.#random.uniform() * 5000 }
    })
  }

  #walkOn(walker: Walker, nowMs: number): void {
    const person = this.#people.all().find(({ id }) => id === walker.personId)
    if (person === undefined) {
      walker.restsUntilMs = Infinity
      return
    }
    const costmap = this.#surroundings.costmap(walker.level.id, PERSON_RADIUS_M)
    costmap.setSeen([])
    const result = planPath(costmap, person, this.#somewhere(walker.level))
    if ('errorCode' in result) {
      walker.restsUntilMs = nowMs + 1000
      return
    }
    walker.restsUntilMs = null
    this.#people.sendAlong(walker.personId, result.path.slice(1), (arrivedMs) => {
      walker.restsUntilMs = arrivedMs + 2000 + this.#random.uniform() * 10_000
    })
  }

  /** A free place in a corridor. */
  #somewhere(level: Level): Point2 {
    const costmap = this.#surroundings.costmap(level.id, PERSON_RADIUS_M)
    const corridors = corridorsOf(level)
    for (;;) {
      const { polygon } = corridors[this.#random.integer(corridors.length)]!
      const xs = polygon.map(({ x }) => x)
      const ys = polygon.map(({ y }) => y)
      const point = {
        x: Math.min(...xs) + this.#random.uniform() * (Math.max(...xs) - Math.min(...xs)),
        y: Math.min(...ys) + this.#random.uniform() * (Math.max(...ys) - Math.min(...ys)),
      }
      if (isInsidePolygon(point, polygon) && costmap.distanceAt(point) > PERSON_RADIUS_M + 0.1) return point
    }
  }
}

function corridorsOf(level: Level): Room[] {
  const corridors = level.rooms.filter(({ kind }) => kind === 'corridor' || kind === 'lobby')
  // A map without kinds of rooms: its largest room is where people pass.
  return corridors.length > 0 ? corridors : level.rooms.toSorted((a, b) => b.areaM2 - a.areaM2).slice(0, 1)
}
