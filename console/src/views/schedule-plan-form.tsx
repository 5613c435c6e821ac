import { useState } from 'react'
import { Form } from 'react-aria-components/Form'
import type { MissedPolicyView, NewSchedulePlan, SchedulePriority } from '@wardlight/core/fleet'
import { useText } from '../i18n/use-text.ts'
import { NEW_RECURRENCE, recurrenceOf } from '../store/recurrence-form.ts'
import { Button } from '../ui/button.tsx'
import { NumberField, TextField, type NumberFieldProps } from '../ui/fields.tsx'
import { SegmentsField } from '../ui/segments.tsx'
import { Select } from '../ui/select.tsx'
import { useConsole } from './console-context.ts'
import { FailureNotice } from './failure-notice.tsx'
import { PlanOptions } from './plan-options.tsx'
import { RecurrenceFields } from './recurrence-fields.tsx'
import { RecurrencePreview } from './recurrence-preview.tsx'
import { RoomChecks } from './room-checks.tsx'
import { requestedTreatment, TreatmentFields, usualTreatment } from './treatment-fields.tsx'
import { useAction } from './use-action.ts'
import { useRescuedFocus } from './use-rescued-focus.ts'

const POLICIES = ['skip', 'runLate', 'runOnce'] as const
const USUAL_LATE_MIN = 120
const WEEK_MIN = 7 * 24 * 60

export interface SchedulePlanFormProps {
  readonly onMade: (name: string) => void
  readonly onCancel: () => void
}

/** Rooms, dates and treatment of what comes again. */
export function SchedulePlanForm({ onMade, onCancel }: SchedulePlanFormProps) {
  const text = useText()
  const { api, organisms } = useConsole()
  const words = text.schedule.plans
  const [name, setName] = useState('')
  const [roomIds, setRoomIds] = useState<readonly string[]>([])
  const [form, setForm] = useState(NEW_RECURRENCE)
  const [treatment, setTreatment] = useState(() => usualTreatment(organisms[0]?.id ?? null))
  const [priority, setPriority] = useState<SchedulePriority>('routine')
  const [missed, setMissed] = useState<MissedPolicyView['type']>('skip')
  const [lateByMin, setLateByMin] = useState(USUAL_LATE_MIN)
  const [startWithinMin, setStartWithinMin] = useState(Number.NaN)
  const [doneWithinMin, setDoneWithinMin] = useState(Number.NaN)
  const action = useAction()
  const heading = useRescuedFocus<HTMLHeadingElement>()
  const recurrence = recurrenceOf(form)
  const wanted = requestedTreatment(treatment)
  const plan: NewSchedulePlan | null =
    recurrence === null || wanted === null || name.trim() === '' || roomIds.length === 0
      ? null
      : {
          name: name.trim(),
          roomIds: [...roomIds],
          recurrence,
          missed: missed === 'runLate' ? { type: missed, lateByMin } : { type: missed },
          priority,
          startWithinMin: orNull(startWithinMin),
          doneWithinMin: orNull(doneWithinMin),
          treatment: wanted,
        }
  return (
    <Form
      className="card stack"
      aria-label={words.add}
      onSubmit={(event) => {
        event.preventDefault()
        if (plan === null) return
        action.run(async () => onMade((await api.addSchedulePlan(plan)).name))
      }}
    >
      <h2 ref={heading} tabIndex={-1}>
        {words.add}
      </h2>
      <div className="plan-columns">
        <div className="stack">
          <TextField
            label={words.name}
            hint={words.nameHint}
            value={name}
            onChange={setName}
            maxLength={120}
          />
          <RecurrenceFields form={form} onChange={setForm} />
        </div>
        <RecurrencePreview recurrence={recurrence} />
      </div>
      <RoomChecks label={words.rooms} roomIds={roomIds} onChange={setRoomIds} />
      <div className="plan-columns">
        <div className="stack">
          <TreatmentFields value={treatment} onChange={setTreatment} />
          {treatment.way === 'organism' && (
            <PlanOptions
              value={treatment.plan}
              onChange={(chosen) => setTreatment({ ...treatment, plan: chosen })}
            />
          )}
        </div>
        <div className="stack">
          <SegmentsField
            label={text.schedule.priority}
            value={priority}
            onChange={setPriority}
            choices={(['stat', 'next', 'routine'] as const).map((id) => ({
              id,
              label: text.schedule.priorities[id],
            }))}
          />
          <Select
            label={words.missed}
            placeholder={words.missedPolicies.skip}
            value={missed}
            onChange={(id) => setMissed(POLICIES.find((policy) => policy === id) ?? 'skip')}
            choices={POLICIES.map((id) => ({ id, label: words.missedPolicies[id] }))}
          />
          {missed === 'runLate' && (
            <MinutesField
              label={words.lateBy}
              value={lateByMin}
              onChange={(minutes) => setLateByMin(Number.isNaN(minutes) ? USUAL_LATE_MIN : minutes)}
              minValue={5}
            />
          )}
          <MinutesField
            label={words.startWithin}
            value={startWithinMin}
            onChange={setStartWithinMin}
            minValue={5}
          />
          <MinutesField
            label={words.doneWithin}
            value={doneWithinMin}
            onChange={setDoneWithinMin}
            minValue={10}
          />
        </div>
      </div>
      <FailureNotice failure={action.failure} />
      <div className="actions">
        <Button type="submit" tone="primary" isDisabled={plan === null || action.isPending}>
          {words.make}
        </Button>
        <Button tone="quiet" onPress={onCancel}>
          {words.cancel}
        </Button>
      </div>
    </Form>
  )
}

function orNull(minutes: number): number | null {
  return Number.isNaN(minutes) ? null : minutes
}

/** Up to a week, by fives. */
function MinutesField(props: Pick<NumberFieldProps, 'label' | 'value' | 'onChange' | 'minValue'>) {
  return <NumberField {...props} maxValue={WEEK_MIN} step={5} digits={0} />
}
