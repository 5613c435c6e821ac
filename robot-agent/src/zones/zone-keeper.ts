import type { Clock, TimerId } from '@wardlight/core/clock'
import type { Point2 } from '@wardlight/core/geometry'
import { ROBOT_ACTION_TYPES } from '@wardlight/core/fleet'
import type {
  ActionState,
  Responses,
  VdaError,
  VdaZoneSet,
  ZoneAction,
  ZoneRequest,
  ZoneSetState,
} from '@wardlight/core/vda5050'
import { announcementOf } from '../announcements/announcement.ts'
import type { Announcer } from '../announcements/announcer.ts'
import {
  EMPTY_ZONE_ACTION_BOOK,
  withEnded,
  withoutEnded,
  withPlace,
  zoneActionErrors,
  type ZoneActionBook,
} from './zone-actions.ts'
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
  /** `null`: the robot has no screen, and no actions of zones. */
  readonly announcer: Announcer | null
  /** What may be driven is to be looked at again. */
  readonly onLook: () => void
  /** Something is to be told. */
  readonly onChange: () => void
}

/** Keeps the zones that the fleet sent, and its answers, over time. A restart forgets them; the fleet sees that. */
export class ZoneKeeper {
  readonly #options: ZoneKeeperOptions
  #book: ZoneBook = EMPTY_ZONE_BOOK
  #actionBook: ZoneActionBook = EMPTY_ZONE_ACTION_BOOK
  /** What is announced because of a zone, by `actionId`: takes it back. */
  readonly #announced = new Map<string, () => void>()
  readonly #run: string
  #timer: TimerId = null

  constructor(options: ZoneKeeperOptions) {
    this.#options = options
    this.#run = String(options.clock.epochMs())
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
    return [
      ...zoneErrors(this.#book, this.#options.robot, this.#options.pose()),
      ...zoneActionErrors(this.#actionBook),
    ]
  }

  /** Of actions of zones: those that run, and those that are over and not cleared. */
  get actionStates(): readonly ActionState[] {
    return this.#actionBook.states
  }

  /** Forgets what is over. */
  clearActions(): void {
    this.#becomeActions(withoutEnded(this.#actionBook))
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
    this.#act()
    if (this.#book.sets.length > 0) this.#options.onLook()
  }

  /** Begins and ends what ACTION zones ask for; a person who drives changes nothing of it, as it holds nobody up. */
  #act(): void {
    const { robot, pose } = this.#options
    const { book, steps } = withPlace(this.#actionBook, this.#book, robot, pose(), this.#run)
    this.#becomeActions(book)
    for (const step of steps) {
      if (step.kind === 'end') this.#announced.get(step.actionId)?.()
      else this.#begin(step.actionId, step.action, step.isWhileInside)
    }
  }

  #begin(actionId: string, action: ZoneAction, isWhileInside: boolean): void {
    const { announcer } = this.#options
    const end = (problem: string | null) => {
      this.#announced.delete(actionId)
      this.#becomeActions(withEnded(this.#actionBook, actionId, problem))
    }
    // The set was read by what the robot offers; should it be another, it is told and not passed over.
    const announcement =
      action.actionType === ROBOT_ACTION_TYPES.announce ? announcementOf(action) : 'there is no such action'
    if (announcer === null || typeof announcement === 'string') {
      end(typeof announcement === 'string' ? announcement : 'the robot has no screen')
      return
    }
    const { text, seconds } = announcement
    this.#announced.set(actionId, announcer.show(text, isWhileInside ? null : seconds, end))
  }

  #becomeActions(book: ZoneActionBook): void {
    const isNews = book !== this.#actionBook
    this.#actionBook = book
    if (isNews) this.#options.onChange()
  }

  #become(book: ZoneBook | null): boolean {
    if (book === null) return false
    const isNews = book !== this.#book
    this.#book = book
    if (isNews) this.#options.onChange()
    return true
  }
}
