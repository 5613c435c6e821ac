import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { levelMapText } from '@wardlight/core/floor'
import { createGrid, fillPolygon, OCCUPIED, rectangle } from '@wardlight/core/geometry'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SILENT_LOG } from '../testing/robot-bench.ts'
import { nodeFileFolder, type FileFolder } from './file-folder.ts'
import { MapKeeper } from './map-keeper.ts'

let place: string
let isIdle: boolean
let isFitting: boolean | null
let enabled: number
let keeper: MapKeeper

const files = () => readdirSync(path.join(place, 'maps')).toSorted()
const V1 = { mapId: 'L1', mapVersion: 'v1' }
const V2 = { mapId: 'L1', mapVersion: 'v2' }

function grid(x: number) {
  const drawn = createGrid({ minX: 0, minY: 0, maxX: 5, maxY: 4 }, 0.05)
  fillPolygon(drawn, rectangle({ x, y: 2 }, 1, 1), OCCUPIED)
  return drawn
}
const fileOf = (x: number, mapId = 'L1') => Buffer.from(levelMapText({ mapId, grid: grid(x) }))
const gives = (bytes: Uint8Array) => () => Promise.resolve(bytes)

function create(folder: FileFolder = nodeFileFolder(path.join(place, 'maps'))) {
  const made = new MapKeeper({
    folder,
    ownIds: new Set(['L1', 'L2']),
    isIdle: () => isIdle,
    fits: () => isFitting,
    log: SILENT_LOG,
    onEnabled: () => {
      enabled += 1
    },
  })
  made.start()
  return made
}

const shown = () =>
  keeper.states.map(({ mapId, mapVersion, mapStatus }) => `${mapId} ${mapVersion} ${mapStatus}`)

beforeEach(() => {
  place = mkdtempSync(path.join(tmpdir(), 'wardlight-maps-'))
  isIdle = true
  isFitting = null
  enabled = 0
  keeper = create()
})
afterEach(() => rmSync(place, { recursive: true, force: true }))

describe('a map that was sent', () => {
  it('is kept, counts when it is enabled, and outlives the program', async () => {
    expect(readdirSync(place)).toEqual([])
    expect(await keeper.download(V1, gives(fileOf(1)))).toEqual({ refusal: null })
    expect(shown()).toEqual(['L1 1 ENABLED', 'L2 1 ENABLED', 'L1 v1 DISABLED'])
    expect(keeper.grid('L1')).toBeNull()
    expect(await keeper.enable(V1)).toEqual({ refusal: null })
    expect(shown()).toEqual(['L1 1 DISABLED', 'L2 1 ENABLED', 'L1 v1 ENABLED'])
    expect(keeper.grid('L1')).toEqual(grid(1))
    expect(enabled).toBe(1)

    keeper = create()
    expect(shown()).toEqual(['L1 1 DISABLED', 'L2 1 ENABLED', 'L1 v1 ENABLED'])
    expect(keeper.grid('L1')).toEqual(grid(1))
    expect(enabled).toBe(2)
  })

  it('is not changed while the robot is at work, nor deleted while it counts', async () => {
    await keeper.download(V1, gives(fileOf(1)))
    await keeper.enable(V1)
    isIdle = false
    // A download changes nothing of what counts.
    expect(await keeper.download(V2, gives(fileOf(3)))).toEqual({ refusal: null })
    expect((await keeper.enable(V2)).refusal).toContain('at work')
    expect((await keeper.delete(V1)).refusal).toContain('in use')
    expect(keeper.grid('L1')).toEqual(grid(1))
    isIdle = true
    expect((await keeper.enable(V2)).refusal).toBeNull()
    expect((await keeper.delete(V1)).refusal).toBeNull()
    expect((await keeper.delete(V1)).refusal).toContain('there is no map')
    expect(files()).toHaveLength(2)
    expect((await keeper.enable({ mapId: 'L1', mapVersion: '1' })).refusal).toBeNull()
    expect(keeper.grid('L1')).toBeNull()
  })

  it('does not begin to count where the robot sees something else; its own always may', async () => {
    await keeper.download(V1, gives(fileOf(1)))
    await keeper.download(V2, gives(fileOf(3)))
    isFitting = true
    expect((await keeper.enable(V1)).refusal).toBeNull()
    isFitting = false
    expect((await keeper.enable(V2)).refusal).toContain('does not fit')
    expect([shown().at(-2), keeper.grid('L1')]).toEqual(['L1 v1 ENABLED', grid(1)])
    expect((await keeper.enable({ mapId: 'L1', mapVersion: '1' })).refusal).toBeNull()
  })

  it('does not begin to count under an order that came while the disk was written', async () => {
    const folder = nodeFileFolder(path.join(place, 'maps'))
    await keeper.download(V1, gives(fileOf(1)))
    keeper = create({
      ...folder,
      async write(name, bytes) {
        await folder.write(name, bytes)
        isIdle = false
      },
    })
    expect((await keeper.enable(V1)).refusal).toContain('at work')
    expect(shown()).toContain('L1 v1 DISABLED')
    keeper = create()
    expect(shown()).toContain('L1 v1 DISABLED')
  })
})

describe('what is refused changes nothing', () => {
  it.each<[string, () => Promise<Uint8Array>, typeof V1, string, string]>([
    ['no map', gives(Buffer.from('<html>')), V2, 'it is no JSON', 'MAP_DOWNLOAD_FAILED'],
    ['of another level', gives(fileOf(1, 'L2')), V2, 'it is a map of L2', 'MAP_DOWNLOAD_FAILED'],
    [
      'that does not come',
      () => Promise.reject(new Error('answers 404')),
      V2,
      'answers 404',
      'MAP_DOWNLOAD_FAILED',
    ],
    ['that is there', gives(fileOf(1)), V1, 'already', 'DUPLICATE_MAP'],
    [
      'of a level that the robot has not',
      gives(fileOf(1, 'L9')),
      { ...V1, mapId: 'L9' },
      'no level L9',
      'MAP_DOWNLOAD_FAILED',
    ],
  ])('a file %s', async (_, download, map, why, errorType) => {
    await keeper.download(V1, gives(fileOf(1)))
    const before = [files(), shown()]
    const { refusal, error } = await keeper.download(map, download)
    expect(refusal).toContain(why)
    expect(error).toEqual({
      errorType,
      errorReferences: [
        { referenceKey: 'mapId', referenceValue: map.mapId },
        { referenceKey: 'mapVersion', referenceValue: map.mapVersion },
      ],
    })
    expect([files(), shown()]).toEqual(before)
  })

  it('the seventeenth map', async () => {
    for (let number = 1; number <= 16; number += 1) {
      const map = { mapId: 'L1', mapVersion: `v${number}` }
      expect((await keeper.download(map, gives(fileOf(1)))).refusal).toBeNull()
    }
    expect((await keeper.download({ mapId: 'L1', mapVersion: 'v17' }, gives(fileOf(1)))).refusal).toContain(
      'delete one first',
    )
  })

  it.each(['map', 'index'])('a disk that is full at the %s', async (what) => {
    await keeper.download(V1, gives(fileOf(1)))
    await keeper.enable(V1)
    const folder = nodeFileFolder(path.join(place, 'maps'))
    let isFull = true
    keeper = create({
      ...folder,
      async write(name, bytes) {
        if (isFull && (name === 'maps.json') === (what === 'index')) throw new Error('ENOSPC: no space left')
        await folder.write(name, bytes)
      },
    })
    const before = [files(), shown()]
    expect((await keeper.download(V2, gives(fileOf(3)))).refusal).toContain('ENOSPC')
    if (what === 'index')
      expect((await keeper.enable({ ...V1, mapVersion: '1' })).refusal).toContain('ENOSPC')
    expect([files(), shown()]).toEqual(before)
    isFull = false
    expect((await keeper.download(V2, gives(fileOf(3)))).refusal).toBeNull()
  })
})

describe('after a crash', () => {
  it('what was half-done is gone, and what an index does not name', async () => {
    await keeper.download(V1, gives(fileOf(1)))
    const whole = files()
    writeFileSync(path.join(place, 'maps', 'maps.json.half'), '{"ver')
    writeFileSync(path.join(place, 'maps', 'x.map.json.half'), 'half')
    writeFileSync(path.join(place, 'maps', 'y.map.json'), 'nobody knows it')
    keeper = create()
    await keeper.delete(V2)
    expect(shown()).toContain('L1 v1 DISABLED')
    await expect.poll(files).toEqual(whole)
  })

  it('a map that is not as it was kept counts no longer, and is told', async () => {
    await keeper.download(V1, gives(fileOf(1)))
    await keeper.enable(V1)
    const name = files().find((each) => each !== 'maps.json')!
    const file = path.join(place, 'maps', name)
    writeFileSync(file, readFileSync(file).subarray(1))
    keeper = create()
    expect(shown()).toEqual(['L1 1 ENABLED', 'L2 1 ENABLED'])
    expect(keeper.grid('L1')).toBeNull()
    expect(keeper.errors).toMatchObject([{ errorType: 'MEMORY_LOST', errorLevel: 'WARNING' }])
    // It can be sent again, and then nothing is the matter.
    expect((await keeper.download(V1, gives(fileOf(1)))).refusal).toBeNull()
    expect(keeper.errors).toEqual([])
  })

  it('an index that cannot be read is as none', async () => {
    await keeper.download(V1, gives(fileOf(1)))
    writeFileSync(path.join(place, 'maps', 'maps.json'), '{')
    keeper = create()
    expect(shown()).toEqual(['L1 1 ENABLED', 'L2 1 ENABLED'])
    expect(keeper.errors).toHaveLength(1)
    expect((await keeper.download(V1, gives(fileOf(1)))).refusal).toBeNull()
    keeper = create()
    expect(shown()).toContain('L1 v1 DISABLED')
  })

  it.skipIf(process.getuid?.() === 0)('a folder that may not be written is told as such', async () => {
    chmodSync(place, 0o500)
    expect((await keeper.download(V1, gives(fileOf(1)))).refusal).toContain('EACCES')
    chmodSync(place, 0o700)
    expect(shown()).toEqual(['L1 1 ENABLED', 'L2 1 ENABLED'])
  })
})
