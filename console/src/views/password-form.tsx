import { useState } from 'react'
import { Form } from 'react-aria-components/Form'
import type { SessionView } from '@wardlight/core/fleet'
import type { Api } from '../api/api-client.ts'
import { useText } from '../i18n/use-text.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/fields.tsx'
import { FailureNotice } from './failure-notice.tsx'
import { useAction } from './use-action.ts'

export interface PasswordFormProps {
  readonly api: Api
  /** For password managers. */
  readonly name: string
  /** A one-time password was shown just now. */
  readonly isFirst: boolean
  readonly onChanged: (session: SessionView) => void
}

/** A new password, typed twice. */
export function PasswordForm({ api, name, isFirst, onChanged }: PasswordFormProps) {
  const text = useText().account.password
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [again, setAgain] = useState('')
  const action = useAction()
  const isDifferent = again !== '' && again !== next
  const isReady = next !== '' && again === next && (isFirst || current !== '')
  return (
    <Form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        if (!isReady) return
        action.run(async () => {
          const session = await api.changePassword(isFirst ? { next } : { current, next })
          setCurrent('')
          setNext('')
          setAgain('')
          onChanged(session)
        })
      }}
    >
      <input type="text" name="name" autoComplete="username" value={name} readOnly hidden />
      {!isFirst && (
        <TextField
          label={text.current}
          value={current}
          onChange={setCurrent}
          type="password"
          autoComplete="current-password"
        />
      )}
      <TextField
        label={text.next}
        hint={text.hint}
        value={next}
        onChange={setNext}
        type="password"
        autoComplete="new-password"
      />
      <TextField
        label={text.again}
        value={again}
        onChange={setAgain}
        error={isDifferent ? text.differ : null}
        type="password"
        autoComplete="new-password"
      />
      <FailureNotice failure={action.failure} />
      <Button type="submit" tone="primary" isDisabled={!isReady || action.isPending}>
        {text.change}
      </Button>
    </Form>
  )
}
