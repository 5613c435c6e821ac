import { useText } from '../i18n/use-text.ts'
import { formatDateTime } from '../store/hospital-time.ts'
import { useConsole } from './console-context.ts'
import { useResource } from './use-resource.ts'

/** What was proven of a mission, to take away: signed, for whoever does not believe this console. */
export function ProofCard({ missionId, version }: { readonly missionId: string; readonly version: string }) {
  const text = useText()
  const { api, serverInfo } = useConsole()
  const { value } = useResource(`proofs ${missionId} ${version}`, () => api.proofs(missionId))
  if (value === null) return null
  return (
    <section className="card">
      <h2>{text.proof.title}</h2>
      <p>{value.length === 0 ? text.proof.none : text.proof.about}</p>
      {value.length > 0 && (
        <>
          <ol className="plain-list">
            {value.map(({ sequence, kind, issuedAt }) => (
              <li key={sequence} className="split">
                <span>
                  {text.proof.kinds[kind]}
                  <span className="field-hint">
                    {' '}
                    {text.proof.numbered(
                      sequence,
                      formatDateTime(issuedAt, serverInfo.timeZone, text.locale),
                    )}
                  </span>
                </span>
                <span className="proof-links">
                  <a href={`/api/proofs/${sequence}/pdf`} download aria-label={text.proof.pdfOf(sequence)}>
                    {text.proof.pdf}
                  </a>
                  <a href={`/api/proofs/${sequence}`} download aria-label={text.proof.jsonOf(sequence)}>
                    {text.proof.json}
                  </a>
                </span>
              </li>
            ))}
          </ol>
          <p className="field-hint">
            {text.proof.check}{' '}
            <a href="/api/proofs/keys" download>
              {text.proof.keys}
            </a>
          </p>
          <p className="field-hint">
            {text.proof.key} <code className="proof-hash">{value.at(-1)!.keyId}</code>
          </p>
        </>
      )}
    </section>
  )
}
