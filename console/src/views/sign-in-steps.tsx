import { useState } from 'react'
import type { ServerInfo, SessionView } from '@wardlight/core/fleet'
import type { Api } from '../api/api-client.ts'
import { useText } from '../i18n/use-text.ts'
import { Button } from '../ui/button.tsx'
import { AddPasskey, AddTotp } from './add-factor.tsx'
import { CodeForm } from './code-form.tsx'
import { FailureNotice } from './failure-notice.tsx'
import { answerWithPasskey, hasPasskeys } from './passkey-device.ts'
import { PasswordForm } from './password-form.tsx'
import { RecoveryCodes } from './recovery-codes.tsx'
import { useAction } from './use-action.ts'
import { SignInCard } from './sign-in-card.tsx'

export interface SignInStepsProps {
  readonly api: Api
  readonly serverInfo: ServerInfo
  readonly session: SessionView
  readonly onSession: (session: SessionView) => void
  readonly onStartOver: () => void
}

/** What is between the password and the console. */
export function SignInSteps({ api, serverInfo, session, onSession, onStartOver }: SignInStepsProps) {
  const text = useText()
  const { next } = session
  if (next === null) return null
  return (
    <SignInCard hospitalName={serverInfo.hospitalName}>
      <div>
        <h1 className="minor-heading">{text.account.steps[next]}</h1>
        <p className="field-hint">{session.displayName}</p>
      </div>
      {next === 'secondFactor' && <SecondFactor api={api} session={session} onSession={onSession} />}
      {next === 'newPassword' && (
        <>
          <p>{text.account.password.why}</p>
          <PasswordForm api={api} name={session.name} isFirst onChanged={onSession} />
        </>
      )}
      {next === 'enrolment' && (
        <Enrolment
          api={api}
          hasTotp={serverInfo.hasTotp}
          onDone={async () => onSession(await api.session())}
        />
      )}
      <Button tone="quiet" onPress={onStartOver}>
        {text.account.startOver}
      </Button>
    </SignInCard>
  )
}

interface SecondFactorProps {
  readonly api: Api
  readonly session: SessionView
  readonly onSession: (session: SessionView) => void
}

function SecondFactor({ api, session, onSession }: SecondFactorProps) {
  const text = useText().account
  const action = useAction()
  const { factors } = session
  const hasTotp = factors.includes('totp')
  return (
    <>
      {factors.includes('passkey') && hasPasskeys() && (
        <>
          <Button
            tone="primary"
            isDisabled={action.isPending}
            onPress={() =>
              action.run(async () =>
                onSession(await api.passkeyAsWell(await answerWithPasskey(await api.askForPasskeyAsWell()))),
              )
            }
          >
            {text.usePasskey}
          </Button>
          <FailureNotice failure={action.failure} />
        </>
      )}
      {(hasTotp || factors.includes('recoveryCode')) && (
        <CodeForm
          hint={hasTotp ? text.codeHint : text.recoveryHint}
          submit={text.useCode}
          onCode={async (code) => onSession(await api.secondFactor(code))}
        />
      )}
    </>
  )
}

interface EnrolmentProps {
  readonly api: Api
  readonly hasTotp: boolean
  readonly onDone: () => Promise<void>
}

function Enrolment({ api, hasTotp, onDone }: EnrolmentProps) {
  const text = useText().account
  const [codes, setCodes] = useState<readonly string[] | null>(null)
  const action = useAction()
  if (codes !== null) {
    return (
      <>
        <RecoveryCodes codes={codes} onKept={() => action.run(onDone)} />
        <FailureNotice failure={action.failure} />
      </>
    )
  }
  return (
    <>
      <p>{text.factors.required}</p>
      {hasTotp ? (
        <AddTotp api={api} onAdded={setCodes} />
      ) : (
        <p className="field-hint">{text.factors.noTotp}</p>
      )}
      <hr className="divider" />
      <p className="field-hint">{text.factors.passkeysHow}</p>
      <AddPasskey api={api} onAdded={() => action.run(onDone)} />
      <FailureNotice failure={action.failure} />
    </>
  )
}
