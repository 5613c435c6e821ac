import {
  counterClockwise,
  rectangle,
  signedArea,
  type OccupancyGrid,
  type Point2,
  type Polygon,
} from '@wardlight/core/geometry'
import type { Door, FloorPlan, Furniture, Level, Lift, Room, RoomKind, Wall } from '@wardlight/core/floor'

/** Builders of small plans for tests: each names what it is about and leaves the rest plain. */

export function plainRoom(id: string, polygon: Polygon, more: Partial<Room> = {}): Room {
  const areaM2 = Math.abs(signedArea(polygon))
  return {
    id,
    name: id,
    aliases: [],
    kind: 'patientRoom' satisfies RoomKind,
    ward: null,
    polygon: counterClockwise(polygon),
    heightM: 2.6,
    areaM2,
    volumeM3: areaM2 * 2.6,
    airChangesPerHour: null,
    furniture: [],
    doorIds: [],
    ...more,
  }
}

export function box(
  id: string,
  centre: Point2,
  lengthM: number,
  widthM: number,
  zMinM: number,
  zMaxM: number,
): Furniture {
  return { id, name: id, kind: 'other', footprint: rectangle(centre, lengthM, widthM), zMinM, zMaxM }
}

export function wall(
  ax: number,
  ay: number,
  bx: number,
  by: number,
  material: Wall['material'] = 'solid',
): Wall {
  return { a: { x: ax, y: ay }, b: { x: bx, y: by }, material }
}

export function slidingDoor(
  id: string,
  a: Point2,
  b: Point2,
  roomIds: readonly string[],
  more: Partial<Door> = {},
): Door {
  return { id, name: id, kind: 'sliding', a, b, roomIds, automatic: true, ...more }
}

export function plainLevel(id: string, parts: Partial<Level>): Level {
  return {
    id,
    name: id,
    elevationM: 0,
    walls: [],
    rooms: [],
    doors: [],
    zones: [],
    docks: [],
    graph: { nodes: [], edges: [] },
    occupancy: null,
    ...parts,
  }
}

export function plainPlan(levels: readonly Level[], lifts: readonly Lift[] = []): FloorPlan {
  return { id: 'test', name: 'Test', source: 'wardlight', levels, lifts }
}

/** The four walls of an axis-aligned rectangle. */
export function fourWalls(minX: number, minY: number, maxX: number, maxY: number): Wall[] {
  return [
    wall(minX, minY, maxX, minY),
    wall(maxX, minY, maxX, maxY),
    wall(maxX, maxY, minX, maxY),
    wall(minX, maxY, minX, minY),
  ]
}

/**
 * A corridor of 12 × 2 m along y 0 to 2, and above it two rooms of 6 × 5 m (`a` left, `b` right),
 * each with a 1.1 m door in its middle; a dock at the corridor's left end.
 */
export function twoRooms(
  options: { furnitureInA?: readonly Furniture[]; doorKind?: Door['kind'] } = {},
): FloorPlan {
  const kind = options.doorKind ?? 'sliding'
  const corner = (x: number, y: number): Point2 => ({ x, y })
  const rect = (minX: number, minY: number, maxX: number, maxY: number): Polygon => [
    corner(minX, minY),
    corner(maxX, minY),
    corner(maxX, maxY),
    corner(minX, maxY),
  ]
  return plainPlan([
    plainLevel('L1', {
      walls: [
        wall(0, 0, 12, 0),
        wall(12, 0, 12, 7),
        wall(12, 7, 0, 7),
        wall(0, 7, 0, 0),
        wall(6, 2, 6, 7),
        wall(0, 2, 2.45, 2),
        wall(3.55, 2, 8.45, 2),
        wall(9.55, 2, 12, 2),
      ],
      rooms: [
        plainRoom('corridor', rect(0, 0, 12, 2), { kind: 'corridor', doorIds: ['door-a', 'door-b'] }),
        plainRoom('a', rect(0, 2, 6, 7), { doorIds: ['door-a'], furniture: options.furnitureInA ?? [] }),
        plainRoom('b', rect(6, 2, 12, 7), { doorIds: ['door-b'] }),
      ],
      doors: [
        slidingDoor('door-a', corner(2.45, 2), corner(3.55, 2), ['corridor', 'a'], { kind }),
        slidingDoor('door-b', corner(8.45, 2), corner(9.55, 2), ['corridor', 'b'], { kind }),
      ],
      docks: [{ id: 'dock', name: 'Dock', pose: { x: 0.6, y: 1, theta: 0 } }],
    }),
  ])
}

/** The same as a scanned map of 5 cm cells: walls are solid cells, nothing is drawn. */
export function scanned(plan: FloorPlan): FloorPlan {
  const level = plan.levels[0]!
  const width = 244
  const height = 144
  const data = new Int8Array(width * height)
  const occupancy: OccupancyGrid = {
    width,
    height,
    resolutionM: 0.05,
    origin: { x: -0.1, y: -0.1, theta: 0 },
    data,
  }
  for (const { a, b } of level.walls) {
    const steps = Math.ceil(Math.hypot(b.x - a.x, b.y - a.y) / 0.02)
    for (let step = 0; step <= steps; step += 1) {
      const column = Math.floor((a.x + ((b.x - a.x) * step) / steps + 0.1) / 0.05)
      const row = Math.floor((a.y + ((b.y - a.y) * step) / steps + 0.1) / 0.05)
      data[row * width + column] = 100
    }
  }
  return { ...plan, source: 'map_server', levels: [{ ...level, walls: [], occupancy }] }
}
