import type { ExplainedSchedule, Names } from './explain.ts'

/** What becomes of a room by a change, the worst first. */
export const EFFECT_KINDS = ['unmet', 'late', 'later', 'otherRobot', 'earlier', 'inTime', 'met'] as const
export type EffectKind = (typeof EFFECT_KINDS)[number]

export interface ScheduleEffect {
  readonly jobIndex: number
  readonly kind: EffectKind
  readonly words: string
}

/** Less is not worth a word. */
const MINUTE_MS = 60_000

/**
 * What one schedule does to rooms that another one of the same jobs does not, in words, the worst first.
 *
 * @param deadlineMs by job, in the schedule `after`
 */
export function compareSchedules(
  before: ExplainedSchedule,
  after: ExplainedSchedule,
  deadlineMs: readonly (number | null)[],
  names: Names,
): ScheduleEffect[] {
  const visitsBefore = new Map(before.visits.map((visit) => [visit.jobIndex, visit]))
  const visitsAfter = new Map(after.visits.map((visit) => [visit.jobIndex, visit]))
  const reasons = new Map(after.unmet.map(({ jobIndex, reason }) => [jobIndex, reason]))
  const effects: ScheduleEffect[] = []
  for (const jobIndex of deadlineMs.keys()) {
    const was = visitsBefore.get(jobIndex)
    const will = visitsAfter.get(jobIndex)
    const room = names.room(jobIndex)
    const add = (kind: EffectKind, words: string) => effects.push({ jobIndex, kind, words })
    if (will === undefined) {
      if (was !== undefined) add('unmet', reasons.get(jobIndex) ?? `Nobody gets to ${room} any more.`)
      continue
    }
    const robot = names.robot(will.robotIndex)
    const at = names.time(will.startMs)
    if (was === undefined) {
      add('met', `${room} is reached: ${robot}, ${at}.`)
      continue
    }
    const isOther = was.robotIndex !== will.robotIndex
    const by = isOther ? `, by ${robot} in place of ${names.robot(was.robotIndex)}` : ''
    const shiftMs = will.startMs - was.startMs
    const moved =
      Math.abs(shiftMs) < MINUTE_MS
        ? `${room} stays at ${at}${by}`
        : `${room} begins at ${at} in place of ${names.time(was.startMs)}${by}`
    const lateMin = Math.ceil(will.lateMs / MINUTE_MS)
    if (will.lateMs >= was.lateMs + MINUTE_MS) {
      add(
        'late',
        `${moved}, and misses its deadline, ${names.time(deadlineMs[jobIndex]!)}, by ${lateMin} min.`,
      )
    } else if (was.lateMs > 0 && will.lateMs === 0) {
      add('inTime', `${moved}, and meets its deadline.`)
    } else if (shiftMs >= MINUTE_MS) add('later', `${moved}.`)
    else if (shiftMs <= -MINUTE_MS) add('earlier', `${moved}.`)
    else if (isOther) add('otherRobot', `${moved}.`)
  }
  return effects.toSorted(
    (a, b) => EFFECT_KINDS.indexOf(a.kind) - EFFECT_KINDS.indexOf(b.kind) || a.jobIndex - b.jobIndex,
  )
}
