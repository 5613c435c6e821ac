import { readFloorPlan } from '../../floor/read-floor-plan.ts'
import { rectangle } from '../../geometry/polygon.ts'
import type { Point3 } from '../../geometry/types.ts'
import { roomModelOf } from '../room-model.ts'
import type { LampModel, Obstacle, RoomModel, Surface } from '../types.ts'

/** Builders for tests. Lengths in metres. */
export function block(
  id: string,
  x: number,
  y: number,
  size: readonly [length: number, width: number],
  [zMinM, zMaxM]: readonly [number, number],
  theta = 0,
): Obstacle {
  return { id, name: id.replaceAll('-', ' '), footprint: rectangle({ x, y, theta }, ...size), zMinM, zMaxM }
}

/** A rectangular room with a corner in the origin. */
export function boxRoom(widthM: number, depthM: number, obstacles: readonly Obstacle[] = []): RoomModel {
  return {
    roomId: 'room',
    levelId: 'L1',
    polygon: rectangle({ x: widthM / 2, y: depthM / 2 }, widthM, depthM),
    heightM: 2.7,
    obstacles,
    doors: [],
  }
}

/** A patient room with what usually stands in it; its door is in the south wall. */
export function patientRoom(widthM = 4, depthM = 5): RoomModel {
  const middle = depthM / 2
  return {
    ...boxRoom(widthM, depthM, [
      block('bed', 1.1, middle, [2.1, 0.95], [0.3, 0.65]),
      block('bedside-table', 0.25, middle + 0.8, [0.45, 0.45], [0, 0.8]),
      block('overbed-table', 1.6, middle - 0.1, [0.4, 0.8], [0.8, 0.84]),
      block('chair', 2.6, depthM - 0.4, [0.55, 0.55], [0, 0.8], 0.2),
      block('sink', widthM - 0.25, 0.6, [0.4, 0.5], [0.75, 0.9]),
      block('cabinet', widthM - 0.3, depthM - 0.5, [0.6, 0.9], [0, 2]),
    ]),
    doors: [{ id: 'D1', name: 'D1', a: { x: widthM - 2.6, y: 0 }, b: { x: widthM - 1.5, y: 0 } }],
  }
}

/** A room as a plan describes it, 4 × 6 m, its bed's head at the west wall. */
export function wardRoom(): RoomModel {
  const { plan } = readFloorPlan('ward.yaml', {
    readText: () => `
wardlightPlan: 1
id: ward
name: Ward
levels:
  - id: L1
    rooms:
      - id: "1"
        kind: patientRoom
        rect: [0, 0, 4, 6]
        furniture:
          - { kind: bed, at: [1.1, 3] }
          - { kind: bedsideTable, at: [0.4, 4] }
          - { kind: overbedTable, at: [1.7, 3], turnDeg: 90 }
          - { kind: chair, at: [3, 5] }
          - { kind: sink, at: [3.7, 3], turnDeg: 90 }
    doors:
      - { id: D1, name: door D1, room: "1", side: south, offsetM: 1.5, widthM: 1.1 }
`,
    readBytes: () => new Uint8Array(),
    resolve: (_, name) => name,
  })
  const level = plan.levels[0]!
  return roomModelOf(level, level.rooms[0]!)
}

export function spot(centre: Point3, normal: Point3): Surface {
  return {
    id: 's',
    faceId: 'f',
    label: 's',
    centre,
    normal,
    areaM2: 1e-4,
    isHighTouch: false,
    sizeM: [0.01, 0.01],
  }
}

export function singleTube(radiantPowerW = 40, zBottomM = 0.3, zTopM = 1.5): LampModel {
  return { name: 'tube', outputFraction: 1, tubes: [{ x: 0, y: 0, zBottomM, zTopM, radiantPowerW }] }
}
