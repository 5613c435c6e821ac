import { useState } from 'react'
import { Form } from 'react-aria-components/Form'
import type { MissionView } from '@wardlight/core/fleet'
import { useText } from '../i18n/use-text.ts'
import { Button } from '../ui/button.tsx'
import { Checkbox, TextField } from '../ui/fields.tsx'
import { confirmationsOf, isComplete, stillDue, type ConfirmationEntries } from './confirmation-entries.ts'
import { ConfirmationFields } from './confirmations.tsx'
import { useConsole } from './console-context.ts'
import { FailureNotice } from './failure-notice.tsx'
import { useAction } from './use-action.ts'

/** A person signs the room off after reading the report: it is clean with the last signature of its protocol. */
export function ReleaseForm({
  missed,
  mission,
  onReleased,
}: {
  /** Surfaces that are to be wiped first. */
  readonly missed: number
  readonly mission: MissionView
  readonly onReleased: () => void
}) {
  const text = useText()
  const { api } = useConsole()
  const [isWiped, setWiped] = useState(false)
  const [note, setNote] = useState('')
  const [entries, setEntries] = useState<ConfirmationEntries>({})
  const due = stillDue(mission.dueConfirmations, mission.confirmations)
  const action = useAction()
  // The first to sign has confirmed it.
  const needsWiping = missed > 0 && mission.signatures.length === 0
  const isReady = isComplete(due, entries) && (!needsWiping || isWiped)
  const isLast = mission.signatures.length + 1 >= mission.signaturesNeeded
  return (
    <Form
      className="stack release-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (!isReady) return
        action.run(async () => {
          const trimmed = note.trim()
          await api.release(mission.id, {
            missedSurfacesWiped: isWiped,
            ...(trimmed === '' ? {} : { note: trimmed }),
            ...(due.length === 0 ? {} : { confirmations: confirmationsOf(due, entries) }),
          })
          onReleased()
        })
      }}
    >
      {due.length > 0 && (
        <ConfirmationFields
          title={text.confirm.beforeRelease}
          due={due}
          entries={entries}
          isDisabled={action.isPending}
          onChange={setEntries}
        />
      )}
      {needsWiping && (
        <div>
          <p className="field-hint">{text.report.wipedHint(missed)}</p>
          <Checkbox isSelected={isWiped} onChange={setWiped}>
            {text.report.wiped}
          </Checkbox>
        </div>
      )}
      <TextField label={text.report.releaseNote} value={note} onChange={setNote} maxLength={2000} />
      <FailureNotice failure={action.failure} />
      <div className="actions">
        <Button type="submit" tone="primary" isDisabled={action.isPending || !isReady}>
          {isLast ? text.report.releaseButton : text.report.signButton}
        </Button>
      </div>
    </Form>
  )
}
