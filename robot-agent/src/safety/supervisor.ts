import {
  armingChecklist,
  type ArmingStep,
  type InterlockKind,
  type TreatmentMethod,
} from '@wardlight/core/fleet'
import { distance, isInsidePolygon, normalizeAngle, type Polygon, type Pose2 } from '@wardlight/core/geometry'
import type { GuardState } from '../robot/ports.ts'

/**
 * The safety supervisor's mind: a pure function from (state, input, monotonic time) to (state, facts).
 * It alone decides whether the lamp may be lit, and nothing outranks it. The rules, in short:
 *
 * - It comes up dark and disarmed. Only checklist → button on the robot → start, each within its
 *   window and for the same mission, arms; any other order is refused, recorded, and locks again.
 * - A hazard while armed latches: dark at once, disarmed. Only a full new arming lights again, and its
 *   last step is refused for as long as any hazard is there.
 * - A sensor that is silent is a hazard: nobody knows whether the room is empty. So is one that was never seen to
 *   tell: whoever presses the button has to be seen by the person sensor, and to leave by a door whose guard says so.
 *
 * Response times after `docs/protocol.md`, "Interlocks".
 */
export const SUPERVISOR_LIMITS = {
  /** The supervisor's own timer. */
  stepMs: 50,
  /** Silence of a 10 Hz sensor, or of the 5 Hz localisation. With one step it stays within the 0.5 s that is allowed. */
  staleMs: 450,
  /** The battery speaks at 1 Hz. */
  batteryStaleMs: 5000,
  /** Longest gap between two steps, and so the longest time without judgement. */
  stallMs: 450,
  armingWindowMs: 60_000,
  /** After the UVD model B manual. */
  exitDelayMs: 8000,
  /** Lamp time of one arming, after the UVD model B manual. */
  lampCapMs: 30 * 60_000,
  maxDeviationM: 0.3,
  maxDeviationRad: 0.2,
  minBatteryFraction: 0.1,
  /** Output above which a tube counts as lit. */
  litFraction: 0.05,
  /** How long after the last heartbeat light is still explained by the hardware's own 250 ms. */
  afterglowMs: 500,
  /** How long a lamp may take to light. */
  ignitionMs: 3000,
  /** For so long a guard that has told of its open door counts as tested: one shift [proposed]. */
  guardTestMs: 12 * 3_600_000,
} as const

/** The room that a mission is about to light. */
export interface Watch {
  readonly missionId: string
  readonly polygon: Polygon
  readonly doors: readonly WatchedDoor[]
  /** Whose checklist is asked for; light where it is left out. */
  readonly method?: TreatmentMethod
}

interface WatchedDoor {
  readonly id: string
  readonly name: string
}

type Sensor =
  | 'scan'
  | 'personSensor'
  | 'emergencyStop'
  | 'bumper'
  | 'lampOutput'
  | 'lampCurrent'
  | 'localisation'
  | 'battery'

export type SupervisorInput =
  | { readonly type: 'tick' }
  | { readonly type: 'scan'; readonly isPersonSeen: boolean }
  | { readonly type: 'camera'; readonly camera: string; readonly isPersonSeen: boolean }
  | { readonly type: 'personSensor'; readonly isDetected: boolean }
  | { readonly type: 'doorGuards'; readonly states: ReadonlyMap<string, GuardState> }
  | { readonly type: 'emergencyStop'; readonly isPressed: boolean }
  | { readonly type: 'bumper'; readonly isPressed: boolean }
  | { readonly type: 'armButton'; readonly isPressed: boolean }
  /** One whole hold-to-arm on the robot's own screen, where the maker wired the screen as the button. */
  | { readonly type: 'armHeld' }
  /** Light and current of each tube, against what is rated. */
  | { readonly type: 'lampOutput' | 'lampCurrent'; readonly fractions: readonly number[] }
  | {
      readonly type: 'localisation'
      readonly pose: Pose2
      readonly deviationM: number
      readonly deviationRad: number
    }
  | { readonly type: 'battery'; readonly fraction: number }
  /** A mission waits to be armed in this room; `null`: none does any more. */
  | { readonly type: 'watch'; readonly watch: Watch | null }
  /** A visit begins, or is over: while it lasts there are people in the room, whoever sees them. */
  | { readonly type: 'visit'; readonly isOn: boolean }
  | { readonly type: 'wantLamp'; readonly isWanted: boolean }
  | {
      readonly type: 'checklist'
      readonly missionId: string
      readonly by: string
      readonly items: readonly string[]
    }
  | { readonly type: 'start'; readonly missionId: string; readonly by: string }
  | { readonly type: 'pause' }
  | { readonly type: 'resume' }
  | { readonly type: 'requestEmergencyStop'; readonly by: string }

export interface Hazard {
  readonly kind: InterlockKind
  /** In words, for a nurse. */
  readonly detail: string
}

export type SupervisorFact =
  | (Hazard & { readonly type: 'tripped'; readonly wasLit: boolean; readonly mustStopDrive: boolean })
  | { readonly type: 'armingAdvanced'; readonly step: ArmingStep; readonly by: string | null }
  | { readonly type: 'armingRefused'; readonly reasons: readonly string[] }

export interface SupervisorState {
  readonly steppedAtMs: number | null
  readonly watch: Watch | null
  readonly armingStep: ArmingStep
  readonly armingSinceMs: number
  readonly isLatched: boolean
  readonly isPaused: boolean
  /** Stopped by a message, until someone arms or resumes. */
  readonly isRemotelyStopped: boolean
  readonly isLampWanted: boolean
  /** The one output that counts: whether the heartbeat to the lamp is sent. */
  readonly isLampOn: boolean
  readonly lampChangedAtMs: number
  /** Lamp time since the last arming. */
  readonly lampOnMs: number
  readonly heardAtMs: Readonly<Partial<Record<Sensor, number>>>
  /** `openedAtMs`: when it last said that its door is open; `-Infinity` when it never did. */
  readonly guards: Readonly<
    Record<string, { readonly state: GuardState; readonly heardAtMs: number; readonly openedAtMs: number }>
  >
  readonly isPersonSensed: boolean
  readonly isPersonSeen: boolean
  readonly isVisit: boolean
  /** By name: every camera that the robot has, heard of or not. */
  readonly cameras: Readonly<Record<string, { readonly isPersonSeen: boolean; readonly heardAtMs: number }>>
  /** The person sensor has told of somebody since the button was pressed. */
  readonly isPresserSensed: boolean
  /** Since the button was pressed a door of the room was open, and since then nobody came into sight behind shut doors. */
  readonly isRoomLeft: boolean
  readonly isEmergencyStopPressed: boolean
  readonly isBumperPressed: boolean
  readonly isArmButtonPressed: boolean
  /** By tube; empty before the first measurement. */
  readonly lampOutput: readonly number[]
  readonly lampCurrent: readonly number[]
  /** Since when light and current of a tube say different things; `null` while they agree. */
  readonly lampContradictsSinceMs: number | null
  readonly pose: Pose2 | null
  /** Where the robot was when the lamp went on; `null` while it is off. */
  readonly litPose: Pose2 | null
  readonly deviationM: number
  readonly deviationRad: number
  readonly batteryFraction: number
}

export const DARK_AND_DISARMED: SupervisorState = {
  steppedAtMs: null,
  watch: null,
  armingStep: 'locked',
  armingSinceMs: 0,
  isLatched: false,
  isPaused: false,
  isRemotelyStopped: false,
  isLampWanted: false,
  isLampOn: false,
  lampChangedAtMs: -Infinity,
  lampOnMs: 0,
  heardAtMs: {},
  guards: {},
  isPersonSensed: false,
  isPersonSeen: false,
  isVisit: false,
  cameras: {},
  isPresserSensed: false,
  isRoomLeft: false,
  isEmergencyStopPressed: false,
  isBumperPressed: false,
  // A button that is down when the robot starts was not pressed for this mission.
  isArmButtonPressed: true,
  lampOutput: [],
  lampCurrent: [],
  lampContradictsSinceMs: null,
  pose: null,
  litPose: null,
  deviationM: Infinity,
  deviationRad: Infinity,
  batteryFraction: 0,
}

/** Kinds that stop the wheels too. */
const STOPS_DRIVE: ReadonlySet<InterlockKind> = new Set([
  'emergencyStop.pressed',
  'emergencyStop.requested',
  'bumper.pressed',
  'localisation.lost',
])
/** Kinds that are told, and stop the drive, even when nothing is armed. */
const ALWAYS_TOLD: ReadonlySet<InterlockKind> = new Set([
  'emergencyStop.pressed',
  'bumper.pressed',
  'localisation.lost',
  'lamp.stuckOn',
])

/** Everything that keeps the lamp dark now, whether armed or not. Empty means: may be lit. */
export function hazardsOf(state: SupervisorState, nowMs: number): Hazard[] {
  const hazards: Hazard[] = []
  const add = (kind: InterlockKind, detail: string) => hazards.push({ kind, detail })
  const isSilent = (sensor: Sensor, limitMs: number = SUPERVISOR_LIMITS.staleMs) =>
    nowMs - (state.heardAtMs[sensor] ?? -Infinity) > limitMs
  const { watch } = state

  if (state.isEmergencyStopPressed) add('emergencyStop.pressed', 'the emergency stop is pressed')
  if (state.isPersonSensed) add('person.detected', 'the person sensor sees someone')
  if (state.isPersonSeen) add('person.detected', 'the lidar sees someone or something new')
  if (state.isVisit) add('person.detected', 'the robot is on a visit: people are in the room')
  for (const [name, camera] of Object.entries(state.cameras)) {
    if (camera.isPersonSeen) add('person.detected', `the camera ${name} sees someone`)
    if (nowMs - camera.heardAtMs > SUPERVISOR_LIMITS.staleMs) {
      add('sensor.stale', `the camera ${name} is silent`)
    }
  }
  for (const door of watch?.doors ?? []) {
    const guard = guardOf(state, door)
    if (guard === undefined || guard.state === 'lost') {
      add('guard.lost', `no guard answers at ${door.name}`)
    } else if (guard.state === 'open') add('door.opened', `${door.name} is open`)
    else if (guard.state === 'moved') add('guard.moved', `the guard at ${door.name} was moved`)
    else if (nowMs - guard.heardAtMs > SUPERVISOR_LIMITS.staleMs) {
      add('guard.lost', `the guard at ${door.name} is silent`)
    }
  }
  if (watch !== null && isHalfArmed(state)) hazards.push(...untestedOf(state, watch, nowMs))
  if (state.isBumperPressed) add('bumper.pressed', 'the bumper is pressed')
  for (const [sensor, name] of [
    ['scan', 'lidar'],
    ['personSensor', 'person sensor'],
    ['emergencyStop', 'emergency stop'],
    ['bumper', 'bumper'],
  ] as const) {
    if (isSilent(sensor)) add('sensor.stale', `the ${name} is silent`)
  }
  if (isSilent('lampOutput')) add('lamp.linkLost', 'the lamp is silent')
  else if (
    state.isLampOn &&
    nowMs - state.lampChangedAtMs > SUPERVISOR_LIMITS.ignitionMs &&
    !state.lampOutput.some(isLit)
  ) {
    add('lamp.linkLost', 'the lamp does not light')
  }
  if (isSilent('lampCurrent')) add('sensor.stale', "the lamp's current sensor is silent")
  if (
    state.lampContradictsSinceMs !== null &&
    nowMs - state.lampContradictsSinceMs > SUPERVISOR_LIMITS.ignitionMs
  ) {
    add(
      'sensor.contradictory',
      "the lamp's light and current contradict one another: one of their sensors lies",
    )
  }
  if (isStuckOn(state, nowMs)) add('lamp.stuckOn', 'the lamp is lit though it was switched off')
  if (isSilent('localisation')) {
    add('localisation.lost', 'the robot does not know where it is')
  } else if (
    // Written so that NaN counts as lost.
    !(
      state.deviationM <= SUPERVISOR_LIMITS.maxDeviationM &&
      state.deviationRad <= SUPERVISOR_LIMITS.maxDeviationRad
    )
  ) {
    add('localisation.lost', 'the robot is unsure where it is')
  } else if (watch !== null && !(state.pose !== null && isInsidePolygon(state.pose, watch.polygon))) {
    add('localisation.lost', 'the robot is not in the room')
  } else if (hasMoved(state)) {
    add('localisation.lost', 'the robot moved, or lost its place, while it was lit')
  }
  if (isSilent('battery', SUPERVISOR_LIMITS.batteryStaleMs)) add('sensor.stale', 'the battery is silent')
  else if (!(state.batteryFraction >= SUPERVISOR_LIMITS.minBatteryFraction)) {
    add(
      'battery.low',
      Number.isFinite(state.batteryFraction)
        ? `the battery is at ${Math.round(state.batteryFraction * 100)} %`
        : 'the battery does not know its charge',
    )
  }
  if (state.lampOnMs >= SUPERVISOR_LIMITS.lampCapMs) {
    add('lamp.timeCapReached', 'the lamp was lit for 30 minutes')
  }
  if (state.isPaused) add('pause.requested', 'the robot is paused: resume it first')
  return hazards
}

/**
 * What nobody has shown yet: from the checklist on, so that whoever goes to the button knows which doors to open; of
 * themselves once the button is pressed. Who presses it stands at the robot and has to leave: a person sensor that does
 * not see them is stuck or dead, and so is a guard that does not tell of the door they leave by.
 */
function untestedOf(state: SupervisorState, { doors }: Watch, nowMs: number): Hazard[] {
  const hazards: Hazard[] = []
  for (const door of doors) {
    const ageMs = nowMs - (guardOf(state, door)?.openedAtMs ?? -Infinity)
    // Written so that NaN counts as untested.
    if (!(ageMs <= SUPERVISOR_LIMITS.guardTestMs)) {
      hazards.push({
        kind: 'sensor.untested',
        detail: `the guard at ${door.name} is not tested: open the door once and shut it`,
      })
    }
  }
  if (state.armingStep !== 'buttonPressed') return hazards
  if (!state.isPresserSensed) {
    hazards.push({
      kind: 'sensor.untested',
      detail: 'the person sensor did not see who pressed the button: it is not tested',
    })
  }
  if (doors.length > 0 && !state.isRoomLeft) {
    hazards.push({
      kind: 'person.detected',
      detail: 'whoever was in the room has not left by a door, or no guard has told of it',
    })
  }
  return hazards
}

function isHalfArmed({ armingStep }: SupervisorState): boolean {
  return armingStep === 'checklistConfirmed' || armingStep === 'buttonPressed'
}

/** A door may have any name, `constructor` too. */
function guardOf({ guards }: SupervisorState, { id }: WatchedDoor) {
  return Object.hasOwn(guards, id) ? guards[id] : undefined
}

/** Whether the wheels must stand now, armed or not. */
export function mustStand(state: SupervisorState, nowMs: number): boolean {
  return state.isRemotelyStopped || hazardsAnywhere(state, nowMs).some(({ kind }) => STOPS_DRIVE.has(kind))
}

/** Hazards of the robot alone: on its way it is not in the room of its mission, and not lost for that. */
export function hazardsAnywhere(state: SupervisorState, nowMs: number): Hazard[] {
  return hazardsOf({ ...state, watch: null }, nowMs)
}

/** One step. Facts come in the order in which they happened. */
export function supervise(
  before: SupervisorState,
  input: SupervisorInput,
  nowMs: number,
): { readonly state: SupervisorState; readonly facts: readonly SupervisorFact[] } {
  const facts: SupervisorFact[] = []
  const gapMs = before.steppedAtMs === null ? 0 : nowMs - before.steppedAtMs
  let state: SupervisorState = {
    ...before,
    steppedAtMs: nowMs,
    lampOnMs: before.lampOnMs + (before.isLampOn ? Math.max(0, gapMs) : 0),
  }

  const lock = () => {
    if (state.armingStep !== 'locked') facts.push({ type: 'armingAdvanced', step: 'locked', by: null })
    state = {
      ...state,
      armingStep: 'locked',
      isLampWanted: false,
      lampOnMs: 0,
      isPresserSensed: false,
      isRoomLeft: false,
    }
  }
  const trip = ({ kind, detail }: Hazard) => {
    facts.push({
      type: 'tripped',
      kind,
      detail,
      wasLit: before.isLampOn,
      mustStopDrive: STOPS_DRIVE.has(kind),
    })
    state = { ...state, isLatched: true }
  }
  const refuse = (...reasons: string[]) => facts.push({ type: 'armingRefused', reasons })
  const advance = (step: ArmingStep, by: string | null) => {
    state = { ...state, armingStep: step, armingSinceMs: nowMs, isPresserSensed: false, isRoomLeft: false }
    facts.push({ type: 'armingAdvanced', step, by })
  }
  const outOfOrder = (detail: string) => {
    refuse(detail)
    trip({ kind: 'arming.outOfOrder', detail })
    lock()
  }

  // A gap, or time that goes back: for its length nobody judged. Before the input counts for anything.
  if (before.armingStep === 'started' && (gapMs > SUPERVISOR_LIMITS.stallMs || gapMs < 0)) {
    trip({ kind: 'controller.stalled', detail: `the controller stood still for ${Math.round(gapMs)} ms` })
    lock()
  }
  const armingMs = nowMs - state.armingSinceMs
  if (isHalfArmed(state) && (armingMs > SUPERVISOR_LIMITS.armingWindowMs || armingMs < 0)) lock()
  // Ages counted from what is now the future would keep a dead sensor fresh until time has caught up.
  if (gapMs < 0) {
    const cameras = Object.fromEntries(
      Object.entries(state.cameras).map(([name, camera]) => [name, { ...camera, heardAtMs: -Infinity }]),
    )
    const lampContradictsSinceMs = state.lampContradictsSinceMs === null ? null : nowMs
    state = {
      ...state,
      heardAtMs: {},
      guards: {},
      cameras,
      lampChangedAtMs: -Infinity,
      lampContradictsSinceMs,
    }
  }

  state = hear(state, input, nowMs)
  if (state.armingStep === 'buttonPressed') state = witness(before, state, input)
  switch (input.type) {
    case 'watch':
      lock()
      state = { ...state, watch: input.watch }
      break
    case 'wantLamp':
      state = { ...state, isLampWanted: input.isWanted && state.armingStep === 'started' }
      break
    case 'checklist':
      if (input.missionId !== state.watch?.missionId) refuse('no such mission waits to be armed')
      else if (state.armingStep === 'started') outOfOrder('the checklist was confirmed while armed')
      else if (input.by.trim() === '') refuse('the checklist needs the name of who confirms it')
      else if (armingChecklist(state.watch.method ?? 'uv').some(({ id }) => !input.items.includes(id))) {
        refuse('the checklist is not complete')
      } else advance('checklistConfirmed', input.by)
      break
    case 'armButton':
    case 'armHeld':
      if (input.type === 'armButton' && (!input.isPressed || before.isArmButtonPressed)) break
      if (state.watch === null) break
      if (state.armingStep === 'locked') outOfOrder('the button was pressed before the checklist')
      else if (state.armingStep === 'started') outOfOrder('the button was pressed while armed')
      else advance('buttonPressed', null)
      break
    case 'start': {
      if (input.missionId !== state.watch?.missionId) refuse('no such mission waits to be armed')
      else if (state.armingStep !== 'buttonPressed') outOfOrder('start came out of order')
      else if (input.by.trim() === '') refuse('the start needs the name of who starts')
      else {
        const hazards = hazardsOf(state, nowMs)
        if (hazards.length > 0) refuse(...hazards.map(({ detail }) => detail))
        else {
          state = { ...state, isLatched: false, isRemotelyStopped: false }
          advance('started', input.by)
        }
      }
      break
    }
    case 'pause':
      if (state.armingStep !== 'started') lock()
      break
    case 'requestEmergencyStop':
      trip({ kind: 'emergencyStop.requested', detail: `stopped by ${input.by}` })
      lock()
      break
    default:
      break
  }

  const hazards = hazardsOf(state, nowMs)
  if (state.armingStep === 'started') {
    for (const hazard of hazards) trip(hazard)
    if (hazards.length > 0) lock()
  } else {
    // A sensor that was not heard yet when the robot came up is no news.
    const known = new Set(hazardsAnywhere(before, before.steppedAtMs ?? nowMs).map(({ kind }) => kind))
    for (const hazard of hazardsAnywhere(state, nowMs)) {
      if (!ALWAYS_TOLD.has(hazard.kind) || known.has(hazard.kind)) continue
      trip(hazard)
      lock()
    }
  }

  const isLampOn =
    state.armingStep === 'started' &&
    state.isLampWanted &&
    !state.isLatched &&
    hazards.length === 0 &&
    nowMs - state.armingSinceMs >= SUPERVISOR_LIMITS.exitDelayMs
  if (isLampOn !== before.isLampOn) {
    state = { ...state, isLampOn, lampChangedAtMs: nowMs, litPose: isLampOn ? state.pose : null }
  }
  return { state, facts }
}

/** Takes down what a sensor says, and that it spoke. */
function hear(state: SupervisorState, input: SupervisorInput, nowMs: number): SupervisorState {
  const heard = (sensor: Sensor) => ({ ...state.heardAtMs, [sensor]: nowMs })
  switch (input.type) {
    case 'scan':
      return { ...state, heardAtMs: heard('scan'), isPersonSeen: input.isPersonSeen }
    case 'camera': {
      const camera = { isPersonSeen: input.isPersonSeen, heardAtMs: nowMs }
      return { ...state, cameras: { ...state.cameras, [input.camera]: camera } }
    }
    case 'personSensor':
      return { ...state, heardAtMs: heard('personSensor'), isPersonSensed: input.isDetected }
    case 'emergencyStop':
      return { ...state, heardAtMs: heard('emergencyStop'), isEmergencyStopPressed: input.isPressed }
    case 'bumper':
      return { ...state, heardAtMs: heard('bumper'), isBumperPressed: input.isPressed }
    case 'armButton':
      return { ...state, isArmButtonPressed: input.isPressed }
    case 'lampOutput':
    case 'lampCurrent': {
      // A measurement without a number for each tube says nothing: that is silence.
      if (input.fractions.length === 0 || !input.fractions.every(Number.isFinite)) return state
      const after = { ...state, heardAtMs: heard(input.type), [input.type]: input.fractions }
      const sinceMs = doesLampContradict(after) ? (state.lampContradictsSinceMs ?? nowMs) : null
      return { ...after, lampContradictsSinceMs: sinceMs }
    }
    case 'localisation': {
      const { pose, deviationM, deviationRad } = input
      return { ...state, heardAtMs: heard('localisation'), pose, deviationM, deviationRad }
    }
    case 'battery':
      return { ...state, heardAtMs: heard('battery'), batteryFraction: input.fraction }
    case 'doorGuards': {
      const guards = { ...state.guards }
      for (const [id, guard] of input.states) {
        const before = Object.hasOwn(guards, id) ? guards[id]! : { openedAtMs: -Infinity }
        // One that was moved, or had no contact, may hang elsewhere now, or be another.
        const openedAtMs = guard === 'open' ? nowMs : guard === 'closed' ? before.openedAtMs : -Infinity
        guards[id] = { state: guard, heardAtMs: nowMs, openedAtMs }
      }
      return { ...state, guards }
    }
    case 'pause':
      return { ...state, isPaused: true }
    case 'resume':
      return { ...state, isPaused: false, isRemotelyStopped: false }
    case 'visit':
      return { ...state, isVisit: input.isOn }
    case 'requestEmergencyStop':
      return { ...state, isRemotelyStopped: true }
    case 'tick':
    case 'watch':
    case 'wantLamp':
    case 'checklist':
    case 'armHeld':
    case 'start':
      return state
  }
}

/** What is shown between the button and the start. Behind shut doors whoever comes into sight was there all the time. */
function witness(before: SupervisorState, state: SupervisorState, input: SupervisorInput): SupervisorState {
  const isDoorOpen = state.watch?.doors.some((door) => guardOf(state, door)?.state === 'open') === true
  const comesIntoSight =
    (state.isPersonSensed && !before.isPersonSensed) ||
    (state.isPersonSeen && !before.isPersonSeen) ||
    Object.entries(state.cameras).some(
      ([name, { isPersonSeen }]) => isPersonSeen && before.cameras[name]?.isPersonSeen !== true,
    )
  return {
    ...state,
    isPresserSensed: state.isPresserSensed || (input.type === 'personSensor' && input.isDetected),
    isRoomLeft:
      (isDoorOpen && input.type === 'doorGuards') || (state.isRoomLeft && (isDoorOpen || !comesIntoSight)),
  }
}

/** The robot stands while it is lit: an estimate that goes elsewhere is wrong now, or was wrong before. */
function hasMoved({ pose, litPose }: SupervisorState): boolean {
  return (
    pose !== null &&
    litPose !== null &&
    !(
      distance(pose, litPose) <= SUPERVISOR_LIMITS.maxDeviationM &&
      Math.abs(normalizeAngle(pose.theta - litPose.theta)) <= SUPERVISOR_LIMITS.maxDeviationRad
    )
  )
}

function isStuckOn(state: SupervisorState, nowMs: number): boolean {
  return (
    !state.isLampOn &&
    nowMs - state.lampChangedAtMs > SUPERVISOR_LIMITS.afterglowMs &&
    isLampMeasuredLit(state)
  )
}

/** Whether light or current of any tube is measured. */
export function isLampMeasuredLit({ lampOutput, lampCurrent }: SupervisorState): boolean {
  return lampOutput.some(isLit) || lampCurrent.some(isLit)
}

function isLit(fraction: number): boolean {
  return fraction >= SUPERVISOR_LIMITS.litFraction
}

function doesLampContradict({ lampOutput, lampCurrent }: SupervisorState): boolean {
  if (lampOutput.length === 0 || lampCurrent.length === 0) return false
  return (
    lampOutput.length !== lampCurrent.length ||
    lampOutput.some((fraction, tube) => isLit(fraction) !== isLit(lampCurrent[tube]!))
  )
}
