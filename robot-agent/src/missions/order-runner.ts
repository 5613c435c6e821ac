import type { Clock } from '@wardlight/core/clock'
import type { LampModel } from '@wardlight/core/disinfection'
import type { Point2, Pose2 } from '@wardlight/core/geometry'
import type { Disposable } from '@wardlight/core/ros'
import type { ActionState, Order, VdaError } from '@wardlight/core/vda5050'
import { createActor, type Actor } from 'xstate'
import type { AgentLog } from '../agent-log.ts'
import type { PlanTreatment } from '../planning/plan-in-thread.ts'
import type { PlaceFinder } from '../perception/place-finder.ts'
import type { PlaceFound, PlaceHint } from '../perception/place-search.ts'
import type { RoomWatch } from '../perception/room-watch.ts'
import { LAMP_WORN } from '../robot/lamp-life.ts'
import type { InstrumentBook } from '../robot/instrument-book.ts'
import type { DriveEnd } from '../robot/ports.ts'
import type { BerthedRobot } from '../robot/undock-first.ts'
import type { GasSafety } from '../safety/gas-safety.ts'
import type { SafetySupervisor } from '../safety/safety-supervisor.ts'
import type { ErrandCheckpoint, MissionCheckpoint, OrderCheckpoint, Outbox } from './checkpoints.ts'
import {
  missionActionProblem,
  missionsAhead,
  missionsOf,
  peroxideMission,
  uvMission,
  type MissionOrder,
} from './mission-orders.ts'
import type { Mission } from './mission.ts'
import { createErrand, type ErrandRunner } from './create-errand.ts'
import { isOver, orderExecution, type OrderContext, type OrderEffect } from './order-execution.ts'
import { judgeOrder } from './order-rules.ts'
import type { VaporiserFacts } from './peroxide-actions.ts'
import type { PeroxideMemory } from './peroxide-memory.ts'
import { PeroxideMissionRunner } from './peroxide-mission-runner.ts'
import type { UvMissionOrder } from './uv-actions.ts'
import { UvMissionRunner, type UvMissionOptions } from './uv-mission-runner.ts'
import type { Passage } from '../zones/zone-rules.ts'

export interface OrderRunnerOptions {
  readonly robotId: string
  /** The level that it begins on. */
  readonly levelId: string
  /** Other levels that it has maps of, and may be brought to by lifts. */
  readonly otherLevelIds?: readonly string[]
  /** The lamp at its present age, and why nobody can say what it gives; `null` while one can. */
  readonly lamp: { readonly lamp: LampModel; readonly problem: string | null }
  readonly geometry: UvMissionOptions['geometry']
  readonly plan: PlanTreatment
  readonly clock: Clock
  readonly robot: BerthedRobot
  readonly supervisor: SafetySupervisor
  readonly roomWatch: RoomWatch
  readonly placeFinder: PlaceFinder
  readonly log: AgentLog
  readonly instruments?: InstrumentBook | undefined
  readonly onChange: () => void
  /** What the fleet's zones say of a way; a bench without a fleet has none. */
  readonly zones?: { passage(to: Point2): Passage; readonly mustStand: boolean }
  /** Why the robot cannot keep evidence through a restart now; `null` while it can, or is not meant to. */
  readonly evidenceProblem?: () => string | null
  /** `null` on a robot without a vaporiser: it refuses peroxide orders. */
  readonly peroxide?: PeroxideParts | null
}

/** What an order runner needs beside the rest to do peroxide. */
export interface PeroxideParts {
  readonly vaporiser: VaporiserFacts
  readonly gasSafety: GasSafety
  /** What was remembered of a room that this robot had gassed before it was started anew. */
  readonly resume: PeroxideMemory | null
  readonly onRemember: (memory: PeroxideMemory | null) => void
}

/** Orders as they were when the program ended. */
export interface RecalledOrders {
  readonly order: OrderCheckpoint | null
  readonly outbox: Outbox
  readonly holds: { readonly isPaused: boolean; readonly isRemotelyStopped: boolean }
  /** The mission that was not over. */
  readonly mission: (MissionCheckpoint & { readonly order: UvMissionOrder }) | null
  /** The errand that was not over. */
  readonly errand: ErrandCheckpoint | null
}

/** Evidence that waits for a broker is some tens of kilobytes a mission; with so much of it no new mission is taken. */
const MAX_UNDELIVERED = 8
const EVIDENCE_NOT_KEPT = 'EVIDENCE_NOT_KEPT'
/** So many orders are known again when they come once more. */
const KEPT_ORDER_IDS = 200

/** A mission in work, or the last one. */
type Current = MissionOrder & { readonly mission: Mission }

/** Takes orders, drives them, and runs the missions that are in them, one after the other. */
export class OrderRunner {
  readonly #options: OrderRunnerOptions
  readonly #actor: Actor<typeof orderExecution>
  #fact: Disposable | null = null
  #current: Current | null = null
  #uv: UvMissionRunner | null = null
  #peroxide: PeroxideMissionRunner | null = null
  #errand: ErrandRunner | null = null
  #isStopped = false
  #driveNumber = 0
  /** The way in work: driven, or held at a zone. */
  #way: { readonly pose: Pose2; isHeld: boolean } | null = null
  /** Oldest first; the last is the one held. */
  #orderIds: readonly string[] = []
  #undelivered: Outbox = []
  /** Actions of the order held whose evidence went through the outbox. */
  readonly #enlisted = new Set<string>()
  #checkpoint: OrderCheckpoint | null = null
  readonly #mapIds: ReadonlySet<string>
  #levelId: string

  constructor(options: OrderRunnerOptions) {
    this.#options = options
    this.#levelId = options.levelId
    this.#mapIds = new Set([options.levelId, ...(options.otherLevelIds ?? [])])
    this.#actor = createActor(orderExecution, { clock: options.clock })
  }

  get context(): OrderContext {
    return this.#actor.getSnapshot().context
  }

  /** The level that it is on; it is the VDA 5050 `mapId` of its position. */
  get levelId(): string {
    return this.#levelId
  }

  /** Every level that it has a map of. */
  get mapIds(): ReadonlySet<string> {
    return this.#mapIds
  }

  /**
   * Somebody knows that the robot stands elsewhere than it believes, as after a lift's ride. Its order stays.
   *
   * @returns why not, in words; `null` when it was done
   */
  initializePosition(pose: Pose2, levelId: string): string | null {
    if (!this.#mapIds.has(levelId)) return `the robot has no map ${levelId}`
    const refusal = this.#whyNotPlaced()
    if (refusal !== null) return refusal
    this.#levelId = levelId
    this.#options.robot.base.initializePosition(pose)
    this.#options.onChange()
    return null
  }

  /**
   * Looks for its place by its lidar, as it stands, where somebody sees it.
   *
   * @param onEnd why it was not found, in words; `null`: it was, and the localisation is told
   * @returns why nothing is searched, in words; `null`: it is
   */
  findPosition(hint: PlaceHint, levelId: string, onEnd: (problem: string | null) => void): string | null {
    if (levelId !== this.#levelId) return `the robot's map is of ${this.#levelId}, not of ${levelId}`
    return (
      this.#whyNotPlaced() ??
      this.#options.placeFinder.search(hint, (found) => {
        // Meanwhile somebody may have sent it away.
        const problem = this.#whyNotPlaced() ?? whyNotFound(found)
        if (problem === null && found.kind === 'found')
          this.#options.robot.base.initializePosition(found.pose)
        onEnd(problem)
      })
    )
  }

  #whyNotPlaced(): string | null {
    if (this.#options.geometry.fixed !== undefined) return 'the unit hangs where its file says'
    const isStanding =
      this.isIdle || this.isWaitingForBase || this.#actor.getSnapshot().matches({ active: 'paused' })
    return isStanding ? null : 'the robot drives or works'
  }

  /** Where it was when the program before ended. */
  recallLevel(levelId: string): void {
    this.#levelId = levelId
  }

  /** No order in work. */
  get isIdle(): boolean {
    return this.#actor.getSnapshot().matches('idle') && this.#current?.mission.holdsRobot !== true
  }

  get isWaitingForBase(): boolean {
    return this.#actor.getSnapshot().matches({ active: 'waitingForBase' })
  }

  /** The mission in work, or the last one; `null` when the present order has none. */
  get current(): Current | null {
    return this.#current
  }

  /** The last UV mission of the present order, or of the last one. */
  get mission(): UvMissionRunner | null {
    return this.#uv
  }

  /** The last peroxide mission of the present order, or of the last one. */
  get peroxide(): PeroxideMissionRunner | null {
    return this.#peroxide
  }

  /** The last errand of the present order, or of the last one. */
  get errand(): ErrandRunner | null {
    return this.#errand
  }

  /** Whether a person drives the robot from afar, and the order waits. */
  get isDrivenByHand(): boolean {
    return this.#errand?.kind === 'visit' && this.#errand.driver !== null
  }

  /** The UV mission that is not over, as its order has it. */
  get unfinishedMission(): UvMissionOrder | null {
    const current = this.#current
    return current?.kind === 'uv' && current.mission.report === null ? current.order : null
  }

  /** The same object as long as nothing changed. */
  get checkpoint(): OrderCheckpoint {
    const { context } = this
    if (this.#checkpoint?.context !== context || this.#checkpoint.orderIds !== this.#orderIds) {
      this.#checkpoint = { context, orderIds: this.#orderIds }
    }
    return this.#checkpoint
  }

  /** Evidence that no broker has confirmed yet, whatever order is held now. */
  get undelivered(): Outbox {
    return this.#undelivered
  }

  /** A broker has these. Those of the order held stay in its action states. */
  delivered(actionIds: ReadonlySet<string>): void {
    const left = this.#undelivered.filter(({ state }) => !actionIds.has(state.actionId))
    if (left.length === this.#undelivered.length) return
    this.#undelivered = left
    this.#options.onChange()
  }

  /** Why a mission must not be started now, beyond what the supervisor says. */
  startBlockers(missionId: string): string[] {
    const mission = this.#current?.mission
    return mission?.missionId === missionId ? mission.startBlockers() : []
  }

  /** @param recalled what was kept by the process before; `null` where nothing was */
  start(recalled: RecalledOrders | null = null): void {
    this.#actor.on('*', (effect) => this.#do(effect))
    this.#actor.subscribe(({ context }) => {
      this.#enlistEvidence(context)
      this.#options.onChange()
    })
    this.#actor.start()
    if (recalled !== null) this.#recall(recalled)
    this.#fact = this.#options.supervisor.onFact((fact) => {
      // A stop on the way holds the order until somebody resumes it. In a mission the mission sees to it.
      const isOnTheWay = this.#actor.getSnapshot().matches({ active: 'driving' })
      if (fact.type === 'tripped' && fact.mustStopDrive && isOnTheWay) this.pause()
    })
    const resume = this.#options.peroxide?.resume ?? null
    if (resume !== null) this.#begin(peroxideMission({ ...resume, rearmTimeoutS: 1 }), { gassed: resume })
  }

  stop(): void {
    this.#isStopped = true
    this.#fact?.dispose()
    this.#current?.mission.stop()
    this.#options.robot.base.cancel()
    this.#actor.stop()
  }

  /** @returns why the order is refused; `null` when it was accepted, or is held already. */
  take(order: Order): VdaError | null {
    const { roomWatch, log } = this.#options
    // The line to the fleet ends after everything else.
    if (this.#isStopped) return refused(order, EVIDENCE_NOT_KEPT, 'the robot is being switched off')
    const { context } = this
    const released = context.nodes.filter(({ released }) => released)
    const isBusy = !this.isIdle
    const horizonIds = new Set(
      context.nodes
        .filter(({ released }) => !released)
        .flatMap(({ actions }) => actions.map(({ actionId }) => actionId)),
    )
    const fixedActionIds = new Set(
      context.actionStates.map(({ actionId }) => actionId).filter((id) => !horizonIds.has(id)),
    )
    const decision = judgeOrder(order, {
      held: context.order,
      isBusy,
      wasCanceled: context.wasCanceled,
      lastNodeId: context.lastNodeId,
      lastNodeSequenceId: context.lastNodeSequenceId,
      baseEnd:
        context.order === null
          ? null
          : (released.at(-1) ?? { nodeId: context.lastNodeId, sequenceId: context.lastNodeSequenceId }),
      formerOrderIds: new Set(this.#orderIds.slice(0, -1)),
      fixedActionIds,
      pose: roomWatch.pose,
      speedMps: this.#options.geometry.speedMps,
      mapIds: this.#mapIds,
      actionProblem: (node) =>
        missionActionProblem(
          node,
          node.nodePosition?.mapId ?? this.#levelId,
          this.#options.peroxide?.vaporiser ?? null,
          this.#options.geometry.fixed?.at,
        ),
    })
    switch (decision.kind) {
      case 'ignore':
        return null
      case 'reject':
        log.warn({ orderId: order.orderId, error: decision.error }, 'The order is refused.')
        return decision.error
      case 'accept': {
        const missions = missionsOf(order.nodes)
        const refusal = this.#missionsProblem(order, missions)
        if (refusal !== null) return refusal
        log.info({ orderId: order.orderId }, 'The order is accepted.')
        this.#orderIds = [...this.#orderIds, order.orderId].slice(-KEPT_ORDER_IDS)
        this.#enlisted.clear()
        this.#uv = null
        this.#peroxide = null
        this.#errand = null
        this.#begin(missions[0] ?? null)
        this.#actor.send({ type: 'accepted', order })
        return null
      }
      case 'update': {
        const refusal = this.#missionsProblem(order, missionsOf(order.nodes.slice(1)))
        if (refusal !== null) return refusal
        this.#actor.send({ type: 'updated', order })
        this.#follow()
        return null
      }
    }
  }

  /** Why the missions of an order, or of an update, cannot be done; `null` when they can, or there are none. */
  #missionsProblem(order: Order, missions: readonly MissionOrder[]): VdaError | null {
    if (missions.length === 0) return null
    const problem = this.#evidenceProblem()
    if (problem !== null) return refused(order, EVIDENCE_NOT_KEPT, problem)
    const worn = this.#options.lamp.problem
    if (worn !== null && missions.some(({ kind }) => kind === 'uv')) return refused(order, LAMP_WORN, worn)
    const ids = missions.map(({ missionId }) => missionId)
    const twice = ids.find((id, index) => ids.indexOf(id) !== index)
    if (twice === undefined) return null
    const description = `mission ${twice} comes twice: each mission of an order has an id of its own`
    return refused(order, 'INVALID_ORDER_ACTION', description)
  }

  pause(): void {
    this.#actor.send({ type: 'pause' })
    this.#options.supervisor.command({ type: 'pause' })
    if (this.#errand === this.#current?.mission) this.#errand?.hold()
  }

  resume(): void {
    this.#options.supervisor.command({ type: 'resume' })
    this.#actor.send({ type: 'resume' })
    if (this.#errand === this.#current?.mission) this.#errand?.release()
  }

  cancel(): void {
    this.#actor.send({ type: 'cancel' })
  }

  /** Why a mission must not be armed now, apart from what the supervisor knows. */
  armingProblem(): string | null {
    return this.#options.evidenceProblem?.() ?? null
  }

  #evidenceProblem(): string | null {
    return this.#undelivered.length >= MAX_UNDELIVERED
      ? `the reports of ${this.#undelivered.length} missions wait to be delivered`
      : this.armingProblem()
  }

  /** Dark and disarmed, and where a person had stopped it, still stopped. Nothing is driven by it. */
  #recall({ order, outbox, holds, mission, errand }: RecalledOrders): void {
    const { supervisor } = this.#options
    if (holds.isRemotelyStopped) {
      supervisor.command({ type: 'requestEmergencyStop', by: 'someone before the restart' })
    }
    this.#undelivered = outbox
    if (order !== null) {
      this.#orderIds = order.orderIds
      for (const { actionId } of evidenceOf(order.context)) this.#enlisted.add(actionId)
      // A gassed room comes before anything else; the order that gassed it stays in work until its sensors clear it.
      const gassed = this.#options.peroxide?.resume ?? null
      const isUnfinished =
        gassed === null
          ? mission === null
            ? this.#takeUpErrand(order.context, errand) || this.#beginAnew(order.context)
            : this.#takeUp(mission)
          : order.context.actionStates.some(
              ({ actionId, actionStatus }) =>
                actionId === gassed.startPeroxideCycleId && !isOver(actionStatus),
            )
      this.#actor.send({ type: 'recalled', context: order.context, isUnfinished })
    }
    if (holds.isPaused || this.context.isPaused) supervisor.command({ type: 'pause' })
  }

  /** @returns whether the mission goes on; one that makes no sense to this program must not keep it from starting. */
  #takeUp(mission: MissionCheckpoint & { readonly order: UvMissionOrder }): boolean {
    try {
      this.#begin(uvMission(mission.order), { recalled: mission })
      return true
    } catch (error) {
      const { missionId } = mission.order
      this.#options.log.error(
        { err: error, missionId },
        'The mission cannot be taken up again; its order is over.',
      )
      this.#begin(null)
      return false
    }
  }

  #takeUpErrand(context: OrderContext, errand: ErrandCheckpoint | null): boolean {
    const [ahead] = missionsAhead(context)
    if (errand === null || ahead?.missionId !== errand.missionId) return false
    this.#begin(ahead, { errand })
    return true
  }

  /** A peroxide mission that had sealed nothing is begun anew. @returns whether there is one */
  #beginAnew(context: OrderContext): boolean {
    const [next] = missionsAhead(context)
    if (next?.kind !== 'peroxide' || this.#options.peroxide == null) return false
    this.#begin(next, { isBegunAnew: true })
    const isAtNode = context.queue.some(({ action }) => action.actionId === next.firstActionId)
    if (isAtNode) this.#current?.mission.arrive()
    return true
  }

  #enlistEvidence(context: OrderContext): void {
    const evidence = evidenceOf(context).filter(({ actionId }) => !this.#enlisted.has(actionId))
    if (evidence.length === 0) return
    for (const { actionId } of evidence) this.#enlisted.add(actionId)
    const orderId = context.order?.orderId ?? ''
    this.#undelivered = [...this.#undelivered, ...evidence.map((state) => ({ orderId, state }))]
  }

  /** The mission in work is the first one of the order that has no result yet. */
  #follow(): void {
    const snapshot = this.#actor.getSnapshot()
    if (snapshot.matches('canceling') || snapshot.matches('failing')) return
    const ahead = missionsAhead(this.context)
    const current = this.#current
    if (current?.mission.report === null) {
      const isAhead = ahead.some(({ resultActionId }) => resultActionId === current.resultActionId)
      if (isAhead || current.mission.holdsRobot) return
      // A mission that is not released yet goes with its node, and comes with the update's.
      this.#begin(ahead[0] ?? null)
    } else if (ahead[0] !== undefined) {
      this.#begin(ahead[0])
    }
  }

  /** @param former what was kept of it by the process before */
  #begin(
    next: MissionOrder | null,
    former: {
      readonly recalled?: MissionCheckpoint
      readonly gassed?: PeroxideMemory
      readonly errand?: ErrandCheckpoint
      readonly isBegunAnew?: boolean
    } = {},
  ): void {
    const last = this.#current
    last?.mission.stop()
    // One that was taken back before it had a result is not the last one either.
    if (last?.kind === 'uv' && last.mission.report === null) this.#uv = null
    if (last?.kind === 'peroxide' && last.mission.report === null) this.#peroxide = null
    if (last !== null && last.mission === this.#errand && last.mission.report === null) this.#errand = null
    this.#current = null
    if (next === null) return
    const mission =
      next.kind === 'uv'
        ? (this.#uv = this.#uvMission(next, former.recalled))
        : next.kind === 'peroxide'
          ? (this.#peroxide = this.#peroxideMission(next, former.gassed ?? null, former.isBegunAnew ?? false))
          : (this.#errand = createErrand(next, {
              ...this.#options,
              recalled: former.errand ?? null,
              onFinished: (report) => this.#end(next, report),
            }))
    this.#current = { ...next, mission }
    mission.start()
  }

  #uvMission(
    next: MissionOrder & { readonly kind: 'uv' },
    recalled: MissionCheckpoint | undefined,
  ): UvMissionRunner {
    const { missionId, plan: approvedPlan, rearmTimeoutS } = next.order
    return new UvMissionRunner({
      ...this.#options,
      lamp: this.#options.lamp.lamp,
      missionId,
      approvedPlan,
      rearmTimeoutS,
      ...(recalled === undefined ? {} : { recalled }),
      armingProblem: () => this.armingProblem(),
      onArmed: () => this.#armed(next),
      onFinished: (report) => this.#end(next, report),
    })
  }

  #peroxideMission(
    next: MissionOrder & { readonly kind: 'peroxide' },
    resume: PeroxideMemory | null,
    isBegunAnew: boolean,
  ): PeroxideMissionRunner {
    const { missionId, plan, rearmTimeoutS, awaitArmingId, startPeroxideCycleId } = next.order
    const { gasSafety, onRemember } = this.#options.peroxide!
    return new PeroxideMissionRunner({
      ...this.#options,
      gasSafety,
      onRemember,
      missionId,
      plan,
      rearmTimeoutS,
      actionIds: { awaitArmingId, startPeroxideCycleId },
      resume,
      isBegunAnew,
      onArmed: () => this.#armed(next),
      onFinished: (report) => this.#end(next, report),
    })
  }

  #armed({ firstActionId }: MissionOrder): void {
    this.#actor.send({ type: 'actionChanged', actionId: firstActionId, status: 'FINISHED' })
  }

  #end({ firstActionId, resultActionId }: MissionOrder, report: NonNullable<Mission['report']>): void {
    const result = JSON.stringify(report)
    // The evidence first: a failed awaitArming ends the order.
    const status = report.verdict === 'aborted' ? 'FAILED' : 'FINISHED'
    this.#actor.send({ type: 'actionChanged', actionId: resultActionId, status, result })
    this.#actor.send({ type: 'actionChanged', actionId: firstActionId, status: 'FAILED' })
    this.#follow()
    this.#options.onChange()
  }

  #do(effect: OrderEffect): void {
    const { robot, log } = this.#options
    switch (effect.type) {
      case 'driveTo': {
        const { nodePosition } = effect.node
        if (nodePosition === undefined) return
        // Only a lift leads there, and after it somebody says so.
        if (nodePosition.mapId !== this.#levelId) {
          this.#options.clock.setTimeout(() => this.#actor.send({ type: 'driveEnded', end: 'failed' }), 0)
          return
        }
        this.#way = {
          pose: {
            x: nodePosition.x,
            y: nodePosition.y,
            theta: nodePosition.theta ?? this.#headingTo(nodePosition),
          },
          isHeld: true,
        }
        this.#setOff()
        return
      }
      case 'cancelDrive':
        this.#driveNumber += 1
        this.#way = null
        robot.base.cancel()
        return
      case 'startAction':
        this.#follow()
        if (effect.action.actionId === this.#current?.firstActionId) this.#current.mission.arrive()
        return
      case 'endActions':
        this.#current?.mission.cancel()
        return
      case 'nodeUnreachable':
        log.warn({ nodeId: effect.node.nodeId }, 'The node cannot be reached.')
        this.#current?.mission.travelFailed()
        return
    }
  }

  /** Looks again at the zones before the way in work: what was held may go, what goes may have to stand. */
  lookAtZones(): void {
    const way = this.#way
    const { zones } = this.#options
    if (way === null || zones === undefined || this.#isStopped) return
    if (way.isHeld) {
      this.#setOff()
    } else if (zones.mustStand || zones.passage(way.pose).kind !== 'free') {
      way.isHeld = true
      this.#driveNumber += 1
      this.#options.robot.base.cancel()
    }
  }

  /** Drives the way in work, unless a zone is before it. */
  #setOff(): void {
    // What stops the wheels on the way keeps them from starting, too.
    if (this.#options.supervisor.mustStand) {
      this.pause()
      return
    }
    const way = this.#way!
    this.#driveNumber += 1
    const number = this.#driveNumber
    const end = (how: DriveEnd) => {
      if (number !== this.#driveNumber) return
      this.#way = null
      this.#actor.send({ type: 'driveEnded', end: how })
    }
    const found = this.#options.zones?.passage(way.pose) ?? { kind: 'free' }
    if (found.kind === 'wait') return
    way.isHeld = false
    if (found.kind === 'free') this.#options.robot.base.driveTo(way.pose, end)
    else {
      this.#options.log.warn({ zoneId: found.zoneId }, 'The way leads into a zone that is barred.')
      // Not within the machine's own step.
      queueMicrotask(() => end('failed'))
    }
  }

  /** A node without a heading is entered as it comes. */
  #headingTo({ x, y }: { readonly x: number; readonly y: number }): number {
    const pose = this.#options.roomWatch.pose
    return pose === null ? 0 : Math.atan2(y - pose.y, x - pose.x)
  }
}

/** Actions that are over and carry a result. */
function evidenceOf({ actionStates }: OrderContext): ActionState[] {
  return actionStates.filter(
    ({ actionStatus, actionResult }) => isOver(actionStatus) && actionResult !== undefined,
  )
}

/** Why an order, or an update of it, is not taken. */
function refused({ orderId }: Order, errorType: string, errorDescription: string): VdaError {
  return {
    errorType,
    errorLevel: 'WARNING',
    errorDescription,
    errorReferences: [{ referenceKey: 'orderId', referenceValue: orderId }],
  }
}

function whyNotFound(found: PlaceFound): string | null {
  switch (found.kind) {
    case 'found':
      return null
    case 'several':
      return `it looks the same from ${found.poses.length} places: say what its front shows to, or push it a metre and try again`
    case 'nowhere':
      return 'no place there fits what the lidar sees'
    case 'blind':
      return 'too little comes back to the lidar'
  }
}
