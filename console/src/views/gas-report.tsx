import type { GasMissionReport, GasSample } from '@wardlight/core/fleet'
import { useText } from '../i18n/use-text.ts'
import { formatDateTime } from '../store/hospital-time.ts'
import { useConsole } from './console-context.ts'
import { InstrumentsCard } from './instruments-card.tsx'
import { Interlocks } from './interlocks.tsx'
import { PpmChart } from './ppm-chart.tsx'
import { ProofCard } from './proof-card.tsx'
import { ReleaseCard } from './release-card.tsx'
import {
  ClaimCard,
  PeopleFacts,
  ProtocolFact,
  ReportHeader,
  StepLinks,
  RunRecord,
  VerdictBanner,
} from './report-sections.tsx'
import { useFleet } from './use-fleet.ts'

/** Rows of the table of readings at most: a page to print, not a file of data. */
const MOST_ROWS = 24

/** The proof of one cycle, to read, to sign and to print. */
export function GasReportView({
  report,
  onReleased,
  version,
}: {
  readonly report: GasMissionReport
  readonly onReleased: () => void
  /** Of the mission: it grows when more is proven of it. */
  readonly version: string
}) {
  const text = useText()
  const { serverInfo } = useConsole()
  const { cycle } = report
  const when = (iso: string): string => formatDateTime(iso, serverInfo.timeZone, text.locale)
  const robot = useFleet((state) => state.live?.robots[cycle.robotId])
  const measurement = useFleet((state) => state.live?.missions[report.missionId])?.handMeasurement ?? null
  const places = new Map(report.neighbours.map(({ roomId, name }) => [roomId, name]))
  return (
    <main id="content" className="report">
      <ReportHeader report={report}>
        {text.methods[report.method]} · {when(cycle.finishedAt)}
      </ReportHeader>

      <VerdictBanner report={report} words={text.gas.verdictText[report.verdict]} />
      <StepLinks report={report} />

      <div className="report-grid">
        <div className="report-main">
          <section className="card">
            <h2>{text.gas.course}</h2>
            <Course report={report} />
          </section>
          <section className="card">
            <h2>{text.gas.evidenceInside}</h2>
            <InsideTable cycle={cycle} />
          </section>
          <section className="card">
            <h2>{text.gas.evidenceOutside}</h2>
            <table className="face-table">
              <thead>
                <tr>
                  <th scope="col">{text.gas.sensor}</th>
                  <th scope="col">{text.gas.where}</th>
                  <th scope="col" className="number">
                    {text.gas.sensorPeak}
                  </th>
                </tr>
              </thead>
              <tbody>
                {cycle.outside.map(({ sensorId, roomId, peakPpm }) => (
                  <tr key={sensorId}>
                    <td>{sensorId}</td>
                    <td>{places.get(roomId) ?? roomId}</td>
                    <td className="number">{text.gas.ppm(peakPpm)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
            {cycle.wasEvacuated && <p className="field-hint-attention">{text.gas.wasEvacuated}</p>}
          </section>
        </div>

        <div className="report-side">
          <section className="card">
            <h2>{text.gas.exposure}</h2>
            <dl className="figures">
              <div>
                <dt>{text.gas.exposure}</dt>
                <dd>
                  <strong>{text.gas.ppmHours(cycle.ppmHours)}</strong>
                  <span className="field-hint">{text.gas.exposureHint}</span>
                  <span className="field-hint">
                    {text.gas.exposurePredicted(
                      text.gas.ppmHours(report.prediction.ppmHours.likely),
                      text.gas.ppmHours(report.prediction.ppmHours.least),
                    )}
                  </span>
                </dd>
              </div>
              <div>
                <dt>{text.gas.held}</dt>
                <dd>
                  <strong>{text.time.duration(cycle.dwellS)}</strong>
                  <span className="field-hint">
                    {text.gas.ppm(cycle.targetPpm)},{' '}
                    {text.gas.heldFor(text.time.duration(cycle.plannedDwellS))}
                  </span>
                </dd>
              </div>
              <div>
                <dt>{text.gas.peak}</dt>
                <dd>
                  <strong>{text.gas.ppm(cycle.peakPpm)}</strong>
                </dd>
              </div>
              <div>
                <dt>{text.gas.broughtIn}</dt>
                <dd>
                  <strong>{text.gas.gramsOf(cycle.injectedG, cycle.plannedH2o2G)}</strong>
                </dd>
              </div>
            </dl>
          </section>

          <ClaimCard report={report} />

          <ReleaseCard report={report} missed={0} onReleased={onReleased} />

          <ProofCard missionId={report.missionId} version={version} />

          <section className="card">
            <h2>{text.report.facts}</h2>
            <dl className="facts">
              <dt>{text.report.room}</dt>
              <dd>{report.roomName}</dd>
              <ProtocolFact report={report} />
              <dt>{text.report.robot}</dt>
              <dd>{robot?.serialNumber ?? cycle.robotId}</dd>
              <dt>{text.gas.end}</dt>
              <dd>{text.gas.ends[cycle.end]}</dd>
              <dt>{text.gas.cleared}</dt>
              <dd>{cycle.clearedAt === null ? text.gas.notCleared : when(cycle.clearedAt)}</dd>
              {measurement !== null && (
                <>
                  <dt>{text.gas.byHand}</dt>
                  <dd>
                    {text.gas.clearedByHand(measurement.by, when(measurement.at), measurement.instrument)}
                  </dd>
                </>
              )}
              {cycle.conditions !== null && (
                <>
                  <dt>{text.gas.conditions}</dt>
                  <dd>
                    {text.gas.conditionsOf(
                      cycle.conditions.temperatureC,
                      cycle.conditions.relativeHumidityPercent,
                    )}
                  </dd>
                </>
              )}
              <dt>{text.gas.solution}</dt>
              <dd>{text.gas.ml(Math.ceil(report.solutionMl))}</dd>
              <PeopleFacts report={report} />
              <dt>{text.report.started}</dt>
              <dd>{when(cycle.startedAt)}</dd>
              <dt>{text.report.finished}</dt>
              <dd>{when(cycle.finishedAt)}</dd>
              <dt>{text.report.time}</dt>
              <dd>
                {text.report.timeOf(
                  text.time.duration(cycle.elapsedS),
                  text.time.duration(report.prediction.totalS.likely),
                )}
              </dd>
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
          <InstrumentsCard instruments={cycle.instruments} />
          <RunRecord
            confirmations={report.confirmations}
            interlocks={
              cycle.interlocks.length === 0 ? (
                <p>{text.gas.noInterlocks}</p>
              ) : (
                <Interlocks events={cycle.interlocks} />
              )
            }
            entries={cycle.timeline.map(({ at, phase }) => ({ at, words: text.gas.phases[phase] }))}
            arming={cycle.arming}
          />
        </div>
      </div>
    </main>
  )
}

function InsideTable({ cycle }: { readonly cycle: GasMissionReport['cycle'] }) {
  const text = useText()
  return (
    <table className="face-table">
      <thead>
        <tr>
          <th scope="col">{text.gas.sensor}</th>
          <th scope="col" className="number">
            {text.gas.sensorPeak}
          </th>
          <th scope="col" className="number">
            {text.gas.sensorDwell}
          </th>
          <th scope="col" className="number">
            {text.gas.sensorExposure}
          </th>
          <th scope="col">{text.gas.sensorProven}</th>
          <th scope="col" className="number">
            {text.gas.sensorAtClearance}
          </th>
        </tr>
      </thead>
      <tbody>
        {cycle.sensors.map((sensor) => (
          <tr key={sensor.sensorId}>
            <td>{sensor.sensorId}</td>
            <td className="number">{text.gas.ppm(sensor.peakPpm)}</td>
            <td className="number">{text.time.duration(sensor.dwellS)}</td>
            <td className="number">{Math.round(sensor.ppmHours)}</td>
            <td>{sensor.isProven ? text.gas.yes : text.gas.no}</td>
            <td className="number">
              {sensor.atClearancePpm === null ? text.gas.noReading : text.gas.ppm(sensor.atClearancePpm)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** The picture, and the same in figures. */
function Course({ report }: { readonly report: GasMissionReport }) {
  const text = useText()
  const { samples, cycle, prediction } = report
  const startedMs = Date.parse(cycle.startedAt)
  const gassingAt = cycle.timeline.find(({ phase }) => phase === 'gassing')?.at ?? 0
  const sinceGasS = ({ at }: GasSample): number =>
    Math.max(0, (Date.parse(at) - startedMs) / 1000 - gassingAt)
  const points = samples.map((sample) => ({ ...sample, atS: sinceGasS(sample) }))
  const every = Math.max(1, Math.ceil(points.length / MOST_ROWS))
  const rows = points.filter((_, index) => index % every === 0 || index === points.length - 1)
  const ppm = (value: number | null): string => (value === null ? text.gas.noReading : text.gas.ppm(value))
  if (points.length === 0) return <p>{text.gas.noSamples}</p>
  return (
    <>
      <PpmChart
        title={text.gas.chartTitle}
        targetPpm={cycle.targetPpm}
        lines={[
          { label: text.gas.predicted, look: 'predicted', points: prediction.course },
          {
            label: text.gas.measuredInside,
            look: 'inside',
            points: points.map(({ atS, insidePpm }) => ({ atS, ppm: insidePpm })),
          },
          {
            label: text.gas.measuredOutside,
            look: 'outside',
            points: points.map(({ atS, outsidePpm }) => ({ atS, ppm: outsidePpm })),
          },
        ]}
      />
      <p className="field-hint">{text.gas.samplesNote}</p>
      <table className="face-table">
        <caption className="visually-hidden">{text.gas.samples}</caption>
        <thead>
          <tr>
            <th scope="col">{text.gas.since}</th>
            <th scope="col" className="number">
              {text.gas.highest}
            </th>
            <th scope="col" className="number">
              {text.gas.lowest}
            </th>
            <th scope="col" className="number">
              {text.gas.outside}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ at, atS, insidePpm, lowestPpm, outsidePpm }) => (
            <tr key={at}>
              <td>{text.gas.clock(atS)}</td>
              <td className="number">{ppm(insidePpm)}</td>
              <td className="number">{ppm(lowestPpm)}</td>
              <td className="number">{ppm(outsidePpm)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}
