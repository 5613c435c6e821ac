import { useCallback, useEffect, useRef, useState } from 'react'
import { useText } from '../i18n/use-text.ts'
import { robotsToStop } from '../store/fleet-selectors.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Notice } from '../ui/notice.tsx'
import { useConsole } from './console-context.ts'

type Outcome = { readonly tone: 'attention' | 'danger'; readonly message: string } | null

/**
 * One tap or one key, on every page, without a question, for everybody who may act at all. What it could not reach it says, with what
 * to do instead.
 */
export function useEmergencyStop(isOffered: boolean): {
  readonly press: () => void
  readonly outcome: Outcome
  readonly dismiss: () => void
} {
  const { api, store, clock } = useConsole()
  const text = useText()
  const [outcome, setOutcome] = useState<Outcome>(null)
  const round = useRef(0)

  const press = useCallback(() => {
    const robots = robotsToStop(store.get(), clock.monotonicMs())
    round.current += 1
    const mine = round.current
    if (robots.length === 0) return setOutcome({ tone: 'danger', message: text.emergency.nobody })
    setOutcome({ tone: 'attention', message: text.emergency.sending })
    const names = (list: typeof robots): string => list.map((robot) => robot.serialNumber).join(', ')
    void Promise.allSettled(robots.map((robot) => api.emergencyStop(robot.id))).then((results) => {
      if (mine !== round.current) return
      const failed = robots.filter((_, index) => results[index]?.status === 'rejected')
      const reached = robots.filter((robot) => !failed.includes(robot))
      const parts = [
        ...(failed.length > 0 ? [text.emergency.failed(names(failed))] : []),
        ...(reached.length > 0 ? [text.emergency.sent(names(reached))] : []),
      ]
      setOutcome({ tone: failed.length > 0 ? 'danger' : 'attention', message: parts.join(' ') })
    })
  }, [api, store, clock, text])

  useEffect(() => {
    if (!isOffered) return undefined
    const listen = (event: KeyboardEvent): void => {
      if (event.key !== '.' || !(event.ctrlKey || event.metaKey) || event.repeat) return
      event.preventDefault()
      press()
    }
    // Capture, so that no field or dialog swallows it.
    window.addEventListener('keydown', listen, { capture: true })
    return () => window.removeEventListener('keydown', listen, { capture: true })
  }, [press, isOffered])

  return { press, outcome, dismiss: () => setOutcome(null) }
}

export function EmergencyStopButton({ onPress }: { readonly onPress: () => void }) {
  const text = useText()
  return (
    <Button
      tone="danger"
      className="emergency-stop"
      // On the way down: nobody should have to let go first.
      onPressStart={onPress}
      aria-label={text.emergency.button}
      aria-describedby="emergency-stop-description"
      aria-keyshortcuts="Control+."
    >
      <Icon name="stop" />
      <span>{text.emergency.button}</span>
      <kbd>{text.emergency.keys}</kbd>
      <span id="emergency-stop-description" className="visually-hidden">
        {text.emergency.description}
      </span>
    </Button>
  )
}

export function EmergencyStopOutcome({
  outcome,
  onDismiss,
}: {
  readonly outcome: Outcome
  readonly onDismiss: () => void
}) {
  const text = useText()
  return (
    <div role="alert" className="outcome">
      {outcome !== null && (
        <div className="outcome-row">
          <Notice tone={outcome.tone} icon="warning">
            <p>{outcome.message}</p>
          </Notice>
          <Button tone="quiet" isSquare aria-label={text.close} onPress={onDismiss}>
            <Icon name="close" />
          </Button>
        </div>
      )}
    </div>
  )
}
