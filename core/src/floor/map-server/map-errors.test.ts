import { encode } from 'fast-png'
import { describe, expect, it } from 'vitest'
import { isWardError, type WardError } from '../../errors/index.ts'
import { readMapServer } from './read-map-server.ts'
import { ascii, DrawnMap, WHITE, filesOf, mapYaml } from './testing/drawn-map.ts'

const whole = new DrawnMap(40, 40, WHITE).pgm()

function errorOf(yaml: string, image: Uint8Array | null = whole): WardError {
  try {
    readMapServer(
      'maps/ward.yaml',
      filesOf({ 'maps/ward.yaml': yaml, ...(image && { 'maps/map.pgm': image }) }),
    )
  } catch (error) {
    if (isWardError(error)) return error
    throw error
  }
  throw new Error('the map was read')
}

describe('a broken map', () => {
  it.each([
    [
      'bad YAML',
      'image: map.pgm\nresolution: [0.05\norigin: [0, 0, 0]\n',
      'WARD_ERR_PLAN_YAML',
      /ward\.yaml:\d/,
    ],
    ['no mapping', '- image\n', 'WARD_ERR_PLAN_SCHEMA', /ward\.yaml/],
    ['no image', mapYaml({ image: null }), 'WARD_ERR_PLAN_SCHEMA', /ward\.yaml/],
    ['an empty image name', mapYaml({ image: '""' }), 'WARD_ERR_PLAN_SCHEMA', /ward\.yaml:1/],
    ['no resolution', mapYaml({ resolution: null }), 'WARD_ERR_PLAN_SCALE', /ward\.yaml/],
    ['resolution 0', mapYaml({ resolution: 0 }), 'WARD_ERR_PLAN_SCALE', /ward\.yaml:2/],
    ['a negative resolution', mapYaml({ resolution: -0.05 }), 'WARD_ERR_PLAN_SCALE', /ward\.yaml:2/],
    ['resolution nan', mapYaml({ resolution: '.nan' }), 'WARD_ERR_PLAN_SCALE', /ward\.yaml:2/],
    ['a resolution in words', mapYaml({ resolution: 'fine' }), 'WARD_ERR_PLAN_SCALE', /ward\.yaml:2/],
    ['no origin', mapYaml({ origin: null }), 'WARD_ERR_PLAN_SCHEMA', /ward\.yaml/],
    ['an origin of two', mapYaml({ origin: '[1, 2]' }), 'WARD_ERR_PLAN_SCHEMA', /ward\.yaml:3/],
    ['an origin of words', mapYaml({ origin: '[a, b, c]' }), 'WARD_ERR_PLAN_SCHEMA', /ward\.yaml:3/],
    ['negate 0.5', mapYaml({ negate: 0.5 }), 'WARD_ERR_PLAN_SCHEMA', /ward\.yaml:4/],
    ['thresholds out of order', mapYaml({ free_thresh: 0.7 }), 'WARD_ERR_PLAN_SCHEMA', /ward\.yaml:6/],
    ['a threshold above 1', mapYaml({ occupied_thresh: 65 }), 'WARD_ERR_PLAN_SCHEMA', /ward\.yaml:5/],
    ['an unknown mode', mapYaml({ mode: 'binary' }), 'WARD_ERR_PLAN_SCHEMA', /ward\.yaml:7/],
  ])('%s: code, line and remedy', (_, yaml, code, where) => {
    const error = errorOf(yaml)
    expect(error.code).toBe(code)
    expect(error.where).toMatch(where)
    expect(error.remedy).toMatch(/\.$/)
  })

  it('names the YAML file and the missing image', () => {
    const error = errorOf(mapYaml(), null)
    expect(error.code).toBe('WARD_ERR_PLAN_IMAGE')
    expect(error.message).toContain('maps/ward.yaml')
    expect(error.message).toContain('maps/map.pgm')
  })

  const png = encode({ width: 40, height: 40, channels: 1, data: new Uint8Array(1600).fill(254) })
  it.each([
    ['an empty image', new Uint8Array(0), /empty/],
    ['an unknown magic', ascii('GIF89a'), /47 49 46 38/],
    ['a truncated raw raster', whole.subarray(0, whole.length - 41), /truncated.*row 38/],
    ['a truncated plain raster', ascii('P2 2 2 255\n1 2 3'), /truncated/],
    ['a header that ends', ascii('P5\n40'), /truncated/],
    ['a header in words', ascii('P5\nwide 40 255\n'), /width is not a number/],
    ['no maxval', ascii('P5 2 2 0\nabcd'), /maxval is 0/],
    ['an absurd size', ascii('P5 4000000 4000000 255\n'), /4000000 × 4000000/],
    ['no size', ascii('P5 0 3 255\n'), /0 × 3/],
    ['a value above maxval', ascii('P2 1 1 15\n16'), /above maxval/],
    ['a truncated PNG', png.subarray(0, png.length - 20), /not a whole PNG/],
    ['a damaged PNG', png.map((byte, index) => (index === 45 ? byte ^ 255 : byte)), /not a whole PNG/],
  ])('%s: code, file and what is wrong', (_, image, what) => {
    const error = errorOf(mapYaml(), image)
    expect(error.code).toBe('WARD_ERR_PLAN_IMAGE')
    expect(error.where).toContain('maps/map.pgm')
    expect(error.what).toMatch(what)
  })
})

describe('problems that a reading lives with', () => {
  const problemsOf = (map: DrawnMap, fields = {}) =>
    readMapServer('a.yaml', filesOf({ 'a.yaml': mapYaml(fields), 'map.pgm': map.pgm() })).problems.map(
      ({ what }) => what,
    )

  it('says that there are no rooms, and why not', () => {
    expect(problemsOf(new DrawnMap(100, 100, WHITE))).toEqual([expect.stringMatching(/no rooms/)])
  })

  it('says that nearly all is unknown', () => {
    expect(problemsOf(new DrawnMap(400, 400).room(20, 20, 60, 60))).toEqual([
      expect.stringMatching(/97 % .*unknown/),
    ])
  })

  it('says that a room has no doorway', () => {
    const map = new DrawnMap(300, 100).room(10, 10, 80, 80).room(93, 10, 80, 80).room(176, 10, 80, 80)
    map.fill(90, 40, 3, 18, WHITE)
    expect(problemsOf(map)).toEqual([expect.stringMatching(/R03 has no doorway/)])
  })

  it('says that a room goes on beyond the map', () => {
    const map = new DrawnMap(120, 120).room(20, 20, 80, 97)
    map.fill(50, 117, 20, 3, WHITE)
    expect(problemsOf(map)).toEqual([expect.stringMatching(/R01 is open at the edge/)])
  })

  it('says that free_thresh takes the unknown grey for floor, and finds the rooms all the same', () => {
    const map = new DrawnMap(200, 120).room(20, 20, 80, 80)
    map.fill(17, 40, 3, 60, WHITE).fill(0, 40, 17, 60, 205)
    const reading = readMapServer(
      'a.yaml',
      filesOf({ 'a.yaml': mapYaml({ free_thresh: 0.25 }), 'map.pgm': map.pgm() }),
    )
    expect(reading.problems.map(({ what }) => what)).toEqual([expect.stringMatching(/free_thresh 0.25/)])
    expect(reading.plan.levels[0]!.rooms).toHaveLength(1)
    expect(reading.plan.levels[0]!.occupancy!.data).not.toContain(-1)
  })
})
