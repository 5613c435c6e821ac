import type { OutbreakTouch, Verdict } from '@wardlight/core/fleet'
import {
  afterEvent,
  initialContamination,
  isolatedFor,
  robotBurden,
  roomBurden,
  type Contamination,
  type DatedEvent,
} from '../contamination/contamination.ts'
import type { RoomHygiene } from '../contamination/hygiene.ts'

/** Without names: those are the caller's. */
export type Touch = Omit<OutbreakTouch, 'roomName'>

export interface OutbreakRun {
  readonly missionId: string
  readonly roomId: string
  readonly robotId: string
  readonly organismId: string | null
  readonly orderedMs: number
  readonly verdict: Verdict | null
}

const NOBODY = { roomId: null, robotId: null, missionId: null, verdict: null, by: null } as const

/**
 * Follows one organism through what happened, by the same rules by which robots are let into rooms
 * (`contamination.ts`): events go in one by one, in their order, from the first that was ever stored.
 */
export class OutbreakTrail {
  readonly #organismId: string
  readonly #sinceMs: number
  #state: Contamination
  #hasBegun = false
  readonly #touches: Touch[] = []
  /** When each room carried it; an end of `null`: still. */
  readonly #spans = new Map<string, { readonly fromMs: number; toMs: number | null }[]>()

  constructor(rooms: readonly RoomHygiene[], organismId: string, sinceMs: number) {
    this.#state = initialContamination(rooms)
    this.#organismId = organismId
    this.#sinceMs = sinceMs
    for (const { roomId } of rooms) {
      if (this.#isIn(this.#state, roomId)) this.#spans.set(roomId, [{ fromMs: -Infinity, toMs: null }])
    }
  }

  add(dated: DatedEvent): void {
    if (dated.atMs >= this.#sinceMs) this.#begin()
    const before = this.#state
    this.#state = afterEvent(before, dated)
    const touches = this.#touchesOf(dated, before)
    if (this.#hasBegun) this.#touches.push(...touches)
    if ('roomId' in dated.event) this.#followRoom(dated.event.roomId, dated.atMs, before)
  }

  /** In order. @param runs that were ordered since then; those that touched nothing of it are left out */
  touches(runs: readonly OutbreakRun[]): Touch[] {
    this.#begin()
    const ofRuns = runs
      .filter((run) => run.organismId === this.#organismId || this.#carriedAt(run.roomId, run.orderedMs))
      .map(({ missionId, roomId, robotId, orderedMs, verdict }): Touch => ({
        ...NOBODY,
        at: new Date(orderedMs).toISOString(),
        kind: 'run',
        roomId,
        robotId,
        missionId,
        verdict,
      }))
    // What was there before comes first; runs come after what is told of the same moment.
    return [...this.#touches, ...ofRuns].toSorted((a, b) => timeOf(a) - timeOf(b))
  }

  /** At any time since the view begins. */
  roomHasCarried(roomId: string): boolean {
    return (this.#spans.get(roomId) ?? []).some(({ toMs }) => toMs === null || toMs >= this.#sinceMs)
  }

  roomCarriesNow(roomId: string): boolean {
    return this.#isIn(this.#state, roomId)
  }

  robotCarriesNow(robotId: string): boolean {
    return robotBurden(this.#state, robotId).has(this.#organismId)
  }

  /** What carries it already at the beginning. */
  #begin(): void {
    if (this.#hasBegun) return
    this.#hasBegun = true
    for (const roomId of this.#state.rooms.keys()) {
      const carried = roomBurden(this.#state, roomId).get(this.#organismId)
      if (carried === undefined) continue
      this.#touches.push({
        ...NOBODY,
        at: carried.atMs === null ? null : new Date(carried.atMs).toISOString(),
        kind: carried.atMs === null ? 'planned' : 'present',
        roomId,
      })
    }
    for (const [robotId, burden] of this.#state.robots) {
      const carried = burden.get(this.#organismId)
      if (carried === undefined) continue
      const at = carried.atMs === null ? null : new Date(carried.atMs).toISOString()
      this.#touches.push({ ...NOBODY, at, kind: 'present', robotId })
    }
  }

  #touchesOf({ event, atMs }: DatedEvent, before: Contamination): Touch[] {
    const at = new Date(atMs).toISOString()
    const organismId = this.#organismId
    if (event.type === 'robot.decontaminated') {
      const { robotId, by } = event
      return robotBurden(before, robotId).has(organismId)
        ? [{ ...NOBODY, at, kind: 'decontaminated', robotId, by }]
        : []
    }
    const { roomId } = event
    const wasIn = this.#isIn(before, roomId)
    const isIn = this.#isIn(this.#state, roomId)
    switch (event.type) {
      case 'robot.entered': {
        const { robotId } = event
        const had = robotBurden(before, robotId).has(organismId)
        const has = robotBurden(this.#state, robotId).has(organismId)
        return [
          ...(has && !had ? [{ ...NOBODY, at, kind: 'tookUp' as const, roomId, robotId }] : []),
          ...(isIn && !wasIn ? [{ ...NOBODY, at, kind: 'brought' as const, roomId, robotId }] : []),
        ]
      }
      case 'room.isolated':
        return event.organismIds.includes(organismId)
          ? [{ ...NOBODY, at, kind: 'isolated', roomId, by: event.by }]
          : []
      case 'room.isolationLifted':
        return isolatedFor(before, roomId)?.includes(organismId) === true
          ? [{ ...NOBODY, at, kind: 'lifted', roomId, by: event.by }]
          : []
      case 'room.soiled':
        return isIn && !wasIn ? [{ ...NOBODY, at, kind: 'soiled', roomId, by: event.by }] : []
      case 'room.disinfected':
        return wasIn && !isIn ? [{ ...NOBODY, at, kind: 'disinfected', roomId, by: event.by }] : []
    }
  }

  #followRoom(roomId: string, atMs: number, before: Contamination): void {
    const wasIn = this.#isIn(before, roomId)
    const isIn = this.#isIn(this.#state, roomId)
    if (wasIn === isIn) return
    const spans = this.#spans.get(roomId) ?? []
    if (isIn) this.#spans.set(roomId, [...spans, { fromMs: atMs, toMs: null }])
    else spans.at(-1)!.toMs = atMs
  }

  #carriedAt(roomId: string, atMs: number): boolean {
    return (this.#spans.get(roomId) ?? []).some(
      ({ fromMs, toMs }) => atMs >= fromMs && (toMs === null || atMs < toMs),
    )
  }

  #isIn(state: Contamination, roomId: string): boolean {
    return roomBurden(state, roomId).has(this.#organismId)
  }
}

function timeOf({ at }: Touch): number {
  return at === null ? 0 : Date.parse(at)
}
