import type { LampRow } from '@wardlight/core/fleet'
import { useText } from '../i18n/use-text.ts'
import { formatDate } from '../store/hospital-time.ts'
import { ComplianceSection, exportHref } from './compliance-section.tsx'
import type { OfView } from './compliance-sections.tsx'
import { useConsole } from './console-context.ts'
import { hrefOf } from './route.ts'
import { RowChart } from './row-chart.tsx'
import { useFleet } from './use-fleet.ts'

/** As many as fit beside a table that names all of them. */
const MISSES_DRAWN = 10

export function MissedSection({ view }: OfView) {
  const text = useText()
  const { serverInfo } = useConsole()
  const words = text.compliance.missed
  return (
    <ComplianceSection
      title={words.title}
      hint={words.hint}
      exports={[{ href: exportHref('missed', view), label: words.title }]}
    >
      {view.unreadRuns > 0 && <p>{words.unread(view.unreadRuns)}</p>}
      {view.missed.length === 0 ? (
        <p>{words.none}</p>
      ) : (
        <>
          <RowChart
            title={words.title}
            parts={[
              { label: words.times, look: 'crossed' },
              { label: words.reached, look: 'empty' },
            ]}
            rows={view.missed.slice(0, MISSES_DRAWN).map(({ roomName, surface, missed, runs }) => ({
              label: `${roomName}, ${surface}`,
              words: text.compliance.valueOf(missed, runs),
              values: [missed, runs - missed],
            }))}
          />
          <table className="compliance-table compliance-words" aria-label={words.title}>
            <thead>
              <tr>
                <th scope="col">{`${words.room}, ${text.missed.surface}`}</th>
                <th scope="col">{words.times}</th>
                <th scope="col">{text.missed.reason}</th>
              </tr>
            </thead>
            <tbody>
              {view.missed.map((row) => (
                <tr key={JSON.stringify([row.roomId, row.surface])}>
                  <th scope="row">
                    <a href={hrefOf({ page: 'room', roomId: row.roomId })}>{row.roomName}</a>, {row.surface}
                    {row.isHighTouch && <span className="chip">{text.missed.highTouch}</span>}
                  </th>
                  <td>
                    {words.timesOf(row.missed, row.runs)}
                    <span className="field-hint">
                      {words.last(formatDate(row.lastMissedAt, serverInfo.timeZone, text.locale))}
                    </span>
                  </td>
                  <td>
                    {words.reasonIn(
                      text.missed.reasons[row.reason] ?? row.reason,
                      row.reasonRuns,
                      row.missed,
                    )}
                    <span className="field-hint">{row.explanation}</span>
                    {row.remedy !== null && <span className="field-hint">{row.remedy}</span>}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </ComplianceSection>
  )
}

export function LampSection({ view }: OfView) {
  const text = useText()
  const words = text.compliance.lamps
  return (
    <ComplianceSection
      title={words.title}
      hint={words.hint}
      exports={[{ href: exportHref('lamps', view), label: words.title }]}
    >
      {view.lamps.length === 0 ? (
        <p>{words.none}</p>
      ) : (
        <table className="compliance-table compliance-words" aria-label={words.title}>
          <thead>
            <tr>
              <th scope="col">{words.tube}</th>
              <th scope="col">{words.burned}</th>
              <th scope="col">{words.output}</th>
              <th scope="col">{words.lit}</th>
            </tr>
          </thead>
          <tbody>
            {view.lamps.map((lamp) => (
              <Lamp key={JSON.stringify([lamp.robotId, lamp.tubeId])} lamp={lamp} />
            ))}
          </tbody>
        </table>
      )}
    </ComplianceSection>
  )
}

function Lamp({ lamp }: { readonly lamp: LampRow }) {
  const text = useText()
  const { serverInfo } = useConsole()
  const words = text.compliance.lamps
  const { robotId, tubeId, hours, ratedLifeHours, hoursAt, output, outputAt, litHours, untoldRuns } = lamp
  const serialNumber = useFleet((state) => state.live?.robots[robotId]?.serialNumber)
  const at = (iso: string) => formatDate(iso, serverInfo.timeZone, text.locale)
  return (
    <tr>
      <th scope="row">
        <a href={hrefOf({ page: 'robot', robotId })}>{serialNumber ?? robotId}</a>
        {tubeId !== null && `, ${tubeId}`}
      </th>
      <td>
        {hours === null || ratedLifeHours === null ? words.notTold : words.hoursOf(hours, ratedLifeHours)}
        {hoursAt !== null && <span className="field-hint">{words.at(at(hoursAt))}</span>}
      </td>
      <td>
        {output === null ? words.notMeasured : words.outputOf(output)}
        {outputAt !== null && <span className="field-hint">{words.measuredAt(at(outputAt))}</span>}
      </td>
      <td>
        {words.litHours(litHours)}
        {untoldRuns > 0 && <span className="field-hint">{words.untold(untoldRuns)}</span>}
      </td>
    </tr>
  )
}
