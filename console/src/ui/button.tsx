import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components/Button'

export interface ButtonProps extends Omit<AriaButtonProps, 'className'> {
  readonly tone?: 'plain' | 'primary' | 'danger' | 'quiet'
  readonly isSquare?: boolean
  readonly className?: string
}

export function Button({ tone = 'plain', isSquare = false, className = '', ...props }: ButtonProps) {
  const shape = isSquare ? ' button-square' : ''
  return <AriaButton {...props} className={`button button-${tone}${shape} ${className}`} />
}
