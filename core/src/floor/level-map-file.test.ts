import fc from 'fast-check'
import { expect, it } from 'vitest'
import { levelMapText, readLevelMap } from './level-map-file.ts'
import type { LevelMap } from './level-map-file.ts'

const map: LevelMap = {
  mapId: 'L1',
  grid: {
    width: 3,
    height: 2,
    resolutionM: 0.05,
    origin: { x: -1, y: 2, theta: 0 },
    data: Int8Array.from([100, 100, 0, 0, -1, 40]),
  },
}

const arbitraryMap = fc
  .record({
    width: fc.integer({ min: 1, max: 12 }),
    height: fc.integer({ min: 1, max: 12 }),
    values: fc.array(fc.constantFrom(-1, 0, 37, 100), { minLength: 144, maxLength: 144 }),
    x: fc.double({ min: -500, max: 500, noNaN: true }).map((x) => x + 0),
    theta: fc.double({ min: -3, max: 3, noNaN: true }).map((theta) => theta + 0),
  })
  .map(({ width, height, values, x, theta }): LevelMap => {
    const data = Int8Array.from(values.slice(0, width * height))
    data[0] = 100
    return {
      mapId: 'ward 4',
      grid: { width, height, resolutionM: 0.05, origin: { x, y: -x + 0, theta }, data },
    }
  })

it('is read as it was written', () => {
  fc.assert(
    fc.property(arbitraryMap, (each) => {
      expect(readLevelMap(levelMapText(each))).toEqual(each)
    }),
  )
})

it('is never read with cells missing or too many, wherever it is cut or changed', () => {
  fc.assert(
    fc.property(arbitraryMap, fc.nat(), fc.integer({ min: -3, max: 200 }), (each, where, value) => {
      const file = JSON.parse(levelMapText(each)) as { runs: number[] }
      file.runs[where % file.runs.length] = value
      const read = readLevelMap(JSON.stringify(file))
      const cells = each.grid.data.length
      expect(typeof read === 'string' ? cells : read.grid.data.length).toBe(cells)
    }),
  )
})

it.each<[string, string, string]>([
  ['a page', '<html>', 'it is no JSON'],
  ['something else', '{"format":"geojson"}', 'it is no wardlight.levelMap/1'],
  ['too few cells', levelMapText(map).replace('40,1]', '40]'), 'has 0 cells'],
  ['too many cells', levelMapText(map).replace('40,1]', '40,2]'), 'has 2 cells at cell 5 of 6'],
  ['an end too early', levelMapText(map).replace(',40,1]', ']'), 'ends at cell 5 of 6'],
  ['a value that is none', levelMapText(map).replace('40,1]', '101,1]'), 'is of 101'],
  [
    'more than a robot can hold',
    levelMapText(map).replace('"width":3', '"width":9000000'),
    'a map has 16000000 at most',
  ],
  ['an empty floor', levelMapText(map).replace('[100,2', '[0,2'), 'nothing on it is solid'],
])('%s is no map', (_, text, why) => {
  expect(readLevelMap(text)).toContain(why)
})
