import { useEffect, useRef, useState } from 'react'
import type { SiteValidationView } from '@wardlight/core/fleet'
import { useText } from '../i18n/use-text.ts'
import { formatDate } from '../store/hospital-time.ts'
import type { IconName } from '../look/icon-paths.ts'
import { Button } from '../ui/button.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { TextField } from '../ui/fields.tsx'
import { Icon } from '../ui/icon.tsx'
import { useConsole } from './console-context.ts'
import { FailureNotice } from './failure-notice.tsx'
import { formatDose, formatLogDown } from './figures.ts'
import { RetryNotice } from './retry-notice.tsx'
import { useAction } from './use-action.ts'
import { useResource } from './use-resource.ts'
import { ValidationForm } from './validation-form.tsx'

const LOOKS: Readonly<Record<SiteValidationView['status'], { icon: IconName; tone: string }>> = {
  valid: { icon: 'check', tone: 'var(--chip-clean)' },
  failed: { icon: 'close', tone: 'var(--chip-suspended)' },
  expired: { icon: 'clock', tone: 'var(--chip-cleanNext)' },
  withdrawn: { icon: 'blocked', tone: 'var(--chip-blocked)' },
}

/** @param chosenId the one that somebody came to see; it is scrolled to */
export function ValidationSection({ chosenId }: { readonly chosenId: string | null }) {
  const text = useText()
  const { api, user } = useConsole()
  const { value, failure, reload } = useResource('validations', () => api.validations())
  const mayRecord = user.role === 'engineer' || user.role === 'administrator'
  return (
    <>
      <p className="measure">{text.validations.what}</p>
      {mayRecord && (
        <section className="card" aria-label={text.validations.record}>
          <Disclosure title={text.validations.record}>
            <ValidationForm onRecorded={reload} />
          </Disclosure>
        </section>
      )}
      <RetryNotice failure={failure} onRetry={reload} />
      {value === null && failure === null && <p>{text.loading}</p>}
      {value?.length === 0 && <p className="card">{text.validations.none}</p>}
      <div className="card-grid">
        {value?.map((validation) => (
          <ValidationCard
            key={validation.id}
            validation={validation}
            isChosen={validation.id === chosenId}
            mayWithdraw={mayRecord && validation.withdrawn === null}
            onWithdrawn={reload}
          />
        ))}
      </div>
    </>
  )
}

interface ValidationCardProps {
  readonly validation: SiteValidationView
  readonly isChosen: boolean
  readonly mayWithdraw: boolean
  readonly onWithdrawn: () => void
}

function ValidationCard({ validation, isChosen, mayWithdraw, onWithdrawn }: ValidationCardProps) {
  const text = useText()
  const { organisms, floor, serverInfo } = useConsole()
  const card = useRef<HTMLElement>(null)
  useEffect(() => {
    if (isChosen) card.current?.scrollIntoView({ block: 'center' })
  }, [isChosen])
  const { indicator, place, result, withdrawn } = validation
  const look = LOOKS[validation.status]
  const day = (iso: string): string => formatDate(iso, serverInfo.timeZone, text.locale)
  const roomName = (id: string): string =>
    floor.levels.flatMap(({ rooms }) => rooms).find((room) => room.id === id)?.name ?? id
  return (
    <article ref={card} className={`card${isChosen ? ' card-chosen' : ''}`}>
      <header className="split">
        <h2>
          {organisms.find(({ id }) => id === validation.organismId)?.name ?? validation.organismId},{' '}
          {text.validations.methods[validation.method]}
        </h2>
        <span className="chip" style={{ '--tone': look.tone } as React.CSSProperties}>
          <Icon name={look.icon} />
          {text.validations.statuses[validation.status]}
        </span>
      </header>
      <p>
        {text.validations.shown(
          formatLogDown(validation.shownLog, text.locale),
          formatDose(validation.dose, text.locale),
          text.validations.units[validation.method],
        )}
      </p>
      <dl className="facts">
        <dt>{text.validations.result}</dt>
        <dd>
          {result.type === 'growth'
            ? text.validations.growth(
                result.grew,
                result.exposed,
                formatLogDown(result.populationLog, text.locale),
              )
            : text.validations.counted(result.samples, formatLogDown(result.lowestLog, text.locale))}{' '}
          <span className="field-hint">
            {text.validations.asked(formatLogDown(validation.requiredLog, text.locale))}
          </span>
        </dd>
        <dt>{text.validations.indicator}</dt>
        <dd>
          {indicator.organism}
          <br />
          <span className="field-hint">{text.validations.lotOf(indicator.product, indicator.lot)}</span>
        </dd>
        <dt>{text.validations.place}</dt>
        <dd>
          {place.scope === 'site'
            ? text.validations.scopes.site
            : place.scope === 'ward'
              ? place.ward
              : place.roomIds.map(roomName).join(', ')}
        </dd>
        <dt>{text.validations.equipment}</dt>
        <dd>
          {validation.equipment}
          {validation.robotIds.length > 0 && (
            <span className="field-hint"> {validation.robotIds.join(', ')}</span>
          )}
        </dd>
        <dt>{text.validations.performed}</dt>
        <dd>
          {validation.performedBy}, {day(validation.performedAt)}
        </dd>
        <dt>{text.validations.validThrough}</dt>
        <dd>{day(validation.validUntil)}</dd>
        <dt>{text.validations.evidence}</dt>
        <dd>{validation.evidence}</dd>
        <dt>{text.validations.recorded}</dt>
        <dd>
          {validation.recordedBy}, {day(validation.recordedAt)}
        </dd>
      </dl>
      {validation.note !== null && <p className="field-hint">{validation.note}</p>}
      {withdrawn !== null && (
        <p>
          {text.validations.withdrawnBy(withdrawn.by, day(withdrawn.at))} {withdrawn.reason}
        </p>
      )}
      {mayWithdraw && <Withdrawal validationId={validation.id} onWithdrawn={onWithdrawn} />}
    </article>
  )
}

function Withdrawal({
  validationId,
  onWithdrawn,
}: {
  readonly validationId: string
  readonly onWithdrawn: () => void
}) {
  const text = useText()
  const { api } = useConsole()
  const [reason, setReason] = useState('')
  const action = useAction()
  return (
    <Disclosure title={text.validations.withdraw}>
      <p className="field-hint">{text.validations.withdrawHint}</p>
      <TextField label={text.validations.reason} value={reason} onChange={setReason} maxLength={2000} />
      <FailureNotice failure={action.failure} />
      <div className="actions">
        <Button
          tone="danger"
          isDisabled={action.isPending || reason.trim() === ''}
          onPress={() =>
            action.run(async () => {
              await api.withdrawValidation(validationId, reason.trim())
              onWithdrawn()
            })
          }
        >
          {text.validations.withdrawButton}
        </Button>
      </div>
    </Disclosure>
  )
}
