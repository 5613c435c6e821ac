import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SimulatedClock } from '@wardlight/core/clock'
import type {
  ApiError,
  ComplianceView,
  DoseReport,
  MissionView,
  NewRequest,
  OutbreakView,
  RequestView,
  Verdict,
} from '@wardlight/core/fleet'
import type { FloorPlan } from '@wardlight/core/floor'
import type { MeasureReport } from 'fhir/r4.js'
import { HospitalClient } from './integrations/fhir/testing/hospital-client.ts'
import type { FleetServer } from './server.ts'
import { ENGINES, createStore, type TestStore } from './testing/engines.ts'
import { doseReportFor, ScriptedRobot } from './testing/scripted-robot.ts'
import { smallPlan } from './testing/small-plan.ts'
import { TestClient, until } from './testing/test-client.ts'
import { newcomer, TestPerson } from './testing/test-person.ts'
import { startTestServer } from './testing/test-server.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** Half past midnight of 1 April in Berlin: in UTC it is still March. */
const NIGHT = Date.parse('2026-03-31T22:30:00Z')

/** Room 1 is of ward A, room 2 of ward B; a name that a spreadsheet would run. */
function twoWards(): FloorPlan {
  const plan = smallPlan()
  const wards: Readonly<Record<string, string | null>> = { 'room-1': 'A', 'room-2': 'B', corridor: null }
  return {
    ...plan,
    levels: plan.levels.map((level) => ({
      ...level,
      rooms: level.rooms.map((room) => ({
        ...room,
        ward: wards[room.id] ?? null,
        name: room.id === 'room-1' ? '=Room, "1"' : room.name,
      })),
    })),
  }
}

const inShadow = {
  id: 'call-button',
  label: 'call button',
  reason: 'shadowed' as const,
  explanation: 'The wardrobe stands between it and every stop.',
  remedy: 'Move the wardrobe, or wipe it.',
}

describe.each(ENGINES)('compliance on $engine', ({ adminUrl, isSkipped }) => {
  describe.skipIf(isSkipped)('counts what was done', () => {
    const clock = new SimulatedClock(NIGHT)
    const robot = new ScriptedRobot()
    let store: TestStore
    let server: FleetServer
    let nurse: TestClient

    async function start(): Promise<void> {
      server = await startTestServer({
        ...store.options,
        plan: twoWards(),
        clock,
        timeZone: 'Europe/Berlin',
        refusesContaminated: false,
      })
      nurse = await TestClient.signIn(server, 'nurse')
      const { password } = await server.registerRobot(robot.address)
      await robot.connect(server.mqttUrl, password)
      await until(async () => (await nurse.robot(robot.id)).batteryFraction !== null)
    }
    beforeAll(async () => {
      store = await createStore(adminUrl)
      await start()
    }, 60_000)
    afterAll(async () => {
      await robot.disconnect()
      await server.stop()
      await store.remove()
    })

    const dueIn = (durationMs: number) => new Date(clock.epochMs() + durationMs).toISOString()

    /** Asks for the room, approves, and lets the robot take it. */
    async function begun(roomId: string, wish: Partial<NewRequest>) {
      const { id } = await nurse.plannedRequest(roomId, wish)
      const mission = await nurse.ok<MissionView>('POST', `/requests/${id}/approve`)
      const order = await until(() => robot.orders.find(({ orderId }) => orderId === mission.id))
      robot.take(order)
      await robot.state()
      await robot.mission(mission.id, { phase: 'awaitingArming' })
      await until(async () => (await nurse.mission(mission.id)).phase === 'awaitingArming')
      return { missionId: mission.id, order }
    }

    async function ended(
      { missionId, order }: Awaited<ReturnType<typeof begun>>,
      verdict: Verdict,
      spoil: (report: DoseReport) => void,
    ) {
      robot.setAction('awaitArming', 'FINISHED')
      robot.setAction(
        'startUvDose',
        'FINISHED',
        JSON.stringify(doseReportFor(order, robot.id, { verdict, spoil })),
      )
      await robot.state()
      await until(async () => (await nurse.mission(missionId)).verdict === verdict)
    }

    /** Released so long after it was asked for. */
    async function proven(
      roomId: string,
      releasedAfterMs: number,
      dueAfterMs: number | null,
      lastOutput: number | null,
    ) {
      const run = await begun(roomId, dueAfterMs === null ? {} : { dueAt: dueIn(dueAfterMs) })
      await ended(run, 'proven', (report) => {
        report.missed.push(inShadow)
        report.lampOnS = 900
        report.instruments = {
          softwareVersion: '1',
          tubes: [{ id: 'A17', hours: 812, ratedLifeHours: 9000, isOutputMeasured: false, lastOutput }],
          doorGuards: [],
          gasSensors: [],
          calibrations: [],
        }
      })
      clock.advance(releasedAfterMs)
      // Proven, and nobody has signed.
      const { dueWhole } = await compliance()
      await nurse.ok('POST', `/missions/${run.missionId}/release`, { missedSurfacesWiped: true })
      expect((await compliance()).dueWhole.done).toBe(dueWhole.done + 1)
    }

    const compliance = (query = '', client: Pick<TestClient, 'ok'> = nurse) =>
      client.ok<ComplianceView>('GET', `/compliance${query}`)

    it('says that there is nothing, where nothing was done', async () => {
      const view = await compliance()
      expect([view.from, view.to, view.wards]).toEqual(['2026-02', '2026-04', ['A', 'B']])
      expect([view.due, view.runs, view.causes, view.missed]).toEqual([[], [], [], []])
      expect(view.turnaround.whole).toMatchObject({ count: 0, medianS: null, p90S: null, longestS: null })
      expect(view.lamps).toMatchObject([{ robotId: robot.id, tubeId: null, hours: null, output: null }])
    })

    it('knows what was due, done, late, failed, withdrawn and open, in the month of the hospital', async () => {
      await proven('room-1', 90 * MINUTE, 2 * HOUR, 0.87)
      await proven('room-1', HOUR, 30 * MINUTE, null)
      await proven('room-2', 3 * HOUR, null, null)

      // Nobody signs it, and the next one begins.
      await ended(await begun('room-2', {}), 'proven', () => {})
      expect((await compliance()).dueWhole).toMatchObject({ failed: 0, open: 1 })
      clock.advance(MINUTE)
      await ended(await begun('room-2', {}), 'aborted', (report) => {
        report.interlocks.push({ at: 30, kind: 'person.detected', detail: '', wasLit: true })
      })
      const stopped = await begun('room-2', { dueAt: dueIn(10 * MINUTE) })
      await nurse.ok('POST', `/missions/${stopped.missionId}/stop`)
      await ended(stopped, 'aborted', () => {})
      await ended(await begun('room-1', {}), 'incomplete', (report) => report.missed.push(inShadow))

      const taken = await nurse.plannedRequest('room-2', {})
      await nurse.ok<RequestView>('POST', `/requests/${taken.id}/withdraw`)
      await nurse.plannedRequest('room-2', { dueAt: dueIn(5 * MINUTE) })
      clock.advance(20 * MINUTE)

      const view = await compliance('?from=2026-03&to=2026-04')
      const nothing = {
        doneInTime: 0,
        doneLate: 0,
        doneWithoutDueTime: 0,
        missedDates: 0,
        withdrawn: 0,
        overdue: 0,
        open: 0,
      }
      expect(view.due).toEqual([
        { month: '2026-04', ward: 'A', ...nothing, due: 3, done: 2, doneInTime: 1, doneLate: 1, failed: 1 },
        {
          month: '2026-04',
          ward: 'B',
          ...nothing,
          due: 5,
          done: 1,
          doneWithoutDueTime: 1,
          failed: 3,
          open: 1,
          overdue: 2,
          withdrawn: 1,
        },
      ])
      expect(view.dueWhole).toMatchObject({ due: 8, done: 3, failed: 4, open: 1, overdue: 2, withdrawn: 1 })
      expect((await compliance('?from=2026-03&to=2026-03')).due).toEqual([])
    }, 60_000)

    it('knows how long it took, of the requests themselves', async () => {
      const { whole, byWard, byMonth } = (await compliance()).turnaround
      expect(whole).toEqual({
        count: 3,
        medianS: 5400,
        p90S: 10_800,
        longestS: 10_800,
        buckets: [1, 1, 1, 0, 0, 0, 0, 0],
      })
      expect(byWard).toMatchObject([
        { ward: 'A', count: 2, medianS: 3600, p90S: 5400 },
        { ward: 'B', count: 1, medianS: 10_800 },
      ])
      expect(byMonth).toMatchObject([{ month: '2026-04', count: 3 }])
    })

    it('knows what ended without a proof, and why; what is always in shadow; and how old lamps are', async () => {
      const { runs, causes, missed, unreadRuns, lamps } = await compliance()
      expect(runs).toEqual([
        { month: '2026-04', ward: 'A', finished: 3, proven: 2, incomplete: 1, aborted: 0, withoutVerdict: 0 },
        { month: '2026-04', ward: 'B', finished: 4, proven: 2, incomplete: 0, aborted: 2, withoutVerdict: 0 },
      ])
      expect(
        causes.map(({ ward, cause, aborted, incomplete }) => [ward, cause, aborted, incomplete]),
      ).toEqual([
        ['A', 'underDosed', 0, 1],
        ['B', 'person.detected', 1, 0],
        ['B', 'stopped', 1, 0],
      ])
      const button = missed.find(({ surface }) => surface === 'call button')
      expect(button).toMatchObject({
        roomId: 'room-1',
        ward: 'A',
        missed: 3,
        runs: 3,
        reason: 'shadowed',
        reasonRuns: 3,
        remedy: inShadow.remedy,
      })
      // In the other room it was missed once only.
      expect(
        missed.filter(({ roomId, surface }) => roomId === 'room-2' && surface === 'call button'),
      ).toEqual([])
      expect(unreadRuns).toBe(0)
      // Three runs of 900 s, and four as the robot makes them by itself, of 300 s.
      expect(lamps).toMatchObject([
        { robotId: robot.id, tubeId: 'A17', hours: 812, output: 0.87, litHours: 3900 / 3600, untoldRuns: 0 },
      ])
      expect(Date.parse(lamps[0]!.outputAt!)).toBeLessThan(Date.parse(lamps[0]!.hoursAt!))
    })

    it('gives every table as CSV, without formulas, and refuses what a table does not take', async () => {
      const csv = async (query: string) => {
        const answer = await fetch(`${server.url}/api/compliance/export.csv?${query}`, {
          headers: { cookie: nurse.cookie },
        })
        return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() }
      }
      const due = await csv('table=due&from=2026-04&to=2026-04')
      expect([due.status, due.type]).toEqual([200, 'text/csv; charset=utf-8; header=present'])
      expect(due.text).toBe(
        [
          'month,ward,due,done,done_in_time,done_late,done_without_due_time,failed,open,overdue,missed_dates,withdrawn',
          '2026-04,A,3,2,1,1,0,1,0,0,0,0',
          '2026-04,B,5,1,0,0,1,3,1,2,0,1',
          '',
        ].join('\r\n'),
      )
      const turnaround = await csv('table=turnaround&ward=A')
      expect(turnaround.text.split('\r\n').slice(0, 2)).toEqual([
        'of,month,ward,requests_done,median_min,p90_min,longest_min,up_to_1_h,up_to_2_h,up_to_4_h,up_to_8_h,up_to_12_h,up_to_24_h,up_to_48_h,over_48_h',
        'whole,,,2,60,90,90,1,1,0,0,0,0,0,0',
      ])
      const missed = (await csv('table=missed')).text
      expect(missed).toContain(`A,room-1,"'=Room, ""1""",call button,false,3,3,shadowed,3,`)
      for (const table of ['runs', 'causes', 'lamps', 'outbreak&organism=mrsa']) {
        expect([table, (await csv(`table=${table}`)).status]).toEqual([table, 200])
      }
      for (const wrong of [
        'table=nothing',
        'table=due&organism=mrsa',
        'table=outbreak',
        'table=outbreak&organism=mrsa&ward=A',
        'table=due&from=2026-04&to=2026-03',
        'table=due&from=2026-13',
        'table=due&ward=C',
        'table=outbreak&organism=dragon',
        'table=outbreak&organism=mrsa&since=2026-02-30',
      ]) {
        const { status, type, text } = await csv(wrong)
        expect([wrong, status >= 400 && status < 500, type]).toEqual([
          wrong,
          true,
          'application/json; charset=utf-8',
        ])
        expect((JSON.parse(text) as ApiError).remedy).not.toBe('')
      }
    })

    it('is told other systems as MeasureReports of one month and ward', async () => {
      const system = new HospitalClient(server, nurse)
      const reports = await system.found<MeasureReport>('MeasureReport?measure=Measure/rooms-done')
      expect(reports.map(({ id, status, subject }) => [id, status, subject?.display])).toEqual([
        ['rooms-done-2026-04.20.A', 'pending', 'Ward A'],
        ['rooms-done-2026-04.20.B', 'pending', 'Ward B'],
        ['rooms-done-2026-04', 'pending', 'Rooms of no ward'],
      ])
      const scores = ({ group = [] }: MeasureReport) =>
        group.map(({ measureScore, population = [] }) => [
          measureScore?.value,
          ...population.map(({ count }) => count),
        ])
      expect(scores(reports[0]!)).toEqual([
        [2 / 3, 3, 3, 2],
        [0.5, 2, 2, 1],
      ])
      expect(scores(reports[2]!)).toEqual([
        [undefined, 0, 0, 0],
        [undefined, 0, 0, 0],
      ])
      const turnaround = await system.read<MeasureReport>('MeasureReport/turnaround-2026-04.20.A')
      expect(turnaround).toMatchObject({ period: { start: '2026-04-01', end: '2026-04-30' } })
      expect(scores(turnaround)).toEqual([
        [60, 2],
        [90, 2],
        [90, 2],
      ])
      expect(await system.refused('GET', 'MeasureReport/turnaround-2026-04.20.C')).toMatchObject({
        status: 404,
      })
    })

    it('tells what touched an organism, in order, and each ward of its own rooms only', async () => {
      await nurse.ok('POST', '/contamination/rooms/room-1/isolation', { organismIds: ['mrsa'] })
      const enter = async (x: number, y: number) => {
        robot.position = { x, y, theta: 0 }
        await robot.state()
      }
      const outbreak = (client: Pick<TestClient, 'ok'> = nurse) =>
        client.ok<OutbreakView>('GET', '/compliance/outbreak?organism=mrsa&since=2026-04-01')
      clock.advance(MINUTE)
      await enter(2, 3.5)
      await until(async () => (await outbreak()).robots.length === 1)
      clock.advance(MINUTE)
      await enter(6, 3.5)
      await until(async () => (await outbreak()).rooms.length === 2)
      clock.advance(MINUTE)
      await nurse.ok('POST', `/contamination/robots/${robot.id}/decontamination`, { how: 'Wiped' })
      const view = await outbreak()
      expect(view.touches.map(({ kind, roomId, robotId }) => [kind, roomId, robotId])).toEqual([
        ['isolated', 'room-1', null],
        ['tookUp', 'room-1', robot.id],
        ['brought', 'room-2', robot.id],
        ['decontaminated', null, robot.id],
      ])
      expect(view.rooms.map(({ roomId, carriesNow }) => [roomId, carriesNow])).toEqual([
        ['room-1', true],
        ['room-2', true],
      ])
      expect(view.robots).toEqual([{ robotId: robot.id, carriesNow: false }])

      const admin = new TestPerson(server)
      await admin.signIn('admin', 'admin-demo')
      const { person: bea } = await newcomer(server, admin, {
        name: 'bea',
        displayName: 'Bea of ward B',
        role: 'nurse',
        wards: ['B'],
      })
      const hers = await outbreak(bea)
      expect(hers.touches.map(({ kind }) => kind)).toEqual(['brought', 'decontaminated'])
      const own = await compliance('', bea)
      expect(own.wards).toEqual(['B'])
      expect(own.dueWhole).toMatchObject({ due: 5, done: 1 })
      expect(own.missed.filter(({ roomId }) => roomId !== 'room-2')).toEqual([])
      expect((await bea.call<ApiError>('GET', '/compliance?ward=A')).status).toBe(404)
      expect(JSON.stringify([own, hers])).not.toContain('room-1')
    })

    it('counts dates of plans that passed while nobody was there as due and not done', async () => {
      await nurse.ok('POST', '/schedule/plans', {
        name: 'Nightly room 2',
        roomIds: ['room-2'],
        recurrence: { startLocal: '2026-04-02T02:30', rule: 'FREQ=DAILY' },
        missed: { type: 'skip' },
        priority: 'next',
        startWithinMin: 120,
        doneWithinMin: 240,
        treatment: { organismId: 'sars-cov-2', targetLog: 3 },
      })
      const { dueWhole: before } = await compliance()
      await robot.disconnect()
      await server.stop()
      // Over the dates of three nights.
      clock.advance(3 * 24 * HOUR)
      await start()
      const { dueWhole, due } = await until(async () => {
        clock.advance(5000)
        const view = await compliance()
        return view.dueWhole.missedDates > 0 && view
      })
      expect(dueWhole).toMatchObject({ missedDates: 3, due: before.due + 3, done: before.done })
      expect(due.map(({ ward, missedDates }) => [ward, missedDates])).toEqual([
        ['A', 0],
        ['B', 3],
      ])
    }, 60_000)
  })
})
