import { wardError } from '@wardlight/core/errors'
import type { FloorPlan } from '@wardlight/core/floor'

/** From open to shut, ms (proposed: spring-return actuators take some seconds, motor-driven ones up to a minute or two). */
export const DAMPER_TRAVEL_MS = 8000

export type DamperName = 'supply' | 'exhaust'

/** What is wrong with a damper: it does not move, or nobody hears of it. */
export type DamperFault = 'stuck' | 'silent'

interface DamperBody {
  /** 0 shut to 1 open. */
  openness: number
  target: 0 | 1
  fault: DamperFault | null
}

const NAMES: readonly DamperName[] = ['supply', 'exhaust']

/** Two dampers a room, all open at first. A room is shut off only when both are. */
export class Ventilation {
  readonly #dampers = new Map<string, DamperBody>()
  readonly #moving = new Set<DamperBody>()
  readonly #roomOf = new Map<DamperBody, string>()
  readonly #onIsolation: (roomId: string, isShutOff: boolean) => void
  readonly #shutOff = new Set<string>()

  constructor(plan: FloorPlan, onIsolation: (roomId: string, isShutOff: boolean) => void) {
    this.#onIsolation = onIsolation
    for (const { rooms } of plan.levels) {
      for (const { id } of rooms) {
        for (const name of NAMES) {
          const body: DamperBody = { openness: 1, target: 1, fault: null }
          this.#dampers.set(`${id}/${name}`, body)
          this.#roomOf.set(body, id)
        }
      }
    }
  }

  /** A command by name, `<room id>/supply`; one for a damper that is not there does nothing. */
  command(key: string, position: string): void {
    const body = this.#dampers.get(key)
    if (body === undefined || (position !== 'shut' && position !== 'open')) return
    body.target = position === 'shut' ? 0 : 1
    if (body.openness !== body.target) this.#moving.add(body)
  }

  /** 0 shut to 1 open; `null` when nobody hears of it. @throws WARD_ERR_ROOM_UNKNOWN */
  reported(roomId: string, name: DamperName): number | null {
    const { openness, fault } = this.#body(roomId, name)
    return fault === 'silent' ? null : openness
  }

  isShutOff(roomId: string): boolean {
    return this.#shutOff.has(roomId)
  }

  /** @throws WARD_ERR_ROOM_UNKNOWN */
  setFault(roomId: string, name: DamperName, fault: DamperFault | null): void {
    this.#body(roomId, name).fault = fault
  }

  /** Moves it by another hand, the building's own fire control say; it stays there until it is commanded anew. */
  force(roomId: string, name: DamperName, openness: number): void {
    const body = this.#body(roomId, name)
    body.openness = openness
    body.target = openness > 0 ? 1 : 0
    this.#look(roomId)
  }

  step(stepMs: number): void {
    for (const body of this.#moving) {
      if (body.fault === 'stuck') continue
      const by = stepMs / DAMPER_TRAVEL_MS
      const openness = body.target === 0 ? body.openness - by : body.openness + by
      // Snap at the ends: sums of thousandths would leave a hair's breadth.
      body.openness = openness < 1e-6 ? 0 : openness > 1 - 1e-6 ? 1 : openness
      if (body.openness === body.target) this.#moving.delete(body)
      this.#look(this.#roomOf.get(body)!)
    }
  }

  #look(roomId: string): void {
    const isShut = NAMES.every((name) => this.#body(roomId, name).openness === 0)
    if (isShut === this.#shutOff.has(roomId)) return
    if (isShut) this.#shutOff.add(roomId)
    else this.#shutOff.delete(roomId)
    this.#onIsolation(roomId, isShut)
  }

  #body(roomId: string, name: DamperName): DamperBody {
    const body = this.#dampers.get(`${roomId}/${name}`)
    if (body === undefined) {
      throw wardError('WARD_ERR_ROOM_UNKNOWN', {
        what: `the plan has no room ${roomId}`,
        where: 'ventilation',
      })
    }
    return body
  }
}
