import { ROBOT_ACTION_TYPES, unitOf, type RobotView, type ScheduleChange } from '@wardlight/core/fleet'
import { roomStandingPose, type Room } from '@wardlight/core/floor'
import { distance } from '@wardlight/core/geometry'
import { outOfService } from '../domain/care/robot-service.ts'
import { BATTERY_CHARGE_MS, BATTERY_DRIVE_MS, BATTERY_LAMP_MS, healthOrNew } from '../domain/energy.ts'
import { robotBurden } from '../domain/contamination/contamination.ts'
import { agentsAfter } from '../domain/contamination/entry-rule.ts'
import { dueItems } from '../domain/protocol-rules.ts'
import {
  DEFAULT_WEIGHTS,
  type Priority,
  type ScheduleJob,
  type ScheduleProblem,
} from '../domain/schedule/problem.ts'
import type { ScheduleInput } from '../domain/schedule/solve.ts'
import { intervalsOf, merged, type Interval } from '../domain/schedule/weekly-hours.ts'
import type { RequestRow } from '../store/schema.ts'
import { unitsIn } from './fixed-units.ts'
import type { Fleet } from './fleet.ts'
import { STANDING_CLEARANCE_M } from './requests.ts'
import type { SchedulePlans } from './schedule-plans.ts'
import type { TravelCosts, TravelPlace } from './travel-costs.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** Checklist, button, leaving the room, countdown. Proposed. */
const ARM_MS = 5 * MINUTE_MS
/** For what has no plan yet. Proposed. */
const ASSUMED_WORK_MS = 30 * MINUTE_MS
/** After its mission a robot waits for its report to be read. Proposed. */
const RELEASE_MS = 5 * MINUTE_MS
/** Wiping down by a person. Proposed. */
const DECONTAMINATION_MS = 10 * MINUTE_MS
/** Dates of plans that are looked ahead to: a shift. */
const EXPECTED_WITHIN_MS = 12 * HOUR_MS
/** Staffed hours and blackouts are known this far. */
const HORIZON_MS = 48 * HOUR_MS
/** What begins this soon is not moved any more: somebody is on the way. */
const FREEZE_MS = 10 * MINUTE_MS
/** Steps tried for each room, and at most: about a tenth of a second in a thread of its own (decision 0161). */
const EFFORT_A_ROOM = 5000
const MOST_EFFORT = 400_000

/** What a job of the problem is, for people and for the next step. */
export interface ScheduleTask {
  readonly id: string
  readonly roomId: string
  readonly requestId: string | null
  readonly planId: string | null
  /** What its protocol wants people to have done before. */
  readonly prerequisites: readonly string[]
}

export interface BuiltProblem {
  readonly input: ScheduleInput
  /** By the jobs' indices. */
  readonly tasks: readonly ScheduleTask[]
  /** By the robots' indices. */
  readonly robots: readonly RobotView[]
}

export interface BuildOptions {
  /** What people were told. */
  readonly previous: ScheduleProblem['previous']
  /** A person has decided anew: what begins soon may be moved too. */
  readonly mayMoveAll: boolean
  /** As if somebody had changed this request. */
  readonly change: { readonly requestId: string; readonly change: ScheduleChange } | null
}

/** The fleet's work as a problem to be solved: open requests, dates to come, robots that are ready. */
export function buildProblem(
  fleet: Fleet,
  plans: SchedulePlans,
  travel: TravelCosts,
  { previous, mayMoveAll, change }: BuildOptions,
): BuiltProblem {
  const { ledger, floor, contaminations } = fleet
  const nowMs = ledger.now().getTime()
  const places: TravelPlace[] = []
  const known = new Map<string, number>()
  const placeOf = (place: TravelPlace): number => {
    const key = `${place.levelId} ${place.x} ${place.y}`
    const index = known.get(key) ?? places.push(place) - 1
    known.set(key, index)
    return index
  }
  const roomIds = floor.rooms().map(({ room }) => room.id)
  const roomPlace = (roomId: string) => placeOf(standingPlace(fleet, roomId))
  const ready = fleet.registry.views().filter((view) => isReady(view))
  const byUnit = (unitId: string | null): Partial<ScheduleJob> => {
    if (unitId === null) return {}
    const unit = ready.find(({ id }) => id === unitId)
    // Work by a unit begins where it hangs.
    return { unitId, ...(unit === undefined ? {} : { placeIndex: placeOf(unit.position!) }) }
  }
  const closedHours = closedBy(plans, nowMs)
  const jobs: ScheduleJob[] = []
  const tasks: ScheduleTask[] = []
  const add = (task: ScheduleTask, job: Partial<ScheduleJob> & { priority: Priority }) => {
    const workMs = job.workMs ?? ASSUMED_WORK_MS
    tasks.push(task)
    jobs.push({
      id: task.id,
      roomIndex: roomIds.indexOf(task.roomId),
      placeIndex: roomPlace(task.roomId),
      releaseMs: nowMs,
      latestStartMs: null,
      deadlineMs: null,
      closed: closedHours(task.roomId),
      armMs: ARM_MS,
      workMs,
      energyFraction: workMs / BATTERY_LAMP_MS,
      lampMs: workMs,
      actionType: ROBOT_ACTION_TYPES.startUvDose,
      robotId: null,
      ...job,
    })
  }
  for (const stored of ledger.requests()) {
    if (stored.status !== 'planned' && stored.status !== 'planning') continue
    const request = stored.id === change?.requestId ? withChange(stored, change.change) : stored
    const { id, roomId, plannedS, dueAt, wish } = request
    const run = plans.runOfRequest(id)
    const plan = run === undefined ? undefined : plans.plan(run.planId)
    const within = plan?.plan.startWithinMin ?? null
    add(
      {
        id,
        roomId,
        requestId: id,
        planId: plan?.id ?? null,
        prerequisites: dueItems(request.protocol, 'approval').map(({ text }) => text),
      },
      {
        priority: wish.priority ?? priorityOf(fleet, request, plan?.plan.priority ?? 'routine'),
        releaseMs: Math.max(nowMs, wish.notBefore === null ? 0 : Date.parse(wish.notBefore)),
        latestStartMs:
          wish.startBy !== null
            ? Date.parse(wish.startBy)
            : run === undefined || within === null
              ? null
              : run.scheduledAt.getTime() + within * MINUTE_MS,
        deadlineMs: dueAt?.getTime() ?? null,
        robotId: wish.robotId,
        ...(plannedS === null ? {} : { workMs: 1000 * plannedS }),
        ...byUnit(unitOfRequest(fleet, request)),
      },
    )
  }
  for (const { row, roomId, atMs } of plans.expected(nowMs + EXPECTED_WITHIN_MS)) {
    const { startWithinMin, doneWithinMin, priority } = row.plan
    add(
      { id: `${row.id}/${roomId}/${atMs}`, roomId, requestId: null, planId: row.id, prerequisites: [] },
      {
        priority,
        releaseMs: atMs,
        latestStartMs: startWithinMin === null ? null : atMs + startWithinMin * MINUTE_MS,
        deadlineMs: doneWithinMin === null ? null : atMs + doneWithinMin * MINUTE_MS,
        workMs: lastWorkMs(fleet, roomId),
        ...byUnit(row.plan.treatment.isByFixedUnit === true ? firstUnitIn(fleet, roomId) : null),
      },
    )
  }
  const decontamination = floor
    .rooms()
    .find(({ room }) => contaminations.state.hygiene.get(room.id)?.isForDecontamination)
  const robots = ready.map((view): ScheduleInput['robots'][number] => {
    if (view.isFixed) return fixedRobot(fleet, view, placeOf(view.position!), nowMs)
    const mission = ledger.runningOnRobot(view.id)
    const place =
      mission === undefined ? placeOf(view.position!) : placeOf(standingPlace(fleet, mission.roomId))
    const health = healthOrNew(view.batteryHealth)
    const carried = [...robotBurden(contaminations.state, view.id).keys()]
    return {
      id: view.id,
      placeIndex: place,
      availableMs:
        mission === undefined ? nowMs : nowMs + 1000 * mission.progress.remainingS + ARM_MS + RELEASE_MS,
      batteryFraction: view.batteryFraction!,
      batteryHealth: health,
      chargePerMs: 1 / (health * BATTERY_CHARGE_MS),
      drivePerMs: 1 / (health * BATTERY_DRIVE_MS),
      dockIndex: placeOf(dockOf(fleet, view)),
      lampLeftMs: HOUR_MS * lampHoursLeft(view),
      actionTypes: fleet.registry.actionTypes(view.id) ?? new Set([ROBOT_ACTION_TYPES.startUvDose]),
      carried: mission === undefined ? carried : agentsAfter(contaminations.state, carried, mission.roomId),
    }
  })
  return {
    tasks,
    robots: ready,
    input: {
      problem: {
        nowMs,
        jobs,
        staffed: staffedHours(plans, nowMs),
        decontamination: {
          durationMs: DECONTAMINATION_MS,
          placeIndex: decontamination === undefined ? null : roomPlace(decontamination.room.id),
        },
        previous,
        freezeMs: mayMoveAll ? -Infinity : FREEZE_MS,
        weights: DEFAULT_WEIGHTS,
      },
      robots,
      // Last: the places above are all of them.
      travelMs: travel.table(places),
      contamination: contaminations.state,
      roomIds,
      names: {
        robots: ready.map(({ serialNumber }) => serialNumber),
        rooms: tasks.map(({ roomId }) => ledger.room(roomId).name ?? floor.room(roomId).room.name),
      },
      timeZone: plans.timeZone,
      search: { seed: 1, effort: Math.min(MOST_EFFORT, EFFORT_A_ROOM * jobs.length) },
    },
  }
}

/** The request as it would be. */
export function withChange(request: RequestRow, { dueAt, ...wish }: ScheduleChange): RequestRow {
  return { ...request, wish, dueAt: dueAt === null ? null : new Date(dueAt) }
}

/** It is where it works, and on its charger. */
function fixedRobot(
  { ledger, registry }: Fleet,
  view: RobotView,
  placeIndex: number,
  nowMs: number,
): ScheduleInput['robots'][number] {
  const mission = ledger.runningOnRobot(view.id)
  return {
    id: view.id,
    isFixed: true,
    placeIndex,
    dockIndex: placeIndex,
    availableMs: mission === undefined ? nowMs : nowMs + 1000 * mission.progress.remainingS + RELEASE_MS,
    batteryFraction: view.batteryFraction!,
    batteryHealth: healthOrNew(view.batteryHealth),
    // By the mains: full in an instant.
    chargePerMs: view.isCharging ? 1 : 1 / BATTERY_CHARGE_MS,
    drivePerMs: 0,
    lampLeftMs: HOUR_MS * lampHoursLeft(view),
    actionTypes: registry.actionTypes(view.id) ?? new Set(),
    carried: [],
  }
}

/** The unit that a request's light is planned for, or asked of; `null`: robots that drive. */
function unitOfRequest(fleet: Fleet, { steps, isByFixedUnit, roomId }: RequestRow): string | null {
  const planned = steps.map(({ plan }) => (plan === null ? null : unitOf(plan))).find((id) => id !== null)
  return planned ?? (isByFixedUnit ? firstUnitIn(fleet, roomId) : null)
}

function firstUnitIn({ registry, floor }: Fleet, roomId: string): string | null {
  return unitsIn(registry, floor, roomId)[0]?.robotId ?? null
}

/** Until the first of its tubes is at the end of its life; for ever where a robot does not count. */
function lampHoursLeft({ lampTubes }: RobotView): number {
  return Math.max(0, Math.min(...lampTubes.map(({ hours, ratedLifeHours }) => ratedLifeHours - hours)))
}

/** Robots that could be sent, now or after their mission; the rules of `allocation.ts` decide when it comes to it. */
function isReady(view: RobotView): boolean {
  const { connection, operatingMode, emergencyStop, isPaused, position, batteryFraction } = view
  return (
    outOfService(view) === null &&
    connection === 'ONLINE' &&
    (operatingMode === null || operatingMode === 'AUTOMATIC') &&
    emergencyStop === 'NONE' &&
    !isPaused &&
    position?.isLocalized === true &&
    batteryFraction !== null
  )
}

/** A plan does not change while the server runs, and looking for a free place takes a while. */
const standingPlaces = new WeakMap<Room, TravelPlace>()

function standingPlace({ floor }: Fleet, roomId: string): TravelPlace {
  const { level, room } = floor.room(roomId)
  const known = standingPlaces.get(room)
  if (known !== undefined) return known
  const place = { ...roomStandingPose(level, room, STANDING_CLEARANCE_M), levelId: level.id }
  standingPlaces.set(room, place)
  return place
}

/** The nearest dock of its level; without one, where it stands. */
function dockOf({ floor }: Fleet, { position }: RobotView): TravelPlace {
  const { levelId } = position!
  if (!floor.hasLevel(levelId)) return position!
  const [nearest] = floor
    .level(levelId)
    .docks.map(({ pose }) => pose)
    .toSorted((a, b) => distance(a, position!) - distance(b, position!))
  return nearest === undefined ? position! : { ...nearest, levelId }
}

/** What a person marks a room as counts for more than its plan. */
function priorityOf({ ledger }: Fleet, { roomId }: RequestRow, planned: Priority): Priority {
  const { state } = ledger.room(roomId)
  if (state === 'stat' || planned === 'stat') return 'stat'
  return state === 'cleanNext' || planned === 'next' ? 'next' : 'routine'
}

function lastWorkMs({ ledger }: Fleet, roomId: string): number {
  const last = ledger.requests().findLast((request) => request.roomId === roomId && request.plannedS !== null)
  return last === undefined ? ASSUMED_WORK_MS : 1000 * last.plannedS!
}

/** When somebody is there to arm robots, a little before now too. */
export function staffedHours({ hours, timeZone }: SchedulePlans, nowMs: number): Interval[] {
  // A little before now: who is there at this moment can arm at this moment.
  if (hours.staffed.length === 0) return [{ fromMs: nowMs - HOUR_MS, toMs: nowMs + 1000 * HOUR_MS }]
  return intervalsOf(hours.staffed, timeZone, nowMs - HOUR_MS, nowMs + HORIZON_MS)
}

function closedBy({ hours, timeZone }: SchedulePlans, nowMs: number): (roomId: string) => Interval[] {
  const all = hours.blackouts.map(({ roomId, hours: own }) => ({
    roomId,
    intervals: intervalsOf([own], timeZone, nowMs - HOUR_MS, nowMs + HORIZON_MS),
  }))
  return (roomId) =>
    merged(
      all.filter((each) => each.roomId === null || each.roomId === roomId).flatMap((each) => each.intervals),
    )
}
