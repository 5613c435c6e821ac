import { polygonEdges, type Segment2 } from '@wardlight/core/geometry'
import type { Furniture, Level } from '@wardlight/core/floor'
import type { DoorBank } from './doors.ts'
import { CAMERA_HEIGHT_M } from './camera.ts'
import type { Optics } from './lidar-optics.ts'
import { SegmentIndex, type BlockingSegment } from './segment-index.ts'

/** Height of a robot with its lamp mast, metres: what hangs higher does not touch it. */
export const ROBOT_HEIGHT_M = 1.6
/** Height of the lidar's plane above the floor, metres. */
export const LIDAR_HEIGHT_M = 0.25

/** One level as it truly is, which may differ from its plan: furniture gets moved, things are left standing. */
export class LevelScene {
  readonly level: Level
  readonly #doors: DoorBank
  #furniture: Furniture[]
  #version = 0
  #bodies: SegmentIndex | null = null
  #lidar: SegmentIndex | null = null
  #sight: SegmentIndex | null = null
  #view: SegmentIndex | null = null
  #optics: Optics

  constructor(level: Level, doors: DoorBank) {
    this.level = level
    this.#doors = doors
    this.#furniture = level.rooms.flatMap((room) => room.furniture)
    this.#optics = { panes: level.walls.filter(({ material }) => material === 'glass'), mirrors: [] }
  }

  /** What stands on this level now. */
  get furniture(): readonly Furniture[] {
    return this.#furniture
  }

  /** Changes whenever furniture does. */
  get version(): number {
    return this.#version
  }

  /** What stops a robot. */
  get bodies(): SegmentIndex {
    this.#bodies ??= this.#index(true, ({ zMinM, zMaxM }) => zMaxM > 0.02 && zMinM < ROBOT_HEIGHT_M)
    return this.#bodies
  }

  /** What the lidar's light does not end on. */
  get optics(): Optics {
    return this.#optics
  }

  /** Hangs a mirror, which no plan has. It is to hang on something that blocks. */
  addMirror(mirror: Segment2): void {
    this.#optics = { ...this.#optics, mirrors: [...this.#optics.mirrors, mirror] }
  }

  /** What the lidar sees at its height: no glass. */
  get lidar(): SegmentIndex {
    this.#lidar ??= this.#index(
      false,
      ({ zMinM, zMaxM }) => zMinM <= LIDAR_HEIGHT_M && zMaxM >= LIDAR_HEIGHT_M,
    )
    return this.#lidar
  }

  /**
   * What hides a standing person from the infrared sensors: walls (glass too: it is opaque at the
   * 8 to 14 µm that bodies radiate), shut doors, and what stands from the floor to over head height.
   */
  get sight(): SegmentIndex {
    this.#sight ??= this.#index(true, ({ zMinM, zMaxM }) => zMinM < 0.5 && zMaxM > 1.6)
    return this.#sight
  }

  /**
   * What hides a standing person from a camera: walls, shut doors, and what stands as high as it. Glass too, as closed
   * blinds do: who is behind glass is not in the light, and would keep the lamp dark.
   */
  get view(): SegmentIndex {
    this.#view ??= this.#index(
      true,
      ({ zMinM, zMaxM }) => zMinM <= CAMERA_HEIGHT_M && zMaxM >= CAMERA_HEIGHT_M,
    )
    return this.#view
  }

  addFurniture(furniture: Furniture): void {
    this.#change([...this.#furniture, furniture])
  }

  /** @returns false when nothing of that id stands here. */
  replaceFurniture(id: string, replacement: Furniture | null): boolean {
    if (!this.#furniture.some((item) => item.id === id)) return false
    this.#change(this.#furniture.flatMap((item) => (item.id === id ? (replacement ?? []) : item)))
    return true
  }

  #change(furniture: Furniture[]): void {
    this.#furniture = furniture
    this.#version += 1
    this.#bodies = null
    this.#lidar = null
    this.#sight = null
    this.#view = null
  }

  #index(includeGlass: boolean, blocks: (furniture: Furniture) => boolean): SegmentIndex {
    const segments: BlockingSegment[] = []
    // Where there is a scanned map its solid cells are the walls.
    for (const wall of this.level.occupancy === null ? this.level.walls : []) {
      if (wall.material === 'solid' || includeGlass) segments.push({ a: wall.a, b: wall.b, door: -1 })
    }
    for (const { a, b, id } of this.level.doors) segments.push({ a, b, door: this.#doors.indexOf(id) })
    for (const furniture of this.#furniture) {
      if (!blocks(furniture)) continue
      for (const { a, b } of polygonEdges(furniture.footprint)) segments.push({ a, b, door: -1 })
    }
    return new SegmentIndex(segments, this.#doors, this.level.occupancy)
  }
}
