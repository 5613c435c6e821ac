import { wardError } from '@wardlight/core/errors'
import { distanceToSegment, type Point2, type Segment2 } from '@wardlight/core/geometry'
import type { Door, FloorPlan } from '@wardlight/core/floor'

/** A leaf takes this long from shut to open: EN 16005's slow automatic doors move in about 1.5 s. */
export const DOOR_TRAVEL_MS = 1500
/** An automatic door shuts this long after its doorway is clear. */
export const DOOR_HOLD_MS = 3000

/** What the guard on a door says of itself. All but the first are faults that a test or a trainer sets; `stuck` says that its door is shut. */
export type GuardState = 'inPlace' | 'moved' | 'lost' | 'stuck'

/** A body that a leaf must not close on. */
export interface DoorBody {
  readonly levelId: string
  readonly x: number
  readonly y: number
  readonly radiusM: number
}

interface DoorState {
  readonly door: Door
  readonly levelId: string
  readonly isDouble: boolean
  /** 0 shut to 1 open. */
  openness: number
  isHeld: boolean
  openUntilMs: number
  guard: GuardState
}

/**
 * Every door of the plan with its leaf. A leaf is modelled as retracting along its doorway, from `a`
 * (double doors towards both ends): plans do not say to which side a hinged leaf swings. A doorway
 * without a leaf (`opening`) has a portable barrier that behaves the same. All begin shut.
 *
 * Any door opens for a robot or a person who comes along: an automatic one by itself, another
 * because the person, or an escort who walks with the robot, holds it. It shuts `DOOR_HOLD_MS` after
 * the last one is through, and never closes on a body. Lift doors obey their lift alone.
 */
export class DoorBank {
  readonly #doors: DoorState[] = []
  readonly #indexById = new Map<string, number>()
  readonly #moving = new Set<number>()
  readonly #ruledByLift = new Set<number>()
  #version = 0

  constructor(plan: FloorPlan) {
    for (const level of plan.levels) {
      for (const door of level.doors) {
        this.#indexById.set(door.id, this.#doors.length)
        this.#doors.push({
          door,
          levelId: level.id,
          isDouble: door.kind === 'doubleHinged' || door.kind === 'doubleSliding',
          openness: 0,
          isHeld: false,
          openUntilMs: -Infinity,
          guard: 'inPlace',
        })
      }
    }
    for (const lift of plan.lifts) {
      for (const id of Object.values(lift.doorIds).flat()) {
        const index = this.#indexById.get(id)
        if (index !== undefined) this.#ruledByLift.add(index)
      }
    }
  }

  /** Changes whenever a leaf moves or a guard's state does. */
  get version(): number {
    return this.#version
  }

  get count(): number {
    return this.#doors.length
  }

  indexOf(doorId: string): number {
    const index = this.#indexById.get(doorId)
    if (index === undefined) {
      throw wardError('WARD_ERR_NOT_FOUND', {
        what: `the plan has no door ${doorId}`,
        where: 'doors',
        remedy: 'List the doors with `wardlight map FILE`.',
      })
    }
    return index
  }

  door(index: number): Door {
    return this.#doors[index]!.door
  }

  /** 0 shut to 1 open. */
  openness(index: number): number {
    return this.#doors[index]!.openness
  }

  guard(index: number): GuardState {
    return this.#doors[index]!.guard
  }

  /** Whether the leaf stands at a place along the doorway, 0 at `a` to 1 at `b`. */
  leafCovers(index: number, along: number): boolean {
    const { openness, isDouble } = this.#doors[index]!
    if (openness === 0) return true
    return isDouble
      ? Math.min(along, 1 - along) <= (1 - openness) / 2 && openness < 1
      : along <= 1 - openness && openness < 1
  }

  /** The place of the leaf nearest to a place along the doorway; NaN when the door is fully open. */
  nearestOnLeaf(index: number, along: number): number {
    const { openness, isDouble } = this.#doors[index]!
    if (openness === 0) return along
    if (openness === 1) return Number.NaN
    if (!isDouble) return Math.min(along, 1 - openness)
    const leaf = (1 - openness) / 2
    return along <= 0.5 ? Math.min(along, leaf) : Math.max(along, 1 - leaf)
  }

  /** What of the leaf stands in the doorway now. */
  leavesOf(index: number): Segment2[] {
    const { door, openness, isDouble } = this.#doors[index]!
    if (openness === 1) return []
    if (openness === 0) return [{ a: door.a, b: door.b }]
    const share = isDouble ? (1 - openness) / 2 : 1 - openness
    const at = (along: number): Point2 => ({
      x: door.a.x + along * (door.b.x - door.a.x),
      y: door.a.y + along * (door.b.y - door.a.y),
    })
    const first = { a: door.a, b: at(share) }
    return isDouble ? [first, { a: at(1 - share), b: door.b }] : [first]
  }

  /** Opens a door and keeps it open, or lets go of it: then it shuts at once if nothing stands in it. */
  setOpen(index: number, isOpen: boolean, nowMs: number): void {
    const state = this.#doors[index]!
    state.isHeld = isOpen
    state.openUntilMs = isOpen ? state.openUntilMs : nowMs
    this.#moving.add(index)
  }

  /** Someone comes along: opens it and keeps it open for a while. @returns false for a lift's door. */
  request(index: number, nowMs: number): boolean {
    if (this.#ruledByLift.has(index)) return false
    this.#doors[index]!.openUntilMs = nowMs + DOOR_HOLD_MS
    this.#moving.add(index)
    return true
  }

  setGuard(index: number, guard: GuardState): void {
    this.#doors[index]!.guard = guard
    this.#version += 1
  }

  step(nowMs: number, stepMs: number, bodies: () => readonly DoorBody[]): void {
    for (const index of this.#moving) {
      const state = this.#doors[index]!
      if (state.isHeld || nowMs < state.openUntilMs) {
        if (state.openness < 1) this.#move(state, stepMs / DOOR_TRAVEL_MS)
      } else if (state.openness > 0) {
        if (bodies().some((body) => standsIn(state, body))) state.openUntilMs = nowMs + DOOR_HOLD_MS
        else this.#move(state, -stepMs / DOOR_TRAVEL_MS)
      } else this.#moving.delete(index)
    }
  }

  #move(state: DoorState, by: number): void {
    const openness = state.openness + by
    // Snap at the ends: sums of hundredths would leave a hair's breadth.
    state.openness = openness < 1e-6 ? 0 : openness > 1 - 1e-6 ? 1 : openness
    this.#version += 1
  }
}

function standsIn({ door, levelId }: DoorState, body: DoorBody): boolean {
  if (body.levelId !== levelId) return false
  const at: Point2 = body
  return distanceToSegment(at, door) < body.radiusM + 0.01
}
