import type { ScheduleEntryView } from '@wardlight/core/fleet'
import type { ExplainedSchedule, ExplainedVisit } from '../domain/schedule/explain.ts'
import { timeWords } from '../domain/schedule/time-words.ts'
import type { MissionRow } from '../store/schema.ts'
import type { Fleet } from './fleet.ts'
import type { BuiltProblem } from './schedule-problem.ts'
import type { SchedulePlans } from './schedule-plans.ts'

const MINUTE_MS = 60_000

/** What people see of a schedule: by job what is done, then what nobody gets to. */
export function entriesOf(built: BuiltProblem, { visits, unmet }: ExplainedSchedule): ScheduleEntryView[] {
  return [
    ...visits.map((visit) => entryOf(built, visit.jobIndex, visit, visit.reason)),
    ...unmet.map(({ jobIndex, reason }) => entryOf(built, jobIndex, null, reason)),
  ]
}

function entryOf(
  { input, tasks }: BuiltProblem,
  jobIndex: number,
  visit: ExplainedVisit | null,
  reason: string,
): ScheduleEntryView {
  const { id, roomId, requestId, planId, prerequisites } = tasks[jobIndex]!
  const before = visit?.afterJobIndex ?? null
  const job = input.problem.jobs[jobIndex]!
  return {
    id,
    status: visit === null ? 'unmet' : requestId === null ? 'expected' : 'requested',
    roomId,
    requestId,
    planId,
    robotId: visit === null ? null : input.robots[visit.robotIndex]!.id,
    priority: job.priority,
    startAt: isoOrNull(visit?.startMs ?? null),
    endAt: isoOrNull(visit?.endMs ?? null),
    deadlineAt: isoOrNull(job.deadlineMs),
    lateMin: Math.ceil((visit?.lateMs ?? 0) / MINUTE_MS),
    steps: (visit?.steps ?? []).map(({ kind, fromMs, toMs }) => ({
      kind,
      from: new Date(fromMs).toISOString(),
      to: new Date(toMs).toISOString(),
    })),
    reason,
    comesFrom: before === null ? null : { roomId: tasks[before]!.roomId, name: input.names.rooms[before]! },
    prerequisites: [...prerequisites],
  }
}

/** A mission, until it is over. */
export function runningEntry(
  { registry, ledger }: Fleet,
  plans: SchedulePlans,
  mission: MissionRow,
): ScheduleEntryView {
  const nowMs = ledger.now().getTime()
  const endMs = nowMs + 1000 * mission.progress.remainingS
  const robot = registry.view(mission.robotId)?.serialNumber ?? mission.robotId
  return {
    id: mission.id,
    status: 'running',
    roomId: mission.roomId,
    requestId: mission.requestId,
    planId: plans.runOfRequest(mission.requestId)?.planId ?? null,
    robotId: mission.robotId,
    priority: 'routine',
    startAt: mission.orderedAt.toISOString(),
    endAt: new Date(endMs).toISOString(),
    deadlineAt: null,
    lateMin: 0,
    steps: [],
    reason: `${robot} is at work, about until ${timeWords(endMs, nowMs, plans.timeZone)}.`,
    comesFrom: null,
    prerequisites: [],
  }
}

function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}
