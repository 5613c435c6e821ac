import { useState } from 'react'
import type { PasskeyView, SecondFactorsView } from '@wardlight/core/fleet'
import { useText } from '../i18n/use-text.ts'
import { formatDateTime } from '../store/hospital-time.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/fields.tsx'
import { Notice } from '../ui/notice.tsx'
import { AddPasskey, AddTotp } from './add-factor.tsx'
import { useConsole } from './console-context.ts'
import { Duty } from './duty.tsx'
import { FailureNotice } from './failure-notice.tsx'
import { LanguageChoice } from './language-choice.tsx'
import { PasswordForm } from './password-form.tsx'
import { RecoveryCodes } from './recovery-codes.tsx'
import { RetryNotice } from './retry-notice.tsx'
import { useAction } from './use-action.ts'
import { useResource } from './use-resource.ts'

/** What belongs to whoever is signed in. */
export function AccountPage() {
  const text = useText().account
  const { serverInfo, user } = useConsole()
  const isDemo = serverInfo.demoUsers?.some(({ name }) => name === user.name) ?? false
  return (
    <main id="content" className="report evidence stack">
      <header>
        <h1>{text.title}</h1>
        <p className="report-subject">{text.subject}</p>
      </header>
      <LanguageChoice />
      {isDemo && <p className="card">{text.demo}</p>}
      {user.isFromProvider && <p className="card">{text.fromProvider(serverInfo.provider?.label ?? '')}</p>}
      <div className="card-grid">
        {!isDemo && !user.isFromProvider && (
          <>
            <OwnPassword />
            <SecondFactors />
          </>
        )}
        {user.role !== 'auditor' && <Duty />}
        <OwnSessions />
      </div>
    </main>
  )
}

function OwnPassword() {
  const text = useText().account.password
  const { api, user } = useConsole()
  const [isChanged, setChanged] = useState(false)
  return (
    <section className="card" aria-label={text.title}>
      <h2>{text.title}</h2>
      <output>{isChanged && <Notice tone="good" icon="check" title={text.changed} />}</output>
      <PasswordForm api={api} name={user.name} isFirst={false} onChanged={() => setChanged(true)} />
      <p className="field-hint">{text.note}</p>
    </section>
  )
}

function SecondFactors() {
  const text = useText().account.factors
  const { api } = useConsole()
  const { value, failure, reload } = useResource('second-factors', () => api.secondFactors())
  return (
    <section className="card" aria-label={text.title}>
      <h2>{text.title}</h2>
      <RetryNotice failure={failure} onRetry={reload} />
      {value !== null && <FactorList factors={value} onChanged={reload} />}
    </section>
  )
}

interface FactorListProps {
  readonly factors: SecondFactorsView
  readonly onChanged: () => void
}

function FactorList({ factors, onChanged }: FactorListProps) {
  const words = useText()
  const text = words.account.factors
  const { api, serverInfo } = useConsole()
  const [codes, setCodes] = useState<readonly string[] | null>(null)
  const action = useAction()
  const { totpSince, passkeys, recoveryCodesLeft, isRequired } = factors
  const hasOne = totpSince !== null || passkeys.length > 0
  const changed = (work: () => Promise<unknown>): void =>
    action.run(async () => {
      await work()
      onChanged()
    })
  if (codes !== null) {
    return (
      <RecoveryCodes
        codes={codes}
        onKept={() => {
          setCodes(null)
          onChanged()
        }}
      />
    )
  }
  return (
    <>
      {isRequired && <p>{text.required}</p>}
      {!hasOne && <p>{text.none}</p>}
      <FailureNotice failure={action.failure} />
      <h3>{text.totp}</h3>
      {totpSince !== null ? (
        <>
          <p className="field-hint">
            {text.totpSince(formatDateTime(totpSince, serverInfo.timeZone, words.locale))}
          </p>
          <div className="actions">
            <Button isDisabled={action.isPending} onPress={() => changed(() => api.removeTotp())}>
              {text.removeTotp}
            </Button>
          </div>
        </>
      ) : serverInfo.hasTotp ? (
        <AddTotp api={api} onAdded={setCodes} />
      ) : (
        <p className="field-hint">{text.noTotp}</p>
      )}
      <h3>{text.passkeys}</h3>
      <p className="field-hint">{text.passkeysHow}</p>
      {passkeys.length > 0 && (
        <ul className="plain-list">
          {passkeys.map((passkey) => (
            <PasskeyItem
              key={`${passkey.id} ${passkey.name}`}
              passkey={passkey}
              isPending={action.isPending}
              onRename={(name) => changed(() => api.renamePasskey(passkey.id, name))}
              onRemove={() => changed(() => api.removePasskey(passkey.id))}
            />
          ))}
        </ul>
      )}
      <AddPasskey api={api} onAdded={onChanged} />
      {hasOne && serverInfo.hasTotp && (
        <>
          <h3>{text.codes}</h3>
          <p>{recoveryCodesLeft === 0 ? text.noCodes : text.codesLeft(recoveryCodesLeft)}</p>
          <div className="actions">
            <Button
              isDisabled={action.isPending}
              onPress={() => action.run(async () => setCodes((await api.newRecoveryCodes()).recoveryCodes))}
            >
              {text.newCodes}
            </Button>
          </div>
        </>
      )}
    </>
  )
}

interface PasskeyItemProps {
  readonly passkey: PasskeyView
  readonly isPending: boolean
  readonly onRename: (name: string) => void
  readonly onRemove: () => void
}

function PasskeyItem({ passkey, isPending, onRename, onRemove }: PasskeyItemProps) {
  const words = useText()
  const text = words.account.factors
  const { serverInfo } = useConsole()
  const [name, setName] = useState<string | null>(null)
  const { lastUsedAt } = passkey
  return (
    <li className="stack">
      <p>
        <strong>{passkey.name}</strong>{' '}
        <span className="field-hint">
          {lastUsedAt === null
            ? text.unused
            : text.used(formatDateTime(lastUsedAt, serverInfo.timeZone, words.locale))}
        </span>
      </p>
      {name !== null && <TextField label={text.passkeyName} value={name} onChange={setName} maxLength={60} />}
      <div className="actions">
        {name === null ? (
          <Button onPress={() => setName(passkey.name)}>{text.rename}</Button>
        ) : (
          <Button isDisabled={isPending || name.trim() === ''} onPress={() => onRename(name.trim())}>
            {text.save}
          </Button>
        )}
        <Button isDisabled={isPending} onPress={onRemove}>
          {text.remove(passkey.name)}
        </Button>
      </div>
    </li>
  )
}

function OwnSessions() {
  const words = useText()
  const text = words.account.sessions
  const { api, serverInfo, forgetSession } = useConsole()
  const { value, failure, reload } = useResource('sessions', () => api.sessions())
  const action = useAction()
  const when = (iso: string): string => formatDateTime(iso, serverInfo.timeZone, words.locale)
  return (
    <section className="card" aria-label={text.title}>
      <h2>{text.title}</h2>
      <RetryNotice failure={failure} onRetry={reload} />
      <FailureNotice failure={action.failure} />
      <ul className="plain-list session-list">
        {value?.map(({ id, browser, from, means, isThisOne, signedInAt, lastSeenAt }) => (
          <li key={id}>
            <div>
              <p>
                <strong>{browser}</strong> {isThisOne && <span className="chip">{text.thisOne}</span>}
              </p>
              <p className="field-hint">
                {from}, {text.means[means]}
                <br />
                {text.line(when(signedInAt), when(lastSeenAt))}
              </p>
            </div>
            {!isThisOne && (
              <Button
                isDisabled={action.isPending}
                onPress={() =>
                  action.run(async () => {
                    await api.endSession(id)
                    reload()
                  })
                }
              >
                {text.end(browser)}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <div className="actions">
        <Button
          isDisabled={action.isPending}
          onPress={() =>
            action.run(async () => {
              await api.endAllSessions()
              forgetSession()
            })
          }
        >
          {text.everywhere}
        </Button>
      </div>
    </section>
  )
}
