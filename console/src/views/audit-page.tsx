import { useState } from 'react'
import { Form } from 'react-aria-components/Form'
import { AUDIT_PAGE, type AuditEntryView, type AuditKind, type AuditQuery } from '@wardlight/core/fleet'
import { useText } from '../i18n/use-text.ts'
import { hospitalTimeToIso } from '../store/hospital-time.ts'
import { Button } from '../ui/button.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { TextField } from '../ui/fields.tsx'
import { Select } from '../ui/select.tsx'
import { AuditEntry } from './audit-entry.tsx'
import { useConsole } from './console-context.ts'
import { FailureNotice } from './failure-notice.tsx'
import { RetryNotice } from './retry-notice.tsx'
import { useAction } from './use-action.ts'
import { useResource } from './use-resource.ts'
import './administration.css'

type Filter = Omit<AuditQuery, 'before'>

const EVERYTHING: Filter = {}

/** Who did what, for administrators and auditors. */
export function AuditPage() {
  const words = useText()
  const text = words.administration.audit
  const { api } = useConsole()
  const [filter, setFilter] = useState(EVERYTHING)
  /** A filter that is cleared from outside has its fields anew. */
  const [clearings, setClearings] = useState(0)
  const key = JSON.stringify(filter)
  const { value, failure, reload } = useResource(`audit ${key}`, () => api.audit(filter))
  return (
    <main id="content" className="report evidence stack">
      <header>
        <h1>{text.title}</h1>
        <p className="report-subject">{text.subject}</p>
      </header>
      <AuditFilter
        key={clearings}
        onShow={(next) => {
          if (JSON.stringify(next) === key) reload()
          else setFilter(next)
        }}
      />
      <RetryNotice failure={failure} onRetry={reload} />
      {value === null ? (
        failure === null && <p>{words.loading}</p>
      ) : value.entries.length === 0 ? (
        <div className="card">
          <p>{text.none}</p>
          <p className="field-hint">{text.noneHint}</p>
          <div className="actions">
            <Button
              onPress={() => {
                setFilter(EVERYTHING)
                setClearings(clearings + 1)
              }}
            >
              {text.everything}
            </Button>
          </div>
        </div>
      ) : (
        <AuditList key={`${key} ${value.head.sequence}`} filter={filter} newest={value.entries} />
      )}
      <section className="card" aria-label={text.take}>
        <h2>{text.take}</h2>
        <p>
          <a href="/api/audit/export" download>
            {text.download}
          </a>
        </p>
        <p>{text.check}</p>
        {value !== null && (
          <p className="field-hint">
            {text.note}{' '}
            <code className="audit-head">
              {value.head.sequence}:{value.head.hash}
            </code>
          </p>
        )}
      </section>
    </main>
  )
}

function AuditFilter({ onShow }: { readonly onShow: (filter: Filter) => void }) {
  const text = useText().administration.audit
  const { serverInfo } = useConsole()
  const [about, setAbout] = useState('')
  const [who, setWho] = useState('')
  const [kind, setKind] = useState<AuditKind | 'all'>('all')
  const [since, setSince] = useState('')
  const [until, setUntil] = useState('')
  const { timeZone } = serverInfo
  const isoOf = (local: string) => (local === '' ? null : hospitalTimeToIso(local, timeZone))
  const isWrong = (local: string): boolean => local !== '' && isoOf(local) === null
  return (
    <Form
      className="card"
      aria-label={text.filter}
      onSubmit={(event) => {
        event.preventDefault()
        if (isWrong(since) || isWrong(until)) return
        const [from, to] = [isoOf(since), isoOf(until)]
        onShow({
          ...(about.trim() === '' ? {} : { about: about.trim() }),
          ...(who.trim() === '' ? {} : { who: who.trim() }),
          ...(kind === 'all' ? {} : { kind }),
          ...(from === null ? {} : { since: from }),
          ...(to === null ? {} : { until: to }),
        })
      }}
    >
      <div className="field-grid">
        <TextField
          label={text.about}
          hint={text.aboutHint}
          value={about}
          onChange={setAbout}
          maxLength={100}
          autoComplete="off"
        />
        <TextField
          label={text.who}
          hint={text.whoHint}
          value={who}
          onChange={setWho}
          maxLength={100}
          autoComplete="off"
        />
        <Select
          label={text.kind}
          placeholder={text.kinds.all}
          value={kind}
          choices={Object.entries(text.kinds).map(([id, label]) => ({ id, label }))}
          onChange={(id) => setKind(id as AuditKind | 'all')}
        />
      </div>
      <Disclosure title={text.when}>
        <div className="field-grid">
          <TextField
            label={text.since}
            hint={text.timeHint(timeZone)}
            type="datetime-local"
            value={since}
            onChange={setSince}
            error={isWrong(since) ? text.timeInvalid : null}
          />
          <TextField
            label={text.until}
            hint={text.timeHint(timeZone)}
            type="datetime-local"
            value={until}
            onChange={setUntil}
            error={isWrong(until) ? text.timeInvalid : null}
          />
        </div>
      </Disclosure>
      <div className="actions">
        <Button type="submit" tone="primary">
          {text.show}
        </Button>
      </div>
    </Form>
  )
}

interface AuditListProps {
  readonly filter: Filter
  readonly newest: readonly AuditEntryView[]
}

function AuditList({ filter, newest }: AuditListProps) {
  const text = useText().administration.audit
  const { api } = useConsole()
  const [older, setOlder] = useState<readonly AuditEntryView[]>([])
  const [isWhole, setWhole] = useState(newest.length < AUDIT_PAGE)
  const action = useAction()
  const entries = [...newest, ...older]
  return (
    <>
      <ol className="plain-list stack">
        {entries.map((entry) => (
          <AuditEntry key={entry.sequence} entry={entry} />
        ))}
      </ol>
      <FailureNotice failure={action.failure} />
      <output>
        {older.length > 0 && text.shown(entries.length)} {isWhole && text.whole}
      </output>
      {!isWhole && (
        <div className="actions">
          <Button
            isDisabled={action.isPending}
            onPress={() =>
              action.run(async () => {
                const page = await api.audit({ ...filter, before: entries.at(-1)!.sequence })
                setOlder([...older, ...page.entries])
                setWhole(page.entries.length < AUDIT_PAGE)
              })
            }
          >
            {text.older}
          </Button>
        </div>
      )}
    </>
  )
}
