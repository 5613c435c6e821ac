import { armingChecklist, type ArmingStep, type InterlockKind } from '@wardlight/core/fleet'
import {
  doesLampContradict,
  guardOf,
  hazardsAnywhere,
  hazardsOf,
  isHalfArmed,
  STOPS_DRIVE,
} from './hazards.ts'
import {
  SUPERVISOR_LIMITS,
  type Hazard,
  type Sensor,
  type SupervisorFact,
  type SupervisorInput,
  type SupervisorState,
} from './supervisor-state.ts'

export { hazardsAnywhere, hazardsOf, isLampMeasuredLit, mustStand } from './hazards.ts'
export { DARK_AND_DISARMED, SUPERVISOR_LIMITS } from './supervisor-state.ts'
export type * from './supervisor-state.ts'

/** Kinds that are told, and stop the drive, even when nothing is armed. */
const ALWAYS_TOLD: ReadonlySet<InterlockKind> = new Set([
  'emergencyStop.pressed',
  'bumper.pressed',
  'localisation.lost',
  'lamp.stuckOn',
])

/**
 * The safety supervisor's mind: a pure function from (state, input, monotonic time) to (state, facts), which come in the
 * order in which they happened.
 * It alone decides whether the lamp may be lit, and nothing outranks it. The rules, in short:
 *
 * - It comes up dark and disarmed. Only checklist → button on the robot → start, each within its
 *   window and for the same mission, arms; any other order is refused, recorded, and locks again.
 * - A hazard while armed latches: dark at once, disarmed. Only a full new arming lights again, and its
 *   last step is refused for as long as any hazard is there.
 * - A sensor that is silent is a hazard: nobody knows whether the room is empty. So is one that was never seen to
 *   tell: whoever presses the button has to be seen by the person sensor, and to leave by a door whose guard says so.
 *
 * What it knows stands in `supervisor-state.ts`, what keeps the lamp dark in `hazards.ts`.
 */
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
    nowMs - state.armingSinceMs >= state.limits.exitDelayMs
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
