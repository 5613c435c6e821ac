import { polygonEdges } from '../geometry/polygon.ts'
import type { Segment2 } from '../geometry/types.ts'
import { compassDirection } from './compass.ts'
import { isAtHandleHeight } from './high-touch.ts'
import type { Panel } from './panel.ts'
import type { RoomModel } from './types.ts'

/** Height of a door leaf (proposed; DIN 18101 and IBC 1010.1.1 doors are 2.0 to 2.1 m). */
const DOOR_HEIGHT_M = 2.1

/** Wall edges shorter than this are the grain of a raster map, not walls (proposed: two cells of 5 cm). */
const SHORTEST_WALL_M = 0.1

/** How far off a wall's inner face a door may be drawn: in the middle of a thick wall, metres. */
const WALL_DEPTH_M = 0.4

/** The inner faces of a room's walls, cut at its doors: leaves are panels of their own, open doorways none. */
export function wallPanels(room: RoomModel): Panel[] {
  return polygonEdges(room.polygon).flatMap((edge, index) => {
    const lengthM = lengthOf(edge)
    if (lengthM < SHORTEST_WALL_M) return []
    const normal = { x: (edge.a.y - edge.b.y) / lengthM, y: (edge.b.x - edge.a.x) / lengthM }
    const wall = {
      normal,
      faceId: `wall-${index}`,
      label: `${compassDirection({ x: -normal.x, y: -normal.y })} wall`,
    }
    const panels: Panel[] = []
    let fromM = 0
    for (const { door, startM, endM } of doorwaysOn(edge, room)) {
      if (startM > fromM) {
        panels.push({ ...wall, ...partOf(edge, fromM, startM), zMinM: 0, zMaxM: room.heightM })
      }
      const doorway = partOf(edge, Math.max(fromM, startM), endM)
      const topM = Math.min(DOOR_HEIGHT_M, room.heightM)
      if (door.hasLeaf ?? true) {
        panels.push({
          ...doorway,
          normal,
          faceId: `door-${door.id}`,
          label: /door/i.test(door.name) ? door.name : `door ${door.name}`,
          zMinM: 0,
          zMaxM: topM,
          isHighTouchAt: isAtHandleHeight,
        })
      }
      if (room.heightM - topM >= SHORTEST_WALL_M) {
        panels.push({ ...wall, ...doorway, zMinM: topM, zMaxM: room.heightM })
      }
      fromM = endM
    }
    if (lengthM - fromM > 1e-6) {
      panels.push({ ...wall, ...partOf(edge, fromM, lengthM), zMinM: 0, zMaxM: room.heightM })
    }
    return panels
  })
}

interface Doorway {
  readonly door: RoomModel['doors'][number]
  /** Along the wall's edge, metres. */
  readonly startM: number
  readonly endM: number
}

/** The doors that lie in a wall, in order along it, without overlap. */
function doorwaysOn(edge: Segment2, room: RoomModel): Doorway[] {
  const found = room.doors
    .flatMap((door): Doorway[] => {
      const offM = offsetFrom(edge, door)
      if (offM === null) return []
      // Of two parallel edges the door belongs to the nearer one.
      const nearestM = Math.min(
        ...polygonEdges(room.polygon).map((other) => offsetFrom(other, door) ?? Infinity),
      )
      if (offM > nearestM + 0.05) return []
      const [startM, endM] = extentOn(edge, door)
      return [{ door, startM, endM }]
    })
    .toSorted((one, other) => one.startM - other.startM)
  const apart: Doorway[] = []
  for (const doorway of found) {
    const startM = Math.max(doorway.startM, apart.at(-1)?.endM ?? 0)
    if (doorway.endM - startM >= SHORTEST_WALL_M) apart.push({ ...doorway, startM })
  }
  return apart
}

/** How far off an edge's line a door is drawn, or `null` when it does not lie in that wall. */
function offsetFrom(edge: Segment2, door: Segment2): number | null {
  const lengthM = lengthOf(edge)
  const doorLengthM = lengthOf(door)
  if (lengthM < SHORTEST_WALL_M || doorLengthM === 0) return null
  const ux = (edge.b.x - edge.a.x) / lengthM
  const uy = (edge.b.y - edge.a.y) / lengthM
  const slant = Math.abs(ux * (door.b.y - door.a.y) - uy * (door.b.x - door.a.x)) / doorLengthM
  const offM = Math.max(
    ...[door.a, door.b].map((end) => Math.abs(ux * (end.y - edge.a.y) - uy * (end.x - edge.a.x))),
  )
  const [startM, endM] = extentOn(edge, door)
  return slant < 0.3 && offM <= WALL_DEPTH_M && endM - startM >= SHORTEST_WALL_M ? offM : null
}

/** Where a door begins and ends along an edge, metres, within the edge. */
function extentOn(edge: Segment2, door: Segment2): [number, number] {
  const lengthM = lengthOf(edge)
  const [one, other] = [door.a, door.b].map((end) => {
    const along =
      ((end.x - edge.a.x) * (edge.b.x - edge.a.x) + (end.y - edge.a.y) * (edge.b.y - edge.a.y)) / lengthM
    return Math.min(lengthM, Math.max(0, along))
  })
  return [Math.min(one!, other!), Math.max(one!, other!)]
}

function partOf({ a, b }: Segment2, fromM: number, toM: number): Segment2 {
  const lengthM = lengthOf({ a, b })
  const at = (m: number) => ({ x: a.x + (m / lengthM) * (b.x - a.x), y: a.y + (m / lengthM) * (b.y - a.y) })
  return { a: at(fromM), b: at(toM) }
}

function lengthOf({ a, b }: Segment2): number {
  return Math.hypot(b.x - a.x, b.y - a.y)
}
