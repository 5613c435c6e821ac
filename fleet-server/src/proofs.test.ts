import { createHash, generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  chainProblems,
  ProofSchema,
  type ApiError,
  type DoseReport,
  type MissionView,
  type Proof,
  type ProofView,
  type SigningKeyView,
} from '@wardlight/core/fleet'
import { Compile } from 'typebox/compile'
import { ProofChecker, readPublicKeys } from './reports/index.ts'
import type { FleetServer } from './server.ts'
import { createStore, ENGINES, type TestStore } from './testing/engines.ts'
import { doseReportFor, ScriptedRobot } from './testing/scripted-robot.ts'
import { TestClient, until } from './testing/test-client.ts'
import { startTestServer } from './testing/test-server.ts'

const isProof = Compile(ProofSchema)

describe.each(ENGINES)('proofs of what a hospital did, on $engine', ({ adminUrl, isSkipped }) => {
  let store: TestStore
  let server: FleetServer
  let nurse: TestClient
  let admin: TestClient
  let robot: ScriptedRobot
  let password: string

  beforeAll(async () => {
    if (isSkipped) return
    store = await createStore(adminUrl)
    server = await startTestServer(store.options)
    nurse = await TestClient.signIn(server, 'nurse')
    admin = await TestClient.signIn(server, 'admin')
    ;({ password } = await server.registerRobot(new ScriptedRobot().address))
  })
  afterAll(async () => {
    if (isSkipped) return
    await server.stop()
    await store.remove()
  })
  beforeEach(async () => {
    if (isSkipped) return
    await connect()
    return () => robot.disconnect()
  })

  async function connect(): Promise<void> {
    robot = new ScriptedRobot()
    await robot.connect(server.mqttUrl, password)
    await robot.state()
    await until(async () => (await nurse.robot(robot.id)).batteryFraction === 0.9)
  }

  async function restart(options: Parameters<typeof startTestServer>[0] = {}): Promise<void> {
    await robot.disconnect()
    await server.stop()
    server = await startTestServer({ ...store.options, ...options })
    nurse = new TestClient(server.url, nurse.cookie)
    admin = new TestClient(server.url, admin.cookie)
    await connect()
  }

  async function ordered(roomId: string): Promise<MissionView> {
    const request = await nurse.plannedRequest(roomId)
    const mission = await nurse.ok<MissionView>('POST', `/requests/${request.id}/approve`)
    robot.take(await until(() => robot.orders.find(({ orderId }) => orderId === mission.id)))
    await robot.state()
    return mission
  }

  async function ended(mission: MissionView, spoil?: (report: DoseReport) => void): Promise<void> {
    const order = robot.orders.find(({ orderId }) => orderId === mission.id)!
    robot.setAction('awaitArming', 'FINISHED')
    const report = doseReportFor(order, robot.id, spoil === undefined ? {} : { spoil })
    robot.setAction('startUvDose', 'FINISHED', JSON.stringify(report))
    await robot.state()
    await until(async () => (await nurse.mission(mission.id)).verdict !== null)
  }

  async function fileOf(sequence: number, form: '' | '/pdf' = ''): Promise<Buffer> {
    const answer = await fetch(`${server.url}/api/proofs/${sequence}${form}`, {
      headers: { cookie: nurse.cookie },
    })
    expect(answer.status).toBe(200)
    return Buffer.from(await answer.arrayBuffer())
  }

  async function keys() {
    const answer = await fetch(`${server.url}/api/proofs/keys`, { headers: { cookie: nurse.cookie } })
    return readPublicKeys(await answer.text(), 'keys')
  }

  /** Every proof that there is, checked one by one and as a chain. */
  async function wholeChain() {
    const newest = await nurse.ok<ProofView | null>('GET', '/proofs/newest')
    const checker = new ProofChecker(await keys())
    const links = []
    for (let sequence = 1; sequence <= (newest?.sequence ?? 0); sequence += 1) {
      const checked = checker.file(await fileOf(sequence))
      if (typeof checked === 'string') throw new Error(checked)
      expect(isProof.Errors(checked.statement)).toEqual([])
      links.push({ ...checked, name: `proof ${sequence}` })
    }
    expect(chainProblems(links, { first: 1, last: newest?.sequence ?? 0 })).toEqual([])
    return links
  }

  it.skipIf(isSkipped)(
    'is issued when a mission ends and when its room is released, and checked by the key alone',
    async () => {
      const mission = await ordered('room-1')
      expect(await nurse.ok('GET', `/missions/${mission.id}/proofs`)).toEqual([])
      await ended(mission)
      const [first, ...more] = await nurse.ok<ProofView[]>('GET', `/missions/${mission.id}/proofs`)
      expect(more).toEqual([])
      expect(first).toMatchObject({ sequence: 1, previousSha256: null, missionId: mission.id, kind: 'ended' })
      await nurse.ok('POST', `/missions/${mission.id}/release`, {
        missedSurfacesWiped: true,
        note: 'wiped “all”',
      })
      // Signing again changes nothing, and proves nothing anew.
      await nurse.ok('POST', `/missions/${mission.id}/release`, { missedSurfacesWiped: true })
      const both = await nurse.ok<ProofView[]>('GET', `/missions/${mission.id}/proofs`)
      expect(both.map(({ kind }) => kind)).toEqual(['ended', 'released'])
      expect(both[1]!.previousSha256).toBe(first!.sha256)

      const file = await fileOf(2)
      expect(createHash('sha256').update(file).digest('hex')).toBe(both[1]!.sha256)
      const { proof } = JSON.parse(file.toString()) as { proof: Proof }
      const report = await nurse.doseReport(mission.id)
      expect(proof).toMatchObject({
        format: 'wardlight-proof/1',
        hospital: 'Small hospital',
        kind: 'released',
        report: {
          ...report,
          releasedBy: 'Nora Nurse',
          releaseNote: 'wiped “all”',
          softwareVersion: '0.0.0-test',
        },
      })
      expect(report.surfaceDoses).toHaveLength(report.surfaces.total)
      expect(report.surfaceDoses.filter(({ isPromised }) => isPromised)).toHaveLength(
        report.surfaces.promised,
      )
      for (const { plannedMjPerCm2, isPromised } of report.surfaceDoses) {
        if (isPromised) expect(plannedMjPerCm2).toBeGreaterThanOrEqual(report.dose.targetMjPerCm2 - 0.01)
      }
      const [, { statement }] = (await wholeChain()) as [unknown, { statement: Proof }]
      expect(statement).toEqual(proof)
    },
  )

  it.skipIf(isSkipped)(
    'gives the same as a PDF, with the signed file in it and sealed as a whole',
    async () => {
      const [file, pdf] = [await fileOf(2), await fileOf(2, '/pdf')]
      expect(await fileOf(2, '/pdf')).toEqual(pdf)
      const checked = new ProofChecker(await keys()).pdf(pdf)
      expect(checked).toMatchObject({
        proof: { sequence: 2, kind: 'released', sha256: createHash('sha256').update(file).digest('hex') },
      })
      expect((await nurse.call('GET', '/proofs/99/pdf')).status).toBe(404)
    },
    120_000,
  )

  it.skipIf(isSkipped)('proves too what was not proven, and what no robot has told', async () => {
    const stopped = await ordered('room-2')
    robot.setAction('awaitArming', 'FAILED')
    robot.setAction('startUvDose', 'FAILED')
    await robot.state()
    await until(async () => (await nurse.mission(stopped.id)).verdict === 'aborted')
    const odd = await ordered('room-2')
    await ended(odd, (report) => {
      report.verdict = 'incomplete'
      // Half of a character, as no text has it: it keeps nothing from ending.
      report.interlocks.push({ at: 3, kind: 'door.opened', detail: 'door \ud800 \\ud800', wasLit: true })
    })
    const statements = (await wholeChain()).map(({ statement }) => statement as Proof)
    expect(statements.find(({ missionId }) => missionId === stopped.id)).toMatchObject({
      kind: 'ended',
      report: { method: 'none', plannedMethod: 'uv', verdict: 'aborted', evidence: null },
    })
    expect(statements.find(({ missionId }) => missionId === odd.id)?.report).toMatchObject({
      verdict: 'incomplete',
      dose: { interlocks: [{ detail: 'door \ufffd \\ud800' }] },
    })
    await nurse.ok('PATCH', '/rooms/room-2', { state: 'dirty' })
  })

  it.skipIf(isSkipped)('goes on with its chain after a restart, and after its key was changed', async () => {
    const before = await wholeChain()
    const [firstKey] = (await keys()).keys()
    await restart()
    expect((await wholeChain()).map(({ sha256 }) => sha256)).toEqual(before.map(({ sha256 }) => sha256))
    expect((await nurse.call<ApiError>('POST', '/proofs/keys')).status).toBe(403)
    const views = await admin.ok<SigningKeyView[]>('POST', '/proofs/keys')
    expect(views).toMatchObject([{ keyId: firstKey }, { retiredAt: null }])
    expect(views[0]!.retiredAt).not.toBeNull()
    await ended(await ordered('room-2'))
    const chain = await wholeChain()
    expect(chain.map(({ keyId }) => keyId)).toEqual([...before.map(() => firstKey), views[1]!.keyId])
    await nurse.ok('PATCH', '/rooms/room-2', { state: 'dirty' })
  })

  it.skipIf(isSkipped)(
    'signs with the key of a file, and does not go back to another one by itself',
    async () => {
      const signingKey = generateKeyPairSync('ed25519').privateKey.export({
        format: 'pem',
        type: 'pkcs8',
      }) as string
      const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
      const before = await wholeChain()
      await restart({ signingKey })
      await ended(await ordered('room-2'))
      const chain = await wholeChain()
      expect(chain).toHaveLength(before.length + 1)
      expect(before.map(({ keyId }) => keyId)).not.toContain(chain.at(-1)!.keyId)
      expect((await admin.call<ApiError>('POST', '/proofs/keys')).body.code).toBe('WARD_ERR_CONFLICT')
      await nurse.ok('PATCH', '/rooms/room-2', { state: 'dirty' })
      await robot.disconnect()
      await server.stop()
      await expect(startTestServer(store.options)).rejects.toMatchObject({ code: 'WARD_ERR_CONFIG' })
      await expect(
        startTestServer({
          ...store.options,
          signingKey: rsa.export({ format: 'pem', type: 'pkcs8' }) as string,
        }),
      ).rejects.toMatchObject({ code: 'WARD_ERR_CONFIG' })
      server = await startTestServer({ ...store.options, signingKey })
      nurse = new TestClient(server.url, nurse.cookie)
      expect(await wholeChain()).toHaveLength(chain.length)
    },
  )
})
