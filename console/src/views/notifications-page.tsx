import type { NotificationView } from '@wardlight/core/fleet'
import { useText } from '../i18n/use-text.ts'
import { formatDateTime } from '../store/hospital-time.ts'
import { Button } from '../ui/button.tsx'
import { useConsole } from './console-context.ts'
import { NotificationKey } from './notification-key.tsx'
import { NotificationRulesForm } from './notification-rules.tsx'
import { RetryNotice } from './retry-notice.tsx'
import { hrefOf } from './route.ts'
import { useResource } from './use-resource.ts'
import './administration.css'

/** Whom the server tells of alarms, and what became of it. */
export function NotificationsPage() {
  const text = useText().administration.notifications
  const { user } = useConsole()
  return (
    <main id="content" className="report evidence stack">
      <header>
        <h1>{text.title}</h1>
        <p className="report-subject">{text.subject}</p>
      </header>
      {user.role === 'administrator' ? <Rules /> : <p className="field-hint">{text.onlyAdministrator}</p>}
      <Told />
    </main>
  )
}

function Rules() {
  const words = useText()
  const { api } = useConsole()
  const rules = useResource('notification rules', () => api.notificationRules())
  return (
    <>
      <RetryNotice failure={rules.failure} onRetry={rules.reload} />
      {rules.value === null ? (
        rules.failure === null && <p>{words.loading}</p>
      ) : (
        <>
          <NotificationRulesForm rules={rules.value} />
          <NotificationKey madeAt={rules.value.secretMadeAt} />
        </>
      )}
    </>
  )
}

function Told() {
  const words = useText()
  const text = words.administration.notifications
  const { api } = useConsole()
  const { value, failure, reload } = useResource('notifications', () => api.notifications())
  return (
    <section className="stack" aria-label={text.told}>
      <div className="split told-header">
        <div>
          <h2>{text.told}</h2>
          <p className="field-hint">{text.toldHint}</p>
        </div>
        <div className="actions">
          <Button onPress={reload}>{text.reload}</Button>
        </div>
      </div>
      <RetryNotice failure={failure} onRetry={reload} />
      {value === null ? (
        failure === null && <p>{words.loading}</p>
      ) : value.length === 0 ? (
        <p className="card">{text.toldNone}</p>
      ) : (
        <ul className="plain-list stack">
          {value.map((notification) => (
            <ToldEntry key={notification.id} notification={notification} />
          ))}
        </ul>
      )}
    </section>
  )
}

function ToldEntry({ notification }: { readonly notification: NotificationView }) {
  const words = useText()
  const text = words.administration.notifications
  const { serverInfo } = useConsole()
  const { to, text: alarm, at, status, tries, problem } = notification
  return (
    <li className="card told-entry">
      <header className="split">
        <h3>{text.toldTo(to)}</h3>
        <span className="chip">{text.statuses[status]}</span>
      </header>
      <p>
        <a href={hrefOf({ page: 'alarms' })}>{alarm}</a>
      </p>
      <p className="field-hint">
        {[
          formatDateTime(at, serverInfo.timeZone, words.locale),
          tries === 0 ? null : text.tries(tries),
          problem === null ? null : text.problem(problem),
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
    </li>
  )
}
