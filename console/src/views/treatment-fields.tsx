import { doseForLogReduction, doseIntervalForLogReduction } from '@wardlight/core/disinfection'
import type { ProtocolView, RequestedTreatment } from '@wardlight/core/fleet'
import { useText } from '../i18n/use-text.ts'
import { NumberField } from '../ui/fields.tsx'
import { Segments } from '../ui/segments.tsx'
import { Select } from '../ui/select.tsx'
import { useConsole } from './console-context.ts'
import { doseSpreadWords } from './dose-words.ts'
import { formatDose, percentInactivated } from './figures.ts'
import { requestedOptions, USUAL_PLAN, type PlanChoice } from './plan-options.tsx'
import { ProtocolFields } from './protocol-fields.tsx'

const DEFAULT_LOG = 3

/** What a nurse asks of a treatment, whatever the room. */
export interface TreatmentChoice {
  readonly way: 'organism' | 'protocol'
  readonly protocol: ProtocolView | null
  readonly organismId: string | null
  readonly targetLog: number
  readonly plan: PlanChoice
}

export function usualTreatment(organismId: string | null): TreatmentChoice {
  return { way: 'organism', protocol: null, organismId, targetLog: DEFAULT_LOG, plan: USUAL_PLAN }
}

/** As a request carries it; `null` while something is missing. A protocol says all that the plan is made for. */
export function requestedTreatment({
  way,
  protocol,
  organismId,
  targetLog,
  plan,
}: TreatmentChoice): RequestedTreatment | null {
  if (way === 'protocol') return protocol === null ? null : { protocolId: protocol.id }
  return organismId === null ? null : { organismId, targetLog, ...requestedOptions(plan) }
}

export interface TreatmentFieldsProps {
  readonly value: TreatmentChoice
  readonly onChange: (value: TreatmentChoice) => void
}

/** An organism with a target, or a protocol. */
export function TreatmentFields({ value, onChange }: TreatmentFieldsProps) {
  const text = useText()
  return (
    <>
      <Segments
        label={text.request.way}
        value={value.way}
        onChange={(way) => onChange({ ...value, way })}
        choices={(['organism', 'protocol'] as const).map((id) => ({ id, label: text.request.ways[id] }))}
      />
      {value.way === 'protocol' ? (
        <ProtocolFields protocol={value.protocol} onChange={(protocol) => onChange({ ...value, protocol })} />
      ) : (
        <OrganismFields value={value} onChange={onChange} />
      )}
    </>
  )
}

function OrganismFields({ value, onChange }: TreatmentFieldsProps) {
  const text = useText()
  const { organisms } = useConsole()
  const { organismId, targetLog } = value
  const organism = organisms.find((candidate) => candidate.id === organismId) ?? null
  const isBeyondEvidence =
    organism !== null && organism.supportedLog !== null && targetLog > organism.supportedLog
  return (
    <>
      <Select
        label={text.request.organism}
        placeholder={text.request.organismPlaceholder}
        value={organismId}
        onChange={(id) => onChange({ ...value, organismId: id })}
        choices={organisms.map((item) => ({
          id: item.id,
          label: item.name,
          note: text.request.d90(formatDose(item.d90MjPerCm2, text.locale)),
        }))}
        {...(organism === null
          ? {}
          : {
              hint: [text.request.certainty[organism.certainty] ?? organism.certainty, organism.source].join(
                ': ',
              ),
            })}
      />
      <NumberField
        label={text.request.targetLog}
        value={targetLog}
        onChange={(log) => onChange({ ...value, targetLog: Number.isNaN(log) ? DEFAULT_LOG : log })}
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
                    percentInactivated(targetLog, text.locale),
                    formatDose(doseForLogReduction(organism, targetLog), text.locale),
                  ),
                  doseSpreadWords(text, doseIntervalForLogReduction(organism, targetLog)),
                ].join(' ')
              ),
            })}
      />
    </>
  )
}
