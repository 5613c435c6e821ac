import {
  distanceToBoundary,
  distanceToSegment,
  intersectSegments,
  isInsidePolygon,
  polygonEdges,
  type Point2,
} from '@wardlight/core/geometry'
import type { VdaError, VdaResponse, VdaZone, VdaZoneSet, ZoneRequest } from '@wardlight/core/vda5050'

type ReleaseZone = Extract<VdaZone, { zoneType: 'RELEASE' }>

/** A request with what the fleet answered. Times are epoch milliseconds. */
export interface HeldRequest {
  readonly request: ZoneRequest
  readonly leaseExpiryMs: number | null
  /** Whether the robot has been in the zone by it. */
  readonly wasUsed: boolean
}

/** The zones that a robot was sent, and what it has asked for because of them (VDA 5050 3.0, 6.4 and 6.9). */
export interface ZoneBook {
  readonly sets: readonly { readonly set: VdaZoneSet; readonly isEnabled: boolean }[]
  readonly requests: readonly HeldRequest[]
  /** Zones that the fleet has just refused, and until when they are not asked for again. */
  readonly refused: readonly { readonly zoneId: string; readonly untilMs: number }[]
  /** Of the next request; no id comes twice before a restart. */
  readonly nextNumber: number
}

export const EMPTY_ZONE_BOOK: ZoneBook = { sets: [], requests: [], refused: [], nextNumber: 1 }

/** Slower than this no base drives steadily, m/s. Proposed. */
const SLOWEST_MPS = 0.05

/** Until the navigation has heard of a limit and keeps to it: told ten times a second, its own step, a base that brakes as in `CAUTION_LIMITS`; and what the place may be off by. Proposed. */
const SLOWING = { reactionS: 0.3, brakingMps2: 1, placeM: 0.1 } as const

/** A fleet that says no is not asked again at once, milliseconds (proposed; 6.9 leaves it to the integration). */
const ASK_AGAIN_MS = 10_000

/** A robot as a zone sees it: contour-based zones count from its edge (6.4.1.1), here the circle around it. */
export interface ZoneRobot {
  readonly mapId: string
  readonly radiusM: number
  /** The fastest that it drives. */
  readonly speedMps: number
}

export type Passage =
  | { readonly kind: 'free' }
  /** It must not go there, whoever is asked. */
  | { readonly kind: 'barred'; readonly zoneId: string }
  /** Until the fleet lets it in. */
  | { readonly kind: 'wait'; readonly zoneIds: readonly string[] }

/** @returns `null` when a set of that id is there already: its content never changes (6.4.2) */
export function withZoneSet(book: ZoneBook, set: VdaZoneSet): ZoneBook | null {
  if (book.sets.some((known) => known.set.zoneSetId === set.zoneSetId)) return null
  return { ...book, sets: [...book.sets, { set, isEnabled: false }] }
}

/** One set at most is enabled on a map. @returns `null` when there is no such set */
export function withEnabled(book: ZoneBook, zoneSetId: string): ZoneBook | null {
  const chosen = book.sets.find(({ set }) => set.zoneSetId === zoneSetId)
  if (chosen === undefined) return null
  const sets = book.sets.map(({ set, isEnabled }) => ({
    set,
    isEnabled: set.mapId === chosen.set.mapId ? set.zoneSetId === zoneSetId : isEnabled,
  }))
  // Requests are made for zones of enabled sets only (6.4.3).
  const isStanding = ({ request }: HeldRequest) =>
    sets.some(({ set, isEnabled }) => isEnabled && set.zoneSetId === request.zoneSetId)
  return { ...book, sets, requests: book.requests.filter(isStanding) }
}

/** @returns `null` when there is no such set, or it is in use */
export function withoutZoneSet(book: ZoneBook, zoneSetId: string): ZoneBook | null {
  const found = book.sets.find(({ set }) => set.zoneSetId === zoneSetId)
  if (found === undefined || found.isEnabled) return null
  return { ...book, sets: book.sets.filter((known) => known !== found) }
}

/** What the fleet said. An answer to nothing that is asked changes nothing. */
export function withResponse(
  book: ZoneBook,
  { requestId, grantType, leaseExpiry }: VdaResponse,
  nowMs: number,
): ZoneBook {
  const held = book.requests.find(({ request }) => request.requestId === requestId)
  if (held === undefined || grantType === 'QUEUED') return book
  const become = (next: HeldRequest | null) =>
    book.requests.flatMap((each) => (each === held ? (next === null ? [] : [next]) : [each]))
  if (grantType === 'GRANTED') {
    const expiryMs = leaseExpiry === undefined ? null : Date.parse(leaseExpiry)
    // A lease that cannot be read is over: nobody knows how long it was meant.
    const leaseExpiryMs = expiryMs !== null && Number.isNaN(expiryMs) ? -Infinity : expiryMs
    const request = { ...held.request, requestStatus: 'GRANTED' as const }
    return { ...book, requests: become({ ...held, leaseExpiryMs, request }) }
  }
  const { zoneId } = held.request
  return {
    ...book,
    // Lost inside, it stays until the robot has done what the zone wants then.
    requests: become(
      held.wasUsed ? { ...held, request: { ...held.request, requestStatus: 'REVOKED' } } : null,
    ),
    refused: [
      ...book.refused.filter((each) => each.zoneId !== zoneId),
      { zoneId, untilMs: nowMs + ASK_AGAIN_MS },
    ],
  }
}

/** Time has passed, and the robot is here: leases run out, and what is left behind is no longer asked for (6.4.3). */
export function withTime(
  book: ZoneBook,
  robot: ZoneRobot,
  at: Point2 | null,
  nowMs: number,
  isIdle: boolean,
): ZoneBook {
  const requests = book.requests.flatMap((held): HeldRequest[] => {
    const { request, leaseExpiryMs, wasUsed } = held
    const zone = releaseZones(book, robot).find(({ zoneId }) => zoneId === request.zoneId)
    if (zone === undefined) return []
    // Where it is unknown whether it has left, it has not.
    const isInside = at === null ? wasUsed : touches(zone, at, robot.radiusM)
    if (!isInside && (wasUsed || isIdle)) return []
    const isOver = request.requestStatus === 'GRANTED' && leaseExpiryMs !== null && leaseExpiryMs <= nowMs
    return [
      {
        ...held,
        wasUsed: wasUsed || (isInside && request.requestStatus === 'GRANTED' && !isOver),
        request: isOver ? { ...request, requestStatus: 'EXPIRED' } : request,
      },
    ]
  })
  return isSame(book.requests, requests) ? book : { ...book, requests }
}

/** Whether the robot may drive straight from one point to the next. */
export function passage(book: ZoneBook, robot: ZoneRobot, from: Point2, to: Point2): Passage {
  const here = barredAt(book, robot, from)
  // Found inside, it stands until somebody decides (table 6).
  if (here !== null) return { kind: 'wait', zoneIds: [here] }
  const crossed = zonesOf(book, robot).filter((zone) => isCrossed(zone, from, to, robot.radiusM))
  const barred = crossed.find(
    (zone) =>
      zone.zoneType === 'BLOCKED' ||
      // No wheels turn so slowly, and a limit of 0 is none to a navigation (Nav2).
      (zone.zoneType === 'SPEED_LIMIT' && zone.maximumSpeed < SLOWEST_MPS),
  )
  if (barred !== undefined) return { kind: 'barred', zoneId: barred.zoneId }
  const closed = releaseZones(book, robot).filter(
    (zone) => crossed.includes(zone) && !mayEnter(book, robot, zone, from, to),
  )
  return closed.length === 0
    ? { kind: 'free' }
    : { kind: 'wait', zoneIds: closed.map(({ zoneId }) => zoneId) }
}

/**
 * The speed that zones allow the robot where it is and where it gets to before it could have slowed down, m/s: the limit
 * holds already where its edge comes into the zone (table 6). Overlapping limits all hold. `null`: its own.
 */
export function zoneSpeedMps(book: ZoneBook, robot: ZoneRobot, at: Point2): number | null {
  const { speedMps, radiusM } = robot
  const limits = zonesOf(book, robot).flatMap((zone) => {
    if (zone.zoneType !== 'SPEED_LIMIT' || zone.maximumSpeed >= speedMps) return []
    const allowed = Math.max(SLOWEST_MPS, zone.maximumSpeed)
    const slowingM = SLOWING.reactionS * speedMps + (speedMps ** 2 - allowed ** 2) / (2 * SLOWING.brakingMps2)
    return touches(zone, at, radiusM + slowingM + SLOWING.placeM) ? [allowed] : []
  })
  return limits.length === 0 ? null : Math.min(...limits)
}

function mayEnter(book: ZoneBook, robot: ZoneRobot, zone: ReleaseZone, from: Point2, to: Point2): boolean {
  const held = requestFor(book, zone.zoneId)
  if (held === undefined) return false
  if (held.request.requestStatus === 'GRANTED') return true
  const isLostInside = held.wasUsed && touches(zone, from, robot.radiusM)
  if (!isLostInside || held.request.requestStatus === 'REQUESTED') return false
  if (zone.releaseLossBehavior === 'CONTINUE') return true
  return zone.releaseLossBehavior === 'EVACUATE' && !touches(zone, to, robot.radiusM)
}

/** Asks for each of these that is not asked for, or whose release is over. */
export function withRequests(
  book: ZoneBook,
  robot: ZoneRobot,
  zoneIds: readonly string[],
  nowMs: number,
): ZoneBook {
  let { nextNumber, requests } = book
  const enabled = enabledSet(book, robot)
  const releasable = new Set(releaseZones(book, robot).map(({ zoneId }) => zoneId))
  for (const zoneId of zoneIds) {
    const held = requestFor({ ...book, requests }, zoneId)
    const isOpen = held !== undefined && ['REQUESTED', 'GRANTED'].includes(held.request.requestStatus)
    const isRefused = book.refused.some((each) => each.zoneId === zoneId && each.untilMs > nowMs)
    if (enabled === undefined || !releasable.has(zoneId) || isOpen || isRefused) continue
    const fresh: HeldRequest = {
      request: {
        // Of one attempt: an answer to the last one is none to this.
        requestId: `zone-${nextNumber}`,
        requestType: 'ACCESS',
        zoneId,
        zoneSetId: enabled.zoneSetId,
        requestStatus: 'REQUESTED',
      },
      leaseExpiryMs: null,
      wasUsed: held?.wasUsed ?? false,
    }
    nextNumber += 1
    requests = [...requests.filter((known) => known !== held), fresh]
  }
  return requests === book.requests ? book : { ...book, requests, nextNumber }
}

export function withoutRequests(book: ZoneBook): ZoneBook {
  return book.requests.length === 0 ? book : { ...book, requests: [] }
}

/** Whether the robot must stand where it is: it is where it must not be, or has lost a release that says STOP. */
export function mustStand(book: ZoneBook, robot: ZoneRobot, at: Point2 | null): boolean {
  return at !== null && (barredAt(book, robot, at) !== null || lostHere(book, robot, at, 'STOP').length > 0)
}

/** What a state says of it (6.6.5.4). */
export function zoneErrors(book: ZoneBook, robot: ZoneRobot, at: Point2 | null): VdaError[] {
  if (at === null) return []
  const error = (
    errorType: string,
    errorLevel: VdaError['errorLevel'],
    zoneId: string,
    errorDescription: string,
  ): VdaError => ({
    errorType,
    errorLevel,
    errorDescription,
    errorReferences: [{ referenceKey: 'zoneId', referenceValue: zoneId }],
  })
  const barred = barredAt(book, robot, at)
  const lost = (['STOP', 'CONTINUE', 'EVACUATE'] as const).flatMap((behavior) =>
    lostHere(book, robot, at, behavior).map((zoneId) =>
      error(
        'RELEASE_LOST',
        // Only STOP keeps it from going on (table 6).
        behavior === 'STOP' ? 'CRITICAL' : 'WARNING',
        zoneId,
        `the release of zone ${zoneId} is over, and the robot is in it`,
      ),
    ),
  )
  return [
    ...(barred === null
      ? []
      : [
          error(
            'BLOCKED_ZONE_VIOLATION',
            'CRITICAL',
            barred,
            `the robot stands in the blocked zone ${barred}`,
          ),
        ]),
    ...lost,
  ]
}

function lostHere(book: ZoneBook, robot: ZoneRobot, at: Point2, behavior: string): string[] {
  return releaseZones(book, robot).flatMap((zone) => {
    const held = requestFor(book, zone.zoneId)
    const isLost = held?.wasUsed === true && held.request.requestStatus !== 'GRANTED'
    const isHere = zone.releaseLossBehavior === behavior && touches(zone, at, robot.radiusM)
    return isLost && isHere ? [zone.zoneId] : []
  })
}

function barredAt(book: ZoneBook, robot: ZoneRobot, at: Point2): string | null {
  const zone = zonesOf(book, robot).find(
    (each) => each.zoneType === 'BLOCKED' && touches(each, at, robot.radiusM),
  )
  return zone?.zoneId ?? null
}

function enabledSet(book: ZoneBook, { mapId }: ZoneRobot): VdaZoneSet | undefined {
  return book.sets.find(({ set, isEnabled }) => isEnabled && set.mapId === mapId)?.set
}

function zonesOf(book: ZoneBook, robot: ZoneRobot): readonly VdaZone[] {
  return enabledSet(book, robot)?.zones ?? []
}

function releaseZones(book: ZoneBook, robot: ZoneRobot): ReleaseZone[] {
  return zonesOf(book, robot).filter((zone) => zone.zoneType === 'RELEASE')
}

function requestFor({ requests }: ZoneBook, zoneId: string): HeldRequest | undefined {
  return requests.find(({ request }) => request.zoneId === zoneId)
}

/** Contour-based: whether a circle around a place is in a zone, with any part of it. */
export function touches({ vertices }: Pick<VdaZone, 'vertices'>, at: Point2, radiusM: number): boolean {
  return isInsidePolygon(at, vertices) || distanceToBoundary(at, vertices) < radiusM
}

function isCrossed(zone: VdaZone, from: Point2, to: Point2, radiusM: number): boolean {
  if (touches(zone, from, radiusM) || touches(zone, to, radiusM)) return true
  const way = { a: from, b: to }
  return (
    polygonEdges(zone.vertices).some((edge) => intersectSegments(way, edge) !== null) ||
    zone.vertices.some((vertex) => distanceToSegment(vertex, way) < radiusM)
  )
}

function isSame(before: readonly HeldRequest[], after: readonly HeldRequest[]): boolean {
  return JSON.stringify(before) === JSON.stringify(after)
}
