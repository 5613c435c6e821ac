import type { Clock, TimerId } from '@wardlight/core/clock'
import type { Point2 } from '@wardlight/core/geometry'
import type { Responses, VdaError, VdaZoneSet, ZoneRequest, ZoneSetState } from '@wardlight/core/vda5050'
import {
  EMPTY_ZONE_BOOK,
  mustStand,
  passage,
  withEnabled,
  withoutRequests,
  withoutZoneSet,
  withRequests,
  withResponse,
  withTime,
  withZoneSet,
  zoneErrors,
  zoneSpeedMps,
  type Passage,
  type ZoneBook,
  type ZoneRobot,
} from './zone-rules.ts'

/** How often it is looked where the robot is and whether a lease is over, milliseconds. */
const LOOK_INTERVAL_MS = 200

export interface ZoneKeeperOptions {
  readonly robot: ZoneRobot
  readonly clock: Clock
  readonly pose: () => Point2 | null
  readonly isIdle: () => boolean
  /** Whether a person drives (INTERVENED): then nothing is asked for, and nothing held (3.0, 6.6.6). */
  readonly isDrivenByHand: () => boolean
  /** What may be driven is to be looked at again. */
  readonly onLook: () => void
  /** Something is to be told. */
  readonly onChange: () => void
}

/** Keeps the zones that the fleet sent, and its answers, over time. A restart forgets them; the fleet sees that. */
export class ZoneKeeper {
  readonly #options: ZoneKeeperOptions
  #book: ZoneBook = EMPTY_ZONE_BOOK
  #timer: TimerId = null

  constructor(options: ZoneKeeperOptions) {
    this.#options = options
  }

  start(): void {
    const { clock } = this.#options
    const beat = () => {
      this.#timer = clock.setTimeout(beat, LOOK_INTERVAL_MS)
      this.#look()
    }
    this.#timer = clock.setTimeout(beat, LOOK_INTERVAL_MS)
  }

  stop(): void {
    this.#options.clock.clearTimeout(this.#timer)
  }

  get zoneSets(): ZoneSetState[] {
    return this.#book.sets.map(({ set: { zoneSetId, mapId }, isEnabled }) => ({
      zoneSetId,
      mapId,
      zoneSetStatus: isEnabled ? 'ENABLED' : 'DISABLED',
    }))
  }

  get requests(): ZoneRequest[] {
    return this.#book.requests.map(({ request }) => request)
  }

  get errors(): VdaError[] {
    return zoneErrors(this.#book, this.#options.robot, this.#options.pose())
  }

  /** The speed that zones allow now, m/s; `null`: its own. */
  get speedMps(): number | null {
    const at = this.#options.pose()
    return at === null ? null : zoneSpeedMps(this.#book, this.#options.robot, at)
  }

  get mustStand(): boolean {
    return mustStand(this.#book, this.#options.robot, this.#options.pose())
  }

  /** @returns whether it was taken: a set of that id may be there already */
  add(set: VdaZoneSet): boolean {
    return this.#become(withZoneSet(this.#book, set))
  }

  enable(zoneSetId: string): boolean {
    return this.#become(withEnabled(this.#book, zoneSetId))
  }

  delete(zoneSetId: string): boolean {
    return this.#become(withoutZoneSet(this.#book, zoneSetId))
  }

  answer({ responses }: Responses): void {
    const nowMs = this.#options.clock.epochMs()
    this.#become(responses.reduce((book, response) => withResponse(book, response, nowMs), this.#book))
    this.#look()
  }

  /** Whether the way is free; where it takes a release, that is asked for. */
  passage(to: Point2): Passage {
    const { robot, pose, clock } = this.#options
    const from = pose()
    if (from === null || this.#book.sets.length === 0) return { kind: 'free' }
    const found = passage(this.#book, robot, from, to)
    if (found.kind === 'wait') this.#become(withRequests(this.#book, robot, found.zoneIds, clock.epochMs()))
    return found
  }

  #look(): void {
    const { robot, pose, clock, isIdle, isDrivenByHand } = this.#options
    this.#become(
      isDrivenByHand()
        ? withoutRequests(this.#book)
        : withTime(this.#book, robot, pose(), clock.epochMs(), isIdle()),
    )
    if (this.#book.sets.length > 0) this.#options.onLook()
  }

  #become(book: ZoneBook | null): boolean {
    if (book === null) return false
    const isNews = book !== this.#book
    this.#book = book
    if (isNews) this.#options.onChange()
    return true
  }
}
