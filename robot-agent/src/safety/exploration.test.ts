import { ARMING_CHECKLIST, InterlockKindSchema } from '@wardlight/core/fleet'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { GuardState } from '../robot/ports.ts'
import { BrokenRule, explore, hold, summaryOf, type Counterexample } from '../testing/explore.ts'
import {
  DARK_AND_DISARMED,
  mustStand,
  supervise,
  SUPERVISOR_LIMITS,
  type SupervisorFact,
  type SupervisorInput,
  type SupervisorState,
} from './supervisor.ts'
import { TWO_DOOR_WATCH } from '../testing/two-door-watch.ts'

/*
 * Every state × every event of the supervisor's mind, over the real `supervise`.
 *
 * What is walked is a pair: the supervisor's state, and a record of the world that is kept beside it from the
 * events alone (who was seen, which door is open, which arming steps were really done). The rules are judged by
 * that record, never by the supervisor's own list of hazards.
 *
 * The abstraction (`rebased`): all that `supervise` does with a time is to compare its age with one limit. So an
 * age is in one of two classes, within its limit or beyond it, and each class is stood for by one age. Time itself
 * is an event: "this sensor is silent until its limit", "the exit delay is over". Each may come at any moment and
 * alone, as if every age had a clock of its own. Real time allows fewer orders than that, so in time the walk is
 * an over-approximation: what it does not find cannot happen. Values are one for each outcome of their comparison:
 * a battery at 5 % stands for all that are too low.
 *
 * Where it is an under-approximation: the first walk has at most one sensor at a time that tells anything but a
 * safe room, the second two, without the commands that neither lead to light nor from it (WARDLIGHT_EXPLORE_FAULTS
 * raises the second to three or more, for those who have the minutes); and when the robot comes up, its sensors
 * are first heard in one order. Random long traces in real time with any number of faults cover what lies beyond.
 * They show too that the abstraction leaves nothing out: whatever state with one fault or none they come by, by
 * whatever way, the walk has been there.
 */
const MAX_FAULTS = Number(process.env['WARDLIGHT_EXPLORE_FAULTS'] ?? 2)

const POSES = {
  here: { x: 2, y: 2, theta: 0 },
  there: { x: 3, y: 2, theta: 0 },
  outside: { x: 7, y: 2, theta: 0 },
} as const

/** What each sensor may say; the first is what it says in a safe room. */
const SAYINGS = {
  scan: ['clear', 'person'],
  personSensor: ['clear', 'person'],
  camera: ['clear', 'person'],
  emergencyStop: ['released', 'pressed'],
  bumper: ['released', 'pressed'],
  lampOutput: ['dark', 'lit'],
  lampCurrent: ['dark', 'lit'],
  localisation: ['here', 'there', 'outside', 'unsure'],
  battery: ['full', 'low'],
  'door-1': ['closed', 'open', 'moved', 'lost'],
  'door-2': ['closed', 'open'],
} as const
type SensorName = keyof typeof SAYINGS

const CAMERA = '/front/detections'
/** As a robot comes up that has one camera. */
const COMING_UP: SupervisorState = {
  ...DARK_AND_DISARMED,
  cameras: { [CAMERA]: { isPersonSeen: false, heardAtMs: -Infinity } },
}
const SENSORS = Object.keys(SAYINGS) as SensorName[]

function messageOf(sensor: SensorName, saying: string): SupervisorInput {
  switch (sensor) {
    case 'scan':
      return { type: 'scan', isPersonSeen: saying === 'person' }
    case 'personSensor':
      return { type: 'personSensor', isDetected: saying === 'person' }
    case 'camera':
      return { type: 'camera', camera: CAMERA, isPersonSeen: saying === 'person' }
    case 'emergencyStop':
      return { type: 'emergencyStop', isPressed: saying === 'pressed' }
    case 'bumper':
      return { type: 'bumper', isPressed: saying === 'pressed' }
    case 'lampOutput':
    case 'lampCurrent':
      return { type: sensor, fractions: [saying === 'lit' ? 1 : 0] }
    case 'localisation':
      return {
        type: 'localisation',
        pose: POSES[saying === 'unsure' ? 'here' : (saying as keyof typeof POSES)],
        deviationM: saying === 'unsure' ? 0.5 : 0.03,
        deviationRad: 0.02,
      }
    case 'battery':
      return { type: 'battery', fraction: saying === 'low' ? 0.05 : 0.8 }
    case 'door-1':
    case 'door-2':
      return { type: 'doorGuards', states: new Map([[sensor, saying as GuardState]]) }
  }
}

function limitMsOf(sensor: SensorName): number {
  return sensor === 'battery' ? SUPERVISOR_LIMITS.batteryStaleMs : SUPERVISOR_LIMITS.staleMs
}

/** What really is, kept from the events alone. */
interface World {
  /** What each sensor said last; `null`: nothing yet. */
  readonly said: Readonly<Record<SensorName, string | null>>
  readonly isSilent: Readonly<Record<SensorName, boolean>>
  readonly isWatched: boolean
  readonly isButtonDown: boolean
  /** Arming steps that were done in order since the robot was last disarmed. */
  readonly steps: 'none' | 'checklist' | 'button' | 'start'
  readonly isExitDelayOver: boolean
  readonly isLampWanted: boolean
  readonly isPaused: boolean
  /** A visit has begun, and is not over. */
  readonly isVisit: boolean
  /** A stop was asked for from far, and nobody armed or resumed since. */
  readonly isStopAskedFor: boolean
  readonly isLampOn: boolean
  readonly isIgnitionOver: boolean
  readonly isAfterglowOver: boolean
  /** Light and current of the lamp contradict one another, for longer than it takes to light. */
  readonly isContradictionLong: boolean
  /** What the localisation said when the lamp went on. */
  readonly litAt: string | null
  /** Since the button, and before the start: the person sensor told of somebody. */
  readonly isPresserSeen: boolean
  /** Since the button, and before the start: a door was open, and nobody came into sight behind shut doors since. */
  readonly isRoomLeft: boolean
  /** Guards that have told of their open door in this shift, and were not taken off since. */
  readonly isTested: Readonly<Record<DoorName, boolean>>
}
const DOORS = ['door-1', 'door-2'] as const
type DoorName = (typeof DOORS)[number]

const AT_POWER_UP: World = {
  said: Object.fromEntries(SENSORS.map((sensor) => [sensor, null])) as World['said'],
  isSilent: Object.fromEntries(SENSORS.map((sensor) => [sensor, true])) as World['isSilent'],
  isWatched: false,
  isButtonDown: true,
  steps: 'none',
  isExitDelayOver: false,
  isLampWanted: false,
  isPaused: false,
  isVisit: false,
  isStopAskedFor: false,
  isLampOn: false,
  isIgnitionOver: false,
  isAfterglowOver: true,
  isContradictionLong: false,
  litAt: null,
  isPresserSeen: false,
  isRoomLeft: false,
  isTested: { 'door-1': false, 'door-2': false },
}

interface Both {
  readonly state: SupervisorState
  readonly world: World
}
type Supervise = typeof supervise
/** The real supervisor or one that stands in for it, and the one rule that it is held against; `null`: all. */
interface Mind {
  readonly supervise: Supervise
  readonly only: Rule | null
}
const REAL: Mind = { supervise, only: null }

/** A sensor's message, a command, or a time that has come. */
type Event =
  | { readonly kind: 'says'; readonly sensor: SensorName; readonly saying: string }
  | { readonly kind: 'silent'; readonly sensor: SensorName }
  | { readonly kind: 'command'; readonly name: string; readonly input: SupervisorInput }
  | {
      readonly kind: 'time'
      readonly of:
        | 'exitDelay'
        | 'armingWindow'
        | 'ignition'
        | 'afterglow'
        | 'lampCap'
        | 'contradiction'
        | `shift of ${DoorName}`
    }
  /** The supervisor was not called for longer than it may be, or its clock went back; then this comes. */
  | { readonly kind: 'jump'; readonly ms: number; readonly name: string; readonly input: SupervisorInput }

const ITEMS = ARMING_CHECKLIST.map(({ id }) => id)
const CHECKLIST: SupervisorInput = { type: 'checklist', missionId: 'm', by: 'nurse', items: ITEMS }
const START: SupervisorInput = { type: 'start', missionId: 'm', by: 'nurse' }
const TICK: SupervisorInput = { type: 'tick' }
const COMMANDS: Readonly<Record<string, SupervisorInput>> = {
  tick: TICK,
  watch: { type: 'watch', watch: TWO_DOOR_WATCH },
  'watch nothing': { type: 'watch', watch: null },
  'want light': { type: 'wantLamp', isWanted: true },
  'want dark': { type: 'wantLamp', isWanted: false },
  checklist: CHECKLIST,
  'checklist, incomplete': { ...CHECKLIST, items: ITEMS.slice(1) },
  'checklist, nameless': { ...CHECKLIST, by: ' ' },
  'checklist, other mission': { ...CHECKLIST, missionId: 'n' },
  'press button': { type: 'armButton', isPressed: true },
  'release button': { type: 'armButton', isPressed: false },
  'hold screen': { type: 'armHeld' },
  start: START,
  'start, nameless': { ...START, by: '' },
  'start, other mission': { ...START, missionId: 'n' },
  pause: { type: 'pause' },
  resume: { type: 'resume' },
  'a visit begins': { type: 'visit', isOn: true },
  'the visit is over': { type: 'visit', isOn: false },
  'ask for a stop': { type: 'requestEmergencyStop', by: 'nurse' },
}
/** Longer than any sensor may be silent, so that after it all are. */
const STALL_MS = SUPERVISOR_LIMITS.batteryStaleMs + SUPERVISOR_LIMITS.stallMs
const EVENTS: readonly Event[] = [
  ...SENSORS.flatMap((sensor): Event[] => [
    ...SAYINGS[sensor].map((saying): Event => ({ kind: 'says', sensor, saying })),
    { kind: 'silent', sensor },
  ]),
  ...Object.entries(COMMANDS).map(([name, input]): Event => ({ kind: 'command', name, input })),
  ...(
    [
      'exitDelay',
      'armingWindow',
      'ignition',
      'afterglow',
      'lampCap',
      'contradiction',
      'shift of door-1',
      'shift of door-2',
    ] as const
  ).map((of): Event => ({ kind: 'time', of })),
  { kind: 'jump', ms: STALL_MS, name: 'tick', input: TICK },
  { kind: 'jump', ms: STALL_MS, name: 'start', input: START },
  { kind: 'jump', ms: -600, name: 'tick', input: TICK },
]
/** What leads to light and from it, without the ways beside it. */
const PLAIN_NAMES = new Set(['watch', 'want light', 'checklist', 'press button', 'release button', 'start'])
const PLAIN_EVENTS = EVENTS.filter(
  (event) =>
    event.kind === 'says' ||
    event.kind === 'silent' ||
    (event.kind === 'command' && PLAIN_NAMES.has(event.name)) ||
    (event.kind === 'time' && event.of === 'exitDelay'),
)

function nameOf(event: Event): string {
  switch (event.kind) {
    case 'says':
      return `${event.sensor} says ${event.saying}`
    case 'silent':
      return `${event.sensor} falls silent`
    case 'command':
      return event.name
    case 'time':
      return `time of ${event.of}`
    case 'jump':
      return `${event.ms > 0 ? 'stall' : 'time goes back'}, then ${event.name}`
  }
}

/** All states are looked at from this instant. */
const NOW_MS = 1e7
const STEP_MS = SUPERVISOR_LIMITS.stepMs
/** Beyond every limit on the age of something. */
const LONG_MS = 1e6

/** The same state by classes of age, seen from `NOW_MS`. */
function rebased(state: SupervisorState, nowMs: number): SupervisorState {
  const within = (sinceMs: number, limitMs: number) =>
    // Heard in the future: a clock went back. That is a class of its own.
    sinceMs > nowMs ? NOW_MS + LONG_MS : nowMs - sinceMs > limitMs ? NOW_MS - LONG_MS : NOW_MS
  const heardAtMs: Partial<Record<string, number>> = {}
  for (const sensor of SENSORS) {
    if (sensor === 'door-1' || sensor === 'door-2' || sensor === 'camera') continue
    const heardMs = state.heardAtMs[sensor]
    if (heardMs !== undefined) heardAtMs[sensor] = within(heardMs, limitMsOf(sensor))
  }
  const guards: Record<string, { state: GuardState; heardAtMs: number; openedAtMs: number }> = {}
  for (const [id, guard] of Object.entries(state.guards)) {
    guards[id] = {
      state: guard.state,
      heardAtMs: within(guard.heardAtMs, SUPERVISOR_LIMITS.staleMs),
      openedAtMs: nowMs - guard.openedAtMs > SUPERVISOR_LIMITS.guardTestMs ? -Infinity : NOW_MS,
    }
  }
  const { exitDelayMs, ignitionMs, afterglowMs, lampCapMs } = SUPERVISOR_LIMITS
  const armedMs = nowMs - state.armingSinceMs
  const camera = state.cameras[CAMERA]!
  return {
    ...state,
    steppedAtMs: NOW_MS,
    heardAtMs,
    guards,
    cameras: { [CAMERA]: { ...camera, heardAtMs: within(camera.heardAtMs, SUPERVISOR_LIMITS.staleMs) } },
    // A half arming beyond its window is locked by the very next step, so it has one class only.
    armingSinceMs: state.armingStep === 'started' && armedMs >= exitDelayMs ? NOW_MS - exitDelayMs : NOW_MS,
    lampChangedAtMs: within(state.lampChangedAtMs, state.isLampOn ? ignitionMs : afterglowMs),
    lampContradictsSinceMs:
      state.lampContradictsSinceMs === null ? null : within(state.lampContradictsSinceMs, ignitionMs),
    lampOnMs: state.lampOnMs >= lampCapMs ? lampCapMs : 0,
  }
}

/**
 * Sensors of which something is told that is not so in a safe room, or nothing; a visit counts as one, and so does a lamp
 * that gives light against its order, or of which its two sensors say different things.
 */
function faultsOf(world: World): number {
  const { said, isSilent, isLampOn, isVisit } = world
  const sensors = SENSORS.filter(
    (sensor) =>
      isSilent[sensor] ||
      (said[sensor] !== SAYINGS[sensor][0] && sensor !== 'lampOutput' && sensor !== 'lampCurrent'),
  )
  const isLampOdd = doesLampContradict(world) || (!isLampOn && said.lampOutput === 'lit')
  return sensors.length + Number(isVisit) + Number(isLampOdd)
}

function doesLampContradict({ said }: World): boolean {
  return said.lampOutput !== null && said.lampCurrent !== null && said.lampOutput !== said.lampCurrent
}

function isRoomSafe(world: World): boolean {
  const { said } = world
  return (
    world.isWatched &&
    !world.isPaused &&
    !world.isVisit &&
    SENSORS.every((sensor) => !world.isSilent[sensor]) &&
    said.scan === 'clear' &&
    said.personSensor === 'clear' &&
    said.camera === 'clear' &&
    said.emergencyStop === 'released' &&
    said.bumper === 'released' &&
    said['door-1'] === 'closed' &&
    said['door-2'] === 'closed' &&
    said.battery === 'full' &&
    isPlaced(world) &&
    doesLampObey(world)
  )
}

/** What has to be shown between the button and the start. */
function isShown({ isPresserSeen, isRoomLeft, isTested }: World): boolean {
  return isPresserSeen && isRoomLeft && DOORS.every((door) => isTested[door])
}

/** What a sensor's message shows of sensors and people. */
function shownBy(before: World, world: World, input: SupervisorInput): World {
  const { said } = world
  const isTested = { ...world.isTested }
  if (input.type === 'doorGuards') {
    for (const door of DOORS) {
      if (!input.states.has(door)) continue
      if (said[door] === 'open') isTested[door] = true
      else if (said[door] !== 'closed') isTested[door] = false
    }
  }
  const after = { ...world, isTested }
  if (world.steps !== 'button') return { ...after, isPresserSeen: false, isRoomLeft: false }
  const isDoorOpen = DOORS.some((door) => said[door] === 'open')
  const comesIntoSight = (['scan', 'personSensor', 'camera'] as const).some(
    (sensor) => said[sensor] === 'person' && before.said[sensor] !== 'person',
  )
  return {
    ...after,
    isPresserSeen: world.isPresserSeen || (input.type === 'personSensor' && said.personSensor === 'person'),
    isRoomLeft:
      (input.type === 'doorGuards' && isDoorOpen) || (world.isRoomLeft && (isDoorOpen || !comesIntoSight)),
  }
}

function isPlaced({ said, litAt }: World): boolean {
  return (
    (said.localisation === 'here' || said.localisation === 'there') &&
    (litAt === null || litAt === said.localisation)
  )
}

function doesLampObey({
  said,
  isLampOn,
  isIgnitionOver,
  isAfterglowOver,
  isContradictionLong,
}: World): boolean {
  if (isContradictionLong) return false
  return isLampOn
    ? !(isIgnitionOver && said.lampOutput === 'dark')
    : !(isAfterglowOver && (said.lampOutput === 'lit' || said.lampCurrent === 'lit'))
}

const NOTHING_SHOWN = { isPresserSeen: false, isRoomLeft: false }

/** The world after an input, before the supervisor has said what it does. */
function heardBy(world: World, input: SupervisorInput): World {
  switch (input.type) {
    case 'watch':
      return { ...world, isWatched: input.watch !== null, steps: 'none', isLampWanted: false }
    case 'wantLamp':
      return { ...world, isLampWanted: input.isWanted && world.steps === 'start' }
    case 'checklist': {
      const isMeant = world.isWatched && input.missionId === 'm'
      if (!isMeant) return world
      if (world.steps === 'start') return { ...world, steps: 'none' }
      const isGood = input.by.trim() !== '' && input.items.length === ITEMS.length
      return isGood ? { ...world, steps: 'checklist' } : world
    }
    case 'armButton': {
      const isPress = input.isPressed && !world.isButtonDown && world.isWatched
      const steps = world.steps === 'checklist' || world.steps === 'button' ? 'button' : 'none'
      return { ...world, isButtonDown: input.isPressed, ...(isPress ? { steps, ...NOTHING_SHOWN } : {}) }
    }
    case 'armHeld': {
      const steps = world.steps === 'checklist' || world.steps === 'button' ? 'button' : 'none'
      return world.isWatched ? { ...world, steps, ...NOTHING_SHOWN } : world
    }
    case 'start': {
      if (!world.isWatched || input.missionId !== 'm') return world
      if (world.steps !== 'button') return { ...world, steps: 'none' }
      if (input.by.trim() === '' || !isRoomSafe(world) || !isShown(world)) return world
      return { ...world, steps: 'start', isExitDelayOver: false, isStopAskedFor: false, isLampWanted: false }
    }
    case 'pause':
      return { ...world, isPaused: true, steps: 'none' }
    case 'resume':
      return { ...world, isPaused: false, isStopAskedFor: false }
    case 'visit':
      return { ...world, isVisit: input.isOn }
    case 'requestEmergencyStop':
      return { ...world, isStopAskedFor: true, steps: 'none' }
    default:
      return world
  }
}

const isStartOf = (input: SupervisorInput) => input.type === 'start' && input.missionId === 'm'

/** One call of the supervisor, with the world that saw it, held against every rule. */
function stepped(mind: Mind, before: Both, told: World, input: SupervisorInput, nowMs: number): Both {
  const world = { ...told, isContradictionLong: told.isContradictionLong && doesLampContradict(told) }
  const { state, facts } = mind.supervise(before.state, input, nowMs)
  const advances = facts.flatMap((fact) => (fact.type === 'armingAdvanced' ? [fact.step] : []))
  // Whatever the supervisor disarms for, and it may be stricter than the rules, makes the steps before it void.
  const isLocked = advances.at(-1) === 'locked'
  const known: World = advances[0] === 'locked' ? { ...world, steps: 'none' } : world
  let after = heardBy(shownBy(before.world, known, input), input)
  if (isLocked) after = { ...after, steps: 'none' }
  // A room that is not safe disarms, whoever tells of it.
  if (after.steps === 'start' && !isRoomSafe(after)) after = { ...after, steps: 'none' }
  if (after.steps !== 'start') after = { ...after, isLampWanted: false, isExitDelayOver: false }
  if (after.steps !== 'button') after = { ...after, ...NOTHING_SHOWN }
  const { isLampOn } = state
  if (isLampOn !== before.state.isLampOn) {
    after = {
      ...after,
      isIgnitionOver: false,
      isAfterglowOver: false,
      litAt: isLampOn ? after.said.localisation : null,
    }
  }
  after = { ...after, isLampOn }
  judge(before, { state, world: after }, input, facts, nowMs, mind.only)
  return { state, world: after }
}

/** The rules. Each speaks of what really is. */
const RULES = {
  person: 'the lamp is lit only while person sensor, lidar and camera see nobody',
  visit: 'the lamp is lit only while there is no visit',
  door: 'the lamp is lit only while the guard of every door says that it is closed',
  stops:
    'the lamp is lit only while neither emergency stop nor bumper is pressed, and nobody asked for a pause',
  silence: 'the lamp is lit only while every sensor speaks',
  place: 'the lamp is lit only while the robot knows that it stands in the room, where it was lit',
  means: 'the lamp is lit only while battery and lamp are as they should be',
  latch: 'what is latched is dark and disarmed',
  arming: 'it is armed only by checklist, button and start, in this order, since it was last disarmed',
  tested:
    'it is armed only when whoever pressed the button was seen and has left, and every guard has told of its door',
  delay: 'the lamp is lit only after the exit delay',
  wanted: 'the lamp is lit only while a mission waits for it and wants it',
  trip: 'what trips a lit lamp puts it out in the same step, latches and locks',
  told: 'a lamp that goes out unasked says why',
  secondStart: 'a start while armed disarms: two starts are one run',
  wheels: 'the wheels must stand for emergency stop, bumper, a lost place and a stop that was asked for',
} as const
type Rule = keyof typeof RULES

/** @param only the one rule that counts; `null`: all. */
function judge(
  before: Both,
  { state, world }: Both,
  input: SupervisorInput,
  facts: readonly SupervisorFact[],
  nowMs: number,
  only: Rule | null,
): void {
  const check = (rule: Rule, isHeld: boolean) => {
    if (only === null || only === rule) hold(RULES[rule], isHeld)
  }
  const { said, isSilent } = world
  const trips = facts.filter(({ type }) => type === 'tripped')
  const wasLit = before.state.isLampOn
  if (state.isLampOn) {
    check('person', said.scan === 'clear' && said.personSensor === 'clear' && said.camera === 'clear')
    check('visit', !world.isVisit)
    check('door', said['door-1'] === 'closed' && said['door-2'] === 'closed')
    check(
      'stops',
      said.emergencyStop === 'released' &&
        said.bumper === 'released' &&
        !world.isPaused &&
        !world.isStopAskedFor,
    )
    check(
      'silence',
      SENSORS.every((sensor) => !isSilent[sensor]),
    )
    check('place', isPlaced(world))
    check('means', said.battery === 'full' && doesLampObey(world))
    check('delay', world.isExitDelayOver)
    check('wanted', world.isWatched && world.isLampWanted)
  }
  check('latch', !state.isLatched || (!state.isLampOn && state.armingStep !== 'started'))
  if (wasLit && trips.length > 0) {
    check('trip', !state.isLampOn && state.isLatched && state.armingStep === 'locked')
  }
  check('arming', state.armingStep !== 'started' || world.steps === 'start')
  const isStarted = state.armingStep === 'started' && before.state.armingStep !== 'started'
  check('tested', !isStarted || isShown(before.world))
  const isAskedFor = input.type === 'watch' || (input.type === 'wantLamp' && !input.isWanted)
  if (wasLit && !state.isLampOn && !isAskedFor) {
    check(
      'told',
      trips.length > 0 && trips.every((fact) => fact.type === 'tripped' && fact.wasLit && fact.detail !== ''),
    )
  }
  if (before.world.steps === 'start' && isStartOf(input)) {
    check('secondStart', !state.isLampOn && state.armingStep === 'locked')
  }
  const isLost = isSilent.localisation || said.localisation === 'unsure'
  if (said.emergencyStop === 'pressed' || said.bumper === 'pressed' || isLost || world.isStopAskedFor) {
    check('wheels', mustStand(state, nowMs))
  }
}

/** Which sensor is heard next when the robot comes up; `null` when it heard all. */
function firstUnheard({ said }: World): SensorName | null {
  return SENSORS.find((sensor) => said[sensor] === null) ?? null
}

/** One event. */
function stepOf(mind: Mind, maxFaults: number) {
  return (before: Both, event: Event): Both | null => {
    const { state, world } = before
    const nowMs = NOW_MS + STEP_MS
    const seen = ({ state: after, world: seenWorld }: Both, atMs = nowMs): Both => ({
      state: rebased(after, atMs),
      world: seenWorld,
    })
    switch (event.kind) {
      case 'says': {
        const { sensor, saying } = event
        const unheard = firstUnheard(world)
        if (unheard !== null && (sensor !== unheard || saying !== SAYINGS[sensor][0])) return null
        const after: World = {
          ...world,
          said: { ...world.said, [sensor]: saying },
          isSilent: { ...world.isSilent, [sensor]: false },
        }
        if (unheard === null && faultsOf(after) > Math.max(maxFaults, faultsOf(world) - 1)) return null
        return seen(stepped(mind, before, after, messageOf(sensor, saying), nowMs))
      }
      case 'silent': {
        const { sensor } = event
        if (firstUnheard(world) !== null || world.isSilent[sensor]) return null
        const after: World = { ...world, isSilent: { ...world.isSilent, [sensor]: true } }
        if (faultsOf(after) > maxFaults) return null
        return seen(
          stepped(mind, { state: aged(state, sensor, limitMsOf(sensor)), world }, after, TICK, nowMs),
        )
      }
      case 'command': {
        const isOneMore = event.input.type === 'visit' && event.input.isOn && !world.isVisit
        if (isOneMore && firstUnheard(world) === null && faultsOf(world) >= maxFaults) return null
        return seen(stepped(mind, before, world, event.input, nowMs))
      }
      case 'time': {
        const timed = timeOf(before, event.of)
        return timed === null
          ? null
          : seen(stepped(mind, { state: timed.state, world }, timed.world, TICK, nowMs))
      }
      case 'jump': {
        if (firstUnheard(world) !== null) return null
        const atMs = NOW_MS + event.ms
        // For so long nobody judged: what was armed is armed no more, before the input counts. All sensors are old.
        const jumped: World = {
          ...world,
          isSilent: AT_POWER_UP.isSilent,
          // Of a clock that went back nothing has an age any more.
          ...(event.ms < 0 ? { isTested: AT_POWER_UP.isTested } : {}),
          isContradictionLong: event.ms > 0,
          ...(world.steps === 'start' ? { steps: 'none', isLampWanted: false, isExitDelayOver: false } : {}),
        }
        let both = stepped(mind, before, jumped, event.input, atMs)
        // Then those that spoke before speak again.
        for (const sensor of SENSORS) {
          const saying = world.said[sensor]
          if (world.isSilent[sensor] || saying === null) continue
          const again: World = { ...both.world, isSilent: { ...both.world.isSilent, [sensor]: false } }
          both = stepped(mind, both, again, messageOf(sensor, saying), atMs)
        }
        return seen(both, atMs)
      }
    }
  }
}

/** The same, with what this sensor said last so much older. */
function aged(state: SupervisorState, sensor: SensorName, byMs: number): SupervisorState {
  if (sensor === 'door-1' || sensor === 'door-2') {
    const guard = state.guards[sensor]
    if (guard === undefined) return state
    return {
      ...state,
      guards: { ...state.guards, [sensor]: { ...guard, heardAtMs: guard.heardAtMs - byMs } },
    }
  }
  if (sensor === 'camera') {
    const camera = state.cameras[CAMERA]!
    return { ...state, cameras: { [CAMERA]: { ...camera, heardAtMs: camera.heardAtMs - byMs } } }
  }
  const heardMs = state.heardAtMs[sensor]
  return heardMs === undefined
    ? state
    : { ...state, heardAtMs: { ...state.heardAtMs, [sensor]: heardMs - byMs } }
}

/** One time away from the next step; `null` where nothing waits for it. */
function timeOf({ state, world }: Both, of: Extract<Event, { kind: 'time' }>['of']): Both | null {
  const { exitDelayMs, armingWindowMs, ignitionMs, afterglowMs, lampCapMs } = SUPERVISOR_LIMITS
  switch (of) {
    case 'exitDelay':
      if (state.armingStep !== 'started') return null
      return {
        // To the millisecond: with this step it is over.
        state: { ...state, armingSinceMs: NOW_MS + STEP_MS - exitDelayMs },
        world: { ...world, isExitDelayOver: world.steps === 'start' },
      }
    case 'armingWindow':
      if (state.armingStep !== 'checklistConfirmed' && state.armingStep !== 'buttonPressed') return null
      return {
        state: { ...state, armingSinceMs: NOW_MS - armingWindowMs },
        world: { ...world, steps: 'none' },
      }
    case 'ignition':
      if (!state.isLampOn) return null
      return {
        state: { ...state, lampChangedAtMs: NOW_MS - ignitionMs },
        world: { ...world, isIgnitionOver: true },
      }
    case 'afterglow':
      if (state.isLampOn) return null
      return {
        state: { ...state, lampChangedAtMs: Math.min(state.lampChangedAtMs, NOW_MS - afterglowMs) },
        world: { ...world, isAfterglowOver: true },
      }
    case 'shift of door-1':
    case 'shift of door-2': {
      const door = of === 'shift of door-1' ? 'door-1' : 'door-2'
      const guard = state.guards[door]
      if (guard === undefined || !world.isTested[door]) return null
      return {
        state: { ...state, guards: { ...state.guards, [door]: { ...guard, openedAtMs: -Infinity } } },
        world: { ...world, isTested: { ...world.isTested, [door]: false } },
      }
    }
    case 'contradiction':
      if (state.lampContradictsSinceMs === null) return null
      return {
        state: { ...state, lampContradictsSinceMs: NOW_MS - ignitionMs },
        world: { ...world, isContradictionLong: true },
      }
    case 'lampCap':
      if (!state.isLampOn) return null
      return {
        state: { ...state, lampOnMs: lampCapMs - STEP_MS },
        // What was lit for so long is to be armed anew.
        world: { ...world, steps: 'none' },
      }
  }
}

/** State and world as two numbers: mixed radix over all that `rebased` leaves. */
function keyOf({ state, world }: Both): string {
  let key = 0
  const put = (digit: number, radix: number) => {
    key = key * radix + digit
  }
  const flag = (isSo: boolean) => put(isSo ? 1 : 0, 2)
  const age = (atMs: number | undefined) =>
    put(atMs === undefined || atMs < NOW_MS - 1e5 ? 0 : atMs > NOW_MS ? 2 : 1, 3)
  for (const sensor of SENSORS) {
    // What the supervisor keeps of a sensor's last word is compared by the rules, so the word stands for it here.
    put(
      world.said[sensor] === null ? 0 : 1 + SAYINGS[sensor].indexOf(world.said[sensor] as never),
      SAYINGS[sensor].length + 1,
    )
    flag(world.isSilent[sensor])
    if (sensor === 'door-1' || sensor === 'door-2') age(state.guards[sensor]?.heardAtMs)
    else age(sensor === 'camera' ? state.cameras[CAMERA]!.heardAtMs : state.heardAtMs[sensor])
  }
  const sensors = key
  key = 0
  for (const door of DOORS) {
    flag(state.guards[door] !== undefined && state.guards[door].openedAtMs !== -Infinity)
    flag(world.isTested[door])
  }
  flag(state.isPresserSensed)
  flag(state.isRoomLeft)
  flag(world.isPresserSeen)
  flag(world.isRoomLeft)
  put(STEPS.indexOf(state.armingStep), 4)
  put(WORLD_STEPS.indexOf(world.steps), 4)
  flag(state.armingStep === 'started' && state.armingSinceMs !== NOW_MS)
  flag(state.watch !== null)
  flag(state.isLatched)
  flag(state.isPaused)
  flag(state.isRemotelyStopped)
  flag(state.isLampWanted)
  flag(state.isLampOn)
  flag(state.isArmButtonPressed)
  age(state.lampChangedAtMs)
  flag(state.lampContradictsSinceMs === null)
  age(state.lampContradictsSinceMs ?? undefined)
  flag(world.isContradictionLong)
  put(world.litAt === null ? 0 : world.litAt === 'here' ? 1 : 2, 3)
  return `${sensors}:${key}`
}
const STEPS = ['locked', 'checklistConfirmed', 'buttonPressed', 'started'] as const
const WORLD_STEPS = ['none', 'checklist', 'button', 'start'] as const

function walked({ mind = REAL, events = EVENTS, maxFaults = 1 } = {}) {
  return explore<Both, Event>({
    start: { state: rebased(COMING_UP, 0), world: AT_POWER_UP },
    events,
    step: stepOf(mind, maxFaults),
    keyOf,
    nameOf,
  })
}

/** What the walk of the real supervisor comes by: steps of arming, what it trips for while lit, flags. */
const sights = new Set<string>()
let realWalk: ReturnType<typeof walked> | null = null
function walkOfReal() {
  realWalk ??= walked({
    mind: {
      only: null,
      supervise: (before, input, nowMs) => {
        const result = supervise(before, input, nowMs)
        const { armingStep, isLampOn, isLatched, isPaused, isRemotelyStopped } = result.state
        sights.add(armingStep)
        if (isLampOn) sights.add('lit')
        if (isLatched) sights.add('latched')
        if (isPaused) sights.add('paused')
        if (isRemotelyStopped) sights.add('stopped')
        for (const fact of result.facts) if (fact.type === 'tripped' && fact.wasLit) sights.add(fact.kind)
        return result
      },
    },
  })
  return realWalk
}

describe('the supervisor, in every state and for every event', () => {
  it('keeps every rule, whatever one sensor tells', () => {
    const walk = walkOfReal()
    console.log(summaryOf('supervisor, one fault at a time, every event', walk))
    expect(walk.counterexample).toBeNull()
  }, 300_000)

  it('keeps every rule on the way to light, whatever two sensors tell', () => {
    const walk = walked({ events: PLAIN_EVENTS, maxFaults: MAX_FAULTS })
    console.log(summaryOf(`supervisor, ${MAX_FAULTS} faults at a time, the way to light`, walk))
    expect(walk.counterexample).toBeNull()
  }, 3_600_000)

  it('comes by every step of arming, and is put out by every interlock', () => {
    // A walk that never lights would keep every rule.
    walkOfReal()
    const flags = ['lit', 'latched', 'paused', 'stopped']
    // A lamp that is lit though it was switched off was not lit by the supervisor; of a restart the mission tells. What is
    // untested is never lit: it refuses the start.
    const others = new Set<string>(['lamp.stuckOn', 'controller.restarted', 'sensor.untested'])
    const kinds = InterlockKindSchema.enum.filter((kind) => !others.has(kind))
    expect([...sights].toSorted()).toEqual([...STEPS, ...flags, ...kinds].toSorted())
  }, 300_000)
})

/** Supervisors that are wrong in one way each, and the rule that has to find it. */
const BROKEN: readonly (readonly [keyof typeof RULES, string, Supervise])[] = [
  [
    'person',
    'believes that whoever the lidar sees is furniture',
    (before, input, nowMs) =>
      supervise(before, input.type === 'scan' ? { ...input, isPersonSeen: false } : input, nowMs),
  ],
  [
    'person',
    'does not look through its camera',
    (before, input, nowMs) =>
      supervise(before, input.type === 'camera' ? { ...input, isPersonSeen: false } : input, nowMs),
  ],
  [
    'door',
    'knows the first door only',
    (before, input, nowMs) =>
      supervise(
        before,
        input.type === 'watch' && input.watch !== null
          ? { ...input, watch: { ...input.watch, doors: input.watch.doors.slice(0, 1) } }
          : input,
        nowMs,
      ),
  ],
  [
    'stops',
    'does not feel the bumper',
    (before, input, nowMs) =>
      supervise(before, input.type === 'bumper' ? { ...input, isPressed: false } : input, nowMs),
  ],
  [
    'silence',
    'takes the last word of the person sensor for news',
    (before, input, nowMs) =>
      supervise({ ...before, heardAtMs: { ...before.heardAtMs, personSensor: nowMs } }, input, nowMs),
  ],
  [
    'place',
    'forgets where it was lit',
    (before, input, nowMs) => supervise({ ...before, litPose: null }, input, nowMs),
  ],
  [
    'means',
    'reads every battery as half full',
    (before, input, nowMs) =>
      supervise(before, input.type === 'battery' ? { ...input, fraction: 0.5 } : input, nowMs),
  ],
  [
    'means',
    'believes the light, whatever the current is',
    (before, input, nowMs) => supervise({ ...before, lampContradictsSinceMs: null }, input, nowMs),
  ],
  [
    'visit',
    'lights on a visit',
    (before, input, nowMs) =>
      supervise({ ...before, isVisit: false }, input.type === 'visit' ? TICK : input, nowMs),
  ],
  [
    'latch',
    'stays armed when it trips',
    (before, input, nowMs) => {
      const { state, facts } = supervise(before, input, nowMs)
      const isTripped = before.armingStep === 'started' && state.isLatched
      return { state: isTripped ? { ...state, armingStep: 'started' } : state, facts }
    },
  ],
  [
    'arming',
    'needs no button',
    (before, input, nowMs) =>
      supervise(
        input.type === 'start' && before.armingStep === 'checklistConfirmed'
          ? { ...before, armingStep: 'buttonPressed' }
          : before,
        input,
        nowMs,
      ),
  ],
  [
    'arming',
    'does not notice when its clock goes back',
    (before, input, nowMs) => supervise({ ...before, steppedAtMs: nowMs }, input, nowMs),
  ],
  [
    'tested',
    'takes its person sensor on trust',
    (before, input, nowMs) =>
      supervise({ ...before, isPresserSensed: before.armingStep === 'buttonPressed' }, input, nowMs),
  ],
  [
    'tested',
    'believes that everybody has left',
    (before, input, nowMs) =>
      supervise({ ...before, isRoomLeft: before.armingStep === 'buttonPressed' }, input, nowMs),
  ],
  [
    'tested',
    'takes its guards on trust',
    (before, input, nowMs) => {
      const trusted = Object.entries(before.guards).map(([id, guard]) => [
        id,
        { ...guard, openedAtMs: nowMs },
      ])
      return supervise({ ...before, guards: Object.fromEntries(trusted) }, input, nowMs)
    },
  ],
  [
    'delay',
    'lights at once',
    (before, input, nowMs) => {
      const { state, facts } = supervise(before, input, nowMs)
      const isStarted = state.armingStep === 'started' && before.armingStep !== 'started'
      return { state: isStarted ? { ...state, armingSinceMs: nowMs - LONG_MS } : state, facts }
    },
  ],
  [
    'wanted',
    'stays lit when the mission wants dark',
    (before, input, nowMs) =>
      supervise(before, input.type === 'wantLamp' && !input.isWanted ? TICK : input, nowMs),
  ],
  [
    'trip',
    'does not latch',
    (before, input, nowMs) => {
      const { state, facts } = supervise(before, input, nowMs)
      return { state: { ...state, isLatched: false }, facts }
    },
  ],
  [
    'told',
    'keeps to itself why it goes out',
    (before, input, nowMs) => {
      const { state, facts } = supervise(before, input, nowMs)
      return { state, facts: facts.filter(({ type }) => type !== 'tripped') }
    },
  ],
  [
    'secondStart',
    'swallows a second start',
    (before, input, nowMs) =>
      supervise(before, isStartOf(input) && before.armingStep === 'started' ? TICK : input, nowMs),
  ],
  [
    'wheels',
    'lets the wheels turn when a stop was asked for',
    (before, input, nowMs) => {
      const { state, facts } = supervise(before, input, nowMs)
      return { state: { ...state, isRemotelyStopped: false }, facts }
    },
  ],
]

/** As few as show them all, for time's sake. */
const BROKEN_NAMES = new Set([
  'a visit begins',
  'want dark',
  'ask for a stop',
  'time goes back, then tick',
  'time of contradiction',
])
const BROKEN_EVENTS = EVENTS.filter(
  (event) => PLAIN_EVENTS.includes(event) || BROKEN_NAMES.has(nameOf(event)),
)

describe('a supervisor that is wrong in one thing is found out', () => {
  it.each(BROKEN)(
    '%s: one that %s',
    (rule, name, mind) => {
      const { counterexample, states } = walked({
        mind: { supervise: mind, only: rule },
        events: BROKEN_EVENTS,
      })
      console.log(told(name, counterexample, states))
      expect(counterexample?.broken).toBe(RULES[rule])
    },
    120_000,
  )

  it('by every rule: there is none that cannot fail', () => {
    expect([...new Set(BROKEN.map(([rule]) => rule))].toSorted()).toEqual(Object.keys(RULES).toSorted())
  })
})

function told(name: string, counterexample: Counterexample | null, states: number): string {
  const trace = counterexample?.trace ?? []
  const firstWords = SENSORS.map((sensor) => `${sensor} says ${SAYINGS[sensor][0]}`)
  const rest = trace.filter((event, index) => event !== firstWords[index])
  return `a supervisor that ${name} (${states} states): ${rest.join(' → ')}`
}

/** The same pair in real time: messages every 100 ms, ticks every 50, unless a sensor is silent or time jumps. */
class RealTime {
  both: Both = { state: COMING_UP, world: AT_POWER_UP }
  nowMs = 1000
  calls = 0
  litCalls = 0
  manyFaultCalls = 0
  /** Since the button was pressed. What they showed is remembered up to the start. */
  hadManyFaults = false
  readonly silent = new Set<SensorName>()
  readonly saying: Record<string, string> = Object.fromEntries(
    SENSORS.map((sensor) => [sensor, SAYINGS[sensor][0]]),
  )
  readonly #heardAtMs = new Map<SensorName, number>()
  #startedAtMs = 0
  #lampChangedAtMs = -Infinity
  #contradictsSinceMs: number | null = null
  #calledAtMs = 1000

  put(input: SupervisorInput, sensor: SensorName | null = null): void {
    const { world, state } = this.both
    const gapMs = this.nowMs - this.#calledAtMs
    this.#calledAtMs = this.nowMs
    // What was heard before a clock went back has no age.
    if (gapMs < 0) this.#heardAtMs.clear()
    if (sensor !== null) this.#heardAtMs.set(sensor, this.nowMs)
    const { exitDelayMs, ignitionMs, afterglowMs, stallMs } = SUPERVISOR_LIMITS
    const sinceLampMs = this.nowMs - this.#lampChangedAtMs
    const isStalled = world.steps === 'start' && (gapMs < 0 || gapMs > stallMs)
    const said = sensor === null ? world.said : { ...world.said, [sensor]: this.#word(sensor) }
    if (!doesLampContradict({ ...world, said })) this.#contradictsSinceMs = null
    else if (gapMs < 0) this.#contradictsSinceMs = this.nowMs
    else this.#contradictsSinceMs ??= this.nowMs
    const seen: World = {
      ...world,
      said,
      isContradictionLong: this.nowMs - (this.#contradictsSinceMs ?? this.nowMs) > ignitionMs,
      isSilent: Object.fromEntries(
        SENSORS.map((each) => [
          each,
          this.nowMs - (this.#heardAtMs.get(each) ?? -Infinity) > limitMsOf(each),
        ]),
      ) as World['isSilent'],
      isExitDelayOver: world.steps === 'start' && this.nowMs - this.#startedAtMs >= exitDelayMs,
      isIgnitionOver: world.isLampOn && sinceLampMs > ignitionMs,
      isAfterglowOver: !world.isLampOn && (gapMs < 0 || world.isAfterglowOver || sinceLampMs > afterglowMs),
      ...(gapMs < 0 ? { isTested: AT_POWER_UP.isTested } : {}),
      ...(isStalled ? { steps: 'none', isLampWanted: false, isExitDelayOver: false } : {}),
    }
    this.both = stepped(REAL, this.both, seen, input, this.nowMs)
    if (world.steps !== 'start' && this.both.world.steps === 'start') this.#startedAtMs = this.nowMs
    if (state.isLampOn !== this.both.state.isLampOn) this.#lampChangedAtMs = this.nowMs
    const { world: after } = this.both
    this.hadManyFaults = after.steps === 'button' && (this.hadManyFaults || faultsOf(after) > 1)
    this.calls += 1
    if (this.both.state.isLampOn) this.litCalls += 1
    if (faultsOf(this.both.world) > 2) this.manyFaultCalls += 1
  }

  hear(sensor: SensorName): void {
    this.put(messageOf(sensor, this.#word(sensor)), sensor)
  }

  /** Whoever pressed the button looks behind one door and leaves by the other. */
  walkOut(eachCall: () => void): void {
    const steps = [
      // One after the other, so that the walk with one fault at a time has been there, too.
      ['personSensor', 'person'],
      ['personSensor', 'clear'],
      ['door-2', 'open'],
      ['door-2', 'closed'],
      ['door-1', 'open'],
      ['door-1', 'closed'],
    ] as const
    for (const [sensor, saying] of steps) {
      this.saying[sensor] = saying
      this.hear(sensor)
      eachCall()
    }
  }

  run(ms: number, eachCall: () => void): void {
    for (let left = ms; left > 0; left -= 50) {
      this.nowMs += 50
      if (left % 100 === 0) {
        for (const sensor of SENSORS) {
          if (this.silent.has(sensor)) continue
          this.hear(sensor)
          eachCall()
        }
      }
      this.put(TICK)
      eachCall()
    }
  }

  /** The lamp's sensors tell the truth, unless they are told to lie. */
  #word(sensor: SensorName): string {
    if (sensor !== 'lampOutput' && sensor !== 'lampCurrent') return this.saying[sensor]!
    const isLit = this.both.state.isLampOn !== (this.saying[sensor] === 'lit')
    return isLit ? 'lit' : 'dark'
  }
}

describe('for any long trace in real time, with any number of faults', () => {
  type Action =
    | { readonly kind: 'light' }
    | { readonly kind: 'run'; readonly ms: number }
    | { readonly kind: 'jump'; readonly ms: number }
    | { readonly kind: 'command'; readonly input: SupervisorInput }
    | { readonly kind: 'sensor'; readonly sensor: SensorName; readonly saying: number }
  const action: fc.Arbitrary<Action> = fc.oneof(
    { weight: 1, arbitrary: fc.constant<Action>({ kind: 'light' }) },
    {
      weight: 5,
      arbitrary: fc.constantFrom(50, 150, 400, 700, 3100).map((ms) => ({ kind: 'run' as const, ms })),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(-5000, -400, 500, 9000).map((ms) => ({ kind: 'jump' as const, ms })),
    },
    {
      weight: 4,
      arbitrary: fc
        .constantFrom(...Object.values(COMMANDS))
        .map((input) => ({ kind: 'command' as const, input })),
    },
    {
      weight: 4,
      arbitrary: fc
        .tuple(fc.constantFrom(...SENSORS), fc.integer({ min: -1, max: 3 }))
        .map(([sensor, saying]) => ({ kind: 'sensor' as const, sensor, saying })),
    },
  )

  it('keeps every rule, and comes by no state with one fault or none that the walk does not know', () => {
    const walk = walkOfReal()
    let calls = 0
    let litCalls = 0
    let manyFaultCalls = 0
    let compared = 0
    fc.assert(
      fc.property(fc.array(action, { minLength: 30, maxLength: 100 }), (actions) => {
        const real = new RealTime()
        const compare = () => {
          const { state, world } = real.both
          if (firstUnheard(world) !== null || faultsOf(world) > 1 || real.hadManyFaults) return
          compared += 1
          const seen = { state: rebased(state, real.nowMs), world }
          if (!walk.knows(seen)) throw new BrokenRule(`the walk does not know ${JSON.stringify(seen)}`)
        }
        real.run(100, () => {})
        for (const next of actions) {
          switch (next.kind) {
            case 'light':
              // A safe room and the whole order at once, so that random traces do reach a lit lamp.
              real.silent.clear()
              for (const sensor of SENSORS) real.saying[sensor] = SAYINGS[sensor][0]
              for (const name of ['watch', 'resume', 'release button']) real.put(COMMANDS[name]!)
              real.run(700, compare)
              for (const name of ['checklist', 'press button', 'release button']) {
                real.put(COMMANDS[name]!)
                compare()
              }
              real.walkOut(compare)
              real.put(COMMANDS['start']!)
              compare()
              real.run(SUPERVISOR_LIMITS.exitDelayMs, compare)
              real.put(COMMANDS['want light']!)
              break
            case 'run':
              real.run(next.ms, compare)
              break
            case 'jump':
              real.nowMs += next.ms
              real.put(TICK)
              break
            case 'command':
              real.put(next.input)
              break
            case 'sensor': {
              const { sensor, saying } = next
              const sayings = SAYINGS[sensor]
              if (saying < 0) real.silent.add(sensor)
              else {
                real.silent.delete(sensor)
                real.saying[sensor] = sayings[saying % sayings.length]!
              }
              break
            }
          }
          compare()
        }
        calls += real.calls
        litCalls += real.litCalls
        manyFaultCalls += real.manyFaultCalls
      }),
      { numRuns: 40 },
    )
    console.log(
      `supervisor, random traces: ${calls} calls, ${litCalls} of them lit, ${manyFaultCalls} with three faults or more, ${compared} states compared with the walk`,
    )
    // A rule about a lamp that never burns would prove nothing.
    expect(litCalls).toBeGreaterThan(500)
    expect(manyFaultCalls).toBeGreaterThan(500)
  }, 120_000)
})
