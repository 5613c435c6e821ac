import type { MissedRow } from '@wardlight/core/fleet'
import { compareText, groupBy } from './group-rows.ts'

/** A surface that light missed in a run, as people name it: pieces of one are one. */
export interface MissedSurfaceOfRun {
  readonly surface: string
  readonly isHighTouch: boolean
  /** Of most of its pieces. */
  readonly reason: string
  readonly explanation: string
  readonly remedy: string | null
}

/** A run with light that was not aborted, with evidence that can be read. */
export interface LightRun {
  readonly missionId: string
  readonly roomId: string
  readonly finishedMs: number
  readonly missed: readonly MissedSurfaceOfRun[]
}

/** So often it is no accident any more. */
const RECURS = 2

/** What recurs by room and surface: what hands touch first, then what is missed most often. Names are the caller's. */
export function recurringMisses(runs: readonly LightRun[]): Omit<MissedRow, 'roomName' | 'ward'>[] {
  return [...groupBy(runs, ({ roomId }) => roomId)]
    .flatMap(([roomId, ofRoom]) => {
      const missed = ofRoom.flatMap((run) => run.missed.map((surface) => ({ ...surface, run })))
      return [...groupBy(missed, ({ surface }) => surface)]
        .filter(([, times]) => times.length >= RECURS)
        .map(([surface, times]) => {
          const last = times.toSorted(
            (a, b) => b.run.finishedMs - a.run.finishedMs || compareText(b.run.missionId, a.run.missionId),
          )[0]!
          const { most: reason, count: reasonRuns } = mostFrequent(times.map((each) => each.reason))
          return {
            roomId,
            surface,
            isHighTouch: times.some(({ isHighTouch }) => isHighTouch),
            missed: times.length,
            runs: ofRoom.length,
            reason,
            reasonRuns,
            explanation: last.explanation,
            remedy: last.remedy,
            lastMissedAt: new Date(last.run.finishedMs).toISOString(),
          }
        })
    })
    .toSorted(
      (a, b) =>
        Number(b.isHighTouch) - Number(a.isHighTouch) ||
        b.missed / b.runs - a.missed / a.runs ||
        b.missed - a.missed ||
        compareText(a.roomId, b.roomId) ||
        compareText(a.surface, b.surface),
    )
}

/** @param pieces of one run, with what an interruption cost: that is a matter of the interruption, and left out */
export function missedOfRun(
  pieces: readonly {
    readonly id: string
    readonly label: string
    readonly reason: string
    readonly explanation: string
    readonly remedy: string | null
  }[],
  highTouchIds: ReadonlySet<string>,
): MissedSurfaceOfRun[] {
  const lasting = pieces.filter(({ reason }) => reason !== 'interrupted')
  return [...groupBy(lasting, ({ label }) => label)].map(([surface, ofSurface]) => {
    const { most: reason } = mostFrequent(ofSurface.map((piece) => piece.reason))
    const piece = ofSurface.find((each) => each.reason === reason)!
    return {
      surface,
      isHighTouch: ofSurface.some(({ id }) => highTouchIds.has(id)),
      reason,
      explanation: piece.explanation,
      remedy: piece.remedy,
    }
  })
}

/** Of those that are as frequent the first by name. */
function mostFrequent(words: readonly string[]): { readonly most: string; readonly count: number } {
  const [first] = [...groupBy(words, (word) => word)].toSorted(
    ([a, ofA], [b, ofB]) => ofB.length - ofA.length || compareText(a, b),
  )
  return { most: first![0], count: first![1].length }
}
