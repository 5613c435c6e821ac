import { randomUUID } from 'node:crypto'
import {
  logReductionForDose,
  organismById,
  peroxidePlanInputOf,
  robotStepsOf,
  roomModelOf,
  uvStepOf,
  type LampModel,
  type PeroxideMethod,
  type UvStep,
} from '@wardlight/core/disinfection'
import { isWardError, wardError } from '@wardlight/core/errors'
import {
  NO_SCHEDULE_WISH,
  plannedSOf,
  type NewRequest,
  type RequestedTreatment,
  type RoomReadiness,
  type StepPlan,
  type User,
} from '@wardlight/core/fleet'
import { levelGrid, roomStandingPose } from '@wardlight/core/floor'
import type { FastifyBaseLogger } from 'fastify'
import type { Planner } from '../planning/planner.ts'
import type { PlanningInput, UvPlanningInput } from '../planning/worker-messages.ts'
import type { RequestRow } from '../store/schema.ts'
import { bestUnitPlan, promisesAsMuch, type UnitPlan } from '../domain/fixed-unit.ts'
import type { RobotRegistry } from '../robots/robot-registry.ts'
import type { Evidence } from './evidence.ts'
import { unitsIn, type FixedUnit } from './fixed-units.ts'
import type { FloorIndex, PlacedRoom } from './floor-index.ts'
import type { Ledger, LedgerChange } from './ledger.ts'
import type { Protocols } from './protocols.ts'

/** The robot that plans are made for: footprint radius, and the speed it keeps inside a room. */
export const PLANNING_ROBOT = { radiusM: 0.3, speedMps: 0.4 } as const
/** Room to turn beside the robot's radius where it begins its work. */
export const STANDING_CLEARANCE_M = PLANNING_ROBOT.radiusM + 0.05
/** Edge of the surfaces for which a dose is planned and proven. */
const SURFACE_SIZE_M = 0.25
/** Height band in which something keeps the robot out: from the floor to the top of its mast. */
const ROBOT_HEIGHT_M = 1.6

type RequestTarget = Pick<
  RequestRow,
  | 'organismId'
  | 'targetLog'
  | 'targetMjPerCm2'
  | 'protocol'
  | 'planOptions'
  | 'isFloorTreated'
  | 'isByFixedUnit'
  | 'steps'
>

const NO_LIGHT = {
  organismId: null,
  targetLog: null,
  targetMjPerCm2: null,
  planOptions: null,
  isFloorTreated: false,
} as const

/** Requests to disinfect a room, from the wish to the plan that can be approved. */
export class Requests {
  readonly #ledger: Ledger
  readonly #floor: FloorIndex
  readonly #registry: RobotRegistry
  readonly #evidence: Evidence
  readonly #protocols: Protocols
  readonly #planner: Planner
  readonly #lamp: LampModel
  readonly #log: FastifyBaseLogger
  #isStopped = false

  constructor(options: {
    ledger: Ledger
    floor: FloorIndex
    registry: RobotRegistry
    evidence: Evidence
    protocols: Protocols
    planner: Planner
    lamp: LampModel
    log: FastifyBaseLogger
  }) {
    this.#ledger = options.ledger
    this.#floor = options.floor
    this.#registry = options.registry
    this.#evidence = options.evidence
    this.#protocols = options.protocols
    this.#planner = options.planner
    this.#lamp = options.lamp
    this.#log = options.log
  }

  /** Takes up the plans that a stopped server left unfinished. */
  start(): void {
    for (const request of this.#ledger.requests()) {
      if (request.status === 'planning') void this.#plan(request.id)
    }
  }

  stop(): void {
    this.#isStopped = true
  }

  /**
   * @throws WARD_ERR_ROOM_UNKNOWN, WARD_ERR_ORGANISM_UNKNOWN, WARD_ERR_NOT_FOUND for a protocol, WARD_ERR_VALIDATION for half
   *   a target or two of them, WARD_ERR_CONFLICT while a robot is at work there or none can follow the protocol
   */
  async create(wish: NewRequest, user: User): Promise<RequestRow> {
    return this.#ledger.change((change) => {
      const row = this.createIn(change, wish, user, null)
      change.patchRoom(wish.roomId, { requestId: row.id })
      return row
    })
  }

  /**
   * The request as part of a larger change, which points the room to it as well.
   *
   * @param roomReady what has to be said of the room before anybody approves; `null`: as for an older wish that this replaces
   * @throws as `create`; nothing is changed then
   */
  createIn(
    change: LedgerChange,
    wish: NewRequest,
    by: Pick<User, 'id' | 'displayName'>,
    roomReady: RoomReadiness | null,
  ): RequestRow {
    this.#floor.room(wish.roomId)
    const target = this.#target(wish)
    if (this.#ledger.runningInRoom(wish.roomId) !== undefined) {
      throw wardError('WARD_ERR_CONFLICT', {
        what: 'A robot is already at work in this room',
        where: 'roomId',
        remedy: 'Wait for its report, or stop it.',
      })
    }
    const older = this.openIn(wish.roomId)
    // A new wish for the same room takes the place of one that nobody has approved.
    for (const { id } of older) change.patchRequest(id, { status: 'withdrawn' })
    const row: RequestRow = {
      id: randomUUID(),
      roomId: wish.roomId,
      ...target,
      dueAt: wish.dueAt === undefined ? null : new Date(wish.dueAt),
      status: 'planning',
      failure: null,
      requestedBy: by.displayName,
      requestedById: by.id,
      requestedAt: this.#ledger.now(),
      approvedBy: null,
      approvedAt: null,
      missionId: null,
      plannedS: null,
      confirmations: [],
      approvals: [],
      wish: { ...NO_SCHEDULE_WISH, priority: wish.priority ?? null },
      // Who was discharged may still be there, whoever asks now.
      roomReady: roomReady ?? older.find((request) => request.roomReady !== null)?.roomReady ?? null,
    }
    change.addRequest(row)
    change.commits.push(() => void this.#plan(row.id))
    return row
  }

  /** Those of a room that nobody has approved or withdrawn. */
  openIn(roomId: string): RequestRow[] {
    return this.#ledger
      .requests()
      .filter((row) => row.roomId === roomId && row.status !== 'approved' && row.status !== 'withdrawn')
  }

  /**
   * A person says that the room of a discharge is empty and stripped. Who said it first is kept.
   *
   * @throws WARD_ERR_CONFLICT for a request that does not wait for it
   */
  async confirmRoomReady(requestId: string, user: User): Promise<RequestRow> {
    await this.#ledger.request(requestId)
    await this.#ledger.change((change) => {
      const { roomReady, status } = this.#ledger.requestAtHand(requestId)
      if (roomReady === null || status === 'withdrawn') {
        throw wardError('WARD_ERR_CONFLICT', {
          what: roomReady === null ? 'The request does not wait for its room' : 'The request is withdrawn',
          where: 'requestId',
          remedy: roomReady === null ? 'Approve its plan.' : 'Make a new request.',
        })
      }
      if (roomReady.by !== null) return
      change.patchRequest(requestId, {
        roomReady: { by: user.displayName, at: this.#ledger.now().toISOString() },
      })
    })
    return this.#ledger.request(requestId)
  }

  /** Whether a request could ask for this in some room. @throws as `create` */
  checkTreatment(treatment: RequestedTreatment): void {
    this.#target(treatment)
  }

  /** What is to be reached, by the protocol or as chosen by hand. */
  #target(wish: RequestedTreatment): RequestTarget {
    const { protocolId, organismId, targetLog, options, isFloorTreated, isByFixedUnit = false } = wish
    const { organisms } = this.#evidence
    if (protocolId === undefined) {
      if (organismId === undefined || targetLog === undefined) {
        throw wardError('WARD_ERR_VALIDATION', {
          what: 'The request names neither a protocol nor an organism with a target',
          where: organismId === undefined ? 'organismId' : 'targetLog',
          remedy: 'Give protocolId, or organismId and targetLog.',
        })
      }
      organismById(organismId, organisms)
      return {
        organismId,
        targetLog,
        targetMjPerCm2: null,
        protocol: null,
        planOptions: options ?? null,
        isFloorTreated: isFloorTreated ?? false,
        isByFixedUnit,
        steps: [{ id: 'light', method: 'uv', plan: null, missionId: null }],
      }
    }
    const besides = Object.entries({ organismId, targetLog, options, isFloorTreated }).find(
      ([, value]) => value !== undefined,
    )
    if (besides !== undefined) {
      throw wardError('WARD_ERR_VALIDATION', {
        what: `The request follows a protocol and gives ${besides[0]} as well`,
        where: besides[0],
        remedy:
          'Leave it out: the protocol says it. For anything else let the hospital add a version of its own.',
      })
    }
    const protocol = this.#protocols.followable(protocolId)
    const steps = robotStepsOf(protocol).map((step) => ({
      id: step.id,
      method: step.type === 'uv' ? ('uv' as const) : step.method,
      plan: null,
      missionId: null,
    }))
    const light = uvStepOf(protocol)
    return { protocol, steps, isByFixedUnit, ...(light === null ? NO_LIGHT : this.#lightOf(light)) }
  }

  #lightOf(step: UvStep): Omit<RequestTarget, 'protocol' | 'steps' | 'isByFixedUnit'> {
    const organism = organismById(step.organismId, this.#evidence.organisms)
    const { target } = step
    return {
      organismId: organism.id,
      targetLog: target.type === 'log' ? target.log : logReductionForDose(organism, target.doseMjPerCm2),
      targetMjPerCm2: target.type === 'dose' ? target.doseMjPerCm2 : null,
      planOptions: step.highTouchFirst ? { highTouchFirst: true } : null,
      isFloorTreated: step.includesFloor,
    }
  }

  /** @throws WARD_ERR_CONFLICT when a mission has come of it. */
  async withdraw(requestId: string): Promise<RequestRow> {
    await this.#ledger.request(requestId)
    await this.#ledger.change((change) => {
      const request = this.#ledger.requestAtHand(requestId)
      if (request.status === 'withdrawn') return
      if (request.status === 'approved') {
        throw wardError('WARD_ERR_CONFLICT', {
          what: 'The request is approved and a mission exists',
          where: 'requestId',
          remedy: 'Stop the mission instead.',
        })
      }
      change.patchRequest(requestId, { status: 'withdrawn' })
      if (this.#ledger.room(request.roomId).requestId === requestId) {
        change.patchRoom(request.roomId, { requestId: null })
      }
    })
    return this.#ledger.request(requestId)
  }

  /** One for each step. @throws WARD_ERR_NOT_FOUND while there is none */
  async plans(requestId: string): Promise<StepPlan[]> {
    const { steps, status } = await this.#ledger.request(requestId)
    return steps.map(({ plan }) => {
      if (plan !== null) return plan
      throw wardError('WARD_ERR_NOT_FOUND', {
        what: `The request has no plan, it is ${status}`,
        where: 'requestId',
        remedy: 'Wait until it is planned.',
      })
    })
  }

  async #plan(requestId: string): Promise<void> {
    try {
      const request = this.#ledger.requestAtHand(requestId)
      const outcome = await this.#compute(request)
      if (this.#isStopped) return
      await this.#ledger.change((change) => {
        if (this.#ledger.requestAtHand(requestId).status !== 'planning') return
        if ('failure' in outcome) {
          change.patchRequest(requestId, { status: 'planningFailed', failure: outcome.failure })
        } else {
          change.patchRequest(requestId, {
            status: 'planned',
            steps: request.steps.map((step, index) => ({ ...step, plan: outcome.plans[index]! })),
            plannedS: outcome.plans.reduce((sum, plan) => sum + plannedSOf(plan), 0),
          })
        }
      })
    } catch (error) {
      this.#log.error({ err: error, requestId }, 'The plan could not be stored')
    }
  }

  async #compute(request: RequestRow): Promise<{ plans: StepPlan[] } | { failure: string }> {
    try {
      const plans: StepPlan[] = []
      for (const { method } of request.steps) {
        plans.push(
          method === 'uv'
            ? await this.#planLight(request)
            : await this.#planner.plan(this.#gasInputFor(method, request)),
        )
      }
      return { plans }
    } catch (error) {
      if (isWardError(error)) return { failure: `${error.what}. ${error.remedy}` }
      this.#log.error({ err: error, requestId: request.id }, 'Planning failed unexpectedly')
      return {
        failure: 'The plan could not be computed because of a defect; the server log has the details.',
      }
    }
  }

  /**
   * For the unit that hangs in the room, where it promises as much as a robot that drives, or is asked for; else for
   * robots that drive (decision 0252).
   *
   * @throws as `planTreatment`; WARD_ERR_TREATMENT_IMPOSSIBLE where a unit is asked for and there is none
   */
  async #planLight(request: RequestRow): Promise<StepPlan> {
    const { roomId, isByFixedUnit } = request
    const units = unitsIn(this.#registry, this.#floor, roomId)
    const unitPlans: UnitPlan[] = []
    for (const unit of units) {
      const plan = await this.#planner.plan(this.#lightInputFor(request, unit))
      if (plan.method === 'uv') unitPlans.push({ unitId: unit.robotId, treatment: plan.treatment })
    }
    const best = bestUnitPlan(unitPlans)
    const ofUnit: StepPlan | null = best === null ? null : { method: 'uv', ...best }
    if (isByFixedUnit) {
      if (ofUnit !== null) return ofUnit
      throw wardError('WARD_ERR_TREATMENT_IMPOSSIBLE', {
        what: `No unit that is fixed in ${this.#floor.room(roomId).room.name} is in service and connected`,
        where: `room ${roomId}`,
        remedy: 'See to the unit, or request the room without asking for it.',
      })
    }
    try {
      const driving = await this.#planner.plan(this.#lightInputFor(request, null))
      const isUnit =
        best !== null && driving.method === 'uv' && promisesAsMuch(best.treatment, driving.treatment)
      return isUnit ? ofUnit! : driving
    } catch (error) {
      // Too narrow for a robot: its unit is what it has.
      if (ofUnit !== null && isWardError(error) && error.code === 'WARD_ERR_TREATMENT_IMPOSSIBLE')
        return ofUnit
      throw error
    }
  }

  #lightInputFor(request: RequestRow, unit: FixedUnit | null): PlanningInput {
    const { organismId, targetLog } = request
    const lamp = unit?.lamp ?? this.#lamp
    const placed = this.#floor.room(request.roomId)
    const input = planningInput(placed, lamp, {
      ...request,
      organismId: organismId!,
      targetLog: targetLog!,
    })
    return {
      method: 'uv',
      treatment: {
        ...input,
        ...(unit === null ? {} : { robot: { ...input.robot, fixedAt: unit.at } }),
        organisms: this.#evidence.organisms,
      },
    }
  }

  #gasInputFor(method: PeroxideMethod, { roomId }: RequestRow): PlanningInput {
    const { level, room } = this.#floor.room(roomId)
    // People tape the doors: the checklist asks for it.
    return { method: 'peroxide', cycle: peroxidePlanInputOf(level, room, method, true) }
  }
}

/** What a plan for a room of the floor plan is made from. */
export function planningInput(
  { level, room }: PlacedRoom,
  lamp: LampModel,
  request: { readonly organismId: string; readonly targetLog: number } & Partial<
    Pick<RequestRow, 'planOptions' | 'isFloorTreated' | 'targetMjPerCm2'>
  >,
): UvPlanningInput {
  return {
    room: roomModelOf(level, room, request.isFloorTreated ?? false),
    surfaceSizeM: SURFACE_SIZE_M,
    lamp,
    organismId: request.organismId,
    targetLog: request.targetLog,
    ...((request.targetMjPerCm2 ?? null) === null ? {} : { targetMjPerCm2: request.targetMjPerCm2! }),
    robot: PLANNING_ROBOT,
    ...((request.planOptions ?? null) === null ? {} : { options: request.planOptions! }),
    entry: roomStandingPose(level, room, STANDING_CLEARANCE_M),
    // A scanned map knows obstacles that no furniture describes.
    freeSpace:
      level.occupancy === null
        ? null
        : levelGrid(level, {
            resolutionM: level.occupancy.resolutionM,
            fromHeightM: 0,
            toHeightM: ROBOT_HEIGHT_M,
            includeGlass: true,
            closedDoorIds: 'all',
          }),
  }
}
