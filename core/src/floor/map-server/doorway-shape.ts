import type { CellMap } from './cell-map.ts'
import type { CellPoint, Doorway } from './doorways.ts'

/** A wall with a doorway in it is at most this thick, metres; what is thicker is a bed or a cabinet. */
const MAX_WALL_M = 0.6
/** Between two thick jambs (a short passage) only what is this narrow, metres, parts two rooms… */
const MAX_DEEP_PASSAGE_M = 1.15
/** … at this fraction of the narrower space's width. */
const MAX_DEEP_RATIO = 0.5
/** A gap too narrow for a person, metres, never makes two spaces one. */
export const MIN_PASSAGE_M = 0.5

/** Width between the faces of the jambs, metres. */
export function doorwayWidthM({ sizeM }: CellMap, { a, b }: Pick<Doorway, 'a' | 'b'>): number {
  return Math.max(0, (Math.hypot(b.x - a.x, b.y - a.y) - 1) * sizeM)
}

/**
 * Whether a narrow place is a doorway in a wall, and not the way between a bed and a cabinet: one jamb at
 * least is the end of a wall, thin across the doorway's line; or the place is narrow in every respect.
 *
 * @param spaceM width of the narrower of the two spaces, metres.
 */
export function isDoorwayInWall(
  map: CellMap,
  structure: Uint8Array,
  doorway: Doorway,
  spaceM: number,
): boolean {
  const widthM = doorwayWidthM(map, doorway)
  if (widthM < MIN_PASSAGE_M) return true
  if (jambThicknessM(map, structure, doorway.b, doorway.a) <= MAX_WALL_M) return true
  if (jambThicknessM(map, structure, doorway.a, doorway.b) <= MAX_WALL_M) return true
  return widthM <= MAX_DEEP_PASSAGE_M && widthM <= MAX_DEEP_RATIO * spaceM
}

/** How thick the obstacle at `jamb` is across the line from `opposite`, metres, just behind its face. */
function jambThicknessM(map: CellMap, structure: Uint8Array, opposite: CellPoint, jamb: CellPoint): number {
  const length = Math.hypot(jamb.x - opposite.x, jamb.y - opposite.y)
  if (length === 0) return Infinity
  const dx = (jamb.x - opposite.x) / length
  const dy = (jamb.y - opposite.y) / length
  const limit = Math.ceil((2 * MAX_WALL_M) / map.sizeM)
  const isStructure = (x: number, y: number) => {
    const column = Math.round(x)
    const row = Math.round(y)
    const isInside = column >= 0 && row >= 0 && column < map.width && row < map.height
    return !isInside || structure[row * map.width + column] === 1
  }
  const run = (x: number, y: number, sign: number) => {
    let steps = 0
    while (steps < limit && isStructure(x - sign * dy * (steps + 1), y + sign * dx * (steps + 1))) steps += 1
    return steps
  }
  const depth = Math.max(2, Math.round(0.15 / map.sizeM))
  let thinnest = Infinity
  // The end of a wall goes on behind its face; a single noisy cell does not.
  for (let step = 1; step <= depth; step += 1) {
    const x = jamb.x + dx * step
    const y = jamb.y + dy * step
    if (!isStructure(x, y)) break
    thinnest = Math.min(thinnest, run(x, y, 1) + run(x, y, -1) + 1)
  }
  return thinnest * map.sizeM
}
