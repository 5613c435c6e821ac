import { DECONTAMINATION_CHECKLIST, ROBOT_ACTION_TYPES, type ErrandReport } from '@wardlight/core/fleet'
import { distance, type Pose2 } from '@wardlight/core/geometry'
import type { Random } from '@wardlight/core/random'
import { errandRound, parametersOf, type ErrandStop } from './errand-order.ts'
import { MENDED_MS, queueOf, type TreatmentEvent } from './simulated-mission.ts'
import { LOOK_MS, served, type TreatmentStage } from './treatment-stage.ts'

/** What people do with a robot on an errand. */
export interface ErrandPeople {
  /** The patient's answer; `null`: nobody answers. */
  readonly consents: boolean | null
  /** How long the visitor drives by hand, seconds; 0: not at all. */
  readonly drivesS: number
  /** Whether somebody wipes the robot, and says so. */
  readonly wipes: boolean
}

export interface ErrandsRun {
  readonly reports: readonly ErrandReport[]
  /** What must not happen and did, in words. */
  readonly problems: readonly string[]
}

export const ERRAND_ORDER_ID = 'errands'
/** Simulated; an order that is not over by then never will be: people are waited for at most for an hour. */
const LONGEST_MS = 3 * 3600_000
/** People take so long to do what is asked of them, simulated. */
const TAKEN_MS = 4000
const SESSION_ID = 'soak-session'
const VISITOR = 'Dr. Weber'
/** Commands of a joystick, each so many simulated milliseconds. */
const COMMAND_MS = 50
/** A robot that is driven by hand stands so long after the last command, at most: docs/safety.md. */
const SILENT_STAND_MS = 1500
/** In a station it stands still: localisation wanders by less than this, metres. */
const STOOD_M = 0.1

/** One order with an errand at each of its places, on a stage, until every report has come. */
export async function runErrands(
  stage: TreatmentStage,
  errands: {
    readonly stops: readonly ErrandStop[]
    readonly people: ErrandPeople
    readonly random: Random
    readonly afterOrder?: readonly TreatmentEvent[]
    readonly isKilledAtEnd?: boolean
  },
): Promise<ErrandsRun> {
  const { clock, world, handle, life, line, post, level } = stage
  const { stops, people, random } = errands
  const missionOf = new Map(
    stops.map(({ action }) => [
      action.actionId,
      action.actionParameters!.find(({ key }) => key === 'missionId')!.value as string,
    ]),
  )
  const ids = [...missionOf.keys()]
  await stage.order((head, from) => errandRound({ head, orderId: ERRAND_ORDER_ID, level, from, stops }))
  await served(() => !life.agent.isIdle)
  const problems = new Set<string>()
  const events = queueOf(errands.afterOrder)
  const beganMs = clock.monotonicMs()
  let phase: string | null = null
  let phaseSinceMs = beganMs
  let pausedAtMs: number | null = null
  let stoodAt: Pose2 | null = null
  let leftM = 0
  let hasDriven = false
  const say = (actionType: string, parameters: Readonly<Record<string, unknown>>) =>
    stage.scene.say(actionType, parametersOf(parameters))
  const inWork = () => {
    const isOver = (id: string) =>
      post.state?.actionStates.some(
        ({ actionId, actionStatus }) =>
          actionId === id && (actionStatus === 'FINISHED' || actionStatus === 'FAILED'),
      ) ?? false
    return missionOf.get(ids.find((id) => !isOver(id)) ?? ids[0]!)!
  }

  while (!life.agent.isIdle) {
    if (clock.monotonicMs() - beganMs > LONGEST_MS) throw new Error(`still ${phase ?? 'waiting'} after hours`)
    await stage.pass(LOOK_MS)
    const nowMs = clock.monotonicMs()
    events(stage.scene, nowMs - beganMs)
    if (life.agent.errandPhase !== phase) {
      phase = life.agent.errandPhase
      phaseSinceMs = nowMs
      if (phase === 'standing') stoodAt = handle.truePose
    }
    if (phase === 'standing') leftM = Math.max(leftM, distance(handle.truePose, stoodAt!))
    pausedAtMs = post.state?.paused === true ? (pausedAtMs ?? nowMs) : null
    // A robot that came up again waits for people, who find it, and the network down.
    if (line.isCut && nowMs - phaseSinceMs > MENDED_MS) line.mend()
    if (line.isCut || nowMs - phaseSinceMs < TAKEN_MS) continue
    phaseSinceMs = nowMs
    const missionId = inWork()
    if (pausedAtMs !== null || phase === 'held') say(ROBOT_ACTION_TYPES.stopPause, {})
    if (phase === 'announcing' && people.consents !== null) {
      say(ROBOT_ACTION_TYPES.answerVisit, {
        missionId,
        isConsent: people.consents,
        answeredBy: 'the patient',
      })
    } else if (phase === 'autonomous' && !hasDriven && people.drivesS > 0) {
      say(ROBOT_ACTION_TYPES.handOverDrive, { missionId, sessionId: SESSION_ID, driver: VISITOR })
    } else if (phase === 'autonomous') say(ROBOT_ACTION_TYPES.endVisit, { missionId, endedBy: VISITOR })
    else if (phase === 'driven') {
      hasDriven = true
      await driveByHand(stage, people.drivesS, random, problems)
      say(ROBOT_ACTION_TYPES.takeBackDrive, { missionId, sessionId: SESSION_ID })
    } else if (phase === 'wiping' && people.wipes) {
      say(ROBOT_ACTION_TYPES.confirmDecontamination, {
        missionId,
        confirmedBy: 'cleaning team',
        items: DECONTAMINATION_CHECKLIST.map(({ id }) => id),
      })
    }
  }
  if (errands.isKilledAtEnd === true) await stage.killAndRestart()
  line.mend()
  const isTold = (id: string) => post.resultOf(id) !== undefined
  // What comes after the errand that ended the order was never begun, and has no report.
  await served(() => isTold(ids[0]!) && (ids.every(isTold) || orderIsOver(stage)))
  const reports = ids.flatMap((id) => {
    const result = post.resultOf(id)
    return result === undefined ? [] : [JSON.parse(result) as ErrandReport]
  })
  if (world.truth.events.some(({ kind }) => kind === 'lamp.lit')) problems.add('an errand lit the lamp')
  for (const report of reports) {
    const problem = untrueIn(report, people, leftM)
    if (problem !== null) problems.add(problem)
  }
  return { reports, problems: [...problems] }
}

function orderIsOver({ post }: TreatmentStage): boolean {
  const { state } = post
  return (
    state !== null &&
    state.nodeStates.length === 0 &&
    state.actionStates.every(({ actionStatus }) => actionStatus === 'FINISHED' || actionStatus === 'FAILED')
  )
}

/** What is untrue in a report, in words; `null` when it may be believed. */
function untrueIn(report: ErrandReport, { consents, wipes }: ErrandPeople, leftM: number): string | null {
  if (report.verdict !== 'completed') return null
  switch (report.kind) {
    case 'visit':
      return consents === true || report.consent === null ? null : 'a visit is completed without consent'
    case 'decontamination':
      if (report.isContaminated) return 'decontaminated, and still contaminated'
      if (report.method === 'wipe') return wipes ? null : 'decontaminated, and nobody wiped it'
      return leftM <= STOOD_M ? null : `decontaminated, and it left its station by ${leftM.toFixed(2)} m`
    case 'dock':
      return report.isDocked ? null : 'docked, and it is in no dock'
  }
}

/** Somebody steers about, lets go, and steers again; then their line breaks while it moves. */
async function driveByHand(
  stage: TreatmentStage,
  seconds: number,
  random: Random,
  problems: Set<string>,
): Promise<void> {
  const { clock, handle, life } = stage
  let sequence = 0
  let speedMps = 0
  let turnRadPerS = 0
  for (let ms = 0; ms < 1000 * seconds; ms += COMMAND_MS) {
    if (life.agent.errandPhase !== 'driven') return
    if (ms % 1000 === 0) {
      speedMps = -0.5 + random.uniform()
      turnRadPerS = -0.8 + 1.6 * random.uniform()
    }
    sequence += 1
    life.agent.drive({
      sessionId: SESSION_ID,
      sequence,
      sentAtEpochMs: clock.epochMs() - 30,
      pictureAgeMs: 80,
      // The first one shows that the hand was off.
      isHeld: sequence > 1,
      speedMps,
      turnRadPerS,
    })
    await stage.pass(COMMAND_MS)
  }
  await stage.pass(SILENT_STAND_MS)
  if (handle.speedMps !== 0) problems.add(`it drives ${SILENT_STAND_MS} ms after the last command`)
}
