import type { Link, TrafficGraph } from './traffic-graph.ts'

/** A robot as far as ways care. */
export interface Mover {
  readonly radiusM: number
  readonly speedMps: number
}

/** Beside a robot's radius a way must leave this much, metres. */
const SIDE_M = 0.05
/** At a place the robot slows down, turns, and speeds up, seconds. Measured on the simulated robot: about 1 s a corner. */
const PLACE_S = 0.4

/** Seconds to drive a link when nobody is in the way. */
export function driveS(link: Link, { speedMps }: Pick<Mover, 'speedMps'>): number {
  return link.lengthM / Math.min(speedMps, link.speedLimitMps ?? Infinity) + PLACE_S + link.extraS
}

export function fits({ clearanceM }: Pick<Link, 'clearanceM'>, { radiusM }: Pick<Mover, 'radiusM'>): boolean {
  return clearanceM === null || clearanceM >= radiusM + SIDE_M
}

/**
 * The quickest routes from one place, by Dijkstra's algorithm. One is kept and used again: it needs no clearing.
 *
 * Speed: a binary heap over typed arrays; a search ends where its goal is reached.
 */
export class RouteFinder {
  readonly #graph: TrafficGraph
  readonly #costs: Float64Array
  readonly #cameBy: Int32Array
  readonly #stamps: Int32Array
  readonly #closed: Int32Array
  #stamp = 0
  readonly #heap: number[] = []
  readonly #keys: number[] = []

  constructor(graph: TrafficGraph) {
    this.#graph = graph
    const count = graph.places.length
    this.#costs = new Float64Array(count)
    this.#cameBy = new Int32Array(count)
    this.#stamps = new Int32Array(count)
    this.#closed = new Int32Array(count)
  }

  /**
   * @param isGoal where the search may end; the nearest such place is taken
   * @param extraS what a link costs beyond driving, seconds; `Infinity` where it cannot be driven
   * @returns links in order, empty where the robot is there; `null` where there is no way
   */
  find(
    from: number,
    mover: Mover,
    isGoal: (place: number) => boolean,
    extraS: (link: number) => number = () => 0,
  ): { readonly route: number[]; readonly seconds: number } | null {
    const end = this.#search(from, mover, isGoal, extraS)
    if (end === null) return null
    const route: number[] = []
    for (let at = end; at !== from;) {
      const link = this.#cameBy[at]!
      route.push(link)
      at = this.#graph.links[link]!.from
    }
    return { route: route.toReversed(), seconds: this.#costs[end]! }
  }

  /** Seconds from one place to every other; `Infinity` where there is no way. */
  secondsToAll(from: number, mover: Mover): Float64Array {
    this.#search(
      from,
      mover,
      () => false,
      () => 0,
    )
    return this.#costs.map((cost, place) => (this.#stamps[place] === this.#stamp ? cost : Infinity))
  }

  #search(
    from: number,
    mover: Mover,
    isGoal: (place: number) => boolean,
    extraS: (link: number) => number,
  ): number | null {
    const { links, leaving } = this.#graph
    const stamp = ++this.#stamp
    this.#heap.length = 0
    this.#keys.length = 0
    this.#stamps[from] = stamp
    this.#costs[from] = 0
    this.#push(from, 0)
    for (let at = this.#pop(); at !== null; at = this.#pop()) {
      if (this.#closed[at] === stamp) continue
      this.#closed[at] = stamp
      if (isGoal(at)) return at
      for (const index of leaving[at]!) {
        const link = links[index]!
        if (this.#closed[link.to] === stamp || !fits(link, mover)) continue
        const cost = this.#costs[at]! + driveS(link, mover) + extraS(index)
        if (cost === Infinity || (this.#stamps[link.to] === stamp && cost >= this.#costs[link.to]!)) continue
        this.#stamps[link.to] = stamp
        this.#costs[link.to] = cost
        this.#cameBy[link.to] = index
        this.#push(link.to, cost)
      }
    }
    return null
  }

  #push(place: number, key: number): void {
    let at = this.#heap.length
    this.#heap.push(place)
    this.#keys.push(key)
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (this.#keys[parent]! <= key) break
      this.#heap[at] = this.#heap[parent]!
      this.#keys[at] = this.#keys[parent]!
      at = parent
    }
    this.#heap[at] = place
    this.#keys[at] = key
  }

  #pop(): number | null {
    const first = this.#heap[0]
    if (first === undefined) return null
    const place = this.#heap.pop()!
    const key = this.#keys.pop()!
    const count = this.#heap.length
    if (count === 0) return first
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= count) break
      if (child + 1 < count && this.#keys[child + 1]! < this.#keys[child]!) child += 1
      if (this.#keys[child]! >= key) break
      this.#heap[at] = this.#heap[child]!
      this.#keys[at] = this.#keys[child]!
      at = child
    }
    this.#heap[at] = place
    this.#keys[at] = key
    return first
  }
}
