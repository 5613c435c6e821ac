import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { block, boxRoom, patientRoom, wardRoom } from './testing/rooms.ts'
import { isOutsideRoom, surfacesOf } from './surfaces.ts'
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
    const room = { ...wardRoom(), isFloorTreated: true }
    const overTheWire = JSON.parse(JSON.stringify(room)) as RoomModel
    expect(surfacesOf(overTheWire, 0.5)).toEqual(surfacesOf(room, 0.5))
  })

  it('has the undersides that a hand gets under, and not those near the floor', () => {
    const under = ofFace(patientRoom(), 'overbed-table.underside')
    expect(areaOf(under)).toBeCloseTo(0.4 * 0.8, 6)
    expect(under.every(({ normal, centre }) => normal.z === -1 && centre.z === 0.8)).toBe(true)
    expect(ofFace(patientRoom(), 'bed.underside')).toEqual([])
  })

  it('covers the floor where it is wanted, but for what stands on it', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.15, max: 1, noNaN: true }), (size) => {
        // An L of 6 × 6 m without 4 × 4 m.
        const corner: RoomModel = {
          ...boxRoom(6, 6),
          polygon: [
            { x: 0, y: 0 },
            { x: 6, y: 0 },
            { x: 6, y: 2 },
            { x: 2, y: 2 },
            { x: 2, y: 6 },
            { x: 0, y: 6 },
          ],
          isFloorTreated: true,
        }
        const floor = surfacesOf(corner, size).filter(({ faceId }) => faceId === 'floor')
        expect(areaOf(floor)).toBeGreaterThan(20 - 8 * size)
        expect(areaOf(floor)).toBeLessThanOrEqual(20 + 1e-6)
        expect(floor.every(({ normal, centre }) => normal.z === 1 && centre.z === 0)).toBe(true)
      }),
      { numRuns: 30 },
    )
    expect(ofFace(patientRoom(), 'floor')).toEqual([])
    const wanted = { ...boxRoom(4, 4, [block('cabinet', 2, 2, [2, 2], [0, 2])]), isFloorTreated: true }
    expect(areaOf(ofFace(wanted, 'floor'))).toBeCloseTo(12, 6)
  })

  it('keeps what is drawn outside of the room, to be told of', () => {
    const through = boxRoom(4, 4, [block('shelf', 4, 2, [2, 1], [0, 2])])
    const outside = surfacesOf(through, 0.5).filter((surface) => isOutsideRoom(surface, through))
    expect(new Set(outside.map(({ faceId }) => faceId))).toContain('shelf.side-1')
    expect(surfacesOf(patientRoom(), 0.5).filter((surface) => isOutsideRoom(surface, patientRoom()))).toEqual(
      [],
    )
  })
})

describe('high-touch surfaces', () => {
  const touched = surfacesOf(wardRoom(), 0.25).filter(({ isHighTouch }) => isHighTouch)
  const labels = new Set(touched.map(({ label }) => label))

  it('are those of the checklist: rails, call button, tray table, bedside table, chair, sink and tap, door', () => {
    for (const label of [
      'bed, left rail, outside',
      'bed, right rail, inside',
      'bed, call button',
      'overbed table, top',
      'bedside table, top',
      'chair, top',
      'sink, top',
      'sink, tap',
      'door D1',
    ]) {
      expect(labels).toContain(label)
    }
    expect(labels).not.toContain('north wall')
    expect(labels).not.toContain('bed, top')
    const leaf = surfacesOf(wardRoom(), 0.25).filter(({ label }) => label === 'door D1')
    expect(leaf.some(({ isHighTouch }) => !isHighTouch)).toBe(true)
    for (const { isHighTouch, centre } of leaf) expect(isHighTouch).toBe(centre.z >= 0.8 && centre.z <= 1.3)
  })

  it('lie where the patient has them: head at the wall, left is his left', () => {
    // Against the west wall: his head is west, and on his back his left hand is to the north.
    const button = touched.find(({ label }) => label === 'bed, call button')!
    expect(button.centre.x).toBeLessThan(1)
    expect(button.centre.y).toBeGreaterThan(3)
    const outside = touched.filter(({ label }) => label === 'bed, left rail, outside')
    expect(outside.length).toBeGreaterThan(0)
    for (const { normal, centre } of outside) {
      expect(normal.y).toBeCloseTo(1, 9)
      expect(centre.y).toBeCloseTo(3.5, 9)
      expect(centre.z).toBeGreaterThan(0.65)
    }
  })

  it('include what the plan names', () => {
    const switchPoint = {
      id: 'light-switch',
      name: 'light switch',
      centre: { x: 3.9, y: 0.01, z: 1.05 },
      normal: { x: 0, y: 1, z: 0 },
      sizeM: [0.1, 0.1] as const,
    }
    const [found, ...more] = ofFace({ ...patientRoom(), touchPoints: [switchPoint] }, 'light-switch')
    expect(more).toEqual([])
    expect(found).toMatchObject({ label: 'light switch', isHighTouch: true, centre: switchPoint.centre })
  })
})
