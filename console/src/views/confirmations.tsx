import { Group } from 'react-aria-components/Group'
import type { DueItem } from '@wardlight/core/disinfection'
import type { ConfirmationView, SignatureView } from '@wardlight/core/fleet'
import { useText } from '../i18n/use-text.ts'
import { formatDateTime } from '../store/hospital-time.ts'
import { Checkbox, TextField } from '../ui/fields.tsx'
import { Icon } from '../ui/icon.tsx'
import { UNTOUCHED, type ConfirmationEntries, type ConfirmationEntry } from './confirmation-entries.ts'
import { useConsole } from './console-context.ts'

export interface ConfirmationFieldsProps {
  readonly title: string
  readonly due: readonly DueItem[]
  readonly entries: ConfirmationEntries
  readonly isDisabled: boolean
  readonly onChange: (entries: ConfirmationEntries) => void
}

/** What a person has to say before it goes on: a tick for each line, a name for work done by hand. */
export function ConfirmationFields({ title, due, entries, isDisabled, onChange }: ConfirmationFieldsProps) {
  const text = useText()
  return (
    <Group className="arming-step" aria-label={title}>
      <p>{title}</p>
      {due.map(({ id, text: words, needsName }) => {
        const entry = entries[id] ?? UNTOUCHED
        const set = (part: Partial<ConfirmationEntry>): void =>
          onChange({ ...entries, [id]: { ...entry, ...part } })
        return (
          <div key={id}>
            <Checkbox
              isSelected={entry.isConfirmed}
              isDisabled={isDisabled}
              onChange={(isConfirmed) => set({ isConfirmed })}
            >
              {words}
            </Checkbox>
            {needsName && entry.isConfirmed && (
              <Group className="confirmation-fields" aria-label={words}>
                <TextField
                  label={text.confirm.doneBy}
                  value={entry.doneBy}
                  onChange={(doneBy) => set({ doneBy })}
                  isRequired
                  isDisabled={isDisabled}
                  maxLength={200}
                />
                <TextField
                  label={text.confirm.product}
                  value={entry.product}
                  onChange={(product) => set({ product })}
                  isDisabled={isDisabled}
                  maxLength={200}
                />
              </Group>
            )}
          </div>
        )
      })}
    </Group>
  )
}

/** What people have confirmed, in the words of that time. */
export function ConfirmationRecord({
  confirmations,
}: {
  readonly confirmations: readonly ConfirmationView[]
}) {
  const text = useText()
  const { serverInfo } = useConsole()
  return (
    <ul className="plain-list">
      {confirmations.map((item) => (
        <li key={item.itemId}>
          <p className="arming-done">
            <Icon name="check" />
            <span>
              {item.text}
              {item.doneBy !== null && ` ${text.confirm.workBy(item.doneBy, item.product)}`}
              <br />
              <span className="field-hint">
                {text.confirm.confirmedBy(
                  item.by,
                  text.roles[item.role] ?? item.role,
                  formatDateTime(item.at, serverInfo.timeZone, text.locale),
                )}
              </span>
            </span>
          </p>
        </li>
      ))}
    </ul>
  )
}

/** Who has signed so far. */
export function SignatureList({ signatures }: { readonly signatures: readonly SignatureView[] }) {
  const text = useText()
  const { serverInfo } = useConsole()
  if (signatures.length === 0) return null
  return (
    <ul className="plain-list">
      {signatures.map(({ userId, by, role, at, note }) => (
        <li key={`${userId} ${at}`}>
          <p className="arming-done">
            <Icon name="check" />
            <span>
              {text.confirm.signedBy(
                by,
                text.roles[role] ?? role,
                formatDateTime(at, serverInfo.timeZone, text.locale),
              )}
              {note !== null && <span className="field-hint"> {note}</span>}
            </span>
          </p>
        </li>
      ))}
    </ul>
  )
}
