import type { RoomState } from '@wardlight/core/fleet'

/** User-defined table 0116, bed status, with its suggested values. */
export const BED_STATUSES = {
  C: 'closed',
  H: 'housekeeping',
  I: 'isolated',
  K: 'contaminated',
  O: 'occupied',
  U: 'unoccupied',
} as const
export type BedStatus = keyof typeof BED_STATUSES

export function isBedStatus(text: string): text is BedStatus {
  return Object.hasOwn(BED_STATUSES, text)
}

/**
 * What a room's state is to the hospital's systems. Unoccupied, so that a patient may be put there, is only what a
 * person has released.
 */
export function bedStatusOf(
  state: RoomState,
  { isIsolated, isContaminated }: { readonly isIsolated: boolean; readonly isContaminated: boolean },
): BedStatus {
  switch (state) {
    case 'dirty':
    case 'cleanNext':
    case 'stat':
      return isContaminated ? 'K' : 'H'
    case 'inProgress':
      return 'H'
    case 'suspended':
      return 'K'
    case 'blocked':
      return 'C'
    case 'occupied':
      return isIsolated ? 'I' : 'O'
    case 'clean':
      return 'U'
  }
}
