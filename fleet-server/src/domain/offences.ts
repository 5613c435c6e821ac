import type { OffenceKind } from '@wardlight/core/fleet'
import type { Order, State } from '@wardlight/core/vda5050'

/** What the fleet knows of a robot before it hears the next state. */
export interface OffenceKnowledge {
  /** The last state of this connection; `null` before the first. */
  readonly before: State | null
  /** The newest order that was sent to it since the server was started. */
  readonly sent: Order | null
  /** Orders that were sent before that one. */
  readonly formerOrderIds: ReadonlySet<string>
  /** `null` where the robot's clock is not to be compared with the server's: a simulation may run faster. */
  readonly nowMs: number | null
}

export interface Offence {
  readonly kind: OffenceKind
  readonly detail: string
}

/** A robot's clock may be so far from the server's: the longest that VDA 5050 lets pass between two states (3.0, 6.6). */
export const MAX_CLOCK_ERROR_MS = 30_000

/** What a state shows that no robot may do, after VDA 5050 3.0. Nothing here is a safety function: it is told, not acted upon. */
export function offencesOf(state: State, knowledge: OffenceKnowledge): Offence[] {
  return [
    ...headerOffences(state, knowledge),
    ...horizonOffences(state, knowledge),
    ...repeatOffences(state, knowledge),
  ]
}

/** An older state that comes late, or the same once more: it says nothing about now. */
export function isStale(state: State, before: State | null): boolean {
  return before !== null && state.headerId <= before.headerId && state.timestamp <= before.timestamp
}

/** 7.2: counted up by one with each message, and stamped with UTC. */
function headerOffences(state: State, { before, nowMs }: OffenceKnowledge): Offence[] {
  const offences: Offence[] = []
  if (before !== null && state.headerId <= before.headerId) {
    offences.push({
      kind: 'state.repeated',
      detail: `headerId ${state.headerId} comes after ${before.headerId}`,
    })
  } else if (before !== null && state.timestamp < before.timestamp) {
    offences.push({
      kind: 'clock.wrong',
      detail: `state ${state.headerId} is stamped ${state.timestamp}, the one before it ${before.timestamp}`,
    })
  }
  const errorMs = nowMs === null ? 0 : Date.parse(state.timestamp) - nowMs
  if (Math.abs(errorMs) > MAX_CLOCK_ERROR_MS) {
    const seconds = Math.round(Math.abs(errorMs) / 1000)
    offences.push({
      kind: 'clock.wrong',
      detail: `its clock is ${seconds} s ${errorMs > 0 ? 'ahead' : 'behind'}`,
    })
  }
  return offences
}

/** 6.1.2: it stops at the last released node. */
function horizonOffences(state: State, { before, sent }: OffenceKnowledge): Offence[] {
  const { orderId, orderUpdateId, lastNodeId, lastNodeSequenceId } = state
  if (sent?.orderId === orderId && sent.orderUpdateId === orderUpdateId) {
    const end = sent.nodes.findLast(({ released }) => released)
    return end !== undefined && lastNodeSequenceId > end.sequenceId
      ? [
          {
            kind: 'horizon.entered',
            detail: `it says ${lastNodeId} (${lastNodeSequenceId}); its base ends at ${end.nodeId} (${end.sequenceId})`,
          },
        ]
      : []
  }
  const wasUnreleased =
    before?.orderId === orderId &&
    before.orderUpdateId === orderUpdateId &&
    before.nodeStates.some(({ sequenceId, released }) => sequenceId === lastNodeSequenceId && !released)
  return wasUnreleased
    ? [{ kind: 'horizon.entered', detail: `${lastNodeId} (${lastNodeSequenceId}) was not released` }]
    : []
}

/** 6.1.2, 6.6.2: what was driven once is not driven again, and an order that another followed is over. */
function repeatOffences(state: State, { before, formerOrderIds }: OffenceKnowledge): Offence[] {
  if (before === null || state.orderId === '') return []
  if (state.orderId !== before.orderId) {
    return formerOrderIds.has(state.orderId)
      ? [{ kind: 'order.repeated', detail: `${state.orderId} was over, and it works on it again` }]
      : []
  }
  return state.lastNodeSequenceId < before.lastNodeSequenceId
    ? [
        {
          kind: 'order.repeated',
          detail: `in ${state.orderId} it went back from ${before.lastNodeSequenceId} to ${state.lastNodeSequenceId}`,
        },
      ]
    : []
}

/** What a message that breaks its schema is called. */
export function malformedKind(topic: string, path: string): OffenceKind {
  return topic.endsWith('/state') && /^\/(powerSupply|batteryState)/.test(path)
    ? 'battery.missing'
    : 'message.malformed'
}
