import { useState } from 'react'
import { Form } from 'react-aria-components/Form'
import { useText } from '../i18n/use-text.ts'
import { Button } from '../ui/button.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { NumberField, TextField } from '../ui/fields.tsx'
import { useConsole } from './console-context.ts'
import { FailureNotice } from './failure-notice.tsx'
import { useAction } from './use-action.ts'

interface Entry {
  readonly place: string
  /** `NaN` while it is empty. */
  readonly ppm: number
}

const UNTOUCHED: Entry = { place: '', ppm: Number.NaN }

/** People with instruments of their own clear a room whose robot cannot. The server wants two places, and 1 ppm at most. */
export function HandMeasurementForm({ missionId }: { readonly missionId: string }) {
  const text = useText()
  const { api, user } = useConsole()
  const action = useAction()
  const [entries, setEntries] = useState<readonly Entry[]>([UNTOUCHED, UNTOUCHED])
  const [instrument, setInstrument] = useState('')
  if (user.role !== 'nurse' && user.role !== 'engineer') return null
  const isReady =
    instrument.trim() !== '' && entries.every(({ place, ppm }) => place.trim() !== '' && !Number.isNaN(ppm))
  const change = (index: number, patch: Partial<Entry>): void =>
    setEntries((before) => before.map((entry, at) => (at === index ? { ...entry, ...patch } : entry)))
  return (
    <Disclosure title={text.gas.byHand}>
      <p>{text.gas.byHandHint}</p>
      <Form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault()
          if (!isReady) return
          action.run(() =>
            api.measured(missionId, {
              instrument: instrument.trim(),
              readings: entries.map(({ place, ppm }) => ({ place: place.trim(), ppm })),
            }),
          )
        }}
      >
        {entries.map(({ place, ppm }, index) => (
          <fieldset key={index === 0 ? 'first' : 'second'} className="reading-fields">
            <legend>{text.gas.byHandReading(index + 1)}</legend>
            <TextField
              label={text.gas.byHandPlace}
              value={place}
              onChange={(value) => change(index, { place: value })}
              maxLength={100}
            />
            <NumberField
              label={text.gas.byHandPpm}
              value={ppm}
              onChange={(value) => change(index, { ppm: value })}
              minValue={0}
              maxValue={1000}
              step={0.1}
              digits={2}
            />
          </fieldset>
        ))}
        <TextField
          label={text.gas.byHandInstrument}
          value={instrument}
          onChange={setInstrument}
          maxLength={300}
        />
        <FailureNotice failure={action.failure} />
        <div className="actions">
          <Button type="submit" isDisabled={!isReady || action.isPending}>
            {text.gas.byHandButton}
          </Button>
        </div>
      </Form>
    </Disclosure>
  )
}
