import type { SchedulePriority } from '@wardlight/core/fleet'
import { useState } from 'react'
import { Form } from 'react-aria-components/Form'
import { useText } from '../i18n/use-text.ts'
import { serverNowMs } from '../store/fleet-state.ts'
import { formatDateTime, formatTime } from '../store/hospital-time.ts'
import { shiftEndAfter } from '../store/shift-end.ts'
import { usualRequestOf, type UsualRequest } from '../store/usual-request.ts'
import { Button } from '../ui/button.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { SegmentsField } from '../ui/segments.tsx'
import { ByWhomField } from './by-whom-field.tsx'
import { useConsole } from './console-context.ts'
import { FailureNotice } from './failure-notice.tsx'
import { formatLog } from './figures.ts'
import { RetryNotice } from './retry-notice.tsx'
import { TreatmentFields, usualTreatment, type TreatmentChoice } from './treatment-fields.tsx'
import { useFleet, useNow } from './use-fleet.ts'
import { useResource } from './use-resource.ts'
import { useRoomRequest } from './use-room-request.ts'

const HOUR_MS = 3_600_000
const PRIORITIES = ['stat', 'next', 'routine'] as const

type Due = 'soon' | 'hour' | 'shift'

/** A request in one tap, where the usual is right; in three, where time and priority are not. */
export function DoorRequest({ roomId }: { readonly roomId: string }) {
  const text = useText()
  const { api, organisms } = useConsole()
  const live = useFleet((state) => state.live)
  const known = useResource(`usual ${roomId}`, async () => {
    const [protocols, contamination] = await Promise.all([api.protocols(), api.contamination()])
    return { protocols, contamination }
  })
  if (known.failure !== null) return <RetryNotice failure={known.failure} onRetry={known.reload} />
  if (known.value === null || live === null) return <p>{text.door.loading}</p>
  return <UsualForm roomId={roomId} usual={usualRequestOf(roomId, { ...known.value, live, organisms })} />
}

interface UsualFormProps {
  readonly roomId: string
  readonly usual: UsualRequest
}

function UsualForm({ roomId, usual: current }: UsualFormProps) {
  const text = useText()
  const { organisms, store, clock, serverInfo } = useConsole()
  // What somebody asks for elsewhere must not change the words under this person's finger.
  const [usual] = useState(current)
  const request = useRoomRequest(
    roomId,
    () => treatmentOf(usual, organisms[0]?.id ?? null),
    () => {},
  )
  const { treatment, setTreatment, action } = request
  const [due, setDue] = useState<Due>('soon')
  const [priority, setPriority] = useState<SchedulePriority | 'asRoom'>('asRoom')
  const nowMs = serverNowMs(store.get(), useNow()) ?? clock.epochMs()
  const shiftEnd = shiftEndAfter(new Date(nowMs).toISOString(), serverInfo.timeZone, serverInfo.shiftEnds)
  const dueAt = { soon: null, hour: new Date(nowMs + HOUR_MS).toISOString(), shift: shiftEnd }[due]
  const organism = organisms.find(({ id }) => id === treatment.organismId)
  return (
    <Form
      className="stack"
      aria-label={text.door.steps.ask.title}
      onSubmit={(event) => {
        event.preventDefault()
        request.send({ dueAt, priority: priority === 'asRoom' ? null : priority })
      }}
    >
      <div className="field">
        <p className="field-label">{text.door.ask.what}</p>
        <p className="door-treatment">
          {treatment.way === 'protocol'
            ? (treatment.protocol?.name ?? text.door.ask.choose)
            : organism === undefined
              ? text.door.ask.choose
              : text.door.ask.log(organism.name, formatLog(treatment.targetLog, text.locale))}
        </p>
        <p className={usual.why === 'unnamed' ? 'field-error' : 'field-hint'}>
          <WhyUsual usual={usual} />
        </p>
      </div>
      <Disclosure title={text.door.ask.other}>
        <TreatmentFields value={treatment} onChange={setTreatment} />
        <ByWhomField {...request} />
      </Disclosure>
      <SegmentsField
        label={text.door.ask.due}
        value={due}
        onChange={setDue}
        choices={[
          { id: 'soon', label: text.door.ask.dues.soon },
          { id: 'hour', label: text.door.ask.dues.hour },
          {
            id: 'shift',
            label: text.door.ask.shift(formatTime(shiftEnd, serverInfo.timeZone, text.locale)),
          },
        ]}
      />
      <SegmentsField
        label={text.schedule.priority}
        value={priority}
        onChange={setPriority}
        choices={[
          { id: 'asRoom', label: text.schedule.change.priorityAsIs },
          ...PRIORITIES.map((id) => ({ id, label: text.schedule.priorities[id] })),
        ]}
      />
      <FailureNotice failure={action.failure} />
      <Button type="submit" tone="primary" isDisabled={!request.isComplete || action.isPending}>
        {action.isPending ? text.request.making : text.door.ask.send}
      </Button>
    </Form>
  )
}

function WhyUsual({ usual }: { readonly usual: UsualRequest }) {
  const text = useText()
  const { serverInfo } = useConsole()
  const live = useFleet((state) => state.live)
  switch (usual.why) {
    case 'isolation':
      return text.door.ask.isolation(usual.agent)
    case 'unnamed':
      return text.door.ask.unnamed
    case 'nothingKnown':
      return text.door.ask.nothingKnown
    case 'roomKind': {
      const { roomId, requestedAt } = usual.last
      const room = live?.rooms[roomId]
      return text.door.ask.roomKind(
        text.rooms.kinds[room?.kind ?? ''] ?? text.unknown,
        room?.name ?? roomId,
        formatDateTime(requestedAt, serverInfo.timeZone, text.locale),
      )
    }
  }
}

/** @param firstOrganismId taken where nothing is known, as the form of the room does */
function treatmentOf(usual: UsualRequest, firstOrganismId: string | null): TreatmentChoice {
  if (usual.why === 'unnamed') return usualTreatment(null)
  const whole = usualTreatment(firstOrganismId)
  if (usual.treatment === null) return whole
  if ('protocol' in usual.treatment) return { ...whole, way: 'protocol', protocol: usual.treatment.protocol }
  const { organismId, targetLog } = usual.treatment
  return { ...whole, organismId, targetLog: targetLog ?? whole.targetLog }
}
