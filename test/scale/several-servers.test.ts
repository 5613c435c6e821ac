import { once } from 'node:events'
import { connectAsync, type MqttClient } from 'mqtt'
import { Client } from 'pg'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { unseal } from '../../fleet-server/src/cluster/sealed-message.ts'
import { NurseClient } from '../../scripts/src/demo/nurse-client.ts'
import {
  areServersPossible,
  openServersStage,
  roleOf,
  serversNote,
  untilRole,
  type ServerProcess,
  type ServersStage,
} from '../support/several-servers.ts'
import { until } from '../support/until.ts'

// Whole processes, on a machine that may have other work.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

const NURSE = { name: 'nurse', password: 'nurse-demo' }

describe.skipIf(!areServersPossible)(`two servers on one PostgreSQL and one Mosquitto${serversNote}`, () => {
  let stage: ServersStage
  let leader: ServerProcess
  let follower: ServerProcess

  beforeEach(async () => {
    stage = await openServersStage()
    leader = await stage.startServer()
    follower = await stage.startServer()
  })
  afterEach(() => stage.stop())

  it('change places when the connection with the lock is cut, and nobody leads beside the other', async () => {
    expect([leader.role, follower.role]).toEqual(['leader', 'follower'])
    const nurse = new NurseClient(leader.url)
    await nurse.signIn(NURSE)
    await cutLock(stage)
    await until(async () => {
      const roles = await Promise.all([roleOf(leader), roleOf(follower)])
      expect(roles.filter((role) => role === 'leader').length).toBeLessThanOrEqual(1)
      return roles.includes('leader') && roles.includes('follower') ? true : null
    })
    expect(await epochOf(stage)).toBe(2)
    // Who was signed in is, on both, and both answer.
    expect(await nurse.rooms()).toEqual(await nurse.at(follower.url).rooms())
  })

  it('tell people plainly while nobody leads, and go on when somebody does', async () => {
    const nurse = new NurseClient(follower.url)
    await nurse.signIn(NURSE)
    // It hangs, and keeps its lock until PostgreSQL has waited long enough for a sign of life.
    leader.child.kill('SIGSTOP')
    await untilRole(follower, 'none')
    const answer = await fetch(`${follower.url}/api/rooms`, { headers: { cookie: nurse.cookie } })
    expect(answer.status).toBe(503)
    expect(await answer.json()).toMatchObject({ code: 'WARD_ERR_NO_LEADER' })
    expect((await fetch(`${follower.url}/api/ready`)).status).toBe(503)
    expect((await fetch(`${follower.url}/health`)).status).toBe(200)
    await untilRole(follower, 'leader')
    leader.child.kill('SIGCONT')
    // It wakes up, and follows.
    await untilRole(leader, 'follower')
    expect(await roleOf(follower)).toBe('leader')
    expect(await nurse.at(leader.url).rooms()).toEqual(await nurse.rooms())
  })

  it('sign people out on each other, and take no word of a client for that of a server', async () => {
    const nurse = new NurseClient(follower.url)
    await nurse.signIn(NURSE)
    const feed = new WebSocket(`${follower.url.replace('http', 'ws')}/api/live`, {
      headers: { cookie: nurse.cookie },
    })
    await once(feed, 'message')
    const closed = once(feed, 'close') as Promise<[number, Buffer]>
    const signedOut = await fetch(`${leader.url}/api/session`, {
      method: 'DELETE',
      headers: { cookie: nurse.cookie },
    })
    expect(signedOut.status).toBe(204)
    expect((await closed)[0]).toBe(1008)

    // The feed for servers wants their secret.
    const stranger = new WebSocket(`${leader.url.replace('http', 'ws')}/api/servers/live`, {
      headers: { 'x-wardlight-peer': 'a guess' },
    })
    const [, refusal] = (await once(stranger, 'unexpected-response')) as [unknown, { statusCode: number }]
    expect(refusal.statusCode).toBe(403)
    stranger.on('error', () => {})
    stranger.terminate()

    // Whoever guesses passwords is one, whatever address they claim.
    const guess = (url: string, index: number) =>
      fetch(`${url}/api/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-wardlight-client': `10.0.0.${index}` },
        body: JSON.stringify({ name: 'admin', password: `guess ${index}` }),
      })
    const statuses: number[] = []
    for (let index = 0; index < 12; index++) {
      statuses.push((await guess(index % 2 === 0 ? follower.url : leader.url, index)).status)
    }
    expect(statuses.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 401))
    expect(statuses.slice(10)).toEqual([429, 429])
  })

  describe('computing plans', () => {
    let listener: MqttClient
    let topics: { topic: string; content: { id: string; by?: string; kind?: string } }[]

    beforeEach(async () => {
      const [row] = await query<{ secret: string }>(stage, 'select secret from leadership')
      topics = []
      listener = await connectAsync(stage.mqttUrl, { protocolVersion: 5 })
      listener.on('message', (topic, payload) => {
        const content = unseal(topic, payload, row!.secret) as (typeof topics)[number]['content']
        topics.push({ topic, content })
      })
      await listener.subscribeAsync('wardlight-servers/v1/+/+/+/#', { qos: 1 })
      return () => listener.endAsync(true)
    })

    const takers = () =>
      new Set(topics.flatMap(({ content }) => (content?.kind === 'taken' ? [content.by!] : [])))
    const jobIds = () =>
      topics.filter(({ topic }) => topic.endsWith('/plan-jobs')).map(({ content }) => content.id)

    /** Asks for so many rooms; the states of the requests as the leader tells them. */
    async function requestRooms(count: number) {
      const nurse = new NurseClient(leader.url)
      await nurse.signIn(NURSE)
      const rooms = (await nurse.rooms()).filter(({ kind }) => kind === 'patientRoom').slice(0, count)
      const requests = await Promise.all(
        rooms.map(({ id }) => nurse.request({ roomId: id, organismId: 'mrsa', targetLog: 3 })),
      )
      return () => Promise.all(requests.map(async ({ id }) => (await nurse.requestById(id)).status))
    }

    const areAllPlanned = (statuses: readonly string[]) => statuses.every((status) => status === 'planned')

    it('is shared by both', async () => {
      const statuses = await requestRooms(4)
      await until(async () => (areAllPlanned(await statuses()) ? true : null))
      expect(takers().size).toBe(2)
      expect(new Set(jobIds()).size).toBe(4)
      expect(jobIds()).toHaveLength(4)
    })

    it('goes on when a server dies with what it had: the other computes it', async () => {
      // It still is there for the broker, and gets its share, and does nothing.
      follower.child.kill('SIGSTOP')
      const statuses = await requestRooms(2)
      await until(async () => ((await statuses()).includes('planned') ? true : null))
      await until(async () => (new Set(jobIds()).size === 2 ? true : null))
      expect(await statuses()).toContain('planning')
      await follower.kill('SIGKILL')
      await until(async () => (areAllPlanned(await statuses()) ? true : null))
      expect(takers().size).toBe(1)
    })
  })
})

describe.skipIf(!areServersPossible)(`a server on PostgreSQL with its own broker${serversNote}`, () => {
  let stage: ServersStage

  beforeEach(async () => {
    stage = await openServersStage()
  })
  afterEach(() => stage.stop())

  const start = () =>
    stage.start(['server', '--port', '0', '--mqtt-port', '0'], /^\{.*\}$/m, {
      DATABASE_URL: stage.databaseUrl,
      WARDLIGHT_ADMIN_PASSWORD: 'for the test',
    })

  it('shares with none: a second one is refused, and told what to do', async () => {
    await start()
    await expect(start()).rejects.toThrow('ended with 1')
  })

  it('comes back by itself after its connection to the database was cut', async () => {
    const { found } = await start()
    const server = JSON.parse(found[0]) as { url: string; role: string }
    expect(server.role).toBe('leader')
    await cutLock(stage)
    await until(async () => ((await epochOf(stage)) === 2 ? true : null))
    await untilRole(server, 'leader')
  })
})

async function query<Row>({ databaseUrl }: ServersStage, text: string): Promise<Row[]> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    return (await client.query(text)).rows as Row[]
  } finally {
    await client.end()
  }
}

/** As an administrator may, or a network that breaks. */
function cutLock(stage: ServersStage): Promise<unknown> {
  return query(
    stage,
    `select pg_terminate_backend(pid) from pg_locks
      where locktype = 'advisory' and objid = 505031 and granted
        and database = (select oid from pg_database where datname = current_database())`,
  )
}

async function epochOf(stage: ServersStage): Promise<number> {
  return (await query<{ epoch: number }>(stage, 'select epoch from leadership'))[0]!.epoch
}
