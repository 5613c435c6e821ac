import fc from 'fast-check'
import { boundsOf, counterClockwise, rectangle } from '../../geometry/polygon.ts'
import type { Point2, Polygon } from '../../geometry/types.ts'
import type { PlanarRoom, PlanarSettings } from '../planar/types.ts'

export const PLANAR_SETTINGS: PlanarSettings = {
  lamp: { powerW: 80, model: 'isotropic', heightM: 1 },
  panelHeightM: 2,
  doseJPerM2: 280,
  gridM: 1,
  clearanceM: 0.1,
  maxEdgeM: 1,
  marginM: 0.5,
}

export function box(minX: number, minY: number, maxX: number, maxY: number): Polygon {
  return rectangle({ x: (minX + maxX) / 2, y: (minY + maxY) / 2 }, maxX - minX, maxY - minY)
}

/** Four walls around a square of `sideM`, with its lower left corner in the origin. */
export function walledSquare(sideM: number, thickM = 0.1): PlanarRoom {
  return {
    id: 'square',
    obstacles: [
      box(0, -thickM, sideM, 0),
      box(0, sideM, sideM, sideM + thickM),
      box(-thickM, 0, 0, sideM),
      box(sideM, 0, sideM + thickM, sideM),
    ],
    bounds: box(0, 0, sideM, sideM),
  }
}

/** Up to five boxes, triangles and thin panels with corners on a half-metre grid, apart or overlapping. */
export const anyPlanarRoom: fc.Arbitrary<PlanarRoom> = fc
  .array(
    fc.record({
      x: fc.integer({ min: 0, max: 10 }),
      y: fc.integer({ min: 0, max: 10 }),
      width: fc.integer({ min: 1, max: 4 }),
      depth: fc.integer({ min: 1, max: 4 }),
      shape: fc.constantFrom('box', 'triangle', 'panel'),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((pieces) => {
    const obstacles = pieces.map(({ x, y, width, depth, shape }): Polygon => {
      const a = { x: x / 2, y: y / 2 }
      const b = { x: (x + width) / 2, y: y / 2 }
      const c = { x: (x + width) / 2, y: (y + depth) / 2 }
      const d = { x: x / 2, y: (y + depth) / 2 }
      return shape === 'box' ? [a, b, c, d] : shape === 'triangle' ? [a, b, d] : [a, c]
    })
    return { id: 'any', obstacles, bounds: null }
  })

export function mapRoom({ id, obstacles, bounds }: PlanarRoom, map: (point: Point2) => Point2): PlanarRoom {
  return {
    id,
    obstacles: obstacles.map((obstacle) => counterClockwise(obstacle.map(map))),
    bounds: bounds === null ? null : counterClockwise(bounds.map(map)),
  }
}

/** Width and depth of what a room's grid is laid over, without the margin, metres. */
export function extentOf({ obstacles, bounds }: PlanarRoom): readonly [number, number] {
  const { minX, minY, maxX, maxY } = boundsOf([...obstacles.flat(), ...(bounds ?? [])])
  return [maxX - minX, maxY - minY]
}
