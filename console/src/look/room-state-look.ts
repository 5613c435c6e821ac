import type { RoomState } from '@wardlight/core/fleet'
import type { IconName } from './icon-paths.ts'

/** What a state asks of people; it decides order and how loud it looks. */
export type RoomNeed = 'person' | 'work' | 'underWay' | 'none'

/** As the fleet says it, with two more: the dose is proven, and the room waits for a signature; it is blocked by gas. */
export type ShownRoomState = RoomState | 'toRelease' | 'gassed'

export interface RoomStateLook {
  readonly icon: IconName
  readonly need: RoomNeed
  /** Smaller is more urgent. */
  readonly urgency: number
}

/** The colour of a state is the token `--room-<state>`. Grey and pale are normal; saturated means: come. */
export const ROOM_STATE_LOOKS: Readonly<Record<ShownRoomState, RoomStateLook>> = {
  gassed: { icon: 'warning', need: 'underWay', urgency: -1 },
  suspended: { icon: 'suspended', need: 'person', urgency: 0 },
  stat: { icon: 'stat', need: 'person', urgency: 1 },
  toRelease: { icon: 'sign', need: 'person', urgency: 2 },
  inProgress: { icon: 'treat', need: 'underWay', urgency: 3 },
  cleanNext: { icon: 'next', need: 'work', urgency: 4 },
  dirty: { icon: 'dirty', need: 'work', urgency: 5 },
  blocked: { icon: 'blocked', need: 'none', urgency: 6 },
  occupied: { icon: 'occupied', need: 'none', urgency: 7 },
  clean: { icon: 'clean', need: 'none', urgency: 8 },
}

/** Ways through the building: their floor stays plain unless something happens there. */
const WAYS = new Set(['corridor', 'lobby'])

/** The token of a room's floor on the map. */
export function roomFloorToken(kind: string, state: ShownRoomState | null): string {
  if (state === null) return '--room-unknown'
  const { need } = ROOM_STATE_LOOKS[state]
  if (WAYS.has(kind) && need !== 'person' && need !== 'underWay') return '--room-way'
  return `--room-${state}`
}
