import { useState } from 'react'
import { Form } from 'react-aria-components/Form'
import { useText } from '../i18n/use-text.ts'
import { hospitalTimeToIso } from '../store/hospital-time.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/fields.tsx'
import { ByWhomField } from './by-whom-field.tsx'
import { useConsole } from './console-context.ts'
import { FailureNotice } from './failure-notice.tsx'
import { PlanOptions } from './plan-options.tsx'
import { TreatmentFields, usualTreatment } from './treatment-fields.tsx'
import { useRescuedFocus } from './use-rescued-focus.ts'
import { useRoomRequest } from './use-room-request.ts'

export interface RequestFormProps {
  readonly roomId: string
  readonly onDone: () => void
}

export function RequestForm({ roomId, onDone }: RequestFormProps) {
  const text = useText()
  const { organisms, serverInfo } = useConsole()
  const request = useRoomRequest(roomId, () => usualTreatment(organisms[0]?.id ?? null), onDone)
  const { treatment, setTreatment, action } = request
  const [due, setDue] = useState('')
  const heading = useRescuedFocus<HTMLHeadingElement>()
  const dueAt = due === '' ? null : hospitalTimeToIso(due, serverInfo.timeZone)
  const isDueInvalid = due !== '' && dueAt === null

  return (
    <Form
      className="stack"
      aria-label={text.request.title}
      onSubmit={(event) => {
        event.preventDefault()
        if (!isDueInvalid) request.send({ dueAt })
      }}
    >
      <h3 ref={heading} tabIndex={-1}>
        {text.request.title}
      </h3>
      <TreatmentFields value={treatment} onChange={setTreatment} />
      <TextField
        label={text.request.due}
        type="datetime-local"
        value={due}
        onChange={setDue}
        hint={text.request.dueHint(serverInfo.timeZone)}
        error={isDueInvalid ? text.request.dueInvalid : null}
      />
      <ByWhomField {...request} />
      {treatment.way === 'organism' && (
        <PlanOptions value={treatment.plan} onChange={(plan) => setTreatment({ ...treatment, plan })} />
      )}
      <FailureNotice failure={action.failure} />
      <div className="actions">
        <Button
          type="submit"
          tone="primary"
          isDisabled={!request.isComplete || isDueInvalid || action.isPending}
        >
          {action.isPending ? text.request.making : text.request.make}
        </Button>
        <Button tone="quiet" onPress={onDone}>
          {text.request.cancel}
        </Button>
      </div>
    </Form>
  )
}
