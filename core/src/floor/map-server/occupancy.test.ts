import { encode } from 'fast-png'
import { describe, expect, it } from 'vitest'
import { readMapServer } from './read-map-server.ts'
import { ascii, concatenate, filesOf, mapYaml } from './testing/drawn-map.ts'

function occupancy(image: Uint8Array, fields: Readonly<Record<string, string | number>> = {}) {
  const { plan } = readMapServer(
    'maps/a.yaml',
    filesOf({ 'maps/a.yaml': mapYaml(fields), 'maps/map.pgm': image }),
  )
  const grid = plan.levels[0]!.occupancy!
  return { ...grid, data: [...grid.data] }
}

const pgm = (header: string, ...bytes: readonly number[]) =>
  concatenate(ascii(header), Uint8Array.from(bytes))

describe('occupancy as nav2 serves it', () => {
  it('puts the top row of the image at the highest y', () => {
    const grid = occupancy(pgm('P5 2 2 255\n', 0, 254, 205, 254), { resolution: 0.2, origin: '[2, 3, 1]' })
    expect(grid).toMatchObject({ width: 2, height: 2, resolutionM: 0.2, origin: { x: 2, y: 3, theta: 1 } })
    expect(grid.data).toEqual([-1, 0, 100, 0])
  })

  it('reads trinary: free up to free_thresh, occupied from occupied_thresh, unknown between', () => {
    // Occupancies 0, 0.196, 0.2, 0.651, 1.
    const row = pgm('P5 5 1 255\n', 255, 205, 204, 89, 0)
    expect(occupancy(row).data).toEqual([0, -1, -1, 100, 100])
    expect(occupancy(row, { free_thresh: 0.25 }).data).toEqual([0, 0, 0, 100, 100])
    expect(occupancy(row, { free_thresh: 0.2 }).data).toEqual([0, 0, 0, 100, 100])
    expect(occupancy(row, { negate: 1 }).data).toEqual([100, 100, 100, -1, 0])
    expect(occupancy(row, { negate: 'true' }).data).toEqual([100, 100, 100, -1, 0])
  })

  it('reads scale: what lies between the thresholds in proportion', () => {
    const row = pgm('P5 4 1 255\n', 255, 128, 200, 0)
    // (1 - 128/255 - 0.1) / (0.9 - 0.1) = 0.4975; (1 - 200/255 - 0.1) / 0.8 = 0.1446
    expect(occupancy(row, { mode: 'scale', free_thresh: 0.1, occupied_thresh: 0.9 }).data).toEqual([
      0, 50, 14, 100,
    ])
  })

  it('reads raw: the pixel is the value, above 100 unknown, and negate is not asked', () => {
    const row = pgm('P5 5 1 255\n', 0, 42, 100, 101, 255)
    expect(occupancy(row, { mode: 'raw' }).data).toEqual([0, 42, 100, -1, -1])
    expect(occupancy(row, { mode: 'raw', negate: 1 }).data).toEqual([0, 42, 100, -1, -1])
  })

  it('takes what is not wholly opaque for unknown, but not in raw mode', () => {
    const image = encode({
      width: 3,
      height: 1,
      channels: 2,
      depth: 8,
      data: Uint8Array.of(255, 255, 255, 254, 0, 0),
    })
    expect(occupancy(image).data).toEqual([0, -1, -1])
    expect(occupancy(image, { mode: 'scale' }).data).toEqual([0, -1, -1])
    expect(occupancy(image, { mode: 'raw' }).data).toEqual([-1, -1, 0])
  })

  it('weighs colours as ImageMagick does', () => {
    const colours = Uint8Array.of(255, 255, 255, 255, 0, 0, 0, 255, 0, 0, 0, 255)
    const image = encode({ width: 4, height: 1, channels: 3, depth: 8, data: colours })
    // Greys 255, 54, 182, 18.
    expect(occupancy(image, { mode: 'scale', free_thresh: 0, occupied_thresh: 1 }).data).toEqual([
      0, 79, 29, 93,
    ])
  })

  it('reads PNG of 16 bits', () => {
    const deep = encode({ width: 2, height: 1, channels: 1, depth: 16, data: Uint16Array.of(65_535, 128) })
    expect(occupancy(deep).data).toEqual([0, 100])
  })

  it('reads plain and raw PGM of any maxval, with comments', () => {
    expect(occupancy(ascii('P2\n# a\n3 # wide\n1\n# max\n15\n15 12\n0\n')).data).toEqual([0, -1, 100])
    expect(occupancy(pgm('P5\n3 1\n65535\n', 255, 255, 205, 0, 0, 0)).data).toEqual([0, -1, 100])
    expect(occupancy(pgm('P5\n2 1\n1\n', 1, 0)).data).toEqual([0, 100])
  })

  it('falls back on what map_saver writes where fields are absent', () => {
    const files = filesOf({
      'a.yaml': 'image: map.pgm\nresolution: 0.05\norigin: [0, 0, 0]\n',
      'map.pgm': pgm('P5 4 1 255\n', 255, 192, 180, 0),
    })
    expect([...readMapServer('a.yaml', files).plan.levels[0]!.occupancy!.data]).toEqual([0, 0, -1, 100])
  })
})
