import { useEffect, useState } from 'react'
import { Form } from 'react-aria-components/Form'
import { GLASS_REASON } from '@wardlight/core/fleet'
import { useText } from '../i18n/use-text.ts'
import { formatDayTime } from '../store/hospital-time.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/fields.tsx'
import { Icon } from '../ui/icon.tsx'
import { useConsole } from './console-context.ts'
import { FailureNotice } from './failure-notice.tsx'
import { isAtWork } from './roles.ts'
import { useAction } from './use-action.ts'
import { useNow } from './use-fleet.ts'
import { useRescuedFocus } from './use-rescued-focus.ts'
import './administration.css'

/** How often the server is asked whether it is over, where our clock says so, milliseconds. */
const ASK_AGAIN_MS = 10_000

/** For who works on some wards only: which, the way to the others in an emergency, and until when it is open. */
export function WardsBar({ isOffered }: { readonly isOffered: boolean }) {
  const { user } = useConsole()
  if (user.wards === null || !isAtWork(user.role)) return null
  if (user.glassBrokenUntil !== null) return <BrokenGlass until={user.glassBrokenUntil} />
  return isOffered ? <OwnWards wards={user.wards} /> : null
}

function OwnWards({ wards }: { readonly wards: readonly string[] }) {
  const text = useText().administration.glass
  const [isOpen, setOpen] = useState(false)
  const line = useRescuedFocus<HTMLParagraphElement>()
  return (
    <section className="wards-bar" aria-label={text.label}>
      <div className="wards-line">
        <p ref={line} tabIndex={-1} className="wards-words">
          {wards.length === 0 ? text.noWard : text.own(wards.join(', '))}
        </p>
        <Button aria-expanded={isOpen} onPress={() => setOpen(!isOpen)}>
          {text.open}
        </Button>
      </div>
      {isOpen && <BreakGlassForm onCancel={() => setOpen(false)} />}
    </section>
  )
}

function BreakGlassForm({ onCancel }: { readonly onCancel: () => void }) {
  const text = useText().administration.glass
  const { api, renewSession } = useConsole()
  const [reason, setReason] = useState('')
  const action = useAction()
  const isReady = reason.trim().length >= GLASS_REASON.minLength
  return (
    <Form
      className="stack wards-form"
      aria-label={text.title}
      onSubmit={(event) => {
        event.preventDefault()
        if (isReady) action.run(async () => renewSession(await api.breakGlass(reason.trim())))
      }}
    >
      <p className="measure">{text.what}</p>
      <TextField
        label={text.reason}
        hint={text.reasonHint(GLASS_REASON.minLength)}
        value={reason}
        onChange={setReason}
        maxLength={GLASS_REASON.maxLength}
        autoComplete="off"
        // Who has asked for the form types in it next.
        // oxlint-disable-next-line jsx-a11y/no-autofocus
        autoFocus
      />
      <FailureNotice failure={action.failure} />
      <div className="actions">
        <Button type="submit" tone="primary" isDisabled={!isReady || action.isPending}>
          {text.confirm}
        </Button>
        <Button onPress={onCancel}>{text.cancel}</Button>
      </div>
    </Form>
  )
}

/** On every page while it lasts. */
function BrokenGlass({ until }: { readonly until: string }) {
  const words = useText()
  const text = words.administration.glass
  const { api, clock, serverInfo, renewSession } = useConsole()
  const action = useAction()
  const line = useRescuedFocus<HTMLOutputElement>()
  useNow()
  // Real time, however fast a simulation runs; the server has the last word.
  const isOver = clock.epochMs() >= Date.parse(until)
  useEffect(() => {
    if (!isOver) return undefined
    const ask = (): void => void api.session().then(renewSession, () => {})
    ask()
    const timer = setInterval(ask, ASK_AGAIN_MS)
    return () => clearInterval(timer)
  }, [isOver, api, renewSession])
  return (
    <section className="wards-bar wards-open" aria-label={text.label}>
      <div className="wards-line">
        <output ref={line} tabIndex={-1} className="wards-words">
          <Icon name="warning" />
          <span>
            <strong>{text.until(formatDayTime(until, serverInfo.timeZone, words.locale))}</strong>{' '}
            {text.recorded}
          </span>
        </output>
        <Button
          isDisabled={action.isPending}
          onPress={() => action.run(async () => renewSession(await api.mendGlass()))}
        >
          {text.end}
        </Button>
      </div>
      <FailureNotice failure={action.failure} />
    </section>
  )
}
