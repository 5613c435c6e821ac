import {
  DEFAULT_LAMP,
  planTreatment,
  surfacesOf,
  type Surface,
  type TreatmentPlan,
} from '@wardlight/core/disinfection'
import type { DoseReport } from '@wardlight/core/fleet'
import { findRoom, roomStandingPose, routeBetween, type FloorPlan } from '@wardlight/core/floor'
import type { Pose2 } from '@wardlight/core/geometry'
import { missionActionIds, planningInput, treatmentOrder } from '@wardlight/fleet-server'
import type { World } from '@wardlight/sim'
import { ROBOT_CLEARANCE_M } from './simulated-hospital.ts'
import { UNIT_LAMP } from './simulated-unit.ts'
import { seeThrough, type MissionCourse } from './simulated-mission.ts'
import { onSettledStage, served, type StageOptions, type TreatmentStage } from './treatment-stage.ts'

export interface TreatmentCase
  extends MissionCourse, Pick<StageOptions, 'batteryFraction' | 'pose' | 'unitLamp'> {
  readonly floor: FloorPlan
  /** Id or name of the room. */
  readonly room: string
  /** As the fleet made and a nurse approved it: `planFor`. */
  readonly plan: TreatmentPlan
  readonly seed: number
  /** What differs from the plan before the robot sets out. */
  readonly before?: (world: World, robotId: string) => void
}

export interface TreatmentRun {
  /** The robot's evidence, as it reached the broker. */
  readonly report: DoseReport
  /** The report's surfaces: of the room as the robot found it. */
  readonly surfaces: readonly Surface[]
  /** What the world says reached each of them, mJ/cm². */
  readonly trueMjPerCm2: readonly number[]
  /** Farthest that the robot truly stood from a stop while its lamp was lit, metres. */
  readonly farthestOffM: number
  /** Worst simulated time from a hazard to the lamp dark; `null` when there was none. */
  readonly lampOffLatencyMs: number | null
  /** After the report: it must not be. */
  readonly isLampLit: boolean
}

/** No treatment of a room takes longer, simulated milliseconds. */
const LONGEST_MS = 4 * 3600_000

export function planFor(
  floor: FloorPlan,
  room: string,
  organismId: string,
  targetLog: number,
): TreatmentPlan {
  return planTreatment(planningInput(findRoom(floor, room), DEFAULT_LAMP, { organismId, targetLog }))
}

/** The same for a unit that hangs in the room. */
export function unitPlanFor(
  floor: FloorPlan,
  room: string,
  organismId: string,
  targetLog: number,
  fixedAt: Pose2,
): TreatmentPlan {
  const input = planningInput(findRoom(floor, room), UNIT_LAMP, { organismId, targetLog })
  return planTreatment({ ...input, robot: { ...input.robot, fixedAt } })
}

/** One treatment by light from order to report, on a stage of its own. */
export function runTreatment(treatment: TreatmentCase): Promise<TreatmentRun> {
  return onSettledStage(lightStage(treatment), treatment.before, (stage) => treatWithLight(stage, treatment))
}

/** A stage on which the world reckons the light on every surface that the robot ever plans with. */
export function lightStage({
  floor,
  room,
  seed,
  batteryFraction,
  pose,
  unitLamp,
}: Pick<TreatmentCase, 'floor' | 'room' | 'seed' | 'batteryFraction' | 'pose' | 'unitLamp'>): StageOptions {
  const found = findRoom(floor, room)
  return {
    floor,
    found,
    seed,
    batteryFraction,
    ...(pose === undefined ? {} : { pose }),
    ...(unitLamp === undefined ? {} : { unitLamp }),
    onPlan: (input, world) => world.truth.watch(found.room.id, surfacesOf(input.room, input.surfaceSizeM)),
  }
}

/** The fleet's own order, armed step by step, until its report has come. */
export async function treatWithLight(
  stage: TreatmentStage,
  { plan, ...course }: Pick<TreatmentCase, 'plan' | 'unitLamp'> & MissionCourse,
): Promise<TreatmentRun> {
  const { world, handle, life, level, room, post } = stage
  const missionId = 'light'
  // Light is counted on the surfaces of the room as planned, and as found as soon as the robot plans on it.
  world.truth.watch(room.id, surfacesOf(plan.room, plan.surfaceSizeM))
  const isUnit = course.unitLamp !== undefined
  const standing = isUnit ? stage.handle.truePose : roomStandingPose(level, room, ROBOT_CLEARANCE_M)
  await stage.order((head, from) => {
    const route = isUnit ? [] : routeBetween(level, from, standing)
    return treatmentOrder({ head, missionId, levelId: level.id, route, standing, plan })
  })
  await served(() => life.agent.missionStatus !== null)
  let farthestOffM = 0
  const result = await seeThrough(stage, {
    ...course,
    missionId,
    method: 'uv',
    resultActionId: missionActionIds(missionId).startUvDose,
    longestMs: LONGEST_MS,
    onLook() {
      const { stops, stopIndex } = life.agent.missionStatus!
      const stop = stops[stopIndex]
      if (!handle.isLampLit || handle.speedMps !== 0 || stop === undefined) return
      const offM = Math.hypot(handle.truePose.x - stop.x, handle.truePose.y - stop.y)
      farthestOffM = Math.max(farthestOffM, offM)
    },
  })
  if (result === null) throw new Error(`still ${life.agent.missionPhase ?? 'nowhere'} after hours`)
  const report = JSON.parse(result) as DoseReport
  post.close(missionId, report)
  const surfaces = surfacesOf(report.room, report.surfaceSizeM)
  return {
    report,
    surfaces,
    trueMjPerCm2: world.truth.doseMjPerCm2(room.id, surfaces),
    farthestOffM,
    lampOffLatencyMs: world.truth.lampOffLatencyMs,
    isLampLit: handle.isLampLit,
  }
}
