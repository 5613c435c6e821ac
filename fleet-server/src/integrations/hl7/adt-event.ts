import { isBedStatus, type BedStatus } from './bed-status.ts'
import { Hl7Fault } from './hl7-fault.ts'
import type { Hl7Message } from './message.ts'
import { notAfter, parseTime, type TimeRange } from './time-range.ts'

/** Of chapter 3: what a trigger event is for rooms. */
const VISIT_EVENTS = {
  A01: 'admit',
  A02: 'transfer',
  A03: 'discharge',
  A08: 'update',
  A11: 'cancelAdmit',
  A12: 'cancelTransfer',
  A13: 'cancelDischarge',
} as const

export type VisitEventType = (typeof VISIT_EVENTS)[keyof typeof VISIT_EVENTS]

export interface VisitEvent {
  readonly type: VisitEventType
  /** Who the visit is; to be hashed, and kept nowhere. */
  readonly visit: string
  /** Components of PV1-3 and PV1-6. */
  readonly location: readonly string[]
  readonly prior: readonly string[]
  /** When it was recorded (EVN-2). */
  readonly at: TimeRange
  /** When it really was (EVN-6), where that is told. */
  readonly occurred: TimeRange | null
}

export interface BedStatusEvent {
  readonly type: 'bedStatus'
  /** Components of NPU-1. */
  readonly location: readonly string[]
  readonly status: BedStatus
  readonly at: TimeRange
}

/** `other`: an event that changes no room. */
export type AdtEvent = VisitEvent | BedStatusEvent | { readonly type: 'other' }

/**
 * What a message says has happened.
 *
 * @throws Hl7Fault for what is no ADT message of production, or lacks what a room needs
 */
export function adtEventOf(
  message: Hl7Message,
  { timeZone, nowMs }: { readonly timeZone: string; readonly nowMs: number },
): AdtEvent {
  const controlId = message.value('MSH-10')
  if (controlId === '') throw new Hl7Fault('AR', 101, 'MSH-10', 'It has no control id')
  if (message.value('MSH-9.1') !== 'ADT') {
    throw new Hl7Fault('AR', 200, 'MSH-9', 'Only messages of type ADT are taken')
  }
  if (message.value('MSH-11') !== 'P') {
    throw new Hl7Fault('AR', 202, 'MSH-11', 'Only messages of production (P) are taken: rooms are real')
  }
  if (!message.value('MSH-12').startsWith('2.')) {
    throw new Hl7Fault('AR', 203, 'MSH-12', 'Only version 2 is taken')
  }
  const trigger = message.value('MSH-9.2') || message.value('EVN-1')
  if (trigger === '') throw new Hl7Fault('AR', 201, 'MSH-9', 'It names no event')
  const time = (path: string) => parseTime(message.value(path), timeZone)
  const told = time('EVN-2') ?? time('MSH-7')
  if (told === null)
    throw new Hl7Fault('AE', 101, 'EVN-2', 'It does not say when that was: neither EVN-2 nor MSH-7')
  const at = notAfter(told, nowMs)
  if (trigger === 'A20') return bedStatusOf(message, at)
  if (!Object.hasOwn(VISIT_EVENTS, trigger)) return { type: 'other' }
  if (!message.has('PV1')) throw new Hl7Fault('AE', 100, 'PV1', 'It has no segment PV1')
  return {
    type: VISIT_EVENTS[trigger as keyof typeof VISIT_EVENTS],
    visit: visitOf(message),
    location: message.components('PV1-3'),
    prior: message.components('PV1-6'),
    at,
    occurred: time('EVN-6'),
  }
}

function bedStatusOf(message: Hl7Message, at: TimeRange): BedStatusEvent {
  if (!message.has('NPU')) throw new Hl7Fault('AE', 100, 'NPU', 'It has no segment NPU')
  const location = message.components('NPU-1')
  if (location.every((part) => part === '')) {
    throw new Hl7Fault('AE', 101, 'NPU-1', 'It does not say which bed')
  }
  const status = message.value('NPU-2').toUpperCase()
  if (!isBedStatus(status)) {
    throw new Hl7Fault('AE', 103, 'NPU-2', 'The bed status is not one of C, H, I, K, O, U (table 0116)')
  }
  return { type: 'bedStatus', location, status, at }
}

/** The visit number, else the account, else the patient: whatever stays the same from admission to discharge. */
function visitOf(message: Hl7Message): string {
  for (const path of ['PV1-19', 'PID-18', 'PID-3']) {
    const [id = '', , , authority = ''] = message.components(path)
    if (id !== '') return [path, id, authority].join('|')
  }
  throw new Hl7Fault('AE', 101, 'PV1-19', 'It names no visit: neither PV1-19, PID-18 nor PID-3')
}
