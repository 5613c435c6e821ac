import { useState } from 'react'
import { Form } from 'react-aria-components/Form'
import { useText } from '../i18n/use-text.ts'
import { Button } from '../ui/button.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { TextField } from '../ui/fields.tsx'
import { useConsole } from './console-context.ts'
import { FailureNotice } from './failure-notice.tsx'
import { RetryNotice } from './retry-notice.tsx'
import { useAction } from './use-action.ts'
import { useFleet } from './use-fleet.ts'
import { useResource } from './use-resource.ts'

/** What a robot carries from where it has been, and who has wiped it down. */
export function RobotCarries({ robotId }: { readonly robotId: string }) {
  const text = useText()
  const { api, user } = useConsole()
  const action = useAction()
  const [how, setHow] = useState('')
  const missionId = useFleet((state) => state.live?.robots[robotId]?.missionId ?? null)
  // Where it has been changes with its missions.
  const { value, failure, reload } = useResource(`carries ${robotId} ${missionId ?? ''}`, () =>
    api.contamination(),
  )
  const robot = value?.robots.find((one) => one.robotId === robotId)
  const mayRecord = user.role === 'nurse' || user.role === 'engineer'
  return (
    <section className="stack" aria-label={text.robots.carries}>
      <h3>{text.robots.carries}</h3>
      <RetryNotice failure={failure} onRetry={reload} />
      {value === null && failure === null && <p>{text.loading}</p>}
      {value !== null && (robot === undefined || robot.carries.length === 0) && (
        <p>{text.robots.carriesNothing}</p>
      )}
      {robot !== undefined && robot.carries.length > 0 && (
        <ul>
          {robot.carries.map(({ agent, name, why }) => (
            <li key={agent}>
              {name}, {why}
            </li>
          ))}
        </ul>
      )}
      {mayRecord && robot !== undefined && robot.carries.length > 0 && (
        <Disclosure title={text.robots.decontaminate}>
          <Form
            className="stack"
            onSubmit={(event) => {
              event.preventDefault()
              if (how.trim() === '') return
              action.run(async () => {
                await api.recordDecontamination(robotId, how.trim())
                setHow('')
                reload()
              })
            }}
          >
            <TextField
              label={text.robots.decontaminateHow}
              hint={text.robots.decontaminateHint}
              value={how}
              onChange={setHow}
              maxLength={300}
            />
            <FailureNotice failure={action.failure} />
            <div className="actions">
              <Button type="submit" isDisabled={how.trim() === '' || action.isPending}>
                {text.robots.decontaminateRecord}
              </Button>
            </div>
          </Form>
        </Disclosure>
      )}
    </section>
  )
}
