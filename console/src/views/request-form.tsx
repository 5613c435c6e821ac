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
import { unitsIn } from '../store/fleet-selectors.ts'
import { useFleet } from './use-fleet.ts'
import { Segments } from '../ui/segments.tsx'
import { useAction } from './use-action.ts'
import { useRescuedFocus } from './use-rescued-focus.ts'

const NO_ROBOTS = {}

export interface RequestFormProps {
  readonly roomId: string
  readonly onDone: () => void
}

export function RequestForm({ roomId, onDone }: RequestFormProps) {
  const text = useText()
  const { api, organisms, serverInfo, floor } = useConsole()
  const robots = useFleet((state) => state.live?.robots ?? NO_ROBOTS)
  const level = floor.levels.find(({ rooms }) => rooms.some(({ id }) => id === roomId))
  const polygon = level?.rooms.find(({ id }) => id === roomId)?.polygon
  const hasUnit = polygon !== undefined && unitsIn(robots, level!.id, polygon).length > 0
  const [byWhom, setByWhom] = useState<'any' | 'unit'>('any')
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
            ...(hasUnit && byWhom === 'unit' ? { isByFixedUnit: true } : {}),
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
      {hasUnit && (
        <div className="field">
          <Segments
            label={text.request.byWhom}
            value={byWhom}
            onChange={setByWhom}
            choices={(['any', 'unit'] as const).map((id) => ({ id, label: text.request.byWhoms[id] }))}
          />
          {byWhom === 'unit' && <p className="field-hint">{text.request.byUnitHint}</p>}
        </div>
      )}
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
