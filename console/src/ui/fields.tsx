import type { ReactNode } from 'react'
import { Button as AriaButton } from 'react-aria-components/Button'
import { Checkbox as AriaCheckbox } from 'react-aria-components/Checkbox'
import { Group } from 'react-aria-components/Group'
import { Input } from 'react-aria-components/Input'
import { Label } from 'react-aria-components/Label'
import { NumberField as AriaNumberField } from 'react-aria-components/NumberField'
import { SearchField as AriaSearchField } from 'react-aria-components/SearchField'
import { Text } from 'react-aria-components/Text'
import { TextArea } from 'react-aria-components/TextArea'
import {
  TextField as AriaTextField,
  type TextFieldProps as AriaTextFieldProps,
} from 'react-aria-components/TextField'
import { Icon } from './icon.tsx'

export interface TextFieldProps extends Omit<AriaTextFieldProps, 'className' | 'children'> {
  readonly label: string
  readonly hint?: string
  readonly error?: string | null
}

export function TextField({ label, hint, error = null, ...props }: TextFieldProps) {
  return (
    <AriaTextField {...props} className="field" isInvalid={error !== null}>
      <Label>{label}</Label>
      <Input className="input" />
      {hint !== undefined && (
        <Text slot="description" className="field-hint">
          {hint}
        </Text>
      )}
      {error !== null && (
        <Text slot="errorMessage" className="field-error">
          {error}
        </Text>
      )}
    </AriaTextField>
  )
}

/** For several sentences. */
export function TextAreaField({ label, hint, error = null, ...props }: TextFieldProps) {
  return (
    <AriaTextField {...props} className="field" isInvalid={error !== null}>
      <Label>{label}</Label>
      <TextArea className="input text-area" rows={5} />
      {hint !== undefined && (
        <Text slot="description" className="field-hint">
          {hint}
        </Text>
      )}
      {error !== null && (
        <Text slot="errorMessage" className="field-error">
          {error}
        </Text>
      )}
    </AriaTextField>
  )
}

export interface NumberFieldProps {
  readonly label: string
  /** `NaN` for an empty field. */
  readonly value: number
  readonly onChange: (value: number) => void
  readonly minValue: number
  readonly maxValue: number
  readonly step: number
  /** Digits behind the point at most; by default one. */
  readonly digits?: number
  readonly hint?: ReactNode
}

export function NumberField({ label, hint, digits = 1, ...props }: NumberFieldProps) {
  return (
    <AriaNumberField {...props} className="field" formatOptions={{ maximumFractionDigits: digits }}>
      <Label>{label}</Label>
      <Group className="number-group">
        <AriaButton slot="decrement" className="button">
          <Icon name="minus" />
        </AriaButton>
        <Input className="input" />
        <AriaButton slot="increment" className="button">
          <Icon name="plus" />
        </AriaButton>
      </Group>
      {hint !== undefined && (
        <Text slot="description" className="field-hint">
          {hint}
        </Text>
      )}
    </AriaNumberField>
  )
}

export interface SearchFieldProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
}

export function SearchField({ label, ...props }: SearchFieldProps) {
  return (
    <AriaSearchField {...props} aria-label={label} className="search">
      <Icon name="search" className="icon-lead" />
      <Input className="input" placeholder={label} />
    </AriaSearchField>
  )
}

export interface CheckboxProps {
  readonly isSelected: boolean
  readonly onChange: (isSelected: boolean) => void
  readonly isDisabled?: boolean
  readonly children: ReactNode
}

export function Checkbox({ children, ...props }: CheckboxProps) {
  return (
    <AriaCheckbox {...props} className="checkbox">
      <span className="checkbox-box">
        <Icon name="check" />
      </span>
      <span>{children}</span>
    </AriaCheckbox>
  )
}
