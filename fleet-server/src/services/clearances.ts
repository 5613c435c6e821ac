import { CLEARANCE_LIMITS } from '@wardlight/core/disinfection'
import { wardError } from '@wardlight/core/errors'
import type { HandMeasurement, User } from '@wardlight/core/fleet'
import { nextRoomCondition } from '../domain/room-status.ts'
import type { Fleet } from './fleet.ts'

/**
 * The only way but the robot's sensors out of a gassed room: people with instruments of their own, who are named. The
 * room is open again by it, and never proven.
 */
export class Clearances {
  readonly #fleet: Fleet

  constructor(fleet: Fleet) {
    this.#fleet = fleet
  }

  /** @throws WARD_ERR_NOT_FOUND, WARD_ERR_CONFLICT where no gas is, WARD_ERR_VALIDATION for too few or too high readings */
  async measured(missionId: string, { readings, instrument }: HandMeasurement, user: User): Promise<void> {
    const { ledger, registry } = this.#fleet
    await ledger.mission(missionId)
    await ledger.change((change) => {
      const mission = ledger.missionAtHand(missionId)
      if (!mission.mayBeGassed) {
        throw wardError('WARD_ERR_CONFLICT', {
          what: 'The room is not gassed by this mission',
          where: 'missionId',
          remedy: 'Measure nothing here.',
        })
      }
      checkReadings(readings)
      const now = ledger.now()
      const highest = Math.max(...readings.map(({ ppm }) => ppm))
      const outcome = `Cleared by hand by ${user.displayName}: at most ${highest} ppm with ${instrument}. Nothing is proven`
      change.patchMission(missionId, {
        mayBeGassed: false,
        handMeasurement: {
          readings,
          instrument,
          by: user.displayName,
          role: user.role,
          at: now.toISOString(),
        },
        verdict: 'incomplete',
        outcome,
        phase: 'finished',
        phaseSince: mission.finishedAt === null ? now : mission.phaseSince,
        finishedAt: mission.finishedAt ?? now,
      })
      if (ledger.room(mission.roomId).missionId === missionId) {
        change.patchRoom(mission.roomId, {
          ...nextRoomCondition('blocked', false, { type: 'room.measured', outcome }),
          since: now,
        })
      }
    })
    const { robotId } = ledger.missionAtHand(missionId)
    if (registry.view(robotId)?.missionId === missionId) registry.setMission(robotId, null)
  }
}

function checkReadings(readings: HandMeasurement['readings']): void {
  const refuse = (what: string, where: string, remedy: string): never => {
    throw wardError('WARD_ERR_VALIDATION', { what, where, remedy })
  }
  const { limitPpm, sensors } = CLEARANCE_LIMITS
  readings.forEach(({ ppm, place }, index) => {
    if (ppm <= limitPpm) return
    refuse(
      `${ppm} ppm at ${place} is over ${limitPpm} ppm`,
      `readings.${index}.ppm`,
      'Keep the room locked, air it, and measure again.',
    )
  })
  const places = new Set(readings.map(({ place }) => place.trim().toLowerCase()))
  if (places.size < sensors) {
    refuse(
      `${places.size} of ${sensors} places were measured`,
      'readings',
      'Measure in two places of the room at least, one of them low and far from the vents.',
    )
  }
}
