/**
 * The drive gate: what somebody who drives from afar may make the robot do, as a pure function from (state, input,
 * monotonic time) to (state, what to write to the wheels). It alone writes the teleoperation twist, and believes
 * nobody: a command counts only from the session that has the drive, in its order, young, and while it is held.
 *
 * Figures after the rules of driving from afar in `docs/protocol.md`, "Driving by hand".
 */
export const DRIVE_LIMITS = {
  /** 20 Hz. */
  stepMs: 50,
  /** Older a command is dropped; so long after the last one the robot begins to stop. */
  freshMs: 250,
  /** So long after the last one it is disarmed: let go, and press anew. */
  disarmMs: 1000,
  /** A command from the future: the clocks are apart, and its age is not known. */
  futureMs: 100,
  /** Speed by the age of command and picture: full, then falling to `creepShare`, then to nothing. */
  fullToMs: 150,
  creepAtMs: 300,
  creepShare: 0.4,
  zeroAtMs: 500,
  speedMps: 0.5,
  turnRadPerS: 1,
  accelerationMps2: 0.6,
  brakingMps2: 1,
  /** When commands stop coming: from full speed to nothing in 0.2 s. */
  deadManBrakingMps2: 2.5,
  turnAccelerationRadPerS2: 2.5,
  /** A lidar that is silent for so long shows nothing. */
  scanStaleMs: 200,
  /** Free way in the direction of motion, from the robot's edge, metres. */
  stopAtM: 0.35,
  slowFromM: 1,
  /** So long zeros are written after the end: a twist_mux forgets a source after 0.5 s. */
  zerosMs: 500,
} as const

/** One command of who drives; the channel that brings it is the port's affair. */
export interface DriveCommand {
  readonly sessionId: string
  /** 1, 2, 3 …, of this session. */
  readonly sequence: number
  /** By the driver's clock, brought into line with the robot's: ms since 1970. */
  readonly sentAtEpochMs: number
  /** Age of the picture that the driver saw, ms. */
  readonly pictureAgeMs: number
  /** The key, stick or pedal is down. */
  readonly isHeld: boolean
  /** Forwards positive. */
  readonly speedMps: number
  /** Left positive. */
  readonly turnRadPerS: number
}

export type DriveRefusal =
  | 'nobodyHasTheDrive'
  | 'otherSession'
  | 'reordered'
  | 'notFinite'
  | 'tooOld'
  | 'fromTheFuture'
  | 'releaseFirst'

export type GateInput =
  | { readonly type: 'open'; readonly sessionId: string }
  /** Nobody has the drive any more: ramps to a stand. */
  | { readonly type: 'close' }
  /** Nobody has it, and the wheels stand now. */
  | { readonly type: 'halt' }
  | { readonly type: 'command'; readonly command: DriveCommand; readonly nowEpochMs: number }
  | { readonly type: 'scan'; readonly aheadM: number; readonly behindM: number }
  | { readonly type: 'tick' }

export interface Twist2 {
  readonly speedMps: number
  readonly turnRadPerS: number
}

export interface GateState {
  readonly sessionId: string | null
  readonly lastSequence: number
  /** It was let go since it was opened, or disarmed: the next press counts. */
  readonly isReleased: boolean
  readonly isArmed: boolean
  readonly wanted: Twist2
  /** When the last command that counted was sent, by the robot's monotonic clock. */
  readonly commandedAtMs: number
  readonly pictureAgeMs: number
  readonly scannedAtMs: number
  readonly aheadM: number
  readonly behindM: number
  /** What was written last. */
  readonly written: Twist2
  readonly steppedAtMs: number | null
  readonly zerosUntilMs: number
  readonly refused: Readonly<Partial<Record<DriveRefusal, number>>>
}

const STANDING: Twist2 = { speedMps: 0, turnRadPerS: 0 }
/** To be let go, and pressed anew. */
const DISARMED = { isReleased: false, isArmed: false, wanted: STANDING, commandedAtMs: -Infinity }

export const CLOSED_GATE: GateState = {
  sessionId: null,
  lastSequence: 0,
  isReleased: false,
  isArmed: false,
  wanted: STANDING,
  commandedAtMs: -Infinity,
  pictureAgeMs: Infinity,
  scannedAtMs: -Infinity,
  aheadM: 0,
  behindM: 0,
  written: STANDING,
  steppedAtMs: null,
  zerosUntilMs: -Infinity,
  refused: {},
}

export interface GateStep {
  readonly state: GateState
  /** To be written to the wheels now; `null`: nothing. */
  readonly twist: Twist2 | null
  readonly refusal: DriveRefusal | null
}

export function driveGate(before: GateState, input: GateInput, nowMs: number): GateStep {
  const silent = (state: GateState): GateStep => ({ state, twist: null, refusal: null })
  switch (input.type) {
    case 'open':
      return silent({ ...before, ...DISARMED, sessionId: input.sessionId, lastSequence: 0 })
    case 'close':
      return silent(closed(before, nowMs))
    case 'halt':
      return { state: { ...closed(before, nowMs), written: STANDING }, twist: STANDING, refusal: null }
    case 'scan': {
      const { aheadM, behindM } = input
      return silent({ ...before, scannedAtMs: nowMs, aheadM: orNone(aheadM), behindM: orNone(behindM) })
    }
    case 'command':
      return command(before, input.command, input.nowEpochMs, nowMs)
    case 'tick':
      return tick(before, nowMs)
  }
}

/** Share of the full speed for something of this age, 0 to 1. */
export function shareForAge(ageMs: number): number {
  const { fullToMs, creepAtMs, creepShare, zeroAtMs } = DRIVE_LIMITS
  if (!(ageMs < zeroAtMs)) return 0
  if (ageMs <= fullToMs) return 1
  return ageMs <= creepAtMs
    ? 1 - ((1 - creepShare) * (ageMs - fullToMs)) / (creepAtMs - fullToMs)
    : (creepShare * (zeroAtMs - ageMs)) / (zeroAtMs - creepAtMs)
}

function command(before: GateState, given: DriveCommand, nowEpochMs: number, nowMs: number): GateStep {
  const ageMs = nowEpochMs - given.sentAtEpochMs
  const refusal = refusalOf(before, given, ageMs)
  if (refusal !== null) {
    const count = (before.refused[refusal] ?? 0) + 1
    return { state: { ...before, refused: { ...before.refused, [refusal]: count } }, twist: null, refusal }
  }
  const heard = {
    ...before,
    lastSequence: given.sequence,
    commandedAtMs: nowMs - Math.max(0, ageMs),
    pictureAgeMs: Math.max(0, given.pictureAgeMs),
  }
  if (!given.isHeld) {
    const state = { ...heard, isReleased: true, isArmed: false, wanted: STANDING }
    return { state, twist: null, refusal: null }
  }
  if (!before.isReleased) {
    const count = (before.refused.releaseFirst ?? 0) + 1
    const state = { ...heard, wanted: STANDING, refused: { ...before.refused, releaseFirst: count } }
    return { state, twist: null, refusal: 'releaseFirst' }
  }
  const { speedMps, turnRadPerS } = given
  return {
    state: { ...heard, isArmed: true, wanted: { speedMps, turnRadPerS } },
    twist: null,
    refusal: null,
  }
}

function refusalOf(state: GateState, given: DriveCommand, ageMs: number): DriveRefusal | null {
  if (state.sessionId === null) return 'nobodyHasTheDrive'
  if (given.sessionId !== state.sessionId) return 'otherSession'
  const { sequence, speedMps, turnRadPerS, pictureAgeMs } = given
  if (![ageMs, speedMps, turnRadPerS, pictureAgeMs].every(Number.isFinite)) return 'notFinite'
  if (!Number.isSafeInteger(sequence) || sequence <= state.lastSequence) return 'reordered'
  if (ageMs > DRIVE_LIMITS.freshMs) return 'tooOld'
  return ageMs < -DRIVE_LIMITS.futureMs ? 'fromTheFuture' : null
}

function tick(before: GateState, nowMs: number): GateStep {
  const dtS = Math.min(0.2, Math.max(0, nowMs - (before.steppedAtMs ?? nowMs)) / 1000)
  const silentMs = nowMs - before.commandedAtMs
  const isSilent = !(silentMs <= DRIVE_LIMITS.freshMs)
  let state: GateState = { ...before, steppedAtMs: nowMs }
  // A clock that went back makes old commands young again: they do not count.
  if (silentMs > DRIVE_LIMITS.disarmMs || silentMs < 0) state = { ...state, ...DISARMED }
  const target = state.isArmed && !isSilent ? limited(state, nowMs) : STANDING
  const { accelerationMps2, brakingMps2, deadManBrakingMps2, turnAccelerationRadPerS2 } = DRIVE_LIMITS
  const isBraking =
    Math.abs(target.speedMps) < Math.abs(state.written.speedMps) ||
    target.speedMps * state.written.speedMps < 0
  const isDeadMan = isSilent && before.isArmed
  const rate = isBraking ? (isDeadMan ? deadManBrakingMps2 : brakingMps2) : accelerationMps2
  const ramped = approach(state.written.speedMps, target.speedMps, rate * dtS)
  const written: Twist2 = {
    speedMps: isWayShut(state, Math.sign(ramped), nowMs) ? 0 : ramped,
    turnRadPerS: approach(state.written.turnRadPerS, target.turnRadPerS, turnAccelerationRadPerS2 * dtS),
  }
  const isMoving = written.speedMps !== 0 || written.turnRadPerS !== 0
  const mustWrite = state.sessionId !== null || isMoving || nowMs < state.zerosUntilMs
  state = {
    ...state,
    written,
    zerosUntilMs: isMoving ? nowMs + DRIVE_LIMITS.zerosMs : state.zerosUntilMs,
  }
  return { state, twist: mustWrite ? written : null, refusal: null }
}

/** What is wanted, within what the driver can know and what the lidar sees. */
function limited(state: GateState, nowMs: number): Twist2 {
  const silentMs = nowMs - state.commandedAtMs
  const share = shareForAge(Math.max(silentMs, state.pictureAgeMs + silentMs))
  const isScanFresh = nowMs - state.scannedAtMs <= DRIVE_LIMITS.scanStaleMs
  const way = Math.sign(state.wanted.speedMps)
  const freeM = way < 0 ? state.behindM : state.aheadM
  const { stopAtM, slowFromM, speedMps, turnRadPerS } = DRIVE_LIMITS
  const forRoom = isScanFresh ? Math.min(1, Math.max(0, (freeM - stopAtM) / (slowFromM - stopAtM))) : 0
  return {
    speedMps: clamp(state.wanted.speedMps, speedMps * share * forRoom),
    turnRadPerS: isScanFresh ? clamp(state.wanted.turnRadPerS, turnRadPerS * share) : 0,
  }
}

/** Something is so near in this direction that no ramp is good enough. */
function isWayShut({ aheadM, behindM, scannedAtMs }: GateState, way: number, nowMs: number): boolean {
  if (way === 0 || nowMs - scannedAtMs > DRIVE_LIMITS.scanStaleMs) return false
  return (way < 0 ? behindM : aheadM) < DRIVE_LIMITS.stopAtM
}

function closed(before: GateState, nowMs: number): GateState {
  return { ...before, ...DISARMED, sessionId: null, zerosUntilMs: nowMs + DRIVE_LIMITS.zerosMs }
}

/** What is no number is no room. */
function orNone(lengthM: number): number {
  return Number.isNaN(lengthM) ? 0 : lengthM
}

function clamp(value: number, limit: number): number {
  return Math.max(-limit, Math.min(limit, value))
}

function approach(value: number, target: number, by: number): number {
  return value < target ? Math.min(target, value + by) : Math.max(target, value - by)
}
