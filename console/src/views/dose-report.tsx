import type { UvMissionReport } from '@wardlight/core/fleet'
import { useText } from '../i18n/use-text.ts'
import { formatDateTime } from '../store/hospital-time.ts'
import { Disclosure } from '../ui/disclosure.tsx'
import { useConsole } from './console-context.ts'
import { DoseLegend } from './dose-legend.tsx'
import { DoseView } from './dose-view.tsx'
import { logSpreadWords, logWords } from './dose-words.ts'
import { formatDose, formatLog } from './figures.ts'
import { InstrumentsCard } from './instruments-card.tsx'
import { Interlocks } from './interlocks.tsx'
import { highTouchReached } from './missed-groups.ts'
import { MissedList } from './missed-list.tsx'
import { ProofCard } from './proof-card.tsx'
import { ReleaseCard } from './release-card.tsx'
import {
  ClaimCard,
  FaceTable,
  PeopleFacts,
  ProtocolFact,
  ReportHeader,
  StepLinks,
  RunRecord,
  SurfaceTable,
  VerdictBanner,
} from './report-sections.tsx'
import { useFleet } from './use-fleet.ts'
import { useHighTouchIds, useSurfaces } from './use-surfaces.ts'

/** The proof of a dose. */
export function DoseReportView({
  report,
  onReleased,
  version,
}: {
  readonly report: UvMissionReport
  readonly onReleased: () => void
  /** Of the mission: it grows when more is proven of it. */
  readonly version: string
}) {
  const text = useText()
  const { serverInfo, organisms } = useConsole()
  const { dose } = report
  const surfaces = useSurfaces(dose.room, dose.surfaceSizeM)
  const organism = organisms.find((item) => item.id === dose.organismId) ?? null
  const highTouchIds = useHighTouchIds(surfaces)
  const touched = highTouchReached(highTouchIds, dose.missed)
  const spread = logSpreadWords(text, report.logReduction)
  const when = (iso: string): string => formatDateTime(iso, serverInfo.timeZone, text.locale)
  const robot = useFleet((state) => state.live?.robots[dose.robotId])
  return (
    <main id="content" className="report">
      <ReportHeader report={report}>
        {report.organismName}, {text.dose.log(formatLog(dose.targetLog, text.locale))} ·{' '}
        {when(dose.finishedAt)}
      </ReportHeader>

      <VerdictBanner report={report} words={text.report.verdictText[report.verdict]} />

      <StepLinks report={report} />
      <div className="report-grid">
        <div className="report-main">
          <section className="card">
            <h2>{text.report.doseMap}</h2>
            <DoseView
              label={text.report.doseMapLabel(report.roomName)}
              room={dose.room}
              surfaces={surfaces}
              dosesMjPerCm2={dose.deliveredMjPerCm2}
              targetMjPerCm2={dose.targetMjPerCm2}
              stops={dose.stops}
            />
            <DoseLegend title={text.dose.legend} targetMjPerCm2={dose.targetMjPerCm2} organism={organism} />
          </section>

          <section className="card">
            <h2>{text.report.missed}</h2>
            {dose.missed.length === 0 ? (
              <p>{text.report.nothingMissed}</p>
            ) : (
              <MissedList missed={dose.missed} highTouchIds={highTouchIds} />
            )}
          </section>
          <section className="card">
            <h2>{text.report.bySurface}</h2>
            <FaceTable surfaces={surfaces} dose={dose} />
            <Disclosure title={text.report.everySurface} summary={text.report.everySurfaceHint}>
              <SurfaceTable report={report} />
            </Disclosure>
          </section>
        </div>

        <div className="report-side">
          <section className="card">
            <h2>{text.report.statistics}</h2>
            <dl className="figures">
              {(['min', 'p5', 'p50'] as const).map((key) => (
                <div key={key}>
                  <dt>{text.report[key]}</dt>
                  <dd>
                    <strong>{formatDose(report.doseMjPerCm2[key], text.locale)}</strong>{' '}
                    <span>{text.dose.unit}</span>
                  </dd>
                </div>
              ))}
              <div>
                <dt>{text.report.target}</dt>
                <dd>
                  <strong>{formatDose(dose.targetMjPerCm2, text.locale)}</strong>{' '}
                  <span>{text.dose.unit}</span>
                </dd>
              </div>
            </dl>
            <div className="field">
              <p className="split">
                <span>{text.report.reached}</span>
                <strong>{text.request.share(report.surfaces.reached, report.surfaces.total)}</strong>
              </p>
              <div className="bar" aria-hidden="true">
                <span
                  style={{
                    width: `${(100 * report.surfaces.reached) / Math.max(1, report.surfaces.total)}%`,
                  }}
                />
              </div>
              <p className="field-hint">{text.report.promised(report.surfaces.promised)}</p>
            </div>
            {touched.total > 0 && (
              <p className="split">
                <span>{text.report.highTouchReached}</span>
                <strong>{text.request.share(touched.reached, touched.total)}</strong>
              </p>
            )}
          </section>

          <ClaimCard report={report}>
            <p className="field-hint">
              {text.report.lowestLog(logWords(text, report.logReduction.cautious))}
              {spread === null ? '.' : `; ${spread}.`}
            </p>
          </ClaimCard>

          <ReleaseCard report={report} missed={dose.missed.length} onReleased={onReleased} />

          <ProofCard missionId={report.missionId} version={version} />

          <section className="card">
            <h2>{text.report.facts}</h2>
            <dl className="facts">
              <dt>{text.report.room}</dt>
              <dd>{report.roomName}</dd>
              <ProtocolFact report={report} />
              <dt>{text.report.organism}</dt>
              <dd>{report.organismName}</dd>
              <dt>{text.report.logReduction}</dt>
              <dd>{formatLog(dose.targetLog, text.locale)}</dd>
              <dt>{text.report.robot}</dt>
              <dd>{robot?.serialNumber ?? dose.robotId}</dd>
              <PeopleFacts report={report} />
              <dt>{text.report.started}</dt>
              <dd>{when(dose.startedAt)}</dd>
              <dt>{text.report.finished}</dt>
              <dd>{when(dose.finishedAt)}</dd>
              <dt>{text.report.time}</dt>
              <dd>
                {text.report.timeOf(text.time.duration(dose.elapsedS), text.time.duration(dose.plannedS))}
              </dd>
              <dt>{text.report.lampOn}</dt>
              <dd>{text.time.duration(dose.lampOnS)}</dd>
              {report.outcome !== null && (
                <>
                  <dt>{text.report.outcome}</dt>
                  <dd>{report.outcome}</dd>
                </>
              )}
              <dt>{text.report.serverSoftware}</dt>
              <dd>{report.softwareVersion}</dd>
            </dl>
          </section>
          <InstrumentsCard instruments={dose.instruments} />
          <RunRecord
            confirmations={report.confirmations}
            interlocks={<Interlocks events={dose.interlocks} />}
            entries={dose.timeline.map(({ at, phase }) => ({ at, words: text.mission.phases[phase] }))}
            arming={dose.arming}
          />
        </div>
      </div>
    </main>
  )
}
