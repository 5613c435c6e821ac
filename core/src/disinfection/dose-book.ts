import { centroid } from '../geometry/polygon.ts'
import { inversePose, transformPoint } from '../geometry/pose.ts'
import type { Polygon } from '../geometry/types.ts'
import { longestEdgeFrame } from './longest-edge-frame.ts'
import { surfacesOf } from './surfaces.ts'
import type { Obstacle, RoomModel, Surface } from './types.ts'

/** Places nearer than this are the same, metres: a tile's own grain is far coarser, rounding far finer. */
const SAME_M = 0.01

/**
 * What every surface of a room has received so far, whatever the room looks like now. Furniture that is moved takes
 * its dose along; a wall that a cabinet hid keeps what it had; a thing that is not known to be the same as before
 * begins at nothing. So delivered dose is neither thrown away nor counted for something that never got it.
 */
export interface DoseBook {
  /** Grows with every tile size and room that it was kept for; ids repeat where their places differ. */
  readonly entries: readonly DoseEntry[]
}

interface DoseEntry {
  readonly id: string
  /** Where the tile is and how large: in its thing's own frame, or in the map's for walls, doors and floor. */
  readonly place: readonly number[]
  readonly doseMjPerCm2: number
}

export const EMPTY_DOSE_BOOK: DoseBook = { entries: [] }

/**
 * The book with what the surfaces of a room have received in all, not since the last time: writing the same doses
 * twice changes nothing, and no entry ever sinks.
 *
 * @param doseMjPerCm2 in the order of `surfacesOf(room, surfaceSizeM)`
 * @throws RangeError when there are more or fewer doses than surfaces
 */
export function withDoses(
  book: DoseBook,
  room: RoomModel,
  surfaceSizeM: number,
  doseMjPerCm2: ArrayLike<number>,
): DoseBook {
  const surfaces = surfacesOf(room, surfaceSizeM)
  if (surfaces.length !== doseMjPerCm2.length) {
    throw new RangeError(`${doseMjPerCm2.length} doses for ${surfaces.length} surfaces`)
  }
  const known = byId(book)
  const placeOf = placing(room)
  const taken = new Set<DoseEntry>()
  const written = surfaces.map((surface, index): DoseEntry => {
    const place = placeOf(surface)
    const before = (known.get(surface.id) ?? []).find((entry) => isSamePlace(entry.place, place))
    if (before !== undefined) taken.add(before)
    return {
      id: surface.id,
      place,
      doseMjPerCm2: Math.max(before?.doseMjPerCm2 ?? 0, doseMjPerCm2[index]!),
    }
  })
  return { entries: [...book.entries.filter((entry) => !taken.has(entry)), ...written] }
}

/** What each of `surfacesOf(room, surfaceSizeM)` has received, in that order; 0 where nothing is known. */
export function dosesIn(book: DoseBook, room: RoomModel, surfaceSizeM: number): number[] {
  const known = byId(book)
  const placeOf = placing(room)
  return surfacesOf(room, surfaceSizeM).map((surface) => {
    const entries = known.get(surface.id)
    if (entries === undefined) return 0
    const place = placeOf(surface)
    return entries.find((entry) => isSamePlace(entry.place, place))?.doseMjPerCm2 ?? 0
  })
}

function byId(book: DoseBook): Map<string, DoseEntry[]> {
  const known = new Map<string, DoseEntry[]>()
  for (const entry of book.entries) {
    const sameId = known.get(entry.id)
    if (sameId === undefined) known.set(entry.id, [entry])
    else sameId.push(entry)
  }
  return known
}

/** A function from a room's surfaces to where they are on what they belong to. */
function placing(room: RoomModel): (surface: Surface) => readonly number[] {
  const frames = new Map(room.obstacles.map((obstacle) => [obstacle.id, frameOf(obstacle)]))
  return ({ faceId, centre, normal, sizeM }) => {
    // Faces are named after their obstacle: `bed-1.top`, `bed-1.side-2`, `bed-1.rail-left-head-outside`.
    const owner = frames.get(faceId.slice(0, Math.max(0, faceId.lastIndexOf('.'))))
    if (owner === undefined) return [centre.x, centre.y, centre.z, normal.x, normal.y, normal.z, ...sizeM]
    const local = transformPoint(owner.intoFrame, centre)
    const facing = transformPoint({ ...owner.intoFrame, x: 0, y: 0 }, normal)
    return [local.x, local.y, centre.z, facing.x, facing.y, normal.z, ...sizeM, ...owner.shape]
  }
}

/** An obstacle's own frame, and what tells it from a thing of another shape. */
function frameOf({ footprint, zMinM, zMaxM }: Obstacle) {
  const middle = centroid(footprint)
  const frame = { ...middle, theta: longestEdgeFrame(footprint).theta }
  const intoFrame = inversePose(frame)
  const corners: Polygon = footprint.map((corner) => transformPoint(intoFrame, corner))
  return { intoFrame, shape: [zMinM, zMaxM, ...corners.flatMap(({ x, y }) => [x, y])] }
}

function isSamePlace(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((value, index) => Math.abs(value - other[index]!) <= SAME_M)
}
