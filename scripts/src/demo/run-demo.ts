import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { createSystemClock, SimulatedClock } from '@wardlight/core/clock'
import { DEFAULT_LAMP, organismById } from '@wardlight/core/disinfection'
import { wardError } from '@wardlight/core/errors'
import {
  ARMING_CHECKLIST,
  type ArmingStep,
  type UvMissionReport,
  type MissionView,
  type ServerInfo,
} from '@wardlight/core/fleet'
import { readFloorPlan, type Level, type Room } from '@wardlight/core/floor'
import { startFleetServer } from '@wardlight/fleet-server'
import { createClockDriver, STEP_MS } from '@wardlight/sim'
import { nodePlanFiles } from '../node-plan-files.ts'
import { sampleHospital } from '../paths.ts'
import { createLog, undoAll, untilAskedToEnd } from '../process-life.ts'
import { createSimulatedHospital, placeRobots, type SimulatedHospital } from '../simulated-hospital.ts'
import { version } from '../version.ts'
import { chooseRoom } from './choose-room.ts'
import type { DemoResult } from './demo-result.ts'
import { createBreakableLine, type BreakableLine } from './breakable-line.ts'
import { failTube, leaveTrolley, letPersonEnter, onceLit, openDoor } from './events.ts'
import { NurseClient } from './nurse-client.ts'
import { isToBeArmed, pauseForPeople } from './pause-for-people.ts'
import { Progress } from './progress.ts'
import { until } from './until.ts'

export interface DemoOptions {
  readonly map?: string | undefined
  readonly level?: string | undefined
  readonly room?: string | undefined
  readonly organism: string
  readonly log: number
  readonly robots: number
  /** Simulated against real time; as fast as the machine can when absent. */
  readonly speed?: number | undefined
  readonly seed: number
  /** Seconds after the lamp was first lit. */
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

/**
 * The main job without a browser: everything real and embedded, in one process and a temporary
 * folder that is gone afterwards. The simulated clock stands still whenever the robot waits for a
 * person or an order, so that how fast this machine answers changes nothing in the report.
 *
 * @throws WardError for a wrong option, plan or room, and when the mission gets stuck
 */
export async function runDemo(options: DemoOptions): Promise<DemoResult> {
  const progress = new Progress(process.stderr)
  const { plan } = readFloorPlan(options.map ?? sampleHospital, nodePlanFiles)
  const { level, room } = chooseRoom(plan, options)
  organismById(options.organism)
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
      dataDir,
      host: '127.0.0.1',
      httpPort: 0,
      mqttPort: 0,
      plan,
      hospitalName: plan.name,
      timeZone: 'UTC',
      demoUsers: true,
      isSimulated: true,
      consoleDir: null,
      clock: systemClock,
      lamp: DEFAULT_LAMP,
      version,
      log: log.child({ part: 'server' }),
    })
    undo.push(() => server.stop())

    const line = options.networkLost === undefined ? null : await createBreakableLine(server.mqttUrl)
    if (line !== null) undo.push(() => line.stop())
    const placed = await placeRobots(server, [level], options.robots)
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

    const report = await beTheNurse({
      options,
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
      url: server.url,
      signal: abort.signal,
    })
    return report
  } finally {
    await undoAll(undo, log)
  }
}

async function beTheNurse({
  options,
  hospital,
  clock,
  level,
  room,
  progress,
  isHeld,
  line,
  mayRearm,
  onRearmed,
  url,
  signal,
}: {
  readonly options: DemoOptions
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
  readonly url: string
  readonly signal: AbortSignal
}): Promise<DemoResult> {
  const nurse = new NurseClient(url)
  const info = (await (await fetch(`${url}/api/server-info`)).json()) as ServerInfo
  const account = info.demoUsers!.find(({ role }) => role === 'nurse')!
  await nurse.signIn({ name: account.name, password: account.password })

  await until(signal, 'the robots reach the server', async () => {
    const robots = await nurse.robots()
    return isHeld() &&
      robots.length >= options.robots &&
      robots.every(({ connection, position }) => connection === 'ONLINE' && position !== null)
      ? true
      : null
  })
  progress.say(`Requesting ${room.name} on ${level.name} against ${options.organism}, ${options.log} log …`)
  const { id: requestId } = await nurse.request({
    roomId: room.id,
    organismId: options.organism,
    targetLog: options.log,
  })
  const planned = await until(signal, 'the plan is made', async () => {
    const request = await nurse.requestById(requestId)
    if (request.status === 'planningFailed') {
      throw wardError('WARD_ERR_TREATMENT_IMPOSSIBLE', {
        what: request.failure ?? 'planning failed',
        remedy: '',
      })
    }
    return request.status === 'planned' ? request : null
  })
  const plannedS = planned.plannedS ?? 0
  const mission = await nurse.approve(requestId)
  // Another one after it was killed.
  const agentNow = () => hospital.agents.get(mission.robotId)!
  progress.say(
    `Approved: ${mission.robotId} goes, ${mission.stops.length} stops, ${Math.round(plannedS)} s planned`,
  )
  const { world } = hospital
  onceLit(clock, world, mission.robotId, () => {
    const after = (seconds: number | undefined, act: () => void): void => {
      if (seconds !== undefined) clock.setTimeout(act, seconds * 1000)
    }
    after(options.personEnters, () => letPersonEnter(world, level, room))
    after(options.doorOpens, () => openDoor(world, level, room))
    after(options.furnitureMoved, () => leaveTrolley(world, level, room, mission.robotId))
    after(options.lampFails, () => failTube(world, mission.robotId))
    after(options.killAgent, () => {
      hospital
        .killAgent(mission.robotId)
        .catch((error: unknown) => progress.say(`It did not come back: ${String(error)}`))
    })
    after(options.networkLost?.fromS, () => line?.cut())
    after(options.networkLost?.toS, () => line?.mend())
  })

  let lastMs = -1
  const look = (): number => {
    const status = agentNow().missionStatus
    if (status !== null) progress.show(status, plannedS)
    return clock.monotonicMs()
  }
  const advancing = (): boolean => {
    const nowMs = look()
    const isAdvancing = nowMs !== lastMs
    lastMs = nowMs
    return isAdvancing
  }
  for (;;) {
    const next = await until(
      signal,
      'the robot waits for arming, or the report is stored',
      async () => {
        const view = await nurse.mission(mission.id)
        if (view.verdict !== null) return 'report'
        return isHeld() && isToBeArmed(view, mayRearm()) && view.arming === 'locked' ? 'arm' : null
      },
      advancing,
    )
    if (next === 'report') break
    const isAgain = agentNow().missionPhase === 'interrupted'
    await arm(nurse, mission, hospital, isHeld, signal)
    if (isAgain) onRearmed()
  }
  const report = await nurse.report(mission.id)
  const view = (await nurse.rooms()).find(({ id }) => id === room.id)
  return resultOf({
    report,
    missionId: mission.id,
    plannedS,
    hospital,
    roomState: view?.state ?? 'unknown',
    connectionsLost: line?.dropped ?? 0,
  })
}

/** Checklist, button, start: each when the step before it has reached the server and time stands still. */
async function arm(
  nurse: NurseClient,
  { id, robotId }: MissionView,
  { world }: SimulatedHospital,
  isHeld: () => boolean,
  signal: AbortSignal,
): Promise<void> {
  const reached = (step: ArmingStep) =>
    until(signal, `arming is at "${step}"`, async () => {
      const { arming } = await nurse.mission(id)
      // Asked last: the step before may still have held the clock while the server answered.
      return arming === step && isHeld() ? true : null
    })
  await nurse.confirmChecklist(
    id,
    ARMING_CHECKLIST.map((item) => item.id),
  )
  await reached('checklistConfirmed')
  world.robots.get(robotId)!.pressArmButton()
  await reached('buttonPressed')
  await nurse.start(id)
  await until(signal, 'the robot is armed', async () => {
    const { phase } = await nurse.mission(id)
    return phase === 'awaitingArming' || phase === 'interrupted' ? null : true
  })
}

function resultOf({
  report,
  missionId,
  plannedS,
  hospital,
  roomState,
  connectionsLost,
}: {
  readonly report: UvMissionReport
  readonly missionId: string
  readonly plannedS: number
  readonly hospital: SimulatedHospital
  readonly roomState: string
  readonly connectionsLost: number
}): DemoResult {
  const { dose, surfaces, doseMjPerCm2 } = report
  const latencyMs = hospital.world.truth.lampOffLatencyMs
  return {
    room: report.roomName,
    organism: dose.organismId,
    targetLog: dose.targetLog,
    plannedSeconds: round(plannedS),
    elapsedSeconds: round(dose.elapsedS),
    stops: dose.stops.length,
    surfaces: {
      total: surfaces.total,
      reached: surfaces.reached,
      missed: dose.missed.map(({ id, reason, explanation }) => ({ id, reason, explanation })),
    },
    doseMjPerCm2: { min: round(doseMjPerCm2.min), p5: round(doseMjPerCm2.p5), p50: round(doseMjPerCm2.p50) },
    lampOffLatencyMs: dose.interlocks.length === 0 ? null : Math.round(latencyMs ?? 0),
    interlocks: dose.interlocks.map(({ at, kind }) => ({ at: round(at), kind })),
    verdict: dose.verdict,
    roomState,
    connectionsLost,
    missionId,
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
