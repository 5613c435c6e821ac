import type { PeroxideEnd } from '@wardlight/core/fleet'
import { assign, emit, setup } from 'xstate'
import type { Damper } from '../robot/ports.ts'

export interface PeroxideMissionInput {
  readonly armingTimeoutMs: number
  readonly rearmTimeoutMs: number
  readonly exitDelayMs: number
  /** Gassing that lasts longer does not bring in its dose any more. */
  readonly gasTimeoutMs: number
  /** A dwell that is not reached by then is not reached. */
  readonly dwellTimeoutMs: number
  /** The robot comes up again in a mission that had begun to seal or to gas: it airs the room, and nothing else. */
  readonly resume: {
    /** Whether there may be gas. If not, shut dampers at most. */
    readonly isGassed: boolean
    readonly end: PeroxideEnd
    readonly isDwellDone: boolean
    readonly wasEvacuated: boolean
  } | null
}

export interface PeroxideMissionContext extends PeroxideMissionInput {
  /** What keeps the room from being armed now, by the last check. Not yet checked means not ready. */
  readonly blockers: readonly string[]
  readonly isArmed: boolean
  /** Both dampers have said that they are shut, and were not commanded open since. */
  readonly isSealed: boolean
  /** From before the first gas; only sensors end it. */
  readonly isGassed: boolean
  readonly isGeneratorOn: boolean
  readonly isDwellDone: boolean
  /** The sensors have cleared the room. */
  readonly isCleared: boolean
  readonly mustEvacuate: boolean
  /** What happened first counts. */
  readonly end: PeroxideEnd | null
}

export type PeroxideMissionEvent =
  | { readonly type: 'arrived' }
  | { readonly type: 'travelFailed' }
  | { readonly type: 'surveyed' }
  | { readonly type: 'surveyFailed' }
  /** Something large stands there that the survey did not see. */
  | { readonly type: 'roomChanged' }
  /** Sensors, tank, dampers, climate and neighbours were looked at; empty: all is well. */
  | { readonly type: 'checked'; readonly blockers: readonly string[] }
  | { readonly type: 'armed' }
  /** The supervisor disarmed: an interlock, or a pause. */
  | { readonly type: 'tripped' }
  /** The gas guard found something: a leak, a damper, a sensor, the generator. */
  | { readonly type: 'alarm'; readonly isEvacuation: boolean }
  /** The lidar knows how the room looks from here. */
  | { readonly type: 'settled' }
  | { readonly type: 'damperShut'; readonly damper: Damper }
  /** Both dampers say that they are open. */
  | { readonly type: 'dampersOpen' }
  /** What the room's air still needs; empty: it is in its window. */
  | { readonly type: 'climate'; readonly needs: readonly string[] }
  /** The dose is in, or the ceiling is reached. */
  | { readonly type: 'doseIn' }
  /** Every sensor was at or above the target for the whole dwell. */
  | { readonly type: 'dwellOver' }
  /** What the sensors in the room say: all low now; and clear by every rule. */
  | { readonly type: 'sensed'; readonly isLow: boolean; readonly isClear: boolean }
  | { readonly type: 'canceled' }

/** What the mission wants done; whoever runs it does it. */
export type PeroxideMissionEffect =
  | { readonly type: 'survey' }
  | { readonly type: 'waitForArming' }
  /** Armed: the gas guard listens from now on, or does not any more. */
  | { readonly type: 'guard'; readonly isOn: boolean }
  /** Watch the room from where the robot stands. */
  | { readonly type: 'settle' }
  | { readonly type: 'damper'; readonly damper: Damper; readonly position: 'shut' | 'open' }
  /** Write down that dampers are shut, or that there is gas, before they are and there is. */
  | { readonly type: 'remember' }
  /** `mustHold`: the room has to stay shut, watched and empty, whether the generator runs or not. */
  | { readonly type: 'generator'; readonly isWanted: boolean; readonly mustHold: boolean }

/** A damper moves in seconds, the lidar learns a room in one; after this something is broken (proposed). */
const STEP_TIMEOUT_MS = 60_000
/** A survey takes a second. */
const SURVEY_TIMEOUT_MS = 60_000
/** So long the air may take to come into its window with the dampers shut (proposed). */
const CONDITION_TIMEOUT_MS = 30 * 60_000

/**
 * One cycle of hydrogen peroxide, as a pure machine: events and time come in, effects go out as emitted events. It
 * never starts the generator by itself: it says that it wants it, and the gas guard decides.
 *
 * Whatever happens once there may be gas leads to `aerating`, and from there only the room's sensors lead out.
 */
export const peroxideMission = setup({
  types: {
    context: {} as PeroxideMissionContext,
    input: {} as PeroxideMissionInput,
    events: {} as PeroxideMissionEvent,
    emitted: {} as PeroxideMissionEffect,
  },
  delays: {
    surveyTimeout: SURVEY_TIMEOUT_MS,
    stepTimeout: STEP_TIMEOUT_MS,
    conditionTimeout: CONDITION_TIMEOUT_MS,
    armingTimeout: ({ context }) => context.armingTimeoutMs,
    rearmTimeout: ({ context }) => context.rearmTimeoutMs,
    exitDelay: ({ context }) => context.exitDelayMs,
    gasTimeout: ({ context }) => context.gasTimeoutMs,
    dwellTimeout: ({ context }) => context.dwellTimeoutMs,
  },
  actions: {
    generatorOn: emit({ type: 'generator', isWanted: true, mustHold: true }),
    generatorOffHolding: emit({ type: 'generator', isWanted: false, mustHold: true }),
    generatorOff: emit({ type: 'generator', isWanted: false, mustHold: false }),
    shutSupply: emit({ type: 'damper', damper: 'supply', position: 'shut' }),
    shutExhaust: emit({ type: 'damper', damper: 'exhaust', position: 'shut' }),
    openExhaust: emit({ type: 'damper', damper: 'exhaust', position: 'open' }),
    openSupply: emit({ type: 'damper', damper: 'supply', position: 'open' }),
    remember: emit({ type: 'remember' }),
    guardOn: emit({ type: 'guard', isOn: true }),
    guardOff: emit({ type: 'guard', isOn: false }),
    waitForArming: emit({ type: 'waitForArming' }),
    end: assign(({ context }, end: PeroxideEnd) => ({ end: context.end ?? end })),
    noteAlarm: assign(({ context, event }) =>
      event.type === 'alarm' ? { mustEvacuate: context.mustEvacuate || event.isEvacuation } : {},
    ),
  },
}).createMachine({
  id: 'peroxideMission',
  context: ({ input }) => ({
    ...input,
    blockers: ['not checked yet'],
    isArmed: false,
    isSealed: false,
    isGassed: input.resume?.isGassed ?? false,
    isGeneratorOn: false,
    isDwellDone: input.resume?.isDwellDone ?? false,
    isCleared: false,
    mustEvacuate: input.resume?.wasEvacuated ?? false,
    end: input.resume?.end ?? null,
  }),
  initial: 'starting',
  // Told at any time, a leak in the aeration too.
  on: { alarm: { actions: 'noteAlarm' } },
  states: {
    starting: {
      always: [
        {
          guard: ({ context }) => context.isGassed,
          target: 'gassed.aerating',
          actions: 'guardOn',
        },
        { guard: ({ context }) => context.resume !== null, target: 'unsealing' },
        { target: 'traveling' },
      ],
    },
    /** Restarted between shut dampers and the first gas: it opens them, and that was it. */
    unsealing: {
      entry: ['generatorOff', 'openExhaust', 'openSupply'],
      after: { stepTimeout: { target: 'finished', actions: { type: 'end', params: 'restarted' } } },
      on: {
        dampersOpen: { target: 'finished', actions: { type: 'end', params: 'restarted' } },
        canceled: { target: 'finished', actions: { type: 'end', params: 'canceled' } },
      },
    },
    traveling: {
      on: {
        arrived: 'surveying',
        travelFailed: { target: 'finished', actions: { type: 'end', params: 'travelFailed' } },
        canceled: { target: 'finished', actions: { type: 'end', params: 'canceled' } },
      },
    },
    surveying: {
      entry: emit({ type: 'survey' }),
      after: { surveyTimeout: { target: 'finished', actions: { type: 'end', params: 'surveyFailed' } } },
      on: {
        surveyed: 'awaitingArming',
        surveyFailed: { target: 'finished', actions: { type: 'end', params: 'surveyFailed' } },
        canceled: { target: 'finished', actions: { type: 'end', params: 'canceled' } },
      },
    },
    awaitingArming: {
      // Gas that comes from elsewhere is told, too.
      entry: ['guardOn', 'waitForArming'],
      after: { armingTimeout: { target: 'finished', actions: { type: 'end', params: 'armingTimedOut' } } },
      on: {
        checked: { actions: assign({ blockers: ({ event }) => event.blockers }) },
        armed: [
          { guard: ({ context }) => context.blockers.length === 0, target: 'sealing' },
          // Waiting anew locks the arming again.
          { target: 'awaitingArming', reenter: true },
        ],
        roomChanged: 'surveying',
        canceled: { target: 'finished', actions: { type: 'end', params: 'canceled' } },
      },
    },
    /** Armed, and no gas yet: everything can still be taken back. */
    sealing: {
      // Nothing high is left in the rooms next door: that would have kept it from being armed.
      entry: [assign({ isArmed: true, mustEvacuate: false }), 'guardOn'],
      initial: 'exitDelay',
      on: {
        tripped: 'interrupted',
        alarm: { target: 'interrupted', actions: 'noteAlarm' },
        canceled: { target: 'finished', actions: { type: 'end', params: 'canceled' } },
      },
      states: {
        exitDelay: { after: { exitDelay: 'isolating' } },
        isolating: {
          // Before the first damper moves: a restart must know that the room has no air.
          entry: 'remember',
          initial: 'supply',
          after: {
            stepTimeout: {
              target: '#peroxideMission.finished',
              actions: { type: 'end', params: 'isolationFailed' },
            },
          },
          states: {
            // Supply first: what it blows in would have nowhere to go.
            supply: {
              entry: 'shutSupply',
              on: { damperShut: { guard: ({ event }) => event.damper === 'supply', target: 'exhaust' } },
            },
            exhaust: {
              entry: 'shutExhaust',
              on: {
                damperShut: {
                  guard: ({ event }) => event.damper === 'exhaust',
                  target: '#peroxideMission.sealing.conditioning',
                  actions: assign({ isSealed: true }),
                },
              },
            },
          },
        },
        conditioning: {
          entry: 'generatorOffHolding',
          initial: 'looking',
          after: {
            conditionTimeout: {
              target: '#peroxideMission.finished',
              actions: { type: 'end', params: 'conditionsNotMet' },
            },
          },
          states: {
            looking: { entry: emit({ type: 'settle' }), on: { settled: 'waiting' } },
            waiting: {
              on: {
                climate: {
                  guard: ({ event }) => event.needs.length === 0,
                  target: '#peroxideMission.gassed.gassing',
                },
              },
            },
          },
        },
      },
    },
    interrupted: {
      entry: [
        assign({ isArmed: false, isSealed: false, blockers: ['not checked yet'] }),
        'generatorOff',
        // The exhaust first: a supply that blows against a shut exhaust presses gas under the doors.
        'openExhaust',
        'openSupply',
        'waitForArming',
      ],
      after: { rearmTimeout: { target: 'finished', actions: { type: 'end', params: 'rearmingTimedOut' } } },
      on: {
        checked: { actions: assign({ blockers: ({ event }) => event.blockers }) },
        armed: [
          { guard: ({ context }) => context.blockers.length === 0, target: 'sealing' },
          { target: 'interrupted', reenter: true },
        ],
        roomChanged: 'surveying',
        canceled: { target: 'finished', actions: { type: 'end', params: 'canceled' } },
      },
    },
    gassed: {
      entry: [assign({ isGassed: true }), 'remember'],
      initial: 'gassing',
      states: {
        gassing: {
          entry: [assign({ isGeneratorOn: true }), 'generatorOn'],
          exit: [assign({ isGeneratorOn: false }), 'generatorOffHolding'],
          after: { gasTimeout: { target: 'aerating', actions: { type: 'end', params: 'doseNotReached' } } },
          on: {
            doseIn: 'dwelling',
            tripped: { target: 'aerating', actions: { type: 'end', params: 'interrupted' } },
            alarm: { target: 'aerating', actions: [{ type: 'end', params: 'interrupted' }, 'noteAlarm'] },
            canceled: { target: 'aerating', actions: { type: 'end', params: 'canceled' } },
          },
        },
        dwelling: {
          entry: 'remember',
          after: {
            dwellTimeout: { target: 'aerating', actions: { type: 'end', params: 'dwellNotReached' } },
          },
          on: {
            dwellOver: {
              target: 'aerating',
              actions: [assign({ isDwellDone: true }), { type: 'end', params: 'completed' }],
            },
            tripped: { target: 'aerating', actions: { type: 'end', params: 'interrupted' } },
            alarm: { target: 'aerating', actions: [{ type: 'end', params: 'interrupted' }, 'noteAlarm'] },
            canceled: { target: 'aerating', actions: { type: 'end', params: 'canceled' } },
          },
        },
        // No cancel, no interlock and no time leads out of these two.
        aerating: {
          entry: [
            assign({ isArmed: false, isSealed: false }),
            'generatorOff',
            'openExhaust',
            'openSupply',
            'remember',
          ],
          on: { sensed: { guard: ({ event }) => event.isLow, target: 'verifying' } },
        },
        verifying: {
          on: {
            sensed: [
              {
                guard: ({ event }) => event.isLow && event.isClear,
                target: '#peroxideMission.finished',
                actions: assign({ isCleared: true, isGassed: false }),
              },
              { guard: ({ event }) => !event.isLow, target: 'aerating' },
            ],
          },
        },
      },
    },
    finished: {
      type: 'final',
      entry: [
        assign({ isArmed: false, isSealed: false, end: ({ context }) => context.end ?? 'canceled' }),
        'generatorOff',
        'openExhaust',
        'openSupply',
        'guardOff',
      ],
    },
  },
})
