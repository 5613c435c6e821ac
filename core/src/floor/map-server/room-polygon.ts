import type { CellPoint } from './doorways.ts'
import { isSimpleRing, ringArea, simplifyRing, type Ring } from './outline.ts'

/** How far a simplified outline may stray, cells. */
const TOLERANCE_CELLS = 1.5
/** Width of the slit that joins the outline of a block inside a room with the room's own, cells. */
const SLIT_CELLS = 0.1

/**
 * One simple counter-clockwise ring around a room. Blocks of other rooms inside it (a corridor that runs
 * around them) are left out by a slit, thinner than a centimetre, from the block to the outline.
 *
 * @param rings the outlines of one connected region: one outer, and holes.
 */
export function roomRing(rings: readonly Ring[]): Ring {
  for (const tolerance of [1, 0.8, 0.6, 0.4, 0.2, 0].map((share) => share * TOLERANCE_CELLS)) {
    const simplified = rings.map((ring) => simplifyRing(ring, tolerance)).filter((ring) => ring.length >= 3)
    const outer = simplified.find((ring) => ringArea(ring) > 0)
    if (!outer) continue
    const holes = simplified.filter((ring) => ringArea(ring) < -1e-9)
    const joined = joinHoles(outer, holes)
    if (joined && isSimpleRing(joined)) return joined
  }
  // The exact outline without its holes: simple by construction.
  return rings.reduce((one, other) => (ringArea(other) > ringArea(one) ? other : one))
}

function joinHoles(outer: Ring, holes: readonly Ring[]): Ring | null {
  let ring = outer
  let left = [...holes]
  while (left.length > 0) {
    const bridge = shortestBridge(ring, left)
    if (!bridge) return null
    ring = slit(ring, bridge)
    left = left.filter((hole) => hole !== bridge.hole)
  }
  return ring
}

interface Bridge {
  readonly hole: Ring
  readonly holeIndex: number
  /** The edge of the outer ring that it meets, and where. */
  readonly edge: number
  readonly at: CellPoint
}

/** The shortest way from a corner of a hole to the ring; being the shortest, it crosses nothing. */
function shortestBridge(ring: Ring, holes: readonly Ring[]): Bridge | null {
  let best: Bridge | null = null
  let shortest = Infinity
  for (const hole of holes) {
    hole.forEach((corner, holeIndex) => {
      ring.forEach((a, edge) => {
        const b = ring[(edge + 1) % ring.length]!
        const dx = b.x - a.x
        const dy = b.y - a.y
        const length = Math.hypot(dx, dy)
        if (length < 6 * SLIT_CELLS) return
        // Not at the ring's corners, so that the slit's mouth stays within one edge.
        const margin = (2 * SLIT_CELLS) / length
        const along = ((corner.x - a.x) * dx + (corner.y - a.y) * dy) / (length * length)
        const clamped = Math.min(1 - margin, Math.max(margin, along))
        const at = { x: a.x + clamped * dx, y: a.y + clamped * dy }
        const off = Math.hypot(at.x - corner.x, at.y - corner.y)
        // The ring passes the hole on its left: what lies behind the edge is another part of the outline.
        const isInFront = dx * (corner.y - a.y) - dy * (corner.x - a.x) > 0
        if (off < shortest && isInFront) {
          shortest = off
          best = { hole, holeIndex, edge, at }
        }
      })
    })
  }
  return best
}

/** The ring with the hole's outline spliced in, the two banks of the slit a little apart. */
function slit(ring: Ring, { hole, holeIndex, edge, at }: Bridge): Ring {
  const a = ring[edge]!
  const b = ring[(edge + 1) % ring.length]!
  const length = Math.hypot(b.x - a.x, b.y - a.y)
  const shift = { x: ((b.x - a.x) / length) * (SLIT_CELLS / 2), y: ((b.y - a.y) / length) * (SLIT_CELLS / 2) }
  const corner = hole[holeIndex]!
  const previous = hole[(holeIndex + hole.length - 1) % hole.length]!
  const arriving = towards(corner, hole[(holeIndex + 1) % hole.length]!)
  const leaving = towards(corner, previous)
  return [
    ...ring.slice(0, edge + 1),
    { x: at.x - shift.x, y: at.y - shift.y },
    arriving,
    ...hole.slice(holeIndex + 1),
    ...hole.slice(0, holeIndex),
    leaving,
    { x: at.x + shift.x, y: at.y + shift.y },
    ...ring.slice(edge + 1),
  ]
}

/** A slit's width from one corner towards the next. */
function towards(from: CellPoint, to: CellPoint): CellPoint {
  const length = Math.hypot(to.x - from.x, to.y - from.y)
  const share = Math.min(0.25, SLIT_CELLS / length)
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share }
}
