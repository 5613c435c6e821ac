import type { Point2, Segment2 } from '../../geometry/types.ts'
import { rectangleSolidAngle } from './solid-angle.ts'
import type { PlanarEdge, PlanarSettings } from './types.ts'

/**
 * How far something must reach into the triangle of a stop and an edge to hide it, metres: what merely
 * touches it from outside, as the next edge around a corner does, hides nothing.
 */
const TOUCHING_M = 1e-9

/** Numbers per segment: x and y of both ends. */
const FIELDS = 4

/**
 * Irradiance in W/m² of every edge (row) from every stop (column), row-major, 0 where the stop does not
 * see the whole edge: lamp power times the panel's solid angle over 4π times the panel's area.
 *
 * A stop sees an edge when it stands on its lit side and nothing of the outline reaches into the
 * triangle of the two. That is exact, because stops stand outside of every obstacle: a triangle that no
 * outline crosses is outside of them all.
 */
export function panelRates(
  edges: readonly PlanarEdge[],
  outline: readonly Segment2[],
  stops: readonly Point2[],
  { lamp, panelHeightM }: Pick<PlanarSettings, 'lamp' | 'panelHeightM'>,
): Float64Array {
  const rates = new Float64Array(edges.length * stops.length)
  const places = Float64Array.from(stops.flatMap(({ x, y }) => [x, y]))
  edges.forEach(({ a, b, outline: own }, row) => {
    const lengthM = Math.hypot(b.x - a.x, b.y - a.y)
    // Along the edge, and out of it to the right.
    const ux = (b.x - a.x) / lengthM
    const uy = (b.y - a.y) / lengthM
    const inFront = partsInFront(outline, own, a, { x: uy, y: -ux })
    const wattsPerM2 = lamp.powerW / (4 * Math.PI * lengthM * panelHeightM)
    let lastHiding = 0
    for (let column = 0; column < stops.length; column += 1) {
      const x = places[2 * column]!
      const y = places[2 * column + 1]!
      const dM = (x - a.x) * uy - (y - a.y) * ux
      if (dM <= TOUCHING_M) continue
      // Stops side by side are hidden by the same segment more often than not.
      const hiding = firstHiding(inFront, lastHiding, x, y, a, b)
      if (hiding >= 0) {
        lastHiding = hiding
        continue
      }
      const alongM = (x - a.x) * ux + (y - a.y) * uy
      const angle = rectangleSolidAngle(
        dM,
        -alongM,
        lengthM - alongM,
        -lamp.heightM,
        panelHeightM - lamp.heightM,
      )
      rates[row * stops.length + column] = wattsPerM2 * angle
    }
  })
  return rates
}

/** What of the outline lies on an edge's lit side: nothing else can come between it and a stop. */
function partsInFront(
  outline: readonly Segment2[],
  own: number,
  origin: Point2,
  normal: Point2,
): Float64Array {
  const inFrontM = (point: Point2) =>
    (point.x - origin.x) * normal.x + (point.y - origin.y) * normal.y - TOUCHING_M
  const parts: number[] = []
  outline.forEach(({ a, b }, index) => {
    if (index === own) return
    const fromM = inFrontM(a)
    const toM = inFrontM(b)
    if (fromM <= 0 && toM <= 0) return
    const crossing = () => {
      const along = fromM / (fromM - toM)
      return { x: a.x + along * (b.x - a.x), y: a.y + along * (b.y - a.y) }
    }
    const from = fromM > 0 ? a : crossing()
    const to = toM > 0 ? b : crossing()
    parts.push(from.x, from.y, to.x, to.y)
  })
  return Float64Array.from(parts)
}

/**
 * The index of a part that reaches into the wedge from the stop `(x, y)` to the edge `a b`, looking at
 * `first` before all others; -1 when none does. Seen from the stop, `b` lies clockwise of `a`.
 */
function firstHiding(parts: Float64Array, first: number, x: number, y: number, a: Point2, b: Point2): number {
  const ax = a.x - x
  const ay = a.y - y
  const bx = b.x - x
  const by = b.y - y
  const insideA = TOUCHING_M * Math.sqrt(ax * ax + ay * ay)
  const insideB = TOUCHING_M * Math.sqrt(bx * bx + by * by)
  const count = parts.length / FIELDS
  for (let turn = -1; turn < count; turn += 1) {
    const index = turn < 0 ? first : turn
    const base = index * FIELDS
    if (base >= parts.length) continue
    const px = parts[base]! - x
    const py = parts[base + 1]! - y
    const qx = parts[base + 2]! - x
    const qy = parts[base + 3]! - y
    // How far both ends are inside the wedge's two sides, times the sides' lengths.
    const pa = ay * px - ax * py - insideA
    const qa = ay * qx - ax * qy - insideA
    if (pa <= 0 && qa <= 0) continue
    const pb = bx * py - by * px - insideB
    const qb = bx * qy - by * qx - insideB
    if (pb <= 0 && qb <= 0) continue
    if ((pa > 0 && pb > 0) || (qa > 0 && qb > 0)) return index
    // Each end is outside of one side: between them the part may run through the wedge.
    let from = 0
    let to = 1
    if (pa <= 0) from = pa / (pa - qa)
    else if (qa <= 0) to = pa / (pa - qa)
    if (pb <= 0) from = Math.max(from, pb / (pb - qb))
    else if (qb <= 0) to = Math.min(to, pb / (pb - qb))
    if (from < to) return index
  }
  return -1
}
