import type { Point2, Point3, Polygon } from '../geometry/types.ts'

export type * from './organism.ts'

/** A vertical tube, in the robot's `base_link` frame. */
export interface LampTube extends Point2 {
  readonly zBottomM: number
  readonly zTopM: number
  /** Radiant UV-C power at 254 nm of the new tube, watts. */
  readonly radiantPowerW: number
}

export interface LampModel {
  readonly name: string
  readonly tubes: readonly LampTube[]
  /** Output against new, 0 to 1 (ageing). */
  readonly outputFraction: number
}

/** An upright opaque prism in a room. */
export interface Obstacle {
  readonly id: string
  readonly name: string
  /** Convex, counter-clockwise, map frame. */
  readonly footprint: Polygon
  readonly zMinM: number
  readonly zMaxM: number
}

/** A room as light sees it: an upright shell and what stands in it. Map frame, metres. */
export interface RoomModel {
  readonly roomId: string
  readonly levelId: string
  readonly polygon: Polygon
  readonly heightM: number
  readonly obstacles: readonly Obstacle[]
  /** The doors that must be shut and guarded while a lamp is lit. */
  readonly doors: readonly {
    readonly id: string
    readonly name: string
    readonly a: Point2
    readonly b: Point2
    /** `false` for a doorway without a door: there is nothing in it to disinfect. By default there is a leaf. */
    readonly hasLeaf?: boolean
  }[]
}

/** A flat piece of a wall or of a piece of furniture that is to get its dose. */
export interface Surface {
  /** Unique in the room and stable: `wall-2.3.1`, `bed-4.top.0.1`. */
  readonly id: string
  /** What it belongs to: `wall-2`, or the furniture's id and face. */
  readonly faceId: string
  /** For people: "north wall", "bed, top". */
  readonly label: string
  readonly centre: Point3
  /** Unit, outward: the side that is to be disinfected. */
  readonly normal: Point3
  readonly areaM2: number
  /** Edge lengths along the face's own two directions (horizontal or x first), metres. */
  readonly sizeM: readonly [number, number]
}

export interface TreatmentStop {
  /** Map frame; the lamp's mast stands here. */
  readonly x: number
  readonly y: number
  readonly theta: number
  readonly dwellS: number
}

export interface MissedSurface {
  readonly id: string
  readonly label: string
  readonly reason: 'shadowed' | 'facesAway' | 'tooFar' | 'interrupted' | 'underDosed' | 'robotCannotReach'
  /** For people: "in the shadow of the overbed table". */
  readonly explanation: string
  /** What would help: "move the overbed table"; `null` when nothing does. */
  readonly remedy: string | null
}

export interface TreatmentPlan {
  readonly room: RoomModel
  readonly surfaceSizeM: number
  readonly organismId: string
  readonly targetLog: number
  readonly targetMjPerCm2: number
  /** In driving order. */
  readonly stops: readonly TreatmentStop[]
  /** Predicted dose on each surface of `surfacesOf(room, surfaceSizeM)`, in that order, from the stops alone. */
  readonly predictedMjPerCm2: readonly number[]
  /** Surfaces that the plan does not promise. Every other one is predicted to get the target. */
  readonly unreachable: readonly MissedSurface[]
  readonly dwellS: number
  readonly travelS: number
  /** Lamp time and travel inside the room. */
  readonly plannedS: number
  /** For people: where the plan goes beyond a limit, such as the lamp's time cap or the organism's evidence. */
  readonly notes: readonly string[]
}
