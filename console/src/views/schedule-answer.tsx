import { useEffect, useRef } from 'react'
import type { ScheduleAnswer } from '@wardlight/core/fleet'
import { useText } from '../i18n/use-text.ts'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'

export interface ScheduleAnswerCardProps {
  readonly answer: ScheduleAnswer
  readonly isPending: boolean
  readonly onConfirm: () => void
  readonly onBack: () => void
}

/** What a change would do, in the server's words; nothing is done before it is confirmed here. */
export function ScheduleAnswerCard({ answer, isPending, onConfirm, onBack }: ScheduleAnswerCardProps) {
  const text = useText()
  const words = text.schedule.answer
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    heading.current?.focus({ preventScroll: true })
    heading.current?.closest('section')?.scrollIntoView({ block: 'nearest' })
  }, [])
  return (
    <section className="stack schedule-answer" aria-label={words.title}>
      <h3 ref={heading} tabIndex={-1}>
        {words.title}
      </h3>
      <p className="schedule-own">{answer.own ?? words.nothing}</p>
      {answer.isConflict ? (
        <Notice tone="attention" icon="warning" title={words.conflict}>
          <p>{answer.entry.reason}</p>
        </Notice>
      ) : (
        <p>{answer.entry.reason}</p>
      )}
      {answer.effects.length === 0 ? (
        <p>{words.nothingElse}</p>
      ) : (
        <>
          <h4 className="minor-heading">{words.others}</h4>
          <ul className="bullets">
            {answer.effects.map(({ kind, words: effect }, index) => (
              // Rooms of other wards have no name here, and an answer stays as it is.
              // oxlint-disable-next-line react/no-array-index-key
              <li key={index} className={kind === 'unmet' || kind === 'late' ? 'schedule-bad' : ''}>
                {effect}
              </li>
            ))}
          </ul>
        </>
      )}
      <div className="actions">
        <Button tone="primary" isDisabled={isPending} onPress={onConfirm}>
          {answer.isConflict ? words.confirmConflict : words.confirm}
        </Button>
        <Button isDisabled={isPending} onPress={onBack}>
          {words.back}
        </Button>
      </div>
    </section>
  )
}
