import { useState } from 'react'
import type { SchedulePlanView, ScheduleView } from '@wardlight/core/fleet'
import { useText } from '../i18n/use-text.ts'
import { formatDateTime, formatDayTime } from '../store/hospital-time.ts'
import { Button } from '../ui/button.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { Notice } from '../ui/notice.tsx'
import { useConsole } from './console-context.ts'
import { FailureNotice } from './failure-notice.tsx'
import { hrefOf } from './route.ts'
import { SchedulePlanForm } from './schedule-plan-form.tsx'
import { useAction } from './use-action.ts'
import { useFleet } from './use-fleet.ts'

/** Dates of the past that are shown. */
const RUNS_SHOWN = 60

export interface SchedulePlansSectionProps {
  readonly schedule: ScheduleView
  readonly chosenId: string | null
  readonly onChanged: () => void
}

/** What comes again and again; what became of its dates. */
export function SchedulePlansSection({ schedule, chosenId, onChanged }: SchedulePlansSectionProps) {
  const text = useText()
  const { user } = useConsole()
  const words = text.schedule.plans
  const [isMaking, setMaking] = useState(false)
  const [made, setMade] = useState<string | null>(null)
  const plans = schedule.plans.toReversed()
  const going = plans.filter(({ status }) => status !== 'ended')
  const over = plans.filter(({ status }) => status === 'ended')
  return (
    <div className="schedule-body stack">
      <p className="measure">{words.what}</p>
      {user.role === 'nurse' && !isMaking && (
        <div className="actions">
          <Button
            tone="primary"
            onPress={() => {
              setMade(null)
              setMaking(true)
            }}
          >
            {words.add}
          </Button>
        </div>
      )}
      <output>{made !== null && <Notice tone="good" icon="check" title={words.made(made)} />}</output>
      {isMaking && (
        <SchedulePlanForm
          onMade={(name) => {
            setMaking(false)
            setMade(name)
            onChanged()
          }}
          onCancel={() => setMaking(false)}
        />
      )}
      {going.length === 0 && !isMaking && <p className="card">{words.none}</p>}
      <div className="card-grid">
        {going.map((plan) => (
          <PlanCard key={plan.id} plan={plan} isChosen={plan.id === chosenId} onChanged={onChanged} />
        ))}
      </div>
      <PastRuns schedule={schedule} />
      {over.length > 0 && (
        <Disclosure title={words.over} summary={String(over.length)}>
          <div className="card-grid">
            {over.map((plan) => (
              <PlanCard key={plan.id} plan={plan} isChosen={plan.id === chosenId} onChanged={onChanged} />
            ))}
          </div>
        </Disclosure>
      )}
    </div>
  )
}

interface PlanCardProps {
  readonly plan: SchedulePlanView
  readonly isChosen: boolean
  readonly onChanged: () => void
}

function PlanCard({ plan, isChosen, onChanged }: PlanCardProps) {
  const text = useText()
  const { api, user, serverInfo } = useConsole()
  const words = text.schedule.plans
  const live = useFleet((state) => state.live)
  const action = useAction()
  const { timeZone } = serverInfo
  const setStatus = (status: SchedulePlanView['status']): void =>
    action.run(async () => {
      await api.setPlanStatus(plan.id, status)
      onChanged()
    })
  return (
    <article className={`card${isChosen ? ' card-chosen' : ''}`} aria-label={plan.name}>
      <header className="split">
        <h2>{plan.name}</h2>
        <span className="chip">{words.statuses[plan.status]}</span>
      </header>
      <p>{plan.roomIds.map((id) => live?.rooms[id]?.name ?? id).join(', ')}</p>
      {plan.nextDates.length > 0 && (
        <>
          <h3>{words.next}</h3>
          <ol className="plain-list">
            {plan.nextDates.map((iso) => (
              <li key={iso}>{formatDayTime(iso, timeZone, text.locale)}</li>
            ))}
          </ol>
        </>
      )}
      <p className="field-hint">
        {plan.recurrence.rule === null ? words.once : words.byRule(plan.recurrence.rule)}
        {' · '}
        {text.schedule.priorities[plan.priority]}
        {' · '}
        {words.missedIs(words.missedPolicies[plan.missed.type])}
        <br />
        {words.by(plan.createdBy, formatDateTime(plan.createdAt, timeZone, text.locale))}
      </p>
      <FailureNotice failure={action.failure} />
      {user.role === 'nurse' && plan.status !== 'ended' && (
        <>
          <div className="actions">
            <Button
              isDisabled={action.isPending}
              onPress={() => setStatus(plan.status === 'active' ? 'paused' : 'active')}
            >
              {plan.status === 'active' ? words.pause : words.resume}
            </Button>
          </div>
          <Disclosure title={words.end}>
            <div className="actions">
              <Button tone="danger" isDisabled={action.isPending} onPress={() => setStatus('ended')}>
                {words.endSure(plan.name)}
              </Button>
            </div>
          </Disclosure>
        </>
      )}
    </article>
  )
}

function PastRuns({ schedule }: { readonly schedule: ScheduleView }) {
  const text = useText()
  const { serverInfo } = useConsole()
  const words = text.schedule.plans
  const live = useFleet((state) => state.live)
  const names = new Map(schedule.plans.map(({ id, name }) => [id, name]))
  return (
    <section className="card" aria-label={words.runs}>
      <h2>{words.runs}</h2>
      {schedule.runs.length === 0 ? (
        <p>{words.runsNone}</p>
      ) : (
        <ul className="plain-list schedule-runs">
          {schedule.runs.slice(0, RUNS_SHOWN).map((run) => (
            <li key={`${run.planId} ${run.roomId} ${run.scheduledAt}`}>
              <span className="schedule-when">
                {formatDayTime(run.scheduledAt, serverInfo.timeZone, text.locale)}
              </span>
              <span>
                <a href={hrefOf({ page: 'room', roomId: run.roomId })}>
                  {live?.rooms[run.roomId]?.name ?? run.roomId}
                </a>
                {`, ${names.get(run.planId) ?? run.planId}`}
              </span>
              <span>
                {words.decisions[run.decision]}
                {run.reason !== null && <span className="field-hint">{`: ${run.reason}`}</span>}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
