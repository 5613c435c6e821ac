import { generateKeyPairSync } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase, type OpenDatabase } from '../store/database.ts'
import { proofs, signingKeys, type ProofRow } from '../store/schema.ts'
import { ENGINES } from '../testing/engines.ts'
import { createEmptyDatabase, type EmptyDatabase } from '../testing/empty-database.ts'
import { readSigner } from './signing.ts'
import { SigningKeys } from './signing-keys.ts'

const now = () => new Date('2026-01-05T03:00:00Z')

describe.each(ENGINES)('the tables of proofs and keys, on $engine', ({ adminUrl, isSkipped }) => {
  let empty: EmptyDatabase | null = null
  let database: OpenDatabase

  beforeEach(async () => {
    if (isSkipped) return
    empty = adminUrl === undefined ? null : await createEmptyDatabase(adminUrl)
    database = await openDatabase({ dataDir: null, databaseUrl: empty?.url })
  })
  afterEach(async () => {
    if (isSkipped) return
    await database.close()
    await empty?.drop()
  })

  function row(sequence: number, sha256: string, previousSha256: string | null): ProofRow {
    const keyId = 'k'.repeat(64)
    return {
      sequence,
      sha256,
      previousSha256,
      missionId: 'm',
      kind: 'ended',
      issuedAt: now(),
      keyId,
      file: '{}',
    }
  }

  it.skipIf(isSkipped)(
    'refuse a second proof in the same place, whoever writes it, and all that is written with it',
    async () => {
      const add = (...rows: ProofRow[]) => database.write((tx) => tx.insert(proofs).values(rows))
      await database.write((tx) =>
        tx.insert(signingKeys).values({
          keyId: 'k'.repeat(64),
          publicKey: '00',
          privateKey: null,
          createdAt: now(),
          retiredAt: null,
        }),
      )
      await add(row(1, 'a', null), row(2, 'b', 'a'))
      await expect(add(row(3, 'c', 'b'), row(2, 'x', 'b'))).rejects.toThrow('Failed query')
      await expect(add(row(3, 'c', 'a'))).rejects.toThrow('Failed query')
      await expect(add({ ...row(3, 'c', 'b'), keyId: 'nobody' })).rejects.toThrow('Failed query')
      // Two that begin at the same time: one of them is there, and whole.
      const both = await Promise.allSettled([add(row(3, 'c', 'b')), add(row(3, 'd', 'b'))])
      expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
      expect(await database.queries.select().from(proofs)).toHaveLength(3)
    },
  )

  it.skipIf(isSkipped)(
    'hold the private half of one key at most, and of none that is kept in a file',
    async () => {
      const privateKeys = async () =>
        (await database.queries.select().from(signingKeys)).flatMap(({ privateKey }) => privateKey ?? [])
      const own = new SigningKeys({ database, outside: null, now })
      await own.load()
      const first = own.signer
      await own.rotate()
      expect(own.signer.keyId).not.toBe(first.keyId)
      const [pem, ...more] = await privateKeys()
      expect(more).toEqual([])
      expect(readSigner(pem!, 'test').keyId).toBe(own.signer.keyId)
      // The same key, taken out into a file; then another file; then the first file again.
      const other = generateKeyPairSync('ed25519').privateKey.export({
        format: 'pem',
        type: 'pkcs8',
      }) as string
      for (const text of [pem!, other, pem!]) {
        const outside = readSigner(text, 'test')
        const keys = new SigningKeys({ database, outside, now })
        await keys.load()
        expect(keys.signer.keyId).toBe(outside.keyId)
        expect(await privateKeys()).toEqual([])
        const current = (await keys.views()).filter(({ retiredAt }) => retiredAt === null)
        expect(current.map(({ keyId }) => keyId)).toEqual([outside.keyId])
      }
      expect(await own.views()).toHaveLength(3)
      expect(
        (await database.queries.select({ keys: sql<number>`count(*)::int` }).from(signingKeys))[0],
      ).toEqual({ keys: 3 })
    },
  )
})
