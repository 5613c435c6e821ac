import { wardError } from '@wardlight/core/errors'
import { distance, type Point2 } from '@wardlight/core/geometry'
import { driveS, RouteFinder, type Mover } from './find-route.ts'
import { Reservations, type Holding } from './reservations.ts'
import { isPassage, separationM, type TrafficGraph } from './traffic-graph.ts'
import { WayMaker, type Traveller } from './way-maker.ts'

/** So far ahead a robot's way is claimed where that is allowed, metres: more keeps others out, less makes it stop (proposed). */
const LOOKAHEAD_M = 5
/** A robot that takes so many times what a link should take, and `STILL_MS` more, does not move. Proposed. */
const STILL_FACTOR = 3
const STILL_MS = 20_000
/** A robot that found no way asks again after this, also where nothing told that it should, milliseconds. */
const RETRY_MS = 10_000

export interface TrafficOptions {
  readonly lookaheadM?: number
  /** A robot gets all of its way at once while nobody else has anywhere to go; by default as far as others. */
  readonly givesAllToOne?: boolean
}

/** A robot without what only tells whether it is worth trying again. */
interface Block {
  readonly untilMs: number
  readonly why: string
}

type KeptTraveller = Omit<Traveller, 'blockers' | 'versions' | 'triedMs'>

/** What must not be forgotten over a restart: bases that were sent cannot be taken back. Plain data. */
export interface TrafficSnapshot {
  readonly robots: readonly KeptTraveller[]
  readonly holdings: readonly (Holding | null)[]
  readonly blocks: readonly (readonly [place: number, untilMs: number, why: string])[]
}

/** What is to be known of a robot on the floor. */
export interface RobotOnFloor {
  readonly id: string
  readonly mover: Mover
  readonly place: number
  /** Links that are to be driven: those claimed are VDA 5050's base, the others its horizon. */
  readonly base: readonly number[]
  readonly horizon: readonly number[]
  /** Where its route ends, or it stands. */
  readonly destination: number
  readonly goal: number | null
  readonly isAtGoal: boolean
  /** Why it does not get on, in words; `null` while it does, or has nowhere to go. */
  readonly waiting: string | null
  /** Whether it is not counted on to move; `waiting` then says why. */
  readonly isInTrouble: boolean
}

/**
 * Who drives where, and who waits. Pure: what happens comes in by methods, `decide` then gives routes and claims. All
 * that keeps robots apart, and from being stuck, is the rule in `Reservations`; this only chooses routes, and makes
 * way for the robot that has waited longest.
 *
 * A robot that can be given no route, because another one at rest is in its way, asks that one to yield; `WayMaker`
 * says why one can always be found that can. Those that came later must not stop on the way of the one that waits
 * longest, so it gets there: every robot becomes the one that waits longest.
 */
export class Traffic {
  readonly graph: TrafficGraph
  readonly reservations: Reservations
  readonly #finder: RouteFinder
  readonly #wayMaker: WayMaker
  readonly #lookaheadM: number
  readonly #givesAllToOne: boolean
  readonly #travellers: Traveller[] = []
  readonly #byId = new Map<string, Traveller>()
  /** By place: until when people or beds have it, and in which words. */
  readonly #blocks = new Map<number, readonly Block[]>()
  readonly #said: string[] = []
  #nowMs = 0
  #aheadM = 0

  constructor(graph: TrafficGraph, { lookaheadM = LOOKAHEAD_M, givesAllToOne = false }: TrafficOptions = {}) {
    this.graph = graph
    this.#lookaheadM = lookaheadM
    this.#givesAllToOne = givesAllToOne
    this.reservations = new Reservations(graph)
    this.#finder = new RouteFinder(graph)
    this.#wayMaker = new WayMaker(graph, this.reservations, this.#finder, this.#travellers, (link) =>
      this.#blockedS(link),
    )
  }

  /**
   * A robot comes onto the floor, or was carried to another place.
   *
   * @returns false where another one has what it needs to stand there: it must be put somewhere else
   */
  join(id: string, mover: Mover, place: number, nowMs: number): boolean {
    const traveller = this.#byId.get(id) ?? this.#newcomer(id, mover, nowMs)
    if (!this.reservations.place(traveller.index, place)) return false
    this.#comes(traveller, mover, nowMs)
    return true
  }

  /**
   * A robot is seen to stand somewhere, whatever others hold there: what is near enough to it and free it holds.
   *
   * @param place from where it would drive on
   * @returns ids of robots that were to drive there: they count as not moving until they are past
   */
  stand(id: string, mover: Mover, place: number, point: Point2, nowMs: number): string[] {
    const traveller = this.#byId.get(id) ?? this.#newcomer(id, mover, nowMs)
    const { levelId, x, y, kind } = this.graph.places[place]!
    const isNear = distance({ x, y }, point) < separationM(this.graph.radiusM)
    const tokens = new Set([
      ...this.#placesNear(levelId, point),
      // Where it works the room is its own.
      ...(isNear || kind === 'room' ? this.graph.standing[place]! : []),
    ])
    const others = this.reservations.occupy(traveller.index, place, [...tokens])
    this.#comes(traveller, mover, nowMs)
    return this.#stop(others, id)
  }

  #newcomer(id: string, mover: Mover, nowMs: number): Traveller {
    return {
      index: this.#travellers.length,
      id,
      mover,
      goal: null,
      isYielding: false,
      isWorking: false,
      trouble: null,
      waiting: null,
      movedMs: nowMs,
      changes: 0,
      blockers: [],
      triedMs: -Infinity,
    }
  }

  #comes(traveller: Traveller, mover: Mover, nowMs: number): void {
    if (!this.#byId.has(traveller.id)) {
      this.#travellers.push(traveller)
      this.#byId.set(traveller.id, traveller)
    }
    Object.assign(traveller, { mover, isYielding: false, trouble: null, waiting: null, movedMs: nowMs })
    this.#touch(traveller)
  }

  /** It was carried away. Its goal stays: it goes on when it joins again. */
  leave(id: string): void {
    const traveller = this.#traveller(id)
    this.reservations.remove(traveller.index)
    this.#trouble(traveller, 'is not on the floor')
  }

  /** @param priority higher goes first; of the same those who asked first. */
  send(id: string, goal: number, nowMs: number, priority = 0): void {
    const traveller = this.#traveller(id)
    traveller.goal = { place: goal, priority, sinceMs: nowMs }
    traveller.triedMs = -Infinity
    if (this.reservations.destinationOf(traveller.index) !== goal) this.reservations.withdraw(traveller.index)
    traveller.isYielding = false
  }

  /** Nothing to do any more; it stops where its base ends. */
  recall(id: string): void {
    const traveller = this.#traveller(id)
    traveller.goal = null
    traveller.waiting = null
    this.reservations.withdraw(traveller.index)
  }

  /** What is claimed beyond so many links of its base is given back: it is to look for another way. */
  giveBack(id: string, links: number): void {
    const traveller = this.#traveller(id)
    const row = this.reservations.routeOf(traveller.index)
    if (row !== null) this.reservations.giveBack(traveller.index, row.driven + links)
    traveller.triedMs = -Infinity
    this.#touch(traveller)
  }

  /** It has nothing to drive now, and is not to blame: it waits for a door, say. */
  holdUp(id: string, nowMs: number): void {
    this.#traveller(id).movedMs = nowMs
  }

  /** Whether it is at one of these places, or has claimed a way through one. */
  isToPass(id: string, places: readonly number[]): boolean {
    const { place, base } = this.robot(id)
    return [place, ...base.map((link) => this.graph.links[link]!.to)].some((at) => places.includes(at))
  }

  /** While it works it is not asked to make way. @returns whether that is something new */
  setWorking(id: string, isWorking: boolean): boolean {
    const traveller = this.#traveller(id)
    if (traveller.isWorking === isWorking) return false
    traveller.isWorking = isWorking
    this.#touch(traveller)
    return true
  }

  /** It has driven the next link of its base. @returns false where its base is driven already */
  drive(id: string, nowMs: number): boolean {
    const traveller = this.#traveller(id)
    if (!this.reservations.drive(traveller.index)) return false
    traveller.movedMs = nowMs
    if (traveller.trouble !== null) this.#recovered(traveller)
    if (this.reservations.isAtRest(traveller.index)) {
      traveller.isYielding = false
      this.#touch(traveller)
    }
    return true
  }

  /** It says, or is seen, not to move. It keeps what it holds, and is planned around. */
  fail(id: string, why: string): void {
    const traveller = this.#traveller(id)
    this.reservations.strand(traveller.index)
    this.#trouble(traveller, why)
  }

  /** It moves again by itself, and drives what it has claimed. */
  recover(id: string, nowMs: number): void {
    const traveller = this.#traveller(id)
    this.reservations.revive(traveller.index)
    traveller.movedMs = nowMs
    this.#recovered(traveller)
  }

  /**
   * It is off its way: all places that near to it are kept free, beside what it has claimed and may still drive.
   *
   * @returns ids of robots whose base leads there: they count as not moving until they are past
   */
  stray(id: string, levelId: string, point: Point2): string[] {
    const traveller = this.#traveller(id)
    const tokens = this.#placesNear(levelId, point)
    const row = this.reservations.routeOf(traveller.index)
    const isDriving = row !== null && row.driven < row.claimed
    const others = isDriving
      ? this.reservations.widen(traveller.index, tokens)
      : this.reservations.occupy(traveller.index, row?.place ?? tokens[0] ?? 0, tokens)
    this.reservations.strand(traveller.index)
    this.#trouble(traveller, 'is off its way')
    return this.#stop(others, id)
  }

  /** Places that nobody else may be at while one robot is at this point. */
  #placesNear(levelId: string, point: Point2): number[] {
    const apartM = separationM(this.graph.radiusM)
    return [...this.graph.places.keys()].filter((index) => {
      const place = this.graph.places[index]!
      return place.levelId === levelId && distance(place, point) < apartM
    })
  }

  /** Who is at rest needs not be stopped. */
  #stop(indices: readonly number[], because: string): string[] {
    const driving = indices.filter((index) => !this.reservations.isAtRest(index))
    return driving.map((index) => {
      const other = this.#travellers[index]!
      this.fail(other.id, `has ${because} in its way`)
      return other.id
    })
  }

  /** People or a bed go first here for a time. Once more with the same words it is only for another time. */
  block(places: Iterable<number>, untilMs: number, why: string): void {
    for (const place of places) this.#setBlocks(place, [...this.#others(place, why), { untilMs, why }])
  }

  /** They have left it before that. */
  unblock(why: string): void {
    for (const place of this.#blocks.keys()) this.#setBlocks(place, this.#others(place, why))
  }

  /** Who has a route through a block that is not claimed yet is to look for another one. */
  lookAgain(): void {
    for (const traveller of this.#travellers) {
      const row = this.reservations.routeOf(traveller.index)
      if (row === null || this.#blockOn(row.route.slice(row.claimed)) === null) continue
      this.reservations.withdraw(traveller.index)
      traveller.triedMs = -Infinity
      this.#touch(traveller)
    }
  }

  #others(place: number, why: string): Block[] {
    return (this.#blocks.get(place) ?? []).filter((block) => block.why !== why)
  }

  #setBlocks(place: number, blocks: readonly Block[]): void {
    if (blocks.length === 0) this.#blocks.delete(place)
    else this.#blocks.set(place, blocks)
  }

  /** Gives routes and claims. What changed is seen by `robot`; what people should know, by `said`. */
  decide(nowMs: number): void {
    this.#nowMs = nowMs
    for (const [place, blocks] of this.#blocks)
      if (blocks.some(({ untilMs }) => untilMs <= nowMs))
        this.#setBlocks(
          place,
          blocks.filter(({ untilMs }) => untilMs > nowMs),
        )
    const { reservations } = this
    this.#aheadM = this.#givesAllToOne && this.#countTravelling() <= 1 ? Infinity : this.#lookaheadM
    const inOrder = this.#travellers.filter(({ goal }) => goal !== null).toSorted(isBefore)
    this.#wayMaker.begin()
    for (const traveller of inOrder) {
      this.#watch(traveller)
      const { index, goal, trouble } = traveller
      if (trouble !== null || !reservations.isAtRest(index)) continue
      if (reservations.routeOf(index)?.place === goal!.place) {
        traveller.waiting = null
        continue
      }
      if (!this.#isWorthTrying(traveller)) {
        this.#wayMaker.keepClear(traveller)
        continue
      }
      traveller.triedMs = nowMs
      this.#wayMaker.send(traveller)
      traveller.versions = traveller.blockers.map((other) => other.changes)
    }
    for (const traveller of this.#travellers) if (traveller.goal === null) this.#watch(traveller)
    for (const traveller of inOrder) this.#claimAhead(traveller)
    for (const traveller of this.#travellers) if (traveller.goal === null) this.#claimAhead(traveller)
  }

  #countTravelling(): number {
    return this.#travellers.filter(({ index, goal, trouble }) => {
      if (trouble !== null) return false
      return (
        !this.reservations.isAtRest(index) ||
        (goal !== null && this.reservations.routeOf(index)?.place !== goal.place)
      )
    }).length
  }

  robot(id: string): RobotOnFloor {
    const { index, mover, goal, waiting, trouble } = this.#traveller(id)
    const row = this.reservations.routeOf(index)
    const place = row?.place ?? -1
    return {
      id,
      mover,
      place,
      base: row?.route.slice(row.driven, row.claimed) ?? [],
      horizon: row?.route.slice(row.claimed) ?? [],
      destination: this.reservations.destinationOf(index) ?? place,
      goal: goal?.place ?? null,
      isAtGoal: goal !== null && place === goal.place && this.reservations.isAtRest(index),
      waiting: trouble ?? waiting,
      isInTrouble: trouble !== null,
    }
  }

  snapshot(): TrafficSnapshot {
    return {
      robots: this.#travellers.map(kept),
      holdings: this.reservations.holdings(),
      blocks: [...this.#blocks].flatMap(([place, blocks]) =>
        blocks.map(({ untilMs, why }) => [place, untilMs, why] as const),
      ),
    }
  }

  /** As it was, on the same graph. */
  static restore(graph: TrafficGraph, kept: TrafficSnapshot, options: TrafficOptions = {}): Traffic {
    const traffic = new Traffic(graph, options)
    for (const row of kept.robots) {
      const traveller = { ...row, blockers: [], triedMs: -Infinity }
      traffic.#travellers.push(traveller)
      traffic.#byId.set(row.id, traveller)
    }
    traffic.reservations.takeUp(kept.holdings)
    for (const [place, untilMs, why] of kept.blocks) traffic.block([place], untilMs, why)
    return traffic
  }

  has(id: string): boolean {
    return this.#byId.has(id)
  }

  /** The quickest way with nobody in it, as links; `null` where there is none. */
  freeWay(from: number, to: number, mover: Mover): number[] | null {
    return this.#finder.find(from, mover, (place) => place === to)?.route ?? null
  }

  get ids(): string[] {
    return [...this.#byId.keys()]
  }

  /** What people should know, since it was last asked: in words. */
  takeSaid(): string[] {
    return this.#said.splice(0)
  }

  #claimAhead(traveller: Traveller): void {
    const { index, trouble } = traveller
    if (trouble !== null) return
    const { links, places } = this.graph
    for (;;) {
      const row = this.reservations.routeOf(index)
      if (row === null || row.claimed === row.route.length) return
      let aheadM = 0
      for (let step = row.driven; step < row.claimed; step += 1) aheadM += links[row.route[step]!]!.lengthM
      if (aheadM >= this.#aheadM) return
      // Nobody waits in a doorway, a lift or a gap: with the way in goes the way out.
      let count = 1
      while (
        row.claimed + count < row.route.length &&
        isPassage(places[links[row.route[row.claimed + count - 1]!]!.to]!.kind)
      )
        count += 1
      const steps = row.route.slice(row.claimed, row.claimed + count)
      const block = this.#blockOn(steps)
      if (block !== null) {
        traveller.waiting = block
        return
      }
      const isDriving = row.driven < row.claimed
      if (!this.reservations.claim(index, count)) {
        if (!isDriving) traveller.waiting = this.#wordsOfWaiting(traveller)
        return
      }
      if (!isDriving) traveller.movedMs = this.#nowMs
      traveller.waiting = null
    }
  }

  #blockOn(route: readonly number[]): string | null {
    if (this.#blocks.size === 0) return null
    for (const link of route) {
      const block = this.#blockOf(link)
      if (block !== null) return `waits: ${block.why}`
    }
    return null
  }

  /** How long people have a link, seconds. */
  #blockedS(link: number): number {
    if (this.#blocks.size === 0) return 0
    return Math.max(0, (this.#blockOf(link)?.untilMs ?? 0) - this.#nowMs) / 1000
  }

  /** The longest block that a link leads into. Who stands in one, or beside it, may drive out of it. */
  #blockOf(link: number): Block | null {
    const { from, to, tokens } = this.graph.links[link]!
    const beside = this.graph.standing[from]!
    const around = this.#blocks.get(from) ?? []
    let longest: Block | null = null
    for (const token of tokens) {
      if (token !== to && beside.includes(token)) continue
      for (const block of this.#blocks.get(token) ?? []) {
        if (around.some(({ why }) => why === block.why)) continue
        if (longest === null || block.untilMs > longest.untilMs) longest = block
      }
    }
    return longest
  }

  #wordsOfWaiting({ index }: Traveller): string {
    const names = [...this.reservations.waitsFor(index)].map((other) => this.#travellers[other]!.id)
    return names.length === 0 ? 'waits for its turn' : `waits until ${names.toSorted().join(', ')} has passed`
  }

  /** Finds a robot that should be driving and is not. */
  #watch(traveller: Traveller): void {
    const row = this.reservations.routeOf(traveller.index)
    if (row === null || row.driven === row.claimed || traveller.trouble !== null) return
    const link = this.graph.links[row.route[row.driven]!]!
    const limitMs = STILL_MS + STILL_FACTOR * 1000 * driveS(link, traveller.mover)
    const stillMs = this.#nowMs - traveller.movedMs
    if (stillMs <= limitMs) return
    this.fail(traveller.id, `has not moved on for ${Math.round(stillMs / 1000)} s`)
  }

  #isWorthTrying({ triedMs, blockers, versions }: Traveller): boolean {
    if (this.#nowMs - triedMs >= RETRY_MS || blockers.length === 0) return true
    return blockers.some(({ changes }, at) => changes !== versions?.[at])
  }

  #trouble(traveller: Traveller, why: string): void {
    if (traveller.trouble === null) {
      const row = this.reservations.routeOf(traveller.index)
      const where = row === null ? '' : `, near ${this.graph.places[row.place]!.name}`
      this.#said.push(`${traveller.id} ${why}${where}`)
    }
    traveller.trouble = why
    this.#touch(traveller)
  }

  #recovered(traveller: Traveller): void {
    if (traveller.trouble !== null) this.#said.push(`${traveller.id} goes on`)
    traveller.trouble = null
    this.#touch(traveller)
  }

  #touch(traveller: Traveller): void {
    traveller.changes += 1
  }

  #traveller(id: string): Traveller {
    const traveller = this.#byId.get(id)
    if (traveller === undefined) {
      throw wardError('WARD_ERR_NOT_FOUND', {
        what: `There is no robot ${JSON.stringify(id)}`,
        where: 'traffic',
      })
    }
    return traveller
  }
}

/** Who goes first. */
function isBefore(a: Traveller, b: Traveller): number {
  const [one, other] = [a.goal!, b.goal!]
  return other.priority - one.priority || one.sinceMs - other.sinceMs || a.index - b.index
}

function kept(traveller: Traveller): KeptTraveller {
  const { index, id, mover, goal, isYielding, isWorking, trouble, waiting, movedMs, changes } = traveller
  return { index, id, mover, goal, isYielding, isWorking, trouble, waiting, movedMs, changes }
}
