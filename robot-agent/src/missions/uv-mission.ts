import type { TreatmentStop } from '@wardlight/core/disinfection'
import { assign, emit, enqueueActions, setup } from 'xstate'
import type { DriveEnd } from '../robot/ports.ts'

/** How a mission came to its end. The verdict follows from it and from the dose. */
export type MissionEnd =
  | 'completed'
  | 'canceled'
  | 'armingTimedOut'
  | 'rearmingTimedOut'
  | 'surveyFailed'
  | 'travelFailed'

export interface StopProgress {
  readonly x: number
  readonly y: number
  readonly theta: number
  readonly plannedDwellS: number
  /** Seconds of full lamp output so far. */
  readonly deliveredDwellS: number
}

export interface UvMissionInput {
  readonly rearmTimeoutMs: number
  readonly armingTimeoutMs: number
  readonly exitDelayMs: number
}

export interface UvMissionContext extends UvMissionInput {
  readonly stops: readonly StopProgress[]
  readonly stopIndex: number
  readonly driveTries: number
  readonly topUpRounds: number
  readonly isArmed: boolean
  /** It was armed before: what is surveyed from now on is planned for the dose that is lacking. */
  readonly isUnderWay: boolean
  readonly end: MissionEnd | null
}

export type UvMissionEvent =
  /** The program was restarted in mid-mission; the robot was in the room. Comes first, or never. */
  | ({ readonly type: 'recalled' } & Pick<
      UvMissionContext,
      'stops' | 'stopIndex' | 'topUpRounds' | 'isUnderWay'
    >)
  /** After a restart: it stands in the room again, knows where, and nothing keeps it from looking around. */
  | { readonly type: 'placed' }
  | { readonly type: 'arrived' }
  | { readonly type: 'travelFailed' }
  | { readonly type: 'surveyed'; readonly stops: readonly TreatmentStop[] }
  | { readonly type: 'surveyFailed' }
  /** Something large stands there that the survey did not see: behind an open door, or brought in since. */
  | { readonly type: 'roomChanged' }
  | { readonly type: 'armed' }
  /** The supervisor disarmed: an interlock, or a pause. */
  | { readonly type: 'tripped' }
  | { readonly type: 'driveEnded'; readonly end: DriveEnd }
  | { readonly type: 'settled' }
  /** The lamp burned for so many seconds of full output since the last such event. */
  | { readonly type: 'lit'; readonly seconds: number }
  /** The dose was compared with the plan; these stops would mend what is missing. */
  | { readonly type: 'verified'; readonly topUpStops: readonly TreatmentStop[] }
  | { readonly type: 'canceled' }

/** What the mission wants done; whoever runs it does it. */
export type UvMissionEffect =
  | { readonly type: 'survey' }
  | { readonly type: 'locate' }
  | { readonly type: 'waitForArming' }
  | { readonly type: 'driveTo'; readonly stop: StopProgress }
  | { readonly type: 'cancelDrive' }
  | { readonly type: 'settle' }
  | { readonly type: 'lamp'; readonly isWanted: boolean }
  | { readonly type: 'verify'; readonly mayTopUp: boolean }

/** How often a stop is tried before it is left out. */
const MAX_DRIVE_TRIES = 2
const MAX_TOP_UP_ROUNDS = 3
/** Nobody takes so long from one place of a room to another: the navigation does not answer. */
const DRIVE_TIMEOUT_MS = 120_000
/** The lamp's afterglow is over, and its last output is measured, before the dose is judged. */
const VERIFY_AFTER_MS = 1000
/** Ten scans take a second, a plan on the room as found some seconds more; after this something is broken. */
const PLAN_TIMEOUT_MS = 60_000

/**
 * One UV treatment, as a pure machine: events and time come in, effects go out as emitted events.
 * Its top-level states are the phases that people see. It never lights the lamp by itself: it says
 * that it wants it lit, and the supervisor decides.
 */
export const uvMission = setup({
  types: {
    context: {} as UvMissionContext,
    input: {} as UvMissionInput,
    events: {} as UvMissionEvent,
    emitted: {} as UvMissionEffect,
  },
  delays: {
    rearmTimeout: ({ context }) => context.rearmTimeoutMs,
    armingTimeout: ({ context }) => context.armingTimeoutMs,
    restartTimeout: ({ context: { isUnderWay, rearmTimeoutMs, armingTimeoutMs } }) =>
      isUnderWay ? rearmTimeoutMs : armingTimeoutMs,
    exitDelay: ({ context }) => context.exitDelayMs,
    surveyTimeout: PLAN_TIMEOUT_MS,
    planTimeout: PLAN_TIMEOUT_MS,
    driveTimeout: DRIVE_TIMEOUT_MS,
    verifyDelay: VERIFY_AFTER_MS,
  },
  guards: {
    hasStop: ({ context }) => context.stopIndex < context.stops.length,
    isDwellOver: ({ context }) => {
      const stop = context.stops[context.stopIndex]
      return stop === undefined || stop.deliveredDwellS >= stop.plannedDwellS
    },
    mayTryAgain: ({ context }) => context.driveTries < MAX_DRIVE_TRIES,
  },
  actions: {
    end: assign((_, end: MissionEnd) => ({ end })),
    nextStop: assign(({ context }) => ({ stopIndex: context.stopIndex + 1, driveTries: 0 })),
    driveToStop: enqueueActions(({ context, enqueue }) => {
      const stop = context.stops[context.stopIndex]
      if (stop === undefined) return
      enqueue.assign({ driveTries: context.driveTries + 1 })
      enqueue.emit({ type: 'driveTo', stop })
    }),
    lampOn: emit({ type: 'lamp', isWanted: true }),
    lampOff: emit({ type: 'lamp', isWanted: false }),
    cancelDrive: emit({ type: 'cancelDrive' }),
  },
}).createMachine({
  id: 'uvMission',
  context: ({ input }) => ({
    ...input,
    stops: [],
    stopIndex: 0,
    driveTries: 0,
    topUpRounds: 0,
    isArmed: false,
    isUnderWay: false,
    end: null,
  }),
  initial: 'traveling',
  on: {
    canceled: { target: '.finished', actions: { type: 'end', params: 'canceled' } },
  },
  states: {
    traveling: {
      on: {
        recalled: {
          target: 'locating',
          actions: assign(({ event: { stops, stopIndex, topUpRounds, isUnderWay } }) => ({
            stops,
            stopIndex,
            topUpRounds,
            isUnderWay,
          })),
        },
        arrived: 'surveying',
        travelFailed: { target: 'finished', actions: { type: 'end', params: 'travelFailed' } },
      },
    },
    // Restarted in the room. People see it as `interrupted`; it cannot be armed before the room was surveyed anew.
    locating: {
      entry: ['lampOff', 'cancelDrive', emit({ type: 'locate' })],
      after: {
        restartTimeout: [
          {
            guard: ({ context }) => context.isUnderWay,
            target: 'finished',
            actions: { type: 'end', params: 'rearmingTimedOut' },
          },
          { target: 'finished', actions: { type: 'end', params: 'armingTimedOut' } },
        ],
      },
      on: { placed: 'surveying' },
    },
    surveying: {
      entry: emit({ type: 'survey' }),
      after: {
        surveyTimeout: { target: 'finished', actions: { type: 'end', params: 'surveyFailed' } },
      },
      on: {
        surveyed: [
          {
            guard: ({ context }) => !context.isUnderWay,
            target: 'awaitingArming',
            actions: assign(({ event }) => ({ stops: event.stops.map(toProgress) })),
          },
          // In the room as it is now no light can mend anything more.
          {
            guard: ({ event }) => event.stops.length === 0,
            target: 'verifying',
            actions: assign(withNewPlan),
          },
          { target: 'interrupted', actions: assign(withNewPlan) },
        ],
        surveyFailed: { target: 'finished', actions: { type: 'end', params: 'surveyFailed' } },
      },
    },
    awaitingArming: {
      entry: emit({ type: 'waitForArming' }),
      after: {
        armingTimeout: { target: 'finished', actions: { type: 'end', params: 'armingTimedOut' } },
      },
      on: { armed: 'exitDelay', roomChanged: 'surveying' },
    },
    exitDelay: {
      entry: assign({ isArmed: true, isUnderWay: true, driveTries: 0 }),
      after: { exitDelay: 'dosing' },
      on: { tripped: 'interrupted' },
    },
    dosing: {
      on: { tripped: 'interrupted' },
      initial: 'choosing',
      states: {
        choosing: {
          always: [{ guard: 'hasStop', target: 'driving' }, { target: '#uvMission.verifying' }],
        },
        driving: {
          entry: 'driveToStop',
          after: { driveTimeout: { target: 'choosing', actions: ['cancelDrive', 'nextStop'] } },
          on: {
            driveEnded: [
              { guard: ({ event }) => event.end === 'arrived', target: 'settling' },
              { guard: 'mayTryAgain', target: 'driving', reenter: true },
              { target: 'choosing', actions: 'nextStop' },
            ],
          },
        },
        settling: {
          entry: emit({ type: 'settle' }),
          on: { settled: 'irradiating' },
        },
        irradiating: {
          entry: 'lampOn',
          exit: 'lampOff',
          always: { guard: 'isDwellOver', target: 'choosing', actions: 'nextStop' },
          on: {
            lit: {
              actions: assign(({ context, event }) => ({
                stops: context.stops.map((stop, index) =>
                  index === context.stopIndex
                    ? { ...stop, deliveredDwellS: stop.deliveredDwellS + event.seconds }
                    : stop,
                ),
              })),
            },
          },
        },
      },
    },
    verifying: {
      initial: 'waiting',
      states: {
        waiting: { after: { verifyDelay: 'comparing' } },
        comparing: {
          entry: emit(({ context }) => ({
            type: 'verify' as const,
            // Where no stop was reached, another round reaches none either.
            mayTopUp:
              context.topUpRounds < MAX_TOP_UP_ROUNDS &&
              context.stops.some(({ deliveredDwellS }) => deliveredDwellS > 0),
          })),
          // A top-up that is not planned by now never will be: the report says what is lacking.
          after: {
            planTimeout: {
              target: '#uvMission.finished',
              actions: { type: 'end', params: 'completed' },
            },
          },
          on: {
            verified: [
              {
                guard: ({ event }) => event.topUpStops.length === 0,
                target: '#uvMission.finished',
                actions: { type: 'end', params: 'completed' },
              },
              {
                guard: ({ context }) => context.isArmed,
                target: '#uvMission.dosing',
                actions: assign(withTopUp),
              },
              { target: '#uvMission.interrupted', actions: assign(withTopUp) },
            ],
          },
        },
      },
      // The light is over: what trips now matters only when more light is needed.
      on: { tripped: { actions: assign({ isArmed: false }) } },
    },
    interrupted: {
      entry: [assign({ isArmed: false }), 'lampOff', 'cancelDrive', emit({ type: 'waitForArming' })],
      after: {
        rearmTimeout: { target: 'finished', actions: { type: 'end', params: 'rearmingTimedOut' } },
      },
      on: { armed: 'exitDelay', roomChanged: 'surveying' },
    },
    finished: { type: 'final', entry: ['lampOff', 'cancelDrive'] },
  },
})

function toProgress({ x, y, theta, dwellS }: TreatmentStop): StopProgress {
  return { x, y, theta, plannedDwellS: dwellS, deliveredDwellS: 0 }
}

/** What was lit stays as it was lit; everything that was still to come is planned anew. */
function withNewPlan({
  context,
  event,
}: {
  context: UvMissionContext
  event: Extract<UvMissionEvent, { type: 'surveyed' }>
}) {
  const lit = context.stops
    .filter(({ deliveredDwellS }) => deliveredDwellS > 0)
    .map((stop) => ({ ...stop, plannedDwellS: Math.min(stop.plannedDwellS, stop.deliveredDwellS) }))
  return { stops: [...lit, ...event.stops.map(toProgress)], stopIndex: lit.length, driveTries: 0 }
}

function withTopUp({
  context,
  event,
}: {
  context: UvMissionContext
  event: Extract<UvMissionEvent, { type: 'verified' }>
}) {
  return {
    stops: [...context.stops, ...event.topUpStops.map(toProgress)],
    topUpRounds: context.topUpRounds + 1,
    driveTries: 0,
  }
}
