import { useState } from 'react'
import type { RobotServiceState, RobotView, User } from '@wardlight/core/fleet'
import { Form } from 'react-aria-components/Form'
import { useText } from '../i18n/use-text.ts'
import { formatDateTime } from '../store/hospital-time.ts'
import { Button } from '../ui/button.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { TextField } from '../ui/fields.tsx'
import { useConsole } from './console-context.ts'
import { FailureNotice } from './failure-notice.tsx'
import { useAction } from './use-action.ts'

/** Whether a robot is sent anywhere: who decided it and why, and the way to change it. */
export function RobotServiceSection({ robot }: { readonly robot: RobotView }) {
  const text = useText()
  const { user, serverInfo, api } = useConsole()
  const action = useAction()
  const [reason, setReason] = useState('')
  const { state, by, at, reason: why } = robot.service
  const choices = choicesFor(user.role, state)
  const isReady = reason.trim() !== ''
  return (
    <>
      {by !== null && at !== null && (
        <p>
          <strong>{text.robots.service[state]}</strong>{' '}
          {text.robots.serviceBy(by, formatDateTime(at, serverInfo.timeZone, text.locale), why ?? '')}
        </p>
      )}
      {choices.length > 0 && (
        <Disclosure title={text.robots.serviceTitle}>
          <Form className="stack" onSubmit={(event) => event.preventDefault()}>
            <TextField
              label={text.robots.serviceReason}
              value={reason}
              onChange={setReason}
              maxLength={300}
            />
            <FailureNotice failure={action.failure} />
            <div className="actions">
              {choices.map((to) => (
                <Button
                  key={to}
                  tone={to === 'retired' ? 'danger' : 'plain'}
                  isDisabled={!isReady || action.isPending}
                  onPress={() =>
                    action.run(async () => {
                      await api.changeRobotService(robot.id, { state: to, reason: reason.trim() })
                      setReason('')
                    })
                  }
                >
                  {text.robots.serviceChange[to]}
                </Button>
              ))}
            </div>
            <p className="field-hint">{text.robots.serviceNote}</p>
          </Form>
        </Disclosure>
      )}
    </>
  )
}

/** What the server would not refuse this role outright. */
function choicesFor(role: User['role'], now: RobotServiceState): RobotServiceState[] {
  if (role === 'clinician' || role === 'auditor') return []
  const all: readonly RobotServiceState[] =
    role === 'administrator'
      ? ['inService', 'draining', 'maintenance', 'retired']
      : role === 'engineer'
        ? ['inService', 'draining', 'maintenance']
        : ['inService', 'draining']
  if (now !== 'inService' && !all.includes(now)) return []
  return all.filter((state) => state !== now)
}
