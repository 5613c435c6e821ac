import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dataKeys, type DataKeys } from './data-key.ts'
import { hiddenName, openSealed, sealData } from './sealed-data.ts'

describe('data at rest', () => {
  let directory: string
  let keys: DataKeys
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'wardlight-key-'))
    keys = await dataKeys(undefined, directory)
  })
  afterAll(() => rm(directory, { recursive: true, force: true }))

  it('opens where it was sealed with the key that it was sealed with, and not otherwise', async () => {
    const others = await dataKeys('00'.repeat(32), null)
    fc.assert(
      fc.property(fc.uint8Array(), fc.nat(), (content, at) => {
        const sealed = sealData(Buffer.from(content), 'row/1', keys)
        expect(openSealed(sealed, 'row/1', keys)).toEqual(Buffer.from(content))
        expect(openSealed(sealed, 'row/2', keys)).toBeNull()
        expect(openSealed(sealed, 'row/1', others)).toBeNull()
        const bytes = Buffer.from(sealed, 'base64')
        bytes[at % bytes.length]! ^= 1
        expect(openSealed(bytes.toString('base64'), 'row/1', keys)).toBeNull()
      }),
    )
    expect(openSealed('', 'row/1', keys)).toBeNull()
  })

  it('has names that do not tell which parts they were made of', () => {
    expect(hiddenName(['a', 'b'], keys)).toBe(hiddenName(['a', 'b'], keys))
    expect(hiddenName(['a', 'b'], keys)).not.toBe(hiddenName(['ab'], keys))
    expect(hiddenName(['a', 'b'], keys)).not.toBe(hiddenName(['', 'ab'], keys))
  })

  it('has one key for a data directory, in a file of its owner alone', async () => {
    const file = join(directory, 'data.key')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(await dataKeys(undefined, directory)).toEqual(keys)
    expect(await dataKeys(await readFile(file, 'utf8'), null)).toEqual(keys)
    const base64 = Buffer.from((await readFile(file, 'utf8')).trim(), 'hex').toString('base64')
    expect(await dataKeys(base64, null)).toEqual(keys)
  })

  it('is not begun with half a key', async () => {
    await expect(dataKeys('abc', null)).rejects.toMatchObject({ code: 'WARD_ERR_CONFIG' })
    const half = await mkdtemp(join(tmpdir(), 'wardlight-key-'))
    await writeFile(join(half, 'data.key'), 'ff')
    await expect(dataKeys(undefined, half)).rejects.toMatchObject({ code: 'WARD_ERR_CONFIG' })
    await rm(half, { recursive: true, force: true })
  })
})
