import type { CellMap } from './cell-map.ts'
import type { CellPoint, Doorway } from './doorways.ts'

/** A gap too narrow for a person, metres, never makes two spaces one, nor lets a robot through. */
export const MIN_PASSAGE_M = 0.5
/** A wall with a doorway in it is at most this thick, metres; what is thicker is a bed or a cabinet. */
const MAX_WALL_M = 0.75
/** The wall beside a doorway goes on in its line for this much on one side at least, metres. */
const MIN_WALL_BESIDE_M = 0.45
/** A short stub of wall, metres, as in a corner; and the long face of a wall that runs along the way. */
const MIN_STUB_M = 0.1
const MIN_FACE_M = 1.5
/** Widest doorway with a wall's end on both sides, against the face of a wall, and against anything, metres. */
const MAX_BETWEEN_ENDS_M = 1.85
const MAX_AGAINST_FACE_M = 1.65
const MAX_AGAINST_ANYTHING_M = 1.25
/** Where no wall's end is seen (a passage through something deep) it is this narrow, metres, and as a share of the narrower space. */
const MAX_DEEP_PASSAGE_M = 1.15
const MAX_DEEP_RATIO = 0.5

/** Width between the faces of the jambs, metres. */
export function doorwayWidthM({ sizeM }: CellMap, { a, b }: Pick<Doorway, 'a' | 'b'>): number {
  return Math.max(0, (Math.hypot(b.x - a.x, b.y - a.y) - 1) * sizeM)
}

/**
 * Whether a narrow place is a doorway in a wall, and not the way between a bed and a cabinet: the wall
 * goes on, thin and in the doorway's line, on one side at least; or the place is narrow in every respect.
 *
 * @param spaceM width of the narrower of the two spaces, metres.
 */
export function isDoorwayInWall(
  map: CellMap,
  structure: Uint8Array,
  { a, b }: Pick<Doorway, 'a' | 'b'>,
  spaceM: number,
): boolean {
  const widthM = doorwayWidthM(map, { a, b })
  if (widthM < MIN_PASSAGE_M) return true
  const jambs = [jambOf(map, structure, b, a), jambOf(map, structure, a, b)] as const
  return (
    isBetween(jambs[0], jambs[1], widthM) ||
    isBetween(jambs[1], jambs[0], widthM) ||
    (widthM <= MAX_DEEP_PASSAGE_M && widthM <= MAX_DEEP_RATIO * spaceM)
  )
}

function isBetween(wall: Jamb, other: Jamb, widthM: number): boolean {
  if (!wall.isWall) return false
  if (other.stubM >= MIN_STUB_M) return widthM <= MAX_BETWEEN_ENDS_M
  return widthM <= (other.faceM >= MIN_FACE_M ? MAX_AGAINST_FACE_M : MAX_AGAINST_ANYTHING_M)
}

interface Jamb {
  /** For how far, metres, it goes on in the doorway's line, no thicker than a wall. */
  readonly stubM: number
  /** Whether that is a wall: long enough, or ending at another wall. */
  readonly isWall: boolean
  /** Length of its face along the way through, metres. */
  readonly faceM: number
}

function jambOf(map: CellMap, structure: Uint8Array, opposite: CellPoint, jamb: CellPoint): Jamb {
  const { width, height, sizeM } = map
  const length = Math.hypot(jamb.x - opposite.x, jamb.y - opposite.y) || 1
  const dx = (jamb.x - opposite.x) / length
  const dy = (jamb.y - opposite.y) / length
  const isStructure = (x: number, y: number) => {
    const column = Math.round(x)
    const row = Math.round(y)
    const isInside = column >= 0 && row >= 0 && column < width && row < height
    return !isInside || structure[row * width + column] === 1
  }
  const reach = Math.ceil(MIN_FACE_M / sizeM)
  const run = (x: number, y: number, sign: number) => {
    let steps = 0
    while (steps < reach && isStructure(x - sign * dy * (steps + 1), y + sign * dx * (steps + 1))) steps += 1
    return steps
  }
  const thicknessM = (x: number, y: number) => (run(x, y, 1) + run(x, y, -1) + 1) * sizeM
  // Noise stands out of a face: what is just behind counts too.
  const faceM = Math.max(...[0, 1, 2].map((step) => thicknessM(jamb.x + dx * step, jamb.y + dy * step)))
  const limit = Math.ceil(MIN_WALL_BESIDE_M / sizeM)
  let steps = 0
  for (; steps < limit; steps += 1) {
    // A wall that is a cell off the line is in line still.
    const off = [0, 1, -1].find((shift) =>
      isStructure(jamb.x + dx * steps - dy * shift, jamb.y + dy * steps + dx * shift),
    )
    if (off === undefined) return { stubM: steps * sizeM, isWall: false, faceM }
    const thickM = thicknessM(jamb.x + dx * steps - dy * off, jamb.y + dy * steps + dx * off)
    if (thickM > MAX_WALL_M) {
      return { stubM: steps * sizeM, isWall: steps * sizeM >= MIN_STUB_M && thickM >= MIN_FACE_M, faceM }
    }
  }
  return { stubM: steps * sizeM, isWall: true, faceM }
}
