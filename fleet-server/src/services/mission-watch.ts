import type { TimerId } from '@wardlight/core/clock'
import type { MissionPhase, MissionStatus, Verdict } from '@wardlight/core/fleet'
import type { State } from '@wardlight/core/vda5050'
import {
  doseAction,
  isWorthStoring,
  phaseFromState,
  progressOf,
  type Progress,
} from '../domain/mission-progress.ts'
import { orderRefusal } from '../domain/robot-state.ts'
import { nextRoomCondition } from '../domain/room-status.ts'
import type { MissionRow } from '../store/schema.ts'
import type { Fleet } from './fleet.ts'
import type { LedgerChange } from './ledger.ts'
import { receiveReport } from './mission-reports.ts'
import { RETURN_WITHIN_MS, type Returns } from './returns.ts'

/** How often what no robot has confirmed yet is said again, milliseconds. Robots ignore what they know. */
const REPEAT_INTERVAL_MS = 10_000

/**
 * Follows the missions by what robots say, and says again what they have not confirmed. Everything here may
 * happen twice, after a restart or a lost connection: each step looks at what is stored before it acts.
 */
export class MissionWatch {
  readonly #fleet: Fleet
  readonly #returns: Returns
  /** Missions whose robot speaks on the mission topic, so that the VDA 5050 state need not be interpreted. */
  readonly #speaking = new Set<string>()
  /** Missions whose robot has just said that it works on something else. */
  readonly #doubted = new Set<string>()
  #timer: TimerId = null

  constructor(fleet: Fleet, returns: Returns) {
    this.#fleet = fleet
    this.#returns = returns
  }

  start(): void {
    const { ledger, registry, clock } = this.#fleet
    for (const { robotId, id, finishedAt } of ledger.missions()) {
      if (finishedAt === null) registry.setMission(robotId, id)
    }
    const tick = () => {
      this.#timer = clock.setTimeout(tick, REPEAT_INTERVAL_MS)
      for (const { id } of registry.views()) this.#guard(this.repeat(id), id)
    }
    this.#timer = clock.setTimeout(tick, REPEAT_INTERVAL_MS)
  }

  stop(): void {
    this.#fleet.clock.clearTimeout(this.#timer)
  }

  /** Publishes again what this robot has not confirmed: its order, the way home, a wish to stop. */
  async repeat(robotId: string): Promise<void> {
    const { ledger, registry, commands } = this.#fleet
    if (!registry.isOnline(robotId)) return
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
    const { ledger, registry, log } = this.#fleet
    const mission = ledger.missions().find(({ id }) => id === status.missionId)
    if (mission === undefined || mission.robotId !== robotId) {
      log.warn({ robotId, missionId: status.missionId }, 'A robot speaks of a mission that is not its own')
      return
    }
    if (mission.finishedAt !== null) return
    this.#speaking.add(mission.id)
    registry.setLampLit(robotId, status.isLampLit)
    this.#advance(mission, status.phase, progressOf(status))
  }

  /** VDA 5050 state: confirms orders, carries the evidence, tells of orders that were refused or lost. */
  onState(robotId: string, state: State): void {
    const { ledger } = this.#fleet
    for (const mission of ledger.missions()) {
      if (mission.robotId === robotId && mission.reportText === null) this.#considerState(mission, state)
    }
    this.#guard(this.#returns.tend(robotId, state), robotId)
  }

  #considerState(mission: MissionRow, state: State): void {
    const action = doseAction(state, mission.id)
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
      const phase = this.#speaking.has(mission.id) ? null : phaseFromState(state, mission.id)
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

  #advance(mission: MissionRow, phase: MissionPhase, progress: Progress): void {
    const { ledger } = this.#fleet
    const now = ledger.now()
    const isNews = isWorthStoring({ ...mission.progress, phase: mission.phase }, { ...progress, phase })
    const phaseSince = phase === mission.phase ? mission.phaseSince : now
    ledger.showProgress(
      mission.id,
      { isOrderConfirmed: true, phase, phaseSince, progress, updatedAt: now },
      isNews,
    )
    if (!isNews && mission.isOrderConfirmed) return
    this.#guard(
      ledger.change((change) => {
        const current = ledger.missionAtHand(mission.id)
        if (current.finishedAt !== null) return
        change.patchMission(mission.id, {
          isOrderConfirmed: true,
          phase: current.phase,
          phaseSince: current.phaseSince,
          progress: current.progress,
          updatedAt: current.updatedAt,
        })
      }),
      mission.robotId,
    )
  }

  async #takeReport(missionId: string, text: string): Promise<void> {
    const { ledger, registry, log } = this.#fleet
    const isNew = await ledger.change((change) => {
      const mission = ledger.missionAtHand(missionId)
      // States repeat the evidence until the next order; the first one counts.
      if (mission.reportText !== null) return false
      const { verdict, outcome, problem, report } = receiveReport(text, mission)
      if (problem !== null) log.error({ missionId, problem }, 'A dose report does not hold')
      this.#end(
        change,
        mission,
        { verdict, outcome },
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
            ...(report === null
              ? {}
              : { interlocks: report.interlocks, deliveredMjPerCm2: report.deliveredMjPerCm2 }),
          },
        },
      )
      return true
    })
    if (!isNew) return
    const { robotId } = ledger.missionAtHand(missionId)
    this.#free(robotId, missionId)
    const state = registry.state(robotId)
    if (state !== null) await this.#returns.tend(robotId, state)
  }

  #endWithoutReport({ id, robotId }: MissionRow, outcome: string): void {
    const { ledger, log } = this.#fleet
    this.#guard(
      ledger
        .change((change) => {
          const mission = ledger.missionAtHand(id)
          if (mission.finishedAt !== null) return
          log.warn({ missionId: id, robotId, outcome }, 'A mission ended without a dose report')
          this.#end(
            change,
            mission,
            { verdict: 'aborted', outcome },
            {
              progress: { ...mission.progress, isLampLit: false, countdownS: null, remainingS: 0 },
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
    { verdict, outcome }: { verdict: Verdict; outcome: string },
    evidence: Partial<MissionRow>,
  ): void {
    const { ledger } = this.#fleet
    const now = ledger.now()
    change.patchMission(mission.id, {
      ...evidence,
      verdict,
      outcome,
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
    if (room.missionId !== mission.id || (room.state !== 'inProgress' && room.state !== 'suspended')) return
    const condition = nextRoomCondition(room.state, true, { type: 'mission.ended', verdict, outcome })
    change.patchRoom(mission.roomId, { ...condition, since: now })
  }

  #free(robotId: string, missionId: string): void {
    const { registry } = this.#fleet
    this.#speaking.delete(missionId)
    this.#doubted.delete(missionId)
    registry.setLampLit(robotId, false)
    if (registry.view(robotId)?.missionId === missionId) registry.setMission(robotId, null)
  }

  #guard(work: Promise<unknown>, robotId: string): void {
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
