import { useState } from 'react'
import { Form } from 'react-aria-components/Form'
import { RoleSchema, type AccountView, type Invitation, type Role } from '@wardlight/core/fleet'
import { useText } from '../i18n/use-text.ts'
import { formatDateTime } from '../store/hospital-time.ts'
import { Button } from '../ui/button.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { Checkbox, SearchField, TextField } from '../ui/fields.tsx'
import { Notice } from '../ui/notice.tsx'
import { Select } from '../ui/select.tsx'
import { useConsole } from './console-context.ts'
import { FailureNotice } from './failure-notice.tsx'
import { RetryNotice } from './retry-notice.tsx'
import { useAction } from './use-action.ts'
import { useResource } from './use-resource.ts'
import { wardsOfFloor } from './wards-of-floor.ts'

const ROLES = Object.values(RoleSchema.enum)

/** Who may sign in, for administrators. */
export function PeoplePage() {
  const text = useText().account.people
  const { api } = useConsole()
  const { value, failure, reload } = useResource('people', () => api.people())
  const [search, setSearch] = useState('')
  const [invitation, setInvitation] = useState<Invitation | null>(null)
  const wanted = search.trim().toLowerCase()
  const found = value?.filter(({ name, displayName }) =>
    `${name} ${displayName}`.toLowerCase().includes(wanted),
  )
  const invited = (made: Invitation): void => {
    setInvitation(made)
    reload()
  }
  return (
    <main id="content" className="report evidence stack">
      <header>
        <h1>{text.title}</h1>
        <p className="report-subject">{text.subject}</p>
      </header>
      <output>{invitation !== null && <OneTimePassword invitation={invitation} />}</output>
      <section className="card" aria-label={text.invite}>
        <Disclosure title={text.invite}>
          <InvitationForm onInvited={invited} />
        </Disclosure>
      </section>
      <RetryNotice failure={failure} onRetry={reload} />
      <SearchField label={text.find} value={search} onChange={setSearch} />
      {found?.length === 0 && <p>{text.nobody}</p>}
      <div className="card-grid">
        {found?.map((account) => (
          <PersonCard key={account.id} account={account} onChanged={reload} onInvited={invited} />
        ))}
      </div>
    </main>
  )
}

function OneTimePassword({ invitation }: { readonly invitation: Invitation }) {
  const words = useText()
  const text = words.account.people
  const { serverInfo } = useConsole()
  const { account, oneTimePassword, goodUntil } = invitation
  return (
    <Notice tone="good" icon="check" title={text.oneTime}>
      <p>
        {text.invited(account.displayName)} {formatDateTime(goodUntil, serverInfo.timeZone, words.locale)}.
      </p>
      <p>
        <code className="secret">{oneTimePassword}</code>
      </p>
      <p className="field-hint">{text.tell}</p>
    </Notice>
  )
}

interface Rights {
  readonly displayName: string
  readonly role: Role
  readonly wards: readonly string[] | null
  readonly mustUseSecondFactor: boolean
}

interface RightsFieldsProps {
  readonly rights: Rights
  readonly onChange: (rights: Rights) => void
  /** Its role comes from the hospital's own sign-in. */
  readonly isForeign: boolean
  /** Its password is not of this server, or everybody's. */
  readonly hasNoFactors: boolean
}

function RightsFields({ rights, onChange, isForeign, hasNoFactors }: RightsFieldsProps) {
  const words = useText()
  const text = words.account.people
  const { floor } = useConsole()
  const known = wardsOfFloor(floor)
  const { wards } = rights
  const offered = [...new Set([...known, ...(wards ?? [])])]
  return (
    <>
      <TextField
        label={text.displayName}
        value={rights.displayName}
        onChange={(displayName) => onChange({ ...rights, displayName })}
        maxLength={100}
      />
      {!isForeign && (
        <Select
          label={text.role}
          placeholder={text.role}
          value={rights.role}
          onChange={(role) => onChange({ ...rights, role: role as Role })}
          choices={ROLES.map((id) => ({
            id,
            label: words.roles[id] ?? id,
            note: text.roleHints[id] ?? '',
          }))}
        />
      )}
      {offered.length > 0 && (
        <div className="stack checks">
          <Checkbox
            isSelected={wards === null}
            onChange={(isAll) => onChange({ ...rights, wards: isAll ? null : [] })}
          >
            {text.allWards}
          </Checkbox>
          {wards !== null &&
            offered.map((ward) => (
              <Checkbox
                key={ward}
                isSelected={wards.includes(ward)}
                onChange={(isIn) =>
                  onChange({
                    ...rights,
                    wards: isIn ? [...wards, ward] : wards.filter((other) => other !== ward),
                  })
                }
              >
                {ward}
              </Checkbox>
            ))}
        </div>
      )}
      {!hasNoFactors && (
        <Checkbox
          isSelected={rights.mustUseSecondFactor}
          onChange={(mustUseSecondFactor) => onChange({ ...rights, mustUseSecondFactor })}
        >
          {text.mustUseSecondFactor}
        </Checkbox>
      )}
    </>
  )
}

const NOBODY: Rights & { readonly name: string } = {
  name: '',
  displayName: '',
  role: 'nurse',
  wards: null,
  mustUseSecondFactor: false,
}

function InvitationForm({ onInvited }: { readonly onInvited: (invitation: Invitation) => void }) {
  const text = useText().account.people
  const { api } = useConsole()
  const [entry, setEntry] = useState(NOBODY)
  const action = useAction()
  const isReady = /^[a-z0-9][a-z0-9._-]*$/.test(entry.name) && entry.displayName.trim() !== ''
  return (
    <Form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        if (!isReady) return
        action.run(async () => {
          onInvited(await api.invite({ ...entry, wards: entry.wards === null ? null : [...entry.wards] }))
          setEntry(NOBODY)
        })
      }}
    >
      <TextField
        label={text.name}
        hint={text.nameHint}
        value={entry.name}
        onChange={(name) => setEntry({ ...entry, name: name.toLowerCase() })}
        maxLength={60}
        autoComplete="off"
      />
      <RightsFields
        rights={entry}
        onChange={(rights) => setEntry({ ...entry, ...rights })}
        isForeign={false}
        hasNoFactors={false}
      />
      <FailureNotice failure={action.failure} />
      <div className="actions">
        <Button type="submit" tone="primary" isDisabled={!isReady || action.isPending}>
          {text.send}
        </Button>
      </div>
    </Form>
  )
}

interface PersonCardProps {
  readonly account: AccountView
  readonly onChanged: () => void
  readonly onInvited: (invitation: Invitation) => void
}

function PersonCard({ account, onChanged, onInvited }: PersonCardProps) {
  const words = useText()
  const text = words.account.people
  const { api, serverInfo } = useConsole()
  const action = useAction()
  const when = (iso: string): string => formatDateTime(iso, serverInfo.timeZone, words.locale)
  const { lockedUntil, lastSignInAt, wards } = account
  const chips = [
    ...(account.isDisabled ? [text.chips.isDisabled] : []),
    ...(lockedUntil === null ? [] : [text.chips.isLocked]),
    ...(account.isDemo ? [text.chips.isDemo] : []),
    ...(account.isFromProvider ? [serverInfo.provider?.label ?? text.chips.isFromProvider] : []),
    ...(account.hasTotp || account.passkeys > 0 ? [text.chips.hasFactor] : []),
    ...(account.mustChangePassword ? [text.chips.mustChangePassword] : []),
  ]
  return (
    <article className="card" aria-label={account.displayName}>
      <header>
        <h2>{account.displayName}</h2>
        <p className="field-hint">
          {account.name} · {words.roles[account.role] ?? account.role} ·{' '}
          {wards === null ? text.allWards : text.wards(wards)}
        </p>
      </header>
      {chips.length > 0 && (
        <p className="actions">
          {chips.map((chip) => (
            <span key={chip} className="chip">
              {chip}
            </span>
          ))}
        </p>
      )}
      <p className="field-hint">{lastSignInAt === null ? text.never : text.lastSignIn(when(lastSignInAt))}</p>
      <FailureNotice failure={action.failure} />
      {lockedUntil !== null && (
        <>
          <p>{text.lockedUntil(when(lockedUntil))}</p>
          <div className="actions">
            <Button
              isDisabled={action.isPending}
              onPress={() =>
                action.run(async () => {
                  await api.unlockPerson(account.id)
                  onChanged()
                })
              }
            >
              {text.unlock}
            </Button>
          </div>
        </>
      )}
      <Disclosure title={text.change}>
        <PersonForm account={account} onChanged={onChanged} />
        {!account.isDemo && !account.isFromProvider && (
          <>
            <div className="actions">
              <Button
                isDisabled={action.isPending}
                onPress={() => action.run(async () => onInvited(await api.resetPerson(account.id)))}
              >
                {text.reset}
              </Button>
            </div>
            <p className="field-hint">{text.resetNote}</p>
          </>
        )}
      </Disclosure>
    </article>
  )
}

function PersonForm({ account, onChanged }: Pick<PersonCardProps, 'account' | 'onChanged'>) {
  const text = useText().account.people
  const { api } = useConsole()
  const [rights, setRights] = useState<Rights>(account)
  const [isDisabled, setDisabled] = useState(account.isDisabled)
  const action = useAction()
  const isForeign = account.isFromProvider
  const hasNoFactors = account.isFromProvider || account.isDemo
  return (
    <Form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        action.run(async () => {
          await api.changePerson(account.id, {
            displayName: rights.displayName,
            wards: rights.wards === null ? null : [...rights.wards],
            isDisabled,
            ...(isForeign ? {} : { role: rights.role }),
            ...(hasNoFactors ? {} : { mustUseSecondFactor: rights.mustUseSecondFactor }),
          })
          onChanged()
        })
      }}
    >
      <RightsFields rights={rights} onChange={setRights} isForeign={isForeign} hasNoFactors={hasNoFactors} />
      <Checkbox isSelected={isDisabled} onChange={setDisabled}>
        {text.isDisabled}
      </Checkbox>
      <FailureNotice failure={action.failure} />
      <div className="actions">
        <Button
          type="submit"
          tone="primary"
          isDisabled={rights.displayName.trim() === '' || action.isPending}
        >
          {text.save}
        </Button>
      </div>
      <p className="field-hint">{text.ends}</p>
    </Form>
  )
}
