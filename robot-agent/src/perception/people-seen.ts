import { distance, type Point2 } from '@wardlight/core/geometry'
import { knownMargin, type KnownMap } from './known-map.ts'
import type { PlacedScan, ScanPoint } from './scan-points.ts'
import {
  circleThrough,
  hitsByBeam,
  isPartOfWall,
  isStraight,
  scanSegments,
  type ScanSegment,
} from './scan-segments.ts'

/**
 * How wide what is seen may be, metres. A leg in trousers is 0.1 to 0.25 m wide, and 0.05 m of it are enough to be hit;
 * two legs side by side, a skirt, a gown or a body on its knees are up to 0.6 m. Leg patterns after Bellotto and Hu (IEEE
 * Trans. SMC-B 39, 2009: legs apart, one before the other, together) and Arras et al. (ICRA 2007), who classify
 * the same segments by width, roundness and jump; the widths here are wider than theirs, for gowns.
 */
const WIDEST_LEG_M = 0.25
const WIDEST_BODY_M = 0.6
/** Two legs of one person are not farther apart, middle to middle: a stride (after Bellotto and Hu), metres. */
const STRIDE_M = 0.6
const MAX_RANGE_M = 8
/** Straight over so much is a thing: legs and gowns are round. */
const BOARD_M = 0.45
/** Of what is seen so much must be on no map. */
const UNKNOWN_SHARE = 0.7
/** What is behind something that the map has solid is a mirror's picture, unless it is as near as this: maps get old. */
const NEAR_M = 1.2
/** Beside the straight way to it: somebody in a doorway is seen past its post, wherever localisation believes to be. */
const BESIDE_M = 0.15
/** Something round as a machine: hits on a circle as exactly as the lidar measures, and larger than a leg. */
const ROUND_HITS = 7
const ROUND_DEVIATION_M = 0.025
const ROUND_MIN_RADIUS_M = 0.22
const ROUND_MAX_RADIUS_M = 0.4
/**
 * A leaf between panes of glass is met by a hit here and there from far away, and pairs of them look like legs: so little, so
 * far away, in a doorway of the map is nobody yet.
 */
const FAR_M = 2.5
const FAINT_HITS = 2
const DOORWAY_M = 1.5
const BESIDE_DOORWAY_M = 0.2
/** So many hits on one leg are no grazed edge. */
const SURE_HITS = 4

/** What may be somebody, in one scan. Map frame. */
export interface PersonSeen extends Point2 {
  /**
   * `legs`: two, a stride apart at most; `leg`: one, sure by its hits; `body`: wider than a leg; `trace`: a hit or a few that may be a
   * leg.
   */
  readonly shape: 'legs' | 'leg' | 'body' | 'trace'
}

export interface SeenAround {
  readonly people: readonly PersonSeen[]
  /** Round things of a machine's size: another robot is nobody. */
  readonly machines: readonly Point2[]
}

/** What of a scan may be people: free-standing things of the width of legs or a body that are not on the map. */
export function peopleIn(placed: PlacedScan, map: KnownMap): SeenAround {
  const legs: (ScanSegment & { readonly isSure: boolean })[] = []
  const people: PersonSeen[] = []
  const machines: Point2[] = []
  const hits = hitsByBeam(placed)
  for (const segment of scanSegments(placed)) {
    if (segment.chordM > WIDEST_BODY_M || segment.rangeM > MAX_RANGE_M) continue
    if (!isUnknown(segment, map) || isBoard(segment, map)) continue
    if (isPartOfWall(segment, hits) || !isInSight(segment, placed.laser, map)) continue
    if (isFaintInDoorway(segment, map)) continue
    const round = machineOf(segment)
    if (round !== null) machines.push(round)
    else if (segment.chordM <= WIDEST_LEG_M) {
      legs.push({ ...segment, isSure: segment.points.length >= SURE_HITS })
    } else people.push({ ...segment.centre, shape: 'body' })
  }
  return { people: [...people, ...paired(legs)], machines }
}

function isUnknown({ points }: ScanSegment, map: KnownMap): boolean {
  const unknown = points.filter((point) => isOffTheMap(point, map)).length
  return unknown >= UNKNOWN_SHARE * points.length
}

/** A trolley's side, or a leaf that is half open: straight, and long or begins at what the map has. */
function isBoard(segment: ScanSegment, map: KnownMap): boolean {
  if (segment.chordM >= BOARD_M && isStraight(segment)) return true
  const ends = [segment.points[0]!, segment.points.at(-1)!]
  return isStraight(segment) && ends.some((end) => !isOffTheMap(end, map))
}

function isFaintInDoorway({ points, rangeM, centre }: ScanSegment, map: KnownMap): boolean {
  return points.length <= FAINT_HITS && rangeM > FAR_M && map.isInGap(centre, DOORWAY_M, BESIDE_DOORWAY_M)
}

function isOffTheMap(point: ScanPoint, map: KnownMap): boolean {
  const away = map.distance(point)
  return away !== null && away > knownMargin(point.rangeM)
}

function isInSight({ centre, rangeM }: ScanSegment, laser: Point2, map: KnownMap): boolean {
  if (rangeM <= NEAR_M) return true
  const away = distance(laser, centre)
  const [sx, sy] = [(laser.y - centre.y) / away, (centre.x - laser.x) / away]
  return [0, BESIDE_M, -BESIDE_M].some((aside) =>
    map.isClear(laser, { x: centre.x + sx * aside, y: centre.y + sy * aside }),
  )
}

function machineOf({ points, chordM }: ScanSegment): Point2 | null {
  if (points.length < ROUND_HITS || chordM < ROUND_MIN_RADIUS_M) return null
  const circle = circleThrough(points)
  if (circle === null || circle.deviationM > ROUND_DEVIATION_M) return null
  return circle.radiusM >= ROUND_MIN_RADIUS_M && circle.radiusM <= ROUND_MAX_RADIUS_M ? circle.centre : null
}

/** Each leg with the nearest other one within a stride. */
function paired(legs: readonly (ScanSegment & { readonly isSure: boolean })[]): PersonSeen[] {
  const pairs = legs
    .flatMap((one, index) =>
      legs.slice(index + 1).map((other) => ({ one, other, apartM: distance(one.centre, other.centre) })),
    )
    .filter(({ apartM }) => apartM <= STRIDE_M)
    .toSorted((a, b) => a.apartM - b.apartM)
  const taken = new Set<ScanSegment>()
  const people: PersonSeen[] = []
  for (const { one, other } of pairs) {
    if (taken.has(one) || taken.has(other)) continue
    taken.add(one).add(other)
    people.push({
      x: (one.centre.x + other.centre.x) / 2,
      y: (one.centre.y + other.centre.y) / 2,
      shape: 'legs',
    })
  }
  for (const leg of legs) {
    if (!taken.has(leg)) people.push({ ...leg.centre, shape: leg.isSure ? 'leg' : 'trace' })
  }
  return people
}
