import type { AuditEntryView } from '@wardlight/core/fleet'
import { useText } from '../i18n/use-text.ts'
import {
  changedFields,
  isInstant,
  wordsOfName,
  type ChangedField,
  type FieldValue,
} from '../store/audit-fields.ts'
import { formatExactTime } from '../store/hospital-time.ts'
import { Disclosure } from '../ui/disclosure.tsx'
import { useConsole } from './console-context.ts'
import { useFleet } from './use-fleet.ts'

/** Proposed: so many are seen at once; the rest is a press away. */
const FIELDS_SHOWN = 8
/** Proposed: characters of one value. */
const LONGEST_VALUE = 300

/** One entry of the record, in words. */
export function AuditEntry({ entry }: { readonly entry: AuditEntryView }) {
  const words = useText()
  const text = words.administration.audit
  const { serverInfo } = useConsole()
  const { at, who, request, change, sequence } = entry
  const fields =
    change === null ? changedFields(null, request?.body) : changedFields(change.before, change.after)
  const role = who?.role ?? null
  return (
    <li className="card audit-entry">
      <header className="split">
        <h2>
          {change === null ? (
            text.asked(`${methodOf(entry)} ${request?.path ?? ''}`)
          ) : (
            <Changed {...change} />
          )}
        </h2>
        {request !== null && <span className="chip">{outcomeOf(request.status, text.outcomes)}</span>}
      </header>
      <p>
        <strong>{who?.name ?? text.system}</strong>
        {role !== null && `, ${words.roles[role] ?? role}`}
        {' · '}
        <time dateTime={at}>{formatExactTime(at, serverInfo.timeZone, words.locale)}</time>
        {who !== null && ` · ${text.from(who.from)}`}
      </p>
      {fields.length > 0 && (
        <FieldList
          fields={fields.slice(0, FIELDS_SHOWN)}
          isWhole={change === null || change.before === null}
        />
      )}
      {fields.length > FIELDS_SHOWN && (
        <Disclosure title={text.more(fields.length - FIELDS_SHOWN)}>
          <FieldList
            fields={fields.slice(FIELDS_SHOWN)}
            isWhole={change === null || change.before === null}
          />
        </Disclosure>
      )}
      <p className="field-hint audit-did">
        {[text.entry(sequence), change === null ? null : who?.did].filter(Boolean).join(' · ')}
      </p>
    </li>
  )
}

function Changed({ table, id, before, after }: NonNullable<AuditEntryView['change']>) {
  const text = useText().administration.audit
  const live = useFleet((state) => state.live)
  const said = (after ?? before) as { readonly name?: unknown; readonly display_name?: unknown } | null
  const names = [table === 'rooms' ? live?.rooms[id]?.name : null, said?.display_name, said?.name]
  const name = names.find((each) => typeof each === 'string') ?? id
  const kind = text.tables[table] ?? wordsOfName(table)
  const verb = before === null ? 'added' : after === null ? 'removed' : 'changed'
  return (
    <>
      {/* Rooms are often called so anyway. */}
      {name.startsWith(`${kind} `) ? name : `${kind} ${name}`}: {text.verbs[verb]}
    </>
  )
}

interface FieldListProps {
  readonly fields: readonly ChangedField[]
  /** Nothing was before: only what is there now is told. */
  readonly isWhole: boolean
}

function FieldList({ fields, isWhole }: FieldListProps) {
  const text = useText().administration.audit
  const wordsOf = useValueWords()
  return (
    <dl className="audit-fields">
      {fields.map(({ path, before, after }) => (
        <div key={JSON.stringify(path)}>
          <dt>
            {path.length === 0 ? '' : path.map((name) => text.fields[name] ?? wordsOfName(name)).join(' ')}
          </dt>
          <dd>
            {isWhole ? (
              wordsOf(path, after)
            ) : (
              <>
                <span className="visually-hidden">{text.before} </span>
                <span className="audit-before">{wordsOf(path, before)}</span>
                <span aria-hidden="true"> → </span>
                <span className="visually-hidden">{text.after} </span>
                <span>{wordsOf(path, after)}</span>
              </>
            )}
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** A value as people say it: times by the hospital's clocks, rooms and states by their names. */
function useValueWords(): (path: readonly string[], value: FieldValue | undefined) => string {
  const words = useText()
  const text = words.administration.audit
  const { serverInfo } = useConsole()
  const live = useFleet((state) => state.live)
  const wordsOf = (name: string, value: FieldValue | undefined): string => {
    if (value === undefined || value === null) return text.nothing
    if (typeof value === 'boolean') return value ? text.yes : text.no
    if (typeof value === 'number') return String(value)
    if (typeof value !== 'string') {
      return value.length === 0 ? text.nothing : value.map((part) => wordsOf(name, part)).join(', ')
    }
    if (isInstant(value)) return formatExactTime(value, serverInfo.timeZone, words.locale)
    if (name === 'room_id' || name === 'roomId') return live?.rooms[value]?.name ?? value
    if (name === 'state' && value in words.rooms.states) {
      return words.rooms.states[value as keyof typeof words.rooms.states]
    }
    if (name === 'role') return words.roles[value] ?? value
    return value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE)}…` : value
  }
  return (path, value) => wordsOf(path.at(-1) ?? '', value)
}

function methodOf({ who }: AuditEntryView): string {
  return who?.did.split(' ')[0] ?? ''
}

function outcomeOf(
  status: number,
  words: {
    readonly done: string
    readonly refused: string
    readonly notAccepted: (status: number) => string
    readonly failed: (status: number) => string
  },
): string {
  if (status < 400) return words.done
  if (status === 401 || status === 403) return words.refused
  return status < 500 ? words.notAccepted(status) : words.failed(status)
}
