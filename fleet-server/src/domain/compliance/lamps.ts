import type { Instruments, LampRow } from '@wardlight/core/fleet'
import { compareText, groupBy } from './group-rows.ts'

const HOUR_S = 3600

/** A run with light that is over. */
export interface LampRun {
  readonly missionId: string
  readonly robotId: string
  readonly finishedMs: number
  /** `null`: no report that can be read. */
  readonly lampOnS: number | null
  /** As the robot told them with its report; empty where it told of none. */
  readonly tubes: Instruments['tubes']
}

/** What a robot says of itself now. */
export interface LampsNow {
  readonly robotId: string
  readonly tubes: readonly { readonly id: string; readonly hours: number; readonly ratedLifeHours: number }[]
  /** ISO 8601; `null`: it has not been heard. */
  readonly heardAt: string | null
}

/**
 * Tubes by robot. Hours are the newest that the robot told; output is the last that it measured in the period. What it never
 * told stays unknown: nothing is reckoned from hours.
 *
 * @param now of every robot with a lamp; empty for a period that is over
 */
export function lampRows(runs: readonly LampRun[], now: readonly LampsNow[]): LampRow[] {
  const byRobot = groupBy(runs, ({ robotId }) => robotId)
  const robotIds = new Set([...byRobot.keys(), ...now.map(({ robotId }) => robotId)])
  return [...robotIds].toSorted(compareText).flatMap((robotId) => {
    const own = (byRobot.get(robotId) ?? []).toSorted(
      (a, b) => a.finishedMs - b.finishedMs || compareText(a.missionId, b.missionId),
    )
    const known = own.flatMap(({ lampOnS }) => (lampOnS === null ? [] : [lampOnS]))
    const sums = {
      litHours: known.reduce((sum, lampOnS) => sum + lampOnS, 0) / HOUR_S,
      untoldRuns: own.length - known.length,
    }
    const tubes = new Map<string, Omit<LampRow, 'robotId' | 'litHours' | 'untoldRuns'>>()
    for (const { tubes: told, finishedMs } of own) {
      const at = new Date(finishedMs).toISOString()
      for (const { id, hours, ratedLifeHours, lastOutput, isOutputMeasured } of told) {
        const before = tubes.get(id)
        tubes.set(id, {
          tubeId: id,
          hours,
          ratedLifeHours,
          hoursAt: at,
          output: lastOutput ?? before?.output ?? null,
          outputAt: lastOutput === null ? (before?.outputAt ?? null) : at,
          isOutputMeasured,
        })
      }
    }
    const live = now.find((each) => each.robotId === robotId)
    for (const { id, hours, ratedLifeHours } of live?.tubes ?? []) {
      const { output = null, outputAt = null, isOutputMeasured = null } = tubes.get(id) ?? {}
      tubes.set(id, {
        tubeId: id,
        hours,
        ratedLifeHours,
        hoursAt: live!.heardAt,
        output,
        outputAt,
        isOutputMeasured,
      })
    }
    const rows = [...tubes.values()].toSorted((a, b) => compareText(a.tubeId!, b.tubeId!))
    return (rows.length === 0 ? [UNTOLD] : rows).map((tube) => ({ robotId, ...tube, ...sums }))
  })
}

const UNTOLD: Omit<LampRow, 'robotId' | 'litHours' | 'untoldRuns'> = {
  tubeId: null,
  hours: null,
  ratedLifeHours: null,
  hoursAt: null,
  output: null,
  outputAt: null,
  isOutputMeasured: null,
}
