import { useEffect, useRef, useState, type CSSProperties, type PointerEvent } from 'react'
import type { LiveState, ScheduleChange, ScheduleEntryView, ScheduleView } from '@wardlight/core/fleet'
import { useText } from '../i18n/use-text.ts'
import { formatTime } from '../store/hospital-time.ts'
import {
  currentChange,
  draggedChange,
  hourMarks,
  placeIn,
  type BoardRow,
  type Span,
} from '../store/schedule-board.ts'
import { Icon } from '../ui/icon.tsx'
import { useConsole } from './console-context.ts'

/** Less than this is a press, not a drag, pixels. */
const DRAG_FROM_PX = 5

export interface ScheduleTimelineProps {
  readonly rows: readonly BoardRow[]
  readonly by: 'robots' | 'rooms'
  readonly unmet: readonly ScheduleEntryView[]
  readonly live: LiveState
  readonly span: Span
  readonly nowMs: number
  readonly staffed: ScheduleView['staffed']
  readonly chosenId: string | null
  readonly onChoose: (id: string) => void
  /** A bar was let go of somewhere else; nothing is changed by that yet. */
  readonly onDrop: (id: string, change: ScheduleChange) => void
}

interface Drag {
  readonly entry: ScheduleEntryView
  readonly fromX: number
  readonly fromY: number
  /** From the bar's left edge to the pointer, pixels. */
  readonly grabPx: number
  readonly hasMoved: boolean
  readonly startMs: number
  readonly rowId: string | null
}

/**
 * Robots or rooms by time. For the pointer and the eye: all of it is in the list, and all that dragging does can be done
 * in the panel.
 */
export function ScheduleTimeline(props: ScheduleTimelineProps) {
  const { rows, unmet, live, span, nowMs, staffed } = props
  const text = useText()
  const { serverInfo, user } = useConsole()
  const body = useRef<HTMLDivElement>(null)
  const [drag, setDrag] = useState<Drag | null>(null)
  const time = (ms: number): string =>
    formatTime(new Date(ms).toISOString(), serverInfo.timeZone, text.locale)
  const isDragging = drag !== null
  useEffect(() => {
    if (!isDragging) return undefined
    const cancel = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') setDrag(null)
    }
    window.addEventListener('keydown', cancel)
    return () => window.removeEventListener('keydown', cancel)
  }, [isDragging])

  const timeAt = (clientX: number): number => {
    const track = body.current!.querySelector('.timeline-track')!.getBoundingClientRect()
    return span.fromMs + ((clientX - track.left) / track.width) * (span.toMs - span.fromMs)
  }
  const rowAt = (clientY: number): string | null => {
    const found = [...body.current!.querySelectorAll<HTMLElement>('[data-row]')].find((row) => {
      const { top, bottom } = row.getBoundingClientRect()
      return clientY >= top && clientY < bottom
    })
    return found?.dataset['row'] ?? null
  }
  const pointerHandlers = (entry: ScheduleEntryView, rowId: string | null) => ({
    onPointerDown(event: PointerEvent<HTMLElement>) {
      if (event.button !== 0) return
      event.currentTarget.setPointerCapture(event.pointerId)
      setDrag({
        entry,
        fromX: event.clientX,
        fromY: event.clientY,
        grabPx: rowId === null ? 0 : event.clientX - event.currentTarget.getBoundingClientRect().left,
        hasMoved: false,
        startMs: nowMs,
        rowId,
      })
    },
    onPointerMove(event: PointerEvent<HTMLElement>) {
      if (drag === null || drag.entry.id !== entry.id) return
      const isFar = Math.hypot(event.clientX - drag.fromX, event.clientY - drag.fromY) >= DRAG_FROM_PX
      if (!drag.hasMoved && (!isFar || user.role !== 'nurse' || currentChange(live, entry) === null)) return
      setDrag({
        ...drag,
        hasMoved: true,
        startMs: timeAt(event.clientX - drag.grabPx),
        rowId: rowAt(event.clientY) ?? drag.rowId,
      })
    },
    onPointerUp() {
      if (drag === null || drag.entry.id !== entry.id) return
      setDrag(null)
      if (!drag.hasMoved) props.onChoose(entry.id)
      else props.onDrop(entry.id, changeOf(drag))
    },
    onPointerCancel: () => setDrag(null),
  })
  const changeOf = ({ entry, startMs, rowId }: Drag): ScheduleChange =>
    draggedChange(
      currentChange(live, entry)!,
      startMs,
      nowMs,
      props.by === 'robots' && rowId !== entry.robotId ? rowId : null,
    )
  const barOf = (entry: ScheduleEntryView, rowId: string) => (
    <TimelineBar
      key={entry.id}
      entry={entry}
      span={span}
      label={
        props.by === 'robots' ? (live.rooms[entry.roomId]?.name ?? entry.roomId) : robotName(live, entry)
      }
      isChosen={entry.id === props.chosenId}
      isLifted={drag?.hasMoved === true && drag.entry.id === entry.id}
      handlers={pointerHandlers(entry, rowId)}
    />
  )
  return (
    <div className="timeline" aria-hidden="true" ref={body}>
      <div className="timeline-row timeline-hours">
        <span />
        <div className="timeline-track">
          {hourMarks(span).map((ms) => (
            <span key={ms} className="timeline-hour" style={{ left: percent(placeIn(span, ms)) }}>
              {time(ms)}
            </span>
          ))}
        </div>
      </div>
      {unmet.length > 0 && (
        <div className="timeline-row timeline-unmet">
          <span className="timeline-name">{text.schedule.statuses.unmet}</span>
          <div className="timeline-chips">
            {unmet.map((entry) => (
              <span
                key={entry.id}
                className={`bar-entry bar-unmet${entry.id === props.chosenId ? ' bar-chosen' : ''}`}
                data-entry={entry.id}
                {...pointerHandlers(entry, null)}
              >
                <Icon name="warning" /> {live.rooms[entry.roomId]?.name ?? entry.roomId}
              </span>
            ))}
          </div>
        </div>
      )}
      {rows.map((row) => (
        <div key={row.id} className="timeline-row" data-row={row.id}>
          <span className="timeline-name">{row.name}</span>
          <div className="timeline-track">
            {gaps(staffed, span).map(({ fromMs, toMs }) => (
              <span
                key={fromMs}
                className="timeline-gap"
                style={{ left: percent(placeIn(span, fromMs)), right: percent(1 - placeIn(span, toMs)) }}
              />
            ))}
            {hourMarks(span).map((ms) => (
              <span key={ms} className="timeline-mark" style={{ left: percent(placeIn(span, ms)) }} />
            ))}
            {row.entries
              .filter(({ startAt }) => Date.parse(startAt!) < span.toMs)
              .map((entry) => barOf(entry, row.id))}
            {drag?.hasMoved === true && drag.rowId === row.id && (
              <span
                className="bar-entry bar-ghost"
                style={{ left: percent(placeIn(span, Date.parse(changeOf(drag).notBefore!))) }}
              >
                {time(Date.parse(changeOf(drag).notBefore!))}
              </span>
            )}
            <span className="timeline-now" style={{ left: percent(placeIn(span, nowMs)) }} />
          </div>
        </div>
      ))}
      <div className="timeline-row timeline-feet">
        <span />
        <div className="timeline-track">
          <span className="timeline-now-word" style={{ left: percent(placeIn(span, nowMs)) }}>
            {text.schedule.now}
          </span>
          {gaps(staffed, span).map(({ fromMs, toMs }) => (
            <span
              key={fromMs}
              className="timeline-gap-word"
              style={{ left: percent((placeIn(span, fromMs) + placeIn(span, toMs)) / 2) }}
            >
              {text.schedule.nobodyToArm}
            </span>
          ))}
        </div>
      </div>
    </div>
  )
}

interface TimelineBarProps {
  readonly entry: ScheduleEntryView
  readonly span: Span
  readonly label: string
  readonly isChosen: boolean
  readonly isLifted: boolean
  readonly handlers: Readonly<Record<string, unknown>>
}

function TimelineBar({ entry, span, label, isChosen, isLifted, handlers }: TimelineBarProps) {
  const start = placeIn(span, Date.parse(entry.startAt!))
  const end = placeIn(span, Date.parse(entry.endAt ?? entry.startAt!))
  const before = entry.steps.filter(({ kind }) => kind !== 'wait' && kind !== 'arm' && kind !== 'work')
  const style = { left: percent(start), width: percent(end - start) } satisfies CSSProperties
  return (
    <>
      {before.map(({ kind, from, to }) => (
        <span
          key={from}
          className={`bar-way bar-way-${kind}`}
          style={{
            left: percent(placeIn(span, Date.parse(from))),
            right: percent(1 - placeIn(span, Date.parse(to))),
          }}
        />
      ))}
      <span
        className={[
          'bar-entry',
          `bar-${entry.status}`,
          entry.lateMin > 0 ? 'bar-late' : '',
          isChosen ? 'bar-chosen' : '',
          isLifted ? 'bar-lifted' : '',
        ].join(' ')}
        data-entry={entry.id}
        title={label}
        style={style}
        {...handlers}
      >
        {entry.lateMin > 0 && <Icon name="warning" />}
        {entry.priority === 'stat' && entry.lateMin === 0 && <Icon name="stat" />}
        <span className="bar-label">
          <bdi>{label}</bdi>
        </span>
      </span>
    </>
  )
}

function robotName(live: LiveState, { robotId }: ScheduleEntryView): string {
  return robotId === null ? '' : (live.robots[robotId]?.serialNumber ?? robotId)
}

/** When nobody is there to arm, inside the span. */
function gaps(staffed: ScheduleView['staffed'], { fromMs, toMs }: Span): Span[] {
  const found: Span[] = []
  // Before the plan is known nothing is said about people.
  let at = staffed.length === 0 ? toMs : fromMs
  for (const { from, to } of staffed) {
    if (Date.parse(from) > at) found.push({ fromMs: at, toMs: Math.min(Date.parse(from), toMs) })
    at = Math.max(at, Date.parse(to))
    if (at >= toMs) break
  }
  if (at < toMs) found.push({ fromMs: at, toMs })
  return found.filter((gap) => gap.toMs > gap.fromMs)
}

function percent(share: number): string {
  return `${(100 * share).toFixed(3)}%`
}
