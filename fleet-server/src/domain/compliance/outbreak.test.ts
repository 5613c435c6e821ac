import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  afterEvent,
  initialContamination,
  robotBurden,
  roomBurden,
  type ContaminationEvent,
} from '../contamination/contamination.ts'
import type { RoomHygiene } from '../contamination/hygiene.ts'
import { OutbreakTrail, type OutbreakRun, type Touch } from './outbreak.ts'

const room = (roomId: string, patch: Partial<RoomHygiene> = {}): RoomHygiene => ({
  roomId,
  class: 'ordinary',
  organismIds: [],
  isPassage: false,
  isForDecontamination: false,
  ...patch,
})
const ROOMS = [room('a'), room('b'), room('c'), room('corridor', { isPassage: true })]
const MINUTE = 60_000

function trailOf(events: readonly ContaminationEvent[], sinceMs = 0, rooms = ROOMS): OutbreakTrail {
  const trail = new OutbreakTrail(rooms, 'mrsa', sinceMs)
  for (const [index, event] of events.entries()) {
    trail.add({ sequence: index + 1, atMs: (index + 1) * MINUTE, event })
  }
  return trail
}

const inWords = (touches: readonly Touch[]) =>
  touches.map(({ kind, roomId, robotId }) =>
    [kind, roomId, robotId].filter((part) => part !== null).join(' '),
  )

const STORY: readonly ContaminationEvent[] = [
  { type: 'robot.entered', robotId: 'r1', roomId: 'b' },
  { type: 'room.isolated', roomId: 'a', organismIds: ['mrsa'], by: 'Nora Nurse' },
  { type: 'robot.entered', robotId: 'r1', roomId: 'a' },
  { type: 'robot.entered', robotId: 'r1', roomId: 'corridor' },
  { type: 'robot.entered', robotId: 'r1', roomId: 'b' },
  { type: 'robot.decontaminated', robotId: 'r1', by: 'Nora Nurse', how: 'wiped' },
  { type: 'robot.entered', robotId: 'r2', roomId: 'c' },
  { type: 'room.disinfected', roomId: 'b', organismIds: ['mrsa'], by: 'Nora Nurse' },
]

describe('an outbreak', () => {
  it('is told from the room that was isolated over the robot into the next room, and until it was gone', () => {
    const trail = trailOf(STORY)
    expect(inWords(trail.touches([]))).toEqual([
      'isolated a',
      'tookUp a r1',
      'brought b r1',
      'decontaminated r1',
      'disinfected b',
    ])
    expect(['a', 'b', 'c'].map((id) => trail.roomCarriesNow(id))).toEqual([true, false, false])
    expect(['a', 'b', 'c'].map((id) => trail.roomHasCarried(id))).toEqual([true, true, false])
    expect(trailOf(STORY, 8.5 * MINUTE).roomHasCarried('b')).toBe(false)
    expect(trail.robotCarriesNow('r1')).toBe(false)
  })

  it('begins with what carries it already when the view begins', () => {
    expect(inWords(trailOf(STORY, 5.5 * MINUTE).touches([]))).toEqual([
      'present a',
      'present r1',
      'present b',
      'decontaminated r1',
      'disinfected b',
    ])
    const planned = [room('a', { class: 'isolation', organismIds: ['mrsa'] }), room('b')]
    expect(trailOf([], 0, planned).touches([])).toMatchObject([{ kind: 'planned', at: null, roomId: 'a' }])
  })

  it('has the runs in rooms while they carried it, and those against it', () => {
    const run = (
      missionId: string,
      roomId: string,
      minute: number,
      organismId = 'norovirus',
    ): OutbreakRun => ({
      missionId,
      roomId,
      robotId: 'r3',
      organismId,
      orderedMs: minute * MINUTE,
      verdict: 'proven',
    })
    const touches = trailOf(STORY).touches([
      run('before', 'b', 4.5),
      run('while', 'b', 5.5),
      run('after', 'b', 8.5),
      run('against', 'c', 9, 'mrsa'),
    ])
    expect(touches.filter(({ kind }) => kind === 'run').map(({ missionId }) => missionId)).toEqual([
      'while',
      'against',
    ])
  })

  it('is never silent about a room or robot that carries it, and is in order', () => {
    const roomId = fc.constantFrom('a', 'b', 'c', 'corridor')
    const robotId = fc.constantFrom('r1', 'r2')
    const organismIds = fc.subarray(['mrsa', 'norovirus'])
    const by = fc.constant('Nora Nurse')
    const event: fc.Arbitrary<ContaminationEvent> = fc.oneof(
      fc.record({ type: fc.constant('robot.entered' as const), robotId, roomId }),
      fc.record({
        type: fc.constant('robot.decontaminated' as const),
        robotId,
        by,
        how: fc.constant('wiped'),
      }),
      fc.record({ type: fc.constant('room.isolated' as const), roomId, organismIds, by }),
      fc.record({ type: fc.constant('room.isolationLifted' as const), roomId, by }),
      fc.record({ type: fc.constant('room.soiled' as const), roomId, by }),
      fc.record({ type: fc.constant('room.disinfected' as const), roomId, organismIds, by }),
    )
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), fc.nat({ max: 45 }), (events, sinceMinute) => {
        const touches = trailOf(events, sinceMinute * MINUTE).touches([])
        const named = new Set(touches.flatMap((touch) => [touch.roomId, touch.robotId]))
        let state = initialContamination(ROOMS)
        events.forEach((each, index) => {
          state = afterEvent(state, { sequence: index + 1, atMs: (index + 1) * MINUTE, event: each })
          if (index + 1 < sinceMinute) return
          for (const { roomId: id } of ROOMS)
            if (roomBurden(state, id).has('mrsa')) expect(named).toContain(id)
          for (const id of ['r1', 'r2']) if (robotBurden(state, id).has('mrsa')) expect(named).toContain(id)
        })
        const times = touches.map(({ at }) => (at === null ? 0 : Date.parse(at)))
        expect(times).toEqual(times.toSorted((x, y) => x - y))
      }),
    )
  })
})
