import {
  MAX_READING_GAP_MS,
  unsealedReasons,
  watchOutside,
  withOutsideReading,
  withOutsideTime,
  type OutsideWatch,
} from '@wardlight/core/disinfection'
import type { GasInterlockKind } from '@wardlight/core/fleet'
import { damperKey, type DamperState, type GasSensorState } from '../robot/ports.ts'

/**
 * The gas guard's mind: a pure function from (state, input, monotonic time) to (state, facts), as the supervisor's. It
 * alone decides whether the generator may run. A mission only says that it wants gas; the supervisor only says whether
 * the robot is armed and the room empty and shut. In short:
 *
 * - Gas flows only while the supervisor permits it, both dampers say that they are shut, every sensor speaks, and
 *   nothing was smelt outside.
 * - What stops it latches for the rest of the cycle: nothing starts the generator a second time.
 * - A silent sensor, damper or generator is a reason to stop.
 */
export const GAS_GUARD_LIMITS = {
  /** The guard's own timer. */
  stepMs: 50,
  heartbeatMs: 100,
  /** Silence of 10 Hz equipment; with one step it stays within the 0.5 s allowed for a lost link, and the 1 s for dampers. */
  staleMs: 450,
  /** Longest gap between two steps, and so the longest time without judgement. The generator's own watchdog has 500 ms. */
  stallMs: 450,
  /** How long after the last command output is still explained by the generator's own watchdog and its run-out. */
  afterflowMs: 2000,
  /** Output above which the generator counts as running, g/min (proposed: a hundredth of what the smallest room gets). */
  runningGPerMin: 0.005,
} as const

/** The room that is gassed, and who listens. */
export interface GasCycle {
  readonly missionId: string
  readonly roomId: string
  readonly insideSensorIds: readonly string[]
  readonly outsideSensorIds: readonly string[]
}

export type GasGuardInput =
  | { readonly type: 'tick' }
  /** A cycle begins, or is over. */
  | { readonly type: 'cycle'; readonly cycle: GasCycle | null }
  /** `mustHold`: the room has to stay shut, watched and empty, whether gas is wanted or not. */
  | { readonly type: 'want'; readonly rateGPerMin: number; readonly mustHold: boolean }
  /** From the supervisor: why the robot is not armed for this room, or the room not empty and shut; empty when it is. */
  | { readonly type: 'permit'; readonly reasons: readonly string[] }
  | { readonly type: 'dampers'; readonly states: ReadonlyMap<string, DamperState> }
  | { readonly type: 'gasSensors'; readonly sensors: readonly GasSensorState[] }
  | { readonly type: 'vaporiserRate'; readonly gPerMin: number }

export interface GasHazard {
  readonly kind: GasInterlockKind
  /** In words, for a nurse. */
  readonly detail: string
}

export type GasGuardFact =
  /** The generator was stopped, or something became known that must be told. */
  GasHazard & { readonly type: 'gasTripped'; readonly wasGassing: boolean }

export interface GasGuardState {
  readonly steppedAtMs: number | null
  readonly cycle: GasCycle | null
  readonly wantedGPerMin: number
  readonly mustHold: boolean
  /** The one output that counts: what is commanded, g/min; 0 is off. */
  readonly commandedGPerMin: number
  readonly stoppedAtMs: number
  /** What stopped the gas of this cycle, once and for all. */
  readonly latched: readonly GasHazard[]
  readonly permitReasons: readonly string[]
  readonly dampers: Readonly<Record<string, { readonly state: DamperState; readonly heardAtMs: number }>>
  /** When each sensor in the room was last read, by its own age, ms. */
  readonly insideAtMs: Readonly<Record<string, number>>
  readonly outside: OutsideWatch | null
  readonly rateHeardAtMs: number
  readonly measuredGPerMin: number
}

export const NO_GAS: GasGuardState = {
  steppedAtMs: null,
  cycle: null,
  wantedGPerMin: 0,
  mustHold: false,
  commandedGPerMin: 0,
  stoppedAtMs: -Infinity,
  latched: [],
  permitReasons: ['nothing is armed'],
  dampers: {},
  insideAtMs: {},
  outside: null,
  rateHeardAtMs: -Infinity,
  measuredGPerMin: 0,
}

/** Everything that forbids gas now. Empty means: may flow. */
export function gasHazardsOf(state: GasGuardState, nowMs: number): GasHazard[] {
  const { cycle } = state
  if (cycle === null) return [{ kind: 'gas.notPermitted', detail: 'no cycle is under way' }]
  const hazards: GasHazard[] = state.permitReasons.map((detail) => ({ kind: 'gas.notPermitted', detail }))
  for (const detail of unsealedReasons({
    // Doors and their guards are the supervisor's, and come with its reasons.
    openDoors: [],
    movedGuards: [],
    isHvacIsolated: areDampersShut(state, cycle.roomId, nowMs),
  })) {
    hazards.push({ kind: 'hvac.unsealed', detail })
  }
  for (const id of cycle.insideSensorIds) {
    const atMs = Object.hasOwn(state.insideAtMs, id) ? state.insideAtMs[id]! : -Infinity
    if (!(nowMs - atMs <= MAX_READING_GAP_MS)) {
      hazards.push({ kind: 'gasSensor.lost', detail: `sensor ${id} in the room has no reading` })
    }
  }
  if (state.outside !== null && state.outside.action !== 'none') {
    hazards.push({
      kind: state.outside.action === 'evacuate' ? 'gas.evacuate' : 'gas.leak',
      detail: state.outside.reason ?? 'gas outside of the room',
    })
  }
  if (!(nowMs - state.rateHeardAtMs <= GAS_GUARD_LIMITS.staleMs)) {
    hazards.push({ kind: 'vaporiser.linkLost', detail: 'the generator is silent' })
  }
  return hazards
}

/** Whether both dampers of a room say so, and said so just now. */
export function areDampersShut({ dampers }: GasGuardState, roomId: string, nowMs: number): boolean {
  return (['supply', 'exhaust'] as const).every((damper) => {
    const key = damperKey(roomId, damper)
    const heard = Object.hasOwn(dampers, key) ? dampers[key] : undefined
    return heard?.state === 'shut' && nowMs - heard.heardAtMs <= GAS_GUARD_LIMITS.staleMs
  })
}

/** Output that nobody commanded. */
export function isStuckOn(state: GasGuardState, nowMs: number): boolean {
  return (
    state.commandedGPerMin === 0 &&
    nowMs - state.stoppedAtMs > GAS_GUARD_LIMITS.afterflowMs &&
    // Written so that a rate which is no number counts as running.
    !(state.measuredGPerMin <= GAS_GUARD_LIMITS.runningGPerMin)
  )
}

/** One step. Facts come in the order in which they happened. */
export function guardGas(
  before: GasGuardState,
  input: GasGuardInput,
  nowMs: number,
): { readonly state: GasGuardState; readonly facts: readonly GasGuardFact[] } {
  const facts: GasGuardFact[] = []
  const wasGassing = before.commandedGPerMin > 0
  const gapMs = before.steppedAtMs === null ? 0 : nowMs - before.steppedAtMs
  let state: GasGuardState = { ...before, steppedAtMs: nowMs }
  const trip = (hazard: GasHazard) => {
    if (state.latched.some(({ kind, detail }) => kind === hazard.kind && detail === hazard.detail)) return
    state = { ...state, latched: [...state.latched, hazard] }
    facts.push({ type: 'gasTripped', ...hazard, wasGassing })
  }

  // A gap, or time that goes back: for its length nobody judged.
  if (wasGassing && (gapMs > GAS_GUARD_LIMITS.stallMs || gapMs < 0)) {
    trip({ kind: 'gas.stalled', detail: `the controller stood still for ${Math.round(gapMs)} ms` })
  }
  state = hear(state, input, nowMs)
  if (state.outside !== null) {
    const outside = withOutsideTime(state.outside, nowMs)
    state = { ...state, outside }
    const { action, reason } = outside
    // Told in every part of a cycle: a room that is aerated can leak, too.
    if (action !== 'none') {
      trip({
        kind: action === 'evacuate' ? 'gas.evacuate' : 'gas.leak',
        detail: reason ?? 'gas outside of the room',
      })
    }
  }
  if (isStuckOn(state, nowMs)) {
    trip({ kind: 'vaporiser.stuckOn', detail: 'the generator runs though it was switched off' })
  }
  if (state.wantedGPerMin > 0 || state.mustHold) for (const hazard of gasHazardsOf(state, nowMs)) trip(hazard)
  const mayFlow = state.wantedGPerMin > 0 && state.latched.length === 0
  const commandedGPerMin = mayFlow ? state.wantedGPerMin : 0
  return {
    state: {
      ...state,
      // Once it was stopped it is not wanted any more, until the mission says so in another cycle.
      wantedGPerMin: commandedGPerMin,
      commandedGPerMin,
      stoppedAtMs: wasGassing && commandedGPerMin === 0 ? nowMs : state.stoppedAtMs,
    },
    facts,
  }
}

function hear(state: GasGuardState, input: GasGuardInput, nowMs: number): GasGuardState {
  switch (input.type) {
    case 'tick':
      return state
    case 'cycle':
      return {
        ...state,
        cycle: input.cycle,
        wantedGPerMin: 0,
        mustHold: false,
        latched: [],
        insideAtMs: {},
        outside: input.cycle === null ? null : watchOutside(input.cycle.outsideSensorIds, nowMs),
      }
    case 'want':
      return {
        ...state,
        wantedGPerMin: input.rateGPerMin > 0 && Number.isFinite(input.rateGPerMin) ? input.rateGPerMin : 0,
        mustHold: input.mustHold,
      }
    case 'permit':
      return { ...state, permitReasons: input.reasons }
    case 'dampers': {
      const dampers = { ...state.dampers }
      for (const [key, damper] of input.states) dampers[key] = { state: damper, heardAtMs: nowMs }
      return { ...state, dampers }
    }
    case 'gasSensors': {
      const insideAtMs = { ...state.insideAtMs }
      let { outside } = state
      for (const { sensorId, ppm, ageMs } of input.sensors) {
        // A reading that is older than it may be is none.
        const atMs = nowMs - ageMs
        if (state.cycle?.insideSensorIds.includes(sensorId) === true) {
          if (ppm === null) delete insideAtMs[sensorId]
          else insideAtMs[sensorId] = Math.max(atMs, insideAtMs[sensorId] ?? -Infinity)
        }
        if (outside !== null) outside = withOutsideReading(outside, { sensorId, atMs, ppm })
      }
      return { ...state, insideAtMs, outside }
    }
    case 'vaporiserRate':
      // A measurement that is no number says nothing: that is silence, and not rest.
      return Number.isFinite(input.gPerMin)
        ? { ...state, rateHeardAtMs: nowMs, measuredGPerMin: input.gPerMin }
        : state
  }
}
