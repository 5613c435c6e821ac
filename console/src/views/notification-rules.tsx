import { useState } from 'react'
import { Form } from 'react-aria-components/Form'
import {
  LONGEST_ESCALATION_MIN,
  MOST_ESCALATION_STEPS,
  type AlarmPriority,
  type EscalationStep,
  type NotificationRules,
  type NotificationTestResult,
  type Role,
} from '@wardlight/core/fleet'
import { useText } from '../i18n/use-text.ts'
import { Button } from '../ui/button.tsx'
import { Checkbox, NumberField, TextField } from '../ui/fields.tsx'
import { Notice } from '../ui/notice.tsx'
import { Select } from '../ui/select.tsx'
import { useConsole } from './console-context.ts'
import { FailureNotice } from './failure-notice.tsx'
import { useAction } from './use-action.ts'
import { wardsOfFloor } from './wards-of-floor.ts'

/** As it is typed: nothing is left out yet. */
type DraftStep = Required<EscalationStep>

const NEW_STEP: DraftStep = { afterMin: 0, to: '', priority: 'low', wards: null, webhookUrl: '', roles: [] }
/** Who can be on duty. */
const DUTY_ROLES: readonly Role[] = ['nurse', 'clinician', 'engineer', 'administrator']
const ADD_BUTTON = 'add-step'

interface KeyedStep {
  readonly key: number
  readonly step: DraftStep
}

/** Steps in order of time; they are stored together. */
export function NotificationRulesForm({ rules }: { readonly rules: NotificationRules }) {
  const text = useText().administration.notifications
  const { api } = useConsole()
  const [steps, setSteps] = useState<readonly KeyedStep[]>(() =>
    rules.steps
      .toSorted((a, b) => a.afterMin - b.afterMin)
      .map((step, key) => ({ key, step: { ...NEW_STEP, ...step } })),
  )
  const [isSaved, setSaved] = useState(false)
  const action = useAction()
  const isComplete = steps.every(({ step }) => isWhole(step))
  const change = (next: readonly KeyedStep[]): void => {
    setSaved(false)
    setSteps(next)
  }
  return (
    <Form
      className="card stack"
      aria-label={text.rules}
      onSubmit={(event) => {
        event.preventDefault()
        if (!isComplete) return
        action.run(async () => {
          await api.setNotificationRules({
            steps: steps.map(({ step: { webhookUrl, roles, ...step } }) => ({
              ...step,
              to: step.to.trim(),
              wards: step.wards === null ? null : [...step.wards],
              ...(webhookUrl.trim() === '' ? {} : { webhookUrl: webhookUrl.trim() }),
              ...(roles.length === 0 ? {} : { roles }),
            })),
          })
          setSaved(true)
        })
      }}
    >
      <div>
        <h2>{text.rules}</h2>
        <p className="field-hint measure">{text.rulesHint}</p>
      </div>
      {steps.length === 0 && (
        <div>
          <p>{text.none}</p>
          <p className="field-hint">{text.noneHint}</p>
        </div>
      )}
      {steps.map(({ key, step }, index) => (
        <StepFields
          key={key}
          number={index + 1}
          step={step}
          onChange={(next) => change(steps.map((each) => (each.key === key ? { key, step: next } : each)))}
          onRemove={() => {
            change(steps.filter((each) => each.key !== key))
            // The focus would fall off the page with the button.
            document.getElementById(ADD_BUTTON)?.focus()
          }}
        />
      ))}
      <div className="actions">
        <Button
          id={ADD_BUTTON}
          isDisabled={steps.length >= MOST_ESCALATION_STEPS}
          onPress={() =>
            change([...steps, { key: Math.max(-1, ...steps.map(({ key }) => key)) + 1, step: NEW_STEP }])
          }
        >
          {text.add}
        </Button>
      </div>
      {!isComplete && <p className="field-hint">{text.incomplete}</p>}
      <FailureNotice failure={action.failure} />
      <div className="actions">
        <Button type="submit" tone="primary" isDisabled={!isComplete || action.isPending}>
          {text.save}
        </Button>
      </div>
      <output>{isSaved && <Notice tone="good" icon="check" title={text.saved} />}</output>
    </Form>
  )
}

interface StepFieldsProps {
  /** From 1. */
  readonly number: number
  readonly step: DraftStep
  readonly onChange: (step: DraftStep) => void
  readonly onRemove: () => void
}

function StepFields({ number, step, onChange, onRemove }: StepFieldsProps) {
  const words = useText()
  const text = words.administration.notifications
  const { floor } = useConsole()
  const { wards, roles } = step
  const offered = [...new Set([...wardsOfFloor(floor), ...(wards ?? [])])]
  const isAddress = /^https?:\/\//.test(step.webhookUrl.trim())
  return (
    <fieldset className="rule-step">
      <legend>{text.step(number)}</legend>
      <div className="field-grid">
        <TextField
          label={text.to}
          hint={text.toHint}
          value={step.to}
          onChange={(to) => onChange({ ...step, to })}
          maxLength={100}
          autoComplete="off"
        />
        <NumberField
          label={text.after}
          hint={text.afterHint}
          value={step.afterMin}
          onChange={(afterMin) => onChange({ ...step, afterMin })}
          minValue={0}
          maxValue={LONGEST_ESCALATION_MIN}
          step={1}
          digits={0}
        />
        <Select
          label={text.priority}
          placeholder={text.priorities.low}
          value={step.priority}
          choices={Object.entries(text.priorities).map(([id, label]) => ({ id, label }))}
          onChange={(id) => onChange({ ...step, priority: id as AlarmPriority })}
        />
        {offered.length > 0 && (
          <div className="stack checks">
            <Checkbox
              isSelected={wards === null}
              onChange={(isAll) => onChange({ ...step, wards: isAll ? null : [] })}
            >
              {text.allWards}
            </Checkbox>
            {wards !== null && (
              <>
                <span className="field-hint">{text.wards}</span>
                {offered.map((ward) => (
                  <Checkbox
                    key={ward}
                    isSelected={wards.includes(ward)}
                    onChange={(isIn) =>
                      onChange({
                        ...step,
                        wards: isIn ? [...wards, ward] : wards.filter((other) => other !== ward),
                      })
                    }
                  >
                    {ward}
                  </Checkbox>
                ))}
              </>
            )}
          </div>
        )}
      </div>
      <fieldset className="stack checks">
        <legend>{text.devices}</legend>
        <span className="field-hint">{text.devicesHint}</span>
        {DUTY_ROLES.map((role) => (
          <Checkbox
            key={role}
            isSelected={roles.includes(role)}
            onChange={(isIn) =>
              onChange({ ...step, roles: isIn ? [...roles, role] : roles.filter((other) => other !== role) })
            }
          >
            {text.onDuty(words.roles[role] ?? role)}
          </Checkbox>
        ))}
      </fieldset>
      <TextField
        label={text.address}
        hint={text.addressHint}
        error={step.webhookUrl === '' || isAddress ? null : text.addressInvalid}
        type="url"
        value={step.webhookUrl}
        onChange={(webhookUrl) => onChange({ ...step, webhookUrl })}
        maxLength={2000}
        autoComplete="off"
      />
      <StepActions
        // What came back was about another address.
        key={step.webhookUrl}
        number={number}
        step={step}
        isTestable={isAddress && step.to.trim() !== ''}
        onRemove={onRemove}
      />
    </fieldset>
  )
}

interface StepActionsProps {
  readonly number: number
  readonly step: DraftStep
  readonly isTestable: boolean
  readonly onRemove: () => void
}

function StepActions({ number, step, isTestable, onRemove }: StepActionsProps) {
  const text = useText().administration.notifications
  const { api } = useConsole()
  const [result, setResult] = useState<NotificationTestResult | null>(null)
  const action = useAction()
  return (
    <>
      <div className="actions">
        <Button
          aria-label={text.testStep(number)}
          isDisabled={!isTestable || action.isPending}
          onPress={() => {
            setResult(null)
            action.run(async () =>
              setResult(
                await api.testNotification({ to: step.to.trim(), webhookUrl: step.webhookUrl.trim() }),
              ),
            )
          }}
        >
          {text.test}
        </Button>
        <Button aria-label={text.removeStep(number)} onPress={onRemove}>
          {text.remove}
        </Button>
      </div>
      <FailureNotice failure={action.failure} />
      <output>
        {result !== null &&
          (result.problem === null ? (
            <Notice tone="good" icon="check" title={text.tested(result.status ?? 0)} />
          ) : (
            <Notice tone="attention" icon="warning" title={text.testFailed(result.problem)}>
              <p>{text.testRemedy}</p>
            </Notice>
          ))}
      </output>
    </>
  )
}

function isWhole({ to, webhookUrl, roles, wards, afterMin }: DraftStep): boolean {
  const address = webhookUrl.trim()
  return (
    to.trim() !== '' &&
    (address === '' ? roles.length > 0 : /^https?:\/\//.test(address)) &&
    (wards === null || wards.length > 0) &&
    Number.isInteger(afterMin)
  )
}
