import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyChanges, type LiveChange, type LiveState } from '@wardlight/core/fleet'
import { EVERY_WARD, inScope, liveChangesIn, liveStateIn, wardScope } from './ward-scope.ts'
import { aRobotView, aRoomView, aScheduleEntry } from '../testing/views.ts'

const wardOf = (roomId: string) => (roomId.includes('-') ? roomId.split('-')[0]! : null)
const roomIds = fc.array(fc.constantFrom('A-1', 'A-2', 'B-1', 'C-9', 'corridor'), { maxLength: 8 })
const wards = fc.option(fc.subarray(['A', 'B', 'C']))

describe('what somebody sees by ward', () => {
  it('is their wards and what is of none; every ward where none are named', () => {
    fc.assert(
      fc.property(wards, roomIds, (own, ids) => {
        const scope = wardScope(own, wardOf)
        const seen = inScope(
          scope,
          ids.map((roomId) => ({ roomId })),
        )
        expect(seen.map(({ roomId }) => roomId)).toEqual(
          ids.filter((id) => own === null || wardOf(id) === null || own.includes(wardOf(id)!)),
        )
        expect(inScope(scope, [{ roomId: null }])).toHaveLength(1)
        // Who sees the same shares the same frames.
        expect(scope.key).toBe(wardScope(own?.toReversed() ?? null, wardOf).key)
      }),
    )
  })

  it('narrows a snapshot and every change of it alike; robots are everybody’s', () => {
    fc.assert(
      fc.property(wards, roomIds, (own, ids) => {
        const scope = wardScope(own, wardOf)
        const rooms = Object.fromEntries(ids.map((id) => [id, aRoomView(id)]))
        const robot = aRobotView(1)
        const state: LiveState = {
          rooms,
          requests: {},
          missions: {},
          robots: { [robot.id]: robot },
          schedule: {},
          alarms: {},
        }
        const seen = liveStateIn(scope, state)
        expect(seen.robots).toEqual(state.robots)
        const changes = Object.values(rooms).map((value) => ({
          collection: 'rooms' as const,
          id: value.id,
          value,
        }))
        const told = liveChangesIn(scope, changes, (collection, id) => state[collection][id] as never)
        expect(told.map(({ id }) => id)).toEqual(Object.keys(seen.rooms))
        if (own === null) expect(seen).toEqual(state)
      }),
    )
    expect(EVERY_WARD.mayTouch('anything')).toBe(true)
  })

  it('has no name of another ward’s room in why a robot comes, in snapshots and changes alike', () => {
    const room = fc.constantFrom('A-1', 'B-1', 'C-9', 'corridor')
    fc.assert(
      fc.property(wards, room, fc.option(room), fc.boolean(), (own, roomId, from, isWhole) => {
        const scope = wardScope(own, wardOf)
        const entry = aScheduleEntry(roomId, from)
        const state: LiveState = {
          rooms: {},
          requests: {},
          missions: {},
          robots: {},
          schedule: { [entry.id]: entry },
          alarms: {},
        }
        const seen = liveStateIn(scope, state)
        const { reason, comesFrom } = entry
        const change: LiveChange = isWhole
          ? { collection: 'schedule', id: entry.id, value: entry }
          : { collection: 'schedule', id: entry.id, set: { reason, comesFrom } }
        const changes = liveChangesIn(scope, [change], (collection, id) => state[collection][id] as never)
        // Who had an older entry has the same one after it as who has just come.
        const older = {
          ...seen,
          schedule: scope.mayTouch(roomId) ? { [entry.id]: { ...entry, reason: '' } } : {},
        }
        expect(applyChanges(older, changes).schedule).toEqual(seen.schedule)
        const mayKnow = from === null || scope.mayTouch(from)
        if (scope.mayTouch(roomId)) {
          expect(seen.schedule[entry.id]).toEqual(
            mayKnow
              ? entry
              : {
                  ...entry,
                  comesFrom: null,
                  reason: 'uv-1, because it comes from a room of another ward, 2 min away.',
                },
          )
        }
      }),
    )
  })
})
