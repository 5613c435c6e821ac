import type { RecurrenceView } from '@wardlight/core/fleet'
import { useText } from '../i18n/use-text.ts'
import { formatDayTime } from '../store/hospital-time.ts'
import { previewedDates } from '../store/recurrence-form.ts'
import { useConsole } from './console-context.ts'
import { FailureNotice } from './failure-notice.tsx'
import { useResource } from './use-resource.ts'

/** The next dates as the server counts them, and what the clocks do to them. */
export function RecurrencePreview({ recurrence }: { readonly recurrence: RecurrenceView | null }) {
  const text = useText()
  const { api, serverInfo } = useConsole()
  const words = text.schedule.plans
  const preview = useResource(recurrence === null ? null : JSON.stringify(recurrence), () =>
    api.previewDates(recurrence!),
  )
  const { timeZone } = serverInfo
  return (
    <section className="stack recurrence-preview" aria-label={words.preview}>
      <h3>{words.preview}</h3>
      {recurrence === null ? (
        <p className="field-hint">{words.previewNone}</p>
      ) : preview.failure !== null ? (
        <FailureNotice failure={preview.failure} />
      ) : preview.value === null ? (
        <p className="field-hint">{text.loading}</p>
      ) : preview.value.dates.length === 0 ? (
        <p>{words.previewOver}</p>
      ) : (
        <ol className="plain-list">
          {previewedDates(preview.value.dates, recurrence, timeZone).map(
            ({ iso, shiftedMin, clockChangeMin }) => (
              <li key={iso}>
                {formatDayTime(iso, timeZone, text.locale)}
                {shiftedMin !== 0 ? (
                  <span className="field-hint"> {words.shifted(recurrence.startLocal.slice(11))}</span>
                ) : (
                  clockChangeMin !== 0 && (
                    <span className="field-hint">
                      {' '}
                      {clockChangeMin > 0 ? words.clockForward : words.clockBack}
                    </span>
                  )
                )}
              </li>
            ),
          )}
        </ol>
      )}
    </section>
  )
}
