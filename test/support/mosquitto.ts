import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { freePorts } from './free-ports.ts'
import { until } from './until.ts'

const PLACES = [process.env['WARDLIGHT_MOSQUITTO'], '/usr/sbin/mosquitto', '/usr/local/sbin/mosquitto']

const found = PLACES.find((file) => file !== undefined && existsSync(file))
/** Says so behind a test's name where there is no Mosquitto. */
export const mosquittoNote = found === undefined ? ' (skipped: no Mosquitto)' : ''
export const isMosquittoThere = found !== undefined && spawnSync(found, ['-h']).error === undefined

export interface Mosquitto {
  readonly url: string
  stop(): Promise<void>
}

/** Debian's broker, on a free port, open to everybody on this machine. */
export async function startMosquitto(): Promise<Mosquitto> {
  const [port] = await freePorts(1)
  const folder = mkdtempSync(path.join(os.tmpdir(), 'wardlight-mosquitto-'))
  const config = path.join(folder, 'mosquitto.conf')
  writeFileSync(config, `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\n`)
  const child = spawn(found!, ['-c', config], { stdio: 'ignore' })
  const isUp = () =>
    new Promise<true | null>((resolve) => {
      const socket = connect(port!, '127.0.0.1', () => {
        socket.destroy()
        resolve(true)
      })
      socket.once('error', () => resolve(null))
    })
  await until(isUp)
  return {
    url: `mqtt://127.0.0.1:${port}`,
    async stop() {
      const exit = once(child, 'exit')
      child.kill('SIGTERM')
      await exit
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
