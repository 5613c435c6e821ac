import type { MissionReport, MissionView } from '@wardlight/core/fleet'
import { useText } from '../i18n/use-text.ts'
import { formatDateTime } from '../store/hospital-time.ts'
import type { IconName } from '../look/icon-paths.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { ConfirmationRecord, SignatureList } from './confirmations.tsx'
import { useConsole } from './console-context.ts'
import { DoseLegend } from './dose-legend.tsx'
import { DoseView } from './dose-view.tsx'
import { logSpreadWords, logWords } from './dose-words.ts'
import { FailureNotice } from './failure-notice.tsx'
import { formatDose, formatLog } from './figures.ts'
import { highTouchReached } from './missed-groups.ts'
import { MissedList } from './missed-list.tsx'
import { ReleaseForm } from './release-form.tsx'
import { Interlocks } from './interlocks.tsx'
import { ArmingRecord, FaceTable, Timeline } from './report-sections.tsx'
import { hrefOf } from './route.ts'
import { signingOf } from './signing.ts'
import { useFleet } from './use-fleet.ts'
import { useResource } from './use-resource.ts'
import { useHighTouchIds, useSurfaces } from './use-surfaces.ts'

const VERDICT_LOOKS: Readonly<Record<MissionReport['dose']['verdict'], { icon: IconName; tone: string }>> = {
  proven: { icon: 'check', tone: 'good' },
  incomplete: { icon: 'warning', tone: 'attention' },
  aborted: { icon: 'blocked', tone: 'danger' },
}

/** The proof of one treatment, to read, to sign and to print. */
export function ReportPage({ missionId }: { readonly missionId: string }) {
  const text = useText()
  const { api } = useConsole()
  const mission = useFleet((state) => state.live?.missions[missionId])
  // It grows when the mission ends and when someone signs: then it is loaded again.
  const version = `${mission?.phase === 'finished'} ${mission?.signatures.length ?? 0} ${mission?.releasedAt ?? ''}`
  const { value, failure, reload } = useResource(`${missionId} ${version}`, () => api.report(missionId))
  if (failure !== null) {
    return (
      <main id="content" className="report stack">
        <h1>{text.report.title}</h1>
        <p>{text.report.notYet}</p>
        <FailureNotice failure={failure} />
        <div className="actions">
          <Button onPress={reload}>{text.retry}</Button>
          <a className="button" href={hrefOf({ page: 'mission', missionId })}>
            {text.rooms.openMission}
          </a>
        </div>
      </main>
    )
  }
  if (value === null) {
    return (
      <main id="content" className="report">
        <p>{text.report.loading}</p>
      </main>
    )
  }
  return <Report report={value} onReleased={reload} />
}

function Report({ report, onReleased }: { readonly report: MissionReport; readonly onReleased: () => void }) {
  const text = useText()
  const { serverInfo, organisms } = useConsole()
  const { dose } = report
  const surfaces = useSurfaces(dose.room, dose.surfaceSizeM)
  const look = VERDICT_LOOKS[dose.verdict]
  const organism = organisms.find((item) => item.id === dose.organismId) ?? null
  const highTouchIds = useHighTouchIds(surfaces)
  const touched = highTouchReached(highTouchIds, dose.missed)
  const spread = logSpreadWords(text, report.logReduction)
  const when = (iso: string): string => formatDateTime(iso, serverInfo.timeZone, text.locale)
  const mission = useFleet((state) => state.live?.missions[dose.missionId])
  const robot = useFleet((state) => state.live?.robots[dose.robotId])
  return (
    <main id="content" className="report">
      <header className="report-header">
        <a className="back-link" href={hrefOf({ page: 'room', roomId: dose.roomId })}>
          <Icon name="back" />
          {text.report.back}
        </a>
        <h1>{text.report.title}</h1>
        <p className="report-subject">
          {report.roomName} · {report.organismName}, {text.dose.log(formatLog(dose.targetLog))} ·{' '}
          {when(dose.finishedAt)}
        </p>
        <Button className="print-button" onPress={() => window.print()}>
          <Icon name="printer" />
          {text.report.print}
        </Button>
      </header>

      <output className={`verdict verdict-${look.tone}`}>
        <Icon name={look.icon} />
        <p>
          <strong>{text.report.verdicts[dose.verdict]}</strong>
          <span>{text.report.verdictText[dose.verdict]}</span>
        </p>
      </output>

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
                    <strong>{formatDose(report.doseMjPerCm2[key])}</strong> <span>{text.dose.unit}</span>
                  </dd>
                </div>
              ))}
              <div>
                <dt>{text.report.target}</dt>
                <dd>
                  <strong>{formatDose(dose.targetMjPerCm2)}</strong> <span>{text.dose.unit}</span>
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
            <p className="field-hint">
              {text.report.lowestLog(logWords(text, report.logReduction.cautious))}
              {spread === null ? '.' : `; ${spread}.`}
            </p>
          </section>

          <section className="card">
            <h2>{text.report.release}</h2>
            {report.signaturesNeeded > 1 && (
              <>
                <p>{text.report.signatures(report.signatures.length, report.signaturesNeeded)}</p>
                <SignatureList signatures={report.signatures} />
              </>
            )}
            {report.releasedBy !== null && report.releasedAt !== null ? (
              <p className="arming-done">
                <Icon name="check" />
                <span>
                  {text.report.released(report.releasedBy, when(report.releasedAt))}
                  {report.releaseNote !== null && <span className="field-hint"> {report.releaseNote}</span>}
                </span>
              </p>
            ) : dose.verdict !== 'proven' ? (
              <>
                <p>{text.report.notProvenWarning}</p>
                <a className="button" href={hrefOf({ page: 'room', roomId: dose.roomId })}>
                  {text.report.disinfectAgain}
                </a>
              </>
            ) : mission === undefined ? null : (
              <Signing report={report} mission={mission} onReleased={onReleased} />
            )}
          </section>

          <section className="card">
            <h2>{text.report.facts}</h2>
            <dl className="facts">
              <dt>{text.report.room}</dt>
              <dd>{report.roomName}</dd>
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
              <dt>{text.report.organism}</dt>
              <dd>{report.organismName}</dd>
              <dt>{text.report.logReduction}</dt>
              <dd>{formatLog(dose.targetLog)}</dd>
              <dt>{text.report.robot}</dt>
              <dd>{robot?.serialNumber ?? dose.robotId}</dd>
              <dt>{text.report.requested}</dt>
              <dd>{text.report.by(report.requestedBy, when(report.requestedAt))}</dd>
              <dt>{text.report.approved}</dt>
              <dd>
                {report.approvals.length === 0
                  ? report.approvedBy
                  : report.approvals.map(({ by, at }) => text.report.by(by, when(at))).join('; ')}
              </dd>
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
              <dt>{text.report.software}</dt>
              <dd>{report.softwareVersion}</dd>
            </dl>
          </section>
          {report.confirmations.length > 0 && (
            <section className="card">
              <h2>{text.confirm.record}</h2>
              <ConfirmationRecord confirmations={report.confirmations} />
            </section>
          )}
          <section className="card">
            <h2>{text.report.interlocks}</h2>
            <Interlocks events={dose.interlocks} />
          </section>
          <section className="card">
            <h2>{text.report.timeline}</h2>
            <Timeline dose={dose} />
          </section>
          <section className="card">
            <h2>{text.report.arming}</h2>
            <ArmingRecord dose={dose} />
          </section>
        </div>
      </div>
    </main>
  )
}

interface SigningProps {
  readonly report: MissionReport
  readonly mission: MissionView
  readonly onReleased: () => void
}

/** The form for who may sign now; for everybody else, whom it waits for. */
function Signing({ report, mission, onReleased }: SigningProps) {
  const text = useText()
  const { user, serverInfo } = useConsole()
  const roles = mission.signatureRoles.map((role) => text.roles[role] ?? role).join(', ')
  const signing = signingOf(user, mission.signatureRoles, mission.signatures)
  if (signing === 'signed') return <p>{text.report.youSigned(roles)}</p>
  if (signing === 'mayNot') return <p>{text.report.notReleased(roles)}</p>
  return (
    <>
      {mission.signableFrom !== null && (
        <p className="field-hint">
          {text.report.waitsUntil(formatDateTime(mission.signableFrom, serverInfo.timeZone, text.locale))}
        </p>
      )}
      {mission.signaturesNeeded > 1 && <p className="field-hint">{text.report.lastSigns}</p>}
      <ReleaseForm report={report} mission={mission} onReleased={onReleased} />
    </>
  )
}
