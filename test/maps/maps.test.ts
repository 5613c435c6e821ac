import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createSystemClock, SimulatedClock } from '@wardlight/core/clock'
import type { RobotView } from '@wardlight/core/fleet'
import { readFloorPlan } from '@wardlight/core/floor'
import { startFleetServer, type FleetServer } from '@wardlight/fleet-server'
import { createClockDriver, STEP_MS } from '@wardlight/sim'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { nodePlanFiles } from '../../scripts/src/node-plan-files.ts'
import { sampleHospital } from '../../scripts/src/paths.ts'
import {
  createSimulatedHospital,
  placeRobots,
  simulatedServerOptions,
  type SimulatedRobot,
} from '../../scripts/src/simulated-hospital.ts'
import { until } from '../support/until.ts'

const log = pino({ level: 'silent' })
const { plan } = readFloorPlan(sampleHospital, nodePlanFiles)

let stateDir: string
let server: FleetServer
let robots: SimulatedRobot[]
let clock: SimulatedClock

beforeEach(async () => {
  stateDir = mkdtempSync(path.join(tmpdir(), 'wardlight-maps-'))
  clock = new SimulatedClock(createSystemClock(globalThis).epochMs())
  server = await startFleetServer({ ...simulatedServerOptions(plan), dataDir: null, clock, log })
  robots = await placeRobots(server, plan.levels.slice(0, 1), 1)
})
afterEach(async () => {
  await server.stop()
  rmSync(stateDir, { recursive: true, force: true })
})

interface Index {
  readonly kept: readonly { readonly mapId: string; readonly mapVersion: string }[]
  readonly enabled: readonly { readonly mapId: string; readonly mapVersion: string }[]
}

function kept(): Index {
  const file = path.join(stateDir, 'wardlight.uv-01', 'maps', 'maps.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Index) : { kept: [], enabled: [] }
}

/** Lets the robot live until something holds, or for so many simulated seconds. */
async function live(isDone: () => Promise<boolean> | boolean) {
  const hospital = createSimulatedHospital({ plan, seed: 1, clock, robots, log, stateDir })
  const driver = createClockDriver({ clock, stepMs: STEP_MS, speed: 10 })
  await hospital.start()
  driver.start()
  try {
    await until(async () => ((await isDone()) ? true : null))
  } finally {
    await hospital.stop()
    await driver.stop()
  }
}

it('a robot comes to have the maps of every level that it can be on, is not lost by them, and keeps them', async () => {
  const levelIds = plan.levels.map(({ id }) => id).toSorted()
  await live(() => kept().enabled.length === levelIds.length)
  const before = kept()
  expect(before.enabled.map(({ mapId }) => mapId).toSorted()).toEqual(levelIds)
  expect(before.kept.every(({ mapVersion }) => /^wl-[0-9a-f]{16}$/.test(mapVersion))).toBe(true)

  const session = await fetch(`${server.url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'nurse', password: 'nurse-demo' }),
  })
  const cookie = session.headers.get('set-cookie')!.split(';')[0]!
  const robot = async () => {
    const response = await fetch(`${server.url}/api/robots`, { headers: { cookie } })
    return ((await response.json()) as RobotView[])[0]!
  }
  const startedMs = clock.epochMs()
  // Restarted, it looks around for ten seconds with its own map and the one that it was sent.
  let seen: RobotView | null = null
  await live(async () => {
    seen = await robot()
    return clock.epochMs() - startedMs > 10_000 && seen.connection === 'ONLINE'
  })
  expect(seen!).toMatchObject({ errors: [], position: { isLocalized: true } })
  expect(kept()).toEqual(before)
}, 180_000)
