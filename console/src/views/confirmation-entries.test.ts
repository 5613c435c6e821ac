import type { ConfirmationView } from '@wardlight/core/fleet'
import { describe, expect, it } from 'vitest'
import { confirmationsOf, isComplete, stillDue } from './confirmation-entries.ts'
import { signingOf } from './signing.ts'

const due = [
  { id: 'empty', text: 'Empty.', needsName: false },
  { id: 'wipe', text: 'Wiped.', needsName: true },
]
const ticked = { isConfirmed: true, doneBy: '', product: '' }

describe('confirmations in a form', () => {
  it('is complete with every tick, and a name where hands did the work', () => {
    expect(isComplete(due, {})).toBe(false)
    expect(isComplete(due, { empty: ticked, wipe: { ...ticked, doneBy: '  ' } })).toBe(false)
    expect(isComplete(due, { empty: ticked, wipe: { ...ticked, doneBy: 'Ewa' } })).toBe(true)
    expect(isComplete([], {})).toBe(true)
  })

  it('sends what is ticked, without empty words', () => {
    expect(
      confirmationsOf(due, { empty: { ...ticked, doneBy: 'x' }, wipe: { ...ticked, doneBy: ' Ewa ' } }),
    ).toEqual([{ itemId: 'empty' }, { itemId: 'wipe', doneBy: 'Ewa' }])
  })

  it('asks nobody again for what another has confirmed', () => {
    const [first] = stillDue(due, [{ itemId: 'empty' } as ConfirmationView])
    expect(first!.id).toBe('wipe')
  })
})

describe('signingOf', () => {
  const signature = { by: 'Nora', userId: 'u1', role: 'nurse', at: '', note: null } as const
  it('lets each person of the right role sign once', () => {
    const nora = { id: 'u1', role: 'nurse' } as const
    expect(signingOf(nora, ['nurse'], [])).toBe('may')
    expect(signingOf(nora, ['nurse'], [signature])).toBe('signed')
    expect(signingOf({ ...nora, id: 'u2' }, ['nurse'], [signature])).toBe('may')
    expect(signingOf(nora, ['engineer'], [])).toBe('mayNot')
  })
})
