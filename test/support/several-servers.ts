import { createEmptyDatabase } from '../../fleet-server/src/testing/empty-database.ts'
import { freePorts } from './free-ports.ts'
import { isMosquittoThere, startMosquitto } from '../../scripts/src/mosquitto-process.ts'
import { startWardlight, type WardlightProcess } from './processes.ts'
import { until } from './until.ts'

const postgresUrl = process.env['WARDLIGHT_POSTGRES_URL']
export const areServersPossible = postgresUrl !== undefined && isMosquittoThere
/** Says so behind a test's name where they are not. */
export const serversNote = areServersPossible
  ? ''
  : ' (skipped: needs Mosquitto, and PostgreSQL in WARDLIGHT_POSTGRES_URL; `npm test` starts one)'

export interface ServerProcess extends WardlightProcess {
  readonly url: string
  /** As it was when it said that it is up. */
  readonly role: string
}

/** An empty database on PostgreSQL, a Mosquitto, and as many server processes on both as a test wants. */
export interface ServersStage {
  readonly databaseUrl: string
  readonly mqttUrl: string
  startServer(): Promise<ServerProcess>
  /** Another `wardlight` command beside them. */
  start(args: string[], ready: RegExp, env?: Record<string, string>): Promise<WardlightProcess>
  stop(): Promise<void>
}

export async function openServersStage(): Promise<ServersStage> {
  const database = await createEmptyDatabase(postgresUrl!)
  const broker = await startMosquitto()
  const running = new Set<WardlightProcess>()
  const start: ServersStage['start'] = async (args, ready, env = {}) => {
    const started = await startWardlight(args, { ready, env })
    running.add(started)
    return started
  }
  return {
    databaseUrl: database.url,
    mqttUrl: broker.url,
    start,
    async startServer() {
      const [port] = await freePorts(1)
      const started = await start(['server', '--port', `${port}`, '--demo-users'], /^\{.*\}$/m, {
        DATABASE_URL: database.url,
        MQTT_URL: broker.url,
      })
      return { ...started, ...(JSON.parse(started.found[0]) as { url: string; role: string }) }
    },
    async stop() {
      // Also those that a test has made to stand still.
      for (const each of running) await each.kill('SIGKILL')
      await broker.stop()
      await database.drop()
    },
  }
}

export async function roleOf({ url }: Pick<ServerProcess, 'url'>): Promise<string> {
  const answer = await fetch(`${url}/api/ready`)
  return ((await answer.json()) as { role: string }).role
}

export async function untilRole(server: Pick<ServerProcess, 'url'>, role: string): Promise<void> {
  await until(async () => ((await roleOf(server)) === role ? true : null))
}
