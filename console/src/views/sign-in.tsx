import { useState } from 'react'
import { Form } from 'react-aria-components/Form'
import type { ServerInfo, User } from '@wardlight/core/fleet'
import type { Api } from '../api/api-client.ts'
import { useText } from '../i18n/use-text.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/fields.tsx'
import { FailureNotice } from './failure-notice.tsx'
import { useAction } from './use-action.ts'

export interface SignInProps {
  readonly api: Api
  readonly serverInfo: ServerInfo
  readonly onSignedIn: (user: User) => void
}

export function SignIn({ api, serverInfo, onSignedIn }: SignInProps) {
  const text = useText()
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const action = useAction()
  const demoUsers = serverInfo.demoUsers ?? []
  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <header>
          <p className="brand">{text.appName}</p>
          <p className="sign-in-hospital">{serverInfo.hospitalName}</p>
        </header>
        <h1 className="visually-hidden">{text.signIn.title}</h1>
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
          <Button type="submit" tone="primary" isDisabled={action.isPending}>
            {action.isPending ? text.signIn.pending : text.signIn.submit}
          </Button>
        </Form>
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
      </div>
    </main>
  )
}
