import { useEffect, useState } from 'react'
import type { DutyView } from '@wardlight/core/fleet'
import { useText } from '../i18n/use-text.ts'
import { dutyDeviceState, NoPush, subscribeDevice, type DutyDeviceState } from '../store/duty-device.ts'
import { formatDateTime } from '../store/hospital-time.ts'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { Select } from '../ui/select.tsx'
import { useConsole } from './console-context.ts'
import { FailureNotice } from './failure-notice.tsx'
import { RetryNotice } from './retry-notice.tsx'
import { useAction } from './use-action.ts'
import { useResource } from './use-resource.ts'

/** Shifts of hospitals; a day is the longest. */
const HOURS = [4, 8, 10, 12, 24]
const USUAL_HOURS = 8

/** Whether this device tells whoever is signed in of alarms, and until when. */
export function Duty() {
  const text = useText().duty
  const { api } = useConsole()
  const { value, failure, reload } = useResource('duty', () => api.duty())
  return (
    <section className="card" aria-label={text.title}>
      <h2>{text.title}</h2>
      <p className="field-hint">{text.subject}</p>
      <RetryNotice failure={failure} onRetry={reload} />
      {value !== null &&
        (value.pushKey === null ? <Notice {...noticeOf(text.serverOff)} /> : <DutyOf duty={value} />)}
    </section>
  )
}

function DutyOf({ duty: first }: { readonly duty: DutyView }) {
  const words = useText()
  const text = words.duty
  const { api, serverInfo } = useConsole()
  const [duty, setDuty] = useState(first)
  const [device, setDevice] = useState<DutyDeviceState | null>(null)
  const [hours, setHours] = useState(USUAL_HOURS)
  const [noPush, setNoPush] = useState<NoPush | null>(null)
  const [trial, setTrial] = useState<string | null>(null)
  const action = useAction()

  useEffect(() => {
    let isCurrent = true
    void dutyDeviceState(duty).then((state) => {
      if (isCurrent) setDevice(state)
    })
    return () => {
      isCurrent = false
    }
  }, [duty])

  if (device === null) return null
  if (device.kind !== 'on' && device.kind !== 'off') return <Notice {...noticeOf(text[device.kind])} />

  const begin = async () => {
    setNoPush(null)
    setTrial(null)
    try {
      setDuty(await api.beginDuty({ ...(await subscribeDevice(duty.pushKey!)), hours }))
    } catch (error) {
      if (!(error instanceof NoPush)) throw error
      setNoPush(error)
    }
  }
  const end = async (ids: readonly string[]) => {
    setTrial(null)
    let left = duty
    for (const id of ids) left = await api.endDuty(id)
    setDuty(left)
  }
  const others = duty.devices.filter(({ id }) => device.kind !== 'on' || id !== device.id)
  return (
    <div className="stack">
      <output>
        <p>
          {device.kind === 'on'
            ? text.on(formatDateTime(device.until, serverInfo.timeZone, words.locale))
            : text.off}
        </p>
        {trial !== null && <p>{trial}</p>}
      </output>
      {noPush !== null && (
        <Notice
          {...noticeOf(noPush.isRefused ? text.refused : text.noService)}
          tone="attention"
          role="alert"
        />
      )}
      {action.failure !== null && <FailureNotice failure={action.failure} />}
      <Select
        label={text.hours}
        placeholder={text.hours}
        choices={HOURS.map((each) => ({ id: `${each}`, label: text.hoursChoice(each) }))}
        value={`${hours}`}
        onChange={(id) => setHours(Number(id))}
      />
      <div className="actions">
        <Button
          tone={device.kind === 'off' ? 'primary' : 'plain'}
          isPending={action.isPending}
          onPress={() => action.run(begin)}
        >
          {device.kind === 'off' ? text.begin : text.prolong}
        </Button>
        {device.kind === 'on' && (
          <>
            <Button
              isPending={action.isPending}
              onPress={() =>
                action.run(async () => {
                  const { problem } = await api.tryDuty(device.id)
                  setTrial(problem === null ? text.trialSent : text.trialFailed(problem))
                })
              }
            >
              {text.trial}
            </Button>
            <Button isPending={action.isPending} onPress={() => action.run(() => end([device.id]))}>
              {text.end}
            </Button>
          </>
        )}
      </div>
      {others.length > 0 && (
        <p>
          {text.others(others.length)}{' '}
          <Button
            tone="quiet"
            isPending={action.isPending}
            onPress={() => action.run(() => end(others.map(({ id }) => id)))}
          >
            {text.endOthers}
          </Button>
        </p>
      )}
    </div>
  )
}

function noticeOf({ title, remedy }: { readonly title: string; readonly remedy: string }) {
  return { title, children: remedy }
}
