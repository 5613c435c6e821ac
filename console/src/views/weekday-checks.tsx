import { useText } from '../i18n/use-text.ts'
import { WEEKDAYS, type Weekday } from '../store/recurrence-form.ts'
import { Checkbox } from '../ui/fields.tsx'

export interface WeekdayChecksProps {
  readonly label: string
  readonly days: readonly Weekday[]
  readonly onChange: (days: Weekday[]) => void
}

/** Any of the seven days, Monday first. */
export function WeekdayChecks({ label, days, onChange }: WeekdayChecksProps) {
  const text = useText()
  return (
    <fieldset className="weekdays">
      <legend className="field-label">{label}</legend>
      {WEEKDAYS.map((day) => (
        <Checkbox
          key={day}
          isSelected={days.includes(day)}
          onChange={(isSelected) =>
            onChange(WEEKDAYS.filter((other) => (other === day ? isSelected : days.includes(other))))
          }
        >
          {text.schedule.plans.weekdayNames[day]}
        </Checkbox>
      ))}
    </fieldset>
  )
}
