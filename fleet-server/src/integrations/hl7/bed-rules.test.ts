import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RoomStateSchema, type RoomState } from '@wardlight/core/fleet'
import type { VisitEventType } from './adt-event.ts'
import {
  decideBedStatus,
  decideVisit,
  type RoomBefore,
  type VisitMessage,
  type VisitRecord,
  type VisitTaken,
} from './bed-rules.ts'
import { BED_STATUSES, bedStatusOf, type BedStatus } from './bed-status.ts'
import type { Place } from './mapping.ts'

const STATES = RoomStateSchema.enum as readonly RoomState[]
const ROOMS = ['r1', 'r2', 'r3']
const TYPES: readonly VisitEventType[] = [
  'admit',
  'transfer',
  'discharge',
  'update',
  'cancelAdmit',
  'cancelTransfer',
  'cancelDischarge',
]

const state = fc.constantFrom(...STATES)
const place: fc.Arbitrary<Place | null> = fc.option(
  fc.record({ roomId: fc.constantFrom(...ROOMS), bed: fc.constantFrom('A', 'B', '') }),
)
const range = fc
  .tuple(fc.nat(1000), fc.nat(20))
  .map(([fromMs, lengthMs]) => ({ fromMs, toMs: fromMs + lengthMs }))
const room: fc.Arbitrary<RoomBefore> = fc
  .record({
    state,
    heldBy: fc.option(fc.constant('robot uv-01 is at work in this room')),
    others: fc.nat(2),
    treatedSinceMs: fc.option(fc.nat(1000)),
    isIsolated: fc.boolean(),
    isContaminated: fc.boolean(),
  })
  .map(({ isIsolated, isContaminated, ...rest }) => ({
    ...rest,
    status: bedStatusOf(rest.state, { isIsolated, isContaminated }),
  }))
const hospital = fc.record({ r1: room, r2: room, r3: room })
const visit: fc.Arbitrary<VisitRecord | null> = fc.option(
  fc.record({
    place,
    isOver: fc.boolean(),
    codes: fc.subarray(['PV1-40|I', 'DG1-3|U82.1']),
    last: range,
    move: fc.option(
      fc.record({
        type: fc.constantFrom('admit', 'transfer', 'discharge'),
        from: place,
        to: place,
        stateBefore: fc.option(state),
      }),
    ),
  }),
)
const message: fc.Arbitrary<VisitMessage> = fc.record({
  type: fc.constantFrom(...TYPES),
  location: place,
  prior: place,
  codes: fc.subarray(['PV1-40|I', 'DG1-3|U82.1']),
  at: range,
  occurred: fc.option(range),
})

function aRoom(part: Partial<RoomBefore> = {}): RoomBefore {
  const { state = 'clean' } = part
  return {
    state,
    status: bedStatusOf(state, { isIsolated: false, isContaminated: false }),
    heldBy: null,
    others: 0,
    treatedSinceMs: null,
    ...part,
  }
}

const at = (ms: number) => ({ fromMs: ms, toMs: ms })
const R1: Place = { roomId: 'r1', bed: 'A' }
const R2: Place = { roomId: 'r2', bed: 'A' }

/** A hospital to which messages happen one after the other. */
class Hospital {
  readonly rooms = new Map<string, RoomBefore>(ROOMS.map((id) => [id, aRoom()]))
  visit: VisitRecord | null = null

  say(part: Partial<VisitMessage> & Pick<VisitMessage, 'type' | 'at'>): VisitTaken {
    const decision = decideVisit(
      { location: null, prior: null, codes: [], occurred: null, ...part },
      this.visit,
      (id) => this.rooms.get(id)!,
    )
    if (!('visit' in decision)) throw new Error(`It was ${decision.outcome}: ${decision.words}`)
    this.visit = decision.visit
    for (const { roomId, state } of decision.rooms) this.rooms.set(roomId, { ...aRoom({ state }) })
    return decision
  }

  state(id: string): RoomState {
    return this.rooms.get(id)!.state
  }
}

describe('messages about visits', () => {
  it('never make a room clean, and never change one in which a robot is at work', () => {
    fc.assert(
      fc.property(message, visit, hospital, (said, known, rooms) => {
        const decision = decideVisit(said, known, (id) => rooms[id as 'r1'])
        if (!('visit' in decision)) return
        for (const effect of decision.rooms) {
          expect(effect.state).not.toBe('clean')
          expect(effect.state).not.toBe('inProgress')
          expect(rooms[effect.roomId as 'r1'].heldBy).toBeNull()
        }
        const ids = decision.rooms.map(({ roomId }) => roomId)
        expect(new Set(ids).size).toBe(ids.length)
      }),
    )
  })

  it('put nobody anew into a room in which a robot is at work', () => {
    fc.assert(
      fc.property(message, visit, hospital, (said, known, rooms) => {
        const decision = decideVisit(said, known, (id) => rooms[id as 'r1'])
        if (!('visit' in decision) || decision.entered === null) return
        expect(rooms[decision.entered as 'r1'].heldBy).toBeNull()
      }),
    )
  })

  it('leave a room occupied while other patients are in it, and ask for no treatment there', () => {
    fc.assert(
      fc.property(message, visit, hospital, (said, known, rooms) => {
        const decision = decideVisit(said, known, (id) => rooms[id as 'r1'])
        if (!('visit' in decision)) return
        const shared = decision.rooms.filter(({ roomId }) => rooms[roomId as 'r1'].others > 0)
        expect(shared.filter(({ state }) => state !== 'occupied')).toEqual([])
        if (decision.isToTreat)
          expect(rooms[decision.left as 'r1']).toMatchObject({ others: 0, heldBy: null })
      }),
    )
  })

  it('do nothing once a newer one of the visit was taken', () => {
    fc.assert(
      fc.property(message, visit, hospital, (said, known, rooms) => {
        const decision = decideVisit(said, known, (id) => rooms[id as 'r1'])
        const isOlder = known !== null && said.at.toMs < known.last.fromMs
        expect(decision.outcome === 'late').toBe(isOlder)
      }),
    )
  })

  it('open no room that is blocked, and lift no suspension, but by a patient in it', () => {
    fc.assert(
      fc.property(message, visit, hospital, (said, known, rooms) => {
        const decision = decideVisit(said, known, (id) => rooms[id as 'r1'])
        if (!('visit' in decision)) return
        const kept = decision.rooms.filter(({ roomId }) =>
          ['blocked', 'suspended'].includes(rooms[roomId as 'r1'].state),
        )
        expect(kept.filter(({ state }) => state !== 'occupied')).toEqual([])
      }),
    )
  })

  it('follow a patient from room to room, and out', () => {
    const hospital = new Hospital()
    hospital.say({ type: 'admit', location: R1, at: at(1) })
    expect(hospital.state('r1')).toBe('occupied')
    const moved = hospital.say({ type: 'transfer', location: R2, prior: R1, at: at(2) })
    expect([hospital.state('r1'), hospital.state('r2'), moved.isToTreat]).toEqual(['dirty', 'occupied', true])
    const gone = hospital.say({ type: 'discharge', location: R2, at: at(3) })
    expect([hospital.state('r2'), gone.left, gone.isToTreat]).toEqual(['dirty', 'r2', true])
    const again = hospital.say({ type: 'discharge', location: R2, at: at(4) })
    expect([again.outcome, again.isToTreat]).toEqual(['unchanged', false])
  })

  it('change no room where only the bed changes', () => {
    const hospital = new Hospital()
    hospital.say({ type: 'admit', location: R1, at: at(1) })
    const moved = hospital.say({ type: 'transfer', location: { ...R1, bed: 'B' }, prior: R1, at: at(2) })
    expect([moved.rooms, moved.left, hospital.visit?.place?.bed]).toEqual([[], null, 'B'])
  })

  it('find a room that was left though nobody has heard of the patient', () => {
    const hospital = new Hospital()
    hospital.rooms.set('r1', aRoom({ state: 'occupied' }))
    expect(hospital.say({ type: 'discharge', location: R1, at: at(1) }).isToTreat).toBe(true)
    expect(hospital.state('r1')).toBe('dirty')
  })

  it.each([
    ['dirty', 'dirty'],
    ['stat', 'stat'],
    ['suspended', 'suspended'],
    ['blocked', 'blocked'],
    // Somebody may have been in it: only a person who looks, and a robot, make it clean again.
    ['clean', 'dirty'],
    ['inProgress', 'dirty'],
  ] as const)('give a room that was %s back as %s when the admission is cancelled', (before, after) => {
    const hospital = new Hospital()
    hospital.rooms.set('r1', aRoom({ state: before }))
    hospital.say({ type: 'admit', location: R1, at: at(1) })
    const cancelled = hospital.say({ type: 'cancelAdmit', location: R1, at: at(2) })
    expect([hospital.state('r1'), hospital.visit?.isOver, cancelled.isToTreat]).toEqual([after, true, false])
  })

  it('take a transfer back: the patient is where he was, and the other room as it was', () => {
    const hospital = new Hospital()
    hospital.rooms.set('r2', aRoom({ state: 'cleanNext' }))
    hospital.say({ type: 'admit', location: R1, at: at(1) })
    hospital.say({ type: 'transfer', location: R2, prior: R1, at: at(2) })
    const cancelled = hospital.say({ type: 'cancelTransfer', location: R1, prior: R2, at: at(3) })
    expect([hospital.state('r1'), hospital.state('r2')]).toEqual(['occupied', 'cleanNext'])
    expect([cancelled.withdraw, cancelled.isToTreat]).toEqual(['r1', false])
  })

  it('take a discharge back: the patient is in the bed, and the request is not wanted', () => {
    const hospital = new Hospital()
    hospital.say({ type: 'admit', location: R1, at: at(1) })
    hospital.say({ type: 'discharge', location: R1, at: at(2) })
    const cancelled = hospital.say({ type: 'cancelDischarge', location: R1, at: at(3) })
    expect([hospital.state('r1'), cancelled.withdraw, hospital.visit?.isOver]).toEqual([
      'occupied',
      'r1',
      false,
    ])
  })

  it('let a treatment count that began after the patient had left, however late that is told', () => {
    const leave = (occurred: number) =>
      decideVisit(
        { type: 'discharge', location: R1, prior: null, codes: [], at: at(900), occurred: at(occurred) },
        null,
        () => aRoom({ state: 'clean', treatedSinceMs: 500 }),
      )
    expect(leave(400)).toMatchObject({ rooms: [], isToTreat: false })
    expect(leave(600)).toMatchObject({ rooms: [{ roomId: 'r1', state: 'dirty' }], isToTreat: true })
  })

  it.each(['inProgress', 'clean'] as const)(
    'let a treatment count that began since anything was heard of the patient: %s',
    (state) => {
      const leave = (lastMs: number) =>
        decideVisit(
          { type: 'discharge', location: R1, prior: null, codes: [], at: at(900), occurred: null },
          { place: R1, isOver: false, codes: [], last: at(lastMs), move: null },
          () => aRoom({ state, treatedSinceMs: 500 }),
        )
      expect(leave(400)).toMatchObject({ rooms: [], isToTreat: false })
      expect(leave(600)).toMatchObject({ rooms: [{ roomId: 'r1', state: 'dirty' }], isToTreat: true })
    },
  )
})

describe('bed statuses', () => {
  const status = fc.constantFrom(...(Object.keys(BED_STATUSES) as BedStatus[]))

  it('never make a room clean, and change none in which a robot is at work or patients are', () => {
    fc.assert(
      fc.property(status, range, fc.option(fc.nat(1000)), room, (told, when, last, before) => {
        const decision = decideBedStatus(told, when, last, before)
        if (decision.outcome !== 'applied') return
        expect(decision.state).not.toBe('clean')
        expect(before.heldBy).toBeNull()
        if (before.others > 0 && decision.state !== null) expect(decision.state).toBe('occupied')
      }),
    )
  })

  it('change nothing where they are our own that come back', () => {
    fc.assert(
      fc.property(room, (before) => {
        expect(decideBedStatus(before.status, at(1), null, before).outcome).toBe('unchanged')
      }),
    )
  })

  it.each([
    ['C', 'clean', 'blocked'],
    ['H', 'clean', 'dirty'],
    ['H', 'occupied', 'dirty'],
    ['K', 'dirty', 'dirty'],
    ['K', 'occupied', 'dirty'],
    ['O', 'dirty', 'occupied'],
    ['O', 'blocked', 'occupied'],
    ['I', 'occupied', null],
  ] as const)('%s on a room that is %s makes it %s', (told, before, after) => {
    expect(decideBedStatus(told, at(1), null, aRoom({ state: before }))).toMatchObject({
      outcome: 'applied',
      state: after,
    })
  })

  it.each(STATES)('U on a room that is %s changes nothing', (before) => {
    const decision = decideBedStatus('U', at(1), null, aRoom({ state: before }))
    expect(decision.outcome).toBe('unchanged')
    if (before !== 'clean') expect(decision.words).toContain('only a signed release')
  })

  it('are late once something newer of the bed was taken', () => {
    expect(decideBedStatus('O', at(1), 2, aRoom()).outcome).toBe('late')
    expect(decideBedStatus('O', at(2), 2, aRoom()).outcome).toBe('applied')
  })

  it('are told of rooms: only what is released may be given to a patient', () => {
    fc.assert(
      fc.property(state, fc.boolean(), fc.boolean(), (each, isIsolated, isContaminated) => {
        expect(bedStatusOf(each, { isIsolated, isContaminated }) === 'U').toBe(each === 'clean')
      }),
    )
  })
})
