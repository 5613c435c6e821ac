import type { Hl7MessageView, Hl7Outcome } from '@wardlight/core/fleet'
import { useState } from 'react'
import { useText } from '../i18n/use-text.ts'
import { formatDateTime } from '../store/hospital-time.ts'
import { Button } from '../ui/button.tsx'
import { Select } from '../ui/select.tsx'
import { useConsole } from './console-context.ts'
import { RetryNotice } from './retry-notice.tsx'
import { hrefOf } from './route.ts'
import { useFleet } from './use-fleet.ts'
import { useResource } from './use-resource.ts'

/** What the hospital's systems said and were told, for who keeps the line between them: no patient is in it. */
export function Hl7Page() {
  const text = useText()
  const { api } = useConsole()
  const [outcome, setOutcome] = useState<Hl7Outcome | null>(null)
  const messages = useResource(`hl7 ${outcome ?? 'all'}`, () => api.hl7Messages(outcome))
  return (
    <main id="content" className="report stack">
      <header>
        <h1>{text.hl7.title}</h1>
        <p className="report-subject">{text.hl7.subject}</p>
      </header>
      <div className="actions">
        <Select
          label={text.hl7.filter}
          placeholder={text.hl7.all}
          value={outcome ?? 'all'}
          choices={[
            { id: 'all', label: text.hl7.all },
            ...Object.entries(text.hl7.outcomes).map(([id, label]) => ({ id, label })),
          ]}
          onChange={(id) => setOutcome(id === 'all' ? null : (id as Hl7Outcome))}
        />
        <Button onPress={messages.reload}>{text.hl7.reload}</Button>
      </div>
      <RetryNotice failure={messages.failure} onRetry={messages.reload} />
      {messages.value === null ? (
        messages.failure === null && <p>{text.loading}</p>
      ) : messages.value.length === 0 ? (
        <p className="card">{text.hl7.none}</p>
      ) : (
        <ul className="plain-list stack">
          {messages.value.map((message) => (
            <Message key={message.id} message={message} />
          ))}
        </ul>
      )}
    </main>
  )
}

function Message({ message }: { readonly message: Hl7MessageView }) {
  const text = useText()
  const { serverInfo } = useConsole()
  const live = useFleet((state) => state.live)
  const { direction, at, peer, type, controlId, roomIds, outcome, words, ackCode, attempts } = message
  return (
    <li className="card">
      <header className="split">
        <h2>{text.hl7.heading(direction, type)}</h2>
        <span className="chip">{text.hl7.outcomes[outcome]}</span>
      </header>
      <p>
        {roomIds.map((roomId) => (
          <span key={roomId}>
            <a href={hrefOf({ page: 'room', roomId })}>{live?.rooms[roomId]?.name ?? roomId}</a>
            {': '}
          </span>
        ))}
        {words}
      </p>
      <p className="field-hint">
        {[
          formatDateTime(at, serverInfo.timeZone, text.locale),
          peer,
          controlId,
          ackCode,
          attempts > 1 ? text.hl7.attempts(attempts) : null,
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
    </li>
  )
}
