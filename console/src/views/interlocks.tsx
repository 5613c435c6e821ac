import type { InterlockEvent } from '@wardlight/core/fleet'
import { useText } from '../i18n/use-text.ts'

export function Interlocks({ events }: { readonly events: readonly InterlockEvent[] }) {
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
              {event.detail}, {event.wasLit ? text.mission.wasLit : text.mission.wasDark}
            </span>
          </span>
        </li>
      ))}
    </ol>
  )
}
