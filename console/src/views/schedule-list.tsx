import type { LiveState, ScheduleEntryView } from '@wardlight/core/fleet'
import { useText } from '../i18n/use-text.ts'
import { formatDayTime, formatTime } from '../store/hospital-time.ts'
import { Icon } from '../ui/icon.tsx'
import { useConsole } from './console-context.ts'
import { hrefOf } from './route.ts'

export interface ScheduleListProps {
  readonly entries: readonly ScheduleEntryView[]
  readonly live: LiveState
  readonly nowMs: number
  readonly chosenId: string | null
}

const GROUPS = [
  { id: 'unmet', has: ['unmet'] },
  { id: 'running', has: ['running'] },
  { id: 'next', has: ['requested', 'expected'] },
] as const satisfies readonly { id: string; has: readonly ScheduleEntryView['status'][] }[]

/** Everything that the timeline shows, in words and in order. */
export function ScheduleList({ entries, live, nowMs, chosenId }: ScheduleListProps) {
  const text = useText()
  return (
    <section className="schedule-list" aria-label={text.schedule.list}>
      {GROUPS.map(({ id, has }) => {
        const own = entries.filter(({ status }) => (has as readonly string[]).includes(status))
        if (own.length === 0) return null
        return (
          <section key={id} aria-label={text.schedule.groups[id]}>
            <h2 className="schedule-group">
              {text.schedule.groups[id]} <span className="segment-count">{own.length}</span>
            </h2>
            <ol className="plain-list">
              {own.map((entry) => (
                <ScheduleItem
                  key={entry.id}
                  entry={entry}
                  live={live}
                  nowMs={nowMs}
                  isChosen={entry.id === chosenId}
                />
              ))}
            </ol>
          </section>
        )
      })}
    </section>
  )
}

interface ScheduleItemProps {
  readonly entry: ScheduleEntryView
  readonly live: LiveState
  readonly nowMs: number
  readonly isChosen: boolean
}

function ScheduleItem({ entry, live, nowMs, isChosen }: ScheduleItemProps) {
  const text = useText()
  const { serverInfo } = useConsole()
  const { timeZone } = serverInfo
  const robot = entry.robotId === null ? null : (live.robots[entry.robotId]?.serialNumber ?? entry.robotId)
  const when =
    entry.status === 'running' && entry.endAt !== null
      ? text.schedule.untilAbout(formatTime(entry.endAt, timeZone, text.locale))
      : entry.startAt === null
        ? text.schedule.noTime
        : whenWords(entry.startAt, nowMs, timeZone, text.locale)
  return (
    <li className={`schedule-item schedule-item-${entry.status}${isChosen ? ' schedule-item-chosen' : ''}`}>
      <span className="schedule-when">{when}</span>
      <a
        className="schedule-room"
        href={hrefOf({ page: 'schedule', section: 'board', id: entry.id })}
        {...(isChosen ? { 'aria-current': 'true' as const } : {})}
      >
        {live.rooms[entry.roomId]?.name ?? entry.roomId}
      </a>
      <span className="schedule-robot">{robot}</span>
      <span className="schedule-chips">
        <EntryChips entry={entry} />
      </span>
      <p className="schedule-reason">{entry.reason}</p>
    </li>
  )
}

/** What of an entry people have to know first. Routine is not said: it is the rule. */
export function EntryChips({ entry }: { readonly entry: ScheduleEntryView }) {
  const text = useText()
  return (
    <>
      {entry.priority !== 'routine' && (
        <span
          className="chip"
          style={
            {
              '--tone': `var(--chip-${entry.priority === 'stat' ? 'stat' : 'cleanNext'})`,
            } as React.CSSProperties
          }
        >
          <Icon name={entry.priority === 'stat' ? 'stat' : 'next'} />
          {text.schedule.priorities[entry.priority]}
        </span>
      )}
      {entry.lateMin > 0 && (
        <span className="chip" style={{ '--tone': 'var(--chip-stat)' } as React.CSSProperties}>
          <Icon name="warning" />
          {text.schedule.late(entry.lateMin)}
        </span>
      )}
      {entry.status === 'expected' && (
        <span className="chip">
          <Icon name="clock" />
          {text.schedule.statuses.expected}
        </span>
      )}
    </>
  )
}

/** With the day where it is not the day of the hospital now. */
function whenWords(iso: string, nowMs: number, timeZone: string, locale: string): string {
  const day = (at: string | number) => new Intl.DateTimeFormat('en-CA', { timeZone }).format(new Date(at))
  return day(iso) === day(nowMs) ? formatTime(iso, timeZone, locale) : formatDayTime(iso, timeZone, locale)
}
