import { useState } from 'react'
import { Form } from 'react-aria-components/Form'
import type { TotpEnrolment } from '@wardlight/core/fleet'
import type { Api } from '../api/api-client.ts'
import { useText } from '../i18n/use-text.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/fields.tsx'
import { QrCode } from '../ui/qr-code.tsx'
import { CodeForm } from './code-form.tsx'
import { FailureNotice } from './failure-notice.tsx'
import { createPasskey, hasPasskeys } from './passkey-device.ts'
import { useAction } from './use-action.ts'

export interface AddTotpProps {
  readonly api: Api
  readonly onAdded: (recoveryCodes: readonly string[]) => void
}

/** The secret, shown once, and the first code of it. */
export function AddTotp({ api, onAdded }: AddTotpProps) {
  const text = useText().account.factors
  const [enrolment, setEnrolment] = useState<TotpEnrolment | null>(null)
  const action = useAction()
  if (enrolment === null) {
    return (
      <>
        <FailureNotice failure={action.failure} />
        <div className="actions">
          <Button
            isDisabled={action.isPending}
            onPress={() => action.run(async () => setEnrolment(await api.enrolTotp()))}
          >
            {text.addTotp}
          </Button>
        </div>
      </>
    )
  }
  return (
    <div className="stack">
      <p>{text.totpHow}</p>
      <QrCode content={enrolment.uri} label={text.qr} />
      <p className="field-hint">
        {text.secret}: <code className="secret">{enrolment.secret.replaceAll(/(.{4})(?=.)/g, '$1 ')}</code>
      </p>
      <CodeForm
        hint=""
        submit={text.confirm}
        onCode={async (code) => onAdded((await api.confirmTotp(code)).recoveryCodes)}
      />
    </div>
  )
}

export interface AddPasskeyProps {
  readonly api: Api
  readonly onAdded: () => void
}

export function AddPasskey({ api, onAdded }: AddPasskeyProps) {
  const text = useText().account.factors
  const [name, setName] = useState('')
  const action = useAction()
  if (!hasPasskeys()) return <p className="field-hint">{text.noPasskeys}</p>
  return (
    <Form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        action.run(async () => {
          const answer = await createPasskey(await api.askForNewPasskey())
          await api.addPasskey({ ...answer, name: name.trim() })
          setName('')
          onAdded()
        })
      }}
    >
      <TextField
        label={text.passkeyName}
        hint={text.passkeyNameHint}
        value={name}
        onChange={setName}
        maxLength={60}
      />
      <FailureNotice failure={action.failure} />
      <div className="actions">
        <Button type="submit" isDisabled={name.trim() === '' || action.isPending}>
          {text.addPasskey}
        </Button>
      </div>
    </Form>
  )
}
