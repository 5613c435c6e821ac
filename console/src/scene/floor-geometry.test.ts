import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isInsidePolygon, rectangle, signedArea, type Polygon } from '@wardlight/core/geometry'
import {
  flatPolygon,
  labelPlace,
  polyline,
  prism,
  ribbon,
  thickSegment,
  type TriangleSoup,
} from './floor-geometry.ts'

type Vector = [number, number, number]

function triangles({ positions, normals }: TriangleSoup): { corners: Vector[]; normal: Vector }[] {
  return Array.from({ length: positions.length / 9 }, (_, index) => ({
    corners: [0, 1, 2].map(
      (corner) => [...positions.slice(index * 9 + corner * 3, index * 9 + corner * 3 + 3)] as Vector,
    ),
    normal: [...normals.slice(index * 9, index * 9 + 3)] as Vector,
  }))
}

/** Normal of a triangle, as long as twice its area. */
function cross(corners: readonly Vector[]): Vector {
  const [[ax, ay, az], [bx, by, bz], [cx, cy, cz]] = corners as [Vector, Vector, Vector]
  const u = [bx - ax, by - ay, bz - az] as const
  const v = [cx - ax, cy - ay, cz - az] as const
  return [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]]
}

const lShape: Polygon = [
  { x: 0, y: 0 },
  { x: 6, y: 0 },
  { x: 6, y: 2 },
  { x: 2, y: 2 },
  { x: 2, y: 6 },
  { x: 0, y: 6 },
]

const rectangles = fc
  .record({
    x: fc.double({ min: -50, max: 50, noNaN: true }),
    y: fc.double({ min: -50, max: 50, noNaN: true }),
    theta: fc.double({ min: -3, max: 3, noNaN: true }),
    length: fc.double({ min: 0.2, max: 20, noNaN: true }),
    width: fc.double({ min: 0.2, max: 20, noNaN: true }),
  })
  .map(({ x, y, theta, length, width }) => rectangle({ x, y, theta }, length, width))

function area(soup: TriangleSoup): number {
  return triangles(soup).reduce((sum, { corners }) => sum + Math.hypot(...cross(corners)) / 2, 0)
}

describe('floors', () => {
  it('cover a concave room exactly, all facing up', () => {
    const soup = flatPolygon(lShape, 0.5)
    expect(area(soup)).toBeCloseTo(signedArea(lShape))
    for (const { corners } of triangles(soup)) {
      expect(cross(corners)[2]).toBeGreaterThan(0)
      for (const corner of corners) expect(corner[2]).toBe(0.5)
    }
  })

  it('do so whichever way round the corners are given', () => {
    expect(area(flatPolygon(lShape.toReversed(), 0))).toBeCloseTo(area(flatPolygon(lShape, 0)))
  })
})

describe('prisms', () => {
  it('turn every face outwards, as its normal says', () => {
    fc.assert(
      fc.property(rectangles, (footprint) => {
        for (const { corners, normal } of triangles(prism(footprint, 0, 1))) {
          const turned = cross(corners)
          const alike = turned[0] * normal[0] + turned[1] * normal[1] + turned[2] * normal[2]
          expect(alike).toBeGreaterThan(0)
        }
      }),
      { numRuns: 50 },
    )
  })
})

describe('walls', () => {
  it('have their thickness, and reach half of it beyond their ends so that corners close', () => {
    const footprint = thickSegment({ a: { x: 0, y: 0 }, b: { x: 3, y: 4 } }, 0.2)
    expect(signedArea(footprint)).toBeCloseTo(0.2 * 5.2)
    expect(isInsidePolygon({ x: 0, y: 0 }, footprint)).toBe(true)
  })

  it('without length are left out', () => {
    expect(thickSegment({ a: { x: 1, y: 1 }, b: { x: 1, y: 1 } }, 0.2)).toEqual([])
    expect(polyline([{ x: 1, y: 1 }], 0.1, 0).positions).toHaveLength(0)
    expect(
      ribbon(
        [
          { x: 1, y: 1 },
          { x: 1, y: 1 },
          { x: 1, y: 1 },
        ],
        0.1,
        0,
      ).positions,
    ).toHaveLength(0)
  })
})

describe('label places', () => {
  it('lie inside, also in a room whose centre of area does not', () => {
    const place = labelPlace(lShape)
    expect(isInsidePolygon(place, lShape)).toBe(true)
    expect(place.spanM).toBeGreaterThan(0)
    expect(place.spanM).toBeLessThanOrEqual(6)
  })

  it('of a plain room are its middle, as wide as the room', () => {
    const place = labelPlace(rectangle({ x: 5, y: 3 }, 4, 2))
    expect(place.x).toBeCloseTo(5)
    expect(place.y).toBeCloseTo(3)
    expect(place.spanM).toBeCloseTo(4)
  })
})
