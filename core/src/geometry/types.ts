/** A point in a level's map frame (REP 105 `map`: x east, y north, metres). */
export interface Point2 {
  readonly x: number
  readonly y: number
}

/** As `Point2`, with z up from the level's floor, metres. */
export interface Point3 extends Point2 {
  readonly z: number
}

/** A planar pose: metres, and yaw in radians counter-clockwise from +x (REP 103). */
export interface Pose2 extends Point2 {
  readonly theta: number
}

/** Corners counter-clockwise, without the first one repeated at the end, metres. */
export type Polygon = readonly Point2[]

export interface Segment2 {
  readonly a: Point2
  readonly b: Point2
}

export interface Bounds2 {
  readonly minX: number
  readonly minY: number
  readonly maxX: number
  readonly maxY: number
}

/**
 * Occupancy as in `nav_msgs/OccupancyGrid`: row-major from the lower left cell, -1 unknown,
 * 0 free to 100 occupied. `origin` is the pose of the lower left corner of cell (0, 0) in the map frame.
 */
export interface OccupancyGrid {
  readonly width: number
  readonly height: number
  readonly resolutionM: number
  readonly origin: Pose2
  readonly data: Int8Array
}
