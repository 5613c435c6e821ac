import { armingChecklist, ROBOT_ACTION_TYPES, type TreatmentMethod } from '@wardlight/core/fleet'
import { STEP_MS } from '@wardlight/sim'
import { isToBeArmed } from './demo/pause-for-people.ts'
import {
  comes,
  LOOK_MS,
  served,
  SETTLE_MS,
  type TreatmentScene,
  type TreatmentStage,
} from './treatment-stage.ts'

export interface TreatmentEvent {
  readonly s: number
  readonly act: (scene: TreatmentScene) => void
}

/** What happens to a mission that somebody has to arm, and what people do with it. */
export interface MissionCourse {
  /** How often somebody arms again after an interlock, once nothing has hindered it for a while. By default the room stays as it is. */
  readonly rearmings?: number
  /** What happens so many simulated seconds after the robot took its order. */
  readonly afterOrder?: readonly TreatmentEvent[]
  /** What happens so many simulated seconds after the lamp was first lit, or gas first flowed. */
  readonly afterLit?: readonly TreatmentEvent[]
  /** After so many simulated seconds of light or gas in all the robot's program is killed, and another one started. */
  readonly killedAtLitS?: readonly number[]
  /** Once it is over the program is killed, before anybody can have asked it. */
  readonly isKilledAtEnd?: boolean
}

export interface MissionInWork extends MissionCourse {
  readonly missionId: string
  readonly method: TreatmentMethod
  /** Of the action that carries the report. */
  readonly resultActionId: string
  /** Simulated; one that is not over by then is given up. */
  readonly longestMs: number
  readonly onStep?: () => void
  /** Between two turns of the sockets, with the mission still in work. */
  readonly onLook?: () => void
}

/** A start that was not taken by then was refused, real milliseconds. */
const REFUSED_AFTER_MS = 5000
/** So long nothing must hinder it before somebody arms again, simulated. */
const UNHINDERED_MS = 3000
/** For so long people go to the button and away from it at most, simulated: the arming window is as long. */
const LONGEST_ATTENDED_MS = 60_000
/** Somebody resumes a robot that has been paused for so long, simulated. */
const RESUMED_AFTER_MS = 15_000
/** A network that is down "to the end" is mended once a robot has waited for people for so long, simulated. */
export const MENDED_MS = 10 * 60_000
const STEP_S = STEP_MS / 1000
const WAITING: ReadonlySet<string | undefined> = new Set(['awaitingArming', 'interrupted'])

/**
 * Sees a mission that the robot has taken through to its report: arms it when it is to be armed, resumes it where it was
 * paused, and lets happen what is to happen.
 *
 * @returns the report as it came to the broker; `null` when the robot was still at it after `longestMs`
 */
export async function seeThrough(stage: TreatmentStage, mission: MissionInWork): Promise<string | null> {
  const { clock, handle, life, line, post } = stage
  const { method, longestMs, rearmings = 0, killedAtLitS = [], onStep, onLook } = mission
  const statusNow = () => (method === 'uv' ? life.agent.missionStatus : life.agent.peroxideStatus)
  const beganMs = clock.monotonicMs()
  const fromOrder = queueOf(mission.afterOrder)
  const fromLit = queueOf(mission.afterLit)
  let litAtMs: number | null = null
  let litS = 0
  let kills = 0
  let rearmed = 0
  let hinderedAtMs = 0
  let pausedAtMs: number | null = null
  let isOnItsWaySinceMs: number | null = null
  for (;;) {
    const before = statusNow()
    // After a kill at its very end no program knows of it any more but by its report.
    if (before === null || before.phase === 'finished') break
    if (clock.monotonicMs() - beganMs > longestMs) return null
    await stage.pass(LOOK_MS, () => {
      if (handle.isLampLit || handle.vaporiserGPerMin > 0) {
        litAtMs ??= clock.monotonicMs()
        litS += STEP_S
      }
      onStep?.()
    })
    if (litS > (killedAtLitS[kills] ?? Infinity)) {
      kills += 1
      await stage.killAndRestart()
      continue
    }
    const status = statusNow()
    if (status === null) break
    onLook?.()
    const nowMs = clock.monotonicMs()
    fromOrder(stage.scene, nowMs - beganMs)
    if (litAtMs !== null) fromLit(stage.scene, nowMs - litAtMs)
    // One that came up again on its way stands and waits for people, who find the network down. No way is that long.
    isOnItsWaySinceMs = status.phase === 'traveling' ? (isOnItsWaySinceMs ?? nowMs) : null
    if (line.isCut && nowMs - (isOnItsWaySinceMs ?? nowMs) > MENDED_MS) line.mend()
    pausedAtMs = post.state?.paused === true ? (pausedAtMs ?? nowMs) : null
    if (pausedAtMs !== null && nowMs - pausedAtMs >= RESUMED_AFTER_MS && !line.isCut) {
      pausedAtMs = null
      stage.scene.say(ROBOT_ACTION_TYPES.stopPause)
    }
    if (status.phase !== 'interrupted' || status.blockers.length > 0) hinderedAtMs = nowMs
    const isToBeRearmed = rearmed < rearmings && nowMs - hinderedAtMs >= UNHINDERED_MS
    if ((isToBeArmed(status) || isToBeRearmed) && status.arming === 'locked' && !line.isCut) {
      await served(() => post.isOnline)
      if (isToBeRearmed) rearmed += 1
      await arm(stage, mission)
    }
  }
  if (mission.isKilledAtEnd === true) await stage.killAndRestart()
  // The report is for a robot that is heard again.
  line.mend()
  await served(() => post.resultOf(mission.resultActionId) !== undefined)
  return post.resultOf(mission.resultActionId)!
}

/** Checklist, button, start, each once the robot has heard the one before. */
export async function arm(
  stage: Pick<TreatmentStage, 'handle' | 'life' | 'pass' | 'action'>,
  { missionId, method }: Pick<MissionInWork, 'missionId' | 'method'>,
): Promise<void> {
  const { handle, life } = stage
  const status = () => (method === 'uv' ? life.agent.missionStatus : life.agent.peroxideStatus)
  await stage.pass(SETTLE_MS)
  const has = (step: string) => comes(() => status()?.arming === step, REFUSED_AFTER_MS)
  await stage.action(ROBOT_ACTION_TYPES.confirmChecklist, [
    { key: 'missionId', value: missionId },
    { key: 'confirmedBy', value: 'nurse' },
    { key: 'items', value: armingChecklist(method).map(({ id }) => id) },
  ])
  if (!(await has('checklistConfirmed'))) return
  handle.pressArmButton()
  // In, to the button, out again; then the sensors see nobody any more.
  const isHindered = () => handle.isAttended || (status()?.blockers.length ?? 0) > 0
  for (let ms = 0; ms < LONGEST_ATTENDED_MS && isHindered(); ms += LOOK_MS) await stage.pass(LOOK_MS)
  if (!(await has('buttonPressed'))) return
  await stage.action(ROBOT_ACTION_TYPES.startTreatment, [
    { key: 'missionId', value: missionId },
    { key: 'startedBy', value: 'nurse' },
  ])
  // Something may have gone wrong meanwhile, and the robot refuses; then people look again, and try again.
  await comes(() => !WAITING.has(status()?.phase), REFUSED_AFTER_MS)
}

/** @returns what lets happen, each once and in order, whatever is due after so many simulated milliseconds */
export function queueOf(
  events: readonly TreatmentEvent[] = [],
): (scene: TreatmentScene, afterMs: number) => void {
  const toCome = events.toSorted((a, b) => a.s - b.s)
  return (scene, afterMs) => {
    while (toCome.length > 0 && 1000 * toCome[0]!.s <= afterMs) toCome.shift()!.act(scene)
  }
}
