import { Vector3 } from 'three'
import { describe, expect, it } from 'vitest'
import { surfacesOf, type RoomModel } from '@wardlight/core/disinfection'
import { isInsidePolygon, rectangle } from '@wardlight/core/geometry'
import { surfaceMatrix, levelFaceAngles } from './dose-layer.ts'

const room: RoomModel = {
  roomId: 'room-1',
  levelId: 'L1',
  polygon: rectangle({ x: 3, y: 2 }, 6, 4),
  heightM: 2.7,
  obstacles: [
    {
      id: 'bed',
      name: 'bed',
      footprint: rectangle({ x: 3, y: 2, theta: 0.6 }, 2, 0.9),
      zMinM: 0.5,
      zMaxM: 0.6,
    },
  ],
  doors: [],
  touchPoints: [
    {
      id: 'bed.rail',
      name: 'bed, rail',
      centre: { x: 3, y: 2.6, z: 0.8 },
      normal: { x: Math.cos(2.1), y: Math.sin(2.1), z: 0 },
      sizeM: [0.8, 0.25],
    },
    {
      id: 'bed.call-button',
      name: 'bed, call button',
      centre: { x: 3.5, y: 2.2, z: 0.7 },
      normal: { x: 0, y: 0, z: 1 },
      sizeM: [0.12, 0.12],
    },
  ],
  isFloorTreated: true,
}

describe('tiles of the dose map', () => {
  const surfaces = surfacesOf(room, 0.25)
  const angles = levelFaceAngles(room)

  it('lie on their surface: centre, size and side', () => {
    const faces = new Set(surfaces.map(({ faceId }) => faceId))
    for (const face of ['bed.top', 'bed.underside', 'bed.rail', 'bed.call-button', 'floor', 'wall-0']) {
      expect(faces).toContain(face)
    }
    for (const surface of surfaces) {
      const matrix = surfaceMatrix(surface, angles, 0, 1)
      const [along, across, normal] = [new Vector3(), new Vector3(), new Vector3()]
      matrix.extractBasis(along, across, normal)
      expect(
        normal.distanceTo(new Vector3(surface.normal.x, surface.normal.y, surface.normal.z)),
      ).toBeCloseTo(0)
      expect([along.length(), across.length()]).toEqual([
        expect.closeTo(surface.sizeM[0]),
        expect.closeTo(surface.sizeM[1]),
      ])
      // Turned the right way round, or the tile would be seen from behind.
      expect(along.clone().cross(across).normalize().dot(normal)).toBeCloseTo(1)
      const centre = new Vector3().setFromMatrixPosition(matrix)
      expect(centre.toArray()).toEqual([
        expect.closeTo(surface.centre.x),
        expect.closeTo(surface.centre.y),
        expect.closeTo(surface.centre.z),
      ])
    }
  })

  it.each(['bed.top', 'bed.underside'])('of %s that stands askew do not stick out of it', (face) => {
    const grown = rectangle({ x: 3, y: 2, theta: 0.6 }, 2.01, 0.91)
    for (const surface of surfaces.filter(({ faceId }) => faceId === face)) {
      for (const [x, y] of [
        [-0.5, -0.5],
        [0.5, -0.5],
        [0.5, 0.5],
        [-0.5, 0.5],
      ] as const) {
        const corner = new Vector3(x, y, 0).applyMatrix4(surfaceMatrix(surface, angles, 0, 1))
        expect(isInsidePolygon(corner, grown)).toBe(true)
      }
    }
  })

  it('of the floor do not overlap: they lie along the walls, whatever stands on it', () => {
    const corners = surfaces
      .filter(({ faceId }) => faceId === 'floor')
      .map((surface) => new Vector3(-0.5, -0.5, 0).applyMatrix4(surfaceMatrix(surface, angles, 0, 1)))
    for (const { x, y } of corners) {
      expect([x / 0.25, y / 0.25]).toEqual([
        expect.closeTo(Math.round(x / 0.25)),
        expect.closeTo(Math.round(y / 0.25)),
      ])
    }
  })

  it('are lifted off towards the room', () => {
    const surface = surfaces[0]!
    const flat = new Vector3().setFromMatrixPosition(surfaceMatrix(surface, angles, 0, 1))
    const lifted = new Vector3().setFromMatrixPosition(surfaceMatrix(surface, angles, 0.1, 1))
    const { x, y, z } = surface.normal
    expect(lifted.sub(flat).dot(new Vector3(x, y, z))).toBeCloseTo(0.1)
  })
})
