import { useState } from 'react'
import { Form } from 'react-aria-components/Form'
import { useText } from '../i18n/use-text.ts'
import { hospitalTimeToIso } from '../store/hospital-time.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/fields.tsx'
import { useConsole } from './console-context.ts'
import { FailureNotice } from './failure-notice.tsx'
import { PlanOptions } from './plan-options.tsx'
import { requestedTreatment, TreatmentFields, usualTreatment } from './treatment-fields.tsx'
import { useAction } from './use-action.ts'
import { useRescuedFocus } from './use-rescued-focus.ts'

export interface RequestFormProps {
  readonly roomId: string
  readonly onDone: () => void
}

export function RequestForm({ roomId, onDone }: RequestFormProps) {
  const text = useText()
  const { api, organisms, serverInfo } = useConsole()
  const [treatment, setTreatment] = useState(() => usualTreatment(organisms[0]?.id ?? null))
  const [due, setDue] = useState('')
  const action = useAction()
  const heading = useRescuedFocus<HTMLHeadingElement>()
  const dueAt = due === '' ? null : hospitalTimeToIso(due, serverInfo.timeZone)
  const target = requestedTreatment(treatment)
  const isDueInvalid = due !== '' && dueAt === null

  return (
    <Form
      className="stack"
      aria-label={text.request.title}
      onSubmit={(event) => {
        event.preventDefault()
        if (target === null || isDueInvalid) return
        action.run(async () => {
          await api.request({
            roomId,
            ...target,
            ...(dueAt === null ? {} : { dueAt }),
          })
          onDone()
        })
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
      {treatment.way === 'organism' && (
        <PlanOptions value={treatment.plan} onChange={(plan) => setTreatment({ ...treatment, plan })} />
      )}
      <FailureNotice failure={action.failure} />
      <div className="actions">
        <Button type="submit" tone="primary" isDisabled={target === null || isDueInvalid || action.isPending}>
          {action.isPending ? text.request.making : text.request.make}
        </Button>
        <Button tone="quiet" onPress={onDone}>
          {text.request.cancel}
        </Button>
      </div>
    </Form>
  )
}
