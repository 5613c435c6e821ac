import type { Door, FloorPlan, Room } from '@wardlight/core/floor'

/** A corridor along y = 0 to 2 with two small rooms above it, each behind a door, and a dock at its west end. */
export function smallPlan(): FloorPlan {
  return {
    id: 'small',
    name: 'Small hospital',
    source: 'wardlight',
    lifts: [],
    levels: [
      {
        id: 'L1',
        name: 'Ground floor',
        elevationM: 0,
        walls: [
          { a: { x: 0, y: 0 }, b: { x: 8, y: 0 }, material: 'solid' },
          { a: { x: 8, y: 0 }, b: { x: 8, y: 5 }, material: 'solid' },
          { a: { x: 8, y: 5 }, b: { x: 0, y: 5 }, material: 'solid' },
          { a: { x: 0, y: 5 }, b: { x: 0, y: 0 }, material: 'solid' },
          { a: { x: 4, y: 2 }, b: { x: 4, y: 5 }, material: 'solid' },
          { a: { x: 0, y: 2 }, b: { x: 1.5, y: 2 }, material: 'solid' },
          { a: { x: 2.7, y: 2 }, b: { x: 5.5, y: 2 }, material: 'solid' },
          { a: { x: 6.7, y: 2 }, b: { x: 8, y: 2 }, material: 'solid' },
        ],
        rooms: [
          rectangle('corridor', 'corridor', [0, 0, 8, 2], ['door-1', 'door-2']),
          rectangle('room-1', 'patientRoom', [0, 2, 4, 5], ['door-1']),
          rectangle('room-2', 'patientRoom', [4, 2, 8, 5], ['door-2']),
        ],
        doors: [door('door-1', 1.5, 'room-1'), door('door-2', 5.5, 'room-2')],
        zones: [],
        docks: [{ id: 'dock-1', name: 'Dock', pose: { x: 0.6, y: 1, theta: 0 } }],
        graph: { nodes: [], edges: [] },
        occupancy: null,
      },
    ],
  }
}

function rectangle(
  id: string,
  kind: Room['kind'],
  [minX, minY, maxX, maxY]: readonly [number, number, number, number],
  doorIds: readonly string[],
): Room {
  const areaM2 = (maxX - minX) * (maxY - minY)
  return {
    id,
    name: `Room ${id}`,
    aliases: [],
    kind,
    ward: 'A',
    polygon: [
      { x: minX, y: minY },
      { x: maxX, y: minY },
      { x: maxX, y: maxY },
      { x: minX, y: maxY },
    ],
    heightM: 2.5,
    areaM2,
    volumeM3: areaM2 * 2.5,
    airChangesPerHour: null,
    furniture: [],
    doorIds,
  }
}

function door(id: string, x: number, roomId: string): Door {
  return {
    id,
    name: id,
    kind: 'hinged',
    a: { x, y: 2 },
    b: { x: x + 1.2, y: 2 },
    roomIds: ['corridor', roomId],
    automatic: false,
  }
}
