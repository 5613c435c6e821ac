import type { PeroxideStep, UvStep } from '@wardlight/core/disinfection'
import type { ProtocolView } from '@wardlight/core/fleet'
import { useText } from '../i18n/use-text.ts'
import { Disclosure } from '../ui/disclosure.tsx'
import { Select } from '../ui/select.tsx'
import { useConsole } from './console-context.ts'
import { formatDose, formatLog } from './figures.ts'
import { RetryNotice } from './retry-notice.tsx'
import { useResource } from './use-resource.ts'

export interface ProtocolFieldsProps {
  readonly protocol: ProtocolView | null
  readonly onChange: (protocol: ProtocolView) => void
}

/** The current protocols. Those that no robot can follow now are named with the reason, and cannot be chosen. */
export function ProtocolFields({ protocol, onChange }: ProtocolFieldsProps) {
  const text = useText()
  const { api } = useConsole()
  const protocols = useResource('protocols', () => api.protocols())
  if (protocols.failure !== null) {
    return <RetryNotice failure={protocols.failure} onRetry={protocols.reload} />
  }
  if (protocols.value === null) return <p>{text.protocol.loading}</p>
  const current = protocols.value.filter(({ isCurrent }) => isCurrent)
  const open = current.filter(({ obstacle }) => obstacle === null)
  const barred = current.filter(({ obstacle }) => obstacle !== null)
  return (
    <>
      <Select
        label={text.protocol.title}
        placeholder={text.protocol.placeholder}
        value={protocol?.id ?? null}
        onChange={(id) => onChange(open.find((item) => item.id === id)!)}
        choices={open.map((item) => ({
          id: item.id,
          label: item.name,
          note: text.protocol.version(item.version),
        }))}
        {...(protocol === null ? {} : { hint: protocol.purpose })}
      />
      {protocol !== null && <ProtocolDetails protocol={protocol} />}
      {barred.length > 0 && (
        <Disclosure title={text.protocol.notAvailable} summary={String(barred.length)}>
          <ul className="plain-list field-hint">
            {barred.map(({ id, name, obstacle }) => (
              <li key={id}>{text.protocol.notAvailableBecause(name, obstacle ?? '')}</li>
            ))}
          </ul>
        </Disclosure>
      )}
    </>
  )
}

function ProtocolDetails({ protocol }: { readonly protocol: ProtocolView }) {
  const text = useText()
  const { organisms } = useConsole()
  const light = protocol.steps.find((step): step is UvStep => step.type === 'uv')
  const gas = protocol.steps.find((step): step is PeroxideStep => step.type === 'peroxide')
  const organism = organisms.find((item) => item.id === light?.organismId)
  return (
    <div className="stack">
      {light !== undefined && (
        <p>
          {text.protocol.light(
            organism?.name ?? light.organismId,
            light.target.type === 'log'
              ? text.dose.log(formatLog(light.target.log, text.locale))
              : text.dose.value(formatDose(light.target.doseMjPerCm2, text.locale)),
          )}
        </p>
      )}
      {gas !== undefined && <p>{text.protocol.gas(text.methods[gas.method])}</p>}
      <p className="field-hint">
        {text.request.certainty[protocol.certainty] ?? protocol.certainty}: {protocol.source}
        {protocol.note !== null && (
          <>
            <br />
            {protocol.note}
          </>
        )}
      </p>
      <Disclosure title={text.protocol.steps} summary={String(protocol.steps.length)}>
        <ol className="numbered">
          {protocol.steps.map((step) => (
            <li key={step.id}>{step.text}</li>
          ))}
        </ol>
      </Disclosure>
    </div>
  )
}
