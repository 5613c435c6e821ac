import { planPeroxideCycle, type PeroxideMethod, type PeroxidePlan } from '@wardlight/core/disinfection'
import type { PeroxideReport, PeroxideStatus } from '@wardlight/core/fleet'
import { findRoom, roomStandingPose, routeBetween, type FloorPlan } from '@wardlight/core/floor'
import { missionActionIds, peroxideOrder } from '@wardlight/fleet-server'
import type { World } from '@wardlight/sim'
import { prepareForGas } from './demo/events.ts'
import { GasTruth } from './gas-truth.ts'
import { ROBOT_CLEARANCE_M, SIMULATED_VAPORISERS } from './simulated-hospital.ts'
import { seeThrough, type MissionCourse } from './simulated-mission.ts'
import { onSettledStage, served, type StageOptions, type TreatmentStage } from './treatment-stage.ts'

export interface CycleCase extends MissionCourse, Pick<StageOptions, 'batteryFraction'> {
  readonly floor: FloorPlan
  /** Id or name of the room. */
  readonly room: string
  readonly method: PeroxideMethod
  readonly seed: number
  /** What the plan has otherwise than the method, for a shorter or harder cycle. */
  readonly plan?: Partial<PeroxidePlan>
  /** Whether people really tape the doors; the plan has it that they do. */
  readonly isTaped?: boolean
  /** Simulated; a room that is not cleared by then is left to people with a meter. */
  readonly longestMs?: number
  /** What differs before the robot sets out. */
  readonly before?: (world: World, robotId: string) => void
}

export interface CycleRun {
  /** The robot's evidence, as it reached the broker; `null` when its sensors had not cleared the room in time. */
  readonly report: PeroxideReport | null
  /** What must not happen and did, and what is untrue in the report, in words. */
  readonly problems: readonly string[]
  readonly truth: GasTruth
  /** The last that the robot's program said of it; `null` from one that was started after its end. */
  readonly status: PeroxideStatus | null
}

/** A whole cycle and its aeration by an air change or two an hour, simulated milliseconds. */
const LONGEST_MS = 6 * 3600_000

/** One treatment by gas from order to report, on a stage of its own. */
export function runCycle(cycle: CycleCase): Promise<CycleRun> {
  return onSettledStage(gasStage(cycle), cycle.before, (stage) => treatWithGas(stage, cycle))
}

/** A robot that has a generator beside its lamp. */
export function gasStage({
  floor,
  room,
  seed,
  method,
  batteryFraction,
}: Pick<CycleCase, 'floor' | 'room' | 'seed' | 'method' | 'batteryFraction'>): StageOptions {
  return {
    floor,
    found: findRoom(floor, room),
    seed,
    vaporiser: SIMULATED_VAPORISERS[method],
    batteryFraction,
  }
}

/** The fleet's own order, armed step by step, until its report has come, with the world's own reckoning beside it. */
export async function treatWithGas(
  stage: TreatmentStage,
  {
    method,
    plan: changes,
    isTaped = true,
    longestMs = LONGEST_MS,
    ...course
  }: Pick<CycleCase, 'method' | 'plan' | 'isTaped' | 'longestMs'> & MissionCourse,
): Promise<CycleRun> {
  const { world, life, level, room, post } = stage
  const missionId = 'gas'
  const plan: PeroxidePlan = { ...planPeroxideCycle(level, room, method, true), ...changes }
  prepareForGas(world, level, room)
  if (!isTaped) for (const doorId of room.doorIds) world.gas.setTaped(doorId, false)
  const standing = roomStandingPose(level, room, ROBOT_CLEARANCE_M)
  await stage.order((head, from) => {
    const route = routeBetween(level, from, standing)
    return peroxideOrder({ head, missionId, levelId: level.id, route, standing, plan })
  })
  await served(() => life.agent.peroxideStatus !== null)
  const truth = new GasTruth(stage, plan)
  const result = await seeThrough(stage, {
    ...course,
    missionId,
    method,
    resultActionId: missionActionIds(missionId).startPeroxideCycle,
    longestMs,
    onStep: () => truth.step(),
    onLook: () => truth.look(life.agent.peroxideStatus!),
  })
  const status = life.agent.peroxideStatus
  if (result === null) {
    const open = status?.isGassed === true ? [] : ['no end, and the room is not said to be gassed']
    return { report: null, problems: [...truth.problems, ...open], truth, status }
  }
  const report = JSON.parse(result) as PeroxideReport
  post.close(missionId, report)
  return { report, problems: [...truth.problems, ...truth.untrueIn(report)], truth, status }
}
