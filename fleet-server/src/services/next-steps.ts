import { isWardError } from '@wardlight/core/errors'
import type { MissionRow } from '../store/schema.ts'
import type { Fleet } from './fleet.ts'
import type { MissionOrders } from './mission-orders.ts'
import { RETURN_WITHIN_MS } from './returns.ts'

/** Sends a robot for the next step of a request once the step before it is proven. Each is armed by people anew. */
export class NextSteps {
  readonly #fleet: Fleet
  readonly #orders: MissionOrders

  constructor(fleet: Fleet, orders: MissionOrders) {
    this.#fleet = fleet
    this.#orders = orders
  }

  /** Looks for steps that are due, and orders what a robot can do now. May be called at any time, and twice. */
  async tend(): Promise<void> {
    for (const mission of this.#fleet.ledger.missions()) {
      if (this.#isDue(mission)) await this.#order(mission.id)
    }
  }

  /** Proven, not the last, and the room is still as it was left: a person who marks it has other plans. */
  #isDue({ id, verdict, stepNumber, stepCount, roomId }: MissionRow): boolean {
    if (verdict !== 'proven' || stepNumber + 1 >= stepCount) return false
    const room = this.#fleet.ledger.room(roomId)
    return room.missionId === id && room.state === 'inProgress'
  }

  async #order(missionId: string): Promise<void> {
    const { ledger, log } = this.#fleet
    try {
      const next = await ledger.change((change) => {
        const before = ledger.missionAtHand(missionId)
        if (!this.#isDue(before)) return null
        const request = ledger.requestAtHand(before.requestId)
        const now = ledger.now()
        const row = this.#orders.addMission(change, request, before.stepNumber + 1, now)
        if (row.robotId !== before.robotId) this.#sendHome(change, before, now)
        change.patchRoom(before.roomId, { state: 'inProgress', reason: null, since: now, missionId: row.id })
        return row
      })
      if (next !== null) await this.#orders.dispatch(next)
    } catch (error) {
      if (!isWardError(error) || error.code !== 'WARD_ERR_NO_ROBOT') throw error
      log.debug({ missionId, why: error.what }, 'No robot can do the next step yet')
      await ledger.change((change) => {
        const before = ledger.missionAtHand(missionId)
        if (!this.#isDue(before)) return
        // Nothing is left for it to do here, and another one may have to come in.
        this.#sendHome(change, before, ledger.now())
        const reason = `${nextStepWords(before)}. ${error.what}`
        if (ledger.room(before.roomId).reason !== reason) change.patchRoom(before.roomId, { reason })
      })
    }
  }

  #sendHome(
    change: Parameters<Parameters<Fleet['ledger']['change']>[0]>[0],
    { id, returnState }: MissionRow,
    now: Date,
  ): void {
    if (returnState !== 'none') return
    change.patchMission(id, {
      returnState: 'due',
      returnDueUntil: new Date(now.getTime() + RETURN_WITHIN_MS),
    })
  }
}

/** What a room waits for between two steps of its request; `null` after the last. */
export function nextStepWords({
  stepNumber,
  stepCount,
}: Pick<MissionRow, 'stepNumber' | 'stepCount'>): string | null {
  return stepNumber + 1 >= stepCount
    ? null
    : `Step ${stepNumber + 1} of ${stepCount} proven; step ${stepNumber + 2} waits for its robot`
}
