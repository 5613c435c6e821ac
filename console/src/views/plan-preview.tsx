import type { TreatmentPlan } from '@wardlight/core/disinfection'
import type { RequestView, StepPlan } from '@wardlight/core/fleet'
import { useState } from 'react'
import { useText } from '../i18n/use-text.ts'
import { formatDateTime } from '../store/hospital-time.ts'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { confirmationsOf, isComplete, stillDue, type ConfirmationEntries } from './confirmation-entries.ts'
import { ConfirmationFields, ConfirmationRecord, SignatureList } from './confirmations.tsx'
import { useConsole } from './console-context.ts'
import { FailureNotice } from './failure-notice.tsx'
import { GasPlanFigures } from './gas-plan.tsx'
import { formatDose, formatLog, formatMinutes } from './figures.ts'
import { highTouchReached } from './missed-groups.ts'
import { MissedList } from './missed-list.tsx'
import { signingOf } from './signing.ts'
import { useAction } from './use-action.ts'
import { useRescuedFocus } from './use-rescued-focus.ts'
import type { Resource } from './use-resource.ts'
import { useHighTouchIds, useSurfaces } from './use-surfaces.ts'

export interface PlanPreviewProps {
  readonly request: RequestView
  readonly plans: Resource<readonly StepPlan[]>
}

/** What a request became: planning, a plan to approve, or why there is none. */
export function PlanPreview({ request, plans }: PlanPreviewProps) {
  const text = useText()
  const { api, user, organisms, serverInfo } = useConsole()
  const action = useAction()
  const heading = useRescuedFocus<HTMLHeadingElement>()
  const isNurse = user.role === 'nurse'
  const [entries, setEntries] = useState<ConfirmationEntries>({})
  const signing = signingOf(user, request.approvalRoles, request.approvals)
  const due = stillDue(request.dueConfirmations, request.confirmations)
  const roles = request.approvalRoles.map((role) => text.roles[role] ?? role).join(', ')
  const isPlanned = request.status === 'planned'
  const { roomReady } = request
  const isRoomAwaited = roomReady !== null && roomReady.by === null
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
        {request.protocol !== null && (
          <>
            <strong>{text.protocol.named(request.protocol.name, request.protocol.version)}</strong>
            <br />
          </>
        )}
        {request.organismId !== null && (
          <>
            {organism?.name ?? request.organismId},{' '}
            {request.targetMjPerCm2 === null
              ? text.dose.log(formatLog(request.targetLog ?? 0, text.locale))
              : text.dose.value(formatDose(request.targetMjPerCm2, text.locale))}
            <br />
          </>
        )}
        {request.dueAt !== null &&
          text.request.due2(formatDateTime(request.dueAt, serverInfo.timeZone, text.locale))}
        {request.dueAt !== null && <br />}
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
      {isPlanned &&
        plans.value?.map((plan, index) => (
          <section className="stack" key={plan.method}>
            {plans.value!.length > 1 && (
              <h3>{text.request.stepOf(index + 1, plans.value!.length, text.methods[plan.method])}</h3>
            )}
            {plan.method === 'uv' && plan.unitId !== undefined && (
              <p className="field-hint">
                {text.request.byUnit(plan.unitId.slice(plan.unitId.indexOf('.') + 1))}
              </p>
            )}
            {plan.method === 'uv' ? <PlanFigures plan={plan.treatment} /> : <GasPlanFigures plan={plan} />}
          </section>
        ))}
      {request.confirmations.length > 0 && (
        <section className="stack">
          <h3>{text.confirm.record}</h3>
          <ConfirmationRecord confirmations={request.confirmations} />
        </section>
      )}
      {request.approvalsNeeded > 1 && (
        <section className="stack">
          <h3>{text.request.approvals(request.approvals.length, request.approvalsNeeded)}</h3>
          <SignatureList signatures={request.approvals} />
        </section>
      )}
      {isPlanned && signing === 'may' && !isRoomAwaited && due.length > 0 && (
        <ConfirmationFields
          title={text.confirm.beforeApproval}
          due={due}
          entries={entries}
          isDisabled={action.isPending}
          onChange={setEntries}
        />
      )}
      {isPlanned && signing === 'signed' && <p>{text.request.youApproved(roles)}</p>}
      {isRoomAwaited && <Notice icon="warning">{text.request.roomReadyWhy}</Notice>}
      {roomReady !== null && roomReady.by !== null && roomReady.at !== null && (
        <p className="field-hint">
          {text.request.roomReadyBy(
            roomReady.by,
            formatDateTime(roomReady.at, serverInfo.timeZone, text.locale),
          )}
        </p>
      )}
      <FailureNotice failure={plans.failure} />
      <FailureNotice failure={action.failure} />
      <div className="actions actions-sticky">
        {isRoomAwaited && isNurse && (
          <Button
            tone="primary"
            isDisabled={action.isPending}
            onPress={() => action.run(() => api.confirmRoomReady(request.id))}
          >
            {text.request.roomReady}
          </Button>
        )}
        {isPlanned && signing === 'may' && !isRoomAwaited && (
          <>
            <Button
              tone="primary"
              isDisabled={action.isPending || plans.value === null || !isComplete(due, entries)}
              onPress={() =>
                action.run(() => api.approve(request.id, { confirmations: confirmationsOf(due, entries) }))
              }
            >
              {text.request.approve}
            </Button>
            {!isComplete(due, entries) && <p className="field-hint">{text.request.confirmFirst}</p>}
          </>
        )}
        {withdraw}
        {signing === 'mayNot' && <p className="field-hint">{text.request.readOnly(roles)}</p>}
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
            <strong>{text.request.minutes(formatMinutes(plan.plannedS, text.locale))}</strong>
            <span className="field-hint">
              {text.request.ofWhichLamp(formatMinutes(plan.dwellS, text.locale))}
            </span>
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
            <strong>{text.dose.value(formatDose(plan.targetMjPerCm2, text.locale))}</strong>
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
                  {text.request.highTouchDone(formatMinutes(plan.highTouchDoneS, text.locale))}
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
