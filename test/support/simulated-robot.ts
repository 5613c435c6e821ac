import { createSystemClock, SimulatedClock } from '@wardlight/core/clock'
import { readFloorPlan } from '@wardlight/core/floor'
import type { Pose2 } from '@wardlight/core/geometry'
import type { RobotAddress, WireVersion } from '@wardlight/core/vda5050'
import { createClockDriver, STEP_MS } from '@wardlight/sim'
import { pino } from 'pino'
import { nodePlanFiles } from '../../scripts/src/node-plan-files.ts'
import { sampleHospital } from '../../scripts/src/paths.ts'
import { createSimulatedHospital } from '../../scripts/src/simulated-hospital.ts'

/** In the corridor of the upper floor, nothing before it for ten metres. */
export const CORRIDOR: { readonly levelId: string; readonly pose: Pose2 } = {
  levelId: 'L2',
  pose: { x: 4, y: 7.2, theta: 0 },
}

/** One simulated robot of ours in the sample hospital, in real time unless said otherwise. */
export async function startSimulatedRobot(options: {
  readonly address: RobotAddress
  readonly mqttUrl: string
  readonly version: WireVersion
  readonly speed?: number
  /** Where it keeps maps and its memory; left out, it keeps none. */
  readonly stateDir?: string
}): Promise<{ stop(): Promise<void> }> {
  const { plan } = readFloorPlan(sampleHospital, nodePlanFiles)
  const clock = new SimulatedClock(createSystemClock(globalThis).epochMs())
  const hospital = createSimulatedHospital({
    plan,
    seed: 1,
    clock,
    robots: [
      {
        address: options.address,
        ...CORRIDOR,
        mqtt: { url: options.mqttUrl, username: 'robot', password: 'any' },
        vda5050: { version: options.version },
        // What zones announce is shown on it.
        screenPort: 0,
      },
    ],
    log: pino({ level: 'silent' }),
    ...(options.stateDir === undefined ? {} : { stateDir: options.stateDir }),
  })
  const driver = createClockDriver({ clock, stepMs: STEP_MS, speed: options.speed ?? 1 })
  await hospital.start()
  driver.start()
  return {
    async stop() {
      await hospital.stop()
      await driver.stop()
    },
  }
}
