import { boundsOf, distanceToBoundary, isInsidePolygon } from '../../geometry/polygon.ts'
import type { Bounds2, Point2, Polygon } from '../../geometry/types.ts'
import type { PlanarRoom, PlanarSettings } from './types.ts'

/** Kept as far as asked but for rounding, and off the obstacle in any case, metres. */
const ROUNDING_M = 1e-9

/**
 * Where the lamp may stop: the points of a grid over the box around the obstacles and the bounds, wider
 * by the margin on every side and counted from its lower left corner, that keep clear of every obstacle
 * and lie inside the bounds. A grid of half the spacing contains all points of the whole one.
 */
export function stopGrid(
  { obstacles, bounds }: PlanarRoom,
  { gridM, marginM, clearanceM }: Pick<PlanarSettings, 'gridM' | 'marginM' | 'clearanceM'>,
): Point2[] {
  const corners = [...obstacles.flat(), ...(bounds ?? [])]
  if (corners.length === 0) return []
  const box = widened(boundsOf(corners), marginM)
  const columns = Math.floor((box.maxX - box.minX) / gridM + 1e-9)
  const rows = Math.floor((box.maxY - box.minY) / gridM + 1e-9)
  const blocks = obstacles.map((polygon) => ({ polygon, box: widened(boundsOf(polygon), clearanceM) }))
  const stops: Point2[] = []
  for (let row = 0; row <= rows; row += 1) {
    for (let column = 0; column <= columns; column += 1) {
      const stop = { x: box.minX + column * gridM, y: box.minY + row * gridM }
      if (bounds !== null && !isInsidePolygon(stop, bounds)) continue
      if (!blocks.some((block) => isInBox(stop, block.box) && isTooNear(stop, block.polygon, clearanceM))) {
        stops.push(stop)
      }
    }
  }
  return stops
}

function isTooNear(stop: Point2, polygon: Polygon, clearanceM: number): boolean {
  return (
    isInsidePolygon(stop, polygon) ||
    distanceToBoundary(stop, polygon) < Math.max(ROUNDING_M, clearanceM - ROUNDING_M)
  )
}

function isInBox({ x, y }: Point2, { minX, minY, maxX, maxY }: Bounds2): boolean {
  return x >= minX && x <= maxX && y >= minY && y <= maxY
}

function widened({ minX, minY, maxX, maxY }: Bounds2, byM: number): Bounds2 {
  return { minX: minX - byM, minY: minY - byM, maxX: maxX + byM, maxY: maxY + byM }
}
