import { useEffect } from 'react'
import { useText } from '../i18n/use-text.ts'
import { useConsole } from './console-context.ts'
import { RetryNotice } from './retry-notice.tsx'
import { hrefOf, type Route } from './route.ts'
import { ScheduleBoard } from './schedule-board.tsx'
import { ScheduleHoursSection } from './schedule-hours.tsx'
import { SchedulePlansSection } from './schedule-plans.tsx'
import { ScheduleZonesSection } from './schedule-zones.tsx'
import { useFleet } from './use-fleet.ts'
import { useResource } from './use-resource.ts'
import './schedule.css'

type ScheduleRoute = Extract<Route, { page: 'schedule' }>

const SECTIONS = ['board', 'plans', 'hours', 'zones'] as const satisfies readonly ScheduleRoute['section'][]

/** Which robot goes where next and why; what comes again; when somebody is there. */
export function SchedulePage({ section, id }: Pick<ScheduleRoute, 'section' | 'id'>) {
  const text = useText()
  const { api } = useConsole()
  const isLost = useFleet((state) => state.connection === 'lost')
  const schedule = useResource('schedule', () => api.schedule())
  // Entries are live; what surrounds them is loaded anew when they become others.
  const entryIds = useFleet((state) => Object.keys(state.live?.schedule ?? {}).join())
  const { reload } = schedule
  useEffect(reload, [reload, entryIds])
  return (
    <main id="content" className={`schedule${isLost ? ' main-lost' : ''}`}>
      <header className="schedule-header">
        <div>
          <h1>{text.schedule.title}</h1>
          <p className="report-subject">{text.schedule.subject}</p>
        </div>
        <nav className="sub-nav" aria-label={text.schedule.title}>
          {SECTIONS.map((one) => (
            <a
              key={one}
              href={hrefOf({ page: 'schedule', section: one, id: null })}
              {...(one === section ? { 'aria-current': 'page' as const } : {})}
            >
              {text.schedule.sections[one]}
            </a>
          ))}
        </nav>
      </header>
      {schedule.failure !== null && (
        <div className="schedule-body stack">
          <RetryNotice failure={schedule.failure} onRetry={reload} />
        </div>
      )}
      {section === 'board' && (
        <ScheduleBoard
          chosenId={id}
          staffed={schedule.value?.staffed ?? []}
          plans={schedule.value?.plans ?? []}
        />
      )}
      {section === 'zones' && <ScheduleZonesSection />}
      {(section === 'plans' || section === 'hours') &&
        schedule.value === null &&
        schedule.failure === null && <p className="page-loading">{text.loading}</p>}
      {section === 'plans' && schedule.value !== null && (
        <SchedulePlansSection schedule={schedule.value} chosenId={id} onChanged={reload} />
      )}
      {section === 'hours' && schedule.value !== null && (
        <ScheduleHoursSection hours={schedule.value.hours} onSaved={reload} />
      )}
    </main>
  )
}
