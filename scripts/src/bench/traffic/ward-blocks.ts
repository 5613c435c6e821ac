import { compileGraph, type Place, type TrafficGraph, type Way } from '@wardlight/fleet-server'
import { RADIUS_M } from './drawn-corridors.ts'

/** Places of a corridor lie so far apart, metres. */
const SPACING_M = 1.4
/** Along each corridor, on both sides of it. */
export const ROOMS_A_CORRIDOR = 20
/** From corridor to corridor, metres: two rooms deep. */
const ROW_M = 5 * SPACING_M + 1
const DOORS_EVERY = 2
const LENGTH = DOORS_EVERY * (ROOMS_A_CORRIDOR / 2) + 2

export interface WardBlocks {
  readonly graph: TrafficGraph
  readonly rooms: readonly number[]
  readonly docks: readonly number[]
}

/**
 * A hospital as traffic finds it hardest: corridors one robot wide, both ways on one lane, ten rooms on each side,
 * joined at both ends by cross corridors of the same width. Docks lie beside the cross corridors.
 *
 * @param roomCount a multiple of `ROOMS_A_CORRIDOR` is filled whole
 */
export function layWardBlocks(roomCount: number): WardBlocks {
  const places: Place[] = []
  const ways: Way[] = []
  const rooms: number[] = []
  const docks: number[] = []
  const corridors = Math.ceil(roomCount / ROOMS_A_CORRIDOR)
  const lengthM = LENGTH * SPACING_M
  const columns = Math.max(1, Math.round(Math.sqrt((corridors * ROW_M) / lengthM)))
  const rows = Math.max(2, Math.ceil(corridors / columns))
  const crossings = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns + 1 }, (_, column) => add(column * lengthM, row * ROW_M, 'way')),
  )
  for (let column = 0; column <= columns; column += 1) {
    for (let row = 1; row < rows; row += 1) {
      const own = line(crossings[row - 1]![column]!, crossings[row]![column]!, 6)
      for (const at of own.slice(1, -1)) {
        const { x, y } = places[at]!
        for (const side of [-1, 1]) {
          const dock = add(x + 1.3 * side, y, 'dock')
          join(at, dock)
          docks.push(dock)
        }
      }
    }
  }
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const own = line(crossings[row]![column]!, crossings[row]![column + 1]!, LENGTH)
      for (let door = DOORS_EVERY; door < LENGTH; door += DOORS_EVERY) {
        const at = own[door - 1]!
        const { x, y } = places[at]!
        for (const side of [-1, 1]) {
          if (rooms.length === roomCount) break
          const doorway = add(x, y + 1.2 * side, 'door')
          const room = add(x, y + 2.5 * side, 'room')
          join(at, doorway)
          join(doorway, room)
          rooms.push(room)
        }
      }
    }
  }
  return { graph: compileGraph(places, ways, RADIUS_M), rooms, docks }

  function add(x: number, y: number, kind: Place['kind']): number {
    const id = `${kind}-${places.length}`
    const of = kind === 'way' ? null : id
    return places.push({ id, levelId: 'L1', x, y, kind, name: id, of, roomId: null }) - 1
  }

  function join(from: number, to: number): void {
    ways.push({ from, to, isOneWay: false, speedLimitMps: null, clearanceM: null, extraS: 0 })
  }

  /** @returns what lies between two crossings, in order */
  function line(from: number, to: number, pieces: number): number[] {
    const [a, b] = [places[from]!, places[to]!]
    const own: number[] = []
    let previous = from
    for (let piece = 1; piece < pieces; piece += 1) {
      const share = piece / pieces
      const at = add(a.x + share * (b.x - a.x), a.y + share * (b.y - a.y), 'way')
      join(previous, at)
      own.push(at)
      previous = at
    }
    join(previous, to)
    return own
  }
}
