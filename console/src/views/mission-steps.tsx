import type { MissionPhase, MissionView, PeroxidePhase } from '@wardlight/core/fleet'
import type { en } from '../i18n/en.ts'
import { useText } from '../i18n/use-text.ts'
import { Icon } from '../ui/icon.tsx'

type Step = keyof typeof en.mission.steps

const LIGHT_STEPS: readonly Step[] = ['travel', 'survey', 'arming', 'exitDelay', 'dose', 'verify', 'done']
const GAS_STEPS: readonly Step[] = ['travel', 'arming', 'seal', 'gas', 'dwell', 'aerate', 'done']

/** An interruption holds the dose: it is armed again from there. */
const STEP_OF_PHASE: Readonly<Record<MissionPhase, Step>> = {
  queued: 'travel',
  traveling: 'travel',
  surveying: 'survey',
  awaitingArming: 'arming',
  exitDelay: 'exitDelay',
  dosing: 'dose',
  interrupted: 'dose',
  verifying: 'verify',
  finished: 'done',
}

/** An interruption before any gas is armed again; one after it is aired. */
const STEP_OF_GAS_PHASE: Readonly<Record<PeroxidePhase | 'queued', Step>> = {
  queued: 'travel',
  traveling: 'travel',
  surveying: 'travel',
  awaitingArming: 'arming',
  interrupted: 'arming',
  exitDelay: 'seal',
  isolating: 'seal',
  conditioning: 'seal',
  gassing: 'gas',
  dwelling: 'dwell',
  aerating: 'aerate',
  unsealing: 'aerate',
  verifying: 'aerate',
  finished: 'done',
}

export function MissionSteps({ mission }: { readonly mission: MissionView }) {
  const text = useText()
  const isLight = mission.method === 'uv'
  const steps = isLight ? LIGHT_STEPS : GAS_STEPS
  const current = steps.indexOf(
    isLight
      ? STEP_OF_PHASE[mission.phase as MissionPhase]
      : STEP_OF_GAS_PHASE[mission.phase as PeroxidePhase | 'queued'],
  )
  return (
    <ol className="steps" aria-label={text.mission.stepper}>
      {steps.map((step, index) => {
        const isDone = index < current || mission.phase === 'finished'
        const state = isDone ? 'done' : index === current ? 'current' : 'ahead'
        const words = {
          done: text.mission.stepDone,
          current: text.mission.stepCurrent,
          ahead: text.mission.stepAhead,
        }
        return (
          <li
            key={step}
            className={`step step-${state}${state === 'current' && mission.phase === 'interrupted' ? ' step-held' : ''}`}
            {...(state === 'current' ? { 'aria-current': 'step' as const } : {})}
          >
            <span className="step-mark">{isDone ? <Icon name="check" /> : null}</span>
            <span className="step-name">{text.mission.steps[step]}</span>
            <span className="visually-hidden">, {words[state]}</span>
          </li>
        )
      })}
    </ol>
  )
}
