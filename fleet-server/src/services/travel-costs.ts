import { routeBetween } from '@wardlight/core/floor'
import { distance, type Point2 } from '@wardlight/core/geometry'
import type { FloorIndex } from './floor-index.ts'
import type { TrafficWays } from './traffic-ways.ts'

export interface TravelPlace extends Point2 {
  readonly levelId: string
}

/** What a robot's way from place to place costs. Who knows the traffic may answer better. */
export interface TravelCosts {
  /** Milliseconds from the row to the column; `Infinity` where there is no way. */
  table(places: readonly TravelPlace[]): Float64Array[]
}

/** A robot's mean speed between rooms, with people about, metres a second. Proposed. */
const SPEED_MPS = 0.6
/** Ways that are kept; then all are forgotten. */
const MOST_KEPT = 50_000

/** The length of the route on the plan at a steady speed, on one level. */
export class PlanTravel implements TravelCosts {
  readonly #floor: FloorIndex
  readonly #known = new Map<string, number>()

  constructor(floor: FloorIndex) {
    this.#floor = floor
  }

  table(places: readonly TravelPlace[]): Float64Array[] {
    return places.map((from) => Float64Array.from(places, (to) => this.ms(from, to)))
  }

  ms(from: TravelPlace, to: TravelPlace): number {
    if (from.levelId !== to.levelId || !this.#floor.hasLevel(from.levelId)) return Infinity
    const key = [from.levelId, ...[from.x, from.y, to.x, to.y].map((each) => each.toFixed(1))].join(' ')
    const known = this.#known.get(key)
    if (known !== undefined) return known
    if (this.#known.size >= MOST_KEPT) this.#known.clear()
    const route = routeBetween(this.#floor.level(from.levelId), from, to)
    const lengthM = route.slice(1).reduce((sum, point, at) => sum + distance(route[at]!, point), 0)
    const ms = (1000 * lengthM) / SPEED_MPS
    this.#known.set(key, ms)
    return ms
  }
}

/** By the ways that traffic gives, lifts included; where its graph has none, by the plan. */
export class TrafficTravel implements TravelCosts {
  readonly #ways: TrafficWays
  readonly #plan: PlanTravel

  constructor(ways: TrafficWays, plan: PlanTravel) {
    this.#ways = ways
    this.#plan = plan
  }

  table(places: readonly TravelPlace[]): Float64Array[] {
    // Each place is looked up once: a search asks for the ways between them millions of times.
    const nodes = places.map((place) => this.#ways.placeNear(place))
    return places.map((from, row) => {
      const start = nodes[row]!
      const seconds = start === null ? null : this.#ways.secondsFrom(start)
      return Float64Array.from(places, (to, column) => {
        const end = nodes[column]!
        const known = seconds === null || end === null ? Infinity : seconds[end]!
        return known === Infinity ? this.#plan.ms(from, to) : 1000 * known
      })
    })
  }
}
