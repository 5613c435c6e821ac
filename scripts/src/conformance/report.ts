import type { RobotAddress } from '@wardlight/core/vda5050'
import { checksFor, type CheckId, type Side, type TestedVersion } from './catalogue.ts'

export type Outcome =
  | { readonly status: 'passed'; readonly remark?: string }
  | { readonly status: 'failed'; readonly reason: string }
  /** It could not be exercised; that is no pass. */
  | { readonly status: 'notRun'; readonly reason: string }

export interface ConformanceReport {
  readonly side: Side
  readonly version: TestedVersion
  /** `manufacturer/serialNumber`. */
  readonly robot: string
  readonly startedAt: string
  readonly durationS: number
  readonly counts: { readonly passed: number; readonly failed: number; readonly notRun: number }
  readonly checks: readonly (Outcome & {
    readonly id: CheckId
    readonly title: string
    /** Of the specification of that version. */
    readonly clause: string
  })[]
}

type ReportHead = Pick<ConformanceReport, 'side' | 'version' | 'robot' | 'startedAt' | 'durationS'>

/** Of a run that began at `startMs`, by the machine's clock, and ends now. */
export function headOf(
  side: Side,
  { version, address }: { readonly version: TestedVersion; readonly address: RobotAddress },
  startMs: number,
): ReportHead {
  return {
    side,
    version,
    robot: `${address.manufacturer}/${address.serialNumber}`,
    startedAt: new Date(startMs).toISOString(),
    durationS: (Date.now() - startMs) / 1000,
  }
}

/** Puts outcomes into the order of the catalogue; a check without one is not run. */
export function reportOf(head: ReportHead, outcomes: ReadonlyMap<CheckId, Outcome>): ConformanceReport {
  const checks = checksFor(head.side, head.version).map(({ id, title, clauses }) => ({
    id,
    title,
    clause: clauses[head.version]!,
    ...(outcomes.get(id) ?? { status: 'notRun' as const, reason: 'the run ended before it' }),
  }))
  const count = (wanted: Outcome['status']) => checks.filter(({ status }) => status === wanted).length
  const counts = { passed: count('passed'), failed: count('failed'), notRun: count('notRun') }
  return { ...head, counts, checks }
}

const SIGNS = { passed: 'ok  ', failed: 'FAIL', notRun: '-   ' } as const

export function textReport(report: ConformanceReport): string {
  const { side, version, robot, durationS, counts, checks } = report
  const lines = checks.flatMap((check) => {
    const note = noteOf(check)
    return [
      `${SIGNS[check.status]} ${check.id}  ${check.title}  [${version}, ${check.clause}]`,
      ...(note === '' ? [] : [`          ${check.status === 'notRun' ? 'not run: ' : ''}${note}`]),
    ]
  })
  return [
    `VDA 5050 ${version}, ${side} side, ${robot}`,
    '',
    ...lines,
    '',
    `${counts.passed} passed, ${counts.failed} failed, ${counts.notRun} not run, in ${durationS.toFixed(0)} s`,
    '',
  ].join('\n')
}

/** One suite; what CI servers read. */
export function junitReport(report: ConformanceReport): string {
  const { side, version, robot, startedAt, durationS, counts, checks } = report
  const cases = checks.map((check) => {
    const head = `    <testcase classname="vda5050.${version}.${side}" name="${xml(`${check.id} ${check.title} (${check.clause})`)}"`
    const note = xml(noteOf(check))
    if (check.status === 'failed') return `${head}><failure message="${note}"/></testcase>`
    if (check.status === 'notRun') return `${head}><skipped message="${note}"/></testcase>`
    return note === '' ? `${head}/>` : `${head}><system-out>${note}</system-out></testcase>`
  })
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    `  <testsuite name="${xml(`VDA 5050 ${version} ${side} ${robot}`)}" timestamp="${startedAt}" time="${durationS.toFixed(3)}" tests="${checks.length}" failures="${counts.failed}" skipped="${counts.notRun}">`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function noteOf(outcome: Outcome): string {
  return outcome.status === 'passed' ? (outcome.remark ?? '') : outcome.reason
}

function xml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll(/[^\t\n\r\u{20}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '�')
}
