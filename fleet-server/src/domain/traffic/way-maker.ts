import type { Mover, RouteFinder } from './find-route.ts'
import type { Reservations } from './reservations.ts'
import { isPassage, type TrafficGraph } from './traffic-graph.ts'

/** A way through an idle robot costs so much more, seconds: it has to leave first. Proposed. */
const IDLE_IN_WAY_S = 60
/** A place that is no parking place is only yielded to where no other is left. */
const NO_PARKING_S = 10_000

/** A robot as traffic sees it. */
export interface Traveller {
  readonly index: number
  readonly id: string
  mover: Mover
  goal: { readonly place: number; readonly priority: number; readonly sinceMs: number } | null
  /** On its way out of somebody's way. */
  isYielding: boolean
  isWorking: boolean
  /** Why it is not counted on to move, in words; else `null`. */
  trouble: string | null
  waiting: string | null
  movedMs: number
  /** Counts what may let others get on. */
  changes: number
  /** Whom it waited for when it was last tried, and their `changes` then. */
  blockers: readonly Traveller[]
  versions?: readonly number[]
  triedMs: number
}

/**
 * Gives routes to robots at rest, and moves those at rest out of their way.
 *
 * **Why one can always yield.** Let no horizon be left, let the graph without its parking places be connected, let no
 * parking place lie between others, and let there be a free one for each robot that is not parked. From a free parking
 * place go towards any robot that is not parked: the first one on the way can go back to it, for nothing is between
 * them. So the number of robots that are not parked can always be lessened by one, until the way is clear. `#yield`
 * walks this way the other way round: who cannot leave asks those in its way first, the one it makes way for included.
 * On plans without that many parking places any place serves that nobody wants; whether it ends is then no theorem, but
 * what is measured (`docs/decisions/0320`).
 */
export class WayMaker {
  readonly #graph: TrafficGraph
  readonly #reservations: Reservations
  readonly #finder: RouteFinder
  readonly #travellers: readonly Traveller[]
  readonly #blockedS: (link: number) => number
  /** Tokens on the way of the one that waits longest: nobody else is to stop there. */
  #keptClear = new Set<number>()

  constructor(
    graph: TrafficGraph,
    reservations: Reservations,
    finder: RouteFinder,
    travellers: readonly Traveller[],
    blockedS: (link: number) => number,
  ) {
    this.#graph = graph
    this.#reservations = reservations
    this.#finder = finder
    this.#travellers = travellers
    this.#blockedS = blockedS
  }

  /** A new round, from the one that waits longest on. */
  begin(): void {
    this.#keptClear.clear()
  }

  /** Gives a robot at rest a route to its goal; where others at rest are in its way, lets them yield first. */
  send(traveller: Traveller): void {
    const { index, goal, mover } = traveller
    traveller.blockers = []
    const from = this.#reservations.routeOf(index)!.place
    const isGoal = (place: number) => place === goal!.place
    const found = this.#finder.find(from, mover, isGoal, (link) => this.#costS(link, index, true))
    if (found === null) {
      traveller.waiting = this.#whyNoWay(traveller)
      return
    }
    const standing = this.#graph.standing[goal!.place]!
    if (standing.some((token) => this.#keptClear.has(token))) {
      traveller.waiting = 'waits: its goal lies on the way of one that has waited longer'
      return
    }
    const way = this.#tokensOf(found.route)
    const inWay = this.#keepers(index, way)
    if (inWay.length === 0 && this.#reservations.give(index, found.route)) {
      traveller.waiting = null
      return
    }
    if (this.#keptClear.size === 0) this.#keptClear = way
    const asked = new Set<number>([])
    for (const other of inWay) this.#yield(other, way, asked, traveller)
    if (this.#reservations.isAtRest(index) && this.#reservations.give(index, found.route)) {
      traveller.waiting = null
      return
    }
    traveller.blockers = inWay
    traveller.waiting = wordsFor(inWay)
  }

  /** A robot that is not tried anew this time still keeps its way clear, where it is the one that waits longest. */
  keepClear({ index, goal, mover }: Traveller): void {
    if (this.#keptClear.size > 0) return
    const from = this.#reservations.routeOf(index)!.place
    const isGoal = (place: number) => place === goal!.place
    const found = this.#finder.find(from, mover, isGoal, (link) => this.#costS(link, index, true))
    if (found !== null) this.#keptClear = this.#tokensOf(found.route)
  }

  /**
   * Sends a robot at rest to a parking place off a way. Who is in its own way is asked first.
   *
   * @param asked robots that were asked already, so that nobody is asked in a circle
   * @param asking for whom way is made: it does not move those that go before it
   */
  #yield(traveller: Traveller, way: ReadonlySet<number>, asked: Set<number>, asking: Traveller): boolean {
    const { index, mover } = traveller
    if (asked.has(index) || !this.#reservations.isAtRest(index)) return false
    const from = this.#reservations.routeOf(index)!.place
    if (!isMovable(traveller, from, asking)) return false
    asked.add(index)
    const found = this.#finder.find(
      from,
      mover,
      (place) => place !== from && this.#isParkable(place, index, way),
      (link) => this.#costS(link, index, false) + this.#noParkingS(link, from, index, way),
    )
    if (found === null) return false
    for (const other of this.#keepers(index, this.#tokensOf(found.route)))
      this.#yield(other, way, asked, asking)
    if (!this.#reservations.give(index, found.route)) return false
    traveller.isYielding = true
    // Who was there already has had its turn; it comes back when the one that it made way for has had its own.
    if (traveller.goal?.place === from) {
      const { priority, sinceMs } = asking.goal!
      traveller.goal = {
        place: from,
        priority: Math.min(traveller.goal.priority, priority),
        sinceMs: sinceMs + 1,
      }
    }
    traveller.waiting = null
    return true
  }

  /** Whether a robot may stop there for a while: nobody wants it, nobody stands there or will. */
  #isParkable(place: number, robot: number, way: ReadonlySet<number>): boolean {
    const { kind } = this.#graph.places[place]!
    if (isPassage(kind) || kind === 'room') return false
    return this.#graph.standing[place]!.every(
      (token) =>
        !way.has(token) &&
        !this.#keptClear.has(token) &&
        this.#reservations.isFreeFor(robot, token) &&
        !this.#reservations.isWantedByOthers(robot, token),
    )
  }

  /** Makes the search go past places that are no parking places as long as there are others. */
  #noParkingS(link: number, from: number, robot: number, way: ReadonlySet<number>): number {
    const { to } = this.#graph.links[link]!
    const { kind } = this.#graph.places[to]!
    if (kind === 'dock' || kind === 'passing' || to === from) return 0
    return this.#isParkable(to, robot, way) ? NO_PARKING_S : 0
  }

  /** @param isToGoal idle robots on the way can be asked to leave; those that stay are no way */
  #costS(link: number, robot: number, isToGoal: boolean): number {
    let cost = this.#blockedS(link)
    for (const token of this.#graph.links[link]!.tokens) {
      const keeper = this.#reservations.keeperOf(token)
      if (keeper === null || keeper === robot) continue
      const { trouble, isWorking } = this.#travellers[keeper]!
      if (trouble !== null) return Infinity
      // A robot at work leaves one day: that is worth waiting for where it is the only way.
      cost += isWorking ? (isToGoal ? 100 * IDLE_IN_WAY_S : Infinity) : IDLE_IN_WAY_S
    }
    return cost
  }

  #tokensOf(route: readonly number[]): Set<number> {
    const tokens = new Set<number>()
    for (const link of route) for (const token of this.#graph.links[link]!.tokens) tokens.add(token)
    return tokens
  }

  #keepers(robot: number, tokens: ReadonlySet<number>): Traveller[] {
    return [...this.#reservations.keepersOf(robot, tokens)].map((index) => this.#travellers[index]!)
  }

  #whyNoWay({ index, goal, mover }: Traveller): string {
    const from = this.#reservations.routeOf(index)!.place
    const name = this.#graph.places[goal!.place]!.name
    const free = this.#finder.find(from, mover, (place) => place === goal!.place)
    if (free === null) return `finds no way to ${name}`
    const inWay = this.#keepers(index, this.#tokensOf(free.route)).filter(({ trouble }) => trouble !== null)
    return `finds no way to ${name}: ${inWay.map(({ id, trouble }) => `${id} ${trouble}`).join('; ')}`
  }
}

/**
 * Whether a robot may be asked to leave: one without an errand, one that is where it was sent and does not work there,
 * or one whose turn comes later; each may leave for itself.
 */
function isMovable(
  { index, goal, trouble, isWorking }: Traveller,
  place: number,
  asking: Traveller,
): boolean {
  if (trouble !== null || isWorking) return false
  if (goal === null || goal.place === place || index === asking.index) return true
  const first = asking.goal!
  return (
    goal.priority < first.priority ||
    (goal.priority === first.priority &&
      (goal.sinceMs > first.sinceMs || (goal.sinceMs === first.sinceMs && index > asking.index)))
  )
}

function wordsFor(inWay: readonly Traveller[]): string {
  if (inWay.length === 0) return 'waits for its turn'
  return `waits for ${inWay
    .map(
      ({ id, isWorking, trouble }) => `${id}, which ${trouble ?? (isWorking ? 'is at work' : 'makes way')}`,
    )
    .join('; ')}`
}
