import { ROBOT_ACTION_TYPES, unitOf, type RobotView } from '@wardlight/core/fleet'
import { roomStandingPose, type Room } from '@wardlight/core/floor'
import { distance } from '@wardlight/core/geometry'
import { outOfService } from '../domain/care/robot-service.ts'
import { burdenTable } from '../domain/contamination/burden-table.ts'
import { BATTERY_CHARGE_MS, BATTERY_DRIVE_MS, BATTERY_LAMP_MS, healthOrNew } from '../domain/energy.ts'
import { robotBurden } from '../domain/contamination/contamination.ts'
import { agentsAfter } from '../domain/contamination/entry-rule.ts'
import {
  DEFAULT_WEIGHTS,
  type Priority,
  type ScheduleJob,
  type ScheduleProblem,
  type ScheduleRobot,
} from '../domain/schedule/problem.ts'
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
export const EXPECTED_WITHIN_MS = 12 * HOUR_MS
/** Staffed hours and blackouts are known this far. */
const HORIZON_MS = 48 * HOUR_MS
/** What begins this soon is not moved any more: somebody is on the way. */
const FREEZE_MS = 10 * MINUTE_MS

/** What a job of the problem is, for people and for the next step. */
export interface ScheduleTask {
  readonly id: string
  readonly roomId: string
  readonly requestId: string | null
  readonly planId: string | null
}

export interface BuiltProblem {
  readonly problem: ScheduleProblem
  /** By the jobs' indices. */
  readonly tasks: readonly ScheduleTask[]
  /** By the robots' indices. */
  readonly robots: readonly RobotView[]
}

/** The fleet's work as a problem to be solved: open requests, dates to come, robots that are ready. */
export function buildProblem(
  fleet: Fleet,
  plans: SchedulePlans,
  travel: TravelCosts,
  previous: ScheduleProblem['previous'],
): BuiltProblem {
  const { ledger, floor, contaminations } = fleet
  const nowMs = ledger.now().getTime()
  const places: TravelPlace[] = []
  const placeOf = (place: TravelPlace) => places.push(place) - 1
  const roomIds = floor.rooms().map(({ room }) => room.id)
  const roomPlaces = new Map<string, number>()
  const roomPlace = (roomId: string) => {
    const known = roomPlaces.get(roomId)
    if (known !== undefined) return known
    const index = placeOf(standingPlace(fleet, roomId))
    roomPlaces.set(roomId, index)
    return index
  }
  const unitPlaces = new Map<string, number>()
  /** Work by a unit begins where it hangs. */
  const unitPlace = (view: RobotView) => {
    const index = unitPlaces.get(view.id) ?? placeOf(view.position!)
    unitPlaces.set(view.id, index)
    return index
  }
  const ready = fleet.registry.views().filter((view) => isReady(view))
  const byUnit = (unitId: string | null): Partial<ScheduleJob> => {
    if (unitId === null) return {}
    const unit = ready.find(({ id }) => id === unitId)
    return { unitId, ...(unit === undefined ? {} : { placeIndex: unitPlace(unit) }) }
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
      ...job,
    })
  }
  for (const request of ledger.requests()) {
    if (request.status !== 'planned' && request.status !== 'planning') continue
    const { id, roomId, plannedS, dueAt } = request
    const run = plans.runOfRequest(id)
    const plan = run === undefined ? undefined : plans.plan(run.planId)
    const within = plan?.plan.startWithinMin ?? null
    add(
      { id, roomId, requestId: id, planId: plan?.id ?? null },
      {
        priority: priorityOf(fleet, request, plan?.plan.priority ?? 'routine'),
        latestStartMs:
          run === undefined || within === null ? null : run.scheduledAt.getTime() + within * MINUTE_MS,
        deadlineMs: dueAt?.getTime() ?? null,
        ...(plannedS === null ? {} : { workMs: 1000 * plannedS }),
        ...byUnit(unitOfRequest(fleet, request)),
      },
    )
  }
  for (const { row, roomId, atMs } of plans.expected(nowMs + EXPECTED_WITHIN_MS)) {
    const { startWithinMin, doneWithinMin, priority } = row.plan
    add(
      { id: `${row.id}/${roomId}/${atMs}`, roomId, requestId: null, planId: row.id },
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
  const burdens = burdenTable(contaminations.state, roomIds)
  const robots = ready.map((view): ScheduleRobot => {
    if (view.isFixed) return fixedRobot(fleet, view, unitPlace(view), nowMs, burdens.idOf([]))
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
      burden: burdens.idOf(
        mission === undefined ? carried : agentsAfter(contaminations.state, carried, mission.roomId),
      ),
    }
  })
  return {
    tasks,
    robots: ready,
    problem: {
      nowMs,
      jobs,
      robots,
      travel: {
        ms: (from, to) => (from === to ? 0 : travel.ms(places[from]!, places[to]!)),
      },
      burdens,
      staffed: staffedHours(plans, nowMs),
      decontamination: {
        durationMs: DECONTAMINATION_MS,
        placeIndex: decontamination === undefined ? null : roomPlace(decontamination.room.id),
      },
      previous,
      freezeMs: FREEZE_MS,
      weights: DEFAULT_WEIGHTS,
    },
  }
}

/** It is where it works, and on its charger. */
function fixedRobot(
  { ledger, registry }: Fleet,
  view: RobotView,
  placeIndex: number,
  nowMs: number,
  burden: number,
): ScheduleRobot {
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
    burden,
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

function staffedHours({ hours, timeZone }: SchedulePlans, nowMs: number): Interval[] {
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
