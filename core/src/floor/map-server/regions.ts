import { basinsOf } from './basins.ts'
import { CELL_EDGE, CELL_OCCUPIED, componentsOf, distanceToSet, type CellMap } from './cell-map.ts'
import { MIN_PASSAGE_M, doorwayWidthM, isDoorwayInWall } from './doorway-shape.ts'
import { findDoorways, partAtDoorways, type Doorway } from './doorways.ts'
import { structureOf } from './obstacles.ts'

/** A space between walls and doorways. */
export interface Region {
  readonly label: number
  readonly cells: number
  /** Greatest clearance in it, in cells, and where. */
  readonly peak: number
  readonly peakIndex: number
  /** Lengths of its outline in cells: along walls, along what was never seen, along the map's edge. */
  readonly wall: number
  readonly unseen: number
  readonly edge: number
}

export interface RegionDoorway extends Doorway {
  /** The regions on its two sides; 0 is no room. */
  readonly regions: readonly [number, number]
  readonly widthM: number
}

export interface Segmentation {
  readonly structure: Uint8Array
  /** The region of each cell that is in a room; elsewhere 0. */
  readonly labels: Int32Array
  readonly rooms: readonly Region[]
  readonly doorways: readonly RegionDoorway[]
}

/** Smaller than this, m², or narrower, metres, is a niche of its neighbour: the smallest toilets have about 1.2 m². */
const MIN_ROOM_M2 = 1.2
const MIN_ROOM_WIDTH_M = 0.6
/** Without any way in, what is smaller than this, m², is the inside of a cabinet or a shaft. */
const MIN_SHUT_ROOM_M2 = 4
/** Of a room's outline this much at least is wall, and this much at most the edge of the map. */
const MIN_WALL_FRACTION = 0.45
const MAX_EDGE_FRACTION = 0.2
/** With less wall than this around it, a space is only what the lidar's rays reached. */
const MAX_RAY_WALL_FRACTION = 0.2

/** Finds the rooms of a map: spaces enclosed by walls, parted at doorways. */
export function segmentRooms(map: CellMap): Segmentation {
  const structure = structureOf(map)
  const clearance = distanceToSet(map, (index) => structure[index] === 1)
  const basin = joinThroughPassages(map, structure, clearance, basinsOf(map, clearance))
  const doorways = findDoorways(map, structure, clearance, basin)
  const { labels } = partAtDoorways(map, structure, basin, doorways)
  const sides = doorways.map((doorway) => ({
    ...doorway,
    regions: sidesOf(map, labels, doorway),
    widthM: doorwayWidthM(map, doorway),
  }))
  mergeNiches(map, labels, clearance, sides)
  const regions = measureRegions(map, labels, clearance)
  const current = sides.map((doorway) => ({ ...doorway, regions: sidesOf(map, labels, doorway) }))
  const reached = new Set(current.flatMap((doorway) => (isWayIn(doorway) ? doorway.regions : [])))
  const rooms = regions.filter((region) => isRoom(map, region, reached.has(region.label)))
  const isKept = new Set(rooms.map(({ label }) => label))
  const roomDoorways = doorwaysOfRooms(map, current, regions, isKept)
  for (let index = 0; index < labels.length; index += 1) {
    if (!isKept.has(labels[index]!)) labels[index] = 0
  }
  absorbBlocks(map, labels)
  return { structure, labels, rooms, doorways: roomDoorways }
}

/** Joins basins that meet at a narrow place which is no doorway; gives each basin its new number. */
function joinThroughPassages(
  map: CellMap,
  structure: Uint8Array,
  clearance: Float32Array,
  basin: Int32Array,
): Int32Array {
  const spaces = new Map(measureRegions(map, basin, clearance).map((space) => [space.label, space]))
  const joins = findDoorways(map, structure, clearance, basin).filter((doorway) => {
    const one = spaces.get(doorway.basins[0])!
    const other = spaces.get(doorway.basins[1])!
    // What the lidar saw through a window is no part of the room that it stood in.
    if (isRayThroughWindow(one) || isRayThroughWindow(other)) return false
    const spaceM = (2 * Math.min(one.peak, other.peak) - 1) * map.sizeM
    return !isDoorwayInWall(map, structure, doorway, spaceM)
  })
  const merged = new UnionOfLabels()
  for (const { basins } of joins) merged.join(basins[0], basins[1])
  return basin.map((label) => merged.find(label))
}

class UnionOfLabels {
  private readonly parents = new Map<number, number>()

  find(label: number): number {
    let root = label
    for (let next = this.parents.get(root); next !== undefined; next = this.parents.get(root)) root = next
    return root
  }

  /** Joins two labels under the one of the first. */
  join(one: number, other: number): void {
    const kept = this.find(one)
    const lost = this.find(other)
    if (kept !== lost) this.parents.set(lost, kept)
  }
}

/** The regions on the two sides of a doorway: the commonest on each side of its line. */
function sidesOf(map: CellMap, labels: Int32Array, { a, b, seam }: Doorway): [number, number] {
  const counts: [Map<number, number>, Map<number, number>] = [new Map(), new Map()]
  const length = Math.hypot(b.x - a.x, b.y - a.y) || 1
  const normal = { x: -(b.y - a.y) / length, y: (b.x - a.x) / length }
  const steps = Math.ceil(length)
  for (let step = 1; step < steps; step += 1) {
    for (const off of [2, 3, 4]) {
      for (const side of [0, 1] as const) {
        const sign = side === 0 ? 1 : -1
        const column = Math.round(a.x + ((b.x - a.x) * step) / steps + sign * off * normal.x)
        const row = Math.round(a.y + ((b.y - a.y) * step) / steps + sign * off * normal.y)
        const label = labels[row * map.width + column] ?? 0
        if (label > 0) counts[side].set(label, (counts[side].get(label) ?? 0) + 1)
      }
    }
  }
  const commonest = (side: Map<number, number>, not: number) =>
    [...side].filter(([label]) => label !== not).toSorted((p, q) => q[1] - p[1] || p[0] - q[0])[0]?.[0] ?? 0
  const one = commonest(counts[0], 0)
  const other = commonest(counts[1], one)
  if (one !== 0 && other !== 0) return [one, other]
  const around = [...new Set(seam.map((cell) => labels[cell]!))].filter((label) => label > 0)
  return [around[0] ?? one, around[1] ?? other]
}

/** Gives regions that are too small to be rooms to the neighbour at their widest opening. */
function mergeNiches(
  map: CellMap,
  labels: Int32Array,
  clearance: Float32Array,
  doorways: readonly RegionDoorway[],
): void {
  const merged = new UnionOfLabels()
  const regions = new Map(measureRegions(map, labels, clearance).map((region) => [region.label, region]))
  const size = new Map([...regions.values()].map(({ label, cells }) => [label, cells]))
  const peak = new Map([...regions.values()].map((region) => [region.label, region.peak]))
  const isNiche = (label: number) =>
    size.get(label)! * map.sizeM ** 2 < MIN_ROOM_M2 ||
    (2 * peak.get(label)! - 1) * map.sizeM < MIN_ROOM_WIDTH_M
  const bySize = [...regions.values()].toSorted(
    (one, other) => one.cells - other.cells || one.label - other.label,
  )
  for (const { label } of bySize) {
    const niche = merged.find(label)
    if (!isNiche(niche)) continue
    // What is open to the unseen is no niche but the light of the lidar through a window.
    const region = regions.get(label)!
    if (region.unseen + region.edge > region.wall) continue
    let widest: { readonly other: number; readonly widthM: number } | null = null
    for (const {
      regions: [one, two],
      widthM,
    } of doorways) {
      const [from, to] = [merged.find(one), merged.find(two)]
      if (one === 0 || two === 0 || from === to || (from !== niche && to !== niche)) continue
      if (widest === null || widthM > widest.widthM) widest = { other: from === niche ? to : from, widthM }
    }
    if (widest === null) continue
    merged.join(widest.other, niche)
    size.set(widest.other, size.get(widest.other)! + size.get(niche)!)
    peak.set(widest.other, Math.max(peak.get(widest.other)!, peak.get(niche)!))
  }
  for (let index = 0; index < labels.length; index += 1) {
    if (labels[index]! > 0) labels[index] = merged.find(labels[index]!)
  }
}

function measureRegions(map: CellMap, labels: Int32Array, clearance: Float32Array): Region[] {
  const regions = new Map<number, { -readonly [Key in keyof Region]: Region[Key] }>()
  for (let index = 0; index < labels.length; index += 1) {
    const label = labels[index]!
    if (label === 0) continue
    let region = regions.get(label)
    if (!region) {
      region = { label, cells: 0, peak: 0, peakIndex: index, wall: 0, unseen: 0, edge: 0 }
      regions.set(label, region)
    }
    region.cells += 1
    if (clearance[index]! > region.peak) {
      region.peak = clearance[index]!
      region.peakIndex = index
    }
    for (const step of [-map.width, -1, 1, map.width]) {
      if (labels[index + step] !== 0) continue
      region[boundaryKind(map, index + step, step)] += 1
    }
  }
  return [...regions.values()]
}

/** What bounds a region at `index`, seen in the direction of `step`: a wall may lie just behind. */
function boundaryKind(map: CellMap, index: number, step: number): 'wall' | 'unseen' | 'edge' {
  let kind: 'unseen' | 'edge' = 'unseen'
  for (let deep = 0; deep < 3; deep += 1) {
    const at = index + deep * step
    for (const cell of [at, at - map.width, at + map.width, at - 1, at + 1]) {
      if (map.cells[cell] === CELL_OCCUPIED) return 'wall'
    }
    if (map.cells[at] === CELL_EDGE) {
      kind = 'edge'
      break
    }
  }
  return kind
}

function isRoom(map: CellMap, region: Region, isReached: boolean): boolean {
  return (
    region.cells * map.sizeM ** 2 >= (isReached ? MIN_ROOM_M2 : MIN_SHUT_ROOM_M2) &&
    (2 * region.peak - 1) * map.sizeM >= MIN_ROOM_WIDTH_M &&
    isEnclosed(region)
  )
}

function isRayThroughWindow({ wall, unseen, edge }: Region): boolean {
  return wall < MAX_RAY_WALL_FRACTION * (wall + unseen + edge)
}

function isEnclosed({ wall, unseen, edge }: Region): boolean {
  const outline = wall + unseen + edge
  return wall >= MIN_WALL_FRACTION * outline && edge <= MAX_EDGE_FRACTION * outline
}

function isWayIn({ regions: [one, other], widthM }: RegionDoorway): boolean {
  return one !== 0 && other !== 0 && one !== other && widthM >= MIN_PASSAGE_M
}

/** A block that stands in one room and is no larger than this, m², is its furniture: a reception desk. */
const MAX_BLOCK_M2 = 8

/** Gives each room the blocks that stand free in it. */
function absorbBlocks(map: CellMap, labels: Int32Array): void {
  const { labels: blocks, count } = componentsOf(map, (index) => labels[index] === 0, 8)
  const sizes = new Uint32Array(count + 1)
  /** The one room around each block; -1 where there are several, or the map's edge. */
  const around = new Int32Array(count + 1)
  for (let index = 0; index < labels.length; index += 1) {
    const block = blocks[index]!
    if (block === 0) continue
    sizes[block]! += 1
    if (map.cells[index] === CELL_EDGE) {
      around[block] = -1
      continue
    }
    for (const step of [-map.width, -1, 1, map.width]) {
      const label = labels[index + step]!
      if (label !== 0 && around[block] !== label) around[block] = around[block] === 0 ? label : -1
    }
  }
  const limit = MAX_BLOCK_M2 / map.sizeM ** 2
  for (let index = 0; index < labels.length; index += 1) {
    const block = blocks[index]!
    if (around[block]! > 0 && sizes[block]! <= limit) labels[index] = around[block]!
  }
}

/** The doorways of rooms: to another room, or to the open if there is more there than a ray of the lidar. */
function doorwaysOfRooms(
  map: CellMap,
  doorways: readonly RegionDoorway[],
  regions: readonly Region[],
  isKept: ReadonlySet<number>,
): RegionDoorway[] {
  const byLabel = new Map(regions.map((region) => [region.label, region]))
  return doorways.flatMap((doorway) => {
    const [one, other] = doorway.regions
    if (one === 0 || other === 0 || one === other || (!isKept.has(one) && !isKept.has(other))) return []
    const isSpace = (label: number) =>
      isKept.has(label) || byLabel.get(label)!.cells * map.sizeM ** 2 >= MIN_ROOM_M2
    if (!isSpace(one) || !isSpace(other)) return []
    // A chink between two rooms lets light through and counts; one to nowhere is the outline of furniture.
    if ((!isKept.has(one) || !isKept.has(other)) && doorway.widthM < MIN_PASSAGE_M) return []
    return [{ ...doorway, regions: [isKept.has(one) ? one : 0, isKept.has(other) ? other : 0] as const }]
  })
}
