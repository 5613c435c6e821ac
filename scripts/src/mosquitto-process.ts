import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'

const PLACES = [process.env['WARDLIGHT_MOSQUITTO'], '/usr/sbin/mosquitto', '/usr/local/sbin/mosquitto']

const found = PLACES.find((file) => file !== undefined && existsSync(file))
/** Says so behind the name of a test that wants it. */
export const mosquittoNote = found === undefined ? ' (skipped: no Mosquitto)' : ''
export const isMosquittoThere = found !== undefined && spawnSync(found, ['-h']).error === undefined

/** It listens some milliseconds after it was started. */
const LOOK_AGAIN_MS = 20

export interface Mosquitto {
  readonly url: string
  readonly processId: number
  stop(): Promise<void>
}

/** Debian's broker, on a free port, open to everybody on this machine; it drops nothing for who reads slowly. */
export async function startMosquitto(): Promise<Mosquitto> {
  const port = await freePort()
  const folder = mkdtempSync(path.join(os.tmpdir(), 'wardlight-mosquitto-'))
  const config = path.join(folder, 'mosquitto.conf')
  writeFileSync(
    config,
    `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\nmax_queued_messages 0\n`,
  )
  const child = spawn(found!, ['-c', config], { stdio: 'ignore' })
  while (!(await answers(port))) await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS))
  return {
    url: `mqtt://127.0.0.1:${port}`,
    processId: child.pid!,
    async stop() {
      const exit = once(child, 'exit')
      child.kill('SIGTERM')
      await exit
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
