import { useState } from 'react'
import { Form } from 'react-aria-components/Form'
import type { RobotView } from '@wardlight/core/fleet'
import { useText } from '../i18n/use-text.ts'
import { Button } from '../ui/button.tsx'
import { NumberField, TextField } from '../ui/fields.tsx'
import { Notice } from '../ui/notice.tsx'
import { SegmentsField } from '../ui/segments.tsx'
import { Select } from '../ui/select.tsx'
import { useConsole } from './console-context.ts'
import { FailureNotice } from './failure-notice.tsx'
import { RoomChecks } from './room-checks.tsx'
import { useAction } from './use-action.ts'
import { useFleet } from './use-fleet.ts'
import { EMPTY_VALIDATION, validationOf, type ValidationEntry } from './validation-entry.ts'
import { wardsOfFloor } from './wards-of-floor.ts'

/** In the choice of robots: all of them. */
const ANY_ROBOT = 'any'

const NO_ROBOTS: Readonly<Record<string, RobotView>> = {}

/** A validation as it was performed, with everything that an auditor will ask for. */
export function ValidationForm({ onRecorded }: { readonly onRecorded: () => void }) {
  const text = useText()
  const words = text.validations
  const { api, organisms, serverInfo } = useConsole()
  const robots = useFleet((state) => state.live?.robots ?? NO_ROBOTS)
  const [entry, setEntry] = useState(EMPTY_VALIDATION)
  const [isRecorded, setRecorded] = useState(false)
  const action = useAction()
  const set = (part: Partial<ValidationEntry>): void => {
    setRecorded(false)
    setEntry((before) => ({ ...before, ...part }))
  }
  const field = (
    key:
      | 'equipment'
      | 'indicatorOrganism'
      | 'indicatorProduct'
      | 'indicatorLot'
      | 'performedBy'
      | 'evidence'
      | 'note'
      | 'performedOn'
      | 'validThrough',
  ) => ({
    value: entry[key],
    onChange: (value: string) => set({ [key]: value }),
  })
  const count = (key: 'exposed' | 'grew' | 'samples') => ({
    value: entry[key],
    onChange: (value: number) => set({ [key]: value }),
    maxValue: 100_000,
    step: 1,
  })
  const logField = (key: 'populationLog' | 'lowestLog' | 'requiredLog') => ({
    value: entry[key],
    onChange: (value: number) => set({ [key]: value }),
    maxValue: 12,
    step: 0.1,
  })
  const validation = validationOf(entry, serverInfo.timeZone)
  return (
    <Form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        if (validation === null) return
        action.run(async () => {
          await api.recordValidation(validation)
          setEntry(EMPTY_VALIDATION)
          setRecorded(true)
          onRecorded()
        })
      }}
    >
      <div className="field-grid">
        <Select
          label={text.request.organism}
          placeholder={text.request.organismPlaceholder}
          value={entry.organismId}
          onChange={(organismId) => set({ organismId })}
          choices={organisms.map(({ id, name }) => ({ id, label: name }))}
        />
        <Select
          label={words.method}
          placeholder={words.method}
          value={entry.method}
          onChange={(method) => set({ method: method as ValidationEntry['method'] })}
          choices={(['uv', 'hpv', 'ahp'] as const).map((id) => ({ id, label: words.methods[id] }))}
        />
        <NumberField
          label={words.dose(words.units[entry.method])}
          hint={words.doseHint}
          value={entry.dose}
          onChange={(dose) => set({ dose })}
          minValue={0.1}
          maxValue={1_000_000}
          step={0.1}
        />
        <NumberField label={words.required} minValue={0.1} {...logField('requiredLog')} />
      </div>

      <SegmentsField
        label={words.place}
        value={entry.scope}
        onChange={(scope) => set({ scope })}
        choices={(['site', 'ward', 'rooms'] as const).map((id) => ({ id, label: words.scopes[id] }))}
      />
      <PlaceFields entry={entry} onChange={set} />
      <div className="field-grid">
        <TextField
          label={words.equipment}
          hint={words.equipmentHint}
          maxLength={200}
          {...field('equipment')}
        />
        <Select
          label={words.robot}
          placeholder={words.anyRobot}
          value={entry.robotId ?? ANY_ROBOT}
          onChange={(id) => set({ robotId: id === ANY_ROBOT ? null : id })}
          choices={[
            { id: ANY_ROBOT, label: words.anyRobot },
            ...Object.values(robots).map(({ id, serialNumber }) => ({ id, label: serialNumber })),
          ]}
        />
      </div>

      <div className="field-grid">
        <TextField label={words.indicatorOrganism} maxLength={200} {...field('indicatorOrganism')} />
        <TextField label={words.indicatorProduct} maxLength={200} {...field('indicatorProduct')} />
        <TextField label={words.indicatorLot} maxLength={100} {...field('indicatorLot')} />
      </div>
      <SegmentsField
        label={words.result}
        value={entry.resultType}
        onChange={(resultType) => set({ resultType })}
        choices={(['growth', 'logReduction'] as const).map((id) => ({ id, label: words.resultTypes[id] }))}
      />
      <div className="field-grid">
        {entry.resultType === 'growth' ? (
          <>
            <NumberField label={words.exposed} minValue={1} {...count('exposed')} />
            <NumberField label={words.grew} minValue={0} {...count('grew')} />
            <NumberField label={words.population} minValue={0.1} {...logField('populationLog')} />
          </>
        ) : (
          <>
            <NumberField label={words.samples} minValue={1} {...count('samples')} />
            <NumberField label={words.lowestLog} minValue={0} {...logField('lowestLog')} />
          </>
        )}
      </div>

      <div className="field-grid">
        <TextField label={words.performedBy} maxLength={200} {...field('performedBy')} />
        <TextField label={words.performedOn} type="date" {...field('performedOn')} />
        <TextField label={words.validThrough} type="date" {...field('validThrough')} />
      </div>
      <TextField label={words.evidence} hint={words.evidenceHint} maxLength={500} {...field('evidence')} />
      <TextField label={text.organisms.note} maxLength={2000} {...field('note')} />
      <FailureNotice failure={action.failure} />
      <output>{isRecorded && <Notice tone="good" icon="check" title={words.isRecorded} />}</output>
      <div className="actions">
        <Button type="submit" tone="primary" isDisabled={action.isPending || validation === null}>
          {words.recordButton}
        </Button>
      </div>
    </Form>
  )
}

interface PlaceFieldsProps {
  readonly entry: ValidationEntry
  readonly onChange: (part: Partial<ValidationEntry>) => void
}

function PlaceFields({ entry: { scope, ward, roomIds }, onChange }: PlaceFieldsProps) {
  const text = useText()
  const { floor } = useConsole()
  if (scope === 'site') return null
  if (scope === 'ward') {
    const wards = wardsOfFloor(floor)
    return (
      <Select
        label={text.validations.ward}
        placeholder={text.validations.ward}
        value={ward}
        onChange={(id) => onChange({ ward: id })}
        choices={wards.map((id) => ({ id, label: id }))}
      />
    )
  }
  return (
    <RoomChecks
      label={text.validations.rooms}
      roomIds={roomIds}
      onChange={(ids) => onChange({ roomIds: ids })}
    />
  )
}
