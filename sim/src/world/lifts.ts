import { wardError } from '@wardlight/core/errors'
import { isInsidePolygon, type Point2 } from '@wardlight/core/geometry'
import type { FloorPlan, Lift } from '@wardlight/core/floor'
import type { DoorBank } from './doors.ts'

/** Metres a second between floors: a hydraulic or bed lift of a small hospital. */
const LIFT_SPEED_MPS = 1
/** How long the doors stay open at a level, from fully open. */
const LIFT_HOLD_MS = 8000

/** What rides in a cabin. */
export interface LiftBody extends Point2 {
  levelId: string
}

/**
 * What a lift says of itself, after Open-RMF's `LiftState`: whom it obeys, and where it is. `human`: people have called
 * it or are in it, and robots wait.
 */
export interface LiftStatus {
  readonly levelId: string
  readonly doors: 'open' | 'moving' | 'closed'
  readonly isMoving: boolean
  readonly mode: 'human' | 'agv'
  /** Who has it; `null` outside of a session. */
  readonly sessionId: string | null
}

interface Cabin {
  readonly lift: Lift
  levelId: string
  /** Somebody has it to themselves until they give it back: where it is to stand with its doors open. */
  session: { readonly id: string; levelId: string } | null
  /** Levels asked for, first come first served. */
  readonly calls: string[]
  state:
    | { kind: 'idle' }
    | { kind: 'open'; untilMs: number }
    | { kind: 'closing' }
    | { kind: 'moving'; arriveMs: number; toLevelId: string }
}

/** Cabins that travel between levels, and take along what stands in them. */
export class LiftBank {
  readonly #cabins = new Map<string, Cabin>()
  readonly #doors: DoorBank
  readonly #elevationM = new Map<string, number>()

  constructor(plan: FloorPlan, doors: DoorBank) {
    this.#doors = doors
    for (const level of plan.levels) this.#elevationM.set(level.id, level.elevationM)
    for (const lift of plan.lifts) {
      const levelId = lift.levelIds[0]
      if (levelId !== undefined)
        this.#cabins.set(lift.id, { lift, levelId, session: null, calls: [], state: { kind: 'idle' } })
    }
  }

  /** Calls the cabin to a level; its doors open there. */
  call(liftId: string, levelId: string): void {
    const cabin = this.#cabin(liftId)
    this.#checkStop(cabin, levelId)
    if (!cabin.calls.includes(levelId)) cabin.calls.push(levelId)
  }

  #checkStop(cabin: Cabin, levelId: string): void {
    const liftId = cabin.lift.id
    if (!cabin.lift.levelIds.includes(levelId)) {
      throw wardError('WARD_ERR_LEVEL_UNKNOWN', {
        what: `${cabin.lift.name} does not stop at ${levelId}`,
        where: `lift ${liftId}`,
        remedy: `Call it to one of: ${cabin.lift.levelIds.join(', ')}.`,
      })
    }
  }

  /**
   * Asks for the cabin to oneself, with its doors open at a level; repeated and changed as one likes, as Open-RMF's
   * `LiftRequest` is. People go first: it is not taken from them.
   *
   * @returns whether the session is the caller's
   */
  request(liftId: string, sessionId: string, levelId: string, people: readonly LiftBody[]): boolean {
    const cabin = this.#cabin(liftId)
    this.#checkStop(cabin, levelId)
    if (cabin.session === null && !this.#isPeoples(cabin, people)) cabin.session = { id: sessionId, levelId }
    if (cabin.session?.id !== sessionId) return false
    cabin.session.levelId = levelId
    return true
  }

  endSession(liftId: string, sessionId: string): void {
    const cabin = this.#cabin(liftId)
    if (cabin.session?.id === sessionId) cabin.session = null
  }

  status(liftId: string, people: readonly LiftBody[]): LiftStatus {
    const cabin = this.#cabin(liftId)
    const openness = this.#doorsAt(cabin).map((index) => this.#doors.openness(index))
    return {
      levelId: cabin.levelId,
      doors: openness.every((each) => each === 1)
        ? 'open'
        : openness.every((each) => each === 0)
          ? 'closed'
          : 'moving',
      isMoving: cabin.state.kind === 'moving',
      mode: cabin.session === null && this.#isPeoples(cabin, people) ? 'human' : 'agv',
      sessionId: cabin.session?.id ?? null,
    }
  }

  #isPeoples({ lift, levelId, calls }: Cabin, people: readonly LiftBody[]): boolean {
    return (
      calls.length > 0 ||
      people.some((person) => person.levelId === levelId && isInsidePolygon(person, lift.cabin))
    )
  }

  levelOf(liftId: string): string {
    return this.#cabin(liftId).levelId
  }

  /** Whether the doors at the cabin's level stand fully open. */
  isOpen(liftId: string): boolean {
    const cabin = this.#cabin(liftId)
    return this.#doorsAt(cabin).every((index) => this.#doors.openness(index) === 1)
  }

  step(nowMs: number, bodies: () => readonly LiftBody[]): void {
    for (const cabin of this.#cabins.values()) this.#stepCabin(cabin, nowMs, bodies)
  }

  #stepCabin(cabin: Cabin, nowMs: number, bodies: () => readonly LiftBody[]): void {
    const { state } = cabin
    switch (state.kind) {
      case 'idle': {
        const next = cabin.session?.levelId ?? cabin.calls[0]
        if (next === undefined) return
        if (next === cabin.levelId) {
          if (cabin.session === null) cabin.calls.shift()
          this.#setDoors(cabin, true, nowMs)
          cabin.state = { kind: 'open', untilMs: nowMs + LIFT_HOLD_MS }
          return
        }
        const heightM = Math.abs(this.#elevationM.get(next)! - this.#elevationM.get(cabin.levelId)!)
        cabin.state = {
          kind: 'moving',
          toLevelId: next,
          arriveMs: nowMs + (heightM / LIFT_SPEED_MPS) * 1000 + 2000,
        }
        return
      }
      case 'open':
        if (cabin.session?.levelId === cabin.levelId) {
          state.untilMs = nowMs + LIFT_HOLD_MS
          return
        }
        if (cabin.session === null && nowMs < state.untilMs) return
        this.#setDoors(cabin, false, nowMs)
        cabin.state = { kind: 'closing' }
        return
      case 'closing':
        if (this.#doorsAt(cabin).every((index) => this.#doors.openness(index) === 0))
          cabin.state = { kind: 'idle' }
        return
      case 'moving': {
        if (nowMs < state.arriveMs) return
        const from = cabin.levelId
        cabin.levelId = state.toLevelId
        for (const body of bodies()) {
          if (body.levelId === from && isInsidePolygon(body, cabin.lift.cabin)) body.levelId = cabin.levelId
        }
        cabin.state = { kind: 'idle' }
      }
    }
  }

  #setDoors(cabin: Cabin, isOpen: boolean, nowMs: number): void {
    for (const index of this.#doorsAt(cabin)) this.#doors.setOpen(index, isOpen, nowMs)
  }

  #doorsAt(cabin: Cabin): number[] {
    return (cabin.lift.doorIds[cabin.levelId] ?? []).map((id) => this.#doors.indexOf(id))
  }

  #cabin(liftId: string): Cabin {
    const cabin = this.#cabins.get(liftId)
    if (cabin === undefined) {
      throw wardError('WARD_ERR_NOT_FOUND', { what: `the plan has no lift ${liftId}`, where: 'lifts' })
    }
    return cabin
  }
}
