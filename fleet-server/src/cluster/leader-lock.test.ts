import { createSystemClock, SimulatedClock, type Clock } from '@wardlight/core/clock'
import { eq } from 'drizzle-orm'
import { Client } from 'pg'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openDatabase, type OpenDatabase } from '../store/database.ts'
import { rooms, type RoomRow } from '../store/schema.ts'
import { createEmptyDatabase, type EmptyDatabase } from '../testing/empty-database.ts'
import { silentLog } from '../testing/test-server.ts'
import { clusterIdentity } from './cluster-identity.ts'
import { fencedDatabase } from './fence.ts'
import { BELIEVED_FOR_MS, LeaderLock, type Leader, type Term } from './leader-lock.ts'

// PostgreSQL ends what hangs after 5 and 15 s of real time.
vi.setConfig({ testTimeout: 120_000 })

const adminUrl = process.env['WARDLIGHT_POSTGRES_URL']
const note = adminUrl === undefined ? ' (skipped: needs WARDLIGHT_POSTGRES_URL)' : ''

describe.skipIf(adminUrl === undefined)(`who of several servers leads, on PostgreSQL${note}`, () => {
  const machine = createSystemClock(globalThis)
  let empty: EmptyDatabase
  let database: OpenDatabase
  let stopping: AbortController
  let terms: Term[]

  beforeEach(async () => {
    empty = await createEmptyDatabase(adminUrl!)
    database = await openDatabase({ dataDir: null, databaseUrl: empty.url })
    await clusterIdentity(database)
    stopping = new AbortController()
    terms = []
  })
  afterEach(async () => {
    stopping.abort()
    for (const term of terms) await term.end('the test is over')
    await database.close()
    await empty.drop()
  })

  /** Resolves when server `serverId` leads. */
  async function lead(
    serverId: string,
    {
      clock = machine,
      onOther = () => {},
    }: { clock?: Clock; onOther?: (leader: Leader | null) => void } = {},
  ): Promise<Term> {
    const lock = new LeaderLock({ databaseUrl: empty.url, serverId, clock, log: silentLog })
    const term = await lock.take(`http://${serverId}`, onOther, stopping.signal)
    if (term === null) throw new Error(`${serverId} was stopped before it led`)
    terms.push(term)
    return term
  }

  async function ask(statement: string): Promise<unknown[]> {
    const client = new Client({ connectionString: empty.url })
    await client.connect()
    try {
      return (await client.query(statement)).rows as unknown[]
    } finally {
      await client.end()
    }
  }

  /** As an administrator, or a network that breaks: the session with the lock is gone. */
  const cutLeader = () =>
    ask(
      `select pg_terminate_backend(pid) from pg_locks
        where locktype = 'advisory' and objid = 505031 and granted
          and database = (select oid from pg_database where datname = current_database())`,
    )

  const markRoom = (term: Term, reason: string) =>
    fencedDatabase(database, term.epoch).write((tx) =>
      tx
        .insert(rooms)
        .values({ ...ROOM, reason })
        .onConflictDoUpdate({ target: rooms.id, set: { reason } }),
    )
  const roomReason = async () =>
    (await database.queries.select().from(rooms).where(eq(rooms.id, ROOM.id)))[0]?.reason

  it('is one; the others hear which, and one of them is next when it leaves', async () => {
    const first = await lead('a')
    let second: Promise<Term>
    const heard = await new Promise<Leader | null>((resolve) => {
      second = lead('b', { onOther: resolve })
    })
    expect(heard).toEqual({ epoch: first.epoch, serverId: 'a', url: 'http://a' })
    expect(first.isHeld()).toBe(true)
    await markRoom(first, 'by a')
    await first.end('it leaves')
    const next = await second!
    expect(next.epoch).toBe(first.epoch + 1)
    expect([first.isHeld(), next.isHeld()]).toEqual([false, true])
    await markRoom(next, 'by b')
    expect(await roomReason()).toBe('by b')
  })

  it('knows that it is no longer when its connection is cut, and could not have written since the other leads', async () => {
    const first = await lead('a')
    await markRoom(first, 'by a')
    const second = lead('b')
    await cutLeader()
    const next = await second
    // Even one that has not noticed: the database refuses it.
    await expect(markRoom(first, 'by a, too late')).rejects.toMatchObject({ code: 'WARD_ERR_NO_LEADER' })
    await first.ended
    expect(first.isHeld()).toBe(false)
    expect(next.isHeld()).toBe(true)
    expect(await roomReason()).toBe('by a')
  })

  it('waits for what the one before has in work, and ends it where that one hangs', async () => {
    const first = await lead('a')
    let goOn = () => {}
    const hangs = new Promise<void>((resolve) => (goOn = resolve))
    let begun = () => {}
    const hasBegun = new Promise<void>((resolve) => (begun = resolve))
    const stalled = fencedDatabase(database, first.epoch).write(async (tx) => {
      await tx.insert(rooms).values({ ...ROOM, reason: 'half done' })
      begun()
      await hangs
      await tx.insert(rooms).values({ ...ROOM, id: 'another' })
    })
    const outcome = stalled.then(
      () => 'stored',
      () => 'refused',
    )
    await hasBegun
    const second = lead('b')
    await cutLeader()
    const next = await second
    goOn()
    expect(await outcome).toBe('refused')
    expect(await roomReason()).toBeUndefined()
    await markRoom(next, 'by b')
  })

  it('does not believe in itself for longer than PostgreSQL has answered', async () => {
    const clock = new SimulatedClock()
    const term = await lead('a', { clock })
    expect(term.isHeld()).toBe(true)
    clock.advance(BELIEVED_FOR_MS - 1)
    expect(term.isHeld()).toBe(true)
    clock.advance(1)
    expect(term.isHeld()).toBe(false)
  })

  it('loses the lock to PostgreSQL itself when it shows no life', async () => {
    // Its clock stands still: it never says again that it lives.
    const term = await lead('a', { clock: new SimulatedClock() })
    const next = await lead('b')
    expect(next.epoch).toBe(term.epoch + 1)
    await expect(markRoom(term, 'by a, too late')).rejects.toMatchObject({ code: 'WARD_ERR_NO_LEADER' })
  })
})

const ROOM: RoomRow = {
  id: 'room-1',
  name: null,
  state: 'dirty',
  since: new Date('2026-01-05T03:00:00Z'),
  reason: null,
  requestId: null,
  missionId: null,
}
