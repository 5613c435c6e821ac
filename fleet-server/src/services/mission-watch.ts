import type { TimerId } from '@wardlight/core/clock'
import type { MissionStatus, PeroxideStatus, RoomState, TreatmentPhase, Verdict } from '@wardlight/core/fleet'
import type { State } from '@wardlight/core/vda5050'
import { mayBeGassedAfter, overGas, withSample } from '../domain/gas-watch.ts'
import {
  isWorthStoring,
  phaseFromState,
  progressOf,
  progressOfPeroxide,
  treatmentAction,
  type Progress,
} from '../domain/mission-progress.ts'
import { mayBeOrdered, orderRefusal } from '../domain/robot-state.ts'
import { nextRoomCondition } from '../domain/room-status.ts'
import type { MissionRow } from '../store/schema.ts'
import type { Fleet } from './fleet.ts'
import type { LedgerChange } from './ledger.ts'
import { receiveReport } from './mission-reports.ts'
import { nextStepWords, type NextSteps } from './next-steps.ts'
import { RETURN_WITHIN_MS, type Returns } from './returns.ts'

/** A room in which a mission may still change something: nobody has marked it since. */
const IN_TREATMENT: ReadonlySet<RoomState> = new Set(['inProgress', 'suspended', 'blocked'])

/** How often what no robot has confirmed yet is said again, milliseconds. Robots ignore what they know. */
const REPEAT_INTERVAL_MS = 10_000

/**
 * Follows the missions by what robots say, and says again what they have not confirmed. Everything here may
 * happen twice, after a restart or a lost connection: each step looks at what is stored before it acts.
 */
export class MissionWatch {
  readonly #fleet: Fleet
  readonly #returns: Returns
  readonly #nextSteps: NextSteps
  /** Missions whose robot speaks on the mission topic, so that the VDA 5050 state need not be interpreted. */
  readonly #speaking = new Set<string>()
  /** Missions whose robot has just said that it works on something else. */
  readonly #doubted = new Set<string>()
  #timer: TimerId = null

  constructor(fleet: Fleet, returns: Returns, nextSteps: NextSteps) {
    this.#fleet = fleet
    this.#returns = returns
    this.#nextSteps = nextSteps
  }

  start(): void {
    const { ledger, registry, clock } = this.#fleet
    for (const { robotId, id, finishedAt } of ledger.missions()) {
      if (finishedAt === null) registry.setMission(robotId, id)
    }
    const tick = () => {
      this.#timer = clock.setTimeout(tick, REPEAT_INTERVAL_MS)
      for (const { id } of registry.views()) this.#guard(this.repeat(id), id)
      this.#guard(this.#nextSteps.tend(), null)
    }
    this.#timer = clock.setTimeout(tick, REPEAT_INTERVAL_MS)
  }

  stop(): void {
    this.#fleet.clock.clearTimeout(this.#timer)
  }

  /** Publishes again what this robot has not confirmed: its order, the way home, a wish to stop. */
  async repeat(robotId: string): Promise<void> {
    const { ledger, registry, commands } = this.#fleet
    // Heard nothing yet: whatever it is doing, it takes its order or says why not.
    const mode = registry.state(robotId)?.operatingMode ?? 'AUTOMATIC'
    if (!registry.isOnline(robotId) || !mayBeOrdered(mode)) return
    for (const mission of ledger.missions()) {
      if (mission.robotId !== robotId) continue
      if (mission.finishedAt === null && mission.stopRequestedAt !== null) {
        await commands.cancelMission(mission)
      } else if (mission.finishedAt === null && !mission.isOrderConfirmed) {
        await commands.sendOrder(mission.order)
      } else if (mission.returnState === 'sent' && mission.returnOrder !== null) {
        await commands.sendOrder(mission.returnOrder)
      }
    }
  }

  onOnline(robotId: string): void {
    this.#guard(this.repeat(robotId), robotId)
  }

  /** Live mission state: shown at once; stored when people must still know it after a restart. */
  onStatus(robotId: string, status: MissionStatus): void {
    const mission = this.#missionOf(robotId, status.missionId)
    if (mission === null || mission.method !== 'uv' || mission.finishedAt !== null) return
    this.#speaking.add(mission.id)
    this.#fleet.registry.setLampLit(robotId, status.isLampLit)
    this.#advance(mission, status.phase, progressOf(status))
  }

  /** As `onStatus`, for gas. Its report comes here as well, should the mission have outlived its order. */
  onPeroxide(robotId: string, status: PeroxideStatus): void {
    const mission = this.#missionOf(robotId, status.missionId)
    if (mission === null || mission.plan.method === 'uv') return
    if (status.report !== null && mission.reportText === null) {
      this.#guard(this.#takeReport(mission.id, JSON.stringify(status.report)), robotId)
      return
    }
    if (mission.finishedAt !== null) return
    this.#speaking.add(mission.id)
    this.#doubted.delete(mission.id)
    const mayBeGassed = mayBeGassedAfter(mission, status)
    this.#advance(
      mission,
      status.phase,
      progressOfPeroxide(status, mission.plan.cycle, mission.progress.gas),
      {
        mayBeGassed,
        gasSamples: withSample(mission.gasSamples, status),
      },
    )
  }

  /** VDA 5050 state: confirms orders, carries the evidence, tells of orders that were refused or lost. */
  onState(robotId: string, state: State): void {
    const { ledger } = this.#fleet
    for (const mission of ledger.missions()) {
      if (mission.robotId === robotId && mission.reportText === null) this.#considerState(mission, state)
    }
    this.#guard(this.#returns.tend(robotId, state), robotId)
  }

  #missionOf(robotId: string, missionId: string): MissionRow | null {
    const mission = this.#fleet.ledger.missions().find(({ id }) => id === missionId)
    if (mission !== undefined && mission.robotId === robotId) return mission
    this.#fleet.log.warn({ robotId, missionId }, 'A robot speaks of a mission that is not its own')
    return null
  }

  #considerState(mission: MissionRow, state: State): void {
    const action = treatmentAction(state, mission)
    const isOver = action?.actionStatus === 'FINISHED' || action?.actionStatus === 'FAILED'
    if (isOver && action.actionResult !== undefined && action.actionResult !== '') {
      this.#guard(this.#takeReport(mission.id, action.actionResult), mission.robotId)
      return
    }
    if (mission.finishedAt !== null) return
    if (isOver) {
      this.#endWithoutReport(mission, endWithoutDose(mission, state))
    } else if (state.orderId === mission.id) {
      this.#doubted.delete(mission.id)
      const phase = this.#speaking.has(mission.id) ? null : phaseFromState(state, mission)
      if (phase !== null) this.#advance(mission, phase, mission.progress)
      else if (!mission.isOrderConfirmed) this.#advance(mission, mission.phase, mission.progress)
    } else if (mission.isOrderConfirmed) {
      // Once may be a state that was on its way when the robot took the order.
      if (this.#doubted.has(mission.id))
        this.#endWithoutReport(mission, 'The robot lost its order, perhaps by a restart')
      else this.#doubted.add(mission.id)
    } else {
      const refusal = orderRefusal(state, mission.id)
      if (refusal !== null) this.#endWithoutReport(mission, `The robot refused the order: ${refusal}`)
      else if (mission.stopRequestedAt !== null) {
        this.#endWithoutReport(
          mission,
          `Stopped by ${mission.stopRequestedBy} before the robot took the order`,
        )
      }
    }
  }

  #advance(
    mission: MissionRow,
    phase: TreatmentPhase,
    progress: Progress,
    gas: Pick<MissionRow, 'mayBeGassed' | 'gasSamples'> = mission,
  ): void {
    const { ledger } = this.#fleet
    const now = ledger.now()
    const { mayBeGassed, gasSamples } = gas
    const isNews =
      mayBeGassed !== mission.mayBeGassed ||
      isWorthStoring({ ...mission.progress, phase: mission.phase }, { ...progress, phase })
    const phaseSince = phase === mission.phase ? mission.phaseSince : now
    ledger.showProgress(
      mission.id,
      { isOrderConfirmed: true, phase, phaseSince, progress, updatedAt: now, mayBeGassed, gasSamples },
      isNews,
    )
    if (!isNews && mission.isOrderConfirmed && gasSamples === mission.gasSamples) return
    this.#guard(
      ledger.change((change) => {
        const current = ledger.missionAtHand(mission.id)
        if (current.finishedAt !== null) return
        change.storeProgress(mission.id)
        this.#followGas(change, current)
      }),
      mission.robotId,
    )
  }

  /** The room is blocked while it may be gassed, and says so to whoever reads the list. */
  #followGas(change: LedgerChange, { id, method, roomId, mayBeGassed, progress }: MissionRow): void {
    if (method === 'uv') return
    const { ledger } = this.#fleet
    const room = ledger.room(roomId)
    if (room.missionId !== id) return
    const condition = nextRoomCondition(
      room.state,
      true,
      mayBeGassed
        ? { type: 'mission.gassed', mustEvacuate: progress.gas?.mustEvacuate ?? false }
        : { type: 'mission.gasWithheld' },
    )
    if (condition.state === room.state && condition.reason === room.reason) return
    change.patchRoom(roomId, {
      ...condition,
      since: condition.state === room.state ? room.since : ledger.now(),
    })
  }

  async #takeReport(missionId: string, text: string): Promise<void> {
    const { ledger, registry, log } = this.#fleet
    const isNew = await ledger.change((change) => {
      const mission = ledger.missionAtHand(missionId)
      // States repeat the evidence until the next order; the first one counts.
      if (mission.reportText !== null) return false
      const { verdict, outcome, problem, mayBeGassed, deliveredMjPerCm2, interlocks } = receiveReport(
        text,
        mission,
      )
      if (problem !== null) log.error({ missionId, problem }, 'A report does not hold')
      this.#end(
        change,
        mission,
        { verdict, outcome, mayBeGassed },
        {
          reportText: text,
          reportProblem: problem,
          reportedAt: ledger.now(),
          progress: {
            ...mission.progress,
            isLampLit: false,
            blockers: [],
            countdownS: null,
            remainingS: 0,
            gas: overGas(mission.progress.gas),
            ...(interlocks === null
              ? {}
              : { interlocks: [...interlocks], deliveredMjPerCm2: [...deliveredMjPerCm2] }),
          },
        },
      )
      return true
    })
    if (!isNew) return
    const { robotId } = ledger.missionAtHand(missionId)
    this.#free(robotId, missionId)
    await this.#nextSteps.tend()
    const state = registry.state(robotId)
    if (state !== null) await this.#returns.tend(robotId, state)
  }

  #endWithoutReport({ id, robotId, mayBeGassed }: MissionRow, outcome: string): void {
    const { ledger, log } = this.#fleet
    if (mayBeGassed) {
      // Nothing leads out of a gassed room but its sensors, or people with instruments (`Clearances`).
      log.error({ missionId: id, robotId, outcome }, 'A robot has lost a room that may be gassed')
      return
    }
    this.#guard(
      ledger
        .change((change) => {
          const mission = ledger.missionAtHand(id)
          if (mission.finishedAt !== null) return
          log.warn({ missionId: id, robotId, outcome }, 'A mission ended without a dose report')
          this.#end(
            change,
            mission,
            { verdict: 'aborted', outcome, mayBeGassed: false },
            {
              progress: {
                ...mission.progress,
                isLampLit: false,
                gas: overGas(mission.progress.gas),
                countdownS: null,
                remainingS: 0,
              },
            },
          )
        })
        .then(() => this.#free(robotId, id)),
      robotId,
    )
  }

  #end(
    change: LedgerChange,
    mission: MissionRow,
    { verdict, outcome, mayBeGassed }: { verdict: Verdict; outcome: string; mayBeGassed: boolean },
    evidence: Partial<MissionRow>,
  ): void {
    const { ledger } = this.#fleet
    const now = ledger.now()
    change.patchMission(mission.id, {
      ...evidence,
      verdict,
      outcome,
      mayBeGassed,
      isOrderConfirmed: true,
      phase: 'finished',
      phaseSince: mission.phase === 'finished' ? mission.phaseSince : now,
      finishedAt: mission.finishedAt ?? now,
      updatedAt: now,
      // A proven room is left when it is released.
      ...(verdict === 'proven' || mission.returnState !== 'none'
        ? {}
        : { returnState: 'due' as const, returnDueUntil: new Date(now.getTime() + RETURN_WITHIN_MS) }),
    })
    const room = ledger.room(mission.roomId)
    // Evidence that comes late changes a room only while nothing else has happened to it.
    if (room.missionId !== mission.id || !IN_TREATMENT.has(room.state)) return
    const condition = nextRoomCondition(room.state, true, {
      type: 'mission.ended',
      verdict,
      outcome,
      mayBeGassed,
      nextStep: nextStepWords(mission),
    })
    change.patchRoom(mission.roomId, { ...condition, since: now })
  }

  #free(robotId: string, missionId: string): void {
    const { registry } = this.#fleet
    this.#speaking.delete(missionId)
    this.#doubted.delete(missionId)
    registry.setLampLit(robotId, false)
    if (registry.view(robotId)?.missionId === missionId) registry.setMission(robotId, null)
  }

  #guard(work: Promise<unknown>, robotId: string | null): void {
    work.catch((error: unknown) => {
      this.#fleet.log.error(
        { err: error, robotId },
        'What a robot said could not be dealt with; it will say it again',
      )
    })
  }
}

/** Why an order ended before any dose: somebody stopped it, or the robot says what was in its way. */
function endWithoutDose({ stopRequestedBy }: MissionRow, { errors }: State): string {
  if (stopRequestedBy !== null) return `Stopped by ${stopRequestedBy} before the dose began`
  const reasons = errors.map(({ errorType, errorDescription }) => errorDescription ?? errorType)
  return ['The robot ended the order without a dose', ...reasons].join('; ')
}
