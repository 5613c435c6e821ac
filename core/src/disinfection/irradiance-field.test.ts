import { describe, expect, it } from 'vitest'
import { rectangle } from '../geometry/polygon.ts'
import type { Point3 } from '../geometry/types.ts'
import { createIrradianceField } from './irradiance-field.ts'
import type { LampModel, Obstacle, RoomModel, Surface } from './types.ts'

const ORIGIN = { x: 0, y: 0, theta: 0 }

function roomWith(obstacles: readonly Obstacle[], half = 50): RoomModel {
  return {
    roomId: 'room',
    levelId: 'L1',
    polygon: rectangle({ x: 0, y: 0 }, 2 * half, 2 * half),
    heightM: 3,
    obstacles,
    doors: [],
  }
}

function surfaceAt(centre: Point3, normal: Point3): Surface {
  return { id: 's', faceId: 'f', label: 's', centre, normal, areaM2: 1e-4, sizeM: [0.01, 0.01] }
}

function tube(radiantPowerW: number, zBottomM = 0.3, zTopM = 1.5, x = 0, y = 0): LampModel {
  return { name: 'tube', outputFraction: 1, tubes: [{ x, y, zBottomM, zTopM, radiantPowerW }] }
}

function box(minX: number, minY: number, maxX: number, maxY: number, zMinM: number, zMaxM: number): Obstacle {
  return {
    id: 'box',
    name: 'box',
    footprint: [
      { x: minX, y: minY },
      { x: maxX, y: minY },
      { x: maxX, y: maxY },
      { x: minX, y: maxY },
    ],
    zMinM,
    zMaxM,
  }
}

function irradiance(surface: Surface, room: RoomModel, lamp: LampModel, pose = ORIGIN): number {
  return createIrradianceField([surface], room, lamp).at(pose)[0]!
}

/** A surface whose normal points horizontally at a vertical axis. */
function facing(point: Point3, axis: { x: number; y: number }): Surface {
  const d = Math.hypot(axis.x - point.x, axis.y - point.y)
  return surfaceAt(point, { x: (axis.x - point.x) / d, y: (axis.y - point.y) / d, z: 0 })
}

describe('a vertical tube of 40 W at (2, 3) from 0.3 to 1.5 m', () => {
  // Computed with an independent numerical integration; µW/cm².
  const shadow = box(2.8, 2.5, 3.4, 3.5, 0, 0.7)
  const pose = { x: 2, y: 3, theta: 0 }
  it.each([
    { point: { x: 2.5, y: 3, z: 0.9 }, open: 923.96, shadowed: 923.96 },
    { point: { x: 3, y: 3, z: 0.9 }, open: 331.52, shadowed: 331.52 },
    { point: { x: 4, y: 3, z: 0.9 }, open: 95.7, shadowed: 75.5 },
    { point: { x: 5, y: 3, z: 0.9 }, open: 43.87, shadowed: 32.1 },
    { point: { x: 4, y: 3, z: 0.2 }, open: 78.82, shadowed: 0 },
    { point: { x: 4, y: 4, z: 1.5 }, open: 68.66, shadowed: 68.66 },
    { point: { x: 6, y: 5, z: 0.9 }, open: 20.03, shadowed: 14.23 },
  ])('gives $open µW/cm² at $point, $shadowed behind the box', ({ point, open, shadowed }) => {
    const surface = facing(point, pose)
    const withoutBox = irradiance(surface, roomWith([]), tube(40), pose)
    expect(Math.abs(withoutBox / open - 1)).toBeLessThan(0.001)
    const withBox = irradiance(surface, roomWith([shadow]), tube(40), pose)
    expect(Math.abs(withBox - shadowed)).toBeLessThanOrEqual(0.01 * shadowed)
  })
})
