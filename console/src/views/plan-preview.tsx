import type { TreatmentPlan } from '@wardlight/core/disinfection'
import type { RequestView } from '@wardlight/core/fleet'
import { useText } from '../i18n/use-text.ts'
import { formatDateTime } from '../store/hospital-time.ts'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { useConsole } from './console-context.ts'
import { FailureNotice } from './failure-notice.tsx'
import { formatDose, formatLog, formatMinutes } from './figures.ts'
import { highTouchReached } from './missed-groups.ts'
import { MissedList } from './missed-list.tsx'
import { useAction } from './use-action.ts'
import { useRescuedFocus } from './use-rescued-focus.ts'
import type { Resource } from './use-resource.ts'
import { useHighTouchIds, useSurfaces } from './use-surfaces.ts'

export interface PlanPreviewProps {
  readonly request: RequestView
  readonly plan: Resource<TreatmentPlan>
}

/** What a request became: planning, a plan to approve, or why there is none. */
export function PlanPreview({ request, plan }: PlanPreviewProps) {
  const text = useText()
  const { api, user, organisms, serverInfo } = useConsole()
  const action = useAction()
  const heading = useRescuedFocus<HTMLHeadingElement>()
  const isNurse = user.role === 'nurse'
  const organism = organisms.find((item) => item.id === request.organismId)
  const withdraw = isNurse && (
    <Button isDisabled={action.isPending} onPress={() => action.run(() => api.withdraw(request.id))}>
      {text.request.withdraw}
    </Button>
  )
  return (
    <section className="stack" aria-label={text.request.planTitle}>
      <h3 ref={heading} tabIndex={-1}>
        {text.request.planTitle}
      </h3>
      <p>
        {organism?.name ?? request.organismId}, {text.dose.log(formatLog(request.targetLog))}
        {request.dueAt !== null &&
          `, ${text.request.due2(formatDateTime(request.dueAt, serverInfo.timeZone, text.locale))}`}
        <br />
        <span className="field-hint">
          {text.request.requestedBy(
            request.requestedBy,
            formatDateTime(request.requestedAt, serverInfo.timeZone, text.locale),
          )}
        </span>
      </p>
      <output className="stack">
        {request.status === 'planning' && <Notice icon="clock">{text.request.planning}</Notice>}
        {request.status === 'planningFailed' && (
          <Notice tone="attention" icon="warning" title={text.request.failedTitle}>
            <p>{request.failure}</p>
          </Notice>
        )}
      </output>
      {request.status === 'planned' && plan.value !== null && <PlanFigures plan={plan.value} />}
      <FailureNotice failure={plan.failure} />
      <FailureNotice failure={action.failure} />
      <div className="actions actions-sticky">
        {request.status === 'planned' && isNurse && (
          <Button
            tone="primary"
            isDisabled={action.isPending || plan.value === null}
            onPress={() => action.run(() => api.approve(request.id))}
          >
            {text.request.approve}
          </Button>
        )}
        {withdraw}
        {!isNurse && <p className="field-hint">{text.request.readOnly}</p>}
      </div>
    </section>
  )
}

function PlanFigures({ plan }: { readonly plan: TreatmentPlan }) {
  const text = useText()
  const total = plan.predictedMjPerCm2.length
  const promised = total - plan.unreachable.length
  const highTouchIds = useHighTouchIds(useSurfaces(plan.room, plan.surfaceSizeM))
  const touched = highTouchReached(highTouchIds, plan.unreachable)
  return (
    <>
      <dl className="figures">
        <div>
          <dt>{text.request.planned}</dt>
          <dd>
            <strong>{text.request.minutes(formatMinutes(plan.plannedS))}</strong>
            <span className="field-hint">{text.request.ofWhichLamp(formatMinutes(plan.dwellS))}</span>
          </dd>
        </div>
        <div>
          <dt>{text.request.stopsLabel}</dt>
          <dd>
            <strong>{text.request.stops(plan.stops.length)}</strong>
          </dd>
        </div>
        <div>
          <dt>{text.request.target}</dt>
          <dd>
            <strong>{text.dose.value(formatDose(plan.targetMjPerCm2))}</strong>
          </dd>
        </div>
        <div>
          <dt>{text.request.promised}</dt>
          <dd>
            <strong>{text.request.share(promised, total)}</strong>
          </dd>
        </div>
        {touched.total > 0 && (
          <div>
            <dt>{text.request.highTouch}</dt>
            <dd>
              <strong>{text.request.share(touched.reached, touched.total)}</strong>
              {plan.highTouchDoneS !== undefined && (
                <span className="field-hint">
                  {text.request.highTouchDone(formatMinutes(plan.highTouchDoneS))}
                </span>
              )}
            </dd>
          </div>
        )}
      </dl>
      {plan.notes.length > 0 && (
        <Notice icon="warning" title={text.request.notesTitle}>
          {plan.notes.map((note) => (
            <p key={note}>{note}</p>
          ))}
        </Notice>
      )}
      {plan.room.doors.length > 0 && (
        <p className="field-hint">
          {text.request.doorsNote} {plan.room.doors.map((door) => door.name).join(', ')}
        </p>
      )}
      {plan.unreachable.length === 0 ? (
        <Notice tone="good" icon="check">
          {text.request.nothingMissed}
        </Notice>
      ) : (
        <section className="stack">
          <h3>{text.request.missedTitle(plan.unreachable.length)}</h3>
          <p className="field-hint">{text.request.missedNote}</p>
          <MissedList missed={plan.unreachable} highTouchIds={highTouchIds} />
        </section>
      )}
    </>
  )
}
