import type { Surface } from '@wardlight/core/disinfection'
import type { DoseReport, MissionReport, UvMissionReport } from '@wardlight/core/fleet'
import type { ReactNode } from 'react'
import { useText } from '../i18n/use-text.ts'
import type { IconName } from '../look/icon-paths.ts'
import { formatDateTime } from '../store/hospital-time.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { ConfirmationRecord } from './confirmations.tsx'
import { useConsole } from './console-context.ts'
import { formatDose } from './figures.ts'
import { doseByFace } from './missed-groups.ts'
import { hrefOf } from './route.ts'

const VERDICT_LOOKS: Readonly<Record<MissionReport['verdict'], { icon: IconName; tone: string }>> = {
  proven: { icon: 'check', tone: 'good' },
  incomplete: { icon: 'warning', tone: 'attention' },
  aborted: { icon: 'blocked', tone: 'danger' },
}

/** @param children what the report is about */
export function ReportHeader({
  report,
  children,
}: {
  readonly report: MissionReport
  readonly children: ReactNode
}) {
  const text = useText()
  return (
    <header className="report-header">
      <a className="back-link" href={hrefOf({ page: 'room', roomId: report.roomId })}>
        <Icon name="back" />
        {text.report.back}
      </a>
      <h1>{text.report.title}</h1>
      <p className="report-subject">
        {report.roomName} · {children}
      </p>
      <Button className="print-button" onPress={() => window.print()}>
        <Icon name="printer" />
        {text.report.print}
      </Button>
    </header>
  )
}

/** What may be said of the room, and on what that rests. @param children what else there is to it */
export function ClaimCard({
  report,
  children,
}: {
  readonly report: MissionReport
  readonly children?: ReactNode
}) {
  const text = useText()
  return (
    <section className="card">
      <h2>{text.report.claim}</h2>
      <p>{report.claim}</p>
      {report.validationId !== null && (
        <p>
          <a href={hrefOf({ page: 'evidence', section: 'validations', id: report.validationId })}>
            {text.report.claimEvidence}
          </a>
        </p>
      )}
      {children}
    </section>
  )
}

export interface RunRecordProps extends TimelineProps, Pick<DoseReport, 'arming'> {
  readonly confirmations: MissionReport['confirmations']
  readonly interlocks: ReactNode
}

/** How the run went: what was confirmed, what tripped, its phases, and who armed it. */
export function RunRecord({ confirmations, interlocks, entries, arming }: RunRecordProps) {
  const text = useText()
  return (
    <>
      {confirmations.length > 0 && (
        <section className="card">
          <h2>{text.confirm.record}</h2>
          <ConfirmationRecord confirmations={confirmations} />
        </section>
      )}
      <section className="card">
        <h2>{text.report.interlocks}</h2>
        {interlocks}
      </section>
      <section className="card">
        <h2>{text.report.timeline}</h2>
        <Timeline entries={entries} />
      </section>
      <section className="card">
        <h2>{text.report.arming}</h2>
        <ArmingRecord arming={arming} />
      </section>
    </>
  )
}

/** The server's judgement, with what is wrong with the evidence. */
export function VerdictBanner({ report, words }: { readonly report: MissionReport; readonly words: string }) {
  const text = useText()
  const look = VERDICT_LOOKS[report.verdict]
  return (
    <output className={`verdict verdict-${look.tone}`}>
      <Icon name={look.icon} />
      <p>
        <strong>{text.report.verdicts[report.verdict]}</strong>
        <span>{words}</span>
        {report.problem !== null && <span>{report.problem}.</span>}
      </p>
    </output>
  )
}

/** The other reports of a request with several steps. */
export function StepLinks({ report }: { readonly report: MissionReport }) {
  const text = useText()
  if (report.steps.length < 2) return null
  return (
    <nav className="card" aria-label={text.gas.steps}>
      <h2>{text.gas.steps}</h2>
      <ol className="plain-list">
        {report.steps.map(({ method, missionId, verdict }, index) => {
          const words = text.gas.stepReport(index + 1, text.methods[method])
          const state = verdict === null ? text.gas.notOrdered : text.report.verdicts[verdict]
          return (
            <li key={method} className="split">
              {missionId === null || index === report.stepNumber ? (
                <span>{words}</span>
              ) : (
                <a href={hrefOf({ page: 'report', missionId })}>{words}</a>
              )}
              <span>{index === report.stepNumber ? `${state}, ${text.gas.thisStep}` : state}</span>
            </li>
          )
        })}
      </ol>
    </nav>
  )
}

/** As rows of a list of facts. */
export function ProtocolFact({ report }: { readonly report: MissionReport }) {
  const text = useText()
  return (
    <>
      {report.protocol !== null && (
        <>
          <dt>{text.protocol.title}</dt>
          <dd>
            {text.protocol.named(report.protocol.name, report.protocol.version)}
            <br />
            <span className="field-hint">
              {text.request.certainty[report.protocol.certainty] ?? report.protocol.certainty}:{' '}
              {report.protocol.source}
            </span>
          </dd>
        </>
      )}
    </>
  )
}

/** As rows of a list of facts: who asked for it, and who approved. */
export function PeopleFacts({ report }: { readonly report: MissionReport }) {
  const text = useText()
  const { serverInfo } = useConsole()
  const when = (iso: string): string => formatDateTime(iso, serverInfo.timeZone, text.locale)
  return (
    <>
      <dt>{text.report.requested}</dt>
      <dd>{text.report.by(report.requestedBy, when(report.requestedAt))}</dd>
      <dt>{text.report.approved}</dt>
      <dd>
        {report.approvals.length === 0
          ? report.approvedBy
          : report.approvals.map(({ by, at }) => text.report.by(by, when(at))).join('; ')}
      </dd>
    </>
  )
}

interface TimelineProps {
  /** Seconds since the robot took the mission. */
  readonly entries: readonly { readonly at: number; readonly words: string }[]
}

function Timeline({ entries }: TimelineProps) {
  const text = useText()
  return (
    <ol className="events">
      {entries.map(({ at, words }) => (
        <li key={`${at} ${words}`}>
          <span className="events-at">{text.time.clock(at)}</span>
          <span>{words}</span>
        </li>
      ))}
    </ol>
  )
}

function ArmingRecord({ arming }: Pick<DoseReport, 'arming'>) {
  const text = useText()
  if (arming.length === 0) return <p>{text.report.noArming}</p>
  return (
    <ol className="events">
      {arming.map((entry) => (
        <li key={`${entry.at} ${entry.step}`}>
          <span className="events-at">{text.time.clock(entry.at)}</span>
          <span>
            {text.report.armingSteps[entry.step] ?? entry.step}
            {entry.by !== null && <span className="field-hint"> {entry.by}</span>}
          </span>
        </li>
      ))}
    </ol>
  )
}

export interface FaceTableProps {
  readonly surfaces: readonly Surface[]
  readonly dose: DoseReport
}

/** What was planned for every single surface, and what it got. */
export function SurfaceTable({ report }: { readonly report: UvMissionReport }) {
  const text = useText()
  return (
    <table className="face-table">
      <thead>
        <tr>
          <th scope="col">{text.missed.surface}</th>
          <th scope="col" className="number">
            {text.report.planned}, {text.dose.unit}
          </th>
          <th scope="col" className="number">
            {text.report.delivered}, {text.dose.unit}
          </th>
        </tr>
      </thead>
      <tbody>
        {report.surfaceDoses.map(({ id, label, plannedMjPerCm2, deliveredMjPerCm2 }) => (
          <tr key={id}>
            <td>
              {label} <span className="field-hint">{id}</span>
            </td>
            <td className="number">
              {plannedMjPerCm2 === null ? text.report.notPlanned : formatDose(plannedMjPerCm2, text.locale)}
            </td>
            <td className="number">{formatDose(deliveredMjPerCm2, text.locale)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** The dose map in words. */
export function FaceTable({ surfaces, dose }: FaceTableProps) {
  const text = useText()
  const faces = doseByFace(surfaces, dose.deliveredMjPerCm2, dose.targetMjPerCm2)
  return (
    <table className="face-table">
      <thead>
        <tr>
          <th scope="col">{text.missed.surface}</th>
          <th scope="col" className="number">
            {text.report.lowest}, {text.dose.unit}
          </th>
          <th scope="col" className="number">
            {text.report.share}
          </th>
        </tr>
      </thead>
      <tbody>
        {faces.map((face) => (
          <tr key={face.label}>
            <td>{face.label}</td>
            <td className="number">{formatDose(face.lowestMjPerCm2, text.locale)}</td>
            <td className="number">{text.request.share(face.reached, face.total)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
