import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Hl7MessageView } from '@wardlight/core/fleet'
import { adt, HospitalReceiver, HospitalSender } from '../../fleet-server/src/testing/hospital-system.ts'
import { TestClient } from '../../fleet-server/src/testing/test-client.ts'
import { freePorts } from '../support/free-ports.ts'
import { startWardlight, type WardlightProcess } from '../support/processes.ts'
import { until } from '../support/until.ts'

const LINES = 4

describe('the server killed while hospital systems talk to it', () => {
  const undo: (() => unknown)[] = []
  afterEach(async () => {
    for (const step of undo.splice(0).toReversed()) await step()
  })

  it('has kept all that it acknowledged, does nothing twice, and tells every bed in order', async () => {
    const dataDir = await mkdtemp(path.join(os.tmpdir(), 'wardlight-chaos-'))
    undo.push(() => rm(dataDir, { recursive: true, force: true }))
    const [port, mqttPort, hl7Port] = (await freePorts(3)) as [number, number, number]
    const beds = await HospitalReceiver.listen()
    undo.push(() => beds.close())
    const start = async (): Promise<WardlightProcess> => {
      const server = await startWardlight(
        ['server', '--data', dataDir, '--demo-users', '--port', `${port}`, '--mqtt-port', `${mqttPort}`]
          .concat('--hl7-port', `${hl7Port}`)
          .concat('--hl7-send', `127.0.0.1:${beds.port}`),
        { ready: /"url"/ },
      )
      undo.push(() => server.kill('SIGKILL'))
      return server
    }
    const first = await start()
    const admin = await TestClient.signIn({ url: `http://127.0.0.1:${port}` }, 'admin')
    const rooms = (await admin.ok<{ id: string }[]>('GET', '/rooms')).map(({ id }) => id)
    const messages = rooms.flatMap((id) => [
      adt('A01', { visit: id, location: `X^${id}`, at: '20260105010000' }),
      adt('A03', { visit: id, location: `X^${id}`, at: '20260105020000' }),
    ])
    const shares = Array.from({ length: LINES }, (_, line) =>
      // Of one visit the one after the other.
      messages.filter((_message, index) => Math.floor(index / 2) % LINES === line),
    )

    const acknowledged = new Set<string>()
    const killed: Promise<void>[] = []
    const say = async (share: readonly string[]) => {
      const line = await HospitalSender.connect(hl7Port)
      undo.push(() => line.close())
      for (const message of share) {
        const answered = await line.sendUntilBroken(message)
        if (answered === null) return
        expect(answered.value('MSA-1')).toBe('AA')
        acknowledged.add(answered.value('MSA-2'))
        if (acknowledged.size === Math.ceil(messages.length / 3)) killed.push(first.kill('SIGKILL'))
      }
    }
    await Promise.all(shares.map(say))
    await Promise.all(killed)
    expect(acknowledged.size).toBeGreaterThan(0)
    expect(acknowledged.size).toBeLessThan(messages.length)

    await start()
    const again = await TestClient.signIn({ url: `http://127.0.0.1:${port}` }, 'admin')
    const log = () => again.ok<Hl7MessageView[]>('GET', '/hl7/messages?outcome=applied')
    const kept = new Set((await log()).map(({ controlId }) => controlId))
    expect([...acknowledged].filter((controlId) => !kept.has(controlId))).toEqual([])

    // Whoever is not sure sends again.
    await Promise.all(shares.map(say))
    expect(acknowledged.size).toBe(messages.length)
    const applied = (await log()).filter(({ direction }) => direction === 'in')
    expect(applied.map(({ controlId }) => controlId).toSorted()).toEqual([...acknowledged].toSorted())
    const states = await again.ok<{ state: string }[]>('GET', '/rooms')
    expect(new Set(states.map(({ state }) => state))).toEqual(new Set(['dirty']))

    await until(async () => {
      const told = new Map<string, string[]>()
      const seen = new Set<string>()
      for (const message of beds.received) {
        // One whose answer was lost comes again, and is known by its control id.
        if (seen.has(message.value('MSH-10'))) continue
        seen.add(message.value('MSH-10'))
        const room = message.value('NPU-1.2')
        told.set(room, [...(told.get(room) ?? []), message.value('NPU-2')])
      }
      const isWhole = rooms.every((id) => /^[OI],[HK]$/.test((told.get(id) ?? []).join(',')))
      return isWhole ? true : null
    })
  }, 120_000)
})
