import type {
  ArmingStep,
  GasInterlockKind,
  InterlockKind,
  MissionStatus,
  PeroxidePhase,
  PeroxideStatus,
  TreatmentInterlock,
  Verdict,
} from '@wardlight/core/fleet'
import type { ScreenErrand } from './screen-errand.ts'
import {
  hazardsAnywhere,
  isLampMeasuredLit,
  mustStand,
  SUPERVISOR_LIMITS,
  type SupervisorState,
} from '../safety/supervisor.ts'

/** What the screen says in large letters. */
export type ScreenMode =
  /** Nothing to do. */
  | 'idle'
  | 'driving'
  /** Looks at the room with its lidar, and plans on what it finds. */
  | 'looking'
  | 'awaitingArming'
  /** Armed: the last person leaves. */
  | 'leaveNow'
  /** The lamp is lit, may light at any moment, or does not say that it is dark. */
  | 'keepOut'
  /** Hydrogen peroxide is in the room, or may be at any moment. */
  | 'gas'
  /** Gas is where people are, or somebody stands in it: everybody leaves the rooms around. */
  | 'evacuate'
  /** Dark and latched after an interlock or a pause. */
  | 'interrupted'
  | 'checking'
  | 'finished'
  /** Drives into its dock, with its back or its nose to the wall. */
  | 'docking'
  | 'charging'
  /** A person wipes it. */
  | 'wiping'
  /** Stands in a decontamination station. */
  | 'station'
  /** Was to be decontaminated, and was not. */
  | 'contaminated'
  /** Asks the patient whether somebody may visit. */
  | 'announcing'
  | 'visit'
  /** The wheels are held, or the robot is paused, outside of a treatment. */
  | 'stopped'

/** Measured, not commanded. `unknown`: the lamp is silent, and counts as lit. */
export type LampSeen = 'dark' | 'lit' | 'unknown'

/** All that the robot's own screen shows. */
export interface ScreenView {
  readonly robotName: string
  readonly mode: ScreenMode
  readonly lamp: LampSeen
  /** Whole seconds until the phase ends by itself; `null` where it does not. */
  readonly countdownS: number | null
  /** Whole seconds of the treatment still to go, with gas a prediction; `null` where there is none. */
  readonly remainingS: number | null
  readonly missionId: string | null
  /** What a mission with gas is doing; `null` where there is none. */
  readonly gasPhase: PeroxidePhase | null
  readonly arming: ArmingStep
  /** What is pressed at the robot as the second step of arming. */
  readonly armBy: 'robotButton' | 'screen'
  /** What keeps the lamp dark, or the wheels still, in the robot's own words. */
  readonly blockers: readonly string[]
  /** What interrupted the treatment. */
  readonly causes: readonly {
    readonly kind: InterlockKind | GasInterlockKind
    readonly detail: string
  }[]
  readonly verdict: Verdict | null
  /** Lamp and drive were turned off by hand, here or in the console, and stay off until somebody resumes or arms. */
  readonly isStopped: boolean
  /** `null` where there is none. */
  readonly errand: ScreenErrand | null
  /** Shown instead of the large words, newest first; none while anything is more urgent. */
  readonly announcements: readonly string[]
}

export interface ScreenViewInput {
  readonly robotName: string
  readonly isIdle: boolean
  /** Of the present order, or of the last one. */
  readonly mission: MissionStatus | null
  /** Of the present or last order with gas, which has no `mission`; or of one that was resumed after a restart. */
  readonly peroxide: Pick<
    PeroxideStatus,
    | 'missionId'
    | 'phase'
    | 'arming'
    | 'isGassed'
    | 'mustEvacuate'
    | 'countdownS'
    | 'remainingS'
    | 'blockers'
    | 'interlocks'
  > | null
  /** Of the present order, or of the last one. */
  readonly errand?: ScreenErrand | null
  /** What is announced because of zones, or by somebody; newest first. */
  readonly announcements?: readonly string[]
  /** Of a finished mission. */
  readonly verdict: Verdict | null
  readonly supervisor: SupervisorState
  /** Of the supervisor's clock, monotonic. */
  readonly nowMs: number
  readonly armBy: ScreenView['armBy']
}

/**
 * What the screen shows. In doubt it says "keep out": only a lamp that is measured dark, with no
 * treatment under way that may light it, and a room without gas, let it say anything else.
 */
export function screenViewOf(input: ScreenViewInput): ScreenView {
  const { mission, peroxide, supervisor, nowMs } = input
  const lamp = lampSeen(supervisor, nowMs)
  const mode = modeOf(input, lamp)
  return {
    robotName: input.robotName,
    mode,
    lamp,
    countdownS: mission === null ? whole(peroxide?.countdownS) : mission.countdownS,
    remainingS:
      mission === null
        ? whole(peroxide?.remainingS)
        : mission.phase === 'finished'
          ? null
          : mission.remainingS,
    missionId: mission?.missionId ?? peroxide?.missionId ?? null,
    gasPhase: mission === null ? (peroxide?.phase ?? null) : null,
    arming: mission?.arming ?? peroxide?.arming ?? 'locked',
    armBy: input.armBy,
    blockers:
      mode === 'stopped'
        ? hazardsAnywhere(supervisor, nowMs).map(({ detail }) => detail)
        : (mission?.blockers ?? peroxide?.blockers ?? []),
    causes: TELLS_CAUSES.has(mode) ? causesOf(mission?.interlocks ?? peroxide?.interlocks ?? []) : [],
    verdict: mode === 'finished' ? input.verdict : null,
    isStopped: supervisor.isRemotelyStopped,
    errand: input.errand ?? null,
    announcements: mayAnnounce(mode) ? (input.announcements ?? []) : [],
  }
}

/** Where nothing is warned of, asked or waited for: a robot that has nothing to do, drives, or charges. */
const ANNOUNCES: ReadonlySet<ScreenMode> = new Set(['idle', 'driving', 'charging'])

/** Whether words of a zone may stand instead of what the screen says of itself. */
export function mayAnnounce(mode: ScreenMode): boolean {
  return ANNOUNCES.has(mode)
}

function modeOf(
  { isIdle, mission, peroxide, errand, supervisor, nowMs }: ScreenViewInput,
  lamp: LampSeen,
): ScreenMode {
  if (peroxide?.mustEvacuate === true && peroxide.phase !== 'finished') return 'evacuate'
  if (peroxide?.phase === 'exitDelay' && !peroxide.isGassed && lamp === 'dark') return 'leaveNow'
  if (peroxide !== null && (peroxide.isGassed || GAS_PHASES.has(peroxide.phase))) return 'gas'
  if (lamp !== 'dark' || supervisor.isLampOn) return 'keepOut'
  const isHeld = supervisor.isPaused || mustStand(supervisor, nowMs)
  const phase = mission?.phase ?? peroxide?.phase ?? null
  switch (phase) {
    case 'exitDelay':
      return 'leaveNow'
    // Between two stops it is dark, and lights again by itself.
    case 'dosing':
      return 'keepOut'
    case 'interrupted':
      return 'interrupted'
    case 'surveying':
      return 'looking'
    case 'awaitingArming':
      return 'awaitingArming'
    case 'verifying':
      return 'checking'
    case 'finished':
      return 'finished'
    case 'isolating':
    case 'conditioning':
    case 'gassing':
    case 'dwelling':
    case 'aerating':
    case 'unsealing':
      return 'gas'
    case 'queued':
    case 'traveling':
      return isHeld ? 'stopped' : 'driving'
    case null:
      if (errand?.mode != null) return errand.mode
      return isHeld ? 'stopped' : isIdle ? 'idle' : 'driving'
  }
}

/** Whole seconds: a page that changed ten times a second would be read by nobody. */
function whole(seconds: number | null | undefined): number | null {
  return seconds === null || seconds === undefined ? null : Math.ceil(seconds)
}

const TELLS_CAUSES: ReadonlySet<ScreenMode> = new Set(['interrupted', 'evacuate'])

/** From the arming on: who leaves must not come back for anything; nor into a room without air. */
const GAS_PHASES: ReadonlySet<PeroxidePhase> = new Set([
  'exitDelay',
  'isolating',
  'conditioning',
  'gassing',
  'dwelling',
  'aerating',
  'verifying',
  'unsealing',
])

function lampSeen(state: SupervisorState, nowMs: number): LampSeen {
  const { lampOutput = -Infinity, lampCurrent = -Infinity } = state.heardAtMs
  const silentMs = nowMs - Math.min(lampOutput, lampCurrent)
  if (!(silentMs <= SUPERVISOR_LIMITS.staleMs)) return 'unknown'
  return isLampMeasuredLit(state) ? 'lit' : 'dark'
}

/** What trips within one step of the supervisor, in seconds, is one event. */
const SAME_INSTANT_S = SUPERVISOR_LIMITS.stepMs / 1000

/** All that tripped at the last instant at which anything did; an arming that failed since is no cause. */
function causesOf(
  interlocks: readonly Pick<TreatmentInterlock, 'at' | 'kind' | 'detail'>[],
): ScreenView['causes'] {
  const others = interlocks.filter(({ kind }) => kind !== 'arming.outOfOrder')
  const candidates = others.length > 0 ? others : interlocks
  const lastAt = candidates.at(-1)?.at ?? 0
  return candidates
    .filter(({ at }) => lastAt - at < SAME_INSTANT_S)
    .map(({ kind, detail }) => ({ kind, detail }))
}
