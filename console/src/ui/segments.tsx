import { ToggleButton } from 'react-aria-components/ToggleButton'
import { ToggleButtonGroup } from 'react-aria-components/ToggleButtonGroup'

export interface SegmentsProps<Id extends string> {
  readonly label: string
  readonly choices: readonly { readonly id: Id; readonly label: string; readonly count?: number }[]
  readonly value: Id
  readonly onChange: (id: Id) => void
}

/** One of a few, all visible. */
export function Segments<Id extends string>({ label, choices, value, onChange }: SegmentsProps<Id>) {
  return (
    <ToggleButtonGroup
      aria-label={label}
      className="segments"
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[value]}
      onSelectionChange={(keys) => {
        const [key] = keys
        if (key !== undefined) onChange(key as Id)
      }}
    >
      {choices.map((choice) => (
        <ToggleButton key={choice.id} id={choice.id} className="segment">
          {choice.label}
          {choice.count !== undefined && <span className="segment-count">{choice.count}</span>}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  )
}

/** The same as a field of a form, with its label above it. */
export function SegmentsField<Id extends string>({
  hint = null,
  ...segments
}: SegmentsProps<Id> & { readonly hint?: string | null }) {
  return (
    <div className="field">
      <span className="field-label" aria-hidden="true">
        {segments.label}
      </span>
      <Segments {...segments} />
      {hint !== null && <span className="field-hint">{hint}</span>}
    </div>
  )
}
