import type { Random } from '@wardlight/core/random'
import { compileGraph, type Place, type TrafficGraph, type Way } from '@wardlight/fleet-server'

/** Of the robots in drawn corridors, metres. */
export const RADIUS_M = 0.3
/** Places of a corridor lie so far apart, metres. */
const SPACING_M = 1.4

export interface DrawnFloor {
  readonly graph: TrafficGraph
  readonly rooms: readonly number[]
  readonly docks: readonly number[]
}

/**
 * Corridors one robot wide, with rooms behind doors and docks beside them: one straight, a cross, a tree or a loop.
 *
 * @param docks at least so many: each robot needs one to step aside to
 */
export function drawCorridors(random: Random, docks: number): DrawnFloor {
  const places: Place[] = []
  const ways: Way[] = []
  const rooms: number[] = []
  const dockPlaces: number[] = []
  const corridor: number[] = []
  const shape = random.integer(4)
  const lengths = [6 + random.integer(8), 4 + random.integer(5), 4 + random.integer(5)]
  line(0, 0, 1, 0, lengths[0]!)
  if (shape >= 1) branch(Math.floor(lengths[0]! / 2), 1, lengths[1]!)
  if (shape >= 2) branch(1 + random.integer(2), -1, lengths[2]!)
  if (shape === 3) {
    // A second corridor beside the first one, joined at both ends.
    const first = corridor[0]!
    const last = corridor[lengths[0]! - 1]!
    const back = line(0, -8, 1, 0, lengths[0]!)
    rung(first, back[0]!)
    rung(last, back.at(-1)!)
  }
  const spots = corridor.flatMap((at) => [1, -1].map((side) => ({ at, side })))
  const isTaken = (x: number, y: number) =>
    places.some((place) => Math.hypot(place.x - x, place.y - y) < 1.25)
  for (const { at, side } of shuffled(spots, random)) {
    const { x, y } = places[at]!
    const isAlongX = corridor.some(
      (other) => other !== at && Math.abs(places[other]!.y - y) < 0.1 && Math.abs(places[other]!.x - x) < 1.5,
    )
    const [dx, dy] = isAlongX ? [0, side] : [side, 0]
    if (isTaken(x + 2.6 * dx, y + 2.6 * dy) || isTaken(x + 1.3 * dx, y + 1.3 * dy)) continue
    if (dockPlaces.length < docks) {
      const dock = add(x + 1.3 * dx, y + 1.3 * dy, 'dock')
      join(at, dock)
      dockPlaces.push(dock)
    } else {
      const door = add(x + 1.3 * dx, y + 1.3 * dy, 'door')
      const room = add(x + 2.6 * dx, y + 2.6 * dy, 'room')
      join(at, door)
      join(door, room)
      rooms.push(room)
    }
  }
  return { graph: compileGraph(places, ways, RADIUS_M), rooms, docks: dockPlaces }

  function add(x: number, y: number, kind: Place['kind']): number {
    const id = `${kind}-${places.length}`
    return (
      places.push({ id, levelId: 'L1', x, y, kind, name: id, of: kind === 'way' ? null : id, roomId: null }) -
      1
    )
  }

  function join(from: number, to: number): void {
    ways.push({ from, to, isOneWay: false, speedLimitMps: null, clearanceM: null, extraS: 0 })
  }

  function line(x: number, y: number, dx: number, dy: number, count: number): number[] {
    const own: number[] = []
    for (let step = 0; step < count; step += 1) {
      const at = add(x + step * SPACING_M * dx, y + step * SPACING_M * dy, 'way')
      if (step > 0) join(own.at(-1)!, at)
      own.push(at)
      corridor.push(at)
    }
    return own
  }

  function branch(from: number, side: number, count: number): void {
    const start = corridor[from]!
    const { x, y } = places[start]!
    const [first] = line(x, y + side * SPACING_M, 0, side, count)
    join(start, first!)
  }

  function rung(from: number, to: number): void {
    const [a, b] = [places[from]!, places[to]!]
    const count = Math.round(Math.abs(b.y - a.y) / SPACING_M)
    let previous = from
    for (let step = 1; step < count; step += 1) {
      const at = add(a.x, a.y + ((b.y - a.y) * step) / count, 'way')
      join(previous, at)
      corridor.push(at)
      previous = at
    }
    join(previous, to)
  }
}

export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const left = [...items]
  for (let index = left.length - 1; index > 0; index -= 1) {
    const other = random.integer(index + 1)
    ;[left[index], left[other]] = [left[other]!, left[index]!]
  }
  return left
}
