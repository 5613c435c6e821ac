import {
  mustStand,
  type supervise,
  type SupervisorFact,
  type SupervisorInput,
  type SupervisorState,
} from '../safety/supervisor.ts'
import { hold } from './explore.ts'
import {
  doesLampContradict,
  doesLampObey,
  isPlaced,
  isRoomSafe,
  isShown,
  ITEMS,
  NOTHING_SHOWN,
  SENSORS,
  shownBy,
  type World,
} from './supervisor-world.ts'

export interface Both {
  readonly state: SupervisorState
  readonly world: World
}
export type Supervise = typeof supervise
/** The real supervisor or one that stands in for it, and the one rule that it is held against; `null`: all. */
export interface Mind {
  readonly supervise: Supervise
  readonly only: Rule | null
}

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

export const isStartOf = (input: SupervisorInput) => input.type === 'start' && input.missionId === 'm'

/** One call of the supervisor, with the world that saw it, held against every rule. */
export function stepped(mind: Mind, before: Both, told: World, input: SupervisorInput, nowMs: number): Both {
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
export const RULES = {
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
export type Rule = keyof typeof RULES

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
