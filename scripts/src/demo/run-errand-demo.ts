import { setImmediate } from 'node:timers/promises'
import { DEFAULT_LAMP } from '@wardlight/core/disinfection'
import { wardError } from '@wardlight/core/errors'
import { ROBOT_ACTION_TYPES, robotIdOf, type ErrandReport } from '@wardlight/core/fleet'
import { dockStagingPose, readFloorPlan, roomStandingPose } from '@wardlight/core/floor'
import { ROBOT_TOPICS } from '@wardlight/core/ros'
import type { Action } from '@wardlight/core/vda5050'
import { instantAction } from '@wardlight/fleet-server'
import { createRobotAgent, type RobotAgent } from '@wardlight/robot-agent'
import { STEP_MS } from '@wardlight/sim'
import { errandAction, errandRound, parametersOf } from '../errand-order.ts'
import { nodePlanFiles } from '../node-plan-files.ts'
import { sampleHospital } from '../paths.ts'
import { ROBOT_CLEARANCE_M, SIMULATED_CAMERAS } from '../simulated-hospital.ts'
import { chooseRoom } from './choose-room.ts'
import { onRobotStage, stopped, type RobotStage } from './robot-stage.ts'

export interface ErrandDemoOptions {
  readonly map?: string | undefined
  readonly level?: string | undefined
  readonly room?: string | undefined
  readonly seed: number
  readonly visit: boolean
  readonly dock: boolean
}

export interface ErrandDemoResult {
  readonly room: string | null
  readonly verdict: ErrandReport['verdict']
  /** Simulated, from the order to its end. */
  readonly elapsedSeconds: number
  readonly errands: readonly ErrandReport[]
  /** Fastest true speed while it was driven by hand, m/s; `null` without a visit. */
  readonly fastestByHandMps: number | null
  /** From the last command before the line broke until the robot truly stood; `null` without a visit. */
  readonly standsAfterSilenceMs: number | null
  /** What no robot knows: the world's own reckoning. */
  readonly truth: { readonly touches: number; readonly timesLit: number; readonly batteryFraction: number }
}

const address = { manufacturer: 'wardlight', serialNumber: 'ward-01' }
const robotId = robotIdOf(address)
const visitor = 'Dr. Weber'
const sessionId = 'demo-session'
/** Sensors, localisation and batteries come up. */
const settleMs = 2500
/** An order that is not over by then will not be, simulated. */
const longestMs = 2 * 3600_000
/** Real time in which a message has to arrive. */
const patienceMs = 60_000
/** How long somebody drives by hand, simulated. */
const drivenMs = 8000
/** The robot begins with so much charge, and is sent to charge a little more. */
const firstFraction = 0.5
const untilPercent = 51

/**
 * One order with a visit, a way back to the dock, or both, over a real broker, without a browser: consent, hand-over,
 * a line that breaks while it is driven by hand, and charging.
 *
 * @throws WardError for a wrong plan or room, and when the order does not end
 */
export async function runErrandDemo(options: ErrandDemoOptions): Promise<ErrandDemoResult> {
  const { plan: floor } = readFloorPlan(options.map ?? sampleHospital, nodePlanFiles)
  const { level, room } = chooseRoom(floor, options)
  const [dock] = level.docks
  if (dock === undefined) throw wardError('WARD_ERR_NOT_FOUND', { what: `${level.name} has no dock` })
  const robot = { levelId: level.id, pose: dock.pose, batteryFraction: firstFraction }
  return onRobotStage(floor, options.seed, address, robot, async (stage) => {
    const { clock, network, world, brokerUrl, log, publish, undo } = stage
    let touches = 0
    network.createNode().createSubscription('std_msgs/msg/Bool', ROBOT_TOPICS.bumper, ({ data }) => {
      if (data) touches += 1
    })
    const agent = createRobotAgent({
      address,
      levelId: level.id,
      graph: network.createNode(),
      clock,
      lamp: DEFAULT_LAMP,
      cameras: SIMULATED_CAMERAS,
      mqtt: { url: brokerUrl, username: robotId, password: 'any' },
      log: log.child({ robot: robotId }),
    })
    world.start()
    undo.push(() => Promise.resolve(world.stop()))
    await agent.start()
    undo.push(() => agent.stop())
    clock.advance(settleMs)
    const stops = [
      ...(options.visit
        ? [{ at: roomStandingPose(level, room, ROBOT_CLEARANCE_M), action: visitAction() }]
        : []),
      ...(options.dock ? [{ at: dockStagingPose(dock), action: dockAction(dock.id) }] : []),
    ]
    const run = new ErrandRun({ ...stage, agent })
    const beganMs = clock.monotonicMs()
    const { estimatedPose: from } = world.robots.get(robotId)!
    const head = headOf(clock.epochMs(), 1)
    await publish('order', errandRound({ head, orderId: 'demo', level, from, stops }))
    const errands = await run.untilReported(stops.map(({ action }) => action.actionId))
    return {
      room: options.visit ? room.name : null,
      verdict: errands.every(({ verdict }) => verdict === 'completed') ? 'completed' : 'aborted',
      elapsedSeconds: Math.round((clock.monotonicMs() - beganMs) / 100) / 10,
      errands,
      fastestByHandMps: options.visit ? Math.round(100 * run.fastestMps) / 100 : null,
      standsAfterSilenceMs: run.standsAfterMs,
      truth: {
        touches,
        timesLit: world.truth.events.filter(({ kind }) => kind === 'lamp.lit').length,
        batteryFraction: Math.round(1000 * world.robots.get(robotId)!.batteryFraction) / 1000,
      },
    }
  })
}

interface RunParts extends Pick<
  RobotStage,
  'world' | 'clock' | 'progress' | 'signal' | 'publish' | 'reported'
> {
  readonly agent: RobotAgent
}

/** Lets time go by, and does what the people of the visit do. */
class ErrandRun {
  readonly #parts: RunParts
  fastestMps = 0
  standsAfterMs: number | null = null
  #phase: string | null = null
  #instants = 0
  #commands = 0
  #wasDriven = false

  constructor(parts: RunParts) {
    this.#parts = parts
  }

  /** @throws WardError when the order does not end */
  async untilReported(actionIds: readonly string[]): Promise<ErrandReport[]> {
    const { clock, agent, progress, signal, reported } = this.#parts
    const endMs = clock.monotonicMs() + longestMs
    const results = () =>
      actionIds.map((id) => reported()?.actionStates.find(({ actionId }) => actionId === id)?.actionResult)
    const lastMessageMs = performance.now() + patienceMs
    while (results().includes(undefined)) {
      if (signal.aborted) throw stopped(`the demonstration was ended by ${String(signal.reason)}`)
      const isOverdue = agent.isIdle && performance.now() > lastMessageMs
      if (clock.monotonicMs() > endMs || isOverdue)
        throw stopped(`the demonstration was still ${agent.errandPhase ?? 'waiting'}`)
      await this.#pass(200)
      if (agent.errandPhase === this.#phase) continue
      this.#phase = agent.errandPhase
      progress.say(`· ${this.#phase ?? 'waiting'}`)
      await this.#act()
    }
    return results().map((result) => JSON.parse(result!) as ErrandReport)
  }

  async #act(): Promise<void> {
    const missionId = 'demo-visit'
    switch (this.#phase) {
      case 'announcing':
        await this.#instant('answerVisit', { missionId, isConsent: true, answeredBy: 'the patient' })
        return
      case 'autonomous':
        if (this.#wasDriven) await this.#instant('endVisit', { missionId, endedBy: visitor })
        else await this.#instant('handOverDrive', { missionId, sessionId, driver: visitor })
        return
      case 'driven':
        this.#wasDriven = true
        await this.#drive()
        await this.#instant('takeBackDrive', { missionId, sessionId })
        return
      default:
    }
  }

  /** Forwards, then the line breaks. */
  async #drive(): Promise<void> {
    const { clock, world } = this.#parts
    const robot = world.robots.get(robotId)!
    this.#command(false)
    for (let ms = 0; ms < drivenMs; ms += 50) {
      this.#command(true)
      await this.#pass(50)
      this.fastestMps = Math.max(this.fastestMps, Math.abs(robot.speedMps))
      // While it is quick: the hardest moment.
      if (Math.abs(robot.speedMps) > 0.4) break
    }
    const lastMs = clock.monotonicMs()
    while (robot.speedMps !== 0) await this.#pass(STEP_MS)
    this.standsAfterMs = clock.monotonicMs() - lastMs
  }

  #command(isHeld: boolean): void {
    const { agent, clock } = this.#parts
    this.#commands += 1
    agent.drive({
      sessionId,
      sequence: this.#commands,
      sentAtEpochMs: clock.epochMs() - 30,
      pictureAgeMs: 80,
      isHeld,
      speedMps: 0.5,
      turnRadPerS: 0,
    })
  }

  async #instant(actionType: string, parameters: Readonly<Record<string, unknown>>): Promise<void> {
    const { publish, clock } = this.#parts
    this.#instants += 1
    const head = headOf(clock.epochMs(), this.#instants)
    const actionId = `instant-${this.#instants}`
    await publish(
      'instantActions',
      instantAction({ head, actionType, actionId, parameters: parametersOf(parameters) }),
    )
  }

  async #pass(ms: number): Promise<void> {
    for (let step = 0; step < ms; step += STEP_MS) this.#parts.clock.advance(STEP_MS)
    await setImmediate()
  }
}

function visitAction(): Action {
  return errandAction(ROBOT_ACTION_TYPES.startTelepresence, 'demo-visit-action', {
    missionId: 'demo-visit',
    visitor,
  })
}

function dockAction(dockId: string): Action {
  return errandAction(ROBOT_ACTION_TYPES.dock, 'demo-dock-action', {
    missionId: 'demo-dock',
    dockId,
    untilPercent,
  })
}

function headOf(epochMs: number, headerId: number) {
  return { headerId, timestamp: new Date(epochMs).toISOString(), address }
}
