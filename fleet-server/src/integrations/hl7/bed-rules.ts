import type { RoomState } from '@wardlight/core/fleet'
import type { BedStatus } from './bed-status.ts'
import type { VisitEventType } from './adt-event.ts'
import type { Place } from './mapping.ts'
import type { TimeRange } from './time-range.ts'

/**
 * What messages do to rooms. A message never makes a room clean: only a signed release does. It never changes a room in
 * which a robot is at work, or gas may be.
 */

/** A room before a message. */
export interface RoomBefore {
  readonly state: RoomState
  /** What it is to the hospital's systems (table 0116). */
  readonly status: BedStatus
  /** Why nothing may change it now: a robot is at work in it, or gas may be; `null`: it may be changed. */
  readonly heldBy: string | null
  /** Patients known to be in it, beside the one of the message. */
  readonly others: number
  /** When its last treatment was ordered; `null`: it was in use since, or never treated. */
  readonly treatedSinceMs: number | null
}

/** A visit as it is known. */
export interface VisitRecord {
  /** Where the patient is; `null`: nowhere of ours, or gone. */
  readonly place: Place | null
  readonly isOver: boolean
  /** Keys of the mapping's rules that its codes met. */
  readonly codes: readonly string[]
  readonly last: TimeRange
  /** The last move, which may be cancelled. */
  readonly move: Move | null
}

export interface Move {
  readonly type: 'admit' | 'transfer' | 'discharge'
  readonly from: Place | null
  readonly to: Place | null
  /** Of the room that was entered, before it was. */
  readonly stateBefore: RoomState | null
}

export interface VisitMessage {
  readonly type: VisitEventType
  /** PV1-3 and PV1-6, where they are ours. */
  readonly location: Place | null
  readonly prior: Place | null
  readonly codes: readonly string[]
  readonly at: TimeRange
  readonly occurred: TimeRange | null
}

export interface RoomEffect {
  readonly roomId: string
  readonly state: RoomState
  /** For people, without the isolation that the caller knows of. */
  readonly reason: string
}

export interface VisitTaken {
  readonly outcome: 'applied' | 'unchanged'
  readonly words: string
  readonly visit: VisitRecord
  readonly rooms: readonly RoomEffect[]
  /** The room that was entered, where it is another one than before. */
  readonly entered: string | null
  /** The room that was left. */
  readonly left: string | null
  /** Whether that one is to be treated. */
  readonly isToTreat: boolean
  /** The room whose request is no longer wanted. */
  readonly withdraw: string | null
}

export type VisitDecision =
  | { readonly outcome: 'late'; readonly words: string }
  /** Somebody would be where a robot is at work. */
  | { readonly outcome: 'refused'; readonly words: string; readonly roomId: string }
  | VisitTaken

/** States that a cancelled admission may give back. What was proven no longer is: somebody may have been in the room. */
const GIVEN_BACK: ReadonlySet<RoomState> = new Set(['dirty', 'cleanNext', 'stat', 'blocked', 'suspended'])

const NAMES: Readonly<Record<VisitEventType, string>> = {
  admit: 'Patient admitted (HL7 A01)',
  transfer: 'Patient transferred (HL7 A02)',
  discharge: 'Patient discharged (HL7 A03)',
  update: 'Patient data updated (HL7 A08)',
  cancelAdmit: 'Admission cancelled (HL7 A11)',
  cancelTransfer: 'Transfer cancelled (HL7 A12)',
  cancelDischarge: 'Discharge cancelled (HL7 A13)',
}

/** @param room what is known of a room @param visit `null`: nobody has heard of it */
export function decideVisit(
  message: VisitMessage,
  visit: VisitRecord | null,
  room: (roomId: string) => RoomBefore,
): VisitDecision {
  if (visit !== null && message.at.toMs < visit.last.fromMs) {
    return { outcome: 'late', words: 'A newer message of this visit was taken before' }
  }
  const codes = [...new Set([...(visit?.codes ?? []), ...message.codes])]
  const base = { codes, last: message.at }
  const { type, location, prior } = message
  const stay = (words: string, record: Partial<VisitRecord> = {}): VisitTaken => ({
    outcome: 'unchanged',
    words,
    visit: {
      place: visit?.place ?? null,
      isOver: visit?.isOver ?? false,
      move: visit?.move ?? null,
      ...base,
      ...record,
    },
    rooms: [],
    entered: null,
    left: null,
    isToTreat: false,
    withdraw: null,
  })
  const here = visit?.isOver === true ? null : (visit?.place ?? null)
  const move = visit?.move ?? null
  switch (type) {
    case 'update':
      return stay('Only what is known of the visit changed')
    case 'admit':
      return moved(here, location, { type: 'admit', isOver: false, withdraw: null })
    case 'transfer':
      return moved(here ?? prior, location, { type: 'transfer', isOver: false, withdraw: null })
    case 'discharge':
      if (visit?.isOver === true) return stay('The visit was over already')
      return moved(here ?? location, null, { type: 'discharge', isOver: true, withdraw: null })
    case 'cancelAdmit':
      return restored(move?.type === 'admit' ? move : null, here ?? location)
    case 'cancelTransfer': {
      const back = move?.type === 'transfer' ? move.from : location
      return moved(here ?? prior, back, { type: null, isOver: false, withdraw: back, before: move })
    }
    case 'cancelDischarge': {
      const back = move?.type === 'discharge' ? move.from : location
      return moved(here, back, { type: null, isOver: false, withdraw: back })
    }
  }

  function moved(
    from: Place | null,
    to: Place | null,
    how: {
      readonly type: Move['type'] | null
      readonly isOver: boolean
      readonly withdraw: Place | null
      /** The move that is cancelled. */
      readonly before?: Move | null
    },
  ): VisitDecision {
    const isSameRoom = from !== null && to !== null && from.roomId === to.roomId
    // Told once more, it is no news.
    const isKnown = isSameRoom && here !== null && from.bed === to.bed
    const entry = to === null ? null : room(to.roomId)
    if (to !== null && entry!.heldBy !== null && !isKnown) {
      return { outcome: 'refused', words: `${NAMES[type]}, but ${entry!.heldBy}`, roomId: to.roomId }
    }
    const rooms: RoomEffect[] = []
    const words: string[] = []
    let isToTreat = false
    if (from !== null && !isSameRoom) {
      const left = how.before?.type === 'transfer' ? restoredRoom(from, how.before) : leftRoom(from)
      if (left.effect !== null) rooms.push(left.effect)
      words.push(left.words)
      isToTreat = left.isToTreat
    }
    if (to !== null && entry!.state !== 'occupied' && entry!.heldBy === null) {
      rooms.push({ roomId: to.roomId, state: 'occupied', reason: NAMES[type] })
      words.push(
        entry!.state === 'clean' ? 'room occupied' : `room occupied; it was ${entry!.state}, not clean`,
      )
    } else if (to !== null) words.push('room was occupied already')
    if (from === null && to === null) words.push('no room of ours')
    return {
      outcome: rooms.length > 0 ? 'applied' : 'unchanged',
      words: `${NAMES[type]}: ${words.join('; ')}`,
      visit: {
        place: to,
        isOver: how.isOver,
        move: how.type === null ? null : { type: how.type, from, to, stateBefore: entry?.state ?? null },
        ...base,
      },
      rooms,
      entered: to !== null && !isSameRoom ? to.roomId : null,
      left: from !== null && !isSameRoom ? from.roomId : null,
      isToTreat,
      withdraw: how.withdraw?.roomId ?? null,
    }
  }

  function leftRoom({ roomId }: Place): LeftRoom {
    const before = room(roomId)
    const keep = (words: string, isToTreat = false): LeftRoom => ({ effect: null, words, isToTreat })
    if (before.heldBy !== null) return keep(`the room that was left stays as it is: ${before.heldBy}`)
    if (before.others > 0)
      return keep('other patients are still in the room that was left; it stays occupied')
    if (before.treatedSinceMs !== null && isLeftBefore(before.treatedSinceMs)) {
      return keep('the room was left before its treatment began, which still counts')
    }
    if (before.state === 'blocked') return keep('the room that was left is blocked, and stays so')
    const isKept = before.state === 'cleanNext' || before.state === 'stat' || before.state === 'suspended'
    if (isKept) return keep(`the room that was left is ${before.state} already`, true)
    return {
      effect: { roomId, state: 'dirty', reason: NAMES[type] },
      words: 'the room that was left is dirty',
      isToTreat: true,
    }
  }

  /** It says so itself; or nothing was heard of the patient since, and a person has signed that the room was empty. */
  function isLeftBefore(treatedSinceMs: number): boolean {
    const leftAt = message.occurred ?? message.at
    return leftAt.toMs < treatedSinceMs || (visit !== null && visit.last.toMs < treatedSinceMs)
  }

  function restoredRoom(place: Place, { stateBefore }: Move): LeftRoom {
    const before = room(place.roomId)
    const isUntouched = before.state === 'occupied' && before.heldBy === null && before.others === 0
    if (!isUntouched)
      return { effect: null, words: 'the room was changed since, and stays as it is', isToTreat: false }
    const isGivenBack = stateBefore !== null && GIVEN_BACK.has(stateBefore)
    return {
      effect: {
        roomId: place.roomId,
        state: isGivenBack ? stateBefore : 'dirty',
        reason: isGivenBack
          ? NAMES[type]
          : `${NAMES[type]}; nobody has looked whether the room was used meanwhile`,
      },
      words: isGivenBack ? `room is ${stateBefore} again` : 'room is dirty: it may have been used',
      isToTreat: false,
    }
  }

  function restored(cancelled: Move | null, place: Place | null): VisitDecision {
    const record = { place: null, isOver: true, move: null }
    if (place === null) return stay(`${NAMES[type]}: no room of ours`, record)
    // Who never said what was before cannot give it back: as after any patient.
    const { effect, words } = cancelled === null ? leftRoom(place) : restoredRoom(place, cancelled)
    return {
      ...stay(`${NAMES[type]}: ${words}`, record),
      outcome: effect === null ? 'unchanged' : 'applied',
      rooms: effect === null ? [] : [effect],
      left: place.roomId,
    }
  }
}

interface LeftRoom {
  readonly effect: RoomEffect | null
  readonly words: string
  readonly isToTreat: boolean
}

export type BedDecision =
  | { readonly outcome: 'late' | 'unchanged'; readonly words: string }
  | { readonly outcome: 'refused'; readonly words: string }
  | {
      readonly outcome: 'applied'
      readonly words: string
      /** `null`: it stays in its state. */
      readonly state: RoomState | null
      readonly reason: string
    }

/** What a bed status (A20) does to a room. @param last what was told of the bed before; `null`: nothing */
export function decideBedStatus(
  status: BedStatus,
  at: TimeRange,
  lastMs: number | null,
  room: RoomBefore,
): BedDecision {
  if (lastMs !== null && at.toMs < lastMs) {
    return { outcome: 'late', words: 'A newer message about this bed was taken before' }
  }
  const stay = (words: string): BedDecision => ({ outcome: 'unchanged', words })
  const become = (state: RoomState | null, reason: string, words: string): BedDecision => ({
    outcome: 'applied',
    words,
    state,
    reason,
  })
  if (status === 'U') {
    return room.state === 'clean'
      ? stay('Unoccupied: it is clean here, too')
      : stay(`Unoccupied: the room is ${room.state} here, and only a signed release makes it clean`)
  }
  if (status === room.status) return stay('It is so here already')
  if (room.heldBy !== null) return { outcome: 'refused', words: `Bed status ${status}, but ${room.heldBy}` }
  if (status === 'I') return become(null, '', 'Isolated: the room counts as an isolation')
  if (status === 'O') {
    return room.state === 'occupied'
      ? stay('It is so here already')
      : become('occupied', 'Occupied (HL7 A20, O)', 'Room occupied')
  }
  if (room.others > 0) return stay('Patients are known to be in the room; it stays occupied')
  if (status === 'C') return become('blocked', 'Closed (HL7 A20, C)', 'Room blocked')
  if (room.state === 'blocked') return stay('The room is blocked here, and a person opens it again')
  if (room.state === 'suspended') return stay('The room is suspended here, and stays so')
  return status === 'K'
    ? become('dirty', 'Contaminated (HL7 A20, K)', 'Room dirty, contaminated')
    : become('dirty', 'Housekeeping (HL7 A20, H)', 'Room dirty')
}
