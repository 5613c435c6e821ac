import { useState } from 'react'
import { Form } from 'react-aria-components/Form'
import type { ProviderProblem, ServerInfo, SessionView } from '@wardlight/core/fleet'
import type { Api } from '../api/api-client.ts'
import { useText } from '../i18n/use-text.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/fields.tsx'
import { FailureNotice } from './failure-notice.tsx'
import { Notice } from '../ui/notice.tsx'
import { keepPlace } from './kept-place.ts'
import { answerWithPasskey, hasPasskeys } from './passkey-device.ts'
import { useAction } from './use-action.ts'
import { SignInCard } from './sign-in-card.tsx'

export interface SignInProps {
  readonly api: Api
  readonly serverInfo: ServerInfo
  readonly onSignedIn: (session: SessionView) => void
}

export function SignIn({ api, serverInfo, onSignedIn }: SignInProps) {
  const text = useText()
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const action = useAction()
  const [problem] = useState(providerProblem)
  const demoUsers = serverInfo.demoUsers ?? []
  return (
    <SignInCard hospitalName={serverInfo.hospitalName}>
      <h1 className="visually-hidden">{text.signIn.title}</h1>
      {problem !== null && (
        <Notice
          tone="danger"
          icon="warning"
          role="alert"
          title={text.account.providerProblems[problem].title}
        >
          <p>{text.account.providerProblems[problem].remedy}</p>
        </Notice>
      )}
      {serverInfo.provider !== null && (
        <>
          <a
            className="button button-primary"
            href="/api/session/oidc/start"
            onClick={() => keepPlace(() => sessionStorage, window.location.hash)}
          >
            {text.account.providerSignIn(serverInfo.provider.label)}
          </a>
          <p className="or">{text.account.or}</p>
        </>
      )}
      <Form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault()
          action.run(async () => onSignedIn(await api.signIn({ name, password })))
        }}
      >
        <TextField
          label={text.signIn.name}
          value={name}
          onChange={setName}
          name="name"
          autoComplete="username"
          isRequired
          validationBehavior="aria"
        />
        <TextField
          label={text.signIn.password}
          value={password}
          onChange={setPassword}
          name="password"
          type="password"
          autoComplete="current-password"
          isRequired
          validationBehavior="aria"
        />
        <FailureNotice failure={action.failure} />
        <Button
          type="submit"
          tone={serverInfo.provider === null ? 'primary' : 'plain'}
          isDisabled={action.isPending}
        >
          {action.isPending ? text.signIn.pending : text.signIn.submit}
        </Button>
      </Form>
      {hasPasskeys() && (
        <Button
          isDisabled={action.isPending}
          onPress={() =>
            action.run(async () =>
              onSignedIn(await api.passkey(await answerWithPasskey(await api.askForPasskey()))),
            )
          }
        >
          {text.account.passkeySignIn}
        </Button>
      )}
      {demoUsers.length > 0 && (
        <section className="demo-users" aria-label={text.signIn.demoTitle}>
          <h2 className="minor-heading">{text.signIn.demoTitle}</h2>
          <p className="field-hint">{text.signIn.demoNote}</p>
          <ul>
            {demoUsers.map((user) => (
              <li key={user.name}>
                <Button
                  tone="quiet"
                  className="demo-user"
                  aria-label={text.signIn.demoUse(user.name)}
                  onPress={() => {
                    setName(user.name)
                    setPassword(user.password)
                  }}
                >
                  <span>
                    <strong>{user.name}</strong> {text.roles[user.role] ?? user.role}
                  </span>
                  <code>{user.password}</code>
                </Button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </SignInCard>
  )
}

const PROBLEMS: readonly ProviderProblem[] = ['no-role', 'disabled', 'failed']

/** Why the hospital's own sign-in has sent somebody back; the address forgets it. */
function providerProblem(): ProviderProblem | null {
  const url = new URL(window.location.href)
  const said = url.searchParams.get('sign-in')
  if (said === null) return null
  url.searchParams.delete('sign-in')
  window.history.replaceState(null, '', url)
  return PROBLEMS.find((problem) => problem === said) ?? 'failed'
}
