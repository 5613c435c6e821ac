import type { DecontaminationEnd, DecontaminationMethod } from '@wardlight/core/fleet'
import { assign, setup } from 'xstate'
import type { ErrandEvent } from './errand.ts'

export interface DecontaminationInput {
  readonly method: DecontaminationMethod
  /** Unbroken, ms. */
  readonly stationMs: number
}

export interface DecontaminationContext extends DecontaminationInput {
  /** Who wiped; `null` while nobody has confirmed. */
  readonly by: string | null
  readonly items: readonly string[]
  readonly isDone: boolean
  readonly end: DecontaminationEnd | null
}

export type DecontaminationEvent =
  | ErrandEvent
  /** A person has wiped the robot, every item of the checklist, and gives their name. */
  | { readonly type: 'confirmed'; readonly by: string; readonly items: readonly string[] }
  /** It is not where it stood in the station. */
  | { readonly type: 'moved' }

/** Wiping takes a quarter of an hour with its contact time; who has not confirmed by now does not come (proposed). */
const WIPE_TIMEOUT_MS = 60 * 60_000
const HELD_TIMEOUT_MS = 30 * 60_000

/**
 * From dirty to clean, as a pure machine. It never lights anything: a person wipes, or a station shines. Whatever ends
 * it early leaves the robot contaminated; time in the station counts only whole, and not over a restart.
 */
export const decontamination = setup({
  types: {
    context: {} as DecontaminationContext,
    input: {} as DecontaminationInput,
    events: {} as DecontaminationEvent,
  },
  delays: {
    wipeTimeout: WIPE_TIMEOUT_MS,
    heldTimeout: HELD_TIMEOUT_MS,
    stationTime: ({ context }) => context.stationMs,
  },
  guards: { isWiped: ({ context }) => context.method === 'wipe' },
  actions: {
    end: assign((_, end: DecontaminationEnd) => ({ end })),
    done: assign({ isDone: true, end: 'decontaminated' as const }),
  },
}).createMachine({
  id: 'decontamination',
  context: ({ input }) => ({ ...input, by: null, items: [], isDone: false, end: null }),
  initial: 'traveling',
  on: {
    canceled: { target: '.finished', actions: { type: 'end', params: 'canceled' } },
  },
  states: {
    traveling: {
      on: {
        // Whether it was pushed meanwhile nobody knows.
        recalled: [{ guard: 'isWiped', target: 'wiping' }, { target: 'held' }],
        arrived: [{ guard: 'isWiped', target: 'wiping' }, { target: 'standing' }],
        travelFailed: { target: 'finished', actions: { type: 'end', params: 'travelFailed' } },
      },
    },
    wiping: {
      after: { wipeTimeout: { target: 'finished', actions: { type: 'end', params: 'notConfirmed' } } },
      on: {
        confirmed: {
          target: 'finished',
          actions: ['done', assign(({ event: { by, items } }) => ({ by, items }))],
        },
      },
    },
    standing: {
      after: { stationTime: { target: 'finished', actions: 'done' } },
      on: {
        held: 'held',
        moved: { target: 'finished', actions: { type: 'end', params: 'leftStation' } },
      },
    },
    /** The time in the station begins anew. */
    held: {
      after: { heldTimeout: { target: 'finished', actions: { type: 'end', params: 'heldTooLong' } } },
      on: {
        released: 'standing',
        moved: { target: 'finished', actions: { type: 'end', params: 'leftStation' } },
      },
    },
    finished: { type: 'final' },
  },
})
