import type { LiveState, ScheduleChange, ScheduleEntryView } from '@wardlight/core/fleet'
import { sortedRobots } from './fleet-selectors.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** A bar that is let go of begins at a whole five minutes. */
const SNAP_MS = 5 * MINUTE_MS
/** Whoever drags a room to a time means about that time: it begins within this, or not at all. Proposed. */
export const DRAGGED_WINDOW_MS = 15 * MINUTE_MS
/** How much of the time to come the picture may show, hours. */
export const SPANS_H = [3, 6, 12] as const
export type SpanH = (typeof SPANS_H)[number]

/** From and to, epoch milliseconds. */
export interface Span {
  readonly fromMs: number
  readonly toMs: number
}

/** What comes first is first; what nobody gets to is before all, for it needs a person. */
export function sortedEntries(live: LiveState): ScheduleEntryView[] {
  const rank = ({ status }: ScheduleEntryView): number =>
    status === 'unmet' ? 0 : status === 'running' ? 1 : 2
  return Object.values(live.schedule).toSorted(
    (a, b) =>
      rank(a) - rank(b) ||
      (a.startAt ?? '').localeCompare(b.startAt ?? '') ||
      a.roomId.localeCompare(b.roomId),
  )
}

/** What a picture shows: from a little before now, on a quarter of an hour. */
export function boardSpan(nowMs: number, hours: SpanH): Span {
  const quarterMs = 15 * MINUTE_MS
  const fromMs = Math.floor((nowMs - 5 * MINUTE_MS) / quarterMs) * quarterMs
  return { fromMs, toMs: fromMs + hours * HOUR_MS }
}

/** Those that begin beyond the end of the picture. */
export function laterThan(entries: readonly ScheduleEntryView[], { toMs }: Span): ScheduleEntryView[] {
  return entries.filter(({ startAt }) => startAt !== null && Date.parse(startAt) >= toMs)
}

/** Half hours, whole hours, or every second one: never so many that they would stand too close. */
export function hourMarks({ fromMs, toMs }: Span): number[] {
  const stepMs = ((toMs - fromMs) / 6 / HOUR_MS) * HOUR_MS
  const marks: number[] = []
  for (let at = Math.ceil(fromMs / stepMs) * stepMs; at < toMs; at += stepMs) marks.push(at)
  return marks
}

/** Where a time stands in the span, 0 to 1; what lies outside is at its edge. */
export function placeIn({ fromMs, toMs }: Span, ms: number): number {
  return Math.min(1, Math.max(0, (ms - fromMs) / (toMs - fromMs)))
}

export interface BoardRow {
  /** Of the robot or the room. */
  readonly id: string
  readonly name: string
  readonly entries: readonly ScheduleEntryView[]
}

/** One row for every robot that is or could be sent, or for every room that has something to come. */
export function boardRows(
  live: LiveState,
  entries: readonly ScheduleEntryView[],
  by: 'robots' | 'rooms',
): BoardRow[] {
  const planned = entries.filter(({ startAt }) => startAt !== null)
  if (by === 'rooms') {
    const ids = [...new Set(planned.map(({ roomId }) => roomId))]
    return ids.map((id) => ({
      id,
      name: live.rooms[id]?.name ?? id,
      entries: planned.filter(({ roomId }) => roomId === id),
    }))
  }
  return sortedRobots(live.robots)
    .map((robot) => ({
      id: robot.id,
      name: robot.serialNumber,
      service: robot.service.state,
      entries: planned.filter(({ robotId }) => robotId === robot.id),
    }))
    .filter(({ service, entries: own }) => own.length > 0 || service === 'inService')
}

/** What the request of an entry asks for now; `null` for what has no request that can be changed. */
export function currentChange(live: LiveState, entry: ScheduleEntryView): ScheduleChange | null {
  if (entry.status !== 'requested' && entry.status !== 'unmet') return null
  const request = entry.requestId === null ? undefined : live.requests[entry.requestId]
  return request === undefined ? null : { ...request.wish, dueAt: request.dueAt }
}

/** What letting go of a bar at a time, on a robot's row or not, asks for. */
export function draggedChange(
  current: ScheduleChange,
  startMs: number,
  nowMs: number,
  robotId: string | null,
): ScheduleChange {
  const snappedMs = Math.max(Math.round(startMs / SNAP_MS) * SNAP_MS, nowMs)
  return {
    ...current,
    notBefore: new Date(snappedMs).toISOString(),
    startBy: new Date(snappedMs + DRAGGED_WINDOW_MS).toISOString(),
    robotId: robotId ?? current.robotId,
  }
}
