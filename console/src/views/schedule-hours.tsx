import { useState } from 'react'
import { Form } from 'react-aria-components/Form'
import type { ScheduleHours, WeeklyHoursView } from '@wardlight/core/fleet'
import { useText } from '../i18n/use-text.ts'
import { WEEKDAYS } from '../store/recurrence-form.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/fields.tsx'
import { Notice } from '../ui/notice.tsx'
import { Select } from '../ui/select.tsx'
import { useConsole } from './console-context.ts'
import { FailureNotice } from './failure-notice.tsx'
import { useAction } from './use-action.ts'
import { useFleet } from './use-fleet.ts'
import { WeekdayChecks } from './weekday-checks.tsx'

const EVERY_ROOM = ''
const NEW_HOURS: WeeklyHoursView = { days: [...WEEKDAYS], from: '22:00', to: '06:00' }
type Blackout = ScheduleHours['blackouts'][number]

export interface ScheduleHoursSectionProps {
  readonly hours: ScheduleHours
  readonly onSaved: () => void
}

/** When somebody is there to arm robots, and when robots stay out of rooms: week by week, by the hospital's clocks. */
export function ScheduleHoursSection({ hours, onSaved }: ScheduleHoursSectionProps) {
  const { user } = useConsole()
  return (
    <div className="schedule-body stack">
      {user.role === 'administrator' ? (
        <HoursForm hours={hours} onSaved={onSaved} />
      ) : (
        <HoursInWords hours={hours} />
      )}
    </div>
  )
}

function HoursInWords({ hours: { staffed, blackouts } }: { readonly hours: ScheduleHours }) {
  const text = useText()
  const words = text.schedule.hours
  const live = useFleet((state) => state.live)
  const line = useHoursLine()
  return (
    <>
      <p className="field-hint">{words.onlyAdministrator}</p>
      <section className="card" aria-label={words.staffed}>
        <h2>{words.staffed}</h2>
        {staffed.length === 0 ? (
          <p>{words.always}</p>
        ) : (
          <ul className="plain-list">
            {staffed.map((each) => (
              <li key={line(each)}>{line(each)}</li>
            ))}
          </ul>
        )}
      </section>
      <section className="card" aria-label={words.blackouts}>
        <h2>{words.blackouts}</h2>
        {blackouts.length === 0 ? (
          <p>{words.none}</p>
        ) : (
          <ul className="plain-list">
            {blackouts.map((each, index) => (
              // Lines have no name of their own, and here nobody moves them.
              // oxlint-disable-next-line react/no-array-index-key
              <li key={index}>
                {each.roomId === null ? words.everyRoom : (live?.rooms[each.roomId]?.name ?? each.roomId)}
                {': '}
                {line(each.hours)}
                {`. ${each.reason}`}
              </li>
            ))}
          </ul>
        )}
      </section>
    </>
  )
}

function HoursForm({ hours, onSaved }: ScheduleHoursSectionProps) {
  const text = useText()
  const { api, floor } = useConsole()
  const words = text.schedule.hours
  const [staffed, setStaffed] = useState(() => hours.staffed.map(withKey))
  const [blackouts, setBlackouts] = useState(() => hours.blackouts.map(withKey))
  const [isSaved, setSaved] = useState(false)
  const action = useAction()
  const isComplete =
    [...staffed.map(({ line }) => line), ...blackouts.map(({ line }) => line.hours)].every(isWhole) &&
    blackouts.every(({ line }) => line.reason.trim() !== '')
  const rooms = floor.levels.flatMap((level) => level.rooms)
  const patchStaffed = (key: number, line: WeeklyHoursView): void => {
    setSaved(false)
    setStaffed(staffed.map((each) => (each.key === key ? { key, line } : each)))
  }
  const patchBlackout = (key: number, line: Blackout): void => {
    setSaved(false)
    setBlackouts(blackouts.map((each) => (each.key === key ? { key, line } : each)))
  }
  return (
    <Form
      className="stack"
      aria-label={text.schedule.sections.hours}
      onSubmit={(event) => {
        event.preventDefault()
        if (!isComplete) return
        action.run(async () => {
          await api.setScheduleHours({
            staffed: staffed.map(({ line }) => line),
            blackouts: blackouts.map(({ line }) => ({ ...line, reason: line.reason.trim() })),
          })
          setSaved(true)
          onSaved()
        })
      }}
    >
      <section className="card stack" aria-label={words.staffed}>
        <h2>{words.staffed}</h2>
        <p className="field-hint">{words.staffedHint}</p>
        {staffed.length === 0 && <p>{words.always}</p>}
        {staffed.map(({ key, line }) => (
          <div key={key} className="hours-line">
            <HoursFields hours={line} onChange={(next) => patchStaffed(key, next)} />
            <Button onPress={() => setStaffed(staffed.filter((each) => each.key !== key))}>
              {words.remove}
            </Button>
          </div>
        ))}
        <div className="actions">
          <Button onPress={() => setStaffed([...staffed, withKey(NEW_HOURS)])}>{words.addStaffed}</Button>
        </div>
      </section>
      <section className="card stack" aria-label={words.blackouts}>
        <h2>{words.blackouts}</h2>
        <p className="field-hint">{words.blackoutsHint}</p>
        {blackouts.length === 0 && <p>{words.none}</p>}
        {blackouts.map(({ key, line }) => (
          <div key={key} className="hours-line">
            <HoursFields
              hours={line.hours}
              onChange={(next) => patchBlackout(key, { ...line, hours: next })}
            />
            <Select
              label={words.room}
              placeholder={words.everyRoom}
              value={line.roomId ?? EVERY_ROOM}
              onChange={(id) => patchBlackout(key, { ...line, roomId: id === EVERY_ROOM ? null : id })}
              choices={[
                { id: EVERY_ROOM, label: words.everyRoom },
                ...rooms.map(({ id, name }) => ({ id, label: name })),
              ]}
            />
            <TextField
              label={words.reason}
              value={line.reason}
              onChange={(reason) => patchBlackout(key, { ...line, reason })}
              maxLength={200}
            />
            <Button onPress={() => setBlackouts(blackouts.filter((each) => each.key !== key))}>
              {words.remove}
            </Button>
          </div>
        ))}
        <div className="actions">
          <Button
            onPress={() =>
              setBlackouts([...blackouts, withKey({ roomId: null, hours: NEW_HOURS, reason: '' })])
            }
          >
            {words.addBlackout}
          </Button>
        </div>
      </section>
      {!isComplete && <p className="field-hint">{words.incomplete}</p>}
      <FailureNotice failure={action.failure} />
      <div className="actions">
        <Button type="submit" tone="primary" isDisabled={!isComplete || action.isPending}>
          {words.save}
        </Button>
      </div>
      <output>{isSaved && <Notice tone="good" icon="check" title={words.saved} />}</output>
    </Form>
  )
}

interface HoursFieldsProps {
  readonly hours: WeeklyHoursView
  readonly onChange: (hours: WeeklyHoursView) => void
}

function HoursFields({ hours, onChange }: HoursFieldsProps) {
  const text = useText()
  const words = text.schedule.hours
  return (
    <>
      <WeekdayChecks label={words.days} days={hours.days} onChange={(days) => onChange({ ...hours, days })} />
      <TextField
        label={words.from}
        type="time"
        value={hours.from}
        onChange={(from) => onChange({ ...hours, from })}
      />
      <TextField
        label={isWhole(hours) && hours.to <= hours.from ? words.toNextDay : words.to}
        type="time"
        value={hours.to}
        onChange={(to) => onChange({ ...hours, to })}
      />
    </>
  )
}

/** "Mon, Tue, 22:00 to 06:00 the next day". */
function useHoursLine(): (hours: WeeklyHoursView) => string {
  const text = useText()
  const words = text.schedule.hours
  return ({ days, from, to }) => {
    const names = WEEKDAYS.filter((day) => days.includes(day))
      .map((day) => text.schedule.plans.weekdayShort[day])
      .join(', ')
    return words.line(names, from, to > from ? to : `${to} ${words.nextDay}`)
  }
}

function isWhole({ days, from, to }: WeeklyHoursView): boolean {
  const isTime = (time: string): boolean => /^\d\d:\d\d$/.test(time)
  return days.length > 0 && isTime(from) && isTime(to)
}

let lastKey = 0

/** Lines have no name of their own; a key keeps the fields of each together while others come and go. */
function withKey<Line>(line: Line): { readonly key: number; readonly line: Line } {
  lastKey += 1
  return { key: lastKey, line }
}
