import {
  convexHull,
  counterClockwise,
  distance,
  distanceToBoundary,
  isInsidePolygon,
  rectangle,
  signedArea,
  type Polygon,
  type Segment2,
} from '../../geometry/index.ts'
import { innerPoint, type Face } from '../planar-faces.ts'
import type { Furniture } from '../types.ts'
import { wallsWithDoorways } from '../wall-lines.ts'

/** Nearer to an outline than this a wall is on it, metres. */
const ON_OUTLINE_M = 0.05
/** Walls are centre lines in this format; as an obstacle one needs some thickness, metres. */
const WALL_THICKNESS_M = 0.04

/**
 * What stands in a room from floor to ceiling beside its outline: columns (islands without a room in
 * them), walls that end free in the room, and the walls of rooms that stand within it. Light and robots
 * meet them as they meet furniture.
 *
 * @param rooms the outlines of all rooms of the level.
 */
export function builtInFurniture(
  face: Face,
  roomId: string,
  heightM: number,
  walls: readonly Segment2[],
  doors: readonly Segment2[],
  rooms: readonly Polygon[],
): Furniture[] {
  const columns = face.islands.filter(
    (island) => !rooms.some((room) => isInsidePolygon(innerPoint(room), island)),
  )
  const inner = walls.filter((wall) => {
    const middle = { x: (wall.a.x + wall.b.x) / 2, y: (wall.a.y + wall.b.y) / 2 }
    const isOn = (polygon: Polygon) => distanceToBoundary(middle, polygon) <= ON_OUTLINE_M
    const isDeepIn = (polygon: Polygon) => isInsidePolygon(middle, polygon) && !isOn(polygon)
    return (
      isDeepIn(face.outline) &&
      !face.islands.some(isDeepIn) &&
      !columns.some(isOn) &&
      !rooms.some((room) => signedArea(room) < signedArea(face.outline) && isDeepIn(room))
    )
  })
  const pieces = wallsWithDoorways(
    inner.map((wall) => ({ ...wall, material: 'solid' as const })),
    doors,
  )
  return [
    ...columns.map((island, index) => ({
      id: `${roomId}.column-${index + 1}`,
      name: `column ${index + 1}`,
      footprint: convexHull(island),
    })),
    ...pieces.map(({ a, b }, index) => ({
      id: `${roomId}.wall-${index + 1}`,
      name: `inner wall ${index + 1}`,
      footprint: counterClockwise(
        rectangle(
          { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, theta: Math.atan2(b.y - a.y, b.x - a.x) },
          distance(a, b),
          WALL_THICKNESS_M,
        ),
      ),
    })),
  ].map((piece) => ({ ...piece, kind: 'other', zMinM: 0, zMaxM: heightM }))
}
