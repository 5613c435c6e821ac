import { setImmediate, setTimeout } from 'node:timers/promises'
import type { SimulatedClock } from '@wardlight/core/clock'
import {
  DEFAULT_LAMP,
  planPeroxideCycle,
  type PeroxideMethod,
  type PeroxidePlan,
} from '@wardlight/core/disinfection'
import { wardError } from '@wardlight/core/errors'
import { robotIdOf, type PeroxideReport } from '@wardlight/core/fleet'
import {
  readFloorPlan,
  roomStandingPose,
  routeBetween,
  startingPoses,
  type FoundRoom,
} from '@wardlight/core/floor'
import type { ActionParameter } from '@wardlight/core/vda5050'
import { instantAction, missionActionIds, peroxideOrder } from '@wardlight/fleet-server'
import { createRobotAgent, type PeroxideMemory } from '@wardlight/robot-agent'
import { STEP_MS, type World } from '@wardlight/sim'
import { nodePlanFiles } from '../node-plan-files.ts'
import { sampleHospital } from '../paths.ts'
import { ROBOT_CLEARANCE_M, SIMULATED_VAPORISERS, SIMULATED_CAMERAS } from '../simulated-hospital.ts'
import { createMortalAgent, type MortalAgent } from '../mortal-agent.ts'
import { arm } from '../simulated-mission.ts'
import { createBreakableLine, type BreakableLine } from './breakable-line.ts'
import { chooseRoom } from './choose-room.ts'
import { leaveTrolley, letPersonEnter, openDoor } from './events.ts'
import { onRobotStage, stopped, type RobotStage } from './robot-stage.ts'

export interface PeroxideDemoOptions {
  readonly method: PeroxideMethod
  readonly map?: string | undefined
  readonly level?: string | undefined
  readonly room?: string | undefined
  /** Simulated against real time; as fast as the machine can when absent. */
  readonly speed?: number | undefined
  readonly seed: number
  /** Seconds after gas first flowed. */
  readonly personEnters?: number | undefined
  readonly doorOpens?: number | undefined
  readonly furnitureMoved?: number | undefined
  readonly killAgent?: number | undefined
  /** The robot is off the network between these two. */
  readonly networkLost?: { readonly fromS: number; readonly toS: number } | undefined
  /** Refused: there is no lamp in a cycle. */
  readonly lampFails?: number | undefined
  /** Refused: what stopped the gas stops it for the mission. */
  readonly rearm?: number | undefined
}

/** What `wardlight demo --method hpv|ahp --json` prints. */
export interface PeroxideDemoResult {
  readonly room: string
  readonly method: PeroxideMethod
  readonly verdict: PeroxideReport['verdict']
  readonly end: PeroxideReport['end']
  /** The likely duration, as planned. */
  readonly plannedSeconds: number
  /** Simulated, from taking the order to the report. */
  readonly elapsedSeconds: number
  readonly h2o2G: { readonly planned: number; readonly injected: number }
  readonly targetPpm: number
  readonly peakPpm: number
  readonly dwellSeconds: { readonly planned: number; readonly achieved: number }
  readonly ppmHours: number
  readonly sensors: PeroxideReport['sensors']
  readonly outside: PeroxideReport['outside']
  readonly wasEvacuated: boolean
  /** Since the order was taken; `null` when there was no gas to clear. */
  readonly clearedAtSeconds: number | null
  /**
   * Worst simulated time from an open door to the generator truly at rest; 0 when it had stopped before; `null` when nothing
   * tripped.
   */
  readonly gasOffLatencyMs: number | null
  /** What no robot knows: the world's own reckoning. */
  readonly truth: { readonly ppmWhenCleared: number; readonly worstBreathedPpm: number }
  readonly interlocks: readonly { readonly at: number; readonly kind: string; readonly detail: string }[]
  readonly phases: PeroxideReport['timeline']
  /** Lines between robot and broker that `--network-lost` cut. */
  readonly connectionsLost: number
  readonly missionId: string
}

const address = { manufacturer: 'wardlight', serialNumber: 'gas-01' }
const robotId = robotIdOf(address)
const missionId = 'demo-peroxide'
/** Sensors, localisation and batteries come up, and the lidar looks at the room. */
const settleMs = 2500
/** Simulated time between two looks, with the sockets served in between. */
const lookMs = 200
/** Real time in which a message has to arrive. */
const patienceMs = 60_000
/** A cycle that is not over by then will not be, simulated. */
const longestMs = 12 * 3600_000

/**
 * One whole cycle of hydrogen peroxide without a browser: the simulated hospital, a robot's agent, the order over a real
 * broker, given from here.
 *
 * @throws WardError for a wrong option, plan or room, and when the room is never cleared
 */
export async function runPeroxideDemo(options: PeroxideDemoOptions): Promise<PeroxideDemoResult> {
  refuseWhatGasHasNot(options)
  const { plan: floor } = readFloorPlan(options.map ?? sampleHospital, nodePlanFiles)
  const found = chooseRoom(floor, options, options.method)
  const { level, room } = found
  const plan = planPeroxideCycle(level, room, options.method, true)
  const vaporiser = SIMULATED_VAPORISERS[options.method]
  const [pose] = startingPoses(level, 1, ROBOT_CLEARANCE_M)
  const robot = { levelId: level.id, pose: pose!, vaporiser }
  return onRobotStage(floor, options.seed, address, robot, async (stage) => {
    const { clock, network, world, brokerUrl, log, reported, undo } = stage
    const line = await createBreakableLine(brokerUrl)
    undo.push(() => line.stop())
    // The disk outlives the program.
    let memory: string | null = null
    const life = createMortalAgent(clock, network, (own) =>
      createRobotAgent({
        address,
        levelId: level.id,
        ...own,
        lamp: DEFAULT_LAMP,
        cameras: SIMULATED_CAMERAS,
        mqtt: { url: line.url, username: robotId, password: 'any' },
        log: log.child({ robot: robotId }),
        vaporiser,
        peroxideMemory: {
          load: () => (memory === null ? null : (JSON.parse(memory) as PeroxideMemory)),
          save: (kept) => {
            memory = kept === null ? null : JSON.stringify(kept)
          },
        },
      }),
    )
    world.start()
    undo.push(() => Promise.resolve(world.stop()))
    await life.agent.start()
    undo.push(() => life.agent.stop())
    return runCycle({
      ...stage,
      options,
      found,
      plan,
      life,
      line,
      reportNow: () =>
        reported()?.actionStates.find(
          ({ actionId }) => actionId === missionActionIds(missionId).startPeroxideCycle,
        )?.actionResult,
    })
  })
}

interface Cycle extends Pick<RobotStage, 'world' | 'clock' | 'progress' | 'signal' | 'publish'> {
  readonly options: PeroxideDemoOptions
  readonly found: FoundRoom
  readonly plan: PeroxidePlan
  readonly life: MortalAgent
  readonly line: BreakableLine
  readonly reportNow: () => string | undefined
}

async function runCycle(cycle: Cycle): Promise<PeroxideDemoResult> {
  const { options, found, plan, world, clock, life, line, progress, signal, reportNow } = cycle
  const { level, room } = found
  const handle = world.robots.get(robotId)!
  clock.advance(settleMs)
  await sendOrder(cycle)
  await served(() => life.agent.peroxideStatus !== null, signal)
  progress.say(
    `${room.name} on ${level.name}: ${plan.h2o2G.toFixed(0)} g of H2O2, ${Math.round(plan.expectedS / 60)} min expected`,
  )
  // What people do beforehand: sensors in the room and in every room beyond its doors.
  world.gas.placeSensor('wall', room.id)
  for (const { roomId } of plan.neighbours) world.gas.placeSensor(`outside-${roomId}`, roomId)
  const watch = new GasWatch(world, clock, found)
  let phase = ''
  let mustKill = false
  const endMs = clock.monotonicMs() + longestMs
  while (reportNow() === undefined) {
    if (signal.aborted) throw stopped(`ended by ${String(signal.reason)}`)
    if (clock.monotonicMs() > endMs) {
      throw stopped(
        `still ${phase} after ${longestMs / 3600_000} h: ${life.agent.peroxideStatus?.blockers.join('; ') ?? ''}`,
      )
    }
    for (let ms = 0; ms < lookMs; ms += STEP_MS) {
      clock.advance(STEP_MS)
      if (watch.look()) begin(cycle, () => (mustKill = true))
    }
    if (mustKill) {
      mustKill = false
      await life.kill()
      const starting = life.agent.start()
      // Off the network it goes on all the same, and comes back when the line does.
      if (line.isCut) void starting.catch(() => {})
      else await starting
    }
    if (options.speed !== undefined) await setTimeout(lookMs / options.speed)
    await setImmediate()
    const status = life.agent.peroxideStatus!
    if (status.phase !== phase) {
      phase = status.phase
      progress.say(`· ${phase}`)
    }
    if (phase === 'awaitingArming' && status.arming === 'locked' && status.blockers.length === 0) {
      for (const doorId of room.doorIds) world.gas.setTaped(doorId, true)
      await arm(
        {
          handle,
          life,
          pass: async (ms) => clock.advance(ms),
          action: (actionType, parameters = []) => sendAction(cycle, actionType, parameters),
        },
        { missionId, method: options.method },
      )
    }
    // What the robot says of its end is on the wire.
    if (phase === 'finished') {
      line.mend()
      await served(() => reportNow() !== undefined, signal)
    }
  }
  const report = JSON.parse(reportNow()!) as PeroxideReport
  return resultOf(report, cycle, watch, handle.roomId)
}

/** What the caller wanted to happen, once gas flows. */
function begin({ options, found, world, clock, line }: Cycle, kill: () => void): void {
  const { level, room } = found
  if (options.personEnters !== undefined) {
    clock.setTimeout(() => letPersonEnter(world, level, room), options.personEnters * 1000)
  }
  if (options.doorOpens !== undefined) {
    clock.setTimeout(() => openDoor(world, level, room), options.doorOpens * 1000)
  }
  if (options.furnitureMoved !== undefined) {
    clock.setTimeout(() => leaveTrolley(world, level, room, robotId), options.furnitureMoved * 1000)
  }
  if (options.killAgent !== undefined) clock.setTimeout(kill, options.killAgent * 1000)
  if (options.networkLost !== undefined) {
    clock.setTimeout(() => line.cut(), options.networkLost.fromS * 1000)
    clock.setTimeout(() => line.mend(), options.networkLost.toS * 1000)
  }
}

/** @throws WARD_ERR_OPTION for what makes no sense in a cycle of gas */
function refuseWhatGasHasNot({ method, lampFails, rearm = 0 }: PeroxideDemoOptions): void {
  if (lampFails !== undefined) {
    throw wardError('WARD_ERR_OPTION', {
      what: `--lamp-fails makes no sense with --method ${method}: a cycle of hydrogen peroxide lights no lamp`,
      where: '--lamp-fails',
      remedy: 'Leave it out, or choose --method uv.',
    })
  }
  if (rearm > 0) {
    throw wardError('WARD_ERR_OPTION', {
      what: `--rearm makes no sense with --method ${method}: what stops the gas stops it for the whole mission, and the room is aired`,
      where: '--rearm',
      remedy: 'Leave it out, or choose --method uv.',
    })
  }
}

async function sendOrder({ found, plan, world, clock, publish }: Cycle): Promise<void> {
  const { level, room } = found
  const standing = roomStandingPose(level, room, ROBOT_CLEARANCE_M)
  const route = routeBetween(level, world.robots.get(robotId)!.estimatedPose, standing)
  const order = peroxideOrder({ head: headOf(clock), missionId, levelId: level.id, route, standing, plan })
  await publish('order', order)
}

function sendAction(
  { clock, publish }: Cycle,
  actionType: string,
  parameters: readonly ActionParameter[],
): Promise<void> {
  const head = headOf(clock)
  const actionId = `${missionId}.${actionType}.${head.headerId}`
  return publish('instantActions', instantAction({ head, actionType, actionId, parameters }))
}

let headers = 0
function headOf(clock: SimulatedClock) {
  headers += 1
  return { address, timestamp: new Date(clock.epochMs()).toISOString(), headerId: headers }
}

/** Lets the sockets be served until what travels over them has come, in real time. */
async function served(hasCome: () => boolean, signal: AbortSignal): Promise<void> {
  const endMs = performance.now() + patienceMs
  do {
    if (signal.aborted) throw stopped(`ended by ${String(signal.reason)}`)
    if (performance.now() > endMs) throw stopped('a message did not arrive')
    await setImmediate()
  } while (!hasCome())
}

/** Looks at what is true: when gas first flows, and how long it flows on behind an open door. */
class GasWatch {
  readonly #world: World
  readonly #clock: SimulatedClock
  readonly #doorIds: readonly string[]
  #hasFlowed = false
  #openSinceMs: number | null = null
  #worstMs = 0

  constructor(world: World, clock: SimulatedClock, { room }: FoundRoom) {
    this.#world = world
    this.#clock = clock
    this.#doorIds = room.doorIds
  }

  get worstMs(): number {
    return this.#worstMs
  }

  /** @returns whether gas flows for the first time */
  look(): boolean {
    const isFlowing = this.#world.robots.get(robotId)!.vaporiserGPerMin > 0
    const isOpen = this.#doorIds.some((id) => this.#world.doors.isOpen(id))
    this.#openSinceMs =
      isFlowing && isOpen ? (this.#openSinceMs ?? this.#clock.monotonicMs() - STEP_MS) : null
    if (this.#openSinceMs !== null) {
      this.#worstMs = Math.max(this.#worstMs, this.#clock.monotonicMs() - this.#openSinceMs)
    }
    const isFirst = isFlowing && !this.#hasFlowed
    this.#hasFlowed ||= isFlowing
    return isFirst
  }
}

function resultOf(
  report: PeroxideReport,
  { found, plan, world, line }: Cycle,
  watch: GasWatch,
  roomId: string | null,
): PeroxideDemoResult {
  const startedMs = Date.parse(report.startedAt)
  return {
    room: found.room.name,
    method: report.method,
    verdict: report.verdict,
    end: report.end,
    plannedSeconds: Math.round(plan.expectedS),
    elapsedSeconds: round(report.elapsedS),
    h2o2G: { planned: round(report.plannedH2o2G), injected: round(report.injectedG) },
    targetPpm: report.targetPpm,
    peakPpm: round(report.peakPpm),
    dwellSeconds: { planned: report.plannedDwellS, achieved: round(report.dwellS) },
    ppmHours: round(report.ppmHours),
    sensors: report.sensors,
    outside: report.outside,
    wasEvacuated: report.wasEvacuated,
    clearedAtSeconds:
      report.clearedAt === null ? null : round((Date.parse(report.clearedAt) - startedMs) / 1000),
    gasOffLatencyMs: report.interlocks.length === 0 ? null : watch.worstMs,
    truth: {
      ppmWhenCleared: round(world.gas.ppm(roomId ?? found.room.id)),
      worstBreathedPpm: round(world.gas.worstBreathedPpm),
    },
    interlocks: report.interlocks.map(({ at, kind, detail }) => ({ at: round(at), kind, detail })),
    phases: report.timeline,
    connectionsLost: line.dropped,
    missionId: report.missionId,
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
