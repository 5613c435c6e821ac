import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { surfacesOf } from '@wardlight/core/disinfection'
import type {
  ApiError,
  NewOrganism,
  NewSiteValidation,
  OrganismView,
  SiteValidationView,
} from '@wardlight/core/fleet'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FleetServer } from './server.ts'
import { TestClient } from './testing/test-client.ts'
import { startTestServer } from './testing/test-server.ts'

const phage: NewOrganism = {
  id: 'phage-ms2',
  name: 'MS2 phage',
  kind: 'virus',
  medium: 'steel',
  wavelengthNm: 254,
  logBase: 'e',
  response: { model: 'exponential', kCm2PerMj: { cautious: 0.1, likely: null, favourable: null } },
  statedD90MjPerCm2: null,
  fittedLog: null,
  beyondFit: [],
  source: 'Own laboratory, report 7',
  certainty: 'verified',
  supportedLog: 4,
  note: null,
}
const validation: NewSiteValidation = {
  organismId: 'c-difficile',
  method: 'uv',
  place: { scope: 'site' },
  equipment: 'UV-01',
  robotIds: [],
  dose: 300,
  indicator: { organism: 'C. difficile ATCC 43598', product: 'carriers', lot: '17' },
  result: { type: 'growth', exposed: 12, grew: 0, populationLog: 6 },
  requiredLog: 4,
  performedBy: 'hospital hygiene',
  performedAt: '2020-01-01T00:00:00Z',
  validUntil: '2099-01-01T00:00:00Z',
  evidence: 'report 12',
  note: null,
}

describe('what a site adds to the evidence', () => {
  let dataDir: string
  let server: FleetServer
  let admin: TestClient
  let engineer: TestClient
  let nurse: TestClient
  const start = async () => {
    server = await startTestServer({ dataDir })
    admin = await TestClient.signIn(server, 'admin')
    engineer = await TestClient.signIn(server, 'engineer')
    nurse = await TestClient.signIn(server, 'nurse')
  }
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'wardlight-evidence-'))
    await start()
  })
  afterAll(async () => {
    await server.stop()
    await rm(dataDir, { recursive: true, force: true })
  })

  it('takes an organism of the hospital, plans for it, and refuses one without a source', async () => {
    const refused = await admin.call<ApiError>('POST', '/organisms', { ...phage, source: ' ' })
    expect(refused).toMatchObject({ status: 400, body: { code: 'WARD_ERR_ORGANISM_SOURCE' } })
    expect((await admin.call<ApiError>('POST', '/organisms', { ...phage, id: 'mrsa' })).status).toBe(409)
    const added = await admin.ok<OrganismView>('POST', '/organisms', phage)
    expect(added).toMatchObject({ origin: 'hospital', addedBy: 'Ada Administrator', source: phage.source })
    const { id } = await nurse.plannedRequest('room-1', { organismId: 'phage-ms2', targetLog: 2 })
    const plan = await nurse.lightPlan(id)
    expect(plan.targetMjPerCm2).toBeCloseTo((2 * Math.LN10) / 0.1, 6)
  })

  it('keeps validations, tells whether they hold, and never removes one', async () => {
    const passed = await engineer.ok<SiteValidationView>('POST', '/validations', validation)
    expect(passed).toMatchObject({ status: 'valid', shownLog: 6, withdrawn: null })
    const grown = { ...validation, result: { type: 'growth', exposed: 12, grew: 1, populationLog: 6 } }
    expect(await engineer.ok('POST', '/validations', grown)).toMatchObject({ status: 'failed', shownLog: 0 })
    const over = { ...validation, validUntil: '2021-01-01T00:00:00Z' }
    expect(await engineer.ok('POST', '/validations', over)).toMatchObject({ status: 'expired' })
    const wrong = await engineer.call<ApiError>('POST', '/validations', { ...validation, evidence: ' ' })
    expect(wrong).toMatchObject({ status: 400, body: { where: 'evidence' } })
    expect(
      (await engineer.call('POST', '/validations', { ...validation, organismId: 'dragon' })).status,
    ).toBe(404)

    const withdrawn = await engineer.ok('POST', `/validations/${passed.id}/withdraw`, {
      reason: 'lamp replaced',
    })
    expect(withdrawn).toMatchObject({ status: 'withdrawn', withdrawn: { reason: 'lamp replaced' } })
    expect((await engineer.call('POST', '/validations/none/withdraw', { reason: 'x' })).status).toBe(404)
  })

  it('still knows all of it after a restart', async () => {
    const [organisms, validations] = [
      await nurse.ok<OrganismView[]>('GET', '/organisms'),
      await nurse.ok<SiteValidationView[]>('GET', '/validations'),
    ]
    expect(organisms.some(({ id }) => id === 'phage-ms2')).toBe(true)
    expect(validations).toHaveLength(3)
    await server.stop()
    await start()
    expect(await nurse.ok('GET', '/organisms')).toEqual(organisms)
    expect(await nurse.ok('GET', '/validations')).toEqual(validations)
  })

  it('plans as the nurse asks: within a time, what hands touch first, the floor too', async () => {
    const usual = await nurse.plannedRequest('room-1')
    const asked = await nurse.plannedRequest('room-1', {
      options: { timeBudgetS: usual.plannedS! / 2, highTouchFirst: true },
      isFloorTreated: true,
    })
    expect(asked.plannedS).toBeLessThanOrEqual(usual.plannedS! / 2 + 0.1)
    const plan = await nurse.lightPlan(asked.id)
    expect(plan.options).toMatchObject({ highTouchFirst: true })
    expect(surfacesOf(plan.room, plan.surfaceSizeM).some(({ faceId }) => faceId === 'floor')).toBe(true)
    expect(plan.unreachable.some(({ reason }) => reason === 'noTime')).toBe(true)
    const refused = await nurse.call<ApiError>('POST', '/requests', {
      roomId: 'room-1',
      organismId: 'mrsa',
      targetLog: 3,
      options: { timeBudgetS: 0 },
    })
    expect(refused).toMatchObject({ status: 400, body: { where: 'body/options/timeBudgetS' } })
  })
})
