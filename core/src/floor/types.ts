import type { OccupancyGrid, Point2, Point3, Polygon, Pose2, Segment2 } from '../geometry/types.ts'

/** A hospital's floor plan. Coordinates are metres in each level's own map frame (REP 105 `map`). */
export interface FloorPlan {
  /** Stable identifier: letters, digits, `-`, `_`, `.`. */
  readonly id: string
  readonly name: string
  readonly source: 'wardlight' | 'open-rmf' | 'map_server'
  readonly levels: readonly Level[]
  readonly lifts: readonly Lift[]
}

export interface Level {
  /** Unique in the plan; it is also the VDA 5050 `mapId`. */
  readonly id: string
  readonly name: string
  /** Height of this level's floor above the building's reference, metres. */
  readonly elevationM: number
  readonly walls: readonly Wall[]
  readonly rooms: readonly Room[]
  readonly doors: readonly Door[]
  readonly zones: readonly Zone[]
  readonly docks: readonly Dock[]
  readonly graph: NavigationGraph
  /** The map as it was read from map_server; `null` for plans drawn as lines. */
  readonly occupancy: OccupancyGrid | null
}

export interface Wall extends Segment2 {
  /** Glass stops UV-C at 254 nm as a wall does, but a lidar looks through it. */
  readonly material: 'solid' | 'glass'
}

export type RoomKind =
  | 'patientRoom'
  | 'isolationRoom'
  | 'anteroom'
  | 'bathroom'
  | 'operatingTheatre'
  | 'corridor'
  | 'staffStation'
  | 'store'
  | 'utility'
  | 'lobby'
  | 'other'

export interface Room {
  /** Unique in the plan, and stable from one reading of the same file to the next. */
  readonly id: string
  readonly name: string
  /** Other names that it answers to: its doors', its waypoints'. */
  readonly aliases: readonly string[]
  readonly kind: RoomKind
  readonly ward: string | null
  /** Counter-clockwise, simple; the inner faces of the walls. */
  readonly polygon: Polygon
  readonly heightM: number
  readonly areaM2: number
  readonly volumeM3: number
  /** `null` when the plan does not say. */
  readonly airChangesPerHour: number | null
  readonly furniture: readonly Furniture[]
  readonly doorIds: readonly string[]
  /** What the plan itself names as touched most, beside what follows from the furniture. */
  readonly touchPoints?: readonly TouchPoint[]
}

/** A small flat thing that hands touch often: a light switch, a call button, a piece of a rail. */
export interface TouchPoint {
  /** Unique in the plan. */
  readonly id: string
  readonly name: string
  readonly centre: Point3
  /** Unit, outward. */
  readonly normal: Point3
  /** Along the horizontal (x for one that lies flat) and across, metres. */
  readonly sizeM: readonly [number, number]
}

export type FurnitureKind =
  | 'bed'
  | 'bedsideTable'
  | 'overbedTable'
  | 'table'
  | 'chair'
  | 'cabinet'
  | 'sink'
  | 'toilet'
  | 'curtain'
  | 'equipment'
  | 'other'

/** An upright prism: its footprint from `zMinM` to `zMaxM` above the floor. */
export interface Furniture {
  /** Unique in the plan. */
  readonly id: string
  readonly name: string
  readonly kind: FurnitureKind
  /** Convex, counter-clockwise. */
  readonly footprint: Polygon
  readonly zMinM: number
  readonly zMaxM: number
}

export interface Door extends Segment2 {
  /** Unique in the plan. */
  readonly id: string
  readonly name: string
  /** `opening` is a doorway in which the source shows no leaf (segmented maps): someone must close it off and guard it. */
  readonly kind: 'hinged' | 'doubleHinged' | 'sliding' | 'doubleSliding' | 'opening'
  /** The rooms on its two sides; fewer at the building's edge. */
  readonly roomIds: readonly string[]
  /** Whether it opens by itself for a robot. */
  readonly automatic: boolean
}

export interface Lift {
  readonly id: string
  readonly name: string
  readonly cabin: Polygon
  readonly levelIds: readonly string[]
  /** Doors by level: ids of `Door`s of that level. */
  readonly doorIds: Readonly<Record<string, readonly string[]>>
}

export interface Zone {
  readonly id: string
  readonly name: string
  /** `release`: one robot at a time, when the fleet lets it in. `announce`: robots show words while they are in it. */
  readonly kind:
    | 'clean'
    | 'dirty'
    | 'isolation'
    | 'decontamination'
    | 'keepOut'
    | 'speedLimit'
    | 'release'
    | 'announce'
  /** Of an `isolation` zone: what its rooms are isolated for; left out or empty: nobody has named it. */
  readonly organismIds?: readonly string[]
  readonly polygon: Polygon
  /** For `speedLimit`, metres per second; else `null`. */
  readonly speedLimitMps: number | null
  /** Of an `announce` zone, and of no other: the words. */
  readonly text?: string
}

/** Where a robot charges and waits. */
export interface Dock {
  readonly id: string
  readonly name: string
  readonly pose: Pose2
}

export interface NavigationGraph {
  readonly nodes: readonly NavigationNode[]
  readonly edges: readonly NavigationEdge[]
}

export interface NavigationNode extends Point2 {
  /** Unique in the plan. */
  readonly id: string
  readonly name: string | null
}

export interface NavigationEdge {
  readonly id: string
  readonly fromNodeId: string
  readonly toNodeId: string
  readonly bidirectional: boolean
  readonly speedLimitMps: number | null
}

/** Something that the reader found wrong but could live with. */
export interface PlanProblem {
  readonly severity: 'warning' | 'error'
  readonly where: string
  readonly what: string
  readonly remedy: string
}

export interface PlanReading {
  readonly plan: FloorPlan
  readonly problems: readonly PlanProblem[]
}

/** How a reader gets at the files; the file system is the caller's. Paths are as given or relative to the first one. */
export interface PlanFiles {
  /** @throws an error with `code: 'ENOENT'` when there is none. */
  readText(path: string): string
  readBytes(path: string): Uint8Array
  /** `name` beside the file at `path`. An absolute `name` stays as it is. */
  resolve(path: string, name: string): string
}
