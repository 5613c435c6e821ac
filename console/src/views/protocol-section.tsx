import { useState } from 'react'
import { FileTrigger } from 'react-aria-components/FileTrigger'
import type { NewProtocol, ProtocolView } from '@wardlight/core/fleet'
import { ApiFailure } from '../api/api-client.ts'
import { useText } from '../i18n/use-text.ts'
import { formatDateTime } from '../store/hospital-time.ts'
import { Button } from '../ui/button.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { Notice } from '../ui/notice.tsx'
import { useConsole } from './console-context.ts'
import { FailureNotice } from './failure-notice.tsx'
import { protocolFile } from './protocol-file.ts'
import { RetryNotice } from './retry-notice.tsx'
import { useAction } from './use-action.ts'
import { useResource } from './use-resource.ts'

/** The hospital's recipes. An administrator saves one as a file, edits it, and brings it in as the next version. */
export function ProtocolSection() {
  const text = useText()
  const { api, user } = useConsole()
  const { value, failure, reload } = useResource('protocols', () => api.protocols())
  return (
    <>
      <p className="measure">{text.protocols.what}</p>
      {user.role === 'administrator' && <ProtocolUpload onAdded={reload} />}
      <RetryNotice failure={failure} onRetry={reload} />
      {value === null && failure === null && <p>{text.loading}</p>}
      <div className="card-grid">
        {value?.map((protocol) => (
          <ProtocolCard key={`${protocol.id} ${protocol.version}`} protocol={protocol} />
        ))}
      </div>
    </>
  )
}

function ProtocolUpload({ onAdded }: { readonly onAdded: () => void }) {
  const text = useText()
  const { api } = useConsole()
  const [added, setAdded] = useState<string | null>(null)
  const action = useAction()
  return (
    <section className="card" aria-label={text.protocols.add}>
      <p className="field-hint">{text.protocols.addHint}</p>
      <div className="actions">
        <FileTrigger
          acceptedFileTypes={['application/json', '.json']}
          onSelect={(files) => {
            const file = files?.item(0) ?? null
            if (file === null) return
            setAdded(null)
            action.run(async () => {
              const { name, version } = await api.addProtocol(await readProtocol(file, text.protocols.noJson))
              setAdded(text.protocol.named(name, version))
              onAdded()
            })
          }}
        >
          <Button tone="primary" isDisabled={action.isPending}>
            {text.protocols.add}
          </Button>
        </FileTrigger>
      </div>
      <FailureNotice failure={action.failure} />
      <output>
        {added !== null && <Notice tone="good" icon="check" title={text.protocols.added(added)} />}
      </output>
    </section>
  )
}

/** What the file says goes to the server as it is: only the server judges it. */
async function readProtocol(file: File, noJson: (name: string) => string): Promise<NewProtocol> {
  try {
    return JSON.parse(await file.text()) as NewProtocol
  } catch (error) {
    throw new ApiFailure(0, noJson(file.name), error instanceof Error ? error.message : String(error))
  }
}

function ProtocolCard({ protocol }: { readonly protocol: ProtocolView }) {
  const text = useText()
  const { serverInfo } = useConsole()
  const roles = (list: readonly string[]): string => list.map((role) => text.roles[role] ?? role).join(', ')
  const release = protocol.steps.find((step) => step.type === 'release')
  return (
    <article className={`card${protocol.isCurrent ? '' : ' stale'}`}>
      <header>
        <h2>{text.protocol.named(protocol.name, protocol.version)}</h2>
        <p className="field-hint">
          {protocol.id}
          {protocol.isCurrent ? '' : ` · ${text.protocols.replaced}`}
        </p>
      </header>
      <p>{protocol.purpose}</p>
      {protocol.obstacle !== null && <Notice tone="attention">{protocol.obstacle}</Notice>}
      <Disclosure
        title={text.protocol.steps}
        summary={String(protocol.prerequisites.length + protocol.steps.length)}
      >
        <ol className="numbered">
          {protocol.prerequisites.map(({ id, text: line }) => (
            <li key={id}>{line}</li>
          ))}
          {protocol.steps.map(({ id, text: line }) => (
            <li key={id}>{line}</li>
          ))}
        </ol>
      </Disclosure>
      <dl className="facts">
        <dt>{text.protocols.approvedBy}</dt>
        <dd>{text.protocols.people(protocol.approval.people, roles(protocol.approval.roles))}</dd>
        {release !== undefined && (
          <>
            <dt>{text.protocols.signedBy}</dt>
            <dd>{text.protocols.people(release.people, roles(release.roles))}</dd>
          </>
        )}
      </dl>
      <p className="field-hint">
        {text.request.certainty[protocol.certainty] ?? protocol.certainty}: {protocol.source}
      </p>
      {protocol.note !== null && <p className="field-hint">{protocol.note}</p>}
      {protocol.addedBy !== null && protocol.addedAt !== null && (
        <p className="field-hint">
          {text.evidence.addedBy(
            protocol.addedBy,
            formatDateTime(protocol.addedAt, serverInfo.timeZone, text.locale),
          )}
        </p>
      )}
      {protocol.isCurrent && (
        <p>
          <a href={protocolFile(protocol)} download={`${protocol.id}.json`}>
            {text.protocols.save(protocol.version + 1)}
          </a>
        </p>
      )}
    </article>
  )
}
