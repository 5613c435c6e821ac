import {
  TURNAROUND_BUCKETS_H,
  type ComplianceTable,
  type ComplianceView,
  type Distribution,
  type OutbreakView,
} from '@wardlight/core/fleet'
import type { Cell, CsvTable } from './csv.ts'

/** Documented in docs/compliance.md, and stable: other programs read them. */
const DUE = [
  'due',
  'done',
  'done_in_time',
  'done_late',
  'done_without_due_time',
  'failed',
  'open',
  'overdue',
  'missed_dates',
  'withdrawn',
] as const
const DISTRIBUTION = [
  'requests_done',
  'median_min',
  'p90_min',
  'longest_min',
  ...TURNAROUND_BUCKETS_H.map((hours) => `up_to_${hours}_h`),
  `over_${TURNAROUND_BUCKETS_H.at(-1)!}_h`,
] as const

/** One of the tables as it is exported. */
export function tableOf(name: Exclude<ComplianceTable, 'outbreak'>, view: ComplianceView): CsvTable {
  switch (name) {
    case 'due':
      return {
        columns: ['month', 'ward', ...DUE],
        rows: view.due.map((row) => [
          row.month,
          row.ward,
          row.due,
          row.done,
          row.doneInTime,
          row.doneLate,
          row.doneWithoutDueTime,
          row.failed,
          row.open,
          row.overdue,
          row.missedDates,
          row.withdrawn,
        ]),
      }
    case 'turnaround': {
      const { whole, byMonth, byWard, byMonthAndWard } = view.turnaround
      return {
        columns: ['of', 'month', 'ward', ...DISTRIBUTION],
        rows: [
          ['whole', null, null, ...distributionCells(whole)],
          ...byMonth.map((row) => ['month', row.month, null, ...distributionCells(row)]),
          ...byWard.map((row) => ['ward', null, row.ward, ...distributionCells(row)]),
          ...byMonthAndWard.map((row) => ['month_and_ward', row.month, row.ward, ...distributionCells(row)]),
        ],
      }
    }
    case 'runs':
      return {
        columns: ['month', 'ward', 'finished', 'proven', 'incomplete', 'aborted', 'without_verdict'],
        rows: view.runs.map((row) => [
          row.month,
          row.ward,
          row.finished,
          row.proven,
          row.incomplete,
          row.aborted,
          row.withoutVerdict,
        ]),
      }
    case 'causes':
      return {
        columns: ['month', 'ward', 'cause', 'aborted', 'incomplete', 'without_verdict'],
        rows: view.causes.map((row) => [
          row.month,
          row.ward,
          row.cause,
          row.aborted,
          row.incomplete,
          row.withoutVerdict,
        ]),
      }
    case 'missed':
      return {
        columns: [
          'ward',
          'room_id',
          'room',
          'surface',
          'is_high_touch',
          'missed_runs',
          'runs',
          'reason',
          'reason_runs',
          'explanation',
          'remedy',
          'last_missed_at',
        ],
        rows: view.missed.map((row) => [
          row.ward,
          row.roomId,
          row.roomName,
          row.surface,
          row.isHighTouch,
          row.missed,
          row.runs,
          row.reason,
          row.reasonRuns,
          row.explanation,
          row.remedy,
          row.lastMissedAt,
        ]),
      }
    case 'lamps':
      return {
        columns: [
          'robot_id',
          'tube_id',
          'burned_h',
          'rated_life_h',
          'burned_told_at',
          'output_share',
          'output_measured_at',
          'is_planned_with_measured_output',
          'lit_in_period_h',
          'runs_without_report',
        ],
        rows: view.lamps.map((row) => [
          row.robotId,
          row.tubeId,
          row.hours,
          row.ratedLifeHours,
          row.hoursAt,
          row.output,
          row.outputAt,
          row.isOutputMeasured,
          rounded(row.litHours, 3),
          row.untoldRuns,
        ]),
      }
  }
}

export function outbreakTable({ organismId, touches }: OutbreakView): CsvTable {
  return {
    columns: ['organism_id', 'at', 'what', 'room_id', 'room', 'robot_id', 'mission_id', 'verdict', 'by'],
    rows: touches.map((touch) => [
      organismId,
      touch.at,
      touch.kind,
      touch.roomId,
      touch.roomName,
      touch.robotId,
      touch.missionId,
      touch.verdict,
      touch.by,
    ]),
  }
}

function distributionCells({ count, medianS, p90S, longestS, buckets }: Distribution): Cell[] {
  const minutes = (seconds: number | null) => (seconds === null ? null : rounded(seconds / 60, 1))
  return [count, minutes(medianS), minutes(p90S), minutes(longestS), ...buckets]
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}
