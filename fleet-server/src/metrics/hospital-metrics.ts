import type { Hl7Outcome, RobotView } from '@wardlight/core/fleet'
import { count, isNotNull, isNull, min } from 'drizzle-orm'
import type { LiveBoard } from '../live/live-board.ts'
import type { Database } from '../store/database.ts'
import { hl7Outbox, missions } from '../store/schema.ts'
import type { Ledger } from '../services/ledger.ts'
import type { Metric } from './metric-text.ts'
import { counter, gauge, one } from './server-metrics.ts'

const CONNECTIONS: readonly RobotView['connection'][] = [
  'ONLINE',
  'OFFLINE',
  'HIBERNATING',
  'CONNECTION_BROKEN',
  'UNKNOWN',
]
const PRIORITIES = ['urgent', 'high', 'low'] as const
const WAITING = ['planning', 'planned'] as const

export interface HospitalMetricsParts {
  readonly database: Database
  readonly ledger: Ledger
  readonly board: LiveBoard
  /** Messages of robots by kind, since this server decides. */
  readonly received: ReadonlyMap<string, number>
  /** Those that did not follow their schema, by topic. */
  readonly malformed: ReadonlyMap<string, number>
  readonly hl7Received: ReadonlyMap<Hl7Outcome, number>
  readonly nowMs: () => number
}

/** How the hospital's robots, rooms and messages are, by the server that decides. No label names a person, a room or a robot. */
export async function hospitalMetrics(parts: HospitalMetricsParts): Promise<Metric[]> {
  const { database, ledger, board } = parts
  const robots = board.all('robots')
  const alarms = board.all('alarms')
  const requests = ledger.requests()
  const running = countsBy(
    ledger.missions().filter(({ finishedAt }) => finishedAt === null),
    ({ method, phase }) => ({ method, phase }),
  )
  const finished = await database.queries
    .select({ method: missions.method, verdict: missions.verdict, value: count() })
    .from(missions)
    .where(isNotNull(missions.finishedAt))
    .groupBy(missions.method, missions.verdict)
  const [unsent] = await database.queries
    .select({
      value: count(),
      oldest: min(hl7Outbox.createdAt),
    })
    .from(hl7Outbox)
    .where(isNull(hl7Outbox.sentAt))
  const oldestMs = unsent?.oldest?.getTime() ?? parts.nowMs()
  return [
    gauge(
      'wardlight_robots',
      'Robots, by connection',
      CONNECTIONS.map((connection) => ({
        labels: { connection },
        value: robots.filter((robot) => robot.connection === connection).length,
      })),
    ),
    counter(
      'wardlight_robot_messages_total',
      'Messages of robots, by kind',
      samplesOf(parts.received, 'kind'),
    ),
    counter(
      'wardlight_robot_messages_malformed_total',
      'Messages that did not follow their schema',
      one([...parts.malformed.values()].reduce((sum, each) => sum + each, 0)),
    ),
    gauge('wardlight_missions_running', 'Missions that are not over, by method and phase', running),
    counter(
      'wardlight_missions_finished_total',
      'Missions that are over, ever, by method and verdict',
      finished.map(({ method, verdict, value }) => ({
        labels: { method, verdict: verdict ?? 'none' },
        value,
      })),
    ),
    gauge(
      'wardlight_requests_waiting',
      'Requests that wait for their plan, or for approval',
      WAITING.map((status) => ({
        labels: { status },
        value: requests.filter((request) => request.status === status).length,
      })),
    ),
    gauge(
      'wardlight_alarms_open',
      'Alarms that are not over, by priority',
      PRIORITIES.map((priority) => ({
        labels: { priority },
        value: alarms.filter((alarm) => alarm.priority === priority).length,
      })),
    ),
    counter(
      'wardlight_hl7_messages_total',
      'Messages of the hospital\u2019s systems, by what became of them',
      samplesOf(parts.hl7Received, 'outcome'),
    ),
    gauge('wardlight_hl7_unsent', 'Bed statuses that wait to be sent', one(unsent?.value ?? 0)),
    gauge(
      'wardlight_hl7_unsent_age_seconds',
      'How long the oldest of them has been waiting',
      one(Math.max(0, parts.nowMs() - oldestMs) / 1000),
    ),
  ]
}

function samplesOf(counts: ReadonlyMap<string, number>, label: string): Metric['samples'] {
  return [...counts].map(([name, value]) => ({ labels: { [label]: name }, value }))
}

function countsBy<T>(
  items: readonly T[],
  labelsOf: (item: T) => Readonly<Record<string, string>>,
): Metric['samples'] {
  const counts = new Map<string, { labels: Readonly<Record<string, string>>; value: number }>()
  for (const item of items) {
    const labels = labelsOf(item)
    const key = JSON.stringify(labels)
    counts.set(key, { labels, value: (counts.get(key)?.value ?? 0) + 1 })
  }
  return [...counts.values()]
}
