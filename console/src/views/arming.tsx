import { useState } from 'react'
import { armingChecklist, type MissionView } from '@wardlight/core/fleet'
import { useText } from '../i18n/use-text.ts'
import { Button } from '../ui/button.tsx'
import { Checkbox } from '../ui/fields.tsx'
import { Icon } from '../ui/icon.tsx'
import { useConsole } from './console-context.ts'
import { FailureNotice } from './failure-notice.tsx'
import { useRescuedFocus } from './use-rescued-focus.ts'
import { useAction, type Action } from './use-action.ts'

/** The robot's answer to a step comes with its next status; until then a second press would be out of order. */
const SETTLE_MS = 3000

/** The three steps that light the lamp, in the only order that does. */
export function Arming({ mission }: { readonly mission: MissionView }) {
  const text = useText()
  const { api, serverInfo } = useConsole()
  const action = useAction()
  const heading = useRescuedFocus<HTMLHeadingElement>()
  const { arming } = mission

  return (
    <section className="stack" aria-label={text.mission.arming}>
      <h3 ref={heading} tabIndex={-1}>
        {mission.phase === 'interrupted' ? text.mission.rearming : text.mission.arming}
      </h3>
      <p className="field-hint">{mission.gas === null ? text.mission.armingOrder : text.gas.armingOrder}</p>
      {arming === 'locked' ? (
        <Checklist key={mission.phaseSince} mission={mission} action={action} />
      ) : (
        <p className="arming-done">
          <Icon name="check" /> {text.mission.confirmed}
        </p>
      )}
      {arming === 'checklistConfirmed' && (
        <div className="arming-step">
          <p>{text.mission.button}</p>
          <p className="field-hint">{text.mission.buttonHint}</p>
          {serverInfo.isSimulated && (
            <Button
              tone="primary"
              isDisabled={action.isPending}
              onPress={() => action.run(() => api.pressArmButton(mission.robotId), SETTLE_MS)}
            >
              {text.mission.simulateButton}
            </Button>
          )}
        </div>
      )}
      {arming === 'buttonPressed' && (
        <>
          <p className="arming-done">
            <Icon name="check" /> {text.mission.buttonDone}
          </p>
          <div className="arming-step">
            <p>{text.mission.start}</p>
            <Button
              tone="primary"
              isDisabled={action.isPending || mission.blockers.length > 0}
              onPress={() => action.run(() => api.start(mission.id), SETTLE_MS)}
            >
              {mission.gas === null ? text.mission.startButton : text.gas.startButton}
            </Button>
            {mission.blockers.length > 0 && <p className="field-hint">{text.mission.startHint}</p>}
          </div>
        </>
      )}
      {arming === 'started' && (
        <p className="arming-done">
          <Icon name="check" /> {text.mission.started}
        </p>
      )}
      <FailureNotice failure={action.failure} />
    </section>
  )
}

/** It forgets its ticks when it goes away: after an interlock everything must be looked at anew. */
function Checklist({ mission, action }: { readonly mission: MissionView; readonly action: Action }) {
  const text = useText()
  const { api, serverInfo } = useConsole()
  const [checked, setChecked] = useState<ReadonlySet<string>>(new Set())
  const items = armingChecklist(mission.method)
  const isComplete = items.every((item) => checked.has(item.id))
  return (
    <div className="arming-step">
      <p>{text.mission.checklist}</p>
      {mission.gas !== null && serverInfo.isSimulated && (
        <Button
          isDisabled={action.isPending}
          onPress={() => action.run(() => api.prepareForGas(mission.roomId))}
        >
          {text.gas.simulatePreparation}
        </Button>
      )}
      {items.map((item) => (
        <Checkbox
          key={item.id}
          isSelected={checked.has(item.id)}
          isDisabled={action.isPending}
          onChange={(isSelected) =>
            setChecked((before) => {
              const next = new Set(before)
              if (isSelected) next.add(item.id)
              else next.delete(item.id)
              return next
            })
          }
        >
          {item.text}
        </Checkbox>
      ))}
      <Button
        tone="primary"
        isDisabled={!isComplete || action.isPending}
        onPress={() =>
          action.run(
            () =>
              api.confirmChecklist(
                mission.id,
                items.map((item) => item.id),
              ),
            SETTLE_MS,
          )
        }
      >
        {text.mission.confirm}
      </Button>
      {!isComplete && <p className="field-hint">{text.mission.confirmHint}</p>}
    </div>
  )
}
