import { distanceToBoundary, isInsidePolygon, type Point2 } from '@wardlight/core/geometry'
import { wardError } from '@wardlight/core/errors'
import { ROBOT_ACTION_TYPES, type NewZoneHold, type User, type ZoneView } from '@wardlight/core/fleet'
import type { Zone } from '@wardlight/core/floor'
import type { Clock, TimerId } from '@wardlight/core/clock'
import type { State, VdaResponse, VdaZoneSet } from '@wardlight/core/vda5050'
import type { FastifyBaseLogger } from 'fastify'
import { mayBeInstructed } from '../domain/robot-state.ts'
import { zoneAnswers, type ZoneClaim } from '../domain/zone-access.ts'
import { robotZones, type ZoneOffer } from '../domain/zone-sets.ts'
import type { Commands } from '../robots/commands.ts'
import type { RobotRegistry } from '../robots/robot-registry.ts'
import { sha256Of, zoneSetText, type RobotFiles } from './robot-files.ts'
import type { FloorIndex } from './floor-index.ts'
import type { TrafficControl } from './traffic-control.ts'
import type { ZoneHolds } from './zone-holds.ts'

/** How long a robot may count on a release when it hears nothing more, milliseconds; a state comes every 30 s at least. */
const LEASE_MS = 90_000
/** A robot that has not taken up what was said to it is told again, milliseconds. */
const SAY_AGAIN_MS = 10_000
/** So often a robot is asked at most to forget its zone actions that are over, milliseconds. Proposed: every asking is an instant action that it keeps, too. */
const CLEAR_INTERVAL_MS = 60_000
/** From so many characters on a set is fetched rather than sent, where a robot can that: brokers bound their messages. Proposed. */
const LARGE_SET = 65_536
/** A robot that was told where a set is and does not have it by then is sent it, milliseconds. */
const FETCHED_WITHIN_MS = 120_000

interface Said {
  readonly grantType: VdaResponse['grantType']
  readonly atMs: number
  /** By the robot's own clock. */
  readonly robotMs: number
}

/**
 * Sends robots of 3.0 the zones of their level, and answers who asks to go into one. Only what people hold is stored: after
 * a restart robots say what they hold.
 */
export class Zones {
  readonly #floor: FloorIndex
  readonly #registry: RobotRegistry
  readonly #commands: Commands
  readonly #holds: ZoneHolds
  readonly #files: RobotFiles
  readonly #traffic: Pick<TrafficControl, 'holdArea' | 'freeArea'>
  readonly #clock: Clock
  readonly #log: FastifyBaseLogger
  readonly #sets = new Map<string, VdaZoneSet>()
  /** By robot and set, where it was told to fetch it. */
  readonly #toFetch = new Set<string>()
  /** By robot and set, when it was last sent or enabled. */
  readonly #pushed = new Map<string, number>()
  /** By robot, how far its clock is ahead of this one, milliseconds: it judges leases by its own. */
  readonly #aheadMs = new Map<string, number>()
  /** By robot, when it was last asked to forget its zone actions. */
  readonly #cleared = new Map<string, number>()
  /** What a level's zones come to for robots that keep to the same kinds of them. */
  readonly #setOf = new WeakMap<ZoneOffer, Map<string, VdaZoneSet | null>>()
  /** Robots whose last state asks for a zone, or says that they hold one. */
  readonly #asking = new Set<string>()
  /** By zone. */
  readonly #grants = new Map<string, { readonly robotId: string; readonly untilMs: number }>()
  /** By robot and request; in the order in which they were first heard. */
  readonly #said = new Map<string, Said>()
  #timer: TimerId = null

  constructor(options: {
    floor: FloorIndex
    registry: RobotRegistry
    commands: Commands
    holds: ZoneHolds
    files: RobotFiles
    traffic: Pick<TrafficControl, 'holdArea' | 'freeArea'>
    clock: Clock
    log: FastifyBaseLogger
  }) {
    this.#floor = options.floor
    this.#registry = options.registry
    this.#commands = options.commands
    this.#holds = options.holds
    this.#files = options.files
    this.#traffic = options.traffic
    this.#clock = options.clock
    this.#log = options.log
  }

  start(): void {
    for (const { zone, levelId } of this.#releaseZones()) this.#keepOut(zone, levelId)
    this.#waitForEnd()
  }

  stop(): void {
    this.#clock.clearTimeout(this.#timer)
  }

  /** Those of one robot at a time, by level. */
  views(): ZoneView[] {
    return this.#releaseZones().map(({ zone, levelId }) => this.#view(zone, levelId))
  }

  /** People have it from now on. @throws WARD_ERR_NOT_FOUND, and as `ZoneHolds.take` */
  async take(zoneId: string, hold: NewZoneHold, user: User): Promise<ZoneView> {
    const { zone, levelId } = this.#releaseZone(zoneId)
    await this.#holds.take(zoneId, hold, user)
    this.#keepOut(zone, levelId)
    this.#waitForEnd()
    return this.#view(zone, levelId)
  }

  /** Robots may ask again, and who waits is let in. @throws WARD_ERR_NOT_FOUND */
  async giveBack(zoneId: string, user: User): Promise<ZoneView> {
    const { zone, levelId } = this.#releaseZone(zoneId)
    await this.#holds.giveBack(zoneId, user)
    this.#traffic.freeArea(wordsOf(zone))
    this.#waitForEnd()
    this.#answer()
    return this.#view(zone, levelId)
  }

  /** Robots that ask nobody are not sent there, and others not in vain. */
  #keepOut(zone: Zone, levelId: string): void {
    const hold = this.#holds.of(zone.id)
    if (hold !== null)
      this.#traffic.holdArea({ levelId, polygon: zone.polygon }, hold.until.getTime(), wordsOf(zone))
  }

  /** Robots that wait say nothing new by themselves: the end of a hold is an event. */
  #waitForEnd(): void {
    this.#clock.clearTimeout(this.#timer)
    const end = this.#holds.nextEnd()
    if (end === null) return
    this.#timer = this.#clock.setTimeout(() => {
      this.#answer()
      this.#waitForEnd()
    }, end.getTime() - this.#clock.epochMs())
  }

  #releaseZones(): { zone: Zone; levelId: string }[] {
    return this.#floor.plan.levels.flatMap(({ id: levelId, zones }) =>
      zones.filter(({ kind }) => kind === 'release').map((zone) => ({ zone, levelId })),
    )
  }

  #releaseZone(zoneId: string) {
    const found = this.#releaseZones().find(({ zone }) => zone.id === zoneId)
    if (found !== undefined) return found
    throw wardError('WARD_ERR_NOT_FOUND', {
      what: `There is no zone ${JSON.stringify(zoneId)} for one robot at a time`,
      where: 'zoneId',
      remedy: 'Choose one that GET /api/zones lists.',
    })
  }

  #view({ id, name, polygon }: Zone, levelId: string): ZoneView {
    const hold = this.#holds.of(id)
    const grant = this.#grants.get(id)?.robotId
    const inside = [
      ...this.#robotsIn(polygon, levelId),
      ...this.#holders(id),
      ...(grant === undefined ? [] : [grant]),
    ]
    return {
      id,
      name,
      levelId,
      hold:
        hold === null
          ? null
          : {
              reason: hold.reason,
              by: hold.heldBy,
              since: hold.since.toISOString(),
              until: hold.until.toISOString(),
            },
      robotIds: [...new Set(inside)],
      unheedingRobotIds: this.#registry
        .views()
        .filter(({ position }) => position?.levelId === levelId)
        .map((view) => view.id)
        .filter((robotId) => !this.#heeds(robotId)),
    }
  }

  /** Robots that say that they have it, or lost it inside. */
  #holders(zone: string): string[] {
    return [...this.#asking].filter((robotId) =>
      this.#registry
        .state(robotId)
        ?.zoneRequests?.some(({ zoneId, requestStatus }) => zoneId === zone && requestStatus !== 'REQUESTED'),
    )
  }

  /** Whether it asks before it goes in. */
  #heeds(robotId: string): boolean {
    return this.#registry.version(robotId) === '3.0' && this.#registry.zoneOffer(robotId).kinds.has('RELEASE')
  }

  /** Called with each state of a robot, when the registry has it. */
  onState(robotId: string, state: State): void {
    if ((state.zoneRequests ?? []).length > 0) this.#asking.add(robotId)
    else this.#asking.delete(robotId)
    if (this.#registry.version(robotId) !== '3.0' || !this.#registry.isOnline(robotId)) return
    this.#aheadMs.set(robotId, Date.parse(state.timestamp) - this.#clock.epochMs())
    this.#tendSets(robotId, state)
    this.#clearActions(robotId, state)
    this.#answer()
  }

  #tendSets(robotId: string, { zoneSets = [], mobileRobotPosition, operatingMode }: State): void {
    const levelId = mobileRobotPosition?.mapId
    const set = levelId === undefined ? null : this.#setFor(levelId, this.#registry.zoneOffer(robotId))
    if (set === null) return
    const { zoneSetId } = set
    const known = zoneSets.find((each) => each.zoneSetId === zoneSetId)
    if (known?.zoneSetStatus === 'ENABLED') return
    const step = known === undefined ? 'send' : 'enable'
    if (step === 'enable' && !mayBeInstructed(operatingMode, ROBOT_ACTION_TYPES.enableZoneSet)) return
    const key = `${robotId} ${zoneSetId} ${step}`
    const nowMs = this.#clock.epochMs()
    if (nowMs - (this.#pushed.get(key) ?? -Infinity) < SAY_AGAIN_MS) return
    this.#pushed.set(key, nowMs)
    this.#guard(
      step === 'send'
        ? this.#send(robotId, set, key, operatingMode)
        : this.#commands.sendInstantAction(robotId, {
            actionType: ROBOT_ACTION_TYPES.enableZoneSet,
            actionId: `${zoneSetId}.enable.${nowMs}`,
            parameters: [{ key: 'zoneSetId', value: zoneSetId }],
          }),
      robotId,
    )
  }

  /** 3.0, 7.8: the list is to be cleared before it becomes too long. Nobody here waits for an action of a zone. */
  #clearActions(robotId: string, { zoneActionStates = [], operatingMode }: State): void {
    const actionType = ROBOT_ACTION_TYPES.clearZoneActions
    const isAnyOver = zoneActionStates.some(
      ({ actionStatus }) => actionStatus === 'FINISHED' || actionStatus === 'FAILED',
    )
    if (!isAnyOver || !mayBeInstructed(operatingMode, actionType)) return
    if (this.#registry.actionTypes(robotId)?.has(actionType) !== true) return
    const nowMs = this.#clock.epochMs()
    if (nowMs - (this.#cleared.get(robotId) ?? -Infinity) < CLEAR_INTERVAL_MS) return
    this.#cleared.set(robotId, nowMs)
    this.#guard(
      this.#commands.sendInstantAction(robotId, { actionType, actionId: `${actionType}.${nowMs}` }),
      robotId,
    )
  }

  /** A set that was sent since the server was started. */
  sent(zoneSetId: string): VdaZoneSet | undefined {
    return this.#sets.get(zoneSetId)
  }

  /** A large one is first offered for fetching (3.0, 6.4.2); the topic is for whoever does not get it so. */
  #send(robotId: string, set: VdaZoneSet, key: string, mode: State['operatingMode']): Promise<void> {
    const { zoneSetId } = set
    const actionType = ROBOT_ACTION_TYPES.downloadZoneSet
    const text = zoneSetText(set)
    const isOffered =
      text.length >= LARGE_SET &&
      !this.#toFetch.has(key) &&
      this.#registry.actionTypes(robotId)?.has(actionType) === true &&
      mayBeInstructed(mode, actionType)
    const link = isOffered ? this.#files.zoneSetLink(zoneSetId) : null
    if (link === null) return this.#commands.sendZoneSet(robotId, set)
    const nowMs = this.#clock.epochMs()
    this.#toFetch.add(key)
    this.#pushed.set(key, nowMs + FETCHED_WITHIN_MS - SAY_AGAIN_MS)
    return this.#commands.sendInstantAction(robotId, {
      actionType,
      actionId: `${zoneSetId}.download.${nowMs}`,
      parameters: [
        { key: 'zoneSetId', value: zoneSetId },
        { key: 'zoneSetDownloadLink', value: link },
        { key: 'zoneSetHash', value: sha256Of(text) },
      ],
    })
  }

  /** The id follows from the content: a set never changes under its id (3.0, 6.4.2). `null`: it has no zones. */
  #setFor(levelId: string, offer: ZoneOffer): VdaZoneSet | null {
    if (!this.#floor.hasLevel(levelId)) return null
    const known = this.#setOf.get(offer) ?? new Map<string, VdaZoneSet | null>()
    this.#setOf.set(offer, known)
    const set = known.has(levelId) ? known.get(levelId)! : this.#makeSet(levelId, offer)
    known.set(levelId, set)
    return set
  }

  #makeSet(levelId: string, offer: ZoneOffer): VdaZoneSet | null {
    const zones = robotZones(this.#floor.level(levelId), offer)
    if (zones.length === 0) return null
    const hash = sha256Of(JSON.stringify(zones)).slice(0, 16)
    const zoneSetId = `${levelId}-${hash}`
    const set = this.#sets.get(zoneSetId) ?? { mapId: levelId, zoneSetId, zones }
    this.#sets.set(zoneSetId, set)
    return set
  }

  #answer(): void {
    if (this.#asking.size === 0 && this.#grants.size === 0 && this.#said.size === 0) return
    const nowMs = this.#clock.epochMs()
    const claims = this.#claims()
    this.#forget(claims, nowMs)
    for (const answer of zoneAnswers({
      claims,
      grants: this.#grants,
      occupants: (zoneId) => this.#occupants(zoneId),
      isHeld: (zoneId) => this.#holds.of(zoneId) !== null,
    })) {
      const { robotId, requestId, zoneId, status, grantType } = answer
      // Lost inside: the robot has to ask anew.
      if (status === 'EXPIRED' || status === 'REVOKED') continue
      if (!this.#isDue(answer, nowMs)) continue
      const robotMs = this.#robotMs(robotId, nowMs)
      this.#said.set(`${robotId} ${requestId}`, { grantType, atMs: nowMs, robotMs })
      const untilMs = nowMs + LEASE_MS
      if (grantType === 'GRANTED') this.#grants.set(zoneId, { robotId, untilMs })
      this.#respond(robotId, {
        requestId,
        grantType,
        ...(grantType === 'GRANTED' ? { leaseExpiry: new Date(robotMs + LEASE_MS).toISOString() } : {}),
      })
    }
  }

  /** What is news, what was perhaps not heard, and a lease that is to be longer. */
  #isDue({ robotId, requestId, grantType, status }: ReturnType<typeof zoneAnswers>[number], nowMs: number) {
    const said = this.#said.get(`${robotId} ${requestId}`)
    if (said === undefined || said.grantType !== grantType) return true
    // The longer of the two: a lease must not run out by the one while it is young by the other.
    const ageMs = Math.max(nowMs - said.atMs, this.#robotMs(robotId, nowMs) - said.robotMs)
    if (grantType === 'QUEUED') return false
    return ageMs >= (status === 'GRANTED' ? LEASE_MS / 3 : SAY_AGAIN_MS)
  }

  /** What a robot's clock says now. */
  #robotMs(robotId: string, nowMs: number): number {
    const aheadMs = this.#aheadMs.get(robotId) ?? 0
    return nowMs + (Number.isFinite(aheadMs) ? aheadMs : 0)
  }

  /** In the order in which they were first heard. What asks for a zone that is none of ours is told no. */
  #claims(): ZoneClaim[] {
    const claims: ZoneClaim[] = []
    for (const robotId of this.#asking) {
      for (const { requestId, zoneId, zoneSetId, requestStatus } of this.#registry.state(robotId)
        ?.zoneRequests ?? []) {
        const key = `${robotId} ${requestId}`
        if (this.#zone(zoneId, zoneSetId) === undefined) {
          if (!this.#said.has(key)) this.#respond(robotId, { requestId, grantType: 'REJECTED' })
          const nowMs = this.#clock.epochMs()
          this.#said.set(key, {
            grantType: 'REJECTED',
            atMs: nowMs,
            robotMs: this.#robotMs(robotId, nowMs),
          })
          continue
        }
        // Who is away is let in when it is back; what it holds it still holds.
        if (requestStatus === 'REQUESTED' && !this.#registry.isOnline(robotId)) continue
        claims.push({ robotId, requestId, zoneId, status: requestStatus })
      }
    }
    const order = [...this.#said.keys()]
    const rank = ({ robotId, requestId }: ZoneClaim) => {
      const index = order.indexOf(`${robotId} ${requestId}`)
      return index < 0 ? Infinity : index
    }
    return claims.toSorted((a, b) => (rank(a) === rank(b) ? 0 : rank(a) - rank(b)))
  }

  /** Grants of robots that no longer say that they hold or want them, and leases that are over. */
  #forget(claims: readonly ZoneClaim[], nowMs: number): void {
    for (const [zoneId, { robotId, untilMs }] of this.#grants) {
      const isClaimed = claims.some((claim) => claim.zoneId === zoneId && claim.robotId === robotId)
      if (!isClaimed && (this.#registry.isOnline(robotId) || untilMs <= nowMs)) this.#grants.delete(zoneId)
    }
    const stated = new Set(
      [...this.#asking].flatMap((id) =>
        (this.#registry.state(id)?.zoneRequests ?? []).map(({ requestId }) => `${id} ${requestId}`),
      ),
    )
    for (const key of this.#said.keys()) if (!stated.has(key)) this.#said.delete(key)
  }

  #zone(zoneId: string, zoneSetId: string) {
    return this.#sets.get(zoneSetId)?.zones.find((zone) => zone.zoneId === zoneId)
  }

  #occupants(zoneId: string): string[] {
    const set = [...this.#sets.values()].find(({ zones }) => zones.some((zone) => zone.zoneId === zoneId))
    const vertices = set?.zones.find((zone) => zone.zoneId === zoneId)?.vertices ?? []
    return set === undefined ? [] : this.#robotsIn(vertices, set.mapId)
  }

  /** By the last place that is known of each; any part of it counts. */
  #robotsIn(vertices: readonly Point2[], levelId: string): string[] {
    return this.#registry.views().flatMap(({ id, position, lengthM, widthM }) => {
      if (position === null || position.levelId !== levelId) return []
      const isIn =
        isInsidePolygon(position, vertices) ||
        distanceToBoundary(position, vertices) < Math.hypot(lengthM, widthM) / 2
      return isIn ? [id] : []
    })
  }

  #respond(robotId: string, response: VdaResponse): void {
    this.#guard(this.#commands.sendResponse(robotId, response), robotId)
  }

  #guard(work: Promise<unknown>, robotId: string): void {
    work.catch((error: unknown) => {
      this.#log.warn(
        { err: error, robotId },
        'What a robot is to know of zones was not sent; it will be said again',
      )
    })
  }
}

/** Of a zone alone: it is known by them again. */
function wordsOf({ id, name }: Zone): string {
  return `people have ${name} (${id})`
}
