import type { AlarmView } from '@wardlight/core/fleet'
import { useText } from '../i18n/use-text.ts'
import { openAlarms } from '../store/fleet-selectors.ts'
import { formatDateTime } from '../store/hospital-time.ts'
import { Button } from '../ui/button.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { Icon } from '../ui/icon.tsx'
import { useConsole } from './console-context.ts'
import { FailureNotice } from './failure-notice.tsx'
import { RetryNotice } from './retry-notice.tsx'
import { hrefOf } from './route.ts'
import { useAction } from './use-action.ts'
import { useFleet } from './use-fleet.ts'
import { useResource } from './use-resource.ts'
import { isAtWork } from './roles.ts'

/** What somebody has to see, the worst first; and what was seen before. */
export function AlarmsPage() {
  const text = useText()
  const { api } = useConsole()
  const live = useFleet((state) => state.live)
  const open = live === null ? [] : openAlarms(live)
  // What is over leaves the live feed, so the list of the past is loaded anew.
  const history = useResource(`alarms ${open.map(({ id }) => id).join()}`, () => api.alarms())
  const past = (history.value ?? []).filter(({ id }) => !open.some((alarm) => alarm.id === id))
  return (
    <main id="content" className="report stack">
      <header>
        <h1>{text.alarms.title}</h1>
        <p className="report-subject">{text.alarms.subject}</p>
      </header>
      {live === null ? (
        <p>{text.loading}</p>
      ) : open.length === 0 ? (
        <p className="card">{text.alarms.none}</p>
      ) : (
        <ul className="plain-list stack">
          {open.map((alarm) => (
            <OpenAlarm key={alarm.id} alarm={alarm} />
          ))}
        </ul>
      )}
      <RetryNotice failure={history.failure} onRetry={history.reload} />
      {past.length > 0 && (
        <section className="card" aria-label={text.alarms.past}>
          <Disclosure title={text.alarms.past}>
            <ul className="plain-list stack">
              {past.map((alarm) => (
                <li key={alarm.id}>
                  <AlarmWords alarm={alarm} />
                </li>
              ))}
            </ul>
          </Disclosure>
        </section>
      )}
    </main>
  )
}

function OpenAlarm({ alarm }: { readonly alarm: AlarmView }) {
  const text = useText()
  const { api, user } = useConsole()
  const action = useAction()
  const isSeen = alarm.acknowledgedAt !== null
  return (
    <li className={`card alarm alarm-${isSeen ? 'seen' : alarm.priority}`}>
      <header className="split">
        <h2>
          <Icon name="warning" /> {text.alarms.priorities[alarm.priority]}
        </h2>
        <span className="chip">{text.alarms.states[stateOf(alarm)]}</span>
      </header>
      <AlarmWords alarm={alarm} />
      <FailureNotice failure={action.failure} />
      {!isSeen && isAtWork(user.role) && (
        <div className="actions">
          <Button
            tone="primary"
            isDisabled={action.isPending}
            onPress={() => action.run(() => api.acknowledgeAlarm(alarm.id))}
          >
            {text.alarms.acknowledge}
          </Button>
        </div>
      )}
    </li>
  )
}

function AlarmWords({ alarm }: { readonly alarm: AlarmView }) {
  const text = useText()
  const { serverInfo } = useConsole()
  const live = useFleet((state) => state.live)
  const at = (iso: string): string => formatDateTime(iso, serverInfo.timeZone, text.locale)
  const { robotId } = alarm
  const robot = robotId === null ? undefined : live?.robots[robotId]
  const room = alarm.roomId === null ? undefined : live?.rooms[alarm.roomId]
  return (
    <>
      <p>
        {robotId !== null && (
          <a href={hrefOf({ page: 'robot', robotId })}>{robot?.serialNumber ?? robotId}</a>
        )}
        {room !== undefined && (
          <>
            {robotId !== null && ', '}
            <a href={hrefOf({ page: 'room', roomId: room.id })}>{room.name}</a>
          </>
        )}
        {(robotId !== null || room !== undefined) && ': '}
        {alarm.text}
      </p>
      <p className="field-hint">
        {text.alarms.raised(at(alarm.raisedAt), alarm.count)}
        {alarm.clearedAt !== null && ` ${text.alarms.cleared(at(alarm.clearedAt))}`}
        {alarm.acknowledgedBy !== null &&
          alarm.acknowledgedAt !== null &&
          ` ${text.alarms.seen(alarm.acknowledgedBy, at(alarm.acknowledgedAt))}`}
      </p>
    </>
  )
}

function stateOf({ clearedAt, acknowledgedAt }: AlarmView): 'active' | 'activeSeen' | 'gone' {
  if (clearedAt !== null) return 'gone'
  return acknowledgedAt === null ? 'active' : 'activeSeen'
}
