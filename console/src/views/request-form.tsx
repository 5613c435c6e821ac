import { useState } from 'react'
import { Form } from 'react-aria-components/Form'
import { doseForLogReduction, doseIntervalForLogReduction } from '@wardlight/core/disinfection'
import type { ProtocolView } from '@wardlight/core/fleet'
import { useText } from '../i18n/use-text.ts'
import { hospitalTimeToIso } from '../store/hospital-time.ts'
import { Button } from '../ui/button.tsx'
import { NumberField, TextField } from '../ui/fields.tsx'
import { Segments } from '../ui/segments.tsx'
import { Select } from '../ui/select.tsx'
import { useConsole } from './console-context.ts'
import { doseSpreadWords } from './dose-words.ts'
import { FailureNotice } from './failure-notice.tsx'
import { formatDose, percentInactivated } from './figures.ts'
import { ProtocolFields } from './protocol-fields.tsx'
import { PlanOptions, requestedOptions, USUAL_PLAN } from './plan-options.tsx'
import { unitsIn } from '../store/fleet-selectors.ts'
import { useFleet } from './use-fleet.ts'
import { useAction } from './use-action.ts'
import { useRescuedFocus } from './use-rescued-focus.ts'

const DEFAULT_LOG = 3
const NO_ROBOTS = {}

export interface RequestFormProps {
  readonly roomId: string
  readonly onDone: () => void
}

export function RequestForm({ roomId, onDone }: RequestFormProps) {
  const text = useText()
  const { api, organisms, serverInfo, floor } = useConsole()
  const robots = useFleet((state) => state.live?.robots ?? NO_ROBOTS)
  const level = floor.levels.find(({ rooms }) => rooms.some(({ id }) => id === roomId))
  const polygon = level?.rooms.find(({ id }) => id === roomId)?.polygon
  const hasUnit = polygon !== undefined && unitsIn(robots, level!.id, polygon).length > 0
  const [byWhom, setByWhom] = useState<'any' | 'unit'>('any')
  const [way, setWay] = useState<'organism' | 'protocol'>('organism')
  const [protocol, setProtocol] = useState<ProtocolView | null>(null)
  const [organismId, setOrganismId] = useState(organisms[0]?.id ?? null)
  const [targetLog, setTargetLog] = useState(DEFAULT_LOG)
  const [due, setDue] = useState('')
  const [plan, setPlan] = useState(USUAL_PLAN)
  const action = useAction()
  const heading = useRescuedFocus<HTMLHeadingElement>()
  const organism = organisms.find((candidate) => candidate.id === organismId) ?? null
  const dueAt = due === '' ? null : hospitalTimeToIso(due, serverInfo.timeZone)
  // A protocol says all that the plan is made for.
  const target =
    way === 'protocol'
      ? protocol && { protocolId: protocol.id }
      : organism && { organismId: organism.id, targetLog, ...requestedOptions(plan) }
  const isDueInvalid = due !== '' && dueAt === null
  const isBeyondEvidence =
    organism !== null && organism.supportedLog !== null && targetLog > organism.supportedLog

  return (
    <Form
      className="stack"
      aria-label={text.request.title}
      onSubmit={(event) => {
        event.preventDefault()
        if (target === null || isDueInvalid) return
        action.run(async () => {
          await api.request({
            roomId,
            ...target,
            ...(hasUnit && byWhom === 'unit' ? { isByFixedUnit: true } : {}),
            ...(dueAt === null ? {} : { dueAt }),
          })
          onDone()
        })
      }}
    >
      <h3 ref={heading} tabIndex={-1}>
        {text.request.title}
      </h3>
      <Segments
        label={text.request.way}
        value={way}
        onChange={setWay}
        choices={(['organism', 'protocol'] as const).map((id) => ({ id, label: text.request.ways[id] }))}
      />
      {way === 'protocol' && <ProtocolFields protocol={protocol} onChange={setProtocol} />}
      {way === 'organism' && (
        <>
          <Select
            label={text.request.organism}
            placeholder={text.request.organismPlaceholder}
            value={organismId}
            onChange={setOrganismId}
            choices={organisms.map((item) => ({
              id: item.id,
              label: item.name,
              note: text.request.d90(formatDose(item.d90MjPerCm2)),
            }))}
            {...(organism === null
              ? {}
              : {
                  hint: [
                    text.request.certainty[organism.certainty] ?? organism.certainty,
                    organism.source,
                  ].join(': '),
                })}
          />
          <NumberField
            label={text.request.targetLog}
            value={targetLog}
            onChange={(value) => setTargetLog(Number.isNaN(value) ? DEFAULT_LOG : value)}
            minValue={0.5}
            maxValue={6}
            step={0.5}
            {...(organism === null
              ? {}
              : {
                  hint: isBeyondEvidence ? (
                    <span className="field-hint-attention">
                      {text.request.beyondEvidence(organism.supportedLog ?? 0)}
                    </span>
                  ) : (
                    [
                      text.request.targetHint(
                        percentInactivated(targetLog),
                        formatDose(doseForLogReduction(organism, targetLog)),
                      ),
                      doseSpreadWords(text, doseIntervalForLogReduction(organism, targetLog)),
                    ].join(' ')
                  ),
                })}
          />
        </>
      )}
      <TextField
        label={text.request.due}
        type="datetime-local"
        value={due}
        onChange={setDue}
        hint={text.request.dueHint(serverInfo.timeZone)}
        error={isDueInvalid ? text.request.dueInvalid : null}
      />
      {hasUnit && (
        <div className="field">
          <Segments
            label={text.request.byWhom}
            value={byWhom}
            onChange={setByWhom}
            choices={(['any', 'unit'] as const).map((id) => ({ id, label: text.request.byWhoms[id] }))}
          />
          {byWhom === 'unit' && <p className="field-hint">{text.request.byUnitHint}</p>}
        </div>
      )}
      {way === 'organism' && <PlanOptions value={plan} onChange={setPlan} />}
      <FailureNotice failure={action.failure} />
      <div className="actions">
        <Button type="submit" tone="primary" isDisabled={target === null || isDueInvalid || action.isPending}>
          {action.isPending ? text.request.making : text.request.make}
        </Button>
        <Button tone="quiet" onPress={onDone}>
          {text.request.cancel}
        </Button>
      </div>
    </Form>
  )
}
