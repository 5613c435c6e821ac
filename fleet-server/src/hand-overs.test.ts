import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SimulatedClock } from '@wardlight/core/clock'
import type { ApiError, AuditPage, HandOverSummary, HandOverView, RoomView } from '@wardlight/core/fleet'
import type { FleetServer } from './server.ts'
import { createStore, ENGINES, type TestStore } from './testing/engines.ts'
import { smallPlan } from './testing/small-plan.ts'
import { TestClient } from './testing/test-client.ts'
import { newcomer, TestPerson } from './testing/test-person.ts'
import { startTestServer } from './testing/test-server.ts'

const DAY_MS = 86_400_000
const EVENING = Date.UTC(2026, 0, 5, 21)

/** Room 2 is of ward B, all else of ward A. */
function twoWards() {
  const plan = smallPlan()
  return {
    ...plan,
    levels: plan.levels.map((level) => ({
      ...level,
      rooms: level.rooms.map((room) => ({ ...room, ward: room.id === 'room-2' ? 'B' : 'A' })),
    })),
  }
}

describe.each(ENGINES)('what a shift hands over, on $engine', ({ adminUrl, isSkipped }) => {
  let store: TestStore
  let server: FleetServer
  let nora: TestClient
  let nils: TestClient
  let given: HandOverView

  const start = async (nowMs: number): Promise<void> => {
    server = await startTestServer({
      ...store.options,
      plan: twoWards(),
      clock: new SimulatedClock(nowMs),
    })
    nora = await TestClient.signIn(server, 'nurse')
    nils = await TestClient.signIn(server, 'nurse2')
  }
  const list = (client: TestClient, ward = 'A') =>
    client.ok<HandOverView[]>('GET', `/hand-overs?ward=${ward}`)
  const now = (client: TestClient, ward = 'A') => client.ok<HandOverSummary>('GET', `/hand-over?ward=${ward}`)

  beforeAll(async () => {
    if (isSkipped) return
    store = await createStore(adminUrl)
    await start(EVENING)
  })
  afterAll(async () => {
    await server?.stop()
    await store?.remove()
  })

  it.skipIf(isSkipped)('shows what is open in the ward now, and nothing of another one', async () => {
    await nora.ok<RoomView>('PATCH', '/rooms/room-1', { state: 'blocked' })
    await nora.ok<RoomView>('PATCH', '/rooms/room-2', { state: 'stat' })
    await nora.ok('POST', '/contamination/rooms/room-1/isolation', { organismIds: ['mrsa'] })
    const request = await nora.plannedRequest('room-1')
    const { items, at } = await now(nora)
    expect(at).toBe(new Date(EVENING).toISOString())
    expect(items.filter(({ roomId }) => roomId === 'room-1')).toMatchObject([
      { kind: 'toApprove', urgency: 'soon', detail: 'asked for by Nora Nurse' },
      { kind: 'blocked', urgency: 'soon', since: at },
      { kind: 'isolated', urgency: 'know', detail: 'MRSA' },
    ])
    expect(items.filter(({ roomId }) => roomId === 'room-2')).toEqual([])
    expect((await now(nora, 'B')).items[0]).toMatchObject({ kind: 'stat', urgency: 'now', roomId: 'room-2' })
    await nora.ok('POST', `/requests/${request.id}/withdraw`)
    expect((await now(nora)).items.map(({ kind }) => kind)).not.toContain('toApprove')
  })

  it.skipIf(isSkipped)('is given with notes, and stays as it was then', async () => {
    given = await nora.ok<HandOverView>('POST', '/hand-overs', {
      ward: 'A',
      notes: '  The trolley is back at 22:00.  ',
    })
    expect(given).toMatchObject({
      notes: 'The trolley is back at 22:00.',
      givenBy: 'Nora Nurse',
      takenBy: null,
      summary: await now(nora),
    })
    await nora.ok<RoomView>('PATCH', '/rooms/room-1', { state: 'dirty' })
    expect(await list(nils)).toEqual([given])
    expect(await list(nils, 'B')).toEqual([])
  })

  it.skipIf(isSkipped)('is taken over by somebody else, once', async () => {
    const path = `/hand-overs/${given.id}/take`
    const refused = await nora.call<ApiError>('POST', path)
    expect([refused.status, refused.body.code]).toEqual([409, 'WARD_ERR_CONFLICT'])
    // Two fingers at the same moment are one person.
    const [taken, again] = await Promise.all([
      nils.ok<HandOverView>('POST', path),
      nils.ok<HandOverView>('POST', path),
    ])
    expect(taken).toEqual({
      ...given,
      takenBy: 'Nils Nurse',
      takenAt: new Date(EVENING).toISOString(),
    })
    expect(again).toEqual(taken)
    const clinician = await TestClient.signIn(server, 'clinician')
    expect((await clinician.call<ApiError>('POST', path)).body.what).toBe(
      'Nils Nurse has taken it over already',
    )
    expect(await list(nora)).toEqual([taken])
  })

  it.skipIf(isSkipped)('refuses wards that nobody knows, and notes that nobody reads', async () => {
    for (const path of ['/hand-over?ward=Z', '/hand-overs?ward=Z']) {
      expect((await nora.call('GET', path)).status).toBe(404)
    }
    expect((await nora.call('GET', '/hand-over')).status).toBe(400)
    expect((await nora.call('POST', '/hand-overs', { ward: 'Z', notes: '' })).status).toBe(404)
    const long = { ward: 'A', notes: 'x'.repeat(2001) }
    expect((await nora.call('POST', '/hand-overs', long)).status).toBe(400)
    expect((await nora.call('POST', '/hand-overs/none/take')).status).toBe(404)
    expect(await list(nora)).toHaveLength(1)
  })

  it.skipIf(isSkipped)('is for people of that ward', async () => {
    const admin = new TestPerson(server)
    await admin.signIn('admin', 'admin-demo')
    const { person } = await newcomer(server, admin, {
      name: 'bea',
      displayName: 'Bea of B',
      role: 'nurse',
      wards: ['B'],
    })
    const bea = person.client
    expect((await bea.call('GET', '/hand-over?ward=A')).status).toBe(403)
    expect((await bea.call('GET', '/hand-overs?ward=A')).status).toBe(403)
    expect((await bea.call('POST', '/hand-overs', { ward: 'A', notes: '' })).status).toBe(403)
    expect((await bea.call('POST', `/hand-overs/${given.id}/take`)).status).toBe(403)
    expect((await now(bea, 'B')).ward).toBe('B')
  })

  it.skipIf(isSkipped)('is on record without its words, and forgotten after 90 days', async () => {
    const admin = await TestClient.signIn(server, 'admin')
    const { entries } = await admin.ok<AuditPage>('GET', `/audit?about=${given.id}`)
    expect(entries.map(({ change }) => change?.table)).toContain('hand_overs')
    expect((await admin.ok<AuditPage>('GET', '/audit?about=trolley')).entries).toEqual([])

    await server.stop()
    await start(EVENING + 89 * DAY_MS)
    const second = await nils.ok<HandOverView>('POST', '/hand-overs', { ward: 'B', notes: '' })
    expect((await list(nora)).map(({ id }) => id)).toEqual([given.id])
    await server.stop()
    await start(EVENING + 91 * DAY_MS)
    await nils.ok<HandOverView>('POST', '/hand-overs', { ward: 'A', notes: '' })
    expect((await list(nora)).map(({ id }) => id)).not.toContain(given.id)
    expect((await list(nora, 'B')).map(({ id }) => id)).toEqual([second.id])
  })
})
