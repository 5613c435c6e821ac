import { wardError } from '@wardlight/core/errors'
import type { RoomPatch, User } from '@wardlight/core/fleet'
import { nextRoomCondition } from '../domain/room-status.ts'
import type { Ledger } from './ledger.ts'

/** What people say about rooms. */
export class Rooms {
  readonly #ledger: Ledger

  constructor(ledger: Ledger) {
    this.#ledger = ledger
  }

  /** @throws WARD_ERR_ROOM_UNKNOWN, WARD_ERR_FORBIDDEN, WARD_ERR_CONFLICT */
  async patch(roomId: string, { name, state }: RoomPatch, user: User): Promise<void> {
    if (name !== undefined && user.role === 'nurse') {
      throw wardError('WARD_ERR_FORBIDDEN', {
        what: 'Nurses do not rename rooms',
        where: 'name',
        remedy: 'Ask an engineer or an administrator.',
      })
    }
    await this.#ledger.change((change) => {
      const room = this.#ledger.room(roomId)
      const isRunning = this.#ledger.runningInRoom(roomId) !== undefined
      if (state !== undefined) this.#checkGas(room.missionId)
      change.patchRoom(roomId, {
        ...(name === undefined ? {} : { name: name.trim() === '' ? null : name.trim() }),
        ...(state === undefined
          ? {}
          : {
              ...nextRoomCondition(room.state, isRunning, { type: 'marked', state, by: user.displayName }),
              since: this.#ledger.now(),
            }),
      })
    })
  }

  /** @throws WARD_ERR_CONFLICT for a room that nothing has cleared of gas */
  #checkGas(missionId: string | null): void {
    if (missionId === null || !this.#ledger.missionAtHand(missionId).mayBeGassed) return
    throw wardError('WARD_ERR_CONFLICT', {
      what: 'The room may be gassed, and cannot be marked',
      where: 'state',
      remedy: 'Wait until its sensors clear it, or measure by hand and say so in its treatment.',
    })
  }
}
