import { useState } from 'react'
import type { MissionView, RequestView, RoomState, RoomView, StepPlan } from '@wardlight/core/fleet'
import { useText } from '../i18n/use-text.ts'
import { isRunning, shownStateOf } from '../store/fleet-selectors.ts'
import { Button } from '../ui/button.tsx'
import { Select } from '../ui/select.tsx'
import { useConsole } from './console-context.ts'
import { FailureNotice } from './failure-notice.tsx'
import { GasMissionPanel } from './gas-mission-panel.tsx'
import { MissionPanel } from './mission-panel.tsx'
import { Panel } from './panel.tsx'
import { PlanPreview } from './plan-preview.tsx'
import { RequestForm } from './request-form.tsx'
import { HandMeasurementForm } from './hand-measurement-form.tsx'
import { hrefOf } from './route.ts'
import { StateChip } from './state-chip.tsx'
import { useAction } from './use-action.ts'
import { useAge, useFleet } from './use-fleet.ts'
import { useRescuedFocus } from './use-rescued-focus.ts'
import type { Resource } from './use-resource.ts'

export interface RoomPanelProps {
  readonly room: RoomView
  readonly request: RequestView | null
  readonly mission: MissionView | null
  /** Of the running mission, or of every step of the open request. */
  readonly plans: Resource<readonly StepPlan[]>
  readonly isDoseMapShown: boolean
  readonly onClose: () => void
}

/** States that a person may set; the others follow from treatments. */
const BY_HAND: readonly RoomState[] = ['dirty', 'cleanNext', 'stat', 'blocked', 'occupied']

export function RoomPanel({ room, request, mission, plans, isDoseMapShown, onClose }: RoomPanelProps) {
  const text = useText()
  const { floor, user } = useConsole()
  const [isAsking, setAsking] = useState(false)
  const age = useAge(room.since)
  const level = floor.levels.find((candidate) => candidate.id === room.levelId)
  const planned = level?.rooms.find((candidate) => candidate.id === room.id)
  const state = useFleet((fleet) => shownStateOf(room, fleet.live?.missions ?? {}))
  const isToRelease = state === 'toRelease'
  const isBusy = mission !== null && isRunning(mission)
  const mayAsk = user.role === 'nurse' && !isBusy && !isToRelease && request === null
  return (
    <Panel
      title={room.name}
      label={text.rooms.panel(room.name)}
      closeLabel={text.rooms.close}
      onClose={onClose}
      subtitle={
        <p className="field-hint">
          {[
            text.rooms.kinds[room.kind] ?? room.kind,
            room.ward,
            level?.name,
            planned === undefined ? null : text.rooms.area(planned.areaM2),
          ]
            .filter(Boolean)
            .join(' · ')}
        </p>
      }
    >
      <div className="state-block">
        <StateChip state={state} />
        {age !== null && <span className="field-hint">{text.time.for(text.time.duration(age / 1000))}</span>}
        {room.reason !== null && <p>{room.reason}</p>}
      </div>
      {isBusy ? (
        mission.gas === null ? (
          <MissionPanel
            mission={mission}
            targetMjPerCm2={lightOf(plans.value)?.targetMjPerCm2 ?? null}
            isDoseMapShown={isDoseMapShown}
          />
        ) : (
          <GasMissionPanel mission={mission} gas={mission.gas} plan={gasOf(plans.value)} />
        )
      ) : request !== null ? (
        <PlanPreview request={request} plans={plans} />
      ) : null}
      {mayAsk &&
        (isAsking ? (
          <RequestForm roomId={room.id} onDone={() => setAsking(false)} />
        ) : (
          <Button tone="primary" onPress={() => setAsking(true)}>
            {text.request.open}
          </Button>
        ))}
      {mission !== null && mission.gas?.isGassed === true && !isBusy && (
        <HandMeasurementForm missionId={mission.id} />
      )}
      {mission !== null && !isBusy && <LastTreatment mission={mission} isToRelease={isToRelease} />}
      {!isBusy && !isToRelease && user.role !== 'clinician' && user.role !== 'auditor' && (
        <StateByHand room={room} />
      )}
    </Panel>
  )
}

interface LastTreatmentProps {
  readonly mission: MissionView
  readonly isToRelease: boolean
}

function lightOf(plans: readonly StepPlan[] | null) {
  return plans?.find((plan) => plan.method === 'uv')?.treatment ?? null
}

function gasOf(plans: readonly StepPlan[] | null) {
  return plans?.find((plan) => plan.method !== 'uv') ?? null
}

function LastTreatment({ mission, isToRelease }: LastTreatmentProps) {
  const text = useText()
  const heading = useRescuedFocus<HTMLHeadingElement>()
  return (
    <section className="stack" aria-label={text.rooms.lastTreatment}>
      <h3 ref={heading} tabIndex={-1}>
        {text.rooms.lastTreatment}
      </h3>
      {mission.verdict !== null && <p>{text.mission.finishedWith(text.report.verdicts[mission.verdict])}</p>}
      <a
        className={`button${isToRelease ? ' button-primary' : ''}`}
        href={hrefOf({ page: 'report', missionId: mission.id })}
      >
        {text.mission.openReport}
      </a>
    </section>
  )
}

function StateByHand({ room }: { readonly room: RoomView }) {
  const text = useText()
  const { api } = useConsole()
  const action = useAction()
  const states = BY_HAND.includes(room.state) ? BY_HAND : [room.state, ...BY_HAND]
  return (
    <div className="stack">
      <Select
        label={text.rooms.markAs}
        placeholder={text.rooms.states[room.state]}
        value={room.state}
        choices={states.map((state) => ({ id: state, label: text.rooms.states[state] }))}
        onChange={(state) => {
          if (state !== room.state) action.run(() => api.patchRoom(room.id, { state: state as RoomState }))
        }}
      />
      <FailureNotice failure={action.failure} />
    </div>
  )
}
