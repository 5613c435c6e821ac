import path from 'node:path'
import { createSystemClock, SimulatedClock } from '@wardlight/core/clock'
import type { PeroxideMethod } from '@wardlight/core/disinfection'
import { robotIdOf } from '@wardlight/core/fleet'
import { findLevel, readFloorPlan, startingPoses } from '@wardlight/core/floor'
import type { WireVersion } from '@wardlight/core/vda5050'
import { createClockDriver, STEP_MS } from '@wardlight/sim'
import { nodePlanFiles } from './node-plan-files.ts'
import { sampleHospital } from './paths.ts'
import { createLog, undoAll, untilAskedToEnd } from './process-life.ts'
import { parseRobotAddress, robotPassword } from './robot-credentials.ts'
import { createSimulatedHospital, ROBOT_CLEARANCE_M } from './simulated-hospital.ts'

export interface RobotsOptions {
  readonly map?: string | undefined
  readonly level?: string | undefined
  readonly data: string
  readonly mqtt: string
  readonly robot: string
  /** Of its generator; left out, it has a lamp only. */
  readonly gas?: PeroxideMethod | undefined
  /** Of the robot's own screen, 0: any that is free; left out, it serves none. */
  readonly screenPort?: number | undefined
  readonly speed: number
  readonly seed: number
  readonly vda5050?: WireVersion
}

/**
 * One simulated robot with its agent in a process of its own, against any fleet server. A line
 * `press` on standard input presses its arming button.
 */
export async function runRobotsCommand(options: RobotsOptions): Promise<void> {
  const { plan } = readFloorPlan(options.map ?? sampleHospital, nodePlanFiles)
  const level = options.level === undefined ? plan.levels[0]! : findLevel(plan, options.level)
  const log = createLog()
  const systemClock = createSystemClock(globalThis)
  const clock = new SimulatedClock(systemClock.epochMs())
  const address = parseRobotAddress(options.robot)
  const [pose] = startingPoses(level, 1, ROBOT_CLEARANCE_M)
  const hospital = createSimulatedHospital({
    plan,
    seed: options.seed,
    clock,
    robots: [
      {
        address,
        levelId: level.id,
        pose: pose!,
        ...(options.vda5050 === undefined ? {} : { vda5050: { version: options.vda5050 } }),
        ...(options.gas === undefined ? {} : { gas: options.gas }),
        ...(options.screenPort === undefined ? {} : { screenPort: options.screenPort }),
        mqtt: { url: options.mqtt, username: robotIdOf(address), password: robotPassword() },
      },
    ],
    log,
    stateDir: path.resolve(options.data, 'robots'),
    screenClock: systemClock,
  })
  const driver = createClockDriver({ clock, stepMs: STEP_MS, speed: options.speed })
  try {
    await hospital.start()
    driver.start()
    process.stdin.setEncoding('utf8').on('data', (text: string) => {
      if (text.includes('press')) hospital.world.robots.get(robotIdOf(address))?.pressArmButton()
    })
    const robot = robotIdOf(address)
    const screenUrl = hospital.agents.get(robot)?.screenUrl ?? null
    process.stdout.write(`${JSON.stringify({ robot, ...(screenUrl === null ? {} : { screenUrl }) })}\n`)
    await untilAskedToEnd()
  } finally {
    process.stdin.pause()
    await undoAll([() => hospital.stop(), () => driver.stop()], log)
  }
}
