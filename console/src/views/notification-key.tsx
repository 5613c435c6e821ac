import { useState } from 'react'
import { useText } from '../i18n/use-text.ts'
import { formatDateTime } from '../store/hospital-time.ts'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { useConsole } from './console-context.ts'
import { FailureNotice } from './failure-notice.tsx'
import { useAction } from './use-action.ts'
import { useRescuedFocus } from './use-rescued-focus.ts'

/** Key by which who is told knows this server: made here, and seen once. @param madeAt `null`: nobody knows it */
export function NotificationKey({ madeAt }: { readonly madeAt: string | null }) {
  const words = useText()
  const text = words.administration.notifications
  const { api, serverInfo } = useConsole()
  const [isSure, setSure] = useState(madeAt === null)
  const [secret, setSecret] = useState<string | null>(null)
  const action = useAction()
  const make = (): void =>
    action.run(async () => {
      setSecret((await api.renewNotificationSecret()).secret)
      setSure(false)
    })
  return (
    <section className="card" aria-label={text.key}>
      <h2>{text.key}</h2>
      <p className="field-hint">{text.keyHint}</p>
      <output>{secret !== null && <NewKey secret={secret} />}</output>
      {secret === null && (
        <p>
          {madeAt === null
            ? text.keyNobody
            : text.keySince(formatDateTime(madeAt, serverInfo.timeZone, words.locale))}
        </p>
      )}
      <FailureNotice failure={action.failure} />
      <div className="actions">
        {isSure ? (
          <>
            <Button tone={madeAt === null ? 'plain' : 'danger'} isDisabled={action.isPending} onPress={make}>
              {madeAt === null ? text.makeKey : text.makeKeySure}
            </Button>
            {madeAt !== null && (
              // Who asked for it stays where they were, and a second Enter makes none.
              // oxlint-disable-next-line jsx-a11y/no-autofocus
              <Button autoFocus onPress={() => setSure(false)}>
                {text.cancel}
              </Button>
            )}
          </>
        ) : (
          secret === null && <Button onPress={() => setSure(true)}>{text.makeKey}</Button>
        )}
      </div>
    </section>
  )
}

function NewKey({ secret }: { readonly secret: string }) {
  const text = useText().administration.notifications
  const place = useRescuedFocus<HTMLDivElement>()
  return (
    <div ref={place} tabIndex={-1}>
      <Notice tone="good" icon="check" title={text.newKey}>
        <p>
          <code className="secret">{secret}</code>
        </p>
        <p>{text.newKeyHint}</p>
      </Notice>
    </div>
  )
}
