import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { block, boxRoom, patientRoom } from './testing/rooms.ts'
import { surfacesOf } from './surfaces.ts'
import type { Obstacle, RoomModel, Surface } from './types.ts'

const areaOf = (surfaces: readonly Surface[]) => surfaces.reduce((sum, { areaM2 }) => sum + areaM2, 0)
const ofFace = (room: RoomModel, faceId: string) =>
  surfacesOf(room, 0.5).filter((surface) => surface.faceId === faceId)

describe('surfacesOf', () => {
  it('covers the walls of an empty room, whatever the size of the tiles', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 12, noNaN: true }),
        fc.double({ min: 1, max: 12, noNaN: true }),
        fc.double({ min: 0.2, max: 2, noNaN: true }),
        (width, depth, size) => {
          const surfaces = surfacesOf(boxRoom(width, depth), size)
          expect(areaOf(surfaces)).toBeCloseTo(2 * (width + depth) * 2.7, 6)
          expect(Math.max(...surfaces.flatMap(({ sizeM }) => sizeM))).toBeLessThanOrEqual(size + 1e-9)
          expect(new Set(surfaces.map(({ id }) => id)).size).toBe(surfaces.length)
        },
      ),
      { numRuns: 30 },
    )
  })

  it('names walls by compass, doors by name, and furniture by name and side', () => {
    const labels = new Set(surfacesOf(patientRoom(), 0.5).map(({ label }) => label))
    expect(labels).toContain('north wall')
    expect(labels).toContain('door D1')
    expect(labels).toContain('overbed table, top')
    expect(labels).toContain('bed, south side')
    const north = surfacesOf(patientRoom(), 0.5).filter(({ label }) => label === 'north wall')
    expect(north.every(({ centre, normal }) => centre.y === 5 && normal.y === -1)).toBe(true)
  })

  it('makes a door leaf a face of its own, and leaves an open doorway out', () => {
    const room = patientRoom()
    expect(areaOf(ofFace(room, 'door-D1'))).toBeCloseTo(1.1 * 2.1, 6)
    expect(areaOf(ofFace(room, 'wall-0'))).toBeCloseTo(4 * 2.7 - 1.1 * 2.1, 6)
    const open = { ...room, doors: room.doors.map((door) => ({ ...door, hasLeaf: false })) }
    expect(ofFace(open, 'door-D1')).toEqual([])
    expect(areaOf(ofFace(open, 'wall-0'))).toBeCloseTo(4 * 2.7 - 1.1 * 2.1, 6)
  })

  it('gives a door in the middle of a thick wall to the wall that is nearer', () => {
    const room = {
      ...boxRoom(4, 5),
      doors: [{ id: 'D', name: 'Door', a: { x: -0.1, y: 2 }, b: { x: -0.1, y: 3 } }],
    }
    const leaf = ofFace(room, 'door-D')
    expect(areaOf(leaf)).toBeCloseTo(2.1, 6)
    expect(leaf.every(({ centre, normal }) => centre.x === 0 && normal.x === 1)).toBe(true)
  })

  it('leaves out contact faces: furniture against a wall, the wall behind it, stacked and adjoining furniture', () => {
    const againstWall = boxRoom(4, 4, [block('cabinet', 0.31, 2, [0.6, 1], [0, 2])])
    expect(ofFace(againstWall, 'cabinet.side-3')).toEqual([])
    // The wall tiles whose middles the cabinet hides: 1 m of 4 m in 2 of 8 columns, up to 2 m of 2.7 m in 4 of 6 rows.
    const wall = ofFace(againstWall, 'wall-3')
    expect(wall).toHaveLength(48 - 2 * 4)
    const gap = boxRoom(4, 4, [block('cabinet', 0.36, 2, [0.6, 1], [0, 2])])
    expect(ofFace(gap, 'cabinet.side-3')).not.toEqual([])
    expect(ofFace(gap, 'wall-3')).toHaveLength(48)

    const stacked = boxRoom(4, 4, [
      block('table', 2, 2, [1, 1], [0, 0.7]),
      block('monitor', 2, 2, [1, 1], [0.7, 1.1]),
      block('trolley', 3, 2, [1, 1], [0, 0.7]),
    ])
    expect(ofFace(stacked, 'table.top')).toEqual([])
    expect(ofFace(stacked, 'table.side-1')).toEqual([])
    expect(ofFace(stacked, 'trolley.side-3')).toEqual([])
    expect(ofFace(stacked, 'monitor.side-1')).not.toEqual([])
    const tall = boxRoom(4, 4, [block('wardrobe', 2, 2, [1, 1], [0, 2.68])])
    expect(ofFace(tall, 'wardrobe.top')).toEqual([])
  })

  it('cuts the top of any convex piece into tiles that cover it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 3, max: 9 }),
        fc.double({ min: 0.3, max: 1.5, noNaN: true }),
        fc.double({ min: 0, max: 3, noNaN: true }),
        (corners, radius, turn) => {
          const footprint = Array.from({ length: corners }, (_, index) => {
            const angle = turn + (2 * Math.PI * index) / corners
            return { x: 4 + radius * Math.cos(angle), y: 4 + radius * Math.sin(angle) }
          })
          const table: Obstacle = { id: 'table', name: 'table', footprint, zMinM: 0, zMaxM: 0.7 }
          const tops = ofFace(boxRoom(8, 8, [table]), 'table.top')
          const area = (corners / 2) * radius ** 2 * Math.sin((2 * Math.PI) / corners)
          expect(areaOf(tops)).toBeGreaterThan(area - 0.001 * corners * 8)
          expect(areaOf(tops)).toBeLessThan(area + 1e-9)
        },
      ),
      { numRuns: 40 },
    )
  })

  it('gives the same list for the same room', () => {
    const overTheWire = JSON.parse(JSON.stringify(patientRoom())) as RoomModel
    expect(surfacesOf(overTheWire, 0.5)).toEqual(surfacesOf(patientRoom(), 0.5))
  })
})
