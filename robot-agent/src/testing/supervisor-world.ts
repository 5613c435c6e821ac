import { ARMING_CHECKLIST } from '@wardlight/core/fleet'
import type { GuardState } from '../robot/ports.ts'
import {
  DARK_AND_DISARMED,
  SUPERVISOR_LIMITS,
  type SupervisorInput,
  type SupervisorState,
} from '../safety/supervisor.ts'
import { TWO_DOOR_WATCH } from './two-door-watch.ts'

/*
 * What sensors may tell a supervisor and what may happen to it, and beside that a record of what really is: for
 * `supervisor-walk.ts`, and for traces in real time.
 */

const POSES = {
  here: { x: 2, y: 2, theta: 0 },
  there: { x: 3, y: 2, theta: 0 },
  outside: { x: 7, y: 2, theta: 0 },
} as const

/** What each sensor may say; the first is what it says in a safe room. */
export const SAYINGS = {
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
export type SensorName = keyof typeof SAYINGS

export const CAMERA = '/front/detections'
/** As a robot comes up that has one camera. */
export const COMING_UP: SupervisorState = {
  ...DARK_AND_DISARMED,
  cameras: { [CAMERA]: { isPersonSeen: false, heardAtMs: -Infinity } },
}
export const SENSORS = Object.keys(SAYINGS) as SensorName[]

export function messageOf(sensor: SensorName, saying: string): SupervisorInput {
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

export function limitMsOf(sensor: SensorName): number {
  return sensor === 'battery' ? SUPERVISOR_LIMITS.batteryStaleMs : SUPERVISOR_LIMITS.staleMs
}

/** What really is, kept from the events alone. */
export interface World {
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
export const DOORS = ['door-1', 'door-2'] as const
export type DoorName = (typeof DOORS)[number]

export const AT_POWER_UP: World = {
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

/** A sensor's message, a command, or a time that has come. */
export type Event =
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

export const ITEMS = ARMING_CHECKLIST.map(({ id }) => id)
export const CHECKLIST: SupervisorInput = { type: 'checklist', missionId: 'm', by: 'nurse', items: ITEMS }
export const START: SupervisorInput = { type: 'start', missionId: 'm', by: 'nurse' }
export const TICK: SupervisorInput = { type: 'tick' }
export const COMMANDS: Readonly<Record<string, SupervisorInput>> = {
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
export const STALL_MS = SUPERVISOR_LIMITS.batteryStaleMs + SUPERVISOR_LIMITS.stallMs
export const EVENTS: readonly Event[] = [
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
export const PLAIN_NAMES = new Set([
  'watch',
  'want light',
  'checklist',
  'press button',
  'release button',
  'start',
])
export const PLAIN_EVENTS = EVENTS.filter(
  (event) =>
    event.kind === 'says' ||
    event.kind === 'silent' ||
    (event.kind === 'command' && PLAIN_NAMES.has(event.name)) ||
    (event.kind === 'time' && event.of === 'exitDelay'),
)

export function nameOf(event: Event): string {
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

/**
 * Sensors of which something is told that is not so in a safe room, or nothing; a visit counts as one, and so does a lamp
 * that gives light against its order, or of which its two sensors say different things.
 */
export function faultsOf(world: World): number {
  const { said, isSilent, isLampOn, isVisit } = world
  const sensors = SENSORS.filter(
    (sensor) =>
      isSilent[sensor] ||
      (said[sensor] !== SAYINGS[sensor][0] && sensor !== 'lampOutput' && sensor !== 'lampCurrent'),
  )
  const isLampOdd = doesLampContradict(world) || (!isLampOn && said.lampOutput === 'lit')
  return sensors.length + Number(isVisit) + Number(isLampOdd)
}

export function doesLampContradict({ said }: World): boolean {
  return said.lampOutput !== null && said.lampCurrent !== null && said.lampOutput !== said.lampCurrent
}

export function isRoomSafe(world: World): boolean {
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
export function isShown({ isPresserSeen, isRoomLeft, isTested }: World): boolean {
  return isPresserSeen && isRoomLeft && DOORS.every((door) => isTested[door])
}

/** What a sensor's message shows of sensors and people. */
export function shownBy(before: World, world: World, input: SupervisorInput): World {
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

export function isPlaced({ said, litAt }: World): boolean {
  return (
    (said.localisation === 'here' || said.localisation === 'there') &&
    (litAt === null || litAt === said.localisation)
  )
}

export function doesLampObey({
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

export const NOTHING_SHOWN = { isPresserSeen: false, isRoomLeft: false }
