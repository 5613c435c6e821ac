import { generateKeyPairSync } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { MissionView } from '@wardlight/core/fleet'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { doseReportFor, ScriptedRobot } from '../../fleet-server/src/testing/scripted-robot.ts'
import { TestClient, until } from '../../fleet-server/src/testing/test-client.ts'
import { startTestServer } from '../../fleet-server/src/testing/test-server.ts'
import { exportProofs, KEYS_FILE } from '../../scripts/src/proofs-export-command.ts'
import { verifyProofs, type VerifyOptions } from '../../scripts/src/verify-command.ts'

const asked = { first: 1, json: false } as const

describe('proofs that leave the hospital', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'wardlight-proofs-'))
  const all = path.join(folder, 'all')
  const key = path.join(all, KEYS_FILE)
  const otherKey = path.join(folder, 'other.pem')
  const third = path.join(all, 'proof-000003.json')

  const options = (server: string) => ({ out: all, server, user: 'nurse', pdf: true })
  let words: string
  let noWords: string
  let url: string
  let leave: () => Promise<void>

  beforeAll(async () => {
    const server = await startTestServer()
    const nurse = await TestClient.signIn(server, 'nurse')
    const robot = new ScriptedRobot()
    const { password } = await server.registerRobot(robot.address)
    await robot.connect(server.mqttUrl, password)
    await robot.state()
    await until(async () => (await nurse.robot(robot.id)).batteryFraction !== null)
    const run = async (roomId: string): Promise<MissionView> => {
      const request = await nurse.plannedRequest(roomId)
      const mission = await nurse.ok<MissionView>('POST', `/requests/${request.id}/approve`)
      const order = await until(() => robot.orders.find(({ orderId }) => orderId === mission.id))
      robot.take(order)
      robot.setAction('awaitArming', 'FINISHED')
      robot.setAction('startUvDose', 'FINISHED', JSON.stringify(doseReportFor(order, robot.id)))
      await robot.state()
      return until(async () => {
        const view = await nurse.mission(mission.id)
        return view.verdict === null ? null : view
      })
    }
    noWords = await exportProofs(options(server.url), { WARDLIGHT_PASSWORD: 'nurse-demo' })
    for (const roomId of ['room-1', 'room-2']) {
      const { id } = await run(roomId)
      await nurse.ok('POST', `/missions/${id}/release`, { missedSurfacesWiped: true })
      await robot.state()
    }
    words = await exportProofs(options(server.url), { WARDLIGHT_PASSWORD: 'nurse-demo' })
    leave = async () => {
      await robot.disconnect()
      await server.stop()
    }
    url = server.url
    writeFileSync(otherKey, generateKeyPairSync('ed25519').publicKey.export({ format: 'pem', type: 'spki' }))
  }, 240_000)
  afterAll(async () => {
    await leave()
    rmSync(folder, { recursive: true, force: true })
  })

  /** A folder with the same, of which something is changed. */
  function changed(change: (copy: string) => void, options: Partial<VerifyOptions> = {}) {
    const copy = mkdtempSync(path.join(folder, 'copy-'))
    cpSync(all, copy, { recursive: true })
    change(copy)
    const verification = verifyProofs([copy], { ...asked, key, ...options })
    rmSync(copy, { recursive: true })
    return verification
  }

  it('are taken by who may sign in, and nothing is taken twice', async () => {
    expect(noWords).toContain('no proofs yet')
    expect(words).toContain('8 files of 4 proofs')
    expect(await exportProofs(options(url), { WARDLIGHT_PASSWORD: 'nurse-demo' })).toContain('0 files of 4')
    for (const environment of [{}, { WARDLIGHT_PASSWORD: 'wrong' }]) {
      await expect(exportProofs(options(url), environment)).rejects.toMatchObject({ code: 'WARD_ERR_OPTION' })
    }
  })

  it('hold on another machine, by the public keys alone', () => {
    const whole = verifyProofs([all], { ...asked, key, last: 4 })
    expect(whole).toMatchObject({ exitCode: 0 })
    expect(whole.text).toContain('chain: whole from proof 1 to 4')
    for (const ending of ['json', 'pdf']) {
      const one = verifyProofs([path.join(all, `proof-000002.${ending}`)], { ...asked, key })
      expect(one.exitCode).toBe(0)
      expect(one.text).toContain('the room was released as clean')
      expect(one.text).toContain('released by Nora Nurse')
      expect(one.text).toMatch(/by uv: PROVEN/)
    }
    const json = JSON.parse(verifyProofs([all], { ...asked, key, json: true }).text) as { files: unknown[] }
    expect(json).toMatchObject({ exitCode: 0, chain: [] })
    expect(json.files).toHaveLength(8)
  })

  it('are unchanged and nobody’s without the keys, and refused with those of somebody else', () => {
    const unknown = verifyProofs([third], asked)
    expect(unknown.exitCode).toBe(2)
    expect(unknown.text).toContain('NOT known')
    const others = verifyProofs([third], { ...asked, key: otherKey })
    expect(others.exitCode).toBe(1)
    expect(others.text).toContain('none of those that were given')
  })

  it('are found out when one bit of any file is flipped', () => {
    const files = [third, third.replace('.json', '.pdf')]
    const target = path.join(folder, 'flipped')
    fc.assert(
      fc.property(
        fc.constantFrom(...files),
        fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        (file, share) => {
          const bytes = readFileSync(file)
          const bit = Math.floor(share * 8 * bytes.length)
          bytes[bit >> 3]! ^= 1 << (bit & 7)
          writeFileSync(target, bytes)
          expect(verifyProofs([target], { ...asked, key }).exitCode).toBe(1)
          expect(verifyProofs([target], asked).exitCode).toBe(1)
        },
      ),
      { numRuns: 200 },
    )
  })

  it('are found to lack one that was taken out, the last too when somebody says how many there are', () => {
    const without = (sequence: number) => (copy: string) => {
      for (const ending of ['json', 'pdf']) rmSync(path.join(copy, `proof-00000${sequence}.${ending}`))
    }
    for (const sequence of [1, 2, 3]) {
      const { exitCode, text } = changed(without(sequence))
      expect([sequence, exitCode]).toEqual([sequence, 1])
      expect(text).toContain(`chain: missing: proof ${sequence}`)
    }
    expect(changed(without(4)).exitCode).toBe(0)
    expect(changed(without(4), { last: 4 }).text).toContain('missing: proof 4')
    expect(changed(without(1), { first: 2 }).exitCode).toBe(0)
  })

  it('do not mind their names, and stand where their numbers say', () => {
    const { exitCode } = changed((copy) => {
      mkdirSync(path.join(copy, 'empty'))
      renameSync(path.join(copy, 'proof-000001.json'), path.join(copy, 'x.json'))
      renameSync(path.join(copy, 'proof-000004.json'), path.join(copy, 'proof-000001.json'))
    })
    expect(exitCode).toBe(0)
  })

  it('are told from what is none, and from what is not there', () => {
    const none = path.join(folder, 'none.json')
    writeFileSync(none, '{"proof":{},"signature":{}}')
    expect(verifyProofs([none], { ...asked, key })).toMatchObject({ exitCode: 1 })
    expect(() => verifyProofs([path.join(folder, 'nowhere')], { ...asked, key })).toThrow('cannot be read')
    expect(() => verifyProofs([third], { ...asked, key: third })).toThrow('no public key')
  })
})
