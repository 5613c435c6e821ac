import type { DockEnd } from '@wardlight/core/fleet'
import { assign, emit, setup } from 'xstate'
import type { DockingEnd, DriveEnd } from '../robot/ports.ts'
import type { ErrandEvent } from './errand.ts'

export interface DockMissionInput {
  /** 0 to 1; `null`: done as soon as it charges. */
  readonly untilFraction: number | null
}

export interface DockMissionContext extends DockMissionInput {
  readonly tries: number
  readonly fromFraction: number | null
  readonly fraction: number | null
  /** The most that was reached; from there on it has to rise. */
  readonly bestFraction: number
  /** It was restarted, stopped or paused, and nobody has let it go on since: it stays where it is. */
  readonly mustRest: boolean
  readonly end: DockEnd | null
}

export type DockMissionEvent =
  | ErrandEvent
  | { readonly type: 'dockingEnded'; readonly end: DockingEnd }
  | { readonly type: 'undockingEnded'; readonly end: DriveEnd }
  /** The battery spoke. */
  | { readonly type: 'battery'; readonly fraction: number; readonly isCharging: boolean }

export type DockMissionEffect =
  | { readonly type: 'dock' }
  | { readonly type: 'undock' }
  | { readonly type: 'cancelDocking' }

/** Of the approach; the docking server itself tries several times in each. */
export const MAX_DOCK_TRIES = 2
/** A docking server that takes longer does not answer: Nav2's gives each of its tries 30 s (proposed). */
const APPROACH_TIMEOUT_MS = 180_000
/** A battery speaks once a second; after contact it must say that it charges within this (proposed). */
const CONTACT_MS = 10_000
/** A lead of 0.5 % takes a minute at a charger of 700 W for 2 kWh; one that takes 20 is none (proposed). */
const RISE = 0.005
const STALL_MS = 20 * 60_000
/** A robot that is held so long is in the way of nobody's plan any more. */
const HELD_TIMEOUT_MS = 30 * 60_000

/**
 * Into a dock, and charging, as a pure machine. The robot has been driven to the dock's staging pose. After a restart
 * it drives nowhere by itself: it looks whether it charges, and else waits for somebody.
 */
export const dockMission = setup({
  types: {
    context: {} as DockMissionContext,
    input: {} as DockMissionInput,
    events: {} as DockMissionEvent,
    emitted: {} as DockMissionEffect,
  },
  delays: {
    lookTimeout: CONTACT_MS,
    approachTimeout: APPROACH_TIMEOUT_MS,
    contactTimeout: CONTACT_MS,
    stallTimeout: STALL_MS,
    heldTimeout: HELD_TIMEOUT_MS,
  },
  guards: {
    mayTryAgain: ({ context }) => context.tries < MAX_DOCK_TRIES,
    isCharging: ({ event }) => event.type === 'battery' && event.isCharging,
    isFull: ({ context, event }) =>
      event.type === 'battery' &&
      event.isCharging &&
      (context.untilFraction === null || event.fraction >= context.untilFraction),
    isRising: ({ context, event }) =>
      event.type === 'battery' && event.isCharging && event.fraction >= context.bestFraction + RISE,
  },
  actions: {
    end: assign((_, end: DockEnd) => ({ end })),
    measure: assign(({ context, event }) =>
      event.type !== 'battery' || !Number.isFinite(event.fraction)
        ? {}
        : { fraction: event.fraction, fromFraction: context.fromFraction ?? event.fraction },
    ),
    rise: assign(({ context, event }) =>
      event.type === 'battery' ? { bestFraction: Math.max(context.bestFraction, event.fraction) } : {},
    ),
    countTry: assign(({ context }) => ({ tries: context.tries + 1 })),
    rest: assign({ mustRest: true }),
    goOn: assign({ mustRest: false }),
    dock: emit({ type: 'dock' }),
    undock: emit({ type: 'undock' }),
    cancelDocking: emit({ type: 'cancelDocking' }),
  },
}).createMachine({
  id: 'dockMission',
  context: ({ input }) => ({
    ...input,
    tries: 0,
    fromFraction: null,
    fraction: null,
    bestFraction: 0,
    mustRest: false,
    end: null,
  }),
  initial: 'traveling',
  on: {
    canceled: { target: '.finished', actions: { type: 'end', params: 'canceled' } },
    battery: { actions: 'measure' },
    held: { actions: 'rest' },
    released: { actions: 'goOn' },
  },
  states: {
    traveling: {
      on: {
        recalled: { target: 'looking', actions: 'rest' },
        arrived: { target: 'approaching', actions: 'goOn' },
        travelFailed: { target: 'finished', actions: { type: 'end', params: 'travelFailed' } },
      },
    },
    looking: {
      entry: 'cancelDocking',
      after: { lookTimeout: 'held' },
      on: {
        held: { target: 'held', actions: 'rest' },
        battery: [{ guard: 'isCharging', target: 'charging', actions: 'measure' }, { actions: 'measure' }],
      },
    },
    approaching: {
      entry: ['countTry', 'dock'],
      exit: 'cancelDocking',
      after: {
        approachTimeout: [
          { guard: 'mayTryAgain', target: 'approaching', reenter: true },
          { target: 'finished', actions: { type: 'end', params: 'outOfReach' } },
        ],
      },
      on: {
        held: { target: 'held', actions: 'rest' },
        dockingEnded: [
          { guard: ({ event }) => event.end.end === 'docked', target: 'contact' },
          { guard: ({ event }) => event.end.end === 'canceled', target: 'held', actions: 'rest' },
          {
            guard: ({ event }) => event.end.end === 'failed' && event.end.problem === 'noDockingServer',
            target: 'finished',
            actions: { type: 'end', params: 'noDockingServer' },
          },
          {
            guard: ({ context, event }) =>
              event.end.end === 'failed' &&
              event.end.problem === 'doesNotCharge' &&
              context.tries < MAX_DOCK_TRIES,
            target: 'backing',
          },
          { guard: 'mayTryAgain', target: 'approaching', reenter: true },
          {
            target: 'finished',
            actions: assign(({ event }) => ({
              end: event.end.end === 'failed' ? event.end.problem : ('outOfReach' as const),
            })),
          },
        ],
      },
    },
    contact: {
      after: {
        contactTimeout: [
          { guard: ({ context }) => context.mustRest, target: 'held' },
          { guard: 'mayTryAgain', target: 'backing' },
          { target: 'finished', actions: { type: 'end', params: 'doesNotCharge' } },
        ],
      },
      on: {
        held: { target: 'held', actions: 'rest' },
        battery: [
          { guard: 'isFull', target: 'finished', actions: ['measure', { type: 'end', params: 'charged' }] },
          { guard: 'isCharging', target: 'charging', actions: 'measure' },
          { actions: 'measure' },
        ],
      },
    },
    backing: {
      entry: 'undock',
      exit: 'cancelDocking',
      after: {
        approachTimeout: { target: 'finished', actions: { type: 'end', params: 'outOfReach' } },
      },
      on: {
        held: { target: 'held', actions: 'rest' },
        undockingEnded: [
          { guard: ({ event }) => event.end === 'arrived', target: 'approaching' },
          { guard: ({ event }) => event.end === 'canceled', target: 'held', actions: 'rest' },
          { target: 'finished', actions: { type: 'end', params: 'outOfReach' } },
        ],
      },
    },
    charging: {
      entry: 'rise',
      after: {
        stallTimeout: { target: 'finished', actions: { type: 'end', params: 'doesNotCharge' } },
      },
      on: {
        battery: [
          { guard: 'isFull', target: 'finished', actions: ['measure', { type: 'end', params: 'charged' }] },
          // The time in which it has to rise begins anew.
          { guard: 'isRising', target: 'charging', reenter: true, actions: 'measure' },
          { guard: 'isCharging', actions: 'measure' },
          { target: 'contact', actions: 'measure' },
        ],
      },
    },
    held: {
      after: {
        heldTimeout: { target: 'finished', actions: { type: 'end', params: 'heldTooLong' } },
      },
      on: {
        released: { target: 'approaching', actions: 'goOn' },
        battery: [{ guard: 'isCharging', target: 'charging', actions: 'measure' }, { actions: 'measure' }],
      },
    },
    finished: { type: 'final', entry: 'cancelDocking' },
  },
})
