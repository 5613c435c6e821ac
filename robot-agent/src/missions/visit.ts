import type { VisitEnd } from '@wardlight/core/fleet'
import { assign, emit, setup } from 'xstate'
import type { ErrandEvent } from './errand.ts'

export interface VisitContext {
  /** `null` until the patient, or somebody for them, has answered. */
  readonly isConsentGiven: boolean | null
  /** Who has the drive; `null`: nobody. */
  readonly driver: { readonly sessionId: string; readonly driver: string } | null
  readonly end: VisitEnd | null
}

export type VisitEvent =
  | ErrandEvent
  | { readonly type: 'answered'; readonly isConsent: boolean }
  | { readonly type: 'handedOver'; readonly sessionId: string; readonly driver: string }
  /** The driver gave the drive up, or it was taken. */
  | { readonly type: 'takenBack' }
  /** The wheels stand. */
  | { readonly type: 'stood' }
  /** By whoever may: the driver, the ward, somebody at the robot. */
  | { readonly type: 'ended' }

export type VisitEffect =
  | { readonly type: 'openGate'; readonly sessionId: string }
  /** The drive gate ramps to a stand. */
  | { readonly type: 'closeGate' }
  /** The wheels stand now. */
  | { readonly type: 'haltGate' }

/** An answer takes somebody who wakes, reads and reaches (proposed). */
const CONSENT_TIMEOUT_MS = 5 * 60_000
/** No visit is longer (proposed). */
const VISIT_TIMEOUT_MS = 2 * 3600_000
const HELD_TIMEOUT_MS = 30 * 60_000
/** From 0.5 m/s a robot stands in less than a second; after three nobody knows (proposed). */
const STAND_TIMEOUT_MS = 3000

/**
 * A visit, as a pure machine: from the bedside on. One session drives at a time, and hand-over is only while the robot
 * stands. Consent is asked for again after a restart: who sees and hears then is not known.
 */
export const visit = setup({
  types: {
    context: {} as VisitContext,
    events: {} as VisitEvent,
    emitted: {} as VisitEffect,
  },
  delays: {
    consentTimeout: CONSENT_TIMEOUT_MS,
    visitTimeout: VISIT_TIMEOUT_MS,
    heldTimeout: HELD_TIMEOUT_MS,
    standTimeout: STAND_TIMEOUT_MS,
  },
  actions: {
    end: assign((_, end: VisitEnd) => ({ end })),
    letGo: assign({ driver: null }),
    openGate: emit(({ context }) => ({
      type: 'openGate' as const,
      sessionId: context.driver?.sessionId ?? '',
    })),
    closeGate: emit({ type: 'closeGate' }),
    haltGate: emit({ type: 'haltGate' }),
  },
}).createMachine({
  id: 'visit',
  context: { isConsentGiven: null, driver: null, end: null },
  initial: 'traveling',
  on: {
    canceled: { target: '.finished', actions: { type: 'end', params: 'canceled' } },
  },
  states: {
    traveling: {
      on: {
        recalled: 'announcing',
        arrived: 'announcing',
        travelFailed: { target: 'finished', actions: { type: 'end', params: 'travelFailed' } },
      },
    },
    announcing: {
      after: { consentTimeout: { target: 'finished', actions: { type: 'end', params: 'noConsent' } } },
      on: {
        answered: [
          {
            guard: ({ event }) => event.isConsent,
            target: 'visiting',
            actions: assign({ isConsentGiven: true }),
          },
          {
            target: 'finished',
            actions: [assign({ isConsentGiven: false }), { type: 'end', params: 'refused' }],
          },
        ],
        ended: { target: 'finished', actions: { type: 'end', params: 'ended' } },
      },
    },
    visiting: {
      initial: 'autonomous',
      after: { visitTimeout: { target: 'leaving', actions: { type: 'end', params: 'timedOut' } } },
      on: {
        held: '.held',
        ended: { target: 'leaving', actions: { type: 'end', params: 'ended' } },
        canceled: { target: 'leaving', actions: { type: 'end', params: 'canceled' } },
      },
      states: {
        autonomous: {
          on: {
            handedOver: {
              target: 'driven',
              actions: assign(({ event: { sessionId, driver } }) => ({ driver: { sessionId, driver } })),
            },
          },
        },
        driven: {
          entry: 'openGate',
          exit: ['closeGate', 'letGo'],
          on: { takenBack: 'stopping' },
        },
        stopping: {
          after: { standTimeout: 'held' },
          on: { stood: 'autonomous' },
        },
        held: {
          entry: 'haltGate',
          after: {
            heldTimeout: { target: '#visit.leaving', actions: { type: 'end', params: 'heldTooLong' } },
          },
          on: { held: {}, released: 'stopping' },
        },
      },
    },
    leaving: {
      entry: 'closeGate',
      after: { standTimeout: 'finished' },
      on: { stood: 'finished', held: { actions: 'haltGate' }, canceled: {} },
    },
    finished: { type: 'final', entry: 'haltGate' },
  },
})
