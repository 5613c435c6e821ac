import { useEffect, useRef, useState } from 'react'
import { Form } from 'react-aria-components/Form'
import type { ScheduleAnswer, ScheduleChange } from '@wardlight/core/fleet'
import { useText } from '../i18n/use-text.ts'
import { sortedRobots } from '../store/fleet-selectors.ts'
import { hospitalTimeToIso, isoToHospitalTime } from '../store/hospital-time.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/fields.tsx'
import { Notice } from '../ui/notice.tsx'
import { SegmentsField } from '../ui/segments.tsx'
import { Select } from '../ui/select.tsx'
import { useConsole } from './console-context.ts'
import { FailureNotice } from './failure-notice.tsx'
import { ScheduleAnswerCard } from './schedule-answer.tsx'
import { useAction } from './use-action.ts'
import { useFleet } from './use-fleet.ts'

const ANY_ROBOT = ''
const TIMES = ['notBefore', 'startBy', 'dueAt'] as const
type TimeField = (typeof TIMES)[number]

/** What is filled in, times as the hospital's clocks show them. */
interface Fields extends Readonly<Record<TimeField, string>> {
  readonly priority: ScheduleChange['priority']
  readonly robotId: string | null
}

export interface ScheduleChangeFormProps {
  readonly requestId: string
  readonly current: ScheduleChange
  /** What dragging asked for: the server is asked at once what it does. */
  readonly dragged: ScheduleChange | null
}

/** Asks what a change does before anybody makes it. */
export function ScheduleChangeForm({ requestId, current, dragged }: ScheduleChangeFormProps) {
  const text = useText()
  const { api, serverInfo } = useConsole()
  const words = text.schedule.change
  const { timeZone } = serverInfo
  const robots = useFleet((state) => state.live?.robots ?? null)
  const [fields, setFields] = useState(() => fieldsOf(dragged ?? current, timeZone))
  const [asked, setAsked] = useState<{
    readonly change: ScheduleChange
    readonly answer: ScheduleAnswer
  } | null>(null)
  const [isDone, setDone] = useState(false)
  const action = useAction()
  const invalid = TIMES.filter(
    (name) => fields[name] !== '' && hospitalTimeToIso(fields[name], timeZone) === null,
  )
  const edit = (part: Partial<Fields>): void => {
    setFields({ ...fields, ...part })
    setAsked(null)
    setDone(false)
  }
  const ask = (change: ScheduleChange): void =>
    action.run(async () => setAsked({ change, answer: await api.scheduleWhatIf(requestId, change) }))

  const isAsked = useRef(false)
  useEffect(() => {
    if (dragged === null || isAsked.current) return
    isAsked.current = true
    ask(dragged)
    // Once, when it has been let go of.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [])

  const time = (name: TimeField) => (
    <TextField
      key={name}
      label={{ notBefore: words.notBefore, startBy: words.startBy, dueAt: words.due }[name]}
      type="datetime-local"
      value={fields[name]}
      onChange={(value) => edit({ [name]: value })}
      error={invalid.includes(name) ? words.invalid : null}
    />
  )
  return (
    <>
      <Form
        className="stack schedule-change"
        aria-label={words.title}
        onSubmit={(event) => {
          event.preventDefault()
          if (invalid.length === 0) ask(changeOf(fields, timeZone))
        }}
      >
        <h3>{words.title}</h3>
        <SegmentsField
          label={text.schedule.priority}
          value={fields.priority ?? 'asIs'}
          onChange={(id) => edit({ priority: id === 'asIs' ? null : id })}
          choices={(['asIs', 'stat', 'next', 'routine'] as const).map((id) => ({
            id,
            label: id === 'asIs' ? words.priorityAsIs : text.schedule.priorities[id],
          }))}
        />
        {TIMES.map(time)}
        <p className="field-hint">{words.zone(timeZone)}</p>
        <Select
          label={words.robot}
          placeholder={words.anyRobot}
          value={fields.robotId ?? ANY_ROBOT}
          onChange={(id) => edit({ robotId: id === ANY_ROBOT ? null : id })}
          choices={[
            { id: ANY_ROBOT, label: words.anyRobot },
            ...sortedRobots(robots ?? {}).map(({ id, serialNumber }) => ({ id, label: serialNumber })),
          ]}
        />
        <FailureNotice failure={action.failure} />
        {asked === null && (
          <div className="actions">
            <Button type="submit" tone="primary" isDisabled={invalid.length > 0 || action.isPending}>
              {action.isPending ? words.asking : words.ask}
            </Button>
          </div>
        )}
      </Form>
      {asked !== null && (
        <ScheduleAnswerCard
          answer={asked.answer}
          isPending={action.isPending}
          onConfirm={() =>
            action.run(async () => {
              await api.changeSchedule(requestId, asked.change)
              setAsked(null)
              setDone(true)
            })
          }
          onBack={() => {
            setAsked(null)
            setFields(fieldsOf(current, timeZone))
          }}
        />
      )}
      <output>{isDone && <Notice tone="good" icon="check" title={words.done} />}</output>
    </>
  )
}

function fieldsOf(change: ScheduleChange, timeZone: string): Fields {
  const local = (iso: string | null): string => (iso === null ? '' : isoToHospitalTime(iso, timeZone))
  return {
    priority: change.priority,
    robotId: change.robotId,
    notBefore: local(change.notBefore),
    startBy: local(change.startBy),
    dueAt: local(change.dueAt),
  }
}

function changeOf({ priority, robotId, ...times }: Fields, timeZone: string): ScheduleChange {
  const iso = (name: TimeField): string | null =>
    times[name] === '' ? null : hospitalTimeToIso(times[name], timeZone)
  return { priority, robotId, notBefore: iso('notBefore'), startBy: iso('startBy'), dueAt: iso('dueAt') }
}
