import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { createSystemClock, SimulatedClock } from '@wardlight/core/clock'
import type { PeroxideMethod } from '@wardlight/core/disinfection'
import { wardError } from '@wardlight/core/errors'
import { armingChecklist, type ArmingStep, type MissionView, type RequestView } from '@wardlight/core/fleet'
import { readFloorPlan, type Level, type Room } from '@wardlight/core/floor'
import { startFleetServer } from '@wardlight/fleet-server'
import { createClockDriver, STEP_MS } from '@wardlight/sim'
import { nodePlanFiles } from '../node-plan-files.ts'
import { sampleHospital } from '../paths.ts'
import { createLog, undoAll, untilAskedToEnd } from '../process-life.ts'
import {
  createSimulatedHospital,
  placeRobots,
  placeUnit,
  simulatedServerOptions,
  type SimulatedHospital,
} from '../simulated-hospital.ts'
import { unitRoomOf } from '../simulated-unit.ts'
import { createBreakableLine, type BreakableLine } from './breakable-line.ts'
import { chooseRoom } from './choose-room.ts'
import { failTube, leaveTrolley, letPersonEnter, onceLit, openDoor } from './events.ts'
import { NurseClient } from './nurse-client.ts'
import { isToBeArmed, pauseForPeople } from './pause-for-people.ts'
import { Progress } from './progress.ts'
import { until } from './until.ts'

export interface StageOptions {
  readonly map?: string | undefined
  readonly level?: string | undefined
  readonly room?: string | undefined
  readonly robots: number
  /** A unit hangs in the room; by default in a bathroom. */
  readonly unit?: boolean | undefined
  /** Simulated against real time; as fast as the machine can when absent. */
  readonly speed?: number | undefined
  readonly seed: number
  /** Seconds after the lamp was first lit, like those that follow. */
  readonly personEnters?: number | undefined
  readonly doorOpens?: number | undefined
  readonly furnitureMoved?: number | undefined
  readonly lampFails?: number | undefined
  readonly killAgent?: number | undefined
  /** The robots are off the network between these two. */
  readonly networkLost?: { readonly fromS: number; readonly toS: number } | undefined
  /** How often the nurse arms again after an interlock, once nothing hinders it; by default never. */
  readonly rearm?: number | undefined
}

/** A whole hospital that runs, with a nurse who is signed in and robots that the server hears. */
export interface DemoStage<Options extends StageOptions> {
  readonly options: Options
  readonly nurse: NurseClient
  readonly hospital: SimulatedHospital
  readonly clock: SimulatedClock
  readonly level: Level
  readonly room: Room
  readonly progress: Progress
  /** Whether simulated time stands still, which is when people decide. */
  readonly isHeld: () => boolean
  /** Between robots and broker, where it is to be cut. */
  readonly line: BreakableLine | null
  readonly mayRearm: () => boolean
  readonly onRearmed: () => void
  readonly signal: AbortSignal
}

/**
 * Starts server, broker, database, robots and simulated hospital, lets `play` be the nurse in them, and takes everything down.
 *
 * @param gas of the generator that the first robot has beside its lamp
 */
export async function onDemoStage<Options extends StageOptions, Result>(
  options: Options,
  gas: PeroxideMethod | null,
  play: (stage: DemoStage<Options>) => Promise<Result>,
): Promise<Result> {
  const progress = new Progress(process.stderr)
  const { plan } = readFloorPlan(options.map ?? sampleHospital, nodePlanFiles)
  const unitRoom =
    options.unit === true && options.room === undefined && options.level === undefined
      ? unitRoomOf(plan)
      : null
  const { level, room } = unitRoom ?? chooseRoom(plan, options, gas)
  const log = createLog()
  const abort = new AbortController()
  void untilAskedToEnd().then((signal) => abort.abort(signal))
  const systemClock = createSystemClock(globalThis)
  const clock = new SimulatedClock(systemClock.epochMs())
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'wardlight-demo-'))
  const undo: (() => Promise<unknown>)[] = [() => rm(dataDir, { recursive: true, force: true })]
  try {
    progress.say(`Starting server, broker and database for ${plan.name} …`)
    const server = await startFleetServer({
      ...simulatedServerOptions(plan),
      dataDir,
      clock: systemClock,
      log: log.child({ part: 'server' }),
    })
    undo.push(() => server.stop())

    const line = options.networkLost === undefined ? null : await createBreakableLine(server.mqttUrl)
    if (line !== null) undo.push(() => line.stop())
    const driving = await placeRobots(server, [level], options.robots, gas)
    const placed = options.unit === true ? [...driving, await placeUnit(server, { level, room })] : driving
    const robots =
      line === null ? placed : placed.map((robot) => ({ ...robot, mqtt: { ...robot.mqtt, url: line.url } }))
    const hospital = createSimulatedHospital({
      plan,
      seed: options.seed,
      clock,
      robots,
      log,
      areMortal: options.killAgent !== undefined,
    })
    undo.push(() => hospital.stop())
    await hospital.start()
    let rearmingsLeft = options.rearm ?? 0
    const isWaiting = pauseForPeople(clock, hospital, () => rearmingsLeft > 0)
    // Nobody decides anything about robots that they do not hear.
    const isHeld = () => line?.isCut !== true && isWaiting()
    const driver = createClockDriver({ clock, stepMs: STEP_MS, speed: options.speed ?? 'max', isHeld })
    undo.push(() => driver.stop())
    driver.start()

    const nurse = await NurseClient.ofDemo(server.url)
    await until(abort.signal, 'the robots reach the server', async () => {
      const heard = await nurse.robots()
      return isHeld() &&
        heard.length >= placed.length &&
        heard.every(({ connection, position }) => connection === 'ONLINE' && position !== null)
        ? true
        : null
    })
    return await play({
      options,
      nurse,
      hospital,
      clock,
      level,
      room,
      progress,
      isHeld,
      line,
      mayRearm: () => rearmingsLeft > 0,
      onRearmed: () => {
        rearmingsLeft -= 1
      },
      signal: abort.signal,
    })
  } finally {
    await undoAll(undo, log)
  }
}

/** @throws WARD_ERR_TREATMENT_IMPOSSIBLE */
export function plannedRequest(
  nurse: NurseClient,
  requestId: string,
  signal: AbortSignal,
): Promise<RequestView> {
  return until(signal, 'the plan is made', async () => {
    const request = await nurse.requestById(requestId)
    if (request.status === 'planningFailed') {
      throw wardError('WARD_ERR_TREATMENT_IMPOSSIBLE', {
        what: request.failure ?? 'planning failed',
        remedy: '',
      })
    }
    return request.status === 'planned' ? request : null
  })
}

/** Checklist, button, start: each when the step before it has reached the server and time stands still. */
async function arm(
  {
    nurse,
    hospital,
    isHeld,
    signal,
  }: Pick<DemoStage<StageOptions>, 'nurse' | 'hospital' | 'isHeld' | 'signal'>,
  { id, robotId, method }: MissionView,
): Promise<void> {
  const reached = (step: ArmingStep) =>
    until(signal, `arming is at "${step}"`, async () => {
      const { arming } = await nurse.mission(id)
      // Asked last: the step before may still have held the clock while the server answered.
      return arming === step && isHeld() ? true : null
    })
  await nurse.confirmChecklist(
    id,
    armingChecklist(method).map((item) => item.id),
  )
  await reached('checklistConfirmed')
  hospital.world.robots.get(robotId)!.pressArmButton()
  await reached('buttonPressed')
  await nurse.start(id)
  await until(signal, 'the robot is armed', async () => {
    const { phase } = await nurse.mission(id)
    return phase === 'awaitingArming' || phase === 'interrupted' ? null : true
  })
}

/** What the caller wanted to happen, once its lamp has been lit. */
export function letEventsHappen(
  { options, hospital, clock, level, room, line, progress }: DemoStage<StageOptions>,
  { robotId }: MissionView,
): void {
  const { world } = hospital
  onceLit(clock, world, robotId, () => {
    const after = (seconds: number | undefined, act: () => void): void => {
      if (seconds !== undefined) clock.setTimeout(act, seconds * 1000)
    }
    after(options.personEnters, () => letPersonEnter(world, level, room))
    after(options.doorOpens, () => openDoor(world, level, room))
    after(options.furnitureMoved, () => leaveTrolley(world, level, room, robotId))
    after(options.lampFails, () => failTube(world, robotId))
    after(options.killAgent, () => {
      hospital
        .killAgent(robotId)
        .catch((error: unknown) => progress.say(`It did not come back: ${String(error)}`))
    })
    after(options.networkLost?.fromS, () => line?.cut())
    after(options.networkLost?.toS, () => line?.mend())
  })
}

/** Lets time go by, and arms the mission as often as the options allow, until its report is stored. */
export async function armUntilReported(
  stage: DemoStage<StageOptions>,
  mission: MissionView,
  show: (view: MissionView) => void,
): Promise<void> {
  const { nurse, clock, signal, isHeld, mayRearm, onRearmed } = stage
  let lastMs = -1
  const advancing = (): boolean => {
    const nowMs = clock.monotonicMs()
    const isAdvancing = nowMs !== lastMs
    lastMs = nowMs
    return isAdvancing
  }
  for (;;) {
    const { verdict, phase } = await until(
      signal,
      'the robot waits for arming, or the report is stored',
      async () => {
        const view = await nurse.mission(mission.id)
        show(view)
        const isToArm = isHeld() && isToBeArmed(view, mayRearm()) && view.arming === 'locked'
        return view.verdict !== null || isToArm ? view : null
      },
      advancing,
    )
    if (verdict !== null) return
    await arm(stage, mission)
    if (phase === 'interrupted') onRearmed()
  }
}
