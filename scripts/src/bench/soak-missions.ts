import { MG_PER_M3_PER_PPM, type PeroxideMethod, type TreatmentPlan } from '@wardlight/core/disinfection'
import { ROBOT_ACTION_TYPES, type PeroxideReport, type Verdict } from '@wardlight/core/fleet'
import { dockStagingPose, findRoom, roomStandingPose, type FloorPlan } from '@wardlight/core/floor'
import { createRandom, type Random } from '@wardlight/core/random'
import { missionActionIds } from '@wardlight/fleet-server'
import { errandAction, type ErrandStop } from '../errand-order.ts'
import { gasStage, treatWithGas, type CycleCase } from '../simulated-cycle.ts'
import { runErrands } from '../simulated-errands.ts'
import { ROBOT_CLEARANCE_M } from '../simulated-hospital.ts'
import { lightStage, planFor, treatWithLight } from '../simulated-treatment.ts'
import { onTreatmentStage, SETTLE_MS, type StageOptions, type TreatmentStage } from '../treatment-stage.ts'
import { dishonestyOf, tally } from '../treatment-truth.ts'
import { ERRAND_FAULTS, GAS_FAULTS, LIGHT_FAULTS, TROLLEY_FAULT, type Fault } from './faults.ts'
import { courseOf, randomFaults, type PlannedFault } from './random-faults.ts'

/** What is mixed, and how much of each. */
const METHODS = [
  ['uv', 0.5],
  ['hpv', 0.09],
  ['ahp', 0.06],
  ['combined', 0.06],
  ['visit', 0.11],
  ['dock', 0.06],
  ['decontaminate', 0.06],
  ['round', 0.06],
] as const
/** Multiples of it fall evenly between 0 and 1: few missions in a row are mixed as many are. */
const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2
export type SoakMethod = (typeof METHODS)[number][0]

/** Bathrooms and anterooms, which are done quickly; now and then a whole room, where a trolley has a place. */
const SMALL_ROOMS = ['I1-bath', 'I2-bath', 'I3-bath', 'I4-bath', 'I1-ante', 'I3-ante', '101-bath', '106-bath']
const LARGE_ROOMS = ['I1', 'I3']
const LARGE_SHARE = 0.06
const BEDSIDES = ['101', '103', 'I1']

/** The nurse gives up after so many new armings. */
const REARMINGS = 3
/** A hazard in the lit room leaves the lamp no longer than this: `docs/safety.md`. */
const LAMP_OFF_MS = 200
/** Seconds after the order, and after the first light or gas, at which the last fault begins. */
const LATEST_S = {
  light: { order: 75, lit: 150 },
  gas: { order: 100, lit: 1500 },
  errand: { order: 200, lit: 0 },
} as const
/** So much of the missions begin with a battery that is nearly empty, and so many are killed at their very end. */
const LOW_BATTERY_SHARE = 0.05
const KILLED_AT_END_SHARE = 0.15
/** A short and weak cycle: air, sensors and rules are as in a whole one. */
const SHORT_CYCLE = { nominalPpm: 120, targetPpm: 40, gasMin: 2, dwellS: 120 } as const
/** A room that its sensors have not cleared by then is left to people with a meter, simulated. */
const LONGEST_CYCLE_MS = 90 * 60_000

export interface SoakOutcome {
  readonly method: SoakMethod
  readonly room: string
  /** What went wrong, by name. */
  readonly happened: readonly string[]
  readonly verdict: Verdict | 'completed' | 'notCleared'
  readonly interlocks: number
  /** From a hazard until lamp and generator truly were off, at worst; `null` when there was none. */
  readonly offLatencyMs: number | null
  /** What must not happen and did, in words. */
  readonly problems: readonly string[]
}

/** What a mission of a soak run is, all of it from its seed. */
interface Draw {
  readonly floor: FloorPlan
  readonly seed: number
  readonly random: Random
  readonly method: SoakMethod
  readonly room: string
  readonly happened: string[]
  readonly batteryFraction: number
  readonly isKilledAtEnd: boolean
}

type Done = Pick<SoakOutcome, 'verdict' | 'interlocks' | 'offLatencyMs' | 'problems'>

/** @returns the method and the room that this seed has, without running it */
export function drawMission(floor: FloorPlan, seed: number): Draw {
  const random = createRandom(seed).fork('soak')
  const share = (seed * GOLDEN_RATIO) % 1
  let upTo = 0
  const [method] = METHODS.find(([, part]) => (upTo += part) > share) ?? METHODS[0]
  const isLarge = random.uniform() < LARGE_SHARE && (method === 'uv' || method === 'hpv')
  const rooms = isVisit(method) ? BEDSIDES : isLarge ? LARGE_ROOMS : SMALL_ROOMS
  const room = isAtDock(method) ? 'robot-bay-1' : rooms[random.integer(rooms.length)]!
  const isLow = random.uniform() < LOW_BATTERY_SHARE
  const isKilledAtEnd = random.uniform() < KILLED_AT_END_SHARE
  return {
    floor,
    seed,
    random,
    method,
    room,
    happened: [...(isLow ? ['the battery runs low'] : []), ...(isKilledAtEnd ? ['killed at its end'] : [])],
    // Not full, so that a dock has something to charge.
    batteryFraction: isLow ? 0.1 + 0.02 * random.uniform() : 0.8,
    isKilledAtEnd,
  }
}

export async function runSoakMission(floor: FloorPlan, seed: number): Promise<SoakOutcome> {
  const draw = drawMission(floor, seed)
  const { method, room, happened } = draw
  const done = await (method === 'uv'
    ? onTreatmentStage(lightStage(draw), (stage) => closed(stage, () => withLight(stage, draw)))
    : method === 'hpv' || method === 'ahp'
      ? onTreatmentStage(gasStage({ ...draw, method }), (stage) =>
          closed(stage, () => withGas(stage, draw, method)),
        )
      : method === 'combined'
        ? onTreatmentStage({ ...gasStage({ ...draw, method: 'hpv' }), ...lightStage(draw) }, (stage) =>
            closed(stage, () => withBoth(stage, draw)),
          )
        : onTreatmentStage(errandStage(draw), (stage) => closed(stage, () => onErrands(stage, draw))))
  return { method, room, happened, ...done }
}

/** What holds at the end of every mission. */
async function closed(stage: TreatmentStage, mission: () => Promise<Done>): Promise<Done> {
  await stage.pass(SETTLE_MS)
  const done = await mission()
  await stage.pass(SETTLE_MS)
  const { handle, world, room, life } = stage
  const problems = [...done.problems, ...stage.problems()]
  if (handle.isLampLit) problems.push('the lamp is lit after the end')
  if (handle.speedMps !== 0) problems.push('the robot drives after the end')
  if (done.verdict !== 'notCleared') {
    if (handle.vaporiserGPerMin > 0) problems.push('the generator runs after the end')
    if (world.gas.isShutOff(room.id)) problems.push('the room is left without air')
    if (!life.agent.isIdle) problems.push('the robot has a mission after its report')
  }
  return { ...done, problems }
}

function faultsOf(
  { random, happened }: Draw,
  faults: Readonly<Record<string, Fault>>,
  latestS: { readonly order: number; readonly lit: number },
): PlannedFault[] {
  const planned = randomFaults(random, faults, latestS)
  happened.push(...planned.map(({ name }) => name))
  return planned
}

const plans = new Map<string, TreatmentPlan>()

async function withLight(stage: TreatmentStage, draw: Draw): Promise<Done> {
  const { floor, room, seed, random, isKilledAtEnd } = draw
  const targetLog = 2 + random.integer(3)
  const key = `${room} ${targetLog}`
  const plan = plans.get(key) ?? planFor(floor, room, 'mrsa', targetLog)
  plans.set(key, plan)
  const faults = LARGE_ROOMS.includes(room) ? { ...LIGHT_FAULTS, ...TROLLEY_FAULT } : LIGHT_FAULTS
  const course = courseOf(faultsOf(draw, faults, LATEST_S.light))
  const run = await treatWithLight(stage, { plan, rearmings: REARMINGS, isKilledAtEnd, ...course })
  const { report, lampOffLatencyMs } = run
  const problems: string[] = []
  if ((lampOffLatencyMs ?? 0) > LAMP_OFF_MS) {
    problems.push(`the lamp was lit for ${lampOffLatencyMs} ms beside a hazard`)
  }
  const dishonesty = dishonestyOf(tally({ floor, room, plan, seed }, run), run)
  if (dishonesty !== null) problems.push(dishonesty)
  if ((lampOffLatencyMs ?? 0) > 0 && report.interlocks.length === 0) {
    problems.push('a hazard is not in the report')
  }
  return {
    verdict: report.verdict,
    interlocks: report.interlocks.length,
    offLatencyMs: lampOffLatencyMs,
    problems: [...problems, ...deliveredOnce(stage, [missionActionIds('light').startUvDose])],
  }
}

async function withGas(
  stage: TreatmentStage,
  draw: Draw,
  method: PeroxideMethod,
  before: readonly string[] = [],
): Promise<Done> {
  const { isKilledAtEnd } = draw
  const { room } = stage
  const h2o2G = (SHORT_CYCLE.nominalPpm * MG_PER_M3_PER_PPM * room.volumeM3) / 1000
  const plan: CycleCase['plan'] = {
    h2o2G,
    rateGPerMin: h2o2G / SHORT_CYCLE.gasMin,
    solutionMl: 10 * h2o2G,
    targetPpm: SHORT_CYCLE.targetPpm,
    dwellS: SHORT_CYCLE.dwellS,
  }
  const course = courseOf(faultsOf(draw, GAS_FAULTS, LATEST_S.gas))
  const { report, problems, truth } = await treatWithGas(stage, {
    method,
    plan,
    rearmings: REARMINGS,
    isKilledAtEnd,
    longestMs: LONGEST_CYCLE_MS,
    ...course,
  })
  const ids = [...before, ...(report === null ? [] : [missionActionIds('gas').startPeroxideCycle])]
  return {
    verdict: report?.verdict ?? 'notCleared',
    interlocks: report?.interlocks.length ?? 0,
    offLatencyMs: truth.gasOffLatencyMs,
    problems: [...problems, ...missingOf(report), ...deliveredOnce(stage, ids)],
  }
}

/** A cycle that was stopped says by what. */
function missingOf(report: PeroxideReport | null): string[] {
  return report?.end === 'interrupted' && report.interlocks.length === 0
    ? ['a cycle was interrupted, and its report does not say by what']
    : []
}

/** Light, and then gas, as a protocol has it: what was not even begun ends it. */
async function withBoth(stage: TreatmentStage, draw: Draw): Promise<Done> {
  const light = await withLight(stage, draw)
  if (light.verdict === 'aborted' || light.problems.length > 0) return light
  // A program that was killed at its end has to find its place again: no fleet orders a robot that does not know where it is.
  await stage.pass(SETTLE_MS)
  const gas = await withGas(stage, draw, 'hpv', [missionActionIds('light').startUvDose])
  return {
    verdict: light.verdict === 'proven' || gas.verdict === 'notCleared' ? gas.verdict : light.verdict,
    interlocks: light.interlocks + gas.interlocks,
    offLatencyMs: Math.max(light.offLatencyMs ?? 0, gas.offLatencyMs ?? 0),
    problems: gas.problems,
  }
}

function isVisit(method: SoakMethod): boolean {
  return method === 'visit' || method === 'round'
}

function isAtDock(method: SoakMethod): boolean {
  return method === 'dock' || method === 'decontaminate'
}

function errandStage({ floor, seed, room, batteryFraction }: Draw): StageOptions {
  return { floor, found: findRoom(floor, room), seed, batteryFraction }
}

async function onErrands(stage: TreatmentStage, draw: Draw): Promise<Done> {
  const { method, random, isKilledAtEnd } = draw
  const { level, room, handle } = stage
  const stops: ErrandStop[] = []
  if (isVisit(method)) {
    const action = errandAction(ROBOT_ACTION_TYPES.startTelepresence, 'act-visit', {
      missionId: 'visit',
      visitor: 'Dr. Weber',
    })
    stops.push({ at: roomStandingPose(level, room, ROBOT_CLEARANCE_M), action })
  }
  if (method === 'decontaminate' || method === 'round') {
    const means =
      random.uniform() < 0.5
        ? { method: 'wipe' }
        : { method: 'uvStation', stationId: 'station-1', stationS: 60 }
    const action = errandAction(ROBOT_ACTION_TYPES.decontaminate, 'act-clean', {
      missionId: 'clean',
      zone: 'isolation ward',
      organism: 'mrsa',
      ...means,
    })
    stops.push({ at: dockStagingPose(level.docks[2]!), action })
  }
  if (method === 'dock' || method === 'round') {
    const [dock] = level.docks
    const action = errandAction(ROBOT_ACTION_TYPES.dock, 'act-dock', {
      missionId: 'dock',
      dockId: dock!.id,
      untilPercent: Math.min(100, Math.round(100 * handle.batteryFraction + 1)),
    })
    stops.push({ at: dockStagingPose(dock!), action })
  }
  const answer = random.uniform()
  const { afterOrder } = courseOf(faultsOf(draw, ERRAND_FAULTS, LATEST_S.errand))
  const { reports, problems } = await runErrands(stage, {
    stops,
    people: {
      consents: answer < 0.8 ? true : answer < 0.9 ? false : null,
      drivesS: random.uniform() < 0.6 ? 5 + 15 * random.uniform() : 0,
      wipes: true,
    },
    random: random.fork('driver'),
    afterOrder,
    isKilledAtEnd,
  })
  const isDone = reports.length === stops.length && reports.every(({ verdict }) => verdict === 'completed')
  const ids = stops.slice(0, reports.length).map(({ action }) => action.actionId)
  return {
    verdict: isDone ? 'completed' : 'aborted',
    interlocks: 0,
    offLatencyMs: null,
    problems: [...problems, ...deliveredOnce(stage, ids)],
  }
}

/** Each result came, in the order in which the missions were done, and none beside them. */
function deliveredOnce({ post }: TreatmentStage, expected: readonly string[]): string[] {
  const came = post.resultIds.join(', ')
  return came === expected.join(', ') ? [] : [`results came of ${came}, and should of ${expected.join(', ')}`]
}
