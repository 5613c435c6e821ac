import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Hl7MessageView, RoomView } from '@wardlight/core/fleet'
import { adt, HospitalReceiver, HospitalSender } from '../../fleet-server/src/testing/hospital-system.ts'
import { TestClient } from '../../fleet-server/src/testing/test-client.ts'
import { freePorts } from '../support/free-ports.ts'
import {
  areServersPossible,
  openServersStage,
  serversNote,
  untilRole,
  type ServersStage,
} from '../support/several-servers.ts'
import { until } from '../support/until.ts'

// Whole processes, on a machine that may have other work.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

describe.skipIf(!areServersPossible)(`hospital systems and several servers${serversNote}`, () => {
  let stage: ServersStage
  let beds: HospitalReceiver

  beforeAll(async () => {
    stage = await openServersStage()
    beds = await HospitalReceiver.listen()
  })
  afterAll(async () => {
    await stage?.stop()
    await beds?.close()
  })

  it('talk to the one that leads, and go on with the next one where it has stopped', async () => {
    // It takes what it is told and dies before it says so, as often as it is told.
    beds.answer = () => null
    const [hl7Port, ...ports] = (await freePorts(3)) as [number, number, number]
    const start = async (port: number) => {
      const started = await stage.start(
        ['server', '--port', `${port}`, '--demo-users', '--hl7-port', `${hl7Port}`].concat(
          '--hl7-send',
          `127.0.0.1:${beds.port}`,
        ),
        /^\{.*\}$/m,
        {
          DATABASE_URL: stage.databaseUrl,
          MQTT_URL: stage.mqttUrl,
          WARDLIGHT_DATA_KEY: '5a'.repeat(32),
        },
      )
      return { ...started, url: `http://127.0.0.1:${port}` }
    }
    const first = await start(ports[0])
    await untilRole(first, 'leader')
    const second = await start(ports[1])
    await untilRole(second, 'follower')

    const admin = await TestClient.signIn(second, 'admin')
    const room = (await admin.ok<RoomView[]>('GET', '/rooms')).find(({ kind }) => kind === 'patientRoom')!
    const admission = adt('A01', { controlId: 'ADM', location: `X^${room.id}`, at: '20260105010000' })
    const line = await HospitalSender.connect(hl7Port)
    expect((await line.send(admission)).value('MSA-1')).toBe('AA')
    await until(async () => (beds.received.length > 0 ? true : null))
    await first.kill('SIGKILL')
    beds.answer = () => 'AA'

    await untilRole(second, 'leader')
    const next = await HospitalSender.connect(hl7Port)
    // Whoever has lost the line sends the last one again.
    expect((await next.send(admission)).value('MSA-1')).toBe('AA')
    expect(next.answers[0]!.equals(line.answers[0]!)).toBe(true)
    const left = await next.send(adt('A03', { location: `X^${room.id}`, at: '20260105020000' }))
    expect(left.value('MSA-1')).toBe('AA')
    expect((await admin.room(room.id)).state).toBe('dirty')
    // What nobody said AA to is told again under its own name, by which the other side knows it.
    const told = () =>
      new Map(beds.received.map((message) => [message.value('MSH-10'), message.value('NPU-2')]))
    await until(async () => (told().size === 2 ? true : null))
    expect([...told().values()]).toEqual(['O', expect.stringMatching(/[HK]/)])
    const log = await admin.ok<Hl7MessageView[]>('GET', '/hl7/messages')
    expect(log.filter(({ direction }) => direction === 'in').map(({ attempts }) => attempts)).toEqual([1, 2])
    next.close()
  })
})
