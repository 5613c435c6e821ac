import type { Instruments } from '@wardlight/core/fleet'
import type { ReactNode } from 'react'
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
        {tubes.map((tube) => (
          <Fact key={`tube ${tube.id}`} name={words.tube(tube.id)}>
            {words.tubeHours(tube.hours, tube.ratedLifeHours)}
            <br />
            <span className="field-hint">
              {tube.isOutputMeasured ? words.outputMeasured : words.outputReckoned};{' '}
              {tube.lastOutput === null ? words.notLit : words.lastOutput(tube.lastOutput)}
            </span>
          </Fact>
        ))}
        {doorGuards.map(({ doorId, name, openedAt }) => (
          <Fact key={`door ${doorId}`} name={words.guard(name)}>
            {when(openedAt)}
          </Fact>
        ))}
        {gasSensors.map(({ sensorId, bumpTestedAt }) => (
          <Fact key={`gas ${sensorId}`} name={words.gasSensor(sensorId)}>
            {when(bumpTestedAt)}
          </Fact>
        ))}
      </dl>
    </section>
  )
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  )
}
