import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  afterEvent,
  changesAnything,
  initialContamination,
  robotBurden,
  roomBurden,
  type Contamination,
  type ContaminationEvent,
} from './contamination.ts'
import { entryRefusal, refusalWords } from './entry-rule.ts'
import { HYGIENE_CLASSES, type RoomHygiene } from './hygiene.ts'

function room(roomId: string, patch: Partial<RoomHygiene> = {}): RoomHygiene {
  return {
    roomId,
    class: 'ordinary',
    organismIds: [],
    isPassage: false,
    isForDecontamination: false,
    ...patch,
  }
}

const ward = [
  room('theatre', { class: 'clean' }),
  room('101'),
  room('102'),
  room('utility', { class: 'dirty' }),
  room('iso-mrsa', { class: 'isolation', organismIds: ['mrsa'] }),
  room('iso', { class: 'isolation' }),
  room('corridor', { isPassage: true }),
]

function told(...events: readonly ContaminationEvent[]): Contamination {
  return events.reduce(
    (state, event, index) => afterEvent(state, { event, sequence: index + 1, atMs: 1000 * index }),
    initialContamination(ward),
  )
}
const entered = (roomId: string, robotId = 'uv-1') => ({ type: 'robot.entered', robotId, roomId }) as const

describe('what robots and rooms carry', () => {
  it('lets a robot out of an isolation into a clean zone only by way of decontamination', () => {
    const after = told(entered('iso-mrsa'))
    expect(entryRefusal(after, 'uv-1', 'theatre')?.agents).toEqual(['soil', 'mrsa'])
    const clean = told(entered('iso-mrsa'), {
      type: 'robot.decontaminated',
      robotId: 'uv-1',
      by: 'Nora',
      how: 'wiped',
    })
    expect(entryRefusal(clean, 'uv-1', 'theatre')).toBeNull()
  })

  it('orders visits from clean to dirty', () => {
    expect(entryRefusal(told(), 'uv-1', 'theatre')).toBeNull()
    expect(entryRefusal(told(entered('theatre')), 'uv-1', '101')).toBeNull()
    expect(entryRefusal(told(entered('101')), 'uv-1', '102')).toBeNull()
    expect(entryRefusal(told(entered('101')), 'uv-1', 'iso-mrsa')).toBeNull()
    expect(entryRefusal(told(entered('101')), 'uv-1', 'theatre')).not.toBeNull()
    expect(entryRefusal(told(entered('utility')), 'uv-1', '101')).not.toBeNull()
    expect(entryRefusal(told(entered('iso-mrsa')), 'uv-1', 'utility')).toBeNull()
  })

  it('takes what nobody has named in one room for something else than in another', () => {
    expect(entryRefusal(told(entered('iso')), 'uv-1', 'iso-mrsa')).not.toBeNull()
    expect(entryRefusal(told(entered('iso')), 'uv-1', 'iso')).toBeNull()
  })

  it('lets a robot pass a corridor, which takes nothing', () => {
    const after = told(entered('iso-mrsa'), entered('corridor'))
    expect(entryRefusal(after, 'uv-1', 'corridor')).toBeNull()
    expect([...roomBurden(after, 'corridor').keys()]).toEqual(['soil'])
    expect(changesAnything(after, entered('corridor'))).toBe(false)
  })

  it('keeps an organism in a room until a dose against it is released, isolation lifted or not', () => {
    const isolated = {
      type: 'room.isolated',
      roomId: '101',
      organismIds: ['c-difficile'],
      by: 'Nora',
    } as const
    const lifted = told(isolated, { type: 'room.isolationLifted', roomId: '101', by: 'Nora' })
    expect(roomBurden(lifted, '101').get('c-difficile')).toMatchObject({
      why: 'isolated by Nora',
      sequence: 1,
    })
    const wrong = afterEvent(lifted, {
      event: { type: 'room.disinfected', roomId: '101', organismIds: ['mrsa'], by: 'Nora' },
      sequence: 9,
      atMs: 0,
    })
    expect([...roomBurden(wrong, '101').keys()]).toEqual(['c-difficile'])
    const right = afterEvent(wrong, {
      event: { type: 'room.disinfected', roomId: '101', organismIds: ['c-difficile'], by: 'Nora' },
      sequence: 10,
      atMs: 0,
    })
    expect(roomBurden(right, '101').size).toBe(0)
  })

  it('says what is in the way', () => {
    const refusal = entryRefusal(told(entered('iso-mrsa')), 'uv-1', '102')!
    expect(refusalWords(refusal, { agent: () => 'MRSA', room: (id) => `room ${id}` })).toBe(
      'carries MRSA and must be decontaminated before it enters room 102',
    )
  })

  it('keeps the first reason, and a restart tells the same story', () => {
    const events = [entered('iso-mrsa'), entered('utility'), entered('iso-mrsa')]
    const state = told(...events)
    expect(robotBurden(state, 'uv-1').get('mrsa')).toMatchObject({ sequence: 1, why: 'in iso-mrsa' })
    const again = told(...(JSON.parse(JSON.stringify(events)) as ContaminationEvent[]))
    expect([...robotBurden(again, 'uv-1')]).toEqual([...robotBurden(state, 'uv-1')])
  })
})

function germsOf(roomId: string, own: RoomHygiene['class'], organismIds: readonly string[]): string[] {
  if (own === 'clean') return []
  if (own === 'ordinary') return [`soil of ${roomId}`]
  return own === 'isolation' && organismIds.length > 0 ? [...organismIds] : [`germ of ${roomId}`]
}

/**
 * The truth, kept apart from the ledger: which organisms really are on what. Rooms and robots give each other everything
 * they have; a corridor outside every zone holds nothing.
 */
class Truth {
  readonly robots = new Map<string, Set<string>>()
  readonly rooms = new Map<string, Set<string>>()
  brought = new Set<string>()

  constructor(rooms: readonly RoomHygiene[]) {
    for (const { roomId, class: own, organismIds } of rooms) {
      this.rooms.set(roomId, new Set(germsOf(roomId, own, organismIds)))
    }
  }

  enter(robotId: string, { roomId, isPassage }: RoomHygiene): void {
    if (isPassage) return
    const robot = this.robots.get(robotId) ?? new Set()
    const place = this.rooms.get(roomId)!
    for (const germ of robot) if (!place.has(germ)) this.brought.add(`${germ} into ${roomId}`)
    const all = new Set([...robot, ...place])
    this.robots.set(robotId, all)
    this.rooms.set(roomId, new Set(all))
  }
}

describe('no sequence of allowed moves', () => {
  const robots = ['uv-1', 'uv-2', 'uv-3']
  const hospital = fc
    .array(
      fc.record({
        class: fc.constantFrom(...HYGIENE_CLASSES),
        organismIds: fc.subarray(['mrsa', 'c-difficile', 'vre']),
        isPassage: fc.boolean(),
      }),
      { minLength: 2, maxLength: 8 },
    )
    .map((rooms) => [
      room('clean-room', { class: 'clean' }),
      ...rooms.map((each, index) =>
        room(`r${index}`, {
          class: each.class,
          organismIds: each.class === 'isolation' ? each.organismIds : [],
          isPassage: each.class === 'ordinary' && each.isPassage,
        }),
      ),
    ])
  const step = fc.record({
    kind: fc.constantFrom(
      'enter',
      'enter',
      'enter',
      'enter',
      'decontaminate',
      'isolate',
      'soil',
      'disinfect',
    ),
    robot: fc.constantFrom(...robots),
    place: fc.nat(),
    organism: fc.constantFrom('mrsa', 'c-difficile', 'vre'),
  })

  it('brings an organism into a clean zone without decontamination, nor a named one where it was not', () => {
    let refusals = 0
    let entries = 0
    fc.assert(
      fc.property(hospital, fc.array(step, { minLength: 5, maxLength: 60 }), (rooms, steps) => {
        let state = initialContamination(rooms)
        const truth = new Truth(rooms)
        let sequence = 0
        const tell = (event: ContaminationEvent) => {
          // What the server does not store must not matter.
          if (!changesAnything(state, event)) return
          sequence += 1
          state = afterEvent(state, { event, sequence, atMs: sequence })
        }
        for (const { kind, robot, place, organism } of steps) {
          const target = rooms[place % rooms.length]!
          const { roomId } = target
          if (kind === 'enter') {
            if (entryRefusal(state, robot, roomId) !== null) {
              refusals += 1
              continue
            }
            entries += 1
            truth.brought = new Set()
            truth.enter(robot, target)
            if (target.class === 'clean') expect([...truth.brought]).toEqual([])
            if (target.class === 'isolation' || target.class === 'ordinary') {
              expect([...truth.brought].filter((germ) => !germ.startsWith('soil of'))).toEqual([])
            }
            tell({ type: 'robot.entered', robotId: robot, roomId })
          } else if (kind === 'decontaminate') {
            truth.robots.set(robot, new Set())
            tell({ type: 'robot.decontaminated', robotId: robot, by: 'Nora', how: 'wiped' })
          } else if (kind === 'isolate') {
            truth.rooms.get(roomId)!.add(organism)
            tell({ type: 'room.isolated', roomId, organismIds: [organism], by: 'Nora' })
          } else if (kind === 'soil') {
            const again = germsOf(roomId, target.class, target.organismIds)
            for (const germ of again) truth.rooms.get(roomId)!.add(germ)
            tell({ type: 'room.soiled', roomId, by: 'Nora' })
          } else {
            // What a signed release says is gone, is gone.
            for (const germ of [organism, `soil of ${roomId}`, `germ of ${roomId}`])
              truth.rooms.get(roomId)!.delete(germ)
            tell({ type: 'room.disinfected', roomId, organismIds: [organism], by: 'Nora' })
          }
        }
      }),
      { numRuns: 2000 },
    )
    // The rule is neither idle nor a wall.
    expect(refusals).toBeGreaterThan(1000)
    expect(entries).toBeGreaterThan(1000)
  })
})
