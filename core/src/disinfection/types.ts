import type { TouchPoint } from '../floor/types.ts'
import type { Point2, Point3, Polygon } from '../geometry/types.ts'

export type * from './organism.ts'

/** A vertical tube, in the robot's `base_link` frame. */
export interface LampTube extends Point2 {
  readonly zBottomM: number
  readonly zTopM: number
  /** Radiant UV-C power at 254 nm of the new tube, watts. */
  readonly radiantPowerW: number
  /** Output of this tube against new, 0 to 1; left out: 1. It multiplies with the lamp's. */
  readonly outputFraction?: number
}

/** A measured lamp against its model, at one horizontal distance from the robot's origin. */
export interface DistanceCorrection {
  readonly distanceM: number
  readonly factor: number
}

export interface LampModel {
  readonly name: string
  readonly tubes: readonly LampTube[]
  /** Output against new, 0 to 1 (ageing). */
  readonly outputFraction: number
  /** From a measured curve (`withMeasuredCurve`), by growing distance; left out: the model as it is. */
  readonly distanceCorrections?: readonly DistanceCorrection[]
}

/** An upright opaque prism in a room. */
export interface Obstacle {
  readonly id: string
  readonly name: string
  /** Convex, counter-clockwise, map frame. */
  readonly footprint: Polygon
  readonly zMinM: number
  readonly zMaxM: number
  /** What it is, a `FurnitureKind`; left out where nobody knows, as for what a lidar found. */
  readonly kind?: string
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
  /** Small things that hands touch most and that cast no shadow worth counting: rails, call buttons, taps. */
  readonly touchPoints?: readonly TouchPoint[]
  /** Whether the floor is to get its dose too; by default it is not. */
  readonly isFloorTreated?: boolean
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
  /** One of those that hands touch most, see `high-touch.ts`. */
  readonly isHighTouch: boolean
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

export type MissedReason =
  | 'shadowed'
  | 'facesAway'
  | 'tooFar'
  | 'robotCannotReach'
  /** Drawn outside of the room's walls: the floor plan is wrong there. */
  | 'outsideRoom'
  /** Left out so that the plan keeps within its time budget. */
  | 'noTime'
  | 'interrupted'
  | 'underDosed'

export interface MissedSurface {
  readonly id: string
  readonly label: string
  readonly reason: MissedReason
  /** For people: "in the shadow of the overbed table". */
  readonly explanation: string
  /** What would help: "move the overbed table"; `null` when nothing does. */
  readonly remedy: string | null
}

/** What a plan is asked for beside its target. Everything left out has the value named first. */
export interface PlanOptions {
  /**
   * `leastTime`: light and ways together as short as possible. `fewestStops`: as few stops as suffice, each no
   * longer than a surface may take, for robots or rooms where every move costs.
   */
  readonly goal?: 'leastTime' | 'fewestStops'
  /** Whether what hands touch most gets its dose before anything else: a run that is broken off has done that. */
  readonly highTouchFirst?: boolean
  /** Seconds of light and ways; the plan promises as much as it can within them. Left out: no limit. */
  readonly timeBudgetS?: number
  /** Whether the lamp stays lit from stop to stop; by default it is dark, and ways give nothing. */
  readonly litOnWays?: boolean
  /**
   * Share of the light that every surface throws back, 0 to 0.9; by default 0. For predictions: nobody knows a room's
   * paints so well that a proof could rest on them, and robots refuse such plans.
   */
  readonly reflectance?: number
}

export interface TreatmentPlan {
  readonly room: RoomModel
  readonly surfaceSizeM: number
  readonly organismId: string
  readonly targetLog: number
  readonly targetMjPerCm2: number
  /** In driving order. */
  readonly stops: readonly TreatmentStop[]
  /**
   * Predicted dose on each surface of `surfacesOf(room, surfaceSizeM)`, in that order, from the stops; from the
   * ways between them too where the lamp stays lit on them. What was delivered before the plan is not in it.
   */
  readonly predictedMjPerCm2: readonly number[]
  /** Surfaces that the plan does not promise. Every other one is predicted to get the target. */
  readonly unreachable: readonly MissedSurface[]
  readonly dwellS: number
  readonly travelS: number
  /** Lamp time and travel inside the room. */
  readonly plannedS: number
  /** For people: where the plan goes beyond a limit, such as the lamp's time cap or the organism's evidence. */
  readonly notes: readonly string[]
  readonly options?: PlanOptions
  /** Seconds from the first light to the dose of the last promised high-touch surface; left out where there is none. */
  readonly highTouchDoneS?: number
}
