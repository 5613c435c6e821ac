import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RoomStateSchema, type RoomState } from '@wardlight/core/fleet'
import { AWAITING_RELEASE, nextRoomCondition, type RoomEvent } from './room-status.ts'

const states: readonly RoomState[] = Object.values(RoomStateSchema.enum)
const approved: RoomEvent = { type: 'mission.approved' }
const ended = (verdict: 'proven' | 'incomplete' | 'aborted'): RoomEvent => ({
  type: 'mission.ended',
  verdict,
  outcome: 'door opened',
})
const released: RoomEvent = { type: 'mission.released', by: 'Nora' }
const marked = (state: RoomState): RoomEvent => ({ type: 'marked', state, by: 'Nora' })

const anyEvent: fc.Arbitrary<RoomEvent> = fc.oneof(
  fc.constantFrom(...states).map(marked),
  fc.constantFrom(approved, released, ended('proven'), ended('incomplete'), ended('aborted')),
)

describe('the state of a room', () => {
  const table: readonly (readonly [RoomState, boolean, RoomEvent, RoomState | 'refused'])[] = [
    ['dirty', false, approved, 'inProgress'],
    ['suspended', false, approved, 'inProgress'],
    ['clean', false, approved, 'inProgress'],
    ['occupied', false, approved, 'refused'],
    ['blocked', false, approved, 'refused'],
    ['inProgress', true, approved, 'refused'],
    ['inProgress', true, ended('proven'), 'inProgress'],
    ['inProgress', true, ended('incomplete'), 'suspended'],
    ['inProgress', true, ended('aborted'), 'suspended'],
    ['inProgress', false, released, 'clean'],
    ['inProgress', true, released, 'refused'],
    ['suspended', false, released, 'refused'],
    ['dirty', false, released, 'refused'],
    ['dirty', false, marked('stat'), 'stat'],
    ['suspended', false, marked('dirty'), 'dirty'],
    ['inProgress', false, marked('dirty'), 'dirty'],
    ['inProgress', true, marked('dirty'), 'refused'],
    ['dirty', false, marked('clean'), 'refused'],
    ['dirty', false, marked('inProgress'), 'refused'],
    ['dirty', false, marked('suspended'), 'refused'],
  ]
  it.each(table)('%s (mission runs: %s) + %o → %s', (state, isRunning, event, expected) => {
    const next = () => nextRoomCondition(state, isRunning, event)
    if (expected === 'refused')
      expect(next).toThrow(expect.objectContaining({ code: 'WARD_ERR_CONFLICT' }) as Error)
    else expect(next().state).toBe(expected)
  })

  it('says what it waits for, and why it is suspended', () => {
    expect(nextRoomCondition('inProgress', true, ended('proven')).reason).toBe(AWAITING_RELEASE)
    expect(nextRoomCondition('inProgress', true, ended('incomplete')).reason).toBe('door opened')
  })

  it('becomes clean by a signed release and by nothing else', () => {
    fc.assert(
      fc.property(fc.constantFrom(...states), fc.boolean(), anyEvent, (state, isRunning, event) => {
        const isClean = stateAfter(state, isRunning, event) === 'clean'
        expect(isClean && event.type !== 'mission.released').toBe(false)
      }),
    )
  })
})

function stateAfter(state: RoomState, isRunning: boolean, event: RoomEvent): RoomState | null {
  try {
    return nextRoomCondition(state, isRunning, event).state
  } catch {
    return null
  }
}
