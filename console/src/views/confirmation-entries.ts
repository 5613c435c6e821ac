import type { DueItem } from '@wardlight/core/disinfection'
import type { ConfirmationView, GivenConfirmation } from '@wardlight/core/fleet'

/** What a person has ticked and written for one item. */
export interface ConfirmationEntry {
  readonly isConfirmed: boolean
  readonly doneBy: string
  readonly product: string
}

/** By id of the item; what is not in it is untouched. */
export type ConfirmationEntries = Readonly<Record<string, ConfirmationEntry>>

export const UNTOUCHED: ConfirmationEntry = { isConfirmed: false, doneBy: '', product: '' }

/** What is still to be confirmed: nobody confirms what another person has confirmed before. */
export function stillDue(due: readonly DueItem[], confirmed: readonly ConfirmationView[]): DueItem[] {
  return due.filter(({ id }) => !confirmed.some(({ itemId }) => itemId === id))
}

/** Whether everything is ticked, with a name wherever the work was done by hand. */
export function isComplete(due: readonly DueItem[], entries: ConfirmationEntries): boolean {
  return due.every(({ id, needsName }) => {
    const { isConfirmed, doneBy } = entries[id] ?? UNTOUCHED
    return isConfirmed && (!needsName || doneBy.trim() !== '')
  })
}

/** The ticked items as the server takes them. */
export function confirmationsOf(due: readonly DueItem[], entries: ConfirmationEntries): GivenConfirmation[] {
  return due.flatMap(({ id, needsName }) => {
    const { isConfirmed, doneBy, product } = entries[id] ?? UNTOUCHED
    if (!isConfirmed) return []
    return [
      {
        itemId: id,
        ...(needsName ? { doneBy: doneBy.trim() } : {}),
        ...(needsName && product.trim() !== '' ? { product: product.trim() } : {}),
      },
    ]
  })
}
