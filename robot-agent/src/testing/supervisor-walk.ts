import type { GuardState } from '../robot/ports.ts'
import { supervise, SUPERVISOR_LIMITS, type SupervisorState } from '../safety/supervisor.ts'
import { explore } from './explore.ts'
import { stepped, type Both, type Mind } from './supervisor-rules.ts'
import {
  AT_POWER_UP,
  CAMERA,
  COMING_UP,
  DOORS,
  EVENTS,
  faultsOf,
  limitMsOf,
  messageOf,
  nameOf,
  SAYINGS,
  SENSORS,
  TICK,
  type Event,
  type SensorName,
  type World,
} from './supervisor-world.ts'

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

export const REAL: Mind = { supervise, only: null }

/** All states are looked at from this instant. */
export const NOW_MS = 1e7
const STEP_MS = SUPERVISOR_LIMITS.stepMs
/** Beyond every limit on the age of something. */
export const LONG_MS = 1e6

/** The same state by classes of age, seen from `NOW_MS`. */
export function rebased(state: SupervisorState, nowMs: number): SupervisorState {
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

/** Which sensor is heard next when the robot comes up; `null` when it heard all. */
export function firstUnheard({ said }: World): SensorName | null {
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
export const STEPS = ['locked', 'checklistConfirmed', 'buttonPressed', 'started'] as const
const WORLD_STEPS = ['none', 'checklist', 'button', 'start'] as const

export function walked({ mind = REAL, events = EVENTS, maxFaults = 1 } = {}) {
  return explore<Both, Event>({
    start: { state: rebased(COMING_UP, 0), world: AT_POWER_UP },
    events,
    step: stepOf(mind, maxFaults),
    keyOf,
    nameOf,
  })
}

/** What the walk of the real supervisor comes by: steps of arming, what it trips for while lit, flags. */
export const sights = new Set<string>()
let realWalk: ReturnType<typeof walked> | null = null
export function walkOfReal() {
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
