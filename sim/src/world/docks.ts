import type { FloorPlan } from '@wardlight/core/floor'
import { wardError } from '@wardlight/core/errors'
import type { Robot } from './robot.ts'

/** `noPower`: it is reached and gives no current. */
export type DockFault = 'noPower'

/** A dock charges a robot that stands this near to it, metres. */
const DOCK_REACH_M = 0.3

/** The hospital's docks as they truly are. */
export class Docks {
  readonly #plan: FloorPlan
  readonly #faults = new Map<string, DockFault>()

  constructor(plan: FloorPlan) {
    this.#plan = plan
  }

  of(levelId: string) {
    return this.#plan.levels.find(({ id }) => id === levelId)!.docks
  }

  /** @throws WARD_ERR_NOT_FOUND */
  setFault(dockId: string, fault: DockFault | null): void {
    if (!this.#plan.levels.some(({ docks }) => docks.some(({ id }) => id === dockId))) {
      throw wardError('WARD_ERR_NOT_FOUND', { what: `no dock is named ${dockId}`, where: 'docks.setFault' })
    }
    if (fault === null) this.#faults.delete(dockId)
    else this.#faults.set(dockId, fault)
  }

  /** Whether current flows into a robot. */
  feeds({ levelId, x, y, body }: Robot): boolean {
    if (body.speedMps !== 0) return false
    return this.of(levelId).some(
      ({ id, pose }) => Math.hypot(pose.x - x, pose.y - y) < DOCK_REACH_M && !this.#faults.has(id),
    )
  }
}
