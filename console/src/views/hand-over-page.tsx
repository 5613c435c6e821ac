import {
  LONGEST_HAND_OVER_NOTES,
  type HandOverSummary,
  type HandOverUrgency,
  type HandOverView,
  type LiveState,
  type SessionView,
} from '@wardlight/core/fleet'
import { useEffect, useState } from 'react'
import { Form } from 'react-aria-components/Form'
import { useText } from '../i18n/use-text.ts'
import { nameOrder } from '../store/fleet-selectors.ts'
import { formatDateTime } from '../store/hospital-time.ts'
import { Button } from '../ui/button.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { TextAreaField } from '../ui/fields.tsx'
import { Icon } from '../ui/icon.tsx'
import { Notice } from '../ui/notice.tsx'
import { Select } from '../ui/select.tsx'
import { useConsole } from './console-context.ts'
import { FailureNotice } from './failure-notice.tsx'
import { RetryNotice } from './retry-notice.tsx'
import { handsOver } from './roles.ts'
import { hrefOf } from './route.ts'
import { useAction } from './use-action.ts'
import { useFleet } from './use-fleet.ts'
import { useResource } from './use-resource.ts'

const URGENCIES: readonly HandOverUrgency[] = ['now', 'soon', 'know']

/** What is open in a ward, and what was handed over of it before. */
export function HandOverPage() {
  const text = useText()
  const live = useFleet((state) => state.live)
  const [chosen, setWard] = useState<string | null>(null)
  const wards = wardsOf(live)
  const ward = chosen ?? wards[0] ?? null
  return (
    <main id="content" className="report stack hand-over">
      <header className="split">
        <div>
          <h1>{text.handOver.title}</h1>
          <p className="report-subject">{text.handOver.subject}</p>
        </div>
        <div className="no-print">
          <Button onPress={() => window.print()}>
            <Icon name="printer" />
            {text.handOver.print}
          </Button>
        </div>
      </header>
      {live === null ? (
        <p>{text.loading}</p>
      ) : ward === null ? (
        <p className="card">{text.handOver.noWards}</p>
      ) : (
        <>
          <div className="field-grid no-print">
            <Select
              label={text.handOver.ward}
              placeholder={text.handOver.ward}
              value={ward}
              choices={wards.map((id) => ({ id, label: id }))}
              onChange={setWard}
            />
          </div>
          <OfWard key={ward} ward={ward} live={live} />
        </>
      )}
    </main>
  )
}

function wardsOf(live: LiveState | null): string[] {
  const wards = Object.values(live?.rooms ?? {}).flatMap(({ ward }) => (ward === null ? [] : [ward]))
  return [...new Set(wards)].toSorted((a, b) => nameOrder.compare(a, b))
}

/** Another one as soon as something that is handed over has changed. */
function openThings({ rooms, requests, missions, robots, alarms }: LiveState): string {
  return JSON.stringify([
    Object.values(rooms).map(({ id, state, since, requestId }) => [id, state, since, requestId]),
    Object.values(requests).map(({ id, status, roomReady, approvals }) => [
      id,
      status,
      roomReady?.by,
      approvals.length,
    ]),
    Object.values(missions).map(({ id, phase, gas, releasedAt }) => [id, phase, gas?.isGassed, releasedAt]),
    Object.values(robots).map(({ id, isPaused, emergencyStop, service }) => [
      id,
      isPaused,
      emergencyStop,
      service.state,
    ]),
    Object.values(alarms).map(({ id, acknowledgedAt }) => [id, acknowledgedAt]),
  ])
}

function OfWard({ ward, live }: { readonly ward: string; readonly live: LiveState }) {
  const text = useText()
  const { api, user } = useConsole()
  const summary = useResource(`open ${ward}`, () => api.handOver(ward))
  const earlier = useResource(`earlier ${ward}`, () => api.handOvers(ward))
  const things = openThings(live)
  const { reload: reloadSummary } = summary
  useEffect(() => reloadSummary(), [things, reloadSummary])
  // Whoever comes on duty came for it: it stands before everything else.
  const waiting = (earlier.value ?? []).filter((handOver) => mayTake(handOver, user))
  const reload = (): void => {
    summary.reload()
    earlier.reload()
  }
  return (
    <>
      <RetryNotice failure={summary.failure ?? earlier.failure} onRetry={reload} />
      {waiting.length > 0 && (
        <section className="stack" aria-labelledby="waits-for-you">
          <h2 id="waits-for-you">{text.handOver.waitsForYou}</h2>
          <HandOverList handOvers={waiting} onTaken={reload} />
        </section>
      )}
      {summary.value !== null && (
        <section className="card" aria-labelledby="open-now">
          <OpenNow summary={summary.value} />
          {handsOver(user.role) ? (
            <Give ward={ward} onGiven={reload} />
          ) : (
            <p className="field-hint no-print">{text.handOver.readOnly}</p>
          )}
        </section>
      )}
      <section className="stack" aria-labelledby="handed-over-before">
        <div className="split">
          <h2 id="handed-over-before">{text.handOver.earlier}</h2>
          <Button tone="quiet" className="no-print" onPress={reload}>
            {text.handOver.reload}
          </Button>
        </div>
        {earlier.value === null ? (
          earlier.failure === null && <p>{text.loading}</p>
        ) : earlier.value.length === 0 ? (
          <p className="card">{text.handOver.none}</p>
        ) : (
          <HandOverList
            handOvers={earlier.value.filter((handOver) => !waiting.includes(handOver))}
            onTaken={reload}
          />
        )}
      </section>
    </>
  )
}

function mayTake({ takenBy, givenById }: HandOverView, user: SessionView): boolean {
  return takenBy === null && handsOver(user.role) && user.id !== givenById
}

interface HandOverListProps {
  readonly handOvers: readonly HandOverView[]
  readonly onTaken: () => void
}

function HandOverList({ handOvers, onTaken }: HandOverListProps) {
  return (
    <ul className="plain-list stack">
      {handOvers.map((handOver) => (
        <Given key={handOver.id} handOver={handOver} onTaken={onTaken} />
      ))}
    </ul>
  )
}

function OpenNow({ summary }: { readonly summary: HandOverSummary }) {
  const text = useText()
  const { serverInfo } = useConsole()
  return (
    <>
      <h2 id="open-now">
        {text.handOver.openNow(summary.ward, formatDateTime(summary.at, serverInfo.timeZone, text.locale))}
      </h2>
      <Items summary={summary} />
    </>
  )
}

function Items({ summary: { items } }: { readonly summary: HandOverSummary }) {
  const text = useText()
  const { serverInfo } = useConsole()
  if (items.length === 0) {
    return (
      <Notice tone="good" icon="check">
        <p>{text.handOver.nothing}</p>
      </Notice>
    )
  }
  return URGENCIES.map((urgency) => {
    const shown = items.filter((item) => item.urgency === urgency)
    if (shown.length === 0) return null
    return (
      <section key={urgency} className={`hand-over-group hand-over-${urgency}`}>
        <h3>
          {text.handOver.urgencies[urgency]} <span className="segment-count">{shown.length}</span>
        </h3>
        <ul className="plain-list">
          {shown.map(({ id, kind, roomId, subject, detail, since }) => (
            <li key={id} className="hand-over-item">
              <strong>
                {roomId === null ? subject : <a href={hrefOf({ page: 'room', roomId })}>{subject}</a>}
              </strong>
              <span>
                {text.handOver.kinds[kind]}
                {detail !== null && `: ${detail}`}
              </span>
              <span className="field-hint">
                {since !== null &&
                  text.handOver.since(formatDateTime(since, serverInfo.timeZone, text.locale))}
              </span>
            </li>
          ))}
        </ul>
      </section>
    )
  })
}

function Give({ ward, onGiven }: { readonly ward: string; readonly onGiven: () => void }) {
  const text = useText()
  const { api } = useConsole()
  const [notes, setNotes] = useState('')
  const [isGiven, setGiven] = useState(false)
  const action = useAction()
  const left = LONGEST_HAND_OVER_NOTES - notes.length
  return (
    <Form
      className="stack no-print"
      aria-label={text.handOver.give}
      onSubmit={(event) => {
        event.preventDefault()
        if (left < 0) return
        action.run(async () => {
          await api.giveHandOver({ ward, notes })
          setNotes('')
          setGiven(true)
          onGiven()
        })
      }}
    >
      <TextAreaField
        label={text.handOver.notes}
        value={notes}
        onChange={(value) => {
          setNotes(value)
          setGiven(false)
        }}
        hint={`${text.handOver.notesWarning} ${text.handOver.notesLeft(Math.max(0, left))}`}
        error={left < 0 ? text.handOver.tooLong(-left) : null}
      />
      <FailureNotice failure={action.failure} />
      <output>
        {isGiven && (
          <Notice tone="good" icon="check">
            <p>{text.handOver.given}</p>
          </Notice>
        )}
      </output>
      <div className="actions">
        <Button type="submit" tone="primary" isDisabled={action.isPending || left < 0}>
          {text.handOver.give}
        </Button>
      </div>
    </Form>
  )
}

function Given({ handOver, onTaken }: { readonly handOver: HandOverView; readonly onTaken: () => void }) {
  const text = useText()
  const { api, user, serverInfo } = useConsole()
  const action = useAction()
  const { id, summary, notes, givenBy, givenAt, takenBy, takenAt } = handOver
  const at = (iso: string): string => formatDateTime(iso, serverInfo.timeZone, text.locale)
  const isTaken = takenBy !== null && takenAt !== null
  return (
    <li className="card">
      <header className="split">
        <h3>{text.handOver.by(givenBy, at(givenAt))}</h3>
        <span className="chip">{isTaken ? text.handOver.taken : text.handOver.waits}</span>
      </header>
      <p className="hand-over-notes">{notes === '' ? text.handOver.noNotes : notes}</p>
      <p className="field-hint">
        {isTaken ? text.handOver.takenBy(takenBy, at(takenAt)) : text.handOver.notTaken}
      </p>
      <FailureNotice failure={action.failure} />
      {mayTake(handOver, user) && (
        <div className="actions no-print">
          <Button
            tone="primary"
            aria-label={text.handOver.takeOf(givenBy, at(givenAt))}
            isDisabled={action.isPending}
            onPress={() =>
              action.run(async () => {
                await api.takeHandOver(id)
                onTaken()
              })
            }
          >
            {text.handOver.take}
          </Button>
        </div>
      )}
      <div className="no-print">
        <Disclosure title={text.handOver.asItWas} summary={String(summary.items.length)}>
          <Items summary={summary} />
        </Disclosure>
      </div>
    </li>
  )
}
