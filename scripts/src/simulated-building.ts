import type { FloorPlan } from '@wardlight/core/floor'
import type { Building, DoorState, LiftState } from '@wardlight/fleet-server'
import type { World } from '@wardlight/sim'

/**
 * The doors and lifts of the simulated hospital, as its building management offers them to the fleet: all lifts, and
 * the automatic doors. The server is started before there is a world; until then nothing answers.
 */
export class SimulatedBuilding implements Building {
  readonly liftIds: ReadonlySet<string>
  readonly doorIds: ReadonlySet<string>
  #world: World | null = null
  readonly #held = new Set<string>()

  constructor({ lifts, levels }: FloorPlan) {
    this.liftIds = new Set(lifts.map(({ id }) => id))
    const ofLifts = new Set(lifts.flatMap(({ doorIds }) => Object.values(doorIds).flat()))
    this.doorIds = new Set(
      levels
        .flatMap(({ doors }) => doors)
        .filter(({ id, automatic }) => automatic && !ofLifts.has(id))
        .map(({ id }) => id),
    )
  }

  attach(world: World): void {
    this.#world = world
  }

  liftState(liftId: string): LiftState | null {
    return this.#world?.lifts.status(liftId) ?? null
  }

  requestLift(liftId: string, sessionId: string, levelId: string): void {
    this.#world?.lifts.request(liftId, sessionId, levelId)
  }

  releaseLift(liftId: string, sessionId: string): void {
    this.#world?.lifts.endSession(liftId, sessionId)
  }

  doorState(doorId: string): DoorState | null {
    if (this.#world === null) return null
    const openness = this.#world.doors.openness(doorId)
    return openness === 1 ? 'open' : openness === 0 ? 'closed' : 'moving'
  }

  requestDoor(doorId: string): void {
    if (this.#held.has(doorId)) return
    this.#held.add(doorId)
    this.#world?.doors.setOpen(doorId, true)
  }

  releaseDoor(doorId: string): void {
    if (this.#held.delete(doorId)) this.#world?.doors.setOpen(doorId, false)
  }
}
