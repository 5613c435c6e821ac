import { useState } from 'react'
import type { ScheduleChange, SchedulePlanView, ScheduleView } from '@wardlight/core/fleet'
import { useText } from '../i18n/use-text.ts'
import { serverNowMs } from '../store/fleet-state.ts'
import {
  boardRows,
  boardSpan,
  laterThan,
  sortedEntries,
  SPANS_H,
  type SpanH,
} from '../store/schedule-board.ts'
import { Segments } from '../ui/segments.tsx'
import { useConsole } from './console-context.ts'
import { Panel } from './panel.tsx'
import { hrefOf } from './route.ts'
import { ScheduleEntryPanel } from './schedule-entry-panel.tsx'
import { ScheduleList } from './schedule-list.tsx'
import { ScheduleTimeline } from './schedule-timeline.tsx'
import { useFleet, useNow } from './use-fleet.ts'
import { navigate } from './use-route.ts'

export interface ScheduleBoardProps {
  readonly chosenId: string | null
  readonly staffed: ScheduleView['staffed']
  readonly plans: readonly SchedulePlanView[]
}

/** What comes next, as a picture and as a list; what is chosen stands beside it. */
export function ScheduleBoard({ chosenId, staffed, plans }: ScheduleBoardProps) {
  const text = useText()
  const { store, user } = useConsole()
  const live = useFleet((state) => state.live)
  const nowMs = serverNowMs(store.get(), useNow())
  const [by, setBy] = useState<'robots' | 'rooms'>('robots')
  const [spanH, setSpanH] = useState<SpanH>(SPANS_H[0])
  const [dragged, setDragged] = useState<{
    readonly id: string
    readonly change: ScheduleChange
    readonly count: number
  } | null>(null)
  if (live === null || nowMs === null) return <p className="page-loading">{text.loading}</p>
  const entries = sortedEntries(live)
  const span = boardSpan(nowMs, spanH)
  const laterCount = laterThan(entries, span).length
  const chosen = entries.find(({ id }) => id === chosenId)
  const choose = (id: string | null): void => {
    setDragged(null)
    navigate({ page: 'schedule', section: 'board', id })
  }
  return (
    <div className={`schedule-board${chosenId === null ? '' : ' schedule-board-with-panel'}`}>
      <div className="schedule-overview">
        {entries.length === 0 ? (
          <section className="card schedule-empty">
            <h2>{text.schedule.empty}</h2>
            <p>{text.schedule.emptyHint}</p>
            <div className="actions">
              <a className="button" href={hrefOf({ page: 'rooms', levelId: null })}>
                {text.schedule.toRooms}
              </a>
              <a className="button" href={hrefOf({ page: 'schedule', section: 'plans', id: null })}>
                {text.schedule.toPlans}
              </a>
            </div>
          </section>
        ) : (
          <>
            <div className="timeline-pane">
              <div className="timeline-tools">
                <Segments
                  label={text.schedule.by}
                  value={by}
                  onChange={setBy}
                  choices={(['robots', 'rooms'] as const).map((id) => ({
                    id,
                    label: text.schedule.rowsBy[id],
                  }))}
                />
                <Segments
                  label={text.schedule.span}
                  value={String(spanH)}
                  onChange={(id) => setSpanH(SPANS_H.find((hours) => String(hours) === id) ?? SPANS_H[0])}
                  choices={SPANS_H.map((hours) => ({
                    id: String(hours),
                    label: text.schedule.spanHours(hours),
                  }))}
                />
                {user.role === 'nurse' && <p className="field-hint">{text.schedule.dragHint}</p>}
              </div>
              {laterCount > 0 && <p className="field-hint">{text.schedule.later(laterCount)}</p>}
              <p className="visually-hidden">{text.schedule.picture}</p>
              <ScheduleTimeline
                rows={boardRows(live, entries, by)}
                by={by}
                unmet={entries.filter(({ status }) => status === 'unmet')}
                live={live}
                span={span}
                nowMs={nowMs}
                staffed={staffed}
                chosenId={chosenId}
                onChoose={choose}
                onDrop={(id, change) => {
                  navigate({ page: 'schedule', section: 'board', id })
                  setDragged((before) => ({ id, change, count: (before?.count ?? 0) + 1 }))
                }}
              />
            </div>
            <ScheduleList entries={entries} live={live} nowMs={nowMs} chosenId={chosenId} />
          </>
        )}
      </div>
      {chosen !== undefined ? (
        <ScheduleEntryPanel
          key={chosen.id}
          entry={chosen}
          live={live}
          plan={plans.find(({ id }) => id === chosen.planId) ?? null}
          dragged={dragged?.id === chosen.id ? dragged : null}
          onClose={() => choose(null)}
        />
      ) : chosenId !== null ? (
        <Panel
          title={text.schedule.gone}
          label={text.schedule.gone}
          closeLabel={text.schedule.closePanel}
          onClose={() => choose(null)}
        >
          <p>{text.schedule.goneHint}</p>
        </Panel>
      ) : null}
    </div>
  )
}
