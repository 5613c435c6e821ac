import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { createSystemClock } from '@wardlight/core/clock'
import { readFloorPlan } from '@wardlight/core/floor'
import { KEEP_DAYS, startFleetServer, type FleetServer } from '@wardlight/fleet-server'
import { nodePlanFiles } from '../../node-plan-files.ts'
import { sampleHospital } from '../../paths.ts'
import { createLog } from '../../process-life.ts'
import { simulatedServerOptions } from '../../simulated-hospital.ts'
import { servePart, spentUs } from './part.ts'

/** The whole server with its database on the disk, for systems that talk HL7 to it. */
let server: FleetServer | null = null
let dataDir = ''

export const HL7_SERVER_END = {
  async start() {
    dataDir = mkdtempSync(path.join(os.tmpdir(), 'wardlight-bench-'))
    const { plan } = readFloorPlan(sampleHospital, nodePlanFiles)
    server = await startFleetServer({
      ...simulatedServerOptions(plan),
      dataDir,
      clock: createSystemClock(globalThis),
      log: createLog(),
      hl7: { port: 0, tls: null, sendTo: [], keepDays: KEEP_DAYS },
    })
    return {
      port: server.hl7Port!,
      roomIds: plan.levels.flatMap(({ rooms }) => rooms.map(({ id }) => id)),
    }
  },
  spent: () => ({ us: spentUs() }),
  /** Nothing of it stays behind. */
  async leave() {
    await server?.stop()
    rmSync(dataDir, { recursive: true, force: true })
  },
}
export type Hl7ServerEnd = typeof HL7_SERVER_END

if (process.send !== undefined) servePart(HL7_SERVER_END)
