import {
  signedArea,
  transformPoint,
  type OccupancyGrid,
  type Point2,
  type Polygon,
} from '../../geometry/index.ts'
import type { Door, Furniture, Level, NavigationEdge, NavigationNode, Room, Wall } from '../types.ts'
import {
  CELL_FREE,
  CELL_OCCUPIED,
  distanceToSet,
  neighbourSteps,
  toMetres,
  type CellMap,
} from './cell-map.ts'
import { lineCells, type CellPoint } from './doorways.ts'
import { MIN_PASSAGE_M } from './doorway-shape.ts'
import { narrowestRectangle } from './narrowest-rectangle.ts'
import { furnitureHulls } from './furniture.ts'
import { waysFrom } from './navigation.ts'
import { simplifyRing, traceOutlines, type Box } from './outline.ts'
import type { Region, RegionDoorway, Segmentation } from './regions.ts'
import { roomRing } from './room-polygon.ts'

/** A grid map shows no heights: a usual ceiling, and furniture as high as a bed with its rails up. Metres. */
const ROOM_HEIGHT_M = 2.7
const FURNITURE_HEIGHT_M = 1.2
/** Rooms whose centres are within this of one another, metres, stand in one row of the reading order. */
const ROW_M = 2
/** A corridor is at most this wide and at least this long, metres, and so many times as long as wide. */
const MAX_CORRIDOR_WIDTH_M = 3.6
const MIN_CORRIDOR_LENGTH_M = 5
const MIN_CORRIDOR_RATIO = 3
/** How far a drawn wall may stray, cells. */
const WALL_TOLERANCE_CELLS = 1.5
/** With this many doorways a space is one that others are reached through. */
const MIN_HUB_DOORWAYS = 5

/** Makes the level of a segmented map. Everything is found in the grid's own frame, and only then turned into the map's. */
export function buildLevel(grid: OccupancyGrid, map: CellMap, segmentation: Segmentation): BuiltLevel {
  const builder = new LevelBuilder(grid, map, segmentation)
  return { level: builder.build(), openAtEdge: builder.openAtEdge() }
}

export interface BuiltLevel {
  readonly level: Level
  /** Ids of the rooms that go on where the map ends. */
  readonly openAtEdge: readonly string[]
}

/** What touches the map's edge for less than this, metres, is a crack. */
const MIN_OPEN_EDGE_M = 0.3

interface PlacedDoor {
  readonly door: Door
  readonly doorway: RegionDoorway
  /** Its ends in cells. */
  readonly a: CellPoint
  readonly b: CellPoint
}

interface NumberedRoom {
  readonly region: Region
  readonly id: string
  readonly number: number
}

class LevelBuilder {
  private readonly grid: OccupancyGrid
  private readonly map: CellMap
  private readonly segmentation: Segmentation
  private readonly rooms: readonly NumberedRoom[]
  private readonly boxes: ReadonlyMap<number, Box>
  private readonly idOfLabel: ReadonlyMap<number, string>

  constructor(grid: OccupancyGrid, map: CellMap, segmentation: Segmentation) {
    this.grid = grid
    this.map = map
    this.segmentation = segmentation
    this.rooms = numberRooms(map, segmentation)
    this.boxes = boxesOf(map, segmentation.labels)
    this.idOfLabel = new Map(this.rooms.map(({ region, id }) => [region.label, id]))
  }

  build(): Level {
    const placed = this.doors()
    const doors = placed.map(({ door }) => door)
    const furnitureCells = this.furnitureCells()
    const rooms = this.rooms.map((room) =>
      this.room(room, doors, furnitureCells.get(room.region.label) ?? []),
    )
    return {
      id: 'L1',
      name: 'Level 1',
      elevationM: 0,
      walls: this.walls(new Set([...furnitureCells.values()].flat())),
      rooms,
      doors,
      zones: [],
      docks: [],
      graph: this.graph(placed, this.clearance()),
      occupancy: this.grid,
    }
  }

  openAtEdge(): string[] {
    return this.rooms.flatMap(({ region, id }) =>
      region.edge * this.map.sizeM >= MIN_OPEN_EDGE_M ? [id] : [],
    )
  }

  private point({ x, y }: CellPoint): Point2 {
    return transformPoint(this.grid.origin, toMetres(this.map, x, y))
  }

  private polygon(ring: readonly CellPoint[]): Polygon {
    return ring.map((corner) => this.point(corner))
  }

  private doors(): PlacedDoor[] {
    const { sizeM } = this.map
    const ordered = this.segmentation.doorways
      .map((doorway) => ({ doorway, ...facesOf(doorway) }))
      .toSorted(
        (one, other) =>
          readingOrder(sizeM, middle(one), middle(other)) || one.a.x - other.a.x || one.a.y - other.a.y,
      )
    return ordered.map(({ doorway, a, b }, index) => {
      const number = index + 1
      const door: Door = {
        id: `D${String(number).padStart(2, '0')}`,
        name: `Doorway ${number}`,
        kind: 'opening',
        a: this.point(a),
        b: this.point(b),
        roomIds: doorway.regions.flatMap((label) => this.idOfLabel.get(label) ?? []),
        automatic: false,
      }
      return { door, doorway, a, b }
    })
  }

  private room(
    { region, id, number }: NumberedRoom,
    doors: readonly Door[],
    furnitureCells: readonly number[],
  ): Room {
    const polygon = this.polygon(this.ringOf(region))
    const areaM2 = signedArea(polygon)
    const doorIds = doors.filter(({ roomIds }) => roomIds.includes(id)).map((door) => door.id)
    return {
      id,
      name: `Room ${number}`,
      aliases: [],
      kind: isCorridor(polygon, doorIds.length) ? 'corridor' : 'other',
      ward: null,
      polygon,
      heightM: ROOM_HEIGHT_M,
      areaM2,
      volumeM3: areaM2 * ROOM_HEIGHT_M,
      airChangesPerHour: null,
      furniture: furnitureHulls(this.map, furnitureCells).map((hull, index): Furniture => ({
        id: `${id}-F${index + 1}`,
        name: `Obstacle ${index + 1}`,
        kind: 'other',
        footprint: this.polygon(hull),
        zMinM: 0,
        zMaxM: FURNITURE_HEIGHT_M,
      })),
      doorIds,
    }
  }

  private ringOf({ label }: Region): readonly CellPoint[] {
    const { labels } = this.segmentation
    return roomRing(traceOutlines(this.map.width, this.boxes.get(label)!, (index) => labels[index] === label))
  }

  /** Cells in rooms that are not free, by region: loose furniture, whole blocks that no other room touches. */
  private furnitureCells(): Map<number, number[]> {
    const cells = new Map<number, number[]>()
    this.segmentation.labels.forEach((label, index) => {
      if (label === 0 || this.map.cells[index] === CELL_FREE) return
      const found = cells.get(label)
      if (found) found.push(index)
      else cells.set(label, [index])
    })
    return cells
  }

  /** Cells to the nearest obstacle, furniture included. */
  private clearance(): Float32Array {
    const { structure } = this.segmentation
    return distanceToSet(this.map, (index) => structure[index] === 1 || this.map.cells[index] !== CELL_FREE)
  }

  private walls(furniture: ReadonlySet<number>): Wall[] {
    const { width, height, cells } = this.map
    const box = { minX: 0, minY: 0, maxX: width - 1, maxY: height - 1 }
    const { structure, labels } = this.segmentation
    const steps = neighbourSteps(width, 8)
    // With the chinks of noise closed, a wall is one outline and not a row of dashes.
    const isWall = (index: number) =>
      !furniture.has(index) &&
      (cells[index] === CELL_OCCUPIED ||
        (structure[index] === 1 &&
          labels[index] === 0 &&
          steps.some(({ step }) => cells[index + step] === CELL_OCCUPIED)))
    return traceOutlines(width, box, isWall).flatMap((ring) => {
      const simplified = simplifyRing(ring, WALL_TOLERANCE_CELLS)
      if (simplified.length < 2) return []
      return simplified.map((a, index): Wall => ({
        a: this.point(a),
        b: this.point(simplified[(index + 1) % simplified.length]!),
        material: 'solid',
      }))
    })
  }

  private graph(doors: readonly PlacedDoor[], clearance: Float32Array): Level['graph'] {
    const { labels } = this.segmentation
    const { cells } = this.map
    const nodes: NavigationNode[] = []
    const edges: NavigationEdge[] = []
    const addNode = (id: string, name: string | null, point: Point2) => {
      nodes.push({ id, name, x: point.x, y: point.y })
      return id
    }
    const addEdge = (fromNodeId: string, toNodeId: string) =>
      edges.push({
        id: `${fromNodeId}--${toNodeId}`,
        fromNodeId,
        toNodeId,
        bidirectional: true,
        speedLimitMps: null,
      })

    const passable = doors.filter(({ doorway }) => doorway.widthM >= MIN_PASSAGE_M)
    for (const { door, a, b } of passable)
      addNode(`${door.id}-N`, door.name, this.cellCentre(this.thresholdCell({ a, b })))
    for (const { region, id, number } of this.rooms) {
      const place = this.freestPlace(clearance, region)
      const roomNode = addNode(`${id}-N`, `Room ${number}`, this.cellCentre(place))
      const ours = passable.filter(({ doorway }) => doorway.regions.includes(region.label))
      const line = new Set(ours.flatMap(({ doorway }) => lineCells(this.map, doorway.a, doorway.b)))
      const isOpen = (index: number) =>
        cells[index] === CELL_FREE && (labels[index] === region.label || line.has(index))
      const ways = waysFrom(
        this.map,
        isOpen,
        clearance,
        place,
        ours.map((placed) => this.thresholdCell(placed)),
      )
      ways.forEach((way, index) => {
        if (!way) return
        const doorId = ours[index]!.door.id
        let from = roomNode
        way.slice(1, -1).forEach((cell, corner) => {
          const node = addNode(`${id}-${doorId}-${corner + 1}`, null, this.cellCentre(cell))
          addEdge(from, node)
          from = node
        })
        addEdge(from, `${doorId}-N`)
      })
    }
    return { nodes, edges }
  }

  /** The free cell of a doorway that is nearest to its middle. */
  private thresholdCell({ a, b }: Pick<PlacedDoor, 'a' | 'b'>): number {
    const { width, cells } = this.map
    const centre = middle({ a, b })
    const steps = Math.ceil(4 * Math.hypot(b.x - a.x, b.y - a.y))
    const line = Array.from({ length: steps + 1 }, (_, step) => {
      const x = a.x + ((b.x - a.x) * step) / steps
      const y = a.y + ((b.y - a.y) * step) / steps
      return { index: Math.floor(y) * width + Math.floor(x), off: Math.hypot(x - centre.x, y - centre.y) }
    })
    const free = line.filter(({ index }) => cells[index] === CELL_FREE)
    return free.toSorted((one, other) => one.off - other.off)[0]?.index ?? line[Math.floor(steps / 2)]!.index
  }

  /** The cell of a region that is farthest from everything. */
  private freestPlace(clearance: Float32Array, { label, peakIndex }: Region): number {
    const { minX, minY, maxX, maxY } = this.boxes.get(label)!
    let best = peakIndex
    for (let row = minY; row <= maxY; row += 1) {
      for (let index = row * this.map.width + minX; index <= row * this.map.width + maxX; index += 1) {
        if (this.segmentation.labels[index] === label && clearance[index]! > clearance[best]!) best = index
      }
    }
    return best
  }

  private cellCentre(index: number): Point2 {
    return this.point({ x: (index % this.map.width) + 0.5, y: Math.floor(index / this.map.width) + 0.5 })
  }
}

/** The ends of a doorway on the faces of its jambs, as corners in cells. */
function facesOf({ a, b }: RegionDoorway): { readonly a: CellPoint; readonly b: CellPoint } {
  const length = Math.hypot(b.x - a.x, b.y - a.y) || 1
  const dx = (b.x - a.x) / length / 2
  const dy = (b.y - a.y) / length / 2
  return { a: { x: a.x + 0.5 + dx, y: a.y + 0.5 + dy }, b: { x: b.x + 0.5 - dx, y: b.y + 0.5 - dy } }
}

function middle({ a, b }: { readonly a: CellPoint; readonly b: CellPoint }): CellPoint {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }
}

/** From the top left, row by row. */
function readingOrder(sizeM: number, one: CellPoint, other: CellPoint): number {
  return Math.floor((other.y * sizeM) / ROW_M) - Math.floor((one.y * sizeM) / ROW_M) || one.x - other.x
}

function numberRooms(map: CellMap, { labels, rooms }: Segmentation): NumberedRoom[] {
  const sums = new Map(rooms.map(({ label }) => [label, { x: 0, y: 0 }]))
  labels.forEach((label, index) => {
    const sum = sums.get(label)
    if (!sum) return
    sum.x += index % map.width
    sum.y += Math.floor(index / map.width)
  })
  const centre = ({ label, cells }: Region) => ({
    x: sums.get(label)!.x / cells,
    y: sums.get(label)!.y / cells,
  })
  return rooms
    .toSorted((one, other) => readingOrder(map.sizeM, centre(one), centre(other)) || one.label - other.label)
    .map((region, index) => ({ region, number: index + 1, id: `R${String(index + 1).padStart(2, '0')}` }))
}

/** Long and narrow, or what the rooms around are reached through. */
function isCorridor(polygon: Polygon, doorways: number): boolean {
  if (doorways >= MIN_HUB_DOORWAYS) return true
  const { length, width } = narrowestRectangle(polygon)
  return (
    width <= MAX_CORRIDOR_WIDTH_M && length >= MIN_CORRIDOR_RATIO * width && length >= MIN_CORRIDOR_LENGTH_M
  )
}

function boxesOf(map: CellMap, labels: Int32Array): Map<number, Box> {
  const boxes = new Map<number, { -readonly [Key in keyof Box]: Box[Key] }>()
  labels.forEach((label, index) => {
    if (label === 0) return
    const x = index % map.width
    const y = Math.floor(index / map.width)
    const box = boxes.get(label)
    if (!box) {
      boxes.set(label, { minX: x, minY: y, maxX: x, maxY: y })
      return
    }
    box.minX = Math.min(box.minX, x)
    box.maxX = Math.max(box.maxX, x)
    box.minY = Math.min(box.minY, y)
    box.maxY = Math.max(box.maxY, y)
  })
  return boxes
}
