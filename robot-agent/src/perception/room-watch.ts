import type { Obstacle, RoomModel } from '@wardlight/core/disinfection'
import { distance, type OccupancyGrid, type Point2, type Pose2 } from '@wardlight/core/geometry'
import type { Disposable, LaserScan } from '@wardlight/core/ros'
import type { LaserMount, RobotReading, RobotSensors } from '../robot/ports.ts'
import { DoorWatch, doorsOpenToSight } from './door-sight.ts'
import { KnownRoom, type RoomKnowledge } from './known-room.ts'
import { PersonWatch } from './person-watch.ts'
import { findMissingFurniture, findThings, type FoundThing } from './room-as-found.ts'
import { RoomGrid } from './room-grid.ts'
import { placeScan, type PlacedScan } from './scan-points.ts'

/** Scans of one survey, and of one look for people: a second of a 10 Hz lidar. */
const LOOK_SCANS = 10
/** While people are about, the room is looked at anew every so many scans. */
const LOOK_EVERY = 5
/** So long a thing stands still before it is furniture to a robot that people may be with: looks in a row (10 s). Proposed. */
const STEADY_LOOKS = 20
/** … and so far its middle may wander meanwhile, as more or less of it is seen. */
const STEADY_M = 0.15
/** A thing that was found is seen from another side at another stop; so near to it nothing new is told from it. */
const FOUND_MARGIN_M = 0.8

export interface Survey {
  /** Things that the plan does not have, too large for a person. */
  readonly things: readonly FoundThing[]
  readonly missingFurniture: readonly Obstacle[]
  /** Doors, by name, that the lidar looks through though their guards do not say that they are open. */
  readonly doorsSeenThrough: readonly string[]
  /** What to compare later scans of this room with. */
  readonly knowledge: RoomKnowledge
}

type Mode =
  | { readonly kind: 'off' }
  | {
      readonly kind: 'survey'
      readonly room: RoomModel
      readonly scans: PlacedScan[]
      readonly onDone: (survey: Survey) => void
    }
  | {
      readonly kind: 'presence'
      readonly known: KnownRoom
      readonly onThing: () => void
      looksNeeded: number
      steady: readonly { readonly centre: Point2; readonly looks: number }[]
      scans: PlacedScan[]
      isAnythingNew: boolean
    }
  | {
      readonly kind: 'standing'
      readonly known: KnownRoom
      readonly watch: PersonWatch
      readonly found: readonly Point2[]
      readonly onReady: () => void
      isPersonThere: boolean
      doorWatch: DoorWatch | null
    }

/**
 * The lidar's eye on the room: surveys it, watches for people while someone arms, and while the lamp
 * burns. It keeps the best estimate of where the robot stands, too.
 */
export class RoomWatch {
  readonly #sensors: RobotSensors
  readonly #showRoom: (grid: OccupancyGrid) => void
  #subscription: Disposable | null = null
  #mode: Mode = { kind: 'off' }
  #mount: LaserMount = { pose: { x: 0, y: 0, theta: 0 }, heightM: 0.2 }
  #map: OccupancyGrid | null = null
  #sentMap: OccupancyGrid | null = null
  #pose: Pose2 | null = null
  #openDoorIds: ReadonlySet<string> = new Set()
  #found: RoomGrid | null = null
  #standing: { x: number; y: number; sin: number; cos: number; count: number } | null = null

  /** @param showRoom called with the room as found after each look around */
  constructor(sensors: RobotSensors, showRoom: (grid: OccupancyGrid) => void = () => {}) {
    this.#sensors = sensors
    this.#showRoom = showRoom
  }

  /** Explains a room beside the robot's own map, and never more than that. @param grid `null`: none was sent */
  useSentMap(grid: OccupancyGrid | null): void {
    this.#sentMap = grid
  }

  start(): void {
    this.#subscription = this.#sensors.subscribe((reading) => this.#hear(reading))
  }

  stop(): void {
    this.#subscription?.dispose()
    this.#subscription = null
    this.off()
  }

  /** Where the robot is: while it stands, the mean of all estimates since it came to stand. */
  get pose(): Pose2 | null {
    const mean = this.#standing
    if (mean === null || mean.count === 0) return this.#pose
    return { x: mean.x / mean.count, y: mean.y / mean.count, theta: Math.atan2(mean.sin, mean.cos) }
  }

  off(): void {
    this.#mode = { kind: 'off' }
    this.#standing = null
  }

  /** Looks at the room from where the robot stands. */
  survey(room: RoomModel, onDone: (survey: Survey) => void): void {
    this.#standStill()
    this.#mode = { kind: 'survey', room, scans: [], onDone }
  }

  /**
   * Watches the room while it is being armed: whatever is not known counts as somebody. `onThing` is
   * called when something stands there that is too large for a person.
   *
   * @param mustBeSteady people are, or were, in the room, and two of them look like a trolley: then only what
   *   stands still for ten seconds is told of; so it is from when the person sensor tells of somebody, too
   */
  watchPresence(known: KnownRoom, mustBeSteady: boolean, onThing: () => void): void {
    this.#standStill()
    this.#mode = {
      kind: 'presence',
      known,
      onThing,
      looksNeeded: mustBeSteady ? STEADY_LOOKS : 1,
      steady: [],
      scans: [],
      // Not yet looked at means occupied.
      isAnythingNew: true,
    }
  }

  /** Watches for anything new from a stop. `onReady` is called once it knows how the room looks from here. */
  watchStanding(known: KnownRoom, things: readonly FoundThing[], onReady: () => void): void {
    this.#standStill()
    this.#mode = {
      kind: 'standing',
      known,
      watch: new PersonWatch(known),
      found: things.flatMap(({ footprint }) => footprint),
      onReady,
      isPersonThere: false,
      doorWatch: null,
    }
  }

  /** Judges a scan. @returns whether somebody is seen. */
  see(scan: LaserScan): boolean {
    const mode = this.#mode
    const pose = this.pose
    if (mode.kind === 'off') return false
    // Lost: the supervisor knows it from the localisation itself.
    if (pose === null) return false
    const placed = placeScan(scan, pose, this.#mount)
    switch (mode.kind) {
      case 'survey':
        mode.scans.push(placed)
        if (mode.scans.length >= LOOK_SCANS) this.#endSurvey(mode)
        return false
      case 'presence': {
        mode.scans.push(placed)
        if (mode.scans.length < LOOK_SCANS) return mode.isAnythingNew
        const things = findThings(mode.scans, mode.known, this.#openDoorIds)
        mode.scans = mode.scans.slice(LOOK_EVERY)
        mode.isAnythingNew = things.length > 0
        mode.steady = things
          .filter(({ mayBePerson }) => !mayBePerson)
          .map(({ centre }) => {
            const before = mode.steady.find((thing) => distance(thing.centre, centre) <= STEADY_M)
            return { centre: before?.centre ?? centre, looks: (before?.looks ?? 0) + 1 }
          })
        if (mode.steady.some(({ looks }) => looks >= mode.looksNeeded)) mode.onThing()
        return mode.isAnythingNew
      }
      case 'standing': {
        const wasReady = mode.watch.isReady
        // Both are asked every time: each compares with the scan before.
        const isDoorOpening = mode.doorWatch?.see(placed) ?? false
        if (mode.watch.see(placed) || isDoorOpening) return true
        if (!wasReady && mode.watch.isReady) {
          this.#find(mode.known.room, mode.watch.background, false)
          mode.isPersonThere = findThings(mode.watch.background, mode.known, this.#openDoorIds).some(
            ({ mayBePerson, centre }) =>
              mayBePerson && !mode.found.some((corner) => distance(corner, centre) <= FOUND_MARGIN_M),
          )
          mode.doorWatch = new DoorWatch(mode.known.room.doors, mode.watch.background)
          if (!mode.isPersonThere) mode.onReady()
        }
        return mode.isPersonThere
      }
    }
  }

  #endSurvey(mode: Extract<Mode, { kind: 'survey' }>): void {
    this.#mode = { kind: 'off' }
    this.#find(mode.room, mode.scans, true)
    const laserHeightM = this.#mount.heightM
    const missingFurniture = findMissingFurniture(mode.scans, mode.room, laserHeightM)
    const missingIds = new Set(missingFurniture.map(({ id }) => id))
    const maps = this.#map === null ? [] : [this.#map, ...(this.#sentMap === null ? [] : [this.#sentMap])]
    const knowledge: RoomKnowledge = { maps, missingIds, laserHeightM }
    const things = findThings(mode.scans, new KnownRoom(mode.room, knowledge), this.#openDoorIds)
    mode.onDone({
      // What may be a person is no furniture: it has to go before the lamp is lit.
      things: things.filter(({ mayBePerson }) => !mayBePerson),
      missingFurniture,
      doorsSeenThrough: this.#doorsSeenThrough(mode),
      knowledge,
    })
  }

  /** What is seen from a stop joins what was seen at the last survey, and from the stops since. */
  #find(room: RoomModel, scans: readonly PlacedScan[], isAnew: boolean): void {
    if (isAnew || this.#found === null) this.#found = new RoomGrid(room)
    for (const scan of scans) this.#found.add(scan)
    this.#showRoom(this.#found.occupancy)
  }

  #doorsSeenThrough({ room, scans }: Extract<Mode, { kind: 'survey' }>): string[] {
    const ids = new Set(doorsOpenToSight(scans, room.doors))
    return room.doors.filter(({ id }) => ids.has(id) && !this.#openDoorIds.has(id)).map(({ name }) => name)
  }

  #standStill(): void {
    this.#standing = { x: 0, y: 0, sin: 0, cos: 0, count: 0 }
  }

  #hear(reading: RobotReading): void {
    switch (reading.kind) {
      case 'pose':
        if (isFinitePose(reading.pose)) this.#pose = reading.pose
        return
      case 'localisation': {
        const { pose } = reading
        // One that is no number would stay in the mean, and blind every look from here. The supervisor sees it too.
        if (!isFinitePose(pose)) return
        this.#pose ??= pose
        const mean = this.#standing
        if (mean === null) return
        mean.x += pose.x
        mean.y += pose.y
        mean.sin += Math.sin(pose.theta)
        mean.cos += Math.cos(pose.theta)
        mean.count += 1
        return
      }
      case 'laserMount':
        this.#mount = reading.mount
        return
      case 'map':
        this.#map = reading.grid
        return
      case 'personSensor':
        if (reading.isDetected && this.#mode.kind === 'presence') this.#mode.looksNeeded = STEADY_LOOKS
        return
      case 'doorGuards': {
        const open = new Set(this.#openDoorIds)
        for (const [id, state] of reading.states) {
          if (state === 'closed') open.delete(id)
          else open.add(id)
        }
        this.#openDoorIds = open
        return
      }
      default:
        return
    }
  }
}

function isFinitePose({ x, y, theta }: Pose2): boolean {
  return Number.isFinite(x) && Number.isFinite(y) && Number.isFinite(theta)
}
