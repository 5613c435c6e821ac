import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ARMING_CHECKLIST, type ApiError, type MissionView, type RequestView } from '@wardlight/core/fleet'
import type { FleetServer } from './server.ts'
import { ENGINES } from './testing/engines.ts'
import { createEmptyDatabase, type EmptyDatabase } from './testing/empty-database.ts'
import { doseReportFor, planOf, ScriptedRobot } from './testing/scripted-robot.ts'
import { TestClient, until } from './testing/test-client.ts'
import { startTestServer } from './testing/test-server.ts'

for (const { engine, adminUrl, isSkipped } of ENGINES) {
  describe.skipIf(isSkipped)(`a room from the request to its release, on ${engine}`, () => {
    let emptyDatabase: EmptyDatabase | null = null
    let server: FleetServer
    let nurse: TestClient
    let robot: ScriptedRobot
    let password: string

    beforeAll(async () => {
      emptyDatabase = adminUrl === undefined ? null : await createEmptyDatabase(adminUrl)
      server = await startTestServer({ databaseUrl: emptyDatabase?.url })
      nurse = await TestClient.signIn(server, 'nurse')
      ;({ password } = await server.registerRobot(new ScriptedRobot().address))
    })
    afterAll(async () => {
      await server.stop()
      await emptyDatabase?.drop()
    })

    beforeEach(async () => {
      robot = new ScriptedRobot()
      await robot.connect(server.mqttUrl, password)
      await until(async () => (await nurse.robot(robot.id)).connection === 'ONLINE')
      return () => robot.disconnect()
    })

    async function approvedMission(roomId: string): Promise<MissionView> {
      const request = await nurse.plannedRequest(roomId)
      const mission = await nurse.ok<MissionView>('POST', `/requests/${request.id}/approve`)
      const order = await until(() => robot.orders.find(({ orderId }) => orderId === mission.id))
      robot.take(order)
      await robot.state()
      return mission
    }

    async function deliver(
      mission: MissionView,
      options: Parameters<typeof doseReportFor>[2] = {},
    ): Promise<MissionView> {
      const order = robot.orders.find(({ orderId }) => orderId === mission.id)!
      const result = JSON.stringify(doseReportFor(order, robot.id, options))
      robot.setAction('awaitArming', 'FINISHED')
      robot.setAction('startUvDose', 'FINISHED', result)
      await robot.state()
      return until(async () => {
        const view = await nurse.mission(mission.id)
        return view.verdict === null ? null : view
      })
    }

    it('orders, arms, follows, reports, and is clean only once a nurse has signed', async () => {
      const mission = await approvedMission('room-1')
      expect(await nurse.room('room-1')).toMatchObject({ state: 'inProgress', missionId: mission.id })
      expect((await nurse.robot(robot.id)).missionId).toBe(mission.id)

      const order = robot.orders.at(-1)!
      expect(order.nodes.map(({ sequenceId }) => sequenceId)).toEqual(
        order.nodes.map((_, index) => 2 * index),
      )
      expect(order.edges.map(({ sequenceId }) => sequenceId)).toEqual(
        order.edges.map((_, index) => 2 * index + 1),
      )
      expect(order.nodes[0]?.nodePosition).toMatchObject({ x: 0.6, y: 1, mapId: 'L1' })
      expect(
        order.nodes.at(-1)?.actions.map(({ actionType, blockingType }) => [actionType, blockingType]),
      ).toEqual([
        ['awaitArming', 'HARD'],
        ['startUvDose', 'HARD'],
      ])
      expect(await nurse.ok('GET', `/missions/${mission.id}/plan`)).toEqual({
        method: 'uv',
        treatment: planOf(order),
      })

      // Approved twice by an impatient finger: the same mission, no second order.
      const again = await nurse.ok<MissionView>('POST', `/requests/${mission.requestId}/approve`)
      expect(again.id).toBe(mission.id)

      const tooEarly = await nurse.call<ApiError>('POST', `/missions/${mission.id}/start`)
      expect([tooEarly.status, tooEarly.body.code]).toEqual([409, 'WARD_ERR_ARMING_ORDER'])

      await robot.mission(mission.id, { phase: 'awaitingArming' })
      await until(async () => (await nurse.mission(mission.id)).phase === 'awaitingArming')
      const items = ARMING_CHECKLIST.map(({ id }) => id)
      const partly = await nurse.call<ApiError>('POST', `/missions/${mission.id}/checklist`, {
        items: items.slice(1),
      })
      expect(partly.body.code).toBe('WARD_ERR_ARMING_ORDER')
      expect(partly.body.what).toContain('roomEmpty')
      await nurse.ok('POST', `/missions/${mission.id}/checklist`, { items })
      const checklist = await until(() =>
        robot.instantActions.find((action) => action.actionType === 'confirmChecklist'),
      )
      expect(checklist.actionParameters).toContainEqual({ key: 'confirmedBy', value: 'Nora Nurse' })

      await robot.mission(mission.id, { phase: 'awaitingArming', arming: 'buttonPressed' })
      await until(async () => (await nurse.mission(mission.id)).arming === 'buttonPressed')
      await nurse.ok('POST', `/missions/${mission.id}/start`)
      await until(() => robot.instantActions.find((action) => action.actionType === 'startTreatment'))

      await robot.mission(mission.id, { phase: 'dosing', arming: 'started', isLampLit: true, stopIndex: 1 })
      await until(async () => (await nurse.robot(robot.id)).isLampLit)

      const early = await nurse.call<ApiError>('POST', `/missions/${mission.id}/release`, {
        missedSurfacesWiped: true,
      })
      expect([early.status, early.body.code]).toEqual([409, 'WARD_ERR_CONFLICT'])

      const finished = await deliver(mission)
      expect(finished).toMatchObject({ phase: 'finished', verdict: 'proven', isLampLit: false })
      expect(await nurse.room('room-1')).toMatchObject({ state: 'inProgress' })
      expect((await nurse.room('room-1')).reason).toContain('release')
      expect((await nurse.robot(robot.id)).missionId).toBeNull()

      const report = await nurse.doseReport(mission.id)
      expect(report.surfaces.reached + report.dose.missed.length).toBe(report.surfaces.total)
      expect(report.surfaces.promised).toBe(report.surfaces.reached)
      expect(report.doseMjPerCm2.min).toBeGreaterThanOrEqual(report.dose.targetMjPerCm2)
      expect(report.requestedBy).toBe('Nora Nurse')

      if (report.dose.missed.length > 0) {
        const unwiped = await nurse.call<ApiError>('POST', `/missions/${mission.id}/release`, {
          missedSurfacesWiped: false,
        })
        expect([unwiped.status, unwiped.body.where]).toEqual([400, 'missedSurfacesWiped'])
        expect((await nurse.room('room-1')).state).toBe('inProgress')
      }
      const released = await nurse.ok<MissionView>('POST', `/missions/${mission.id}/release`, {
        missedSurfacesWiped: true,
        note: 'wiped behind the door',
      })
      expect(released.releasedBy).toBe('Nora Nurse')
      expect((await nurse.room('room-1')).state).toBe('clean')

      // The robot stands in the room; with its next state it is sent back to the dock.
      robot.position = { x: 2, y: 3.5, theta: 0 }
      await robot.state()
      const home = await until(() => robot.orders.find(({ orderId }) => orderId === `return-${mission.id}`))
      expect(home.nodes.at(-1)?.nodePosition).toMatchObject({ x: 0.6, y: 1 })
      expect(home.nodes.flatMap(({ actions }) => actions)).toEqual([])
    })

    it('suspends the room when the report is incomplete, and never lets it be released', async () => {
      const mission = await approvedMission('room-2')
      const finished = await deliver(mission, {
        verdict: 'incomplete',
        spoil: (report) => {
          report.interlocks.push({ at: 20, kind: 'person.detected', detail: 'front sensor', wasLit: true })
        },
      })
      expect(finished.verdict).toBe('incomplete')
      const room = await nurse.room('room-2')
      expect(room.state).toBe('suspended')
      expect(room.reason).toContain('person detected')
      const release = await nurse.call<ApiError>('POST', `/missions/${mission.id}/release`, {
        missedSurfacesWiped: true,
      })
      expect([release.status, release.body.code]).toEqual([409, 'WARD_ERR_CONFLICT'])
      const marked = await nurse.call<ApiError>('PATCH', '/rooms/room-2', { state: 'clean' })
      expect(marked.status).toBe(409)
      expect((await nurse.room('room-2')).state).toBe('suspended')
    })

    it('does not believe a robot that says proven while a promised surface is short', async () => {
      const mission = await approvedMission('room-2')
      const finished = await deliver(mission, {
        spoil: (report) => {
          const first = report.deliveredMjPerCm2.findIndex((dose) => dose > 0)
          report.deliveredMjPerCm2[first] = report.targetMjPerCm2 / 2
        },
      })
      expect(finished.verdict).toBe('incomplete')
      expect(await nurse.room('room-2')).toMatchObject({ state: 'suspended' })
    })

    it('takes the evidence once, however often the state repeats it, and keeps what cannot be read', async () => {
      const mission = await approvedMission('room-2')
      const first = await deliver(mission)
      robot.setAction('startUvDose', 'FINISHED', JSON.stringify({ forged: true }))
      await robot.state()
      await robot.state()
      await robot.scan()
      expect(await nurse.mission(mission.id)).toMatchObject({
        verdict: 'proven',
        finishedAt: first.finishedAt,
      })
      expect((await nurse.doseReport(mission.id)).dose.missionId).toBe(mission.id)

      const broken = await approvedMission('room-2')
      robot.setAction('startUvDose', 'FINISHED', '{"not": "a report"')
      await robot.state()
      await until(async () => (await nurse.mission(broken.id)).verdict === 'incomplete')
      expect((await nurse.room('room-2')).state).toBe('suspended')
      const report = await nurse.call<ApiError>('GET', `/missions/${broken.id}/report`)
      expect(report.body.what).toContain('cannot be read')
    })

    it('ends a mission whose robot refuses or loses the order, and stops one on request', async () => {
      const request = await nurse.plannedRequest('room-2')
      const refused = await nurse.ok<MissionView>('POST', `/requests/${request.id}/approve`)
      await robot.state({
        errors: [
          {
            errorType: 'OTHER_ORDER_ACTIVE',
            errorLevel: 'WARNING',
            errorDescription: 'busy',
            errorReferences: [{ referenceKey: 'orderId', referenceValue: refused.id }],
          },
        ],
      })
      await until(async () => (await nurse.mission(refused.id)).verdict === 'aborted')
      expect((await nurse.room('room-2')).reason).toContain('busy')

      const lost = await approvedMission('room-2')
      await until(async () => (await nurse.mission(lost.id)).phase === 'traveling')
      robot.forget()
      await robot.state()
      await robot.state()
      await until(async () => (await nurse.mission(lost.id)).verdict === 'aborted')
      expect((await nurse.room('room-2')).reason).toContain('lost its order')

      const stopped = await approvedMission('room-2')
      await until(async () => (await nurse.mission(stopped.id)).phase === 'traveling')
      await nurse.ok('POST', `/missions/${stopped.id}/stop`)
      const cancel = await until(() =>
        robot.instantActions.find((action) => action.actionType === 'cancelOrder'),
      )
      expect(cancel.actionParameters).toContainEqual({ key: 'orderId', value: stopped.id })
      robot.setAction('awaitArming', 'FAILED')
      robot.setAction('startUvDose', 'FAILED')
      await robot.state()
      await until(async () => (await nurse.mission(stopped.id)).verdict === 'aborted')
      expect((await nurse.room('room-2')).reason).toContain('Stopped by Nora Nurse')
    })

    it('says of every robot why it cannot go', async () => {
      const request = await nurse.plannedRequest('room-2')
      await robot.state({ powerSupply: { stateOfCharge: 12, charging: false } })
      await until(async () => (await nurse.robot(robot.id)).batteryFraction === 0.12)
      const weak = await nurse.call<ApiError>('POST', `/requests/${request.id}/approve`)
      expect([weak.status, weak.body.code]).toEqual([409, 'WARD_ERR_NO_ROBOT'])
      expect(weak.body.what).toContain('uv-01 has 12 % battery')

      robot.breakLine()
      await until(async () => (await nurse.robot(robot.id)).connection === 'CONNECTION_BROKEN')
      const away = await nurse.call<ApiError>('POST', `/requests/${request.id}/approve`)
      expect(away.body.what).toContain('uv-01 is not connected')
      const stop = await nurse.call<ApiError>('POST', `/robots/${robot.id}/emergency-stop`)
      expect([stop.status, stop.body.code]).toEqual([409, 'WARD_ERR_ROBOT_OFFLINE'])
      expect((await nurse.ok<RequestView>('GET', `/requests/${request.id}`)).status).toBe('planned')
    })

    it('passes pause, resume and emergency stop on to the robot', async () => {
      await robot.state()
      const mission = await approvedMission('room-2')
      await nurse.ok('POST', `/missions/${mission.id}/pause`)
      await nurse.ok('POST', `/missions/${mission.id}/resume`)
      const answer = await nurse.call('POST', `/robots/${robot.id}/emergency-stop`)
      expect(answer.status).toBe(202)
      await until(() => robot.instantActions.length >= 3)
      expect(robot.instantActions.map(({ actionType }) => actionType)).toEqual([
        'startPause',
        'stopPause',
        'emergencyStop',
      ])
    })

    it('leaves a robot to the person who has it: nothing but an end or an emergency stop goes out', async () => {
      await robot.state()
      const mission = await approvedMission('room-2')
      await robot.state({ operatingMode: 'INTERVENED' })
      await until(async () => (await nurse.robot(robot.id)).operatingMode === 'INTERVENED')
      const pause = await nurse.call<ApiError>('POST', `/missions/${mission.id}/pause`)
      expect([pause.status, pause.body.code]).toEqual([409, 'WARD_ERR_CONFLICT'])
      expect((await nurse.call('POST', `/robots/${robot.id}/emergency-stop`)).status).toBe(202)
      await nurse.ok('POST', `/missions/${mission.id}/stop`)
      await until(() => robot.instantActions.length >= 2)
      expect(robot.instantActions.map(({ actionType }) => actionType)).toEqual([
        'emergencyStop',
        'cancelOrder',
      ])
      robot.setAction('awaitArming', 'FAILED')
      robot.setAction('startUvDose', 'FAILED')
      await robot.state()
      await until(async () => (await nurse.mission(mission.id)).verdict === 'aborted')
    })

    it('gives no other order to a robot that it has just sent home', async () => {
      robot.position = { x: 5, y: 1, theta: 0 }
      robot.goesHome = false
      await robot.state()
      const mission = await approvedMission('room-2')
      robot.setAction('awaitArming', 'FAILED')
      robot.setAction('startUvDose', 'FAILED')
      await robot.state()
      await until(async () => (await nurse.mission(mission.id)).verdict === 'aborted')
      await robot.state()
      const home = await until(() => robot.orders.find(({ orderId }) => orderId === `return-${mission.id}`))
      const request = await nurse.plannedRequest('room-2')
      const tooEarly = await nurse.call<ApiError>('POST', `/requests/${request.id}/approve`)
      expect(tooEarly.body.what).toContain('uv-01 is still busy with an order')
      robot.take(home)
      robot.position = { x: 0.6, y: 1, theta: 0 }
      await robot.state()
      const { id } = await until(async () => {
        const answer = await nurse.call<MissionView>('POST', `/requests/${request.id}/approve`)
        return answer.status < 300 && answer.body
      })
      robot.forget()
      await nurse.ok('POST', `/missions/${id}/stop`)
      await robot.state()
      await until(async () => (await nurse.mission(id)).verdict === 'aborted')
    })

    it('tells of a robot that is still paused when its mission is over, and resumes it', async () => {
      await robot.state({ paused: true })
      await until(async () => (await nurse.robot(robot.id)).isPaused)
      expect((await nurse.call('POST', `/robots/${robot.id}/resume`)).status).toBe(202)
      await until(() => robot.instantActions.some(({ actionType }) => actionType === 'stopPause'))
      await robot.state({ paused: false })
      await until(async () => !(await nurse.robot(robot.id)).isPaused)
    })

    it('believes the newer of two places, in whatever order they arrive', async () => {
      const at = (x: number) => ({
        mobileRobotPosition: { x, y: 1, theta: 0, mapId: 'L1', localized: true },
      })
      await robot.say('visualization', {
        ...at(2),
        timestamp: '2099-01-01T00:00:02.000Z',
        referenceStateHeaderId: 1,
      })
      await robot.state({ ...at(1), timestamp: '2099-01-01T00:00:01.000Z', driving: true })
      await until(async () => (await nurse.robot(robot.id)).isDriving)
      expect((await nurse.robot(robot.id)).position?.x).toBe(2)
    })

    it('counts and survives what is no message', async () => {
      const topic = `vda5050/v3/${robot.id.replace('.', '/')}/state`
      await robot.publish(topic, 'not json')
      await robot.publish(topic, JSON.stringify({ driving: 'perhaps' }))
      await robot.state({ driving: true })
      await until(async () => (await nurse.robot(robot.id)).isDriving)
      expect(server.malformedMessages.get(topic)).toBe(2)
    })
  })
}
