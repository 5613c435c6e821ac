import { intersectSegments, type Segment2 } from '@wardlight/core/geometry'
import type { Random } from '@wardlight/core/random'

/** What a beam of light does not simply end on. */
export interface Optics {
  /** Let a beam through, but for one that meets them squarely. */
  readonly panes: readonly Segment2[]
  /** Throw a beam back: what it meets then is measured behind them. */
  readonly mirrors: readonly Segment2[]
}

export const NO_OPTICS: Optics = { panes: [], mirrors: [] }

/**
 * A pane sends back each beam within the first angle from square, none from the second one on, and chance decides
 * between them. That glass is seen squarely only, and mirrors show things behind themselves, is what Koch et al.
 * ("Detection of specular reflections in range measurements", 2015) and Zhao et al. (SSRR 2020, arXiv 1909.12483)
 * measured; the two angles are proposed.
 */
const ALWAYS_SEEN_RAD = (4 * Math.PI) / 180
const NEVER_SEEN_RAD = (14 * Math.PI) / 180
/** A mirror hangs on what blocks, metres. */
const THICKNESS_M = 0.01
/** A beam that is thrown back sets out so far before the mirror, and what it hangs on, metres. */
const OFF_MIRROR_M = 2 * THICKNESS_M

/** A beam from a point along a unit direction. */
export interface Beam {
  readonly x: number
  readonly y: number
  readonly dx: number
  readonly dy: number
}

/** Metres to the first pane nearer than `rangeM` that sends this beam back; `rangeM` when none does. */
export function rangeToPane(
  { x, y, dx, dy }: Beam,
  rangeM: number,
  panes: readonly Segment2[],
  random: Random,
): number {
  let nearest = rangeM
  const reach = { a: { x, y }, b: { x: x + dx * rangeM, y: y + dy * rangeM } }
  for (const pane of panes) {
    const share = intersectSegments(reach, pane)
    if (share === null || share * rangeM >= nearest) continue
    const along = Math.abs(dx * (pane.b.x - pane.a.x) + dy * (pane.b.y - pane.a.y))
    const fromSquare = Math.asin(Math.min(1, along / Math.hypot(pane.b.x - pane.a.x, pane.b.y - pane.a.y)))
    const chance = (NEVER_SEEN_RAD - fromSquare) / (NEVER_SEEN_RAD - ALWAYS_SEEN_RAD)
    if (chance >= 1 || (chance > 0 && random.uniform() < chance)) nearest = share * rangeM
  }
  return nearest
}

/** Where a beam of a length meets a mirror first, and how it goes on from there; `null` when it meets none. */
export function reflected(
  { x, y, dx, dy }: Beam,
  rangeM: number,
  mirrors: readonly Segment2[],
): { readonly awayM: number; readonly beam: Beam } | null {
  let found: { awayM: number; beam: Beam } | null = null
  const reachM = rangeM + THICKNESS_M
  const reach = { a: { x, y }, b: { x: x + dx * reachM, y: y + dy * reachM } }
  for (const { a, b } of mirrors) {
    const share = intersectSegments(reach, { a, b })
    if (share === null || (found !== null && share * reachM >= found.awayM)) continue
    const awayM = share * reachM
    const length = Math.hypot(b.x - a.x, b.y - a.y)
    const [ux, uy] = [(b.x - a.x) / length, (b.y - a.y) / length]
    const along = 2 * (dx * ux + dy * uy)
    const [rx, ry] = [along * ux - dx, along * uy - dy]
    const out = awayM - OFF_MIRROR_M
    found = { awayM, beam: { x: x + dx * out, y: y + dy * out, dx: rx, dy: ry } }
  }
  return found
}
