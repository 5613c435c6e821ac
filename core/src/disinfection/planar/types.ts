import type { Point2, Polygon, Segment2 } from '../../geometry/types.ts'

/**
 * The planar benchmark of Correia Marques et al., ICRA 2021 (arXiv 2103.14137, 2-D experiments): rooms
 * seen from above, their obstacles upright panels of one height, the lamp a point.
 */
export interface PlanarProblem extends PlanarSettings {
  readonly rooms: readonly PlanarRoom[]
}

export interface PlanarSettings {
  readonly lamp: {
    /** Radiant power, watts, the same in every direction. */
    readonly powerW: number
    readonly model: 'isotropic'
    readonly heightM: number
  }
  /** Panels reach from the floor to here, metres. */
  readonly panelHeightM: number
  /** What every edge is to get, averaged over its panel, J/m². */
  readonly doseJPerM2: number
  /** Spacing of the stops, metres. */
  readonly gridM: number
  /** Stops keep this far from every obstacle, metres. */
  readonly clearanceM: number
  /** Edges are cut into equal pieces of at most this length, metres. */
  readonly maxEdgeM: number
  /** The grid reaches this far beyond what it is laid over, metres. */
  readonly marginM: number
}

export interface PlanarRoom {
  readonly id: string
  /** Simple, counter-clockwise, lit from outside; one of two points is a thin panel with two faces. */
  readonly obstacles: readonly Polygon[]
  /** Where stops may be; it casts no shadow and needs no dose. `null`: anywhere. */
  readonly bounds: Polygon | null
}

/** A piece of an obstacle's edge that is to get its dose. Its lit side is to the right of `a → b`. */
export interface PlanarEdge extends Segment2 {
  /** Which edge of the room it is cut from, in the order of `outlineOf`. */
  readonly outline: number
}

export interface PlanarStop extends Point2 {
  readonly dwellS: number
}

export interface PlanarPlan {
  readonly roomId: string
  /** Lamp time of all stops, seconds: the least that gives every reachable edge its dose. */
  readonly dwellS: number
  /** In the order of the tour. */
  readonly stops: readonly PlanarStop[]
  /** Length of the way through the stops around the obstacles, from the first to the last, metres. */
  readonly pathM: number
  readonly edges: number
  /** Edges that no stop sees wholly. */
  readonly unreachable: readonly Segment2[]
}
