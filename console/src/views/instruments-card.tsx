import type { Instruments } from '@wardlight/core/fleet'
import { useText } from '../i18n/use-text.ts'
import { formatDateTime } from '../store/hospital-time.ts'
import { useConsole } from './console-context.ts'

/** With what the robot measured, and what is not known of it. */
export function InstrumentsCard({ instruments }: { readonly instruments: Instruments | undefined }) {
  const text = useText()
  const words = text.instruments
  const { serverInfo } = useConsole()
  const when = (iso: string | null): string =>
    iso === null ? words.notKnown : formatDateTime(iso, serverInfo.timeZone, text.locale)
  if (instruments === undefined) {
    return (
      <section className="card">
        <h2>{words.title}</h2>
        <p>{words.untold}</p>
      </section>
    )
  }
  const { softwareVersion, calibrations, tubes, doorGuards, gasSensors } = instruments
  return (
    <section className="card">
      <h2>{words.title}</h2>
      <dl className="facts">
        <dt>{words.software}</dt>
        <dd>{softwareVersion}</dd>
        <dt>{words.calibrations}</dt>
        {calibrations.length === 0 && <dd>{words.noCalibrations}</dd>}
        {calibrations.map(({ instrument, calibratedOn, by, validUntil, certificate }) => (
          <dd key={`${instrument} ${calibratedOn}`}>
            {words.calibrated(instrument, calibratedOn, by)}
            <br />
            <span className="field-hint">
              {words.valid(validUntil ?? words.notKnown, certificate ?? words.notKnown)}
            </span>
          </dd>
        ))}
        {tubes.length > 0 && <dt>{words.tubes}</dt>}
        {tubes.map(({ id, hours, ratedLifeHours, isOutputMeasured, lastOutput }) => (
          <dd key={`tube ${id}`}>
            {words.tube(id, hours, ratedLifeHours)}
            <br />
            <span className="field-hint">
              {isOutputMeasured ? words.outputMeasured : words.outputReckoned};{' '}
              {lastOutput === null ? words.notLit : words.lastOutput(lastOutput)}
            </span>
          </dd>
        ))}
        {doorGuards.length > 0 && <dt>{words.guards}</dt>}
        {doorGuards.map(({ doorId, name, openedAt }) => (
          <dd key={`door ${doorId}`}>
            {name}
            <br />
            <span className="field-hint">{words.guardTold(when(openedAt))}</span>
          </dd>
        ))}
        {gasSensors.length > 0 && <dt>{words.gasSensors}</dt>}
        {gasSensors.map(({ sensorId, bumpTestedAt }) => (
          <dd key={`gas ${sensorId}`}>
            {sensorId}
            <br />
            <span className="field-hint">{words.gasAnswered(when(bumpTestedAt))}</span>
          </dd>
        ))}
      </dl>
    </section>
  )
}
