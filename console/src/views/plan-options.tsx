import { useText } from '../i18n/use-text.ts'
import type { Dictionary } from '../i18n/en.ts'
import { Disclosure } from '../ui/disclosure.tsx'
import { Checkbox, NumberField } from '../ui/fields.tsx'
import { Segments } from '../ui/segments.tsx'

const LONGEST_BUDGET_MIN = 24 * 60

/** What a nurse asks of a plan beside its target. */
export interface PlanChoice {
  readonly goal: 'leastTime' | 'fewestStops'
  readonly highTouchFirst: boolean
  readonly isFloorTreated: boolean
  readonly timeBudgetMin: number | null
}

export const USUAL_PLAN: PlanChoice = {
  goal: 'leastTime',
  highTouchFirst: false,
  isFloorTreated: false,
  timeBudgetMin: null,
}

/** As a request carries it; nothing where everything is as usual. */
export function requestedOptions({ goal, highTouchFirst, isFloorTreated, timeBudgetMin }: PlanChoice) {
  const options = {
    ...(goal === 'leastTime' ? {} : { goal }),
    ...(highTouchFirst ? { highTouchFirst } : {}),
    ...(timeBudgetMin === null ? {} : { timeBudgetS: 60 * timeBudgetMin }),
  }
  return {
    ...(Object.keys(options).length === 0 ? {} : { options }),
    ...(isFloorTreated ? { isFloorTreated } : {}),
  }
}

export interface PlanOptionsProps {
  readonly value: PlanChoice
  readonly onChange: (value: PlanChoice) => void
}

/** Folded away, with what is set in a few words. */
export function PlanOptions({ value, onChange }: PlanOptionsProps) {
  const text = useText()
  return (
    <Disclosure title={text.request.options} summary={optionsInWords(text, value)}>
      <div className="field">
        <span className="field-label">{text.request.goal}</span>
        <Segments
          label={text.request.goal}
          value={value.goal}
          onChange={(goal) => onChange({ ...value, goal })}
          choices={(['leastTime', 'fewestStops'] as const).map((id) => ({
            id,
            label: text.request.goals[id],
          }))}
        />
        <span className="field-hint">{text.request.goalHint}</span>
      </div>
      <div>
        <Checkbox
          isSelected={value.highTouchFirst}
          onChange={(highTouchFirst) => onChange({ ...value, highTouchFirst })}
        >
          {text.request.highTouchFirst}
        </Checkbox>
        <Checkbox
          isSelected={value.isFloorTreated}
          onChange={(isFloorTreated) => onChange({ ...value, isFloorTreated })}
        >
          {text.request.floorToo}
        </Checkbox>
      </div>
      <NumberField
        label={text.request.timeBudget}
        value={value.timeBudgetMin ?? Number.NaN}
        onChange={(minutes) => onChange({ ...value, timeBudgetMin: Number.isNaN(minutes) ? null : minutes })}
        minValue={1}
        maxValue={LONGEST_BUDGET_MIN}
        step={1}
        hint={text.request.timeBudgetHint}
      />
    </Disclosure>
  )
}

/** What a plan will be asked for: "fewest stops, floor too, at most 20 min". */
export function optionsInWords(text: Dictionary, options: PlanChoice): string {
  const words = text.request.optionWords
  return [
    words[options.goal],
    options.highTouchFirst ? words.highTouchFirst : null,
    options.isFloorTreated ? words.floorToo : null,
    options.timeBudgetMin === null ? null : words.timeBudget(String(Math.round(options.timeBudgetMin))),
  ]
    .filter((word) => word !== null)
    .join(', ')
}
