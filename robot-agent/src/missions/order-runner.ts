import type { Clock } from '@wardlight/core/clock'
import type { LampModel } from '@wardlight/core/disinfection'
import type { DoseReport, PeroxideReport } from '@wardlight/core/fleet'
import type { Disposable } from '@wardlight/core/ros'
import type { ActionState, Order, OrderNode, VdaError } from '@wardlight/core/vda5050'
import { createActor, type Actor } from 'xstate'
import type { AgentLog } from '../agent-log.ts'
import type { PlanTreatment } from '../planning/plan-in-thread.ts'
import type { RoomWatch } from '../perception/room-watch.ts'
import type { Robot } from '../robot/ports.ts'
import type { GasSafety } from '../safety/gas-safety.ts'
import type { SafetySupervisor } from '../safety/safety-supervisor.ts'
import type { MissionCheckpoint, OrderCheckpoint, Outbox } from './checkpoints.ts'
import { isOver, orderExecution, type OrderContext, type OrderEffect } from './order-execution.ts'
import { judgeOrder } from './order-rules.ts'
import {
  missionActionProblem,
  peroxideMissionOrderOf,
  type PeroxideMissionOrder,
  type VaporiserFacts,
} from './peroxide-actions.ts'
import type { PeroxideMemory } from './peroxide-memory.ts'
import { PeroxideMissionRunner } from './peroxide-mission-runner.ts'
import { uvMissionOrderOf, type UvMissionOrder } from './uv-actions.ts'
import { UvMissionRunner } from './uv-mission-runner.ts'

export interface OrderRunnerOptions {
  readonly robotId: string
  readonly levelId: string
  readonly lamp: LampModel
  readonly geometry: { readonly radiusM: number; readonly speedMps: number }
  readonly plan: PlanTreatment
  readonly clock: Clock
  readonly robot: Robot
  readonly supervisor: SafetySupervisor
  readonly roomWatch: RoomWatch
  readonly log: AgentLog
  readonly onChange: () => void
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
}

/** Evidence that waits for a broker is some tens of kilobytes a mission; with so much of it no new mission is taken. */
const MAX_UNDELIVERED = 8
/** So many orders are known again when they come once more. */
const KEPT_ORDER_IDS = 200

/** Takes orders, drives them, and runs the missions that are in them. */
export class OrderRunner {
  readonly #options: OrderRunnerOptions
  readonly #actor: Actor<typeof orderExecution>
  #fact: Disposable | null = null
  #mission: UvMissionRunner | null = null
  #missionOrder: UvMissionOrder | PeroxideMissionOrder | null = null
  #isStopped = false
  #peroxide: PeroxideMissionRunner | null = null
  #driveNumber = 0
  /** Oldest first; the last is the one held. */
  #orderIds: readonly string[] = []
  #undelivered: Outbox = []
  /** Actions of the order held whose evidence went through the outbox. */
  readonly #enlisted = new Set<string>()
  #checkpoint: OrderCheckpoint | null = null

  constructor(options: OrderRunnerOptions) {
    this.#options = options
    this.#actor = createActor(orderExecution, { clock: options.clock })
  }

  get context(): OrderContext {
    return this.#actor.getSnapshot().context
  }

  /** No order in work. */
  get isIdle(): boolean {
    return this.#actor.getSnapshot().matches('idle') && !this.#isAiring
  }

  /** A gassed room keeps the robot busy, with an order or without one. */
  get #isAiring(): boolean {
    return this.#peroxide?.isGassed === true
  }

  get isWaitingForBase(): boolean {
    return this.#actor.getSnapshot().matches({ active: 'waitingForBase' })
  }

  /** The mission of the present order, or of the last one. */
  get mission(): UvMissionRunner | null {
    return this.#mission
  }

  /** The mission that is not over, as its order has it. */
  get unfinishedMission(): UvMissionOrder | null {
    return this.#mission?.report === null && isUvMission(this.#missionOrder) ? this.#missionOrder : null
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

  /** The peroxide mission of the present order, or of the last one. */
  get peroxide(): PeroxideMissionRunner | null {
    return this.#peroxide
  }

  /** Why a mission must not be started now, beyond what the supervisor says. */
  startBlockers(missionId: string): string[] {
    return this.#peroxide?.missionId === missionId ? this.#peroxide.preCheckBlockers() : []
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
    if (resume !== null) {
      this.#missionOrder = { ...resume, rearmTimeoutS: 1 }
      this.#beginPeroxide(this.#missionOrder, resume)
    }
  }

  stop(): void {
    this.#isStopped = true
    this.#fact?.dispose()
    this.#mission?.stop()
    this.#peroxide?.stop()
    this.#options.robot.base.cancel()
    this.#actor.stop()
  }

  /** @returns why the order is refused; `null` when it was accepted, or is held already. */
  take(order: Order): VdaError | null {
    const { levelId, roomWatch, log } = this.#options
    // The line to the fleet ends after everything else.
    if (this.#isStopped) return evidenceNotKept(order, 'the robot is being switched off')
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
      mapId: levelId,
      actionProblem: (node) => missionActionProblem(node, levelId, this.#options.peroxide?.vaporiser ?? null),
    })
    switch (decision.kind) {
      case 'ignore':
        return null
      case 'reject':
        log.warn({ orderId: order.orderId, error: decision.error }, 'The order is refused.')
        return decision.error
      case 'accept': {
        const missions = missionsOf(order.nodes)
        if (missions.length > 1) return tooManyMissions(order)
        const problem = missions.length === 0 ? null : this.#evidenceProblem()
        if (problem !== null) return evidenceNotKept(order, problem)
        log.info({ orderId: order.orderId }, 'The order is accepted.')
        this.#orderIds = [...this.#orderIds, order.orderId].slice(-KEPT_ORDER_IDS)
        this.#enlisted.clear()
        this.#beginMission(missions[0] ?? null)
        this.#actor.send({ type: 'accepted', order })
        return null
      }
      case 'update': {
        const missions = missionsOf(order.nodes.slice(1))
        const isUnfinished = this.#missionOrder !== null && (this.#mission ?? this.#peroxide)?.report === null
        // A mission that is not released yet goes with its node, and comes with the update's.
        const isTaken = isUnfinished && fixedActionIds.has(this.#missionOrder!.awaitArmingId)
        if (missions.length > 1 || (missions.length === 1 && isTaken)) return tooManyMissions(order)
        const problem = missions.length === 0 ? null : this.#evidenceProblem()
        if (problem !== null) return evidenceNotKept(order, problem)
        if (missions[0] !== undefined || (isUnfinished && !isTaken)) this.#beginMission(missions[0] ?? null)
        this.#actor.send({ type: 'updated', order })
        return null
      }
    }
  }

  pause(): void {
    this.#actor.send({ type: 'pause' })
    this.#options.supervisor.command({ type: 'pause' })
  }

  resume(): void {
    this.#options.supervisor.command({ type: 'resume' })
    this.#actor.send({ type: 'resume' })
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
  #recall({ order, outbox, holds, mission }: RecalledOrders): void {
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
          ? mission !== null && this.#takeUp(mission)
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
      this.#beginMission(mission.order, mission)
      return true
    } catch (error) {
      const { missionId } = mission.order
      this.#options.log.error(
        { err: error, missionId },
        'The mission cannot be taken up again; its order is over.',
      )
      this.#beginMission(null)
      return false
    }
  }

  #enlistEvidence(context: OrderContext): void {
    const evidence = evidenceOf(context).filter(({ actionId }) => !this.#enlisted.has(actionId))
    if (evidence.length === 0) return
    for (const { actionId } of evidence) this.#enlisted.add(actionId)
    const orderId = context.order?.orderId ?? ''
    this.#undelivered = [...this.#undelivered, ...evidence.map((state) => ({ orderId, state }))]
  }

  #beginMission(
    missionOrder: UvMissionOrder | PeroxideMissionOrder | null,
    recalled?: MissionCheckpoint,
  ): void {
    this.#mission?.stop()
    this.#mission = null
    this.#peroxide?.stop()
    this.#peroxide = null
    this.#missionOrder = missionOrder
    if (missionOrder === null) return
    if (!isUvMission(missionOrder)) {
      this.#beginPeroxide(missionOrder, null)
      return
    }
    const { missionId, plan: approvedPlan, rearmTimeoutS } = missionOrder
    this.#mission = new UvMissionRunner({
      ...this.#options,
      missionId,
      approvedPlan,
      rearmTimeoutS,
      ...(recalled === undefined ? {} : { recalled }),
      armingProblem: () => this.armingProblem(),
      onArmed: () =>
        this.#actor.send({ type: 'actionChanged', actionId: missionOrder.awaitArmingId, status: 'FINISHED' }),
      onFinished: (report) => this.#endMission(missionOrder, report),
    })
    this.#mission.start()
  }

  #beginPeroxide(missionOrder: PeroxideMissionOrder, resume: PeroxideMemory | null): void {
    const parts = this.#options.peroxide ?? null
    if (parts === null) return
    const { awaitArmingId, startPeroxideCycleId } = missionOrder
    this.#peroxide = new PeroxideMissionRunner({
      ...this.#options,
      gasSafety: parts.gasSafety,
      onRemember: parts.onRemember,
      missionId: missionOrder.missionId,
      plan: missionOrder.plan,
      rearmTimeoutS: missionOrder.rearmTimeoutS,
      actionIds: { awaitArmingId, startPeroxideCycleId },
      resume,
      onArmed: () => this.#actor.send({ type: 'actionChanged', actionId: awaitArmingId, status: 'FINISHED' }),
      onFinished: (report) => this.#endPeroxide(missionOrder, report),
    })
    this.#peroxide.start()
  }

  #endPeroxide({ awaitArmingId, startPeroxideCycleId }: PeroxideMissionOrder, report: PeroxideReport): void {
    const result = JSON.stringify(report)
    const status = report.verdict === 'aborted' ? 'FAILED' : 'FINISHED'
    this.#actor.send({ type: 'actionChanged', actionId: startPeroxideCycleId, status, result })
    this.#actor.send({ type: 'actionChanged', actionId: awaitArmingId, status: 'FAILED' })
    this.#options.onChange()
  }

  #endMission({ awaitArmingId, startUvDoseId }: UvMissionOrder, report: DoseReport): void {
    const result = JSON.stringify(report)
    // The evidence first: a failed awaitArming ends the order.
    const status = report.verdict === 'aborted' ? 'FAILED' : 'FINISHED'
    this.#actor.send({ type: 'actionChanged', actionId: startUvDoseId, status, result })
    this.#actor.send({ type: 'actionChanged', actionId: awaitArmingId, status: 'FAILED' })
    this.#options.onChange()
  }

  #do(effect: OrderEffect): void {
    const { robot, supervisor, log } = this.#options
    switch (effect.type) {
      case 'driveTo': {
        const { nodePosition } = effect.node
        if (nodePosition === undefined) return
        // What stops the wheels on the way keeps them from starting, too.
        if (supervisor.mustStand) {
          this.pause()
          return
        }
        this.#driveNumber += 1
        const number = this.#driveNumber
        const pose = {
          x: nodePosition.x,
          y: nodePosition.y,
          theta: nodePosition.theta ?? this.#headingTo(nodePosition),
        }
        robot.base.driveTo(pose, (end) => {
          if (number === this.#driveNumber) this.#actor.send({ type: 'driveEnded', end })
        })
        return
      }
      case 'cancelDrive':
        this.#driveNumber += 1
        robot.base.cancel()
        return
      case 'startAction':
        if (effect.action.actionId === this.#missionOrder?.awaitArmingId)
          (this.#mission ?? this.#peroxide)?.arrive()
        return
      case 'endActions':
        this.#mission?.cancel()
        this.#peroxide?.cancel()
        return
      case 'nodeUnreachable':
        log.warn({ nodeId: effect.node.nodeId }, 'The node cannot be reached.')
        this.#mission?.travelFailed()
        this.#peroxide?.travelFailed()
        return
    }
  }

  /** A node without a heading is entered as it comes. */
  #headingTo({ x, y }: { readonly x: number; readonly y: number }): number {
    const pose = this.#options.roomWatch.pose
    return pose === null ? 0 : Math.atan2(y - pose.y, x - pose.x)
  }
}

/** Actions that nodes carry, as missions. */
function missionsOf(nodes: readonly OrderNode[]): (UvMissionOrder | PeroxideMissionOrder)[] {
  return nodes
    .map((node) => uvMissionOrderOf(node) ?? peroxideMissionOrderOf(node))
    .filter((mission) => mission !== null)
}

function isUvMission(order: UvMissionOrder | PeroxideMissionOrder | null): order is UvMissionOrder {
  return order !== null && !('startPeroxideCycleId' in order)
}

/** Actions that are over and carry a result. */
function evidenceOf({ actionStates }: OrderContext): ActionState[] {
  return actionStates.filter(
    ({ actionStatus, actionResult }) => isOver(actionStatus) && actionResult !== undefined,
  )
}

function evidenceNotKept({ orderId }: Order, errorDescription: string): VdaError {
  return {
    errorType: 'EVIDENCE_NOT_KEPT',
    errorLevel: 'WARNING',
    errorDescription,
    errorReferences: [{ referenceKey: 'orderId', referenceValue: orderId }],
  }
}

function tooManyMissions({ orderId }: Order): VdaError {
  return {
    errorType: 'INVALID_ORDER_ACTION',
    errorLevel: 'WARNING',
    errorDescription: 'an order may hold one mission at a time',
    errorReferences: [{ referenceKey: 'orderId', referenceValue: orderId }],
  }
}
