import { Button as AriaButton } from 'react-aria-components/Button'
import { Label } from 'react-aria-components/Label'
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox'
import { Popover } from 'react-aria-components/Popover'
import { Select as AriaSelect, SelectValue } from 'react-aria-components/Select'
import { Text } from 'react-aria-components/Text'
import { Icon } from './icon.tsx'

export interface SelectChoice {
  readonly id: string
  readonly label: string
  readonly note?: string
}

export interface SelectProps {
  readonly label: string
  readonly placeholder: string
  readonly choices: readonly SelectChoice[]
  readonly value: string | null
  readonly onChange: (id: string) => void
  readonly hint?: string
}

export function Select({ label, placeholder, choices, value, onChange, hint }: SelectProps) {
  return (
    <AriaSelect
      className="field"
      placeholder={placeholder}
      value={value}
      onChange={(key) => {
        if (key !== null) onChange(String(key))
      }}
    >
      <Label>{label}</Label>
      <AriaButton className="button select-button">
        <SelectValue>
          {({ isPlaceholder, selectedText }) => (isPlaceholder ? placeholder : selectedText)}
        </SelectValue>
        <Icon name="chevron" />
      </AriaButton>
      {hint !== undefined && (
        <Text slot="description" className="field-hint">
          {hint}
        </Text>
      )}
      <Popover className="popover">
        <ListBox items={choices}>
          {(choice) => (
            <ListBoxItem id={choice.id} textValue={choice.label} className="option">
              <Text slot="label">{choice.label}</Text>
              {choice.note !== undefined && (
                <Text slot="description" className="option-note">
                  {choice.note}
                </Text>
              )}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  )
}
