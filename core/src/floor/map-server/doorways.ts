import type { CellMap } from './cell-map.ts'
import { componentsOf } from './cell-map.ts'

/** A passage between two basins, from jamb to jamb, in cells. */
export interface Doorway {
  /** The obstacle cells on its two sides. */
  readonly a: CellPoint
  readonly b: CellPoint
  /** The two basins that meet here. */
  readonly basins: readonly [number, number]
  /** The cells at which the basins touch. */
  readonly seam: readonly number[]
  readonly saddle: number
}

export interface CellPoint {
  readonly x: number
  readonly y: number
}

/** Every place where two basins meet, with the straight line across it. */
export function findDoorways(
  map: CellMap,
  structure: Uint8Array,
  clearance: Float32Array,
  basin: Int32Array,
): Doorway[] {
  return seamsOf(map, basin).map(({ cells, basins }) => {
    let saddle = cells[0]!
    for (const cell of cells) if (clearance[cell]! > clearance[saddle]!) saddle = cell
    const [a, b] = jambsAt(map, structure, clearance, saddle)
    return { a, b, basins, seam: cells, saddle }
  })
}

interface Seam {
  readonly basins: readonly [number, number]
  readonly cells: number[]
}

function seamsOf(map: CellMap, basin: Int32Array): Seam[] {
  const { width } = map
  const byPair = new Map<
    string,
    { readonly basins: readonly [number, number]; readonly cells: Set<number> }
  >()
  for (let index = 0; index < basin.length; index += 1) {
    if (basin[index] === 0) continue
    for (const step of [1, width, width + 1, width - 1]) {
      const other = basin[index + step] ?? 0
      if (other === 0 || other === basin[index]) continue
      const basins: readonly [number, number] =
        other < basin[index]! ? [other, basin[index]!] : [basin[index]!, other]
      const key = basins.join(' ')
      const seam = byPair.get(key) ?? { basins, cells: new Set() }
      seam.cells.add(index).add(index + step)
      byPair.set(key, seam)
    }
  }
  const seams: Seam[] = []
  for (const { basins, cells } of byPair.values()) {
    for (const part of connectedParts(map, cells)) seams.push({ basins, cells: part })
  }
  return seams
}

function connectedParts({ width }: CellMap, cells: ReadonlySet<number>): number[][] {
  const left = new Set(cells)
  const parts: number[][] = []
  for (const start of cells) {
    if (!left.delete(start)) continue
    const part = [start]
    for (const index of part) {
      for (const step of [-width - 1, -width, -width + 1, -1, 1, width - 1, width, width + 1]) {
        if (left.delete(index + step)) part.push(index + step)
      }
    }
    parts.push(part)
  }
  return parts
}

/** The obstacle cells on the two sides of a saddle, as near to one another as they come. */
function jambsAt(
  map: CellMap,
  structure: Uint8Array,
  clearance: Float32Array,
  saddle: number,
): [CellPoint, CellPoint] {
  const x = saddle % map.width
  const y = Math.floor(saddle / map.width)
  const reach = Math.ceil(1.6 * clearance[saddle]!) + 3
  const obstacles: CellPoint[] = []
  for (let row = Math.max(0, y - reach); row <= Math.min(map.height - 1, y + reach); row += 1) {
    for (let column = Math.max(0, x - reach); column <= Math.min(map.width - 1, x + reach); column += 1) {
      if (structure[row * map.width + column] === 1) obstacles.push({ x: column, y: row })
    }
  }
  const centre = { x, y }
  let a = nearest(obstacles, centre, () => true) ?? centre
  let b = nearest(obstacles, centre, (point) => isAcross(centre, a, point)) ?? a
  // From the nearest pair as seen from the saddle to the nearest pair as seen from one another.
  for (let round = 0; round < 3; round += 1) {
    a = nearest(obstacles, b, (point) => isAcross(centre, b, point)) ?? a
    b = nearest(obstacles, a, (point) => isAcross(centre, a, point)) ?? b
  }
  return [a, b]
}

/** Whether `point` lies on the other side of `centre` than `from`: at 120° or more. */
function isAcross(centre: CellPoint, from: CellPoint, point: CellPoint): boolean {
  const ax = from.x - centre.x
  const ay = from.y - centre.y
  const bx = point.x - centre.x
  const by = point.y - centre.y
  return ax * bx + ay * by <= -0.5 * Math.hypot(ax, ay) * Math.hypot(bx, by)
}

function nearest(
  points: readonly CellPoint[],
  to: CellPoint,
  isCandidate: (point: CellPoint) => boolean,
): CellPoint | null {
  let best: CellPoint | null = null
  let bestSquared = Infinity
  for (const point of points) {
    const squared = (point.x - to.x) ** 2 + (point.y - to.y) ** 2
    if (squared < bestSquared && isCandidate(point)) {
      bestSquared = squared
      best = point
    }
  }
  return best
}

/** The cells of a line that no path over cell edges can cross. */
export function lineCells(map: CellMap, a: CellPoint, b: CellPoint): number[] {
  const steps = Math.max(Math.abs(b.x - a.x), Math.abs(b.y - a.y), 1)
  return Array.from({ length: steps + 1 }, (_, step) => {
    const column = Math.round(a.x + ((b.x - a.x) * step) / steps)
    const row = Math.round(a.y + ((b.y - a.y) * step) / steps)
    return row * map.width + column
  })
}

/**
 * The open cells, parted along the doorways' lines: each part a region, numbered from 1. Where a line
 * does not part the basins (its jambs were ill found), the seam itself does.
 */
export function partAtDoorways(
  map: CellMap,
  structure: Uint8Array,
  basin: Int32Array,
  doorways: readonly Doorway[],
): { readonly labels: Int32Array; readonly count: number } {
  const lines = doorways.map(({ a, b }) => lineCells(map, a, b))
  let barrier = barrierOf(map, lines)
  let parts = componentsOf(map, (index) => structure[index] === 0 && barrier[index] === 0, 4)
  const leaking = leakingParts(parts.labels, basin)
  if (leaking.size > 0) {
    barrier = barrierOf(
      map,
      doorways.map((doorway, index) =>
        doorway.seam.some((cell) => leaking.has(parts.labels[cell]!))
          ? [...lines[index]!, ...doorway.seam]
          : lines[index]!,
      ),
    )
    parts = componentsOf(map, (index) => structure[index] === 0 && barrier[index] === 0, 4)
  }
  fillBarriers(map, structure, parts.labels)
  return parts
}

function barrierOf(map: CellMap, lines: readonly (readonly number[])[]): Uint8Array {
  const barrier = new Uint8Array(map.cells.length)
  for (const line of lines) for (const cell of line) barrier[cell] = 1
  return barrier
}

/** Parts that hold much of two basins. */
function leakingParts(labels: Int32Array, basin: Int32Array): Set<number> {
  const sizes = new Map<number, Map<number, number>>()
  const basinSizes = new Map<number, number>()
  for (let index = 0; index < labels.length; index += 1) {
    if (basin[index] === 0) continue
    basinSizes.set(basin[index]!, (basinSizes.get(basin[index]!) ?? 0) + 1)
    if (labels[index] === 0) continue
    const inPart = sizes.get(labels[index]!) ?? new Map<number, number>()
    inPart.set(basin[index]!, (inPart.get(basin[index]!) ?? 0) + 1)
    sizes.set(labels[index]!, inPart)
  }
  const leaking = new Set<number>()
  for (const [label, inPart] of sizes) {
    const whole = [...inPart].filter(([id, cells]) => cells > 0.5 * basinSizes.get(id)!)
    if (whole.length > 1) leaking.add(label)
  }
  return leaking
}

/** Gives the cells under the lines to the region beside them that has the lowest number. */
function fillBarriers(map: CellMap, structure: Uint8Array, labels: Int32Array): void {
  let open: number[] = []
  for (let index = 0; index < labels.length; index += 1) {
    if (structure[index] === 0 && labels[index] === 0) open.push(index)
  }
  while (open.length > 0) {
    const found = open.map((index) => {
      let lowest = 0
      for (const step of [-map.width, -1, 1, map.width]) {
        const label = labels[index + step]!
        if (label > 0 && (lowest === 0 || label < lowest)) lowest = label
      }
      return lowest
    })
    if (found.every((label) => label === 0)) return
    open.forEach((index, at) => (labels[index] = found[at]!))
    open = open.filter((index) => labels[index] === 0)
  }
}
