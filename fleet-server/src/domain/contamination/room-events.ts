import type { RoomState } from '@wardlight/core/fleet'
import type { ContaminationEvent } from './contamination.ts'

/** The states in which people have used a room since, or want it treated. */
const SOILED: ReadonlySet<RoomState> = new Set(['dirty', 'cleanNext', 'stat', 'occupied'])

/**
 * What a change of a room's state means for what it carries; `null`: nothing.
 *
 * @param organismIds that the released mission was against
 */
export function eventOfRoomChange(
  before: RoomState,
  after: { readonly id: string; readonly state: RoomState; readonly reason: string | null },
  organismIds: readonly string[],
): ContaminationEvent | null {
  if (after.state === before) return null
  const by = after.reason ?? after.state
  if (after.state === 'clean') return { type: 'room.disinfected', roomId: after.id, organismIds, by }
  if (before === 'clean' || SOILED.has(after.state)) {
    return SOILED.has(after.state) ? { type: 'room.soiled', roomId: after.id, by } : null
  }
  return null
}
