import { createSystemClock } from '@wardlight/core/clock'
import { DEFAULT_LAMP } from '@wardlight/core/disinfection'
import type { FastifyBaseLogger } from 'fastify'
import { pino } from 'pino'
import { startFleetServer, type FleetServer, type FleetServerOptions } from '../server.ts'
import { smallPlan } from './small-plan.ts'

export const silentLog: FastifyBaseLogger = pino({ level: process.env['LOG_LEVEL'] ?? 'silent' })

export function startTestServer(options: Partial<FleetServerOptions> = {}): Promise<FleetServer> {
  return startFleetServer({
    dataDir: null,
    host: '127.0.0.1',
    httpPort: 0,
    mqttPort: 0,
    plan: smallPlan(),
    hospitalName: 'Small hospital',
    timeZone: 'UTC',
    demoUsers: true,
    isSimulated: false,
    consoleDir: null,
    clock: createSystemClock(globalThis),
    lamp: DEFAULT_LAMP,
    version: '0.0.0-test',
    log: silentLog,
    ...options,
  })
}
