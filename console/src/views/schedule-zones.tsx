import { useEffect, useState } from 'react'
import { Form } from 'react-aria-components/Form'
import type { ZoneView } from '@wardlight/core/fleet'
import { useText } from '../i18n/use-text.ts'
import { serverNowMs } from '../store/fleet-state.ts'
import { formatTime } from '../store/hospital-time.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/fields.tsx'
import { Notice } from '../ui/notice.tsx'
import { SegmentsField } from '../ui/segments.tsx'
import { useConsole } from './console-context.ts'
import { FailureNotice } from './failure-notice.tsx'
import { RetryNotice } from './retry-notice.tsx'
import { useAction } from './use-action.ts'
import { useFleet, useNow } from './use-fleet.ts'
import { useResource } from './use-resource.ts'
import { isAtWork } from './roles.ts'

/** Robots come and go: what is shown of them is no older than this. */
const LOOK_AGAIN_MS = 5000
/** How long people may take a zone at a press, minutes. */
const LENGTHS_MIN = ['10', '30', '60', '240'] as const
type LengthMin = (typeof LENGTHS_MIN)[number]

/** Zones of one robot at a time, which people may have for themselves for a while. */
export function ScheduleZonesSection() {
  const text = useText()
  const { api } = useConsole()
  const words = text.schedule.zones
  const { value: zones, failure, reload } = useResource('zones', () => api.zones())
  useEffect(() => {
    const timer = setInterval(reload, LOOK_AGAIN_MS)
    return () => clearInterval(timer)
  }, [reload])
  return (
    <div className="schedule-body stack">
      <p className="measure">{words.what}</p>
      <RetryNotice failure={failure} onRetry={reload} />
      {zones === null && failure === null && <p>{text.loading}</p>}
      {zones?.length === 0 && <p className="card">{words.none}</p>}
      <div className="card-grid">
        {zones?.map((zone) => (
          <ZoneCard key={zone.id} zone={zone} onChanged={reload} />
        ))}
      </div>
    </div>
  )
}

interface ZoneCardProps {
  readonly zone: ZoneView
  readonly onChanged: () => void
}

function ZoneCard({ zone, onChanged }: ZoneCardProps) {
  const text = useText()
  const { api, floor, user, serverInfo } = useConsole()
  const words = text.schedule.zones
  const robots = useFleet((state) => state.live?.robots ?? null)
  const action = useAction()
  const names = (ids: readonly string[]): string =>
    ids.map((id) => robots?.[id]?.serialNumber ?? id).join(', ')
  const { hold, robotIds, unheedingRobotIds } = zone
  const time = (iso: string): string => formatTime(iso, serverInfo.timeZone, text.locale)
  const mayTake = isAtWork(user.role)
  return (
    <article className="card" aria-label={zone.name}>
      <header className="split">
        <h2>{zone.name}</h2>
        <span className="chip">{hold === null ? words.open : words.held}</span>
      </header>
      <p className="field-hint">{floor.levels.find(({ id }) => id === zone.levelId)?.name ?? zone.levelId}</p>
      {hold !== null && <p>{words.heldBy(hold.by, hold.reason, time(hold.since), time(hold.until))}</p>}
      {robotIds.length > 0 &&
        (hold === null ? (
          <p>{words.inside(names(robotIds))}</p>
        ) : (
          <output>
            <Notice tone="attention" icon="warning" title={words.inside(names(robotIds))}>
              <p>{words.insideRemedy}</p>
            </Notice>
          </output>
        ))}
      {unheedingRobotIds.length > 0 && (
        <Notice tone="attention" icon="warning" title={words.unheeding(names(unheedingRobotIds))}>
          <p>{words.unheedingRemedy}</p>
        </Notice>
      )}
      {mayTake &&
        (hold === null ? (
          <TakeZone zone={zone} onChanged={onChanged} />
        ) : (
          <>
            <FailureNotice failure={action.failure} />
            <div className="actions">
              <Button
                tone="primary"
                isDisabled={action.isPending}
                onPress={() =>
                  action.run(async () => {
                    await api.giveZoneBack(zone.id)
                    onChanged()
                  })
                }
              >
                {words.giveBack}
              </Button>
            </div>
          </>
        ))}
    </article>
  )
}

function TakeZone({ zone, onChanged }: ZoneCardProps) {
  const text = useText()
  const { api, store, serverInfo } = useConsole()
  const words = text.schedule.zones
  const nowMs = serverNowMs(store.get(), useNow())
  const [reason, setReason] = useState('')
  const [lengthMin, setLengthMin] = useState<LengthMin>('30')
  const action = useAction()
  // By the server's clock: whose watch is wrong must not lose a zone early.
  const until = nowMs === null ? null : new Date(nowMs + Number(lengthMin) * 60_000).toISOString()
  return (
    <Form
      className="stack"
      aria-label={words.takeOf(zone.name)}
      onSubmit={(event) => {
        event.preventDefault()
        if (until === null || reason.trim() === '') return
        action.run(async () => {
          await api.takeZone(zone.id, { reason: reason.trim(), until })
          onChanged()
        })
      }}
    >
      <TextField
        label={words.reason}
        hint={words.reasonHint}
        value={reason}
        onChange={setReason}
        maxLength={200}
      />
      <SegmentsField
        label={words.length}
        value={lengthMin}
        onChange={setLengthMin}
        choices={LENGTHS_MIN.map((id) => ({ id, label: words.lengths[id] }))}
        hint={until === null ? null : words.until(formatTime(until, serverInfo.timeZone, text.locale))}
      />
      <FailureNotice failure={action.failure} />
      <div className="actions">
        <Button type="submit" tone="primary" isDisabled={reason.trim() === '' || action.isPending}>
          {words.take}
        </Button>
      </div>
    </Form>
  )
}
