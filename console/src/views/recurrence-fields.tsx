import { useText } from '../i18n/use-text.ts'
import type { RecurrenceForm } from '../store/recurrence-form.ts'
import { NumberField, TextField } from '../ui/fields.tsx'
import { SegmentsField } from '../ui/segments.tsx'
import { useConsole } from './console-context.ts'
import { WeekdayChecks } from './weekday-checks.tsx'

export interface RecurrenceFieldsProps {
  readonly form: RecurrenceForm
  readonly onChange: (form: RecurrenceForm) => void
}

/** When something begins and comes again: by a few fields, or by a rule for who knows them. */
export function RecurrenceFields({ form, onChange }: RecurrenceFieldsProps) {
  const text = useText()
  const { serverInfo } = useConsole()
  const words = text.schedule.plans
  const { repetition } = form
  const edit = (part: Partial<RecurrenceForm>): void => onChange({ ...form, ...part })
  const isCounted = repetition === 'daily' || repetition === 'weekly' || repetition === 'monthly'
  return (
    <>
      <TextField
        label={words.start}
        type="datetime-local"
        value={form.startLocal}
        onChange={(startLocal) => edit({ startLocal })}
        hint={words.startHint(serverInfo.timeZone)}
      />
      <SegmentsField
        label={words.repetition}
        value={repetition}
        onChange={(id) => edit({ repetition: id })}
        choices={(['once', 'daily', 'weekly', 'monthly', 'rule'] as const).map((id) => ({
          id,
          label: words.repetitions[id],
        }))}
      />
      {isCounted && (
        <NumberField
          label={words.interval[repetition]}
          value={form.interval}
          onChange={(interval) => edit({ interval: Number.isNaN(interval) ? 1 : interval })}
          minValue={1}
          maxValue={52}
          step={1}
          digits={0}
        />
      )}
      {repetition === 'weekly' && (
        <WeekdayChecks
          label={words.weekdays}
          days={form.weekdays}
          onChange={(weekdays) => edit({ weekdays })}
        />
      )}
      {repetition === 'monthly' && (
        <SegmentsField
          label={words.monthly}
          value={form.monthlyBy}
          onChange={(monthlyBy) => edit({ monthlyBy })}
          choices={(['day', 'weekday'] as const).map((id) => ({ id, label: words.monthlyBy[id] }))}
          hint={words.monthlyHint}
        />
      )}
      {repetition === 'rule' ? (
        <TextField
          label={words.rule}
          value={form.rule}
          onChange={(rule) => edit({ rule })}
          hint={words.ruleHint}
          maxLength={300}
        />
      ) : (
        isCounted && (
          <TextField
            label={words.until}
            type="date"
            value={form.until}
            onChange={(until) => edit({ until })}
          />
        )
      )}
    </>
  )
}
