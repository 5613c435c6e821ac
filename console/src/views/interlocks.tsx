import type { TreatmentInterlock } from '@wardlight/core/fleet'
import { useText } from '../i18n/use-text.ts'

export function Interlocks({ events }: { readonly events: readonly TreatmentInterlock[] }) {
  const text = useText()
  if (events.length === 0) return <p>{text.report.noInterlocks}</p>
  return (
    <ol className="events">
      {events.map((event) => (
        <li key={`${event.at} ${event.kind} ${event.detail}`}>
          <span className="events-at">{text.time.clock(event.at)}</span>
          <span>
            {text.report.interlockKinds[event.kind] ?? event.kind}
            <span className="field-hint">
              {' '}
              {event.detail},{' '}
              {'wasLit' in event
                ? event.wasLit
                  ? text.mission.wasLit
                  : text.mission.wasDark
                : event.wasGassing
                  ? text.gas.wasGassing
                  : text.gas.wasNotGassing}
            </span>
          </span>
        </li>
      ))}
    </ol>
  )
}
