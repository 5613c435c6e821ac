import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  centroid,
  distance,
  distanceToSegment,
  inversePose,
  isInsidePolygon,
  signedArea,
  transformPoint,
  valueAt,
} from '../../geometry/index.ts'
import { createRandom } from '../../random/index.ts'
import type { Level } from '../types.ts'
import { isSimpleRing } from './outline.ts'
import { readMapServer } from './read-map-server.ts'
import { BLACK, DrawnMap, GREY, WHITE, filesOf, mapYaml } from './testing/drawn-map.ts'

const SIZE_M = 0.05
const WALL = 3
/** A door frame's width stands between a doorway and the corner. */
const FRAME = 3

function read(map: DrawnMap, fields: Readonly<Record<string, string | number>> = {}): Level {
  return readMapServer('a.yaml', filesOf({ 'a.yaml': mapYaml(fields), 'map.pgm': map.pgm() })).plan.levels[0]!
}

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

interface DrawnBuilding {
  readonly map: DrawnMap
  readonly rooms: readonly Box[]
  /** Each doorway's opening in the image, and the rooms on its two sides. */
  readonly doorways: readonly { readonly box: Box; readonly rooms: readonly [number, number] }[]
}

/** Rectangular rooms of 2.6 m to 6 m side, doorways of 0.8 m to 1.4 m: from each room to the next, and some more. */
const buildings = fc.record({
  widths: fc.array(fc.integer({ min: 52, max: 120 }), { minLength: 1, maxLength: 4 }),
  heights: fc.array(fc.integer({ min: 52, max: 120 }), { minLength: 1, maxLength: 3 }),
  choices: fc.array(
    fc.record({
      width: fc.integer({ min: 16, max: 28 }),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      isExtra: fc.boolean(),
    }),
    { minLength: 30, maxLength: 30 },
  ),
  outside: fc.constantFrom(GREY, WHITE),
})

interface Building {
  readonly widths: readonly number[]
  readonly heights: readonly number[]
  readonly choices: readonly { readonly width: number; readonly at: number; readonly isExtra: boolean }[]
  readonly outside: number
}

function draw({ widths, heights, choices, outside }: Building): DrawnBuilding {
  const margin = 20
  const sum = (lengths: readonly number[]) => lengths.reduce((total, length) => total + length + WALL, 0)
  const map = new DrawnMap(sum(widths) + WALL + 2 * margin, sum(heights) + WALL + 2 * margin, outside)
  const rooms = heights.flatMap((height, row) =>
    widths.map((width, column) => ({
      x: margin + WALL + sum(widths.slice(0, column)),
      y: margin + WALL + sum(heights.slice(0, row)),
      width,
      height,
    })),
  )
  for (const { x, y, width, height } of rooms) map.room(x, y, width, height, WALL)
  for (const { x, y, width, height } of rooms) map.fill(x, y, width, height, WHITE)
  const doorways: { box: Box; rooms: [number, number] }[] = []
  let next = 0
  rooms.forEach((room, index) => {
    const column = index % widths.length
    if (column + 1 < widths.length) {
      const { width, at } = choices[next++ % choices.length]!
      const y = room.y + FRAME + Math.round(at * (room.height - width - 2 * FRAME))
      doorways.push({
        box: { x: room.x + room.width, y, width: WALL, height: width },
        rooms: [index, index + 1],
      })
    }
    const below = index + widths.length
    const { width, at, isExtra } = choices[next++ % choices.length]!
    if (below < rooms.length && (column === 0 || isExtra)) {
      const x = room.x + FRAME + Math.round(at * (room.width - width - 2 * FRAME))
      doorways.push({ box: { x, y: room.y + room.height, width, height: WALL }, rooms: [index, below] })
    }
  })
  for (const { box } of doorways) map.fill(box.x, box.y, box.width, box.height, WHITE)
  return { map, rooms, doorways }
}

const toMap = (map: DrawnMap, x: number, y: number) => ({ x: x * SIZE_M, y: (map.height - y) * SIZE_M })
const middleOf = (map: DrawnMap, { x, y, width, height }: Box) => toMap(map, x + width / 2, y + height / 2)

describe('rooms of a map', () => {
  it('are those that were drawn, with their areas, doorways and ways', () => {
    fc.assert(
      fc.property(buildings, (building) => {
        const { map, rooms, doorways } = draw(building)
        const level = read(map)
        expect(level.rooms).toHaveLength(rooms.length)
        expect(level.doors).toHaveLength(doorways.length)
        const ids = rooms.map((box) => {
          const found = level.rooms.filter(({ polygon }) => isInsidePolygon(middleOf(map, box), polygon))
          expect(found).toHaveLength(1)
          expect(Math.abs(found[0]!.areaM2 - box.width * box.height * SIZE_M ** 2)).toBeLessThan(0.7)
          return found[0]!.id
        })
        for (const { box, rooms: sides } of doorways) {
          const middle = middleOf(map, box)
          const door = level.doors.find(({ a, b }) => distanceToSegment(middle, { a, b }) < 0.15)
          expect(door?.kind).toBe('opening')
          expect(new Set(door!.roomIds)).toEqual(new Set(sides.map((side) => ids[side]!)))
          expect(
            Math.abs(distance(door!.a, door!.b) - Math.max(box.width, box.height) * SIZE_M),
          ).toBeLessThan(0.11)
        }
        expectSound(level)
        expect(reachable(level)).toBe(true)
      }),
      { numRuns: 25 },
    )
  })

  it('are the same whatever the mode, negate and origin say', () => {
    const { map } = draw({ widths: [80, 100, 70], heights: [90, 70], choices, outside: WHITE })
    const plain = read(map)
    const negative = new DrawnMap(map.width, map.height)
    negative.pixels.set(map.pixels.map((grey) => 255 - grey))
    const outlineOf = ({ rooms, doors }: Level) => ({
      rooms: rooms.map(({ id, areaM2, doorIds, kind }) => ({ id, areaM2: areaM2.toFixed(6), doorIds, kind })),
      doors: doors.map(({ id, roomIds, a, b }) => ({ id, roomIds, width: distance(a, b).toFixed(6) })),
    })
    const expected = outlineOf(plain)
    expect(outlineOf(read(negative, { negate: 1 }))).toEqual(expected)
    expect(outlineOf(read(map, { mode: 'scale', free_thresh: 0.1, occupied_thresh: 0.9 }))).toEqual(expected)
    const origin = { x: -12.5, y: 3, theta: 0.7 }
    const turned = read(map, { origin: '[-12.5, 3, 0.7]' })
    expect(outlineOf(turned)).toEqual(expected)
    expect(turned.occupancy!.origin).toEqual(origin)
    turned.rooms.forEach((room, index) => {
      const back = transformPoint(inversePose(origin), centroid(room.polygon))
      expect(distance(back, centroid(plain.rooms[index]!.polygon))).toBeLessThan(1e-6)
      expect(signedArea(room.polygon)).toBeGreaterThan(0)
    })
  })

  it('are found at other resolutions', () => {
    const { map, rooms, doorways } = draw({ widths: [80, 100], heights: [90, 70], choices, outside: GREY })
    for (const factor of [2, 5]) {
      const fine = new DrawnMap(map.width * factor, map.height * factor)
      fine.pixels.forEach((_, index) => {
        const x = Math.floor((index % fine.width) / factor)
        fine.pixels[index] = map.pixels[Math.floor(index / fine.width / factor) * map.width + x]!
      })
      const level = read(fine, { resolution: SIZE_M / factor })
      expect([level.rooms.length, level.doors.length]).toEqual([rooms.length, doorways.length])
    }
    const coarse = draw({
      widths: [40, 50],
      heights: [45, 35],
      choices: choices.map((choice) => ({ ...choice, width: 10 })),
      outside: GREY,
    })
    expect(read(coarse.map, { resolution: 0.1 }).rooms).toHaveLength(4)
  })

  it('keep their ids when a cell changes far away', () => {
    const { map } = draw({ widths: [80, 100, 70], heights: [90, 70], choices, outside: GREY })
    const before = read(map)
    map
      .fill(40, 40, 2, 2, BLACK)
      .fill(map.width - 15, 5, 3, 1, WHITE)
      .fill(60, 62, 1, 1, GREY)
    const after = read(map)
    expect(after.rooms.map(({ id, name }) => [id, name])).toEqual(
      before.rooms.map(({ id, name }) => [id, name]),
    )
    before.rooms.forEach((room, index) => {
      expect(distance(centroid(room.polygon), centroid(after.rooms[index]!.polygon))).toBeLessThan(0.05)
    })
    expect(before.rooms.map(({ id }) => id)).toEqual(['R01', 'R02', 'R03', 'R04', 'R05', 'R06'])
    expect(read(map)).toEqual(after)
  })

  it('survive the noise of a real mapping: ragged walls, chinks, specks', () => {
    fc.assert(
      fc.property(buildings, fc.nat(), (building, seed) => {
        const { map, rooms, doorways } = draw(building)
        const random = createRandom(seed)
        const clean = Uint8Array.from(map.pixels)
        clean.forEach((grey, index) => {
          const column = index % map.width
          const isBesideWall = [1, -1, map.width, -map.width].some((step) => clean[index + step] === BLACK)
          if (column === 0 || column === map.width - 1) return
          const chance = Math.floor(1000 * random.uniform())
          if (grey === WHITE && isBesideWall && chance < 100) map.pixels[index] = BLACK
          if (grey === BLACK && chance < 60) map.pixels[index] = GREY
          if (grey === WHITE && !isBesideWall && chance === 7) map.pixels[index] = BLACK
        })
        const level = read(map)
        expect([level.rooms.length, level.doors.length]).toEqual([rooms.length, doorways.length])
        expectSound(level)
      }),
      { numRuns: 10 },
    )
  })

  it('have what stands free in them as furniture, and lose none of their area to it', () => {
    const map = new DrawnMap(200, 160).room(20, 20, 150, 120)
    map.fill(60, 60, 40, 18, BLACK).fill(62, 62, 36, 14, GREY)
    for (const [x, y] of [
      [120, 90],
      [128, 90],
      [120, 98],
      [128, 98],
    ] as const)
      map.fill(x, y, 2, 2, BLACK)
    const level = read(map)
    const room = level.rooms[0]!
    expect(room.areaM2).toBeCloseTo(150 * 120 * SIZE_M ** 2, 1)
    expect(room).toMatchObject({
      id: 'R01',
      name: 'Room 1',
      heightM: 2.7,
      airChangesPerHour: null,
      doorIds: [],
    })
    expect(room.volumeM3).toBeCloseTo(room.areaM2 * 2.7, 6)
    const bed = room.furniture.find(({ footprint }) => isInsidePolygon(toMap(map, 80, 69), footprint))
    expect(bed).toMatchObject({ kind: 'other', zMinM: 0, zMaxM: 1.2 })
    expect(signedArea(bed!.footprint)).toBeCloseTo(40 * 18 * SIZE_M ** 2, 6)
    for (const { footprint } of room.furniture) expect(signedArea(footprint)).toBeGreaterThan(0)
    expectSound(level)
  })

  it('are parted at a pier between two doorways side by side', () => {
    const map = new DrawnMap(260, 140).room(20, 20, 100, 90).room(123, 20, 100, 90)
    map.fill(120, 30, 3, 20, WHITE).fill(120, 70, 3, 20, WHITE)
    const level = read(map)
    expect([level.rooms.length, level.doors.length]).toEqual([2, 2])
  })

  it('are not parted by furniture along a wall', () => {
    const map = new DrawnMap(220, 140).room(20, 20, 160, 90)
    // A bed of 2 m by 1 m, head to the wall, leaves 2 m between its foot and the wall across.
    map
      .fill(80, 20, 20, 42, GREY)
      .fill(79, 20, 1, 43, BLACK)
      .fill(100, 20, 1, 43, BLACK)
      .fill(79, 62, 22, 1, BLACK)
    map.fill(80, 90, 20, 20, BLACK)
    expect(read(map).rooms).toHaveLength(1)
  })

  it('leave out the blocks of other rooms that they run around', () => {
    const map = new DrawnMap(320, 260).room(20, 20, 270, 210).room(100, 90, 110, 70)
    map.fill(97, 115, 3, 18, WHITE)
    const level = read(map)
    const ward = level.rooms.find(({ areaM2 }) => areaM2 < 25)!
    const around = level.rooms.find(({ areaM2 }) => areaM2 > 60)!
    expect(level.rooms).toHaveLength(2)
    expect(around.areaM2).toBeCloseTo((270 * 210 - 116 * 76) * SIZE_M ** 2, 0)
    expect(isInsidePolygon(centroid(ward.polygon), around.polygon)).toBe(false)
    expect(level.doors[0]!.roomIds.toSorted()).toEqual(['R01', 'R02'])
    expectSound(level)
  })

  it('are corridors when long and narrow', () => {
    const map = new DrawnMap(420, 180).room(20, 20, 340, 40).room(20, 63, 100, 80)
    map.fill(50, 60, 18, 3, WHITE)
    expect(read(map).rooms.map(({ kind }) => kind)).toEqual(['corridor', 'other'])
  })

  it('are not what the lidar saw through a window', () => {
    const map = new DrawnMap(300, 200).room(20, 20, 120, 120)
    for (let x = 143; x < 240; x += 1)
      map.fill(x, 70 - Math.floor((x - 143) / 4), 1, 24 + Math.floor((x - 143) / 2), WHITE)
    map.fill(140, 70, 3, 24, WHITE)
    const level = read(map)
    expect(level.rooms).toHaveLength(1)
    expect(level.doors.map(({ roomIds }) => roomIds)).toEqual([['R01']])
  })
})

const choices = [
  { width: 20, at: 0.3, isExtra: true },
  { width: 24, at: 0.7, isExtra: false },
  { width: 18, at: 0.5, isExtra: true },
]

/** What holds on every level: simple counter-clockwise rooms, known rooms and doors, ways on free floor. */
function expectSound(level: Level): void {
  const ids = new Set(level.rooms.map(({ id }) => id))
  for (const { polygon, doorIds } of level.rooms) {
    expect(signedArea(polygon)).toBeGreaterThan(0)
    expect(isSimpleRing(polygon)).toBe(true)
    for (const doorId of doorIds) expect(level.doors.some(({ id }) => id === doorId)).toBe(true)
  }
  for (const { roomIds } of level.doors) {
    expect(roomIds.length).toBeGreaterThan(0)
    for (const id of roomIds) expect(ids.has(id)).toBe(true)
  }
  const nodes = new Map(level.graph.nodes.map((node) => [node.id, node]))
  expect(nodes.size).toBe(level.graph.nodes.length)
  for (const { fromNodeId, toNodeId } of level.graph.edges) {
    const [from, to] = [nodes.get(fromNodeId)!, nodes.get(toNodeId)!]
    const steps = Math.ceil(distance(from, to) / 0.02)
    for (let step = 0; step <= steps; step += 1) {
      const at = {
        x: from.x + ((to.x - from.x) * step) / steps,
        y: from.y + ((to.y - from.y) * step) / steps,
      }
      expect(valueAt(level.occupancy!, at)).toBe(0)
    }
  }
}

/** Whether every room's node can be reached from the first one's. */
function reachable({ graph, rooms }: Level): boolean {
  const seen = new Set([`${rooms[0]!.id}-N`])
  for (const id of seen) {
    for (const { fromNodeId, toNodeId } of graph.edges) {
      if (fromNodeId === id) seen.add(toNodeId)
      if (toNodeId === id) seen.add(fromNodeId)
    }
  }
  return rooms.every(({ id }) => seen.has(`${id}-N`))
}
