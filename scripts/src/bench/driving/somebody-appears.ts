import type { FloorPlan, FoundRoom } from '@wardlight/core/floor'
import { distance, normalizeAngle, type Point2, type Pose2 } from '@wardlight/core/geometry'
import { createRandom } from '@wardlight/core/random'
import { beamsOnPerson } from '../beams-on-person.ts'
import { advanceUntil, createRoamingRobot } from './roaming-robot.ts'

/** So many beams on somebody show them: with fewer nobody could tell a leg from noise. */
export const SHOWING_BEAMS = 3
/** What is seen so near to somebody is them, metres: as far as they get while they are not told of. */
const IS_THEM_M = 0.6
/** From the distance that is asked for. */
const WITHIN_M = 0.3
/** … and from where the robot looks to. */
const AHEAD_RAD = Math.PI / 3
const SCAN_MS = 100

export type Doing = 'stands' | 'walksAcross' | 'walksTowards'

export interface Appearance {
  readonly speedMps: number
  readonly doing: Doing
  readonly distanceM: number
}

/**
 * Somebody is suddenly there before a robot that drives at its full speed.
 *
 * @returns ms from the first scan, which shows them, until they are told of, `Infinity` for never; `null` where there was no place
 *   for them, or the scan does not show them
 */
export function somebodyAppears(
  plan: FloorPlan,
  rooms: readonly FoundRoom[],
  seed: number,
  { speedMps, doing, distanceM }: Appearance,
): number | null {
  const random = createRandom(seed).fork('appears')
  const roaming = createRoamingRobot({ plan, rooms, seed, speedMps, isNavigationBlind: true })
  const { world, handle, clock } = roaming
  const isFast = () => handle.speedMps > 0.9 * speedMps
  try {
    advanceUntil(roaming, isFast, 60_000)
    clock.advance(1500 * random.uniform())
    advanceUntil(roaming, isFast, 60_000)
    const pose = handle.truePose
    const where = roaming.place(
      (place) =>
        Math.abs(distance(place, pose) - distanceM) < WITHIN_M && Math.abs(bearing(pose, place)) < AHEAD_RAD,
    )
    if (where === null) return null
    const id = world.people.enter(roaming.levelId, pathOf(where, pose, doing, random.uniform() < 0.5))
    let shownAtMs = null as number | null
    let seenAtMs = null as number | null
    roaming.onScan = (scan, { people }) => {
      const them = world.people.all().find((person) => person.id === id)!
      const nowMs = clock.monotonicMs()
      if (beamsOnPerson(scan, handle.truePose, them) >= SHOWING_BEAMS) shownAtMs ??= nowMs
      if (people?.some((person) => distance(person, them) < IS_THEM_M) === true) seenAtMs ??= nowMs
    }
    clock.advance(SCAN_MS)
    if (shownAtMs === null) return null
    advanceUntil(roaming, () => seenAtMs !== null, 2000)
    return seenAtMs === null ? Infinity : Math.max(0, seenAtMs - shownAtMs)
  } finally {
    roaming.stop()
  }
}

/** Nobody walks into a wall: across it is half a metre, which takes longer than seeing them should. */
function pathOf(where: Point2, { x, y, theta }: Pose2, doing: Doing, isLeft: boolean): Point2[] {
  if (doing === 'stands') return [where]
  if (doing === 'walksTowards') return [where, { x, y }]
  const asideM = isLeft ? 0.5 : -0.5
  return [where, { x: where.x - asideM * Math.sin(theta), y: where.y + asideM * Math.cos(theta) }]
}

function bearing({ x, y, theta }: Pose2, place: Point2): number {
  return normalizeAngle(Math.atan2(place.y - y, place.x - x) - theta)
}
