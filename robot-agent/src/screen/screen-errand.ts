import { DECONTAMINATION_CHECKLIST } from '@wardlight/core/fleet'
import type { ErrandRunner } from '../missions/create-errand.ts'
import type { ScreenMode } from './screen-view.ts'

/** What the screen shows of an errand, and what may be answered on it. */
export interface ScreenErrand {
  readonly missionId: string
  readonly kind: ErrandRunner['kind']
  readonly mode: ScreenMode | null
  /** Who comes, where it was, or which dock: as the order has it. */
  readonly subject: string
  /** Why, or what it may carry. */
  readonly reason: string | null
  /** Who drives by hand; `null`: nobody. */
  readonly driver: string | null
  /** Whole percent; `null` where it does not charge. */
  readonly chargePercent: number | null
  /** To be ticked by who wipes the robot; else empty. */
  readonly items: readonly string[]
  /** What may be pressed now. */
  readonly ask: 'consent' | 'wiped' | 'endVisit' | null
}

/** @returns `null` for an errand that is over and leaves nothing to see to. */
export function screenErrandOf(errand: ErrandRunner): ScreenErrand | null {
  const plain: Omit<ScreenErrand, 'subject' | 'mode'> = {
    missionId: errand.missionId,
    kind: errand.kind,
    reason: null,
    driver: null,
    chargePercent: null,
    items: [],
    ask: null,
  }
  switch (errand.kind) {
    case 'dock': {
      const { phase, fraction, order } = errand
      if (phase === 'finished') return null
      const isCharging = phase === 'charging'
      return {
        ...plain,
        subject: order.target.dockId,
        mode: isCharging ? 'charging' : isOnTheWay(phase) ? null : 'docking',
        chargePercent: isCharging && fraction !== null ? Math.floor(100 * fraction) : null,
      }
    }
    case 'decontamination': {
      const { phase, order, report } = errand
      const isStillContaminated = report?.kind === 'decontamination' && report.isContaminated
      if (phase === 'finished' && !isStillContaminated) return null
      const isWiping = phase === 'wiping'
      return {
        ...plain,
        subject: order.zone,
        reason: order.organism,
        mode: isStillContaminated
          ? 'contaminated'
          : isOnTheWay(phase)
            ? null
            : isWiping
              ? 'wiping'
              : 'station',
        items: isWiping ? DECONTAMINATION_CHECKLIST.map(({ id }) => id) : [],
        ask: isWiping ? 'wiped' : null,
      }
    }
    case 'visit': {
      const { phase, order, driver } = errand
      if (phase === 'finished') return null
      const isAsking = phase === 'announcing'
      const isVisit = !isAsking && !isOnTheWay(phase)
      return {
        ...plain,
        subject: order.visitor,
        reason: order.reason,
        mode: isAsking ? 'announcing' : isVisit ? 'visit' : null,
        driver: driver?.driver ?? null,
        ask: isAsking ? 'consent' : isVisit && phase !== 'leaving' ? 'endVisit' : null,
      }
    }
  }
}

/** Driving there, or held: the screen says it as for any robot. */
function isOnTheWay(phase: string): boolean {
  return phase === 'traveling' || phase === 'held'
}

/** An answer on the screen. */
export type ScreenAnswer =
  | { readonly type: 'consent'; readonly missionId: string; readonly isConsent: boolean }
  | {
      readonly type: 'wiped'
      readonly missionId: string
      readonly by: string
      readonly items: readonly string[]
    }
  | { readonly type: 'endVisit'; readonly missionId: string }

/** Who answers at the screen has no name: whoever stands or lies before the robot. */
const AT_THE_SCREEN = "somebody at the robot's screen"

/** @returns why it does not count, in words; `null` when it does. */
export function answerErrand(errand: ErrandRunner | null, answer: ScreenAnswer): string | null {
  // A page that shows yesterday's visit must not answer today's.
  if (errand === null || errand.missionId !== answer.missionId) return 'it is over'
  switch (answer.type) {
    case 'consent':
      return errand.kind === 'visit'
        ? errand.answer(answer.isConsent, AT_THE_SCREEN)
        : 'nobody asks for consent'
    case 'wiped':
      return errand.kind === 'decontamination'
        ? errand.confirm(answer.by, answer.items)
        : 'the robot does not wait to be wiped'
    case 'endVisit':
      return errand.kind === 'visit' ? errand.end(AT_THE_SCREEN) : 'there is no visit'
  }
}
