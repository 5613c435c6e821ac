import type { TrafficGraph } from './traffic-graph.ts'

/** Nobody. */
const FREE = -1

/** What a robot holds and is to drive, as it is kept over a restart. */
export interface Holding {
  /** Links of the route, from where the robot stood when it was given; empty at rest. */
  route: readonly number[]
  /** Where it stands, or stood last. */
  place: number
  /** So many links of the route are driven. */
  driven: number
  /** So many are claimed: the base of VDA 5050. The rest is the horizon. */
  claimed: number
  /** It does not move, and nobody knows whether it will: it may still drive what it has claimed. */
  isStranded: boolean
  held: readonly number[]
}

/**
 * Who holds which tokens, and the rule by which more are given.
 *
 * **The rule.** A robot with a route _waits_ for another that holds a token of its horizon, and for one whose horizon
 * comes through its own destination (it must be past before the first stops there for good). A state is _ordered_ when
 * this relation has no cycle. Routes are given and links are claimed only where
 *
 * 1. every token that is claimed is free;
 * 2. no horizon has a token that a robot keeps: one at rest, one stranded, or one that has claimed its whole route and
 *    stops there;
 * 3. the state stays ordered.
 *
 * **Proof that nobody is stuck.** Let some robot have a horizon. The relation has no cycle, so among those with one
 * there is a robot B that waits for no other with a horizon. A robot with its whole route claimed drives it without
 * asking for anything, and is at rest in finite time; so let all such have arrived. What they keep is, by 2, not in B's
 * horizon; so all tokens that B wants next are free. To claim them adds only relations of others to B; B itself waits
 * for nobody, so none of these closes a cycle, and the claim is given. Every claim shortens a horizon, and routes are
 * finite: all robots arrive. Speeds and delays do not occur in the proof. That a destination is not claimed before those
 * with a horizon through it are past keeps 2 when a robot comes to rest there. A robot that strands, is put down
 * somewhere, or loses its horizon keeps tokens that it was to give back: so those with them in their horizon lose theirs
 * too, and 2 holds again. To take a horizon or a robot away only removes relations, so 3 holds.
 *
 * Tokens are exclusive (1), so nobody collides. The state space of this rule is that of "ordered states" in the
 * literature on zone-controlled vehicles (Banker's algorithm; Reveliotis 2000, Fanti 2002): because routes are fixed
 * while they are driven, the search for a safe order is one for a cycle.
 */
export class Reservations {
  readonly graph: TrafficGraph
  readonly #robots: (Holding | null)[] = []
  /** By token: the robot that holds it. */
  readonly #holder: Int32Array
  /** By token: robots with it in their horizon, and in how many of its links. */
  readonly #wanted: Map<number, number>[]
  /** Marks of the search at hand, so that nothing needs clearing. */
  #stamp = 0
  readonly #marked: Int32Array
  readonly #wantedByOne: Int32Array
  readonly #seen: number[] = []
  /** Searches for a cycle so far: what deciding costs. */
  searches = 0

  constructor(graph: TrafficGraph) {
    this.graph = graph
    const count = graph.places.length
    this.#holder = new Int32Array(count).fill(FREE)
    this.#wanted = Array.from({ length: count }, () => new Map<number, number>())
    this.#marked = new Int32Array(count)
    this.#wantedByOne = new Int32Array(count)
  }

  /**
   * Puts a robot at rest at a place; those with it in their horizon lose theirs.
   *
   * @returns false where another one holds what it needs to stand there
   */
  place(robot: number, place: number): boolean {
    const tokens = this.graph.standing[place]!
    if (!tokens.every((token) => this.isFreeFor(robot, token))) return false
    this.remove(robot)
    this.#withdrawFrom(robot, tokens)
    this.#robots[robot] = { route: [], place, driven: 0, claimed: 0, isStranded: false, held: [] }
    this.#seen[robot] ??= 0
    this.#hold(robot, tokens)
    return true
  }

  /** A robot stands where it should not: it holds of these tokens what is free. @returns who holds the others */
  occupy(robot: number, place: number, tokens: readonly number[]): number[] {
    this.remove(robot)
    this.#withdrawFrom(robot, tokens)
    this.#robots[robot] = { route: [], place, driven: 0, claimed: 0, isStranded: false, held: [] }
    this.#seen[robot] ??= 0
    const others = [...new Set(tokens.map((token) => this.#holder[token]!).filter((other) => other !== FREE))]
    this.#hold(
      robot,
      tokens.filter((token) => this.#holder[token] === FREE),
    )
    return others
  }

  /** It needs more room than it asked for: it holds of these tokens what is free, beside its own. @returns who holds the others */
  widen(robot: number, tokens: readonly number[]): number[] {
    const row = this.#robots[robot]
    if (row === null || row === undefined) return []
    this.#withdrawFrom(robot, tokens)
    const others = new Set(tokens.filter((token) => !this.isFreeFor(robot, token)))
    this.#hold(robot, [...new Set([...row.held, ...tokens.filter((token) => !others.has(token))])])
    return [...new Set([...others].map((token) => this.#holder[token]!))]
  }

  /** Takes a robot from the floor. */
  remove(robot: number): void {
    const row = this.#robots[robot]
    if (row === null || row === undefined) return
    this.#want(robot, row, row.claimed, -1)
    for (const token of row.held) this.#holder[token] = FREE
    this.#robots[robot] = null
  }

  isFreeFor(robot: number, token: number): boolean {
    const holder = this.#holder[token]!
    return holder === FREE || holder === robot
  }

  holderOf(token: number): number | null {
    const holder = this.#holder[token]!
    return holder === FREE ? null : holder
  }

  heldBy(robot: number): readonly number[] {
    return this.#robots[robot]?.held ?? []
  }

  routeOf(robot: number): Readonly<Pick<Holding, 'route' | 'place' | 'driven' | 'claimed'>> | null {
    return this.#robots[robot] ?? null
  }

  /** Whether all of its route is driven; a robot that is not on the floor is at rest. */
  isAtRest(robot: number): boolean {
    const row = this.#robots[robot]
    return row === null || row === undefined || row.driven === row.route.length
  }

  /** Where its route ends, or it stands. */
  destinationOf(robot: number): number | null {
    const row = this.#robots[robot]
    if (row === null || row === undefined) return null
    const last = row.route.at(-1)
    return last === undefined ? row.place : this.graph.links[last]!.to
  }

  /** Robots other than this one that keep a token of these: at rest, stranded, or about to stop there. */
  keepersOf(robot: number, tokens: Iterable<number>): Set<number> {
    const found = new Set<number>()
    for (const token of tokens) {
      const holder = this.#holder[token]!
      if (holder !== FREE && holder !== robot && this.#keeps(holder, token)) found.add(holder)
    }
    return found
  }

  /** Who keeps a token, as `keepersOf` has it. */
  keeperOf(token: number): number | null {
    const holder = this.#holder[token]!
    return holder !== FREE && this.#keeps(holder, token) ? holder : null
  }

  #keeps(robot: number, token: number): boolean {
    const { route, driven, claimed, isStranded } = this.#robots[robot]!
    if (isStranded || driven === route.length) return true
    return claimed === route.length && this.graph.standing[this.destinationOf(robot)!]!.includes(token)
  }

  /** Whether a token lies in the horizon of another robot. */
  isWantedByOthers(robot: number, token: number): boolean {
    const wanted = this.#wanted[token]!
    return wanted.size > (wanted.has(robot) ? 1 : 0)
  }

  /** Gives a robot at rest a route by the rule. @returns false where the rule does not allow it */
  give(robot: number, route: readonly number[]): boolean {
    const row = this.#robots[robot]
    if (row === null || row === undefined || !this.isAtRest(robot) || route.length === 0) return false
    const { links } = this.graph
    for (const link of route) {
      if (this.keepersOf(robot, links[link]!.tokens).size > 0) return false
    }
    const before = { ...row }
    this.#robots[robot] = { ...row, route, driven: 0, claimed: 0, isStranded: false }
    this.#want(robot, this.#robots[robot], 0, 1)
    if (!this.#isOnCycle(robot, row.held)) return true
    this.#want(robot, this.#robots[robot], 0, -1)
    this.#robots[robot] = before
    return false
  }

  /**
   * Takes back the horizon: the robot comes to rest where its base ends. Those that were to come through there lose
   * theirs too.
   */
  withdraw(robot: number): void {
    const row = this.#robots[robot]
    if (row === null || row === undefined) return
    this.#want(robot, row, row.claimed, -1)
    row.route = row.route.slice(0, row.claimed)
    this.#withdrawFrom(robot, this.graph.standing[this.destinationOf(robot)!]!)
  }

  /**
   * Gives back claims that the robot knows nothing of yet, with its horizon: it comes to rest after `claimed` links.
   * That only takes relations away; what it then keeps where it stops, others must not have in their horizons.
   */
  giveBack(robot: number, claimed: number): void {
    const row = this.#robots[robot]
    if (row === null || row === undefined || claimed >= row.claimed || claimed < row.driven) return
    this.#want(robot, row, row.claimed, -1)
    row.route = row.route.slice(0, claimed)
    row.claimed = claimed
    this.#trim(row)
    this.#withdrawFrom(robot, this.graph.standing[this.destinationOf(robot)!]!)
    this.#settle(row)
  }

  /** The robot does not move. It keeps all that it holds; those that were to come through there lose their horizons. */
  strand(robot: number): void {
    const row = this.#robots[robot]
    if (row === null || row === undefined || row.isStranded) return
    this.withdraw(robot)
    row.isStranded = true
    this.#withdrawFrom(robot, row.held)
  }

  /** It moves again, and drives on what it has claimed. */
  revive(robot: number): void {
    const row = this.#robots[robot]
    if (row !== null && row !== undefined) row.isStranded = false
  }

  isStranded(robot: number): boolean {
    return this.#robots[robot]?.isStranded ?? false
  }

  #withdrawFrom(robot: number, tokens: readonly number[]): void {
    for (const token of tokens) {
      for (const other of [...this.#wanted[token]!.keys()]) if (other !== robot) this.withdraw(other)
    }
  }

  /** Claims the next `count` links of a route by the rule, all or none. */
  claim(robot: number, count: number): boolean {
    const row = this.#robots[robot]
    if (row === null || row === undefined || row.claimed + count > row.route.length) return false
    const { links } = this.graph
    const tokens = new Set<number>()
    for (let step = row.claimed; step < row.claimed + count; step += 1) {
      for (const token of links[row.route[step]!]!.tokens) {
        if (!this.isFreeFor(robot, token)) return false
        tokens.add(token)
      }
    }
    // What nobody else will ask for makes nobody wait.
    let isWanted = false
    for (const token of tokens) isWanted ||= this.isWantedByOthers(robot, token)
    if (isWanted && this.#isOnCycle(robot, tokens)) return false
    for (let step = row.claimed; step < row.claimed + count; step += 1) {
      for (const token of links[row.route[step]!]!.tokens) this.#unwant(token, robot)
    }
    row.claimed += count
    this.#hold(robot, [...new Set([...row.held, ...tokens])])
    return true
  }

  /** The robot has driven the next link of its base. @returns false where there is none */
  drive(robot: number): boolean {
    const row = this.#robots[robot]
    if (row === null || row === undefined || row.driven >= row.claimed) return false
    row.isStranded = false
    row.place = this.graph.links[row.route[row.driven]!]!.to
    row.driven += 1
    this.#trim(row)
    this.#settle(row)
    return true
  }

  /** Gives back what a robot needs neither where it is nor on what it has claimed. */
  #trim(row: Holding): void {
    const { links, standing } = this.graph
    const needed = new Set(standing[row.place])
    for (let step = row.driven; step < row.claimed; step += 1) {
      for (const token of links[row.route[step]!]!.tokens) needed.add(token)
    }
    for (const token of row.held) if (!needed.has(token)) this.#holder[token] = FREE
    row.held = row.held.filter((token) => needed.has(token))
  }

  /** At the end of its route a robot is at rest. */
  #settle(row: Holding): void {
    if (row.driven < row.route.length) return
    row.route = []
    row.driven = 0
    row.claimed = 0
  }

  /** Robots that this one waits for: their tokens, or their passing its destination. */
  waitsFor(robot: number): Set<number> {
    const found = new Set<number>()
    this.#eachWaitedFor(robot, (other) => found.add(other))
    return found
  }

  /** By robot; `null`: not on the floor. */
  holdings(): (Holding | null)[] {
    return Array.from(this.#robots, (row) => (row === null || row === undefined ? null : { ...row }))
  }

  /** Takes up what was kept, into empty reservations of the same graph. */
  takeUp(holdings: readonly (Holding | null)[]): void {
    for (const [robot, row] of holdings.entries()) {
      this.#seen[robot] = 0
      this.#robots[robot] = row === null ? null : { ...row }
      if (row === null) continue
      this.#hold(robot, row.held)
      this.#want(robot, row, row.claimed, 1)
    }
  }

  /** Throws where an invariant is broken: tests ask for it after each step. */
  check(): void {
    for (const [robot, row] of this.#robots.entries()) {
      if (row === null || row === undefined) continue
      for (const token of row.held)
        if (this.#holder[token] !== robot) throw new Error(`token ${token} is lost`)
      if (this.#isOnCycle(robot, row.held)) throw new Error(`robot ${robot} is on a cycle`)
      for (let step = row.claimed; step < row.route.length; step += 1) {
        const keepers = this.keepersOf(robot, this.graph.links[row.route[step]!]!.tokens)
        if (keepers.size > 0) throw new Error(`robot ${robot} waits for one at rest: ${[...keepers].join()}`)
      }
    }
  }

  /**
   * Whether the robot, once it holds these tokens, is on a cycle: whether one that it waits for, however far along,
   * waits for it.
   */
  #isOnCycle(robot: number, tokens: Iterable<number>): boolean {
    this.searches += 1
    const stamp = ++this.#stamp
    for (const token of tokens) this.#marked[token] = stamp
    const own = this.#robots[robot]!
    for (let step = own.claimed; step < own.route.length; step += 1) {
      for (const token of this.graph.links[own.route[step]!]!.tokens) this.#wantedByOne[token] = stamp
    }
    const stack = [robot]
    this.#seen[robot] = stamp
    const visit = (other: number) => {
      if (this.#seen[other] === stamp) return
      this.#seen[other] = stamp
      stack.push(other)
    }
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      if (at !== robot && this.#waitsForMarked(at, stamp)) return true
      this.#eachWaitedFor(at, visit)
    }
    return false
  }

  /** Whether a robot's horizon has a marked token, or its destination lies in the horizon of the one searched from. */
  #waitsForMarked(robot: number, stamp: number): boolean {
    const { route, claimed } = this.#robots[robot]!
    if (claimed === route.length) return false
    const { links, standing } = this.graph
    for (let step = claimed; step < route.length; step += 1) {
      for (const token of links[route[step]!]!.tokens) if (this.#marked[token] === stamp) return true
    }
    return standing[this.destinationOf(robot)!]!.some((token) => this.#wantedByOne[token] === stamp)
  }

  #eachWaitedFor(robot: number, visit: (other: number) => void): void {
    const row = this.#robots[robot]
    if (row === null || row === undefined || row.claimed === row.route.length) return
    const { links, standing } = this.graph
    for (let step = row.claimed; step < row.route.length; step += 1) {
      for (const token of links[row.route[step]!]!.tokens) {
        const holder = this.#holder[token]!
        if (holder !== FREE && holder !== robot) visit(holder)
      }
    }
    for (const token of standing[this.destinationOf(robot)!]!) {
      for (const other of this.#wanted[token]!.keys()) if (other !== robot) visit(other)
    }
  }

  #hold(robot: number, tokens: readonly number[]): void {
    for (const token of tokens) this.#holder[token] = robot
    this.#robots[robot]!.held = tokens
  }

  /** Counts the tokens of a horizon, or takes them off. */
  #want(robot: number, { route }: Holding, from: number, by: 1 | -1): void {
    for (let step = from; step < route.length; step += 1) {
      for (const token of this.graph.links[route[step]!]!.tokens) {
        if (by === -1) this.#unwant(token, robot)
        else this.#wanted[token]!.set(robot, (this.#wanted[token]!.get(robot) ?? 0) + 1)
      }
    }
  }

  #unwant(token: number, robot: number): void {
    const wanted = this.#wanted[token]!
    const count = wanted.get(robot)!
    if (count === 1) wanted.delete(robot)
    else wanted.set(robot, count - 1)
  }
}
