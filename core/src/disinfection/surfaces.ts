import { boundsOf, centroid, isInsidePolygon, polygonEdges, signedArea } from '../geometry/polygon.ts'
import { inversePose, transformPoint } from '../geometry/pose.ts'
import type { Point2, Point3, Polygon, Pose2 } from '../geometry/types.ts'
import { compassDirection } from './compass.ts'
import { panelTiles, tileCount, type Panel } from './panel.ts'
import type { Obstacle, RoomModel, Surface } from './types.ts'
import { wallPanels } from './wall-panels.ts'

/** A face with less than this in front of it is a contact face (proposed: no hand gets in there). */
const CONTACT_GAP_M = 0.05

/** Where in that gap something is looked for, metres in front of the face. */
const PROBES_M = [0.005, CONTACT_GAP_M / 2, CONTACT_GAP_M - 1e-6] as const

/** Clipped corners of a table top smaller than this are not worth a dose of their own, m². */
const SMALLEST_TILE_M2 = 1e-3

/**
 * What is to get its dose in a room, cut into tiles of at most `surfaceSizeM`: the walls over their
 * whole height, door leaves, and the sides and tops of what stands in the room. The floor, the
 * ceiling and the undersides of furniture are not in the list: no plan says anything about them.
 *
 * Contact faces are left out, because nobody can touch them: a tile whose centre has less than 5 cm
 * in front of it before a wall, other furniture or the ceiling begins. The tile's centre decides for
 * the whole tile.
 *
 * Order and ids depend on the room and the size alone.
 */
export function surfacesOf(room: RoomModel, surfaceSizeM: number): Surface[] {
  const columns = new Map<string, number>()
  const surfaces: Surface[] = []
  for (const panel of wallPanels(room)) surfaces.push(...panelTiles(panel, surfaceSizeM, columns))
  for (const obstacle of room.obstacles) {
    for (const panel of sidePanels(obstacle)) surfaces.push(...panelTiles(panel, surfaceSizeM, columns))
    surfaces.push(...topTiles(obstacle, surfaceSizeM))
  }
  return surfaces.filter((surface) => !isContactFace(surface, room))
}

function sidePanels({ id, name, footprint, zMinM, zMaxM }: Obstacle): Panel[] {
  if (zMaxM <= zMinM) return []
  return polygonEdges(footprint).flatMap(({ a, b }, index) => {
    const lengthM = Math.hypot(b.x - a.x, b.y - a.y)
    if (lengthM < 1e-3) return []
    const normal = { x: (b.y - a.y) / lengthM, y: (a.x - b.x) / lengthM }
    return [
      {
        a,
        b,
        normal,
        zMinM,
        zMaxM,
        faceId: `${id}.side-${index}`,
        label: `${name}, ${compassDirection(normal)} side`,
      },
    ]
  })
}

function topTiles({ id, name, footprint, zMaxM }: Obstacle, surfaceSizeM: number): Surface[] {
  const frame = longestEdgeFrame(footprint)
  const intoFrame = inversePose(frame)
  const local = footprint.map((corner) => transformPoint(intoFrame, corner))
  const { minX, minY, maxX, maxY } = boundsOf(local)
  const columns = tileCount(maxX - minX, surfaceSizeM)
  const rows = tileCount(maxY - minY, surfaceSizeM)
  const width = (maxX - minX) / columns
  const height = (maxY - minY) / rows
  const tiles: Surface[] = []
  for (let column = 0; column < columns; column += 1) {
    for (let row = 0; row < rows; row += 1) {
      const x = minX + column * width
      const y = minY + row * height
      const piece = clipToRectangle(local, x, y, x + width, y + height)
      const areaM2 = piece.length < 3 ? 0 : signedArea(piece)
      if (areaM2 < SMALLEST_TILE_M2) continue
      tiles.push({
        id: `${id}.top.${column}.${row}`,
        faceId: `${id}.top`,
        label: `${name}, top`,
        centre: { ...transformPoint(frame, centroid(piece)), z: zMaxM },
        normal: { x: 0, y: 0, z: 1 },
        areaM2,
        sizeM: [width, height],
      })
    }
  }
  return tiles
}

/** The frame whose x axis runs along a polygon's longest edge. */
function longestEdgeFrame(polygon: Polygon): Pose2 {
  let frame: Pose2 = { x: 0, y: 0, theta: 0 }
  let longest = -1
  for (const { a, b } of polygonEdges(polygon)) {
    const lengthM = Math.hypot(b.x - a.x, b.y - a.y)
    if (lengthM > longest + 1e-9) {
      longest = lengthM
      frame = { ...a, theta: Math.atan2(b.y - a.y, b.x - a.x) }
    }
  }
  return frame
}

/** Sutherland and Hodgman's clipping of a convex polygon. */
function clipToRectangle(polygon: Polygon, minX: number, minY: number, maxX: number, maxY: number): Point2[] {
  let piece = [...polygon]
  for (const inside of [
    ({ x }: Point2) => x - minX,
    ({ x }: Point2) => maxX - x,
    ({ y }: Point2) => y - minY,
    ({ y }: Point2) => maxY - y,
  ]) {
    piece = polygonEdges(piece).flatMap(({ a, b }) => {
      const before = inside(a)
      const after = inside(b)
      const kept = before >= 0 ? [a] : []
      if (before >= 0 === after >= 0) return kept
      const along = before / (before - after)
      return [...kept, { x: a.x + along * (b.x - a.x), y: a.y + along * (b.y - a.y) }]
    })
  }
  return piece
}

function isContactFace({ centre, normal }: Surface, room: RoomModel): boolean {
  return PROBES_M.some((distanceM) => {
    const probe: Point3 = {
      x: centre.x + distanceM * normal.x,
      y: centre.y + distanceM * normal.y,
      z: centre.z + distanceM * normal.z,
    }
    return (
      probe.z > room.heightM ||
      !isInsidePolygon(probe, room.polygon) ||
      room.obstacles.some((obstacle) => isInsidePrism(probe, obstacle))
    )
  })
}

function isInsidePrism(point: Point3, { footprint, zMinM, zMaxM }: Obstacle): boolean {
  return (
    point.z > zMinM &&
    point.z < zMaxM &&
    polygonEdges(footprint).every(
      ({ a, b }) => (b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x) >= 0,
    )
  )
}
