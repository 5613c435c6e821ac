import type {
  LiveState,
  RequestView,
  ScheduleChange,
  ScheduleEntryView,
  SchedulePlanView,
} from '@wardlight/core/fleet'
import { useText } from '../i18n/use-text.ts'
import { formatDateTime, formatTime } from '../store/hospital-time.ts'
import { currentChange } from '../store/schedule-board.ts'
import { Button } from '../ui/button.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { Notice } from '../ui/notice.tsx'
import { useConsole } from './console-context.ts'
import { FailureNotice } from './failure-notice.tsx'
import { formatDose, formatLog } from './figures.ts'
import { Panel } from './panel.tsx'
import { hrefOf } from './route.ts'
import { ScheduleChangeForm } from './schedule-change-form.tsx'
import { EntryChips } from './schedule-list.tsx'
import { useAction } from './use-action.ts'

export interface ScheduleEntryPanelProps {
  readonly entry: ScheduleEntryView
  readonly live: LiveState
  /** The recurring plan that it comes from. */
  readonly plan: SchedulePlanView | null
  /** What dragging it asked for, each time anew. */
  readonly dragged: { readonly change: ScheduleChange; readonly count: number } | null
  readonly onClose: () => void
}

/** One room of the schedule: what, when, by whom, why, what is missing; and how to change it. */
export function ScheduleEntryPanel({ entry, live, plan, dragged, onClose }: ScheduleEntryPanelProps) {
  const text = useText()
  const { user } = useConsole()
  const words = text.schedule
  const room = live.rooms[entry.roomId]?.name ?? entry.roomId
  const request = entry.requestId === null ? undefined : live.requests[entry.requestId]
  const change = currentChange(live, entry)
  return (
    <Panel
      title={room}
      label={words.panel(room)}
      closeLabel={words.closePanel}
      onClose={onClose}
      subtitle={
        <p className="schedule-chips">
          <span className="chip">{words.statuses[entry.status]}</span> <EntryChips entry={entry} />
        </p>
      }
    >
      <section className="stack" aria-label={words.why}>
        {entry.status === 'unmet' || entry.lateMin > 0 ? (
          <Notice tone="attention" icon="warning">
            <p>{entry.reason}</p>
          </Notice>
        ) : (
          <p>{entry.reason}</p>
        )}
        <EntryFacts entry={entry} live={live} request={request} plan={plan} />
      </section>
      <Missing entry={entry} request={request} />
      <div className="actions">
        {entry.status === 'running' ? (
          <a className="button button-primary" href={hrefOf({ page: 'mission', missionId: entry.id })}>
            {words.openMission}
          </a>
        ) : (
          <a className="button" href={hrefOf({ page: 'room', roomId: entry.roomId })}>
            {words.openRoom}
          </a>
        )}
        {entry.planId !== null && (
          <a className="button" href={hrefOf({ page: 'schedule', section: 'plans', id: entry.planId })}>
            {words.openPlan}
          </a>
        )}
      </div>
      {change !== null && entry.requestId !== null && user.role === 'nurse' ? (
        <>
          <ScheduleChangeForm
            // What was dragged begins anew.
            key={dragged?.count ?? 0}
            requestId={entry.requestId}
            current={change}
            dragged={dragged?.change ?? null}
          />
          <WithdrawRequest requestId={entry.requestId} />
        </>
      ) : entry.status === 'running' ? (
        <p className="field-hint">{words.onlyRunning}</p>
      ) : entry.status === 'expected' ? (
        <p className="field-hint">{words.onlyExpected}</p>
      ) : null}
    </Panel>
  )
}

interface EntryFactsProps {
  readonly entry: ScheduleEntryView
  readonly live: LiveState
  readonly request: RequestView | undefined
  readonly plan: SchedulePlanView | null
}

function EntryFacts({ entry, live, request, plan }: EntryFactsProps) {
  const text = useText()
  const { serverInfo, organisms } = useConsole()
  const words = text.schedule
  const time = (iso: string): string => formatTime(iso, serverInfo.timeZone, text.locale)
  const dateTime = (iso: string): string => formatDateTime(iso, serverInfo.timeZone, text.locale)
  const robot = entry.robotId === null ? null : live.robots[entry.robotId]
  const organismId = request?.organismId ?? plan?.treatment.organismId ?? null
  const organism = organisms.find(({ id }) => id === organismId)?.name ?? organismId
  const log = request?.targetLog ?? plan?.treatment.targetLog ?? null
  const target =
    request?.protocol?.name ??
    plan?.treatment.protocolId ??
    (organism === null
      ? null
      : request !== undefined && request.targetMjPerCm2 !== null
        ? words.dose(organism, formatDose(request.targetMjPerCm2, text.locale))
        : words.log(organism, log === null ? '' : formatLog(log, text.locale)))
  return (
    <dl className="facts">
      {entry.startAt !== null && entry.endAt !== null && (
        <>
          <dt>{words.facts.when}</dt>
          <dd>{words.fromTo(time(entry.startAt), time(entry.endAt))}</dd>
        </>
      )}
      {entry.robotId !== null && (
        <>
          <dt>{words.facts.robot}</dt>
          <dd>
            <a href={hrefOf({ page: 'robot', robotId: entry.robotId })}>
              {robot?.serialNumber ?? entry.robotId}
            </a>
          </dd>
        </>
      )}
      {target !== null && (
        <>
          <dt>{words.facts.target}</dt>
          <dd>{target}</dd>
        </>
      )}
      {entry.deadlineAt !== null && (
        <>
          <dt>{words.facts.due}</dt>
          <dd>{dateTime(entry.deadlineAt)}</dd>
        </>
      )}
      {request !== undefined && (
        <>
          <dt>{words.facts.asked}</dt>
          <dd>{words.askedAt(request.requestedBy, dateTime(request.requestedAt))}</dd>
        </>
      )}
      {plan !== null && request === undefined && (
        <>
          <dt>{words.facts.plan}</dt>
          <dd>{words.askedAt(plan.name, plan.createdBy)}</dd>
        </>
      )}
    </dl>
  )
}

/** People first: what nobody but they can do. */
function Missing({
  entry,
  request,
}: {
  readonly entry: ScheduleEntryView
  readonly request: RequestView | undefined
}) {
  const text = useText()
  const { serverInfo } = useConsole()
  const words = text.schedule
  if (entry.status === 'running' || entry.startAt === null) return null
  const time = formatTime(entry.startAt, serverInfo.timeZone, text.locale)
  const lines =
    request === undefined
      ? [words.missingRequest(time)]
      : [
          ...(request.status === 'planning' ? [words.missingPlanning] : []),
          ...entry.prerequisites,
          words.missingApproval(request.approvals.length, request.approvalsNeeded),
        ]
  return (
    <section className="stack schedule-missing" aria-label={words.missing}>
      <h3>{words.missing}</h3>
      <ul className="bullets">
        {[...lines, words.missingArming(time)].map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </section>
  )
}

function WithdrawRequest({ requestId }: { readonly requestId: string }) {
  const text = useText()
  const { api } = useConsole()
  const action = useAction()
  return (
    <Disclosure title={text.schedule.withdraw}>
      <FailureNotice failure={action.failure} />
      <div className="actions">
        <Button
          tone="danger"
          isDisabled={action.isPending}
          onPress={() => action.run(() => api.withdraw(requestId))}
        >
          {text.schedule.withdrawSure}
        </Button>
      </div>
    </Disclosure>
  )
}
