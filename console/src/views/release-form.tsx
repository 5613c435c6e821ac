import { useState } from 'react'
import { Form } from 'react-aria-components/Form'
import type { MissionReport } from '@wardlight/core/fleet'
import { useText } from '../i18n/use-text.ts'
import { Button } from '../ui/button.tsx'
import { Checkbox, TextField } from '../ui/fields.tsx'
import { useConsole } from './console-context.ts'
import { FailureNotice } from './failure-notice.tsx'
import { useAction } from './use-action.ts'

/** A nurse signs the room off after reading the report. */
export function ReleaseForm({
  report,
  onReleased,
}: {
  readonly report: MissionReport
  readonly onReleased: () => void
}) {
  const text = useText()
  const { api } = useConsole()
  const [isWiped, setWiped] = useState(false)
  const [note, setNote] = useState('')
  const action = useAction()
  const missed = report.dose.missed.length
  const needsWiping = missed > 0
  return (
    <Form
      className="stack release-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (needsWiping && !isWiped) return
        action.run(async () => {
          const trimmed = note.trim()
          await api.release(report.dose.missionId, {
            missedSurfacesWiped: isWiped,
            ...(trimmed === '' ? {} : { note: trimmed }),
          })
          onReleased()
        })
      }}
    >
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
        <Button type="submit" tone="primary" isDisabled={action.isPending || (needsWiping && !isWiped)}>
          {text.report.releaseButton}
        </Button>
      </div>
    </Form>
  )
}
