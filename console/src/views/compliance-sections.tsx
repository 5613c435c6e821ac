import type { ComplianceView, Distribution } from '@wardlight/core/fleet'
import { useText } from '../i18n/use-text.ts'
import { bucketRanges, causesOfAll, dueByMonth, finishedRuns, totalOf } from './compliance-figures.ts'
import { ComplianceSection, exportHref } from './compliance-section.tsx'
import { monthName } from './month-names.ts'
import { RowChart } from './row-chart.tsx'

export interface OfView {
  readonly view: ComplianceView
}

export function DueSection({ view }: OfView) {
  const text = useText()
  const words = text.compliance.due
  const { dueWhole: whole } = view
  const { value, share } = text.compliance
  return (
    <ComplianceSection
      title={words.title}
      hint={words.hint}
      exports={[{ href: exportHref('due', view), label: words.title }]}
    >
      <p className="compliance-sum">
        <strong>{words.sum(whole.done, whole.due)}</strong> {share(whole.done, whole.due)}
        {whole.overdue > 0 && <span className="compliance-attention">{words.overdue(whole.overdue)}</span>}
      </p>
      {whole.missedDates > 0 && <p>{words.missedDates(whole.missedDates)}</p>}
      {whole.withdrawn > 0 && <p>{words.withdrawn(whole.withdrawn)}</p>}
      <div className="compliance-pair">
        <RowChart
          title={words.title}
          parts={[
            { label: words.parts.done, look: 'solid' },
            { label: words.parts.late, look: 'hatched' },
            { label: words.parts.open, look: 'empty' },
            { label: words.parts.failed, look: 'crossed' },
          ]}
          rows={dueByMonth(view.due).map(({ month, done, due, parts }) => ({
            label: monthName(month, text.locale),
            words: text.compliance.valueOf(done, due),
            values: parts,
          }))}
        />
        <table className="compliance-table" aria-label={words.title}>
          <thead>
            <tr>
              <th scope="col">{`${text.compliance.month}, ${text.compliance.ward}`}</th>
              <th scope="col">{words.columns.due}</th>
              <th scope="col">{words.columns.done}</th>
              <th scope="col">{words.columns.inTime}</th>
              <th scope="col">{words.columns.late}</th>
              <th scope="col">{words.columns.notDone}</th>
              <th scope="col">{words.columns.overdue}</th>
            </tr>
          </thead>
          <tbody>
            {view.due.map(({ month, ward, due, done, doneInTime, doneLate, overdue }) => (
              <tr key={`${month} ${ward}`}>
                <th scope="row">
                  {monthName(month, text.locale)}
                  <span className="field-hint">{ward ?? text.compliance.noWard}</span>
                </th>
                <td>{value(due)}</td>
                <td>{value(done)}</td>
                <td>{value(doneInTime)}</td>
                <td>{value(doneLate)}</td>
                <td>{value(due - done)}</td>
                <td>{value(overdue)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </ComplianceSection>
  )
}

export function TurnaroundSection({ view }: OfView) {
  const text = useText()
  const words = text.compliance.turnaround
  const { whole, byMonth, byWard } = view.turnaround
  const labels = bucketRanges().map(({ fromH, toH }) =>
    toH === null ? words.over(fromH) : words.upTo(fromH, toH),
  )
  const time = (seconds: number | null) => (seconds === null ? text.unknown : text.time.duration(seconds))
  return (
    <ComplianceSection
      title={words.title}
      hint={words.hint}
      exports={[{ href: exportHref('turnaround', view), label: words.title }]}
    >
      {whole.count === 0 ? (
        <p>{words.none}</p>
      ) : (
        <>
          <dl className="figures compliance-figures">
            {(
              [
                [words.median, whole.medianS],
                [words.p90, whole.p90S],
                [words.longest, whole.longestS],
              ] as const
            ).map(([label, seconds]) => (
              <div key={label}>
                <dt>{label}</dt>
                <dd>
                  <strong>{time(seconds)}</strong>
                </dd>
              </div>
            ))}
          </dl>
          <div className="compliance-pair">
            <RowChart
              title={words.title}
              parts={[{ label: words.requests, look: 'solid' }]}
              rows={whole.buckets.map((rooms, index) => ({
                label: labels[index]!,
                words: text.compliance.value(rooms),
                values: [rooms],
              }))}
            />
            <table className="compliance-table" aria-label={words.title}>
              <thead>
                <tr>
                  <th scope="col">{words.took}</th>
                  <th scope="col">{words.requests}</th>
                </tr>
              </thead>
              <tbody>
                {whole.buckets.map((rooms, index) => (
                  <tr key={labels[index]}>
                    <th scope="row">{labels[index]}</th>
                    <td>{text.compliance.value(rooms)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <table className="compliance-table" aria-label={words.ofAll}>
            <thead>
              <tr>
                <th scope="col">{words.of}</th>
                <th scope="col">{words.requests}</th>
                <th scope="col">{words.median}</th>
                <th scope="col">{words.p90}</th>
                <th scope="col">{words.longest}</th>
              </tr>
            </thead>
            <tbody>
              <TimesRow label={words.all} of={whole} time={time} />
              {byWard.map((row) => (
                <TimesRow
                  key={`ward ${row.ward}`}
                  label={row.ward ?? text.compliance.noWard}
                  of={row}
                  time={time}
                />
              ))}
              {byMonth.map((row) => (
                <TimesRow key={row.month} label={monthName(row.month, text.locale)} of={row} time={time} />
              ))}
            </tbody>
          </table>
        </>
      )}
    </ComplianceSection>
  )
}

function TimesRow({
  label,
  of,
  time,
}: {
  readonly label: string
  readonly of: Distribution
  readonly time: (seconds: number | null) => string
}) {
  const text = useText()
  return (
    <tr>
      <th scope="row">{label}</th>
      <td>{text.compliance.value(of.count)}</td>
      <td>{time(of.medianS)}</td>
      <td>{time(of.p90S)}</td>
      <td>{time(of.longestS)}</td>
    </tr>
  )
}

export function RunSection({ view }: OfView) {
  const text = useText()
  const words = text.compliance.runs
  const finished = finishedRuns(view.runs)
  const causes = causesOfAll(view.causes)
  const unproven = causes.reduce((sum, cause) => sum + totalOf(cause), 0)
  const name = (cause: string) =>
    words.causes[cause] ??
    text.report.interlockKinds[cause] ??
    (text.gas.ends as Readonly<Record<string, string>>)[cause] ??
    cause
  return (
    <ComplianceSection
      title={words.title}
      hint={words.hint}
      exports={[
        { href: exportHref('causes', view), label: words.title },
        { href: exportHref('runs', view), label: words.allRuns },
      ]}
    >
      {finished === 0 ? (
        <p>{words.none}</p>
      ) : unproven === 0 ? (
        <p>{words.allProven(finished)}</p>
      ) : (
        <>
          <p className="compliance-sum">
            <strong>{words.sum(unproven, finished)}</strong>
          </p>
          <div className="compliance-pair">
            <RowChart
              title={words.title}
              parts={[
                { label: words.aborted, look: 'crossed' },
                { label: words.incomplete, look: 'hatched' },
                { label: words.withoutVerdict, look: 'empty' },
              ]}
              rows={causes.map((cause) => ({
                label: name(cause.cause),
                words: text.compliance.value(totalOf(cause)),
                values: [cause.aborted, cause.incomplete, cause.withoutVerdict],
              }))}
            />
            <table className="compliance-table" aria-label={words.title}>
              <thead>
                <tr>
                  <th scope="col">{words.cause}</th>
                  <th scope="col">{words.aborted}</th>
                  <th scope="col">{words.incomplete}</th>
                  <th scope="col">{words.withoutVerdict}</th>
                </tr>
              </thead>
              <tbody>
                {causes.map(({ cause, aborted, incomplete, withoutVerdict }) => (
                  <tr key={cause}>
                    <th scope="row">{name(cause)}</th>
                    <td>{text.compliance.value(aborted)}</td>
                    <td>{text.compliance.value(incomplete)}</td>
                    <td>{text.compliance.value(withoutVerdict)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </ComplianceSection>
  )
}
