import type { InterlockKind } from '@wardlight/core/fleet'
import { distance, isInsidePolygon, normalizeAngle } from '@wardlight/core/geometry'
import {
  SUPERVISOR_LIMITS,
  type Hazard,
  type Sensor,
  type SupervisorState,
  type Watch,
  type WatchedDoor,
} from './supervisor-state.ts'

/** Kinds that stop the wheels too. */
export const STOPS_DRIVE: ReadonlySet<InterlockKind> = new Set([
  'emergencyStop.pressed',
  'emergencyStop.requested',
  'bumper.pressed',
  'localisation.lost',
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
  else if (!(state.batteryFraction >= state.limits.minBatteryFraction)) {
    add(
      'battery.low',
      Number.isFinite(state.batteryFraction)
        ? `the battery is at ${Math.round(state.batteryFraction * 100)} %`
        : 'the battery does not know its charge',
    )
  }
  if (state.lampOnMs >= state.limits.lampCapMs) {
    const minutes = Math.round(state.limits.lampCapMs / 60_000)
    add('lamp.timeCapReached', `the lamp was lit for ${minutes} minutes`)
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

export function isHalfArmed({ armingStep }: SupervisorState): boolean {
  return armingStep === 'checklistConfirmed' || armingStep === 'buttonPressed'
}

/** A door may have any name, `constructor` too. */
export function guardOf({ guards }: SupervisorState, { id }: WatchedDoor) {
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

export function doesLampContradict({ lampOutput, lampCurrent }: SupervisorState): boolean {
  if (lampOutput.length === 0 || lampCurrent.length === 0) return false
  return (
    lampOutput.length !== lampCurrent.length ||
    lampOutput.some((fraction, tube) => isLit(fraction) !== isLit(lampCurrent[tube]!))
  )
}
