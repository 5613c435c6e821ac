import type { FloorPlan, FoundRoom } from '@wardlight/core/floor'
import { distance, type Point2 } from '@wardlight/core/geometry'
import { createRandom } from '@wardlight/core/random'
import { ROBOT_TOPICS } from '@wardlight/core/ros'
import { PERSON_RADIUS_M } from '@wardlight/sim'
import { advanceUntil, createRoamingRobot, RADIUS_M, STEP_MS } from './roaming-robot.ts'

/** They stand there for so long, ms. */
const STAYS_MS = 30_000
/** Longer than this it does not wait, ms, when nobody is there any more. */
const GOES_ON_MS = 20_000
/** Slower than this it stands. */
const STANDING_MPS = 0.01
/** How far to the side they come from, metres. */
const ASIDE_M = 0.8

/** Gaps are from edge to edge, metres. */
export interface SteppingIn {
  /** Where it first came to a stand. */
  readonly heldGapM: number
  /** The least as long as they stood there. */
  readonly leastGapM: number
  /** How often it touched them. */
  readonly touches: number
  /** From when they have gone until it drives on; `Infinity` when it had not within 20 s. */
  readonly resumedAfterMs: number
}

/**
 * Somebody steps before a robot that drives at its full speed, stands there for half a minute, and goes. Its navigation is blind to
 * people: what keeps it from them is its giving way alone.
 *
 * @param aheadM from its edge to theirs
 * @param isWalking they come from the side, at walking pace; else they are there at once, as out of a door
 * @returns `null` where there was no place for them
 */
export function stepsIn(
  plan: FloorPlan,
  rooms: readonly FoundRoom[],
  seed: number,
  { speedMps, aheadM, isWalking }: { speedMps: number; aheadM: number; isWalking: boolean },
): SteppingIn | null {
  const random = createRandom(seed).fork('stepping in')
  const roaming = createRoamingRobot({ plan, rooms, seed, speedMps, isNavigationBlind: true })
  const { world, handle, robot } = roaming
  const isFast = () => handle.speedMps > 0.95 * speedMps
  try {
    advanceUntil(roaming, isFast, 60_000)
    roaming.clock.advance(1500 * random.uniform())
    advanceUntil(roaming, isFast, 60_000)
    const { x, y, theta } = handle.truePose
    const at = (along: number, aside: number): Point2 => ({
      x: x + along * Math.cos(theta) - aside * Math.sin(theta),
      y: y + along * Math.sin(theta) + aside * Math.cos(theta),
    })
    const away = aheadM + RADIUS_M + PERSON_RADIUS_M
    const before = at(away, 0.2 * (random.uniform() - 0.5))
    const from = at(away, random.uniform() < 0.5 ? ASIDE_M : -ASIDE_M)
    if (!roaming.isFree(before) || !roaming.isFree(from)) return null
    const id = world.people.enter(roaming.levelId, isWalking ? [from, before] : [before])
    const gap = () => {
      const them = world.people.all().find((person) => person.id === id)!
      return distance(them, handle.truePose) - RADIUS_M - PERSON_RADIUS_M
    }
    let touches = 0
    roaming.listen('std_msgs/msg/Bool', ROBOT_TOPICS.bumper, ({ data }) => {
      if (data) touches += 1
    })
    let heldGapM = null as number | null
    let leastGapM = gap()
    for (let ms = 0; ms < STAYS_MS; ms += STEP_MS) {
      roaming.clock.advance(STEP_MS)
      leastGapM = Math.min(leastGapM, gap())
      if (robot.caution === 'hold' && Math.abs(handle.speedMps) < STANDING_MPS) heldGapM ??= gap()
    }
    const isWaiting = () => robot.caution === 'hold'
    world.people.remove(id)
    let resumedAfterMs = 0
    for (; isWaiting() && resumedAfterMs < GOES_ON_MS; resumedAfterMs += STEP_MS)
      roaming.clock.advance(STEP_MS)
    return {
      heldGapM: heldGapM ?? Infinity,
      leastGapM,
      touches,
      resumedAfterMs: isWaiting() ? Infinity : resumedAfterMs,
    }
  } finally {
    roaming.stop()
  }
}
