import { distanceToBoundary, isInsidePolygon, rectangle } from '@wardlight/core/geometry'
import type { VdaZone } from '@wardlight/core/vda5050'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  EMPTY_ZONE_BOOK,
  mustStand,
  passage,
  withEnabled,
  withoutZoneSet,
  withRequests,
  withResponse,
  withTime,
  withZoneSet,
  zoneErrors,
  zoneSpeedMps,
  type ZoneBook,
} from './zone-rules.ts'

const ROBOT = { mapId: 'L1', radiusM: 0.3, speedMps: 0.6 }
/** From x = 4 to 6, right across the way along y = 0. */
const ACROSS = [...rectangle({ x: 5, y: 0 }, 2, 2)]
const WEST = { x: 0, y: 0 }
const INSIDE = { x: 5, y: 0 }
const EAST = { x: 10, y: 0 }
const NOW = 1_000_000

function bookOf(...zones: VdaZone[]): ZoneBook {
  const book = withZoneSet(EMPTY_ZONE_BOOK, { mapId: 'L1', zoneSetId: 'set-1', zones })!
  return withEnabled(book, 'set-1')!
}

function release(releaseLossBehavior: 'STOP' | 'CONTINUE' | 'EVACUATE'): VdaZone {
  return { zoneId: 'gate', zoneType: 'RELEASE', vertices: ACROSS, releaseLossBehavior }
}

const blocked: VdaZone = { zoneId: 'wall', zoneType: 'BLOCKED', vertices: ACROSS }

/** Asked for, and answered. */
function granted(book: ZoneBook, leaseExpiry?: string): ZoneBook {
  const asked = withRequests(book, ROBOT, ['gate'], NOW)
  const { requestId } = asked.requests.at(-1)!.request
  return withResponse(
    asked,
    { requestId, grantType: 'GRANTED', ...(leaseExpiry === undefined ? {} : { leaseExpiry }) },
    NOW,
  )
}

const inSeconds = (seconds: number) => new Date(NOW + seconds * 1000).toISOString()

describe('a set of zones', () => {
  it('counts once it is enabled, alone on its map, and only there', () => {
    const added = withZoneSet(EMPTY_ZONE_BOOK, { mapId: 'L1', zoneSetId: 'set-1', zones: [blocked] })!
    expect(passage(added, ROBOT, WEST, EAST)).toEqual({ kind: 'free' })
    const enabled = withEnabled(added, 'set-1')!
    expect(passage(enabled, ROBOT, WEST, EAST)).toEqual({ kind: 'barred', zoneId: 'wall' })
    expect(passage(enabled, { ...ROBOT, mapId: 'L2' }, WEST, EAST)).toEqual({ kind: 'free' })
    const second = withZoneSet(enabled, { mapId: 'L1', zoneSetId: 'set-2', zones: [] })!
    expect(passage(withEnabled(second, 'set-2')!, ROBOT, WEST, EAST)).toEqual({ kind: 'free' })
  })

  it('never changes under its id, and goes only when it is not in use', () => {
    const book = bookOf(blocked)
    expect(withZoneSet(book, { mapId: 'L1', zoneSetId: 'set-1', zones: [] })).toBeNull()
    expect(withEnabled(book, 'other')).toBeNull()
    expect(withoutZoneSet(book, 'set-1')).toBeNull()
    const both = withEnabled(withZoneSet(book, { mapId: 'L1', zoneSetId: 'set-2', zones: [] })!, 'set-2')!
    expect(withoutZoneSet(both, 'set-1')!.sets.map(({ set }) => set.zoneSetId)).toEqual(['set-2'])
  })
})

it('a free way comes nowhere nearer to a blocked zone than the robot is wide', () => {
  const coordinate = fc.double({ min: -3, max: 3, noNaN: true })
  const point = fc.record({ x: coordinate, y: coordinate })
  const size = fc.double({ min: 0.1, max: 2, noNaN: true })
  fc.assert(
    fc.property(point, point, point, size, size, (from, to, middle, lengthM, widthM) => {
      const vertices = [...rectangle(middle, lengthM, widthM)]
      const book = bookOf({ ...blocked, vertices })
      const near = Array.from({ length: 101 }, (_, index) => index / 100).some((share) => {
        const at = { x: from.x + share * (to.x - from.x), y: from.y + share * (to.y - from.y) }
        return isInsidePolygon(at, vertices) || distanceToBoundary(at, vertices) < ROBOT.radiusM - 1e-9
      })
      expect(near && passage(book, ROBOT, from, to).kind === 'free').toBe(false)
    }),
  )
})

describe('a zone with a speed limit', () => {
  const limit = (maximumSpeed: number, zoneId = 'slow'): VdaZone => ({
    zoneId,
    zoneType: 'SPEED_LIMIT',
    vertices: ACROSS,
    maximumSpeed,
  })

  it('is driven through, but for one that allows no driving', () => {
    expect(passage(bookOf(limit(0.2)), ROBOT, WEST, EAST)).toEqual({ kind: 'free' })
    expect(passage(bookOf(limit(0)), ROBOT, WEST, EAST)).toEqual({ kind: 'barred', zoneId: 'slow' })
  })

  it('limits in it and before it, nowhere else, and not where the robot is slower anyway', () => {
    const book = bookOf(limit(0.2))
    expect(zoneSpeedMps(book, ROBOT, INSIDE)).toBe(0.2)
    // Its edge is 0.4 m before the zone, and slowing down takes as long.
    expect(zoneSpeedMps(book, ROBOT, { x: 3.3, y: 0 })).toBe(0.2)
    expect(zoneSpeedMps(book, ROBOT, WEST)).toBeNull()
    expect(zoneSpeedMps(book, ROBOT, EAST)).toBeNull()
    expect(zoneSpeedMps(bookOf(limit(0.6)), ROBOT, INSIDE)).toBeNull()
    expect(zoneSpeedMps(book, { ...ROBOT, mapId: 'L2' }, INSIDE)).toBeNull()
    expect(zoneSpeedMps(bookOf(limit(0.4), limit(0.3, 'slower')), ROBOT, INSIDE)).toBe(0.3)
  })

  it('property: a robot that slows down as late as it is told is slow enough where its edge comes in', () => {
    const speed = fc.double({ min: 0.1, max: 1.5, noNaN: true })
    fc.assert(
      fc.property(speed, speed, fc.integer({ min: 0, max: 9 }), (speedMps, maximumSpeed, phase) => {
        const robot = { ...ROBOT, speedMps }
        const book = bookOf(limit(maximumSpeed))
        let [x, mps, wanted] = [-5, speedMps, speedMps]
        let fastestInside = 0
        for (let step = phase; x + robot.radiusM < 6; step += 1) {
          // Told ten times a second.
          if (step % 10 === 0) wanted = zoneSpeedMps(book, robot, { x, y: 0 }) ?? speedMps
          mps = Math.max(wanted, mps - 1 * 0.01)
          x += mps * 0.01
          if (x + robot.radiusM >= 4) fastestInside = Math.max(fastestInside, mps)
        }
        expect(fastestInside).toBeLessThanOrEqual(maximumSpeed + 1e-9)
      }),
    )
  })
})

it('found in a blocked zone the robot stands and says so, until it is out', () => {
  const book = bookOf(blocked)
  expect(mustStand(book, ROBOT, INSIDE)).toBe(true)
  expect(zoneErrors(book, ROBOT, INSIDE)).toMatchObject([
    { errorType: 'BLOCKED_ZONE_VIOLATION', errorLevel: 'CRITICAL' },
  ])
  expect(mustStand(book, ROBOT, WEST)).toBe(false)
  expect(zoneErrors(book, ROBOT, WEST)).toEqual([])
})

describe('a zone with a release', () => {
  it('is asked for once, with an id of its own, and entered only when it is granted', () => {
    const book = bookOf(release('STOP'))
    expect(passage(book, ROBOT, WEST, EAST)).toEqual({ kind: 'wait', zoneIds: ['gate'] })
    const asked = withRequests(book, ROBOT, ['gate'], NOW)
    expect(withRequests(asked, ROBOT, ['gate'], NOW)).toBe(asked)
    expect(asked.requests.map(({ request }) => request)).toEqual([
      {
        requestId: 'zone-1',
        requestType: 'ACCESS',
        zoneId: 'gate',
        zoneSetId: 'set-1',
        requestStatus: 'REQUESTED',
      },
    ])
    const queued = withResponse(asked, { requestId: 'zone-1', grantType: 'QUEUED' }, NOW)
    expect(passage(queued, ROBOT, WEST, EAST).kind).toBe('wait')
    const other = withResponse(asked, { requestId: 'zone-9', grantType: 'GRANTED' }, NOW)
    expect(passage(other, ROBOT, WEST, EAST).kind).toBe('wait')
    expect(passage(granted(book), ROBOT, WEST, EAST)).toEqual({ kind: 'free' })
  })

  it('is not asked for again at once after a no', () => {
    const asked = withRequests(bookOf(release('STOP')), ROBOT, ['gate'], NOW)
    const rejected = withResponse(asked, { requestId: 'zone-1', grantType: 'REJECTED' }, NOW)
    expect(rejected.requests).toEqual([])
    expect(withRequests(rejected, ROBOT, ['gate'], NOW + 5000)).toBe(rejected)
    expect(withRequests(rejected, ROBOT, ['gate'], NOW + 10_000).requests).toHaveLength(1)
  })

  it('is not entered on a lease that ran out on the way, and asked for anew', () => {
    const book = granted(bookOf(release('CONTINUE')), inSeconds(5))
    const later = withTime(book, ROBOT, WEST, NOW + 5000, false)
    expect(later.requests[0]!.request.requestStatus).toBe('EXPIRED')
    expect(passage(later, ROBOT, WEST, EAST).kind).toBe('wait')
    const [fresh] = withRequests(later, ROBOT, ['gate'], NOW + 5000).requests
    expect(fresh!.request).toMatchObject({ requestId: 'zone-2', requestStatus: 'REQUESTED' })
    // A lease that nobody can read is over.
    expect(
      withTime(granted(bookOf(release('STOP')), 'soon'), ROBOT, WEST, NOW, false).requests[0]!.request
        .requestStatus,
    ).toBe('EXPIRED')
  })

  it('keeps its request while the robot is in it, and loses it when it has left', () => {
    const entered = withTime(granted(bookOf(release('STOP'))), ROBOT, INSIDE, NOW, false)
    expect(entered.requests[0]!.request.requestStatus).toBe('GRANTED')
    // Idle or not: inside it is kept.
    expect(withTime(entered, ROBOT, INSIDE, NOW, true)).toBe(entered)
    expect(withTime(entered, ROBOT, EAST, NOW, false).requests).toEqual([])
    // An order that is over wants nothing any more.
    expect(withTime(granted(bookOf(release('STOP'))), ROBOT, WEST, NOW, true).requests).toEqual([])
  })

  it.each([
    ['STOP', true, 'CRITICAL', 'wait', 'wait'],
    ['CONTINUE', false, 'WARNING', 'free', 'free'],
    ['EVACUATE', false, 'WARNING', 'free', 'wait'],
  ] as const)(
    'lost inside, with %s: stands %s, error %s, out of it %s, on in it %s',
    (behavior, stands, level, out, on) => {
      const entered = withTime(granted(bookOf(release(behavior)), inSeconds(5)), ROBOT, INSIDE, NOW, false)
      const { requestId } = entered.requests[0]!.request
      for (const lost of [
        withTime(entered, ROBOT, INSIDE, NOW + 5000, false),
        withResponse(entered, { requestId, grantType: 'REVOKED' }, NOW),
      ]) {
        expect(mustStand(lost, ROBOT, INSIDE)).toBe(stands)
        expect(zoneErrors(lost, ROBOT, INSIDE)).toMatchObject([
          { errorType: 'RELEASE_LOST', errorLevel: level },
        ])
        expect(passage(lost, ROBOT, INSIDE, EAST).kind).toBe(out)
        expect(passage(lost, ROBOT, INSIDE, { x: 5.5, y: 0 }).kind).toBe(on)
      }
      // A longer lease in time, and nothing is lost.
      const longer = withResponse(
        entered,
        { requestId, grantType: 'GRANTED', leaseExpiry: inSeconds(60) },
        NOW,
      )
      expect(zoneErrors(withTime(longer, ROBOT, INSIDE, NOW + 5000, false), ROBOT, INSIDE)).toEqual([])
    },
  )
})
