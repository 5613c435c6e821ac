import type { RoomView } from '@wardlight/core/fleet'

/** A room as the live board shows it. */
export function aRoomView(id: string, state: RoomView['state'] = 'dirty'): RoomView {
  return {
    id,
    name: id,
    levelId: 'L1',
    kind: 'patientRoom',
    ward: null,
    state,
    since: '2026-01-05T03:00:00.000Z',
    reason: null,
    requestId: null,
    missionId: null,
  }
}
