import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  GAS_CHECKLIST,
  type ApiError,
  type GasMissionReport,
  type MissionView,
  type PeroxideReport,
  type ProofView,
  type ProtocolView,
  type RequestView,
  type StepPlan,
} from '@wardlight/core/fleet'
import type { FloorPlan } from '@wardlight/core/floor'
import type { FleetServer } from './server.ts'
import { doseReportFor, peroxideReportFor, ScriptedRobot } from './testing/scripted-robot.ts'
import { smallPlan } from './testing/small-plan.ts'
import { TestClient, until } from './testing/test-client.ts'
import { startTestServer } from './testing/test-server.ts'

/** Rooms that can be aired, beyond a corridor that is well aired too. */
function airedPlan(): FloorPlan {
  const plan = smallPlan()
  return {
    ...plan,
    levels: plan.levels.map((level) => ({
      ...level,
      rooms: level.rooms.map((room) => ({ ...room, airChangesPerHour: room.id === 'corridor' ? 20 : 6 })),
    })),
  }
}

const prepared = [
  { itemId: 'patient-gone' },
  { itemId: 'stripped' },
  { itemId: 'drawers-open' },
  { itemId: 'wipe', doneBy: 'Ewa Cleaner' },
]
const sensors = [
  { sensorId: 'robot', roomId: 'room-1', ppm: 312.4, ageS: 0.4 },
  { sensorId: 'wall', roomId: 'room-1', ppm: 298.1, ageS: 0.4 },
  { sensorId: 'outside', roomId: 'corridor', ppm: 0.2, ageS: 0.4 },
  // Of another room altogether, heard by radio.
  { sensorId: 'far', roomId: 'room-2', ppm: 0, ageS: 0.4 },
]

describe('a room by hydrogen peroxide, from the request to its release', () => {
  let dataDir: string
  let server: FleetServer
  let nurse: TestClient
  let nurse2: TestClient
  let engineer: TestClient
  let robot: ScriptedRobot
  let password: string

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'wardlight-gas-'))
    server = await startTestServer({ plan: airedPlan(), dataDir })
    nurse = await TestClient.signIn(server, 'nurse')
    nurse2 = await TestClient.signIn(server, 'nurse2')
    engineer = await TestClient.signIn(server, 'engineer')
    ;({ password } = await server.registerRobot(new ScriptedRobot().address))
  })
  afterAll(async () => {
    await server.stop()
    await rm(dataDir, { recursive: true, force: true })
  })
  beforeEach(async () => {
    robot = new ScriptedRobot()
    await robot.connect(server.mqttUrl, password)
    await robot.offerVapour()
    await until(async () => (await nurse.robot(robot.id)).vaporiser === 'hpv')
    return () => robot.disconnect()
  })

  async function ordered(protocolId = 'terminal-c-difficile-hpv'): Promise<MissionView> {
    const request = await nurse.plannedRequest('room-1', { protocolId })
    const mission = await nurse.ok<MissionView>('POST', `/requests/${request.id}/approve`, {
      confirmations: prepared,
    })
    return taken(mission)
  }

  async function taken(mission: MissionView): Promise<MissionView> {
    const order = await until(() => robot.orders.find(({ orderId }) => orderId === mission.id))
    robot.take(order)
    await robot.state()
    return mission
  }

  /** Checklist, button, start; the room counts as gassed from the start on. */
  async function armed(mission: MissionView): Promise<void> {
    await robot.peroxide(mission.id, { phase: 'awaitingArming' })
    await until(async () => (await nurse.mission(mission.id)).phase === 'awaitingArming')
    await nurse.ok('POST', `/missions/${mission.id}/checklist`, {
      items: GAS_CHECKLIST.map(({ id }) => id),
    })
    await robot.peroxide(mission.id, { phase: 'awaitingArming', arming: 'buttonPressed' })
    await until(async () => (await nurse.mission(mission.id)).arming === 'buttonPressed')
    await nurse.ok('POST', `/missions/${mission.id}/start`)
  }

  async function gassed(mission: MissionView): Promise<void> {
    await armed(mission)
    await robot.peroxide(mission.id, { phase: 'gassing', arming: 'started', isGassed: true, sensors })
    await until(async () => (await nurse.mission(mission.id)).phase === 'gassing')
  }

  async function deliver(
    mission: MissionView,
    spoil?: (report: PeroxideReport) => void,
  ): Promise<MissionView> {
    const order = robot.orders.find(({ orderId }) => orderId === mission.id)!
    robot.setAction('awaitArming', 'FINISHED')
    const report = peroxideReportFor(order, robot.id, spoil)
    robot.setAction('startPeroxideCycle', 'FINISHED', JSON.stringify(report))
    await robot.state()
    return until(async () => {
      const view = await nurse.mission(mission.id)
      return view.verdict === null ? null : view
    })
  }

  it('shows before the run what is to be expected, arms by the checklist for gas, and is clean only when signed', async () => {
    const request = await nurse.plannedRequest('room-1', { protocolId: 'terminal-c-difficile-hpv' })
    expect(request).toMatchObject({
      organismId: null,
      targetLog: null,
      steps: [{ id: 'gas', method: 'hpv', missionId: null }],
    })
    const [plan] = await nurse.ok<StepPlan[]>('GET', `/requests/${request.id}/plan`)
    if (plan === undefined || plan.method === 'uv') throw new Error('no plan for gas')
    expect(plan.cycle.solutionMl).toBeGreaterThan(0)
    expect(plan.prediction.airChangesPerHour).toBe(6)
    expect(plan.prediction.course.length).toBeGreaterThan(10)
    expect(request.plannedS).toBeCloseTo(plan.prediction.totalS.likely, 6)

    const mission = await ordered()
    const order = robot.orders.at(-1)!
    expect(
      order.nodes.at(-1)?.actions.map(({ actionType, blockingType }) => [actionType, blockingType]),
    ).toEqual([
      ['awaitArming', 'HARD'],
      ['startPeroxideCycle', 'HARD'],
    ])
    await robot.peroxide(mission.id, {
      phase: 'awaitingArming',
      countdownS: 1700,
      blockers: ['no gas sensor is ready in Room corridor'],
    })
    await until(async () => (await nurse.mission(mission.id)).phase === 'awaitingArming')
    expect(await nurse.mission(mission.id)).toMatchObject({
      method: 'hpv',
      countdownS: 1700,
      blockers: ['no gas sensor is ready in Room corridor'],
      gas: { isGassed: false },
    })
    const forLight = await nurse.call<ApiError>('POST', `/missions/${mission.id}/checklist`, {
      items: ['roomEmpty', 'doorsClosed', 'warningSigns', 'surfacesExposed'],
    })
    expect(forLight.body.what).toContain('detectorsIsolated')
    await gassed(mission)
    expect(await nurse.mission(mission.id)).toMatchObject({
      gas: { isGassed: true, targetPpm: 250, sensors: [{ isInside: true }, {}, { place: 'Room corridor' }] },
    })
    expect((await nurse.mission(mission.id)).gas!.sensors.map(({ sensorId }) => sensorId)).not.toContain(
      'far',
    )
    await robot.peroxide(mission.id, {
      phase: 'aerating',
      arming: 'locked',
      isGassed: true,
      remainingS: 1234,
      sensors,
      timestamp: '2026-01-05T04:00:00.000Z',
    })
    await until(async () => (await nurse.mission(mission.id)).remainingS === 1234)
    expect(await nurse.room('room-1')).toMatchObject({ state: 'blocked' })
    expect((await nurse.room('room-1')).reason).toContain('Only its sensors clear it')
    const marked = await nurse.call<ApiError>('PATCH', '/rooms/room-1', { state: 'dirty' })
    expect([marked.status, marked.body.code]).toEqual([409, 'WARD_ERR_CONFLICT'])

    const finished = await deliver(mission)
    expect(finished).toMatchObject({ verdict: 'proven', gas: { isGassed: false } })
    expect(await nurse.room('room-1')).toMatchObject({ state: 'inProgress' })
    const report = (await nurse.report(mission.id)) as GasMissionReport
    expect(report).toMatchObject({ method: 'hpv', verdict: 'proven', problem: null })
    expect(report.samples).toEqual([
      { at: '2026-01-05T03:00:00.000Z', insidePpm: 312.4, lowestPpm: 298.1, outsidePpm: 0.2 },
      { at: '2026-01-05T04:00:00.000Z', insidePpm: 312.4, lowestPpm: 298.1, outsidePpm: 0.2 },
    ])
    expect(report.claim).toContain('300 ppm·h')

    const release = `/missions/${mission.id}/release`
    await nurse.ok('POST', release, { missedSurfacesWiped: false })
    expect((await nurse.room('room-1')).state).toBe('inProgress')
    expect(await provenKinds(mission)).toEqual(['ended'])
    await nurse2.ok('POST', release, { missedSurfacesWiped: false })
    expect((await nurse.room('room-1')).state).toBe('clean')
    // The last signature makes the room clean, and that is what is proven.
    expect(await provenKinds(mission)).toEqual(['ended', 'released'])
  })

  it.each<[string, string, (report: PeroxideReport) => void]>([
    ['one sensor only', '1 of 2 sensors', (report) => report.sensors.pop()],
    ['a sensor that never saw the gas', '1 of 2 sensors', (report) => (report.sensors[1]!.isProven = false)],
    ['a reading over the limit', '1.4 ppm', (report) => (report.sensors[0]!.atClearancePpm = 1.4)],
    ['sensors that differ', 'contradicted', (report) => (report.sensors[0]!.atClearancePpm = 0.95)],
    ['no time', 'does not say', (report) => (report.clearedAt = null)],
    ['too short a look', '10 minutes', (report) => (report.timeline.at(-2)!.at = 10_500)],
    ['no gas at all', 'knows of no gas', (report) => (report.wasGassed = false)],
    ['another room', 'names room', (report) => (report.roomId = 'room-2')],
  ])(
    'does not let anybody in by a report with %s: the room stays blocked until people have measured',
    async (_, why, spoil) => {
      const mission = await ordered()
      await gassed(mission)
      expect(await deliver(mission, spoil)).toMatchObject({ verdict: 'incomplete', gas: { isGassed: true } })
      const room = await nurse.room('room-1')
      expect(room.state).toBe('blocked')
      expect(room.reason).toContain(why)
      expect((await nurse.call('PATCH', '/rooms/room-1', { state: 'dirty' })).status).toBe(409)
      expect(
        (await nurse.call('POST', `/missions/${mission.id}/release`, { missedSurfacesWiped: false })).status,
      ).toBe(409)
      await measure(mission)
    },
  )

  async function provenKinds({ id }: MissionView): Promise<string[]> {
    return (await nurse.ok<ProofView[]>('GET', `/missions/${id}/proofs`)).map(({ kind }) => kind)
  }

  async function measure(mission: MissionView): Promise<void> {
    const measured = `/missions/${mission.id}/measured`
    const instrument = 'Handheld 7, calibrated 2026-01-02'
    const bad: [object, string][] = [
      [{ instrument, readings: [{ place: 'bed', ppm: 0.3 }] }, 'readings'],
      [
        {
          instrument,
          readings: [
            { place: 'bed', ppm: 0.3 },
            { place: ' Bed', ppm: 0.2 },
          ],
        },
        'readings',
      ],
      [
        {
          instrument,
          readings: [
            { place: 'bed', ppm: 0.3 },
            { place: 'floor', ppm: 1.2 },
          ],
        },
        'readings.1.ppm',
      ],
    ]
    for (const [body, where] of bad) {
      expect(await nurse.call<ApiError>('POST', measured, body)).toMatchObject({
        status: 400,
        body: { where },
      })
    }
    expect((await nurse.room('room-1')).state).toBe('blocked')
    const readings = [
      { place: 'bed', ppm: 0.3 },
      { place: 'floor', ppm: 0.2 },
    ]
    const view = await engineer.ok<MissionView>('POST', measured, { instrument, readings })
    expect(view).toMatchObject({
      verdict: 'incomplete',
      phase: 'finished',
      gas: { isGassed: false },
      handMeasurement: { by: 'Erin Engineer', instrument, readings },
    })
    expect(await nurse.room('room-1')).toMatchObject({ state: 'suspended' })
    expect((await nurse.call('POST', measured, { instrument, readings })).status).toBe(409)
    expect((await provenKinds(mission)).filter((kind) => kind === 'measured')).toHaveLength(1)
    await nurse.ok('PATCH', '/rooms/room-1', { state: 'dirty' })
  }

  it.each<[string, string, (report: PeroxideReport) => void]>([
    ['half of the dose', 'were brought in', (report) => (report.injectedG /= 2)],
    ['a short dwell by one sensor', 'Sensor wall', (report) => (report.sensors[1]!.dwellS -= 60)],
    ['a colder room', 'temperature', (report) => (report.conditions!.temperatureC = 15)],
    ['another end', 'dwellNotReached', (report) => (report.end = 'dwellNotReached')],
  ])('does not believe a proven cycle with %s, though the room may be entered', async (_, why, spoil) => {
    const mission = await ordered()
    await gassed(mission)
    expect(await deliver(mission, spoil)).toMatchObject({ verdict: 'incomplete', gas: { isGassed: false } })
    const room = await nurse.room('room-1')
    expect(room.state).toBe('suspended')
    expect(room.reason).toContain(why)
  })

  it('is loud about an evacuation, and keeps the room blocked when its robot loses the order', async () => {
    const mission = await ordered()
    await gassed(mission)
    await robot.peroxide(mission.id, { phase: 'aerating', isGassed: true, mustEvacuate: true })
    await until(async () => (await nurse.mission(mission.id)).gas!.mustEvacuate)
    await until(async () => (await nurse.room('room-1')).reason?.includes('LEAVE THE ROOMS AROUND IT'))
    robot.forget()
    await robot.state()
    await robot.state()
    await robot.state({ driving: true })
    await until(async () => (await nurse.robot(robot.id)).isDriving)
    expect(await nurse.mission(mission.id)).toMatchObject({ verdict: null, gas: { isGassed: true } })
    expect((await nurse.room('room-1')).state).toBe('blocked')
    // Its report comes by its own topic: the order is gone, the gas was not.
    const order = robot.orders.find(({ orderId }) => orderId === mission.id)!
    const report = peroxideReportFor(order, robot.id, (each) => {
      each.verdict = 'incomplete'
      each.end = 'restarted'
    })
    await robot.peroxide(mission.id, { phase: 'finished', report })
    await until(async () => (await nurse.mission(mission.id)).verdict === 'incomplete')
    expect(await nurse.room('room-1')).toMatchObject({ state: 'suspended' })
  })

  it('counts the room as gassed from the start on, though the robot is not heard any more', async () => {
    const mission = await ordered()
    await armed(mission)
    expect(await nurse.room('room-1')).toMatchObject({ state: 'blocked' })
    robot.forget()
    await robot.state()
    await robot.state()
    await robot.state({ driving: true })
    await until(async () => (await nurse.robot(robot.id)).isDriving)
    expect(await nurse.mission(mission.id)).toMatchObject({ verdict: null, gas: { isGassed: true } })
    await measure(mission)
  })

  it('opens a room again that was interrupted before any gas', async () => {
    const mission = await ordered()
    await armed(mission)
    await robot.peroxide(mission.id, { phase: 'exitDelay', arming: 'started' })
    await until(async () => (await nurse.mission(mission.id)).phase === 'exitDelay')
    await robot.peroxide(mission.id, { phase: 'interrupted' })
    await until(async () => (await nurse.room('room-1')).state === 'inProgress')
    expect((await nurse.mission(mission.id)).gas!.isGassed).toBe(false)
    robot.setAction('awaitArming', 'FAILED')
    robot.setAction('startPeroxideCycle', 'FAILED')
    await robot.state()
    await until(async () => (await nurse.mission(mission.id)).verdict === 'aborted')
    expect((await nurse.room('room-1')).state).toBe('suspended')
  })

  it('does light and then gas as two missions of one request, and is released with the last', async () => {
    const light = await ordered('terminal-c-difficile-uv-hpv')
    expect(light).toMatchObject({ method: 'uv', stepNumber: 0, stepCount: 2 })
    const lightOrder = robot.orders.at(-1)!
    robot.setAction('awaitArming', 'FINISHED')
    robot.setAction('startUvDose', 'FINISHED', JSON.stringify(doseReportFor(lightOrder, robot.id)))
    await robot.state()
    const second = await until(async () => {
      const request = await nurse.ok<RequestView>('GET', `/requests/${light.requestId}`)
      return request.steps[1]!.missionId
    })
    const gas = await taken(await nurse.mission(second))
    expect(gas).toMatchObject({ method: 'hpv', stepNumber: 1, stepCount: 2 })
    const early = await nurse.call<ApiError>('POST', `/missions/${light.id}/release`, {
      missedSurfacesWiped: true,
    })
    expect([early.status, early.body.what]).toEqual([409, 'This is step 1 of 2'])
    await gassed(gas)
    await deliver(gas)
    const report = await nurse.report(gas.id)
    expect(report.steps).toEqual([
      { method: 'uv', missionId: light.id, verdict: 'proven' },
      { method: 'hpv', missionId: gas.id, verdict: 'proven' },
    ])
    for (const person of [nurse, nurse2]) {
      await person.ok('POST', `/missions/${gas.id}/release`, { missedSurfacesWiped: false })
    }
    expect((await nurse.room('room-1')).state).toBe('clean')
  })

  it('is still gassed for a server that comes back, and takes the report then', async () => {
    const mission = await ordered()
    await gassed(mission)
    const mqttPort = Number(new URL(server.mqttUrl).port)
    await robot.disconnect()
    await server.stop()
    server = await startTestServer({ plan: airedPlan(), dataDir, mqttPort })
    nurse = new TestClient(server.url, nurse.cookie)
    expect(await nurse.mission(mission.id)).toMatchObject({ phase: 'gassing', gas: { isGassed: true } })
    expect((await nurse.room('room-1')).state).toBe('blocked')
    robot.setAction('awaitArming', 'FINISHED')
    robot.setAction('startPeroxideCycle', 'RUNNING')
    await robot.connect(server.mqttUrl, password)
    await until(async () => (await nurse.robot(robot.id)).connection === 'ONLINE')
    // Its state tells of a cycle that runs, not whether it is aired already: nothing is guessed.
    expect(await nurse.mission(mission.id)).toMatchObject({ phase: 'gassing', gas: { isGassed: true } })
    expect(await deliver(mission)).toMatchObject({ verdict: 'proven', gas: { isGassed: false } })
    expect((await nurse.room('room-1')).state).toBe('inProgress')
  })

  it('says which protocols no robot here can follow, and where a robot serves its screen and how old its lamp is', async () => {
    await robot.state({
      information: [
        {
          infoType: 'robotScreen',
          infoReferences: [{ referenceKey: 'url', referenceValue: 'http://127.0.0.1:8081' }],
          infoLevel: 'INFO',
        },
        {
          infoType: 'wardlight.lampHours',
          infoReferences: [
            { referenceKey: 'A17', referenceValue: '812/9000' },
            { referenceKey: 'B04', referenceValue: 'many' },
          ],
          infoLevel: 'INFO',
        },
      ],
    })
    await until(async () => (await nurse.robot(robot.id)).screenUrl === 'http://127.0.0.1:8081')
    expect((await nurse.robot(robot.id)).lampTubes).toEqual([{ id: 'A17', hours: 812, ratedLifeHours: 9000 }])
    await robot.state({
      information: [
        {
          infoType: 'robotScreen',
          infoReferences: [{ referenceKey: 'url', referenceValue: 'javascript:alert(1)' }],
          infoLevel: 'INFO',
        },
      ],
    })
    await until(async () => (await nurse.robot(robot.id)).screenUrl === null)
    const protocols = await nurse.ok<ProtocolView[]>('GET', '/protocols')
    expect(protocols.find(({ id }) => id === 'terminal-c-difficile-hpv')!.obstacle).toBeNull()
  })
})
