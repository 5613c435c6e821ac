import {
  boundsOf,
  composePoses,
  isInsidePolygon,
  normalizeAngle,
  transformPoint,
  type Point2,
  type Polygon,
  type Pose2,
} from '@wardlight/core/geometry'
import type { LaserScan } from '@wardlight/core/ros'
import type { LaserMount } from '../robot/ports.ts'
import { knownMargin, type KnownMap } from './known-map.ts'
import { placeScan, scanPoints, type ScanPoint } from './scan-points.ts'
import { onDoorLeaves } from './door-leaves.ts'

/** The first look: so far apart, metres and radians, with so many beams. Proposed, as all that follows. */
const COARSE = { stepM: 0.2, turnRad: Math.PI / 36, beams: 60, reachM: 0.5 } as const
/** The best places of the first look that are looked at closely, and how far apart they are. */
const CANDIDATES = 40
const APART = { m: 0.4, rad: Math.PI / 9 } as const
/** Halved until this fine. */
const FINEST_M = 0.01
const FINE = { beams: 180, reachM: 0.12 } as const
/** With fewer hits a scan says nothing. */
const LEAST_HITS = 40
/** Less agreement than this is none: `npm run bench -- perception` shows what it finds and what it refuses. */
const LEAST_AGREEMENT = 0.5
/** Another place that fits so nearly as well might be it. */
const RIVAL = 0.85

/** People say "it faces the door" of anything between. */
const FACES_WITHIN_RAD = Math.PI / 3

/** What somebody who sees the robot says of its place, map frame. */
export interface PlaceHint {
  readonly area: Polygon
  /** What its front shows to; `null`: nobody said. */
  readonly faces: Point2 | null
}

/** Where a scan can have been taken in an area. */
export type PlaceFound =
  | { readonly kind: 'found'; readonly pose: Pose2 }
  /** No place of the area fits. */
  | { readonly kind: 'nowhere' }
  /** Several places look alike. */
  | { readonly kind: 'several'; readonly poses: readonly Pose2[] }
  /** Too little came back to the lidar. */
  | { readonly kind: 'blind' }

interface Candidate {
  readonly pose: Pose2
  readonly score: number
}

/**
 * Finds where in an area a robot stands, whatever it believes: tries poses on a grid by how near the scan's hits come to what the
 * map has solid (a likelihood field, Thrun, Burgard and Fox, Probabilistic Robotics, 6.4), and follows the best ones up.
 * In steps of some milliseconds, each `next()` one of them: whoever searches has other things to do.
 *
 * @param radiusM of the robot, which stands in nothing solid
 */
export function* searchPlace(
  map: KnownMap,
  scan: LaserScan,
  mount: LaserMount,
  { area, faces }: PlaceHint,
  radiusM: number,
): Generator<void, PlaceFound> {
  // As seen from the middle of the robot.
  const hits = scanPoints(placeScan(scan, { x: 0, y: 0, theta: 0 }, mount))
  if (hits.length < LEAST_HITS) return { kind: 'blind' }
  const first = thinned(hits, COARSE.beams)
  const found: Candidate[] = []
  const { minX, minY, maxX, maxY } = boundsOf(area)
  for (let y = minY; y <= maxY; y += COARSE.stepM) {
    for (let x = minX; x <= maxX; x += COARSE.stepM) {
      if (!isInsidePolygon({ x, y }, area) || !isFree(map, x, y, radiusM)) continue
      for (let theta = -Math.PI; theta < Math.PI; theta += COARSE.turnRad) {
        const pose = { x, y, theta }
        if (faces !== null && turnBetween(theta, Math.atan2(faces.y - y, faces.x - x)) > FACES_WITHIN_RAD)
          continue
        found.push({ pose, score: score(map, first, pose, COARSE.reachM) })
      }
      yield
    }
  }
  const second = thinned(hits, FINE.beams)
  const followed: Candidate[] = []
  for (const { pose } of best(found, CANDIDATES)) {
    followed.push(followUp(map, second, pose, area, radiusM))
    yield
  }
  const judged: Candidate[] = []
  for (const { pose } of best(followed, CANDIDATES)) {
    judged.push({ pose, score: agreement(map, second, pose, mount) })
    yield
  }
  const [winner, ...others] = best(judged, CANDIDATES)
  if (winner === undefined || winner.score < LEAST_AGREEMENT) return { kind: 'nowhere' }
  const rivals = others.filter((each) => each.score >= RIVAL * winner.score)
  if (rivals.length > 0) return { kind: 'several', poses: [winner, ...rivals].map(({ pose }) => pose) }
  return { kind: 'found', pose: winner.pose }
}

function thinned(hits: readonly ScanPoint[], count: number): ScanPoint[] {
  const every = Math.max(1, hits.length / count)
  return Array.from({ length: Math.min(count, hits.length) }, (_, index) => hits[Math.floor(index * every)]!)
}

/** How well the hits lie on the map from there, 0 to 1: each counts by its nearness, none beyond the reach. */
function score(map: KnownMap, hits: readonly ScanPoint[], { x, y, theta }: Pose2, reachM: number): number {
  // Once for all hits: this is asked a million times.
  const [cos, sin] = [Math.cos(theta), Math.sin(theta)]
  let sum = 0
  for (const hit of hits) {
    const away = map.distance({ x: x + cos * hit.x - sin * hit.y, y: y + sin * hit.x + cos * hit.y })
    if (away !== null && away < reachM) sum += 1 - away / reachM
  }
  return sum / hits.length
}

/**
 * How well what was seen agrees with what the map lets be seen from there: beams that end where the map has something, less those
 * that would have gone through it. What is nearer may be people and things that no map has; a shut door is not counted.
 */
function agreement(map: KnownMap, hits: readonly ScanPoint[], pose: Pose2, mount: LaserMount): number {
  const laser = composePoses(pose, mount.pose)
  let sum = 0
  const nearer: ScanPoint[] = []
  for (const hit of hits) {
    const { rangeM } = hit
    const there = transformPoint(pose, hit)
    const along = { x: (there.x - laser.x) / rangeM, y: (there.y - laser.y) / rangeM }
    const margin = FINE.reachM + knownMargin(rangeM) - knownMargin(0)
    const expectedM = map.range(laser, along, rangeM + 2 * margin)
    if (Math.abs(expectedM - rangeM) <= margin) sum += 1
    else if (expectedM < rangeM) sum -= 1
    else nearer.push({ ...hit, ...there })
  }
  // What is left must still be something to judge by.
  const counted = hits.length - onDoorLeaves(map, nearer).length
  return sum / Math.max(counted, hits.length / 2)
}

/** Uphill from one of the grid's poses, in steps that are halved where none leads up. */
function followUp(
  map: KnownMap,
  hits: readonly ScanPoint[],
  from: Pose2,
  area: Polygon,
  radiusM: number,
): Candidate {
  let here: Candidate = { pose: from, score: score(map, hits, from, FINE.reachM) }
  let stepM: number = COARSE.stepM / 2
  let turnRad: number = COARSE.turnRad / 2
  while (stepM >= FINEST_M) {
    const { x, y, theta } = here.pose
    let next = here
    for (const [dx, dy, turn] of [
      [stepM, 0, 0],
      [-stepM, 0, 0],
      [0, stepM, 0],
      [0, -stepM, 0],
      [0, 0, turnRad],
      [0, 0, -turnRad],
    ] as const) {
      const pose = { x: x + dx, y: y + dy, theta: theta + turn }
      if (!isInsidePolygon(pose, area) || !isFree(map, pose.x, pose.y, radiusM)) continue
      const there = score(map, hits, pose, FINE.reachM)
      if (there > next.score) next = { pose, score: there }
    }
    if (next === here) {
      stepM /= 2
      turnRad /= 2
    } else here = next
  }
  return here
}

/** The best first, none of them near a better one. */
function best(candidates: readonly Candidate[], count: number): Candidate[] {
  const kept: Candidate[] = []
  for (const each of candidates.toSorted((a, b) => b.score - a.score)) {
    if (kept.length === count) break
    if (kept.every(({ pose }) => !isNear(pose, each.pose))) kept.push(each)
  }
  return kept
}

function isNear(one: Pose2, other: Pose2): boolean {
  return (
    Math.hypot(one.x - other.x, one.y - other.y) < APART.m && turnBetween(one.theta, other.theta) < APART.rad
  )
}

function turnBetween(one: number, other: number): number {
  return Math.abs(normalizeAngle(one - other))
}

/** The map is drawn to some centimetres, and a robot may touch what gives way. */
function isFree(map: KnownMap, x: number, y: number, radiusM: number): boolean {
  const away = map.distance({ x, y })
  return away !== null && away >= radiusM / 2
}
