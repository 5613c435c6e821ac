import { useState } from 'react'
import { Form } from 'react-aria-components/Form'
import { useText } from '../i18n/use-text.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/fields.tsx'
import { FailureNotice } from './failure-notice.tsx'
import { useAction } from './use-action.ts'

export interface CodeFormProps {
  readonly hint: string
  readonly submit: string
  readonly onCode: (code: string) => Promise<void>
}

/** A code of an authenticator, or a recovery code. */
export function CodeForm({ hint, submit, onCode }: CodeFormProps) {
  const text = useText().account
  const [code, setCode] = useState('')
  const action = useAction()
  return (
    <Form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        action.run(() => onCode(code))
      }}
    >
      <TextField
        label={text.code}
        hint={hint}
        value={code}
        onChange={setCode}
        autoComplete="one-time-code"
        spellCheck="false"
      />
      <FailureNotice failure={action.failure} />
      <Button type="submit" tone="primary" isDisabled={code.trim().length < 6 || action.isPending}>
        {submit}
      </Button>
    </Form>
  )
}
