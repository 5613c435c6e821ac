import type { TouchPoint } from '../floor/types.ts'
import {
  boundsOf,
  centroid,
  distanceToBoundary,
  isInsidePolygon,
  polygonEdges,
  signedArea,
} from '../geometry/polygon.ts'
import { inversePose, transformPoint } from '../geometry/pose.ts'
import type { Point2, Point3, Polygon, Pose2 } from '../geometry/types.ts'
import { compassDirection } from './compass.ts'
import { isHighTouchFace } from './high-touch.ts'
import { longestEdgeFrame } from './longest-edge-frame.ts'
import { panelTiles, tileCount, type Panel } from './panel.ts'
import type { Obstacle, RoomModel, Surface } from './types.ts'
import { wallPanels } from './wall-panels.ts'

/** A face with less than this in front of it is a contact face (proposed: no hand gets in there). */
const CONTACT_GAP_M = 0.05

/** Where in that gap something is looked for, metres in front of the face. */
const PROBES_M = [0.005, CONTACT_GAP_M / 2, CONTACT_GAP_M - 1e-6] as const

/** Clipped corners of a table top smaller than this are not worth a dose of their own, m². */
const SMALLEST_TILE_M2 = 1e-3

/** Undersides that begin higher than this can be touched and are lit from below, metres above the floor (proposed). */
const UNDERSIDE_FROM_M = 0.4

/** Furniture that reaches this far out of the room stands in another one, metres: the floor plan is wrong there. */
const OUTSIDE_M = 0.1

/**
 * What is to get its dose in a room, cut into tiles of at most `surfaceSizeM`: the walls over their
 * whole height, door leaves, every face of what stands in the room (undersides from 0.4 m above the floor),
 * the things that hands touch most, and the floor where the room asks for it. The ceiling is not in the list.
 *
 * Contact faces are left out, because nobody can touch them: a tile whose centre has less than 5 cm
 * in front of it before a wall, other furniture or the ceiling begins. The tile's centre decides for
 * the whole tile. What is drawn outside of the room stays in the list: no light reaches it, and a plan says so.
 *
 * Order and ids depend on the room and the size alone.
 */
export function surfacesOf(room: RoomModel, surfaceSizeM: number): Surface[] {
  const columns = new Map<string, number>()
  const surfaces: Surface[] = []
  for (const panel of wallPanels(room)) surfaces.push(...panelTiles(panel, surfaceSizeM, columns))
  for (const obstacle of room.obstacles) {
    for (const panel of sidePanels(obstacle)) surfaces.push(...panelTiles(panel, surfaceSizeM, columns))
    surfaces.push(...levelTiles(obstacle, 'top', surfaceSizeM))
    if (obstacle.zMinM >= UNDERSIDE_FROM_M) surfaces.push(...levelTiles(obstacle, 'underside', surfaceSizeM))
  }
  for (const point of room.touchPoints ?? []) surfaces.push(...touchTiles(point, surfaceSizeM))
  if (room.isFloorTreated ?? false) surfaces.push(...floorTiles(room, surfaceSizeM))
  return surfaces.filter((surface) => isOutsideRoom(surface, room) || !isContactFace(surface, room))
}

/** Whether a surface is drawn outside of the room that it belongs to. */
export function isOutsideRoom({ centre }: Surface, { polygon }: RoomModel): boolean {
  return !isInsidePolygon(centre, polygon) && distanceToBoundary(centre, polygon) > OUTSIDE_M
}

function sidePanels(obstacle: Obstacle): Panel[] {
  const { id, name, footprint, zMinM, zMaxM } = obstacle
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
        isHighTouchAt: (zM: number) => isHighTouchFace(obstacle, 'side', zM),
      },
    ]
  })
}

function levelTiles(obstacle: Obstacle, face: 'top' | 'underside', surfaceSizeM: number): Surface[] {
  const { id, name, footprint, zMinM, zMaxM } = obstacle
  const frame = longestEdgeFrame(footprint)
  const z = face === 'top' ? zMaxM : zMinM
  return clippedTiles(footprint, frame, surfaceSizeM).map(({ column, row, middle, areaM2, sizeM }) => ({
    id: `${id}.${face}.${column}.${row}`,
    faceId: `${id}.${face}`,
    label: `${name}, ${face}`,
    centre: { ...middle, z },
    normal: { x: 0, y: 0, z: face === 'top' ? 1 : -1 },
    areaM2,
    isHighTouch: isHighTouchFace(obstacle, face, z),
    sizeM,
  }))
}

function floorTiles({ polygon }: RoomModel, surfaceSizeM: number): Surface[] {
  return clippedTiles(polygon, { x: 0, y: 0, theta: 0 }, surfaceSizeM)
    .filter(({ middle }) => isInsidePolygon(middle, polygon))
    .map(({ column, row, middle, areaM2, sizeM }) => ({
      id: `floor.${column}.${row}`,
      faceId: 'floor',
      label: 'floor',
      centre: { ...middle, z: 0 },
      normal: { x: 0, y: 0, z: 1 },
      areaM2,
      isHighTouch: false,
      sizeM,
    }))
}

interface ClippedTile {
  readonly column: number
  readonly row: number
  readonly middle: Point2
  readonly areaM2: number
  readonly sizeM: readonly [number, number]
}

/** Equal rectangles over a polygon, in a frame of their own, each cut to what of it is inside. */
function clippedTiles(polygon: Polygon, frame: Pose2, surfaceSizeM: number): ClippedTile[] {
  const intoFrame = inversePose(frame)
  const local = polygon.map((corner) => transformPoint(intoFrame, corner))
  const { minX, minY, maxX, maxY } = boundsOf(local)
  const columns = tileCount(maxX - minX, surfaceSizeM)
  const rows = tileCount(maxY - minY, surfaceSizeM)
  const width = (maxX - minX) / columns
  const height = (maxY - minY) / rows
  const tiles: ClippedTile[] = []
  for (let column = 0; column < columns; column += 1) {
    for (let row = 0; row < rows; row += 1) {
      const x = minX + column * width
      const y = minY + row * height
      const piece = clipToRectangle(local, x, y, x + width, y + height)
      const areaM2 = piece.length < 3 ? 0 : signedArea(piece)
      if (areaM2 < SMALLEST_TILE_M2) continue
      const middle = transformPoint(frame, centroid(piece))
      tiles.push({ column, row, middle, areaM2, sizeM: [width, height] })
    }
  }
  return tiles
}

/** A touch point is cut as a face is, so that a long rail is not judged by its middle alone. */
function touchTiles({ id, name, centre, normal, sizeM }: TouchPoint, surfaceSizeM: number): Surface[] {
  const columns = tileCount(sizeM[0], surfaceSizeM)
  const rows = tileCount(sizeM[1], surfaceSizeM)
  const size = [sizeM[0] / columns, sizeM[1] / rows] as const
  const isLevel = Math.abs(normal.z) > 0.5
  const along = isLevel ? { x: 1, y: 0, z: 0 } : { x: -normal.y, y: normal.x, z: 0 }
  const across = isLevel ? { x: 0, y: 1, z: 0 } : { x: 0, y: 0, z: 1 }
  const tiles: Surface[] = []
  for (let column = 0; column < columns; column += 1) {
    for (let row = 0; row < rows; row += 1) {
      const u = (column + 0.5) * size[0] - sizeM[0] / 2
      const v = (row + 0.5) * size[1] - sizeM[1] / 2
      tiles.push({
        id: `${id}.${column}.${row}`,
        faceId: id,
        label: name,
        centre: {
          x: centre.x + u * along.x + v * across.x,
          y: centre.y + u * along.y + v * across.y,
          z: centre.z + u * along.z + v * across.z,
        },
        normal,
        areaM2: size[0] * size[1],
        isHighTouch: true,
        sizeM: size,
      })
    }
  }
  return tiles
}

/** Sutherland and Hodgman's clipping; what is left of a concave polygon may hang together by lines without area. */
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
