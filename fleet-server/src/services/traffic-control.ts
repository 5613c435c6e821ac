import { randomUUID } from 'node:crypto'
import type { Clock, TimerId } from '@wardlight/core/clock'
import { ROBOT_ACTION_TYPES, type RobotView } from '@wardlight/core/fleet'
import { isThoroughfare, roomAt } from '@wardlight/core/floor'
import { distance, type Polygon } from '@wardlight/core/geometry'
import type { Order, State } from '@wardlight/core/vda5050'
import type { FastifyBaseLogger } from 'fastify'
import { isOrderDone } from '../domain/robot-state.ts'
import {
  beginJourney,
  drivenByNodes,
  drivenByPlace,
  extendJourney,
  isTaken,
  offWayM,
  type Journey,
  type JourneyGoal,
  type WayOn,
} from '../domain/traffic/journey.ts'
import { Traffic, type TrafficOptions } from '../domain/traffic/traffic.ts'
import type { Commands } from '../robots/commands.ts'
import type { RobotRegistry } from '../robots/robot-registry.ts'
import type { FloorIndex } from './floor-index.ts'
import { AVOIDED_MS, type PassageSessions } from './passage-sessions.ts'
import { SerialQueue } from './serial-queue.ts'
import type { TrafficStore } from './traffic-store.ts'
import { ASSUMED_SPEED_MPS, type TrafficWays } from './traffic-ways.ts'

/** How often it is looked whether somebody does not move, milliseconds. */
const TICK_MS = 1000
/** An update that was not taken is sent again after this, milliseconds. Robots ignore what they know. */
const REPEAT_MS = 10_000
/** With less of its base left a robot gets more, metres: else it would stop at each piece. Proposed. */
const REFILL_M = 3
/** A robot so far from all that it was to drive is off its way, metres: more than it goes around what stands there. Proposed. */
const OFF_WAY_M = 1.5
/** A robot without an order that moved less than this stands where it stood, metres. */
const SAME_PLACE_M = 0.1
/** It waits for others so long before people are told, milliseconds. Proposed. */
const WAIT_TOLD_MS = 15_000
/** A robot that is not told where the lift has brought it is told again after this, milliseconds. */
const TOLD_AGAIN_MS = 3000
/** Orders by which traffic itself sends robots out of the way. */
const OWN_ORDERS = 'way-'

export interface Area {
  readonly levelId: string
  readonly polygon: Polygon
}

/** What traffic needs to know of robots beside what they say. */
export interface TrafficRules {
  /** Whether a robot without an order may be sent out of somebody's way. */
  readonly mayMakeWay: (robotId: string) => boolean
  /** Whether an order that no robot has taken yet is still meant. */
  readonly isMeant: (orderId: string) => boolean
}

/**
 * Drives the pure `Traffic` with real robots: routes and claims become VDA 5050 orders and updates, and what robots say
 * becomes progress. Claims are stored before they are sent: after a restart the server knows every base that is out.
 */
export class TrafficControl {
  readonly ways: TrafficWays
  readonly #registry: RobotRegistry
  readonly #commands: Commands
  readonly #store: TrafficStore
  readonly #passages: PassageSessions | null
  readonly #floor: FloorIndex
  readonly #clock: Clock
  readonly #log: FastifyBaseLogger
  readonly #rules: TrafficRules
  readonly #how: TrafficOptions
  readonly #queue = new SerialQueue()
  readonly #journeys = new Map<string, Journey>()
  readonly #sentMs = new Map<string, number>()
  readonly #waitingSinceMs = new Map<string, number>()
  /** When robots were told on which level a lift had brought them. */
  readonly #toldMs = new Map<string, number>()
  /** Where robots without an order were when they were taken in. */
  readonly #stood = new Map<string, { readonly x: number; readonly y: number; readonly levelId: string }>()
  #traffic: Traffic
  #timer: TimerId = null

  constructor(options: {
    ways: TrafficWays
    registry: RobotRegistry
    commands: Commands
    store: TrafficStore
    /** `null` where no door and no lift obeys. */
    passages: PassageSessions | null
    floor: FloorIndex
    clock: Clock
    log: FastifyBaseLogger
    rules: TrafficRules
    /** How much of a way is released at a time, metres; left out: all of it to a robot that is alone. */
    releaseAheadM?: number | undefined
  }) {
    this.ways = options.ways
    this.#registry = options.registry
    this.#commands = options.commands
    this.#store = options.store
    this.#passages = options.passages
    this.#floor = options.floor
    this.#clock = options.clock
    this.#log = options.log
    this.#rules = options.rules
    this.#how =
      options.releaseAheadM === undefined ? { givesAllToOne: true } : { lookaheadM: options.releaseAheadM }
    this.#traffic = new Traffic(this.ways.derived.graph, this.#how)
  }

  /** What was kept, where it is of this plan; robots then say how far they got. */
  async load(): Promise<void> {
    for (const problem of this.ways.derived.problems) this.#log.warn({ problem }, 'The plan is hard to drive')
    const kept = await this.#store.load()
    if (kept === null) return
    const { traffic, journeys } = kept
    const nowMs = this.#clock.epochMs()
    this.#traffic = Traffic.restore(
      this.ways.derived.graph,
      // While the server was away nobody looked whether they moved.
      { ...traffic, robots: traffic.robots.map((robot) => ({ ...robot, movedMs: nowMs })) },
      this.#how,
    )
    for (const [robotId, journey] of journeys) this.#journeys.set(robotId, { ...journey, isConfirmed: false })
  }

  start(): void {
    const tick = () => {
      this.#timer = this.#clock.setTimeout(tick, TICK_MS)
      this.#tick()
    }
    this.#timer = this.#clock.setTimeout(tick, TICK_MS)
  }

  async stop(): Promise<void> {
    this.#clock.clearTimeout(this.#timer)
    await this.settled()
  }

  /** Resolves when all that was decided is stored and sent. */
  settled(): Promise<void> {
    return this.#queue.settled()
  }

  /** Resolves when every claim made so far is stored: an order is sent after that. */
  async kept(): Promise<void> {
    await this.#queue.run(() => this.#save())
  }

  /** Whether a robot drives to a pose, or will. */
  isWanted(pose: { readonly x: number; readonly y: number }, levelId: string): boolean {
    return [...this.#journeys.values()].some(
      ({ goal: { destination } }) =>
        destination.levelId === levelId && distance(destination, pose) < SAME_PLACE_M,
    )
  }

  /** People have a part of a level: no robot is sent in, and who would pass goes around where that is quicker. */
  holdArea({ levelId, polygon }: Area, untilMs: number, why: string): void {
    this.#traffic.block(this.ways.placesIn(levelId, polygon), untilMs, why)
    this.#traffic.lookAgain()
    this.#act()
  }

  /** Before its time was over. */
  freeArea(why: string): void {
    this.#traffic.unblock(why)
    this.#act()
  }

  /**
   * Sends a robot that has no order: it gets a way, and the first of it as far as that may be claimed now.
   *
   * @returns the order, to be sent once it is `kept`
   */
  begin(view: RobotView, goal: JourneyGoal): Order {
    const { id, position } = view
    const nowMs = this.#clock.epochMs()
    this.#stand(view, true)
    this.#traffic.setWorking(id, false)
    this.#traffic.send(id, goal.place, nowMs)
    this.#traffic.decide(nowMs)
    const start = { x: position!.x, y: position!.y, levelId: position!.levelId }
    const journey = beginJourney(
      this.ways.derived.graph,
      goal,
      start,
      this.#wayOn(id, goal.place, []),
      this.#commands.head(view),
    )
    this.#journeys.set(id, journey)
    this.#sentMs.set(id, nowMs)
    this.#act()
    return journey.order
  }

  /** A robot has said something: where it is, or what became of its order. */
  heard(robotId: string, state: State | null = null): void {
    const view = this.#registry.view(robotId)
    if (view === undefined || view.position === null) return
    if (view.isFixed) {
      this.#leaveAlone(robotId)
      return
    }
    const journey = this.#journeys.get(robotId)
    if (journey !== undefined) this.#follow(view, journey, state)
    const hasMoved = journey === undefined && this.#stand(view)
    const isNews = this.#traffic.has(robotId) && this.#traffic.setWorking(robotId, !this.#mayBeAsked(view))
    // Of a robot that stands as it stood nothing follows for anybody; `#tick` looks at what time alone brings.
    if (journey !== undefined || hasMoved || isNews) this.#act()
  }

  /** A unit that does not move needs no way; one that was heard before its factsheet gives back what it stood on. */
  #leaveAlone(robotId: string): void {
    if (!this.#stood.delete(robotId)) return
    this.#journeys.delete(robotId)
    if (this.#traffic.has(robotId)) this.#traffic.leave(robotId)
    this.#registry.setTrafficNote(robotId, null)
    this.#act()
  }

  #follow(view: RobotView, journey: Journey, state: State | null): void {
    const { id } = view
    const said = state ?? this.#registry.state(id)
    if (said === null) return
    const { orderId } = journey.goal
    if (said.orderId !== orderId) {
      if ((journey.wasTaken && state !== null) || this.#isDropped(id, journey)) this.#end(view)
      return
    }
    const { graph } = this.ways.derived
    const seen = seenAt(view)
    const isNews = isTaken(journey, said) && !journey.isConfirmed
    let now: Journey = { ...journey, wasTaken: true, isConfirmed: journey.isConfirmed || isNews }
    const byNodes = { ...now, driven: drivenByNodes(now, said) }
    const driven = Math.max(byNodes.driven, drivenByPlace(graph, byNodes, seen))
    for (let link = now.driven; link < driven; link += 1) this.#traffic.drive(id, this.#clock.epochMs())
    now = { ...now, driven }
    this.#journeys.set(id, now)
    // With an update under way it has nodes left, unless somebody ended the order.
    if (isOrderDone(said)) this.#end(view)
    else this.#lookWhetherOffWay(view, now)
  }

  /** Whether no robot took the order, and nobody wants it any more. It is stored a moment after it is made. */
  #isDropped(id: string, { wasTaken, goal: { orderId } }: Journey): boolean {
    const isOld = this.#clock.epochMs() - (this.#sentMs.get(id) ?? 0) > REPEAT_MS
    return !wasTaken && isOld && !orderId.startsWith(OWN_ORDERS) && !this.#rules.isMeant(orderId)
  }

  /** The order is over, however it ended: the robot stands where it is. */
  #end(view: RobotView): void {
    this.#journeys.delete(view.id)
    this.#traffic.recall(view.id)
    this.#stand(view, true)
  }

  #lookWhetherOffWay(view: RobotView, journey: Journey): void {
    const { graph } = this.ways.derived
    if (journey.driven === journey.links.length || !view.position!.isLocalized) return
    const seen = seenAt(view)
    const room = this.#floor.hasLevel(seen.levelId) ? roomAt(this.#floor.level(seen.levelId), seen) : null
    const { isInTrouble, waiting } = this.#traffic.robot(view.id)
    const isInItsRoom =
      room !== null &&
      !isThoroughfare(room) &&
      [journey.links[0]!, journey.links.at(-1)!].some((link) =>
        [graph.links[link]!.from, graph.links[link]!.to].some(
          (place) => graph.places[place]!.roomId === room.id,
        ),
      )
    const isOff = !isInItsRoom && offWayM(graph, journey, seen) > OFF_WAY_M
    if (isOff) this.#traffic.stray(view.id, seen.levelId, seen)
    else if (isInTrouble && waiting === 'is off its way')
      this.#traffic.recover(view.id, this.#clock.epochMs())
  }

  /** A robot without an order of traffic holds what it stands on. @returns whether that is something new */
  #stand(view: RobotView, isAnew = false): boolean {
    const { id, position, lengthM, widthM } = view
    if (position === null || !position.isLocalized) return false
    const seen = seenAt(view)
    const last = this.#stood.get(id)
    const isWhereItWas =
      last !== undefined && last.levelId === seen.levelId && distance(last, seen) < SAME_PLACE_M
    if (isWhereItWas && !isAnew) return false
    this.#stood.set(id, seen)
    const mover = { radiusM: Math.max(lengthM, widthM) / 2, speedMps: ASSUMED_SPEED_MPS }
    const place = this.ways.placeNear(seen)
    if (place !== null) this.#traffic.stand(id, mover, place, seen, this.#clock.epochMs())
    else if (this.#traffic.has(id)) this.#traffic.stray(id, seen.levelId, seen)
    return true
  }

  #mayBeAsked(view: RobotView): boolean {
    const { id } = view
    const state = this.#registry.state(id)
    if (
      state === null ||
      view.connection !== 'ONLINE' ||
      view.operatingMode !== 'AUTOMATIC' ||
      view.emergencyStop !== 'NONE' ||
      view.isPaused ||
      view.isLampLit ||
      view.position?.isLocalized !== true
    )
      return false
    const journey = this.#journeys.get(id)
    if (journey !== undefined) return !journey.isWhole || journey.driven < journey.links.length
    return isOrderDone(state) && this.#rules.mayMakeWay(id)
  }

  #tick(): void {
    const nowMs = this.#clock.epochMs()
    for (const [robotId, journey] of this.#journeys) {
      const view = this.#registry.view(robotId)
      if (view === undefined) continue
      if (this.#isDropped(robotId, journey)) this.#end(view)
      else if (this.#isToBeRepeated(robotId, journey, nowMs)) this.#send(robotId)
    }
    this.#act()
  }

  /** Missions and ways home see to the first message of their orders themselves. */
  #isToBeRepeated(id: string, { isConfirmed, wasTaken, goal }: Journey, nowMs: number): boolean {
    const isOurs = wasTaken || goal.orderId.startsWith(OWN_ORDERS)
    return isOurs && !isConfirmed && nowMs - (this.#sentMs.get(id) ?? 0) >= REPEAT_MS
  }

  /** Decides, and sends what follows from it. */
  #act(): void {
    const nowMs = this.#clock.epochMs()
    this.#tendPassages()
    this.#traffic.decide(nowMs)
    for (const what of this.#traffic.takeSaid()) this.#log.info({ what }, 'Traffic')
    for (const id of this.#traffic.ids) {
      if (this.#registry.isFixed(id)) continue
      const journey = this.#journeys.get(id)
      if (journey !== undefined) this.#extend(id, journey)
      else this.#makeWay(id)
      this.#tell(id, nowMs)
    }
  }

  /** Releases more of the way, where more is claimed and the robot will need it. */
  #extend(id: string, journey: Journey): void {
    if (!journey.isConfirmed || journey.isWhole) return
    const { graph } = this.ways.derived
    const left = journey.links.slice(journey.driven)
    const way = this.#wayOn(id, journey.goal.place, left)
    const leftM = left.reduce((sum, link) => sum + graph.links[link]!.lengthM, 0)
    if (way.base.length === 0 || (leftM > REFILL_M && way.horizon.length > 0)) return
    const head = this.#commands.head(this.#registry.view(id)!)
    this.#journeys.set(id, extendJourney(graph, journey, way, head))
    this.#send(id)
  }

  /** A robot that traffic asked to leave gets an order of its own for that. */
  #makeWay(id: string): void {
    const { base, destination } = this.#traffic.robot(id)
    const view = this.#registry.view(id)
    if (base.length === 0 || view?.position == null) return
    const { x, y, levelId, name } = this.ways.derived.graph.places[destination]!
    const goal = {
      orderId: `${OWN_ORDERS}${randomUUID()}`,
      description: `Makes way, to ${name}`,
      place: destination,
      destination: { x, y, theta: view.position.theta, levelId },
      actions: [],
    }
    const { graph } = this.ways.derived
    const way = this.#wayOn(id, destination, [])
    this.#journeys.set(id, beginJourney(graph, goal, seenAt(view), way, this.#commands.head(view)))
    this.#send(id)
  }

  /** What may be released beyond what is, and the rest of the way to the goal. */
  #wayOn(id: string, goal: number, sent: readonly number[]): WayOn {
    const { graph } = this.ways.derived
    const { base, horizon, place } = this.#traffic.robot(id)
    if (sent.some((link, index) => base[index] !== link)) {
      this.#log.error({ robotId: id }, 'A robot has a base that traffic does not know; it gets no more')
      return { base: [], horizon: [] }
    }
    const claimed = base.slice(sent.length)
    const open = this.#openLinks(id, claimed, sent)
    const routed = [...base, ...horizon]
    const end = routed.length === 0 ? place : graph.links[routed.at(-1)!]!.to
    const { mover } = this.#traffic.robot(id)
    const rest = end === goal ? [] : (this.#traffic.freeWay(end, goal, mover) ?? [])
    return { base: claimed.slice(0, open), horizon: [...claimed.slice(open), ...horizon, ...rest] }
  }

  /** How many of the claimed links doors and lifts let it have now. */
  #openLinks(id: string, claimed: readonly number[], sent: readonly number[]): number {
    const position = this.#registry.view(id)?.position
    if (this.#passages === null || position == null) return claimed.length
    const { graph } = this.ways.derived
    const aheadM = sent.reduce((sum, link) => sum + graph.links[link]!.lengthM, 0)
    const onArrived = (levelId: string) => this.#tellLevel(id, levelId)
    return this.#passages.openLinks({ id, levelId: position.levelId, onArrived }, claimed, aheadM)
  }

  /** VDA 5050 3.0: a robot on a new map is told so by `initializePosition`. Where it stands has not changed. */
  #tellLevel(id: string, levelId: string): void {
    const nowMs = this.#clock.epochMs()
    const position = this.#registry.view(id)?.position
    if (position == null || nowMs - (this.#toldMs.get(id) ?? -Infinity) < TOLD_AGAIN_MS) return
    this.#toldMs.set(id, nowMs)
    const { x, y, theta } = position
    const lastNodeId = this.#registry.state(id)?.lastNodeId ?? ''
    this.#commands
      .sendInstantAction(id, {
        actionType: ROBOT_ACTION_TYPES.initializePosition,
        actionId: `level.${randomUUID()}`,
        parameters: Object.entries({ x, y, theta, mapId: levelId, lastNodeId }).map(([key, value]) => ({
          key,
          value,
        })),
      })
      .catch((error: unknown) => {
        this.#log.warn({ err: error, robotId: id }, 'A robot was not told its level; it will be told again')
      })
  }

  /** Doors and lifts: what is still meant is asked for again, and who waits too long looks for another way. */
  #tendPassages(): void {
    const passages = this.#passages
    if (passages === null) return
    passages.tend((id, places) => this.#traffic.has(id) && this.#traffic.isToPass(id, places))
    const nowMs = this.#clock.epochMs()
    for (const [id, journey] of this.#journeys) {
      const wait = passages.waitOf(id)
      if (wait === null) continue
      // It has driven all that it was given, and stands before the door with good reason.
      if (journey.isConfirmed && journey.driven === journey.links.length) this.#traffic.holdUp(id, nowMs)
      if (!wait.isTooLong || passages.isIn(this.#traffic.robot(id).place, wait.passage)) continue
      this.#log.warn(
        { robotId: id, passage: wait.passage },
        'A passage does not come; another way is looked for',
      )
      this.#traffic.giveBack(id, journey.links.length - journey.driven)
      this.#traffic.block(
        passages.placesOf(wait.passage),
        nowMs + AVOIDED_MS,
        `${wait.passage.name} does not come`,
      )
    }
  }

  #tell(id: string, nowMs: number): void {
    const { waiting: why, isInTrouble, base } = this.#traffic.robot(id)
    const passage = isInTrouble ? null : (this.#passages?.waitOf(id)?.words ?? null)
    const waiting = passage ?? why
    const isWaiting = !isInTrouble && waiting !== null && (base.length === 0 || passage !== null)
    if (!isWaiting) this.#waitingSinceMs.delete(id)
    else if (!this.#waitingSinceMs.has(id)) this.#waitingSinceMs.set(id, nowMs)
    const isTold = isInTrouble || nowMs - (this.#waitingSinceMs.get(id) ?? nowMs) >= WAIT_TOLD_MS
    this.#registry.setTrafficNote(
      id,
      waiting === null || !isTold
        ? null
        : { type: isInTrouble ? 'traffic.stalled' : 'traffic.waiting', description: `It ${waiting}` },
    )
  }

  #send(id: string): void {
    this.#sentMs.set(id, this.#clock.epochMs())
    this.#queue
      .run(async () => {
        const journey = this.#journeys.get(id)
        if (journey === undefined || journey.isConfirmed) return
        await this.#save()
        if (this.#registry.isOnline(id)) await this.#commands.sendOrder(journey.order)
      })
      .catch((error: unknown) => {
        this.#log.warn({ err: error, robotId: id }, 'An order update was not sent; it will be sent again')
      })
  }

  #save(): Promise<void> {
    const nowMs = this.#clock.epochMs()
    return this.#store.save(
      { traffic: this.#traffic.snapshot(), journeys: [...this.#journeys] },
      new Date(nowMs),
    )
  }
}

function seenAt({ position }: RobotView): { x: number; y: number; levelId: string } {
  const { x, y, levelId } = position!
  return { x, y, levelId }
}
