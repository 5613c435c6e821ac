import { useState } from 'react'
import { Form } from 'react-aria-components/Form'
import { doseForLogReduction, doseIntervalForLogReduction } from '@wardlight/core/disinfection'
import type { OrganismView } from '@wardlight/core/fleet'
import { useText } from '../i18n/use-text.ts'
import { formatDateTime } from '../store/hospital-time.ts'
import { Button } from '../ui/button.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { NumberField, TextField } from '../ui/fields.tsx'
import { Notice } from '../ui/notice.tsx'
import { Select } from '../ui/select.tsx'
import { useConsole } from './console-context.ts'
import { doseSpreadWords } from './dose-words.ts'
import { FailureNotice } from './failure-notice.tsx'
import { formatDose, formatLog } from './figures.ts'
import { EMPTY_ORGANISM, organismOf, type OrganismEntry } from './organism-entry.ts'
import { useAction } from './use-action.ts'

/** Doses are shown for these log reductions. */
const SHOWN_LOGS = [1, 2, 3, 4, 5, 6]

export function OrganismSection() {
  const text = useText()
  const { organisms, user } = useConsole()
  return (
    <>
      {user.role === 'administrator' && (
        <section className="card" aria-label={text.organisms.add}>
          <Disclosure title={text.organisms.add}>
            <OrganismForm />
          </Disclosure>
        </section>
      )}
      <div className="card-grid">
        {organisms.map((organism) => (
          <OrganismCard key={organism.id} organism={organism} />
        ))}
      </div>
    </>
  )
}

function OrganismCard({ organism }: { readonly organism: OrganismView }) {
  const text = useText()
  const { serverInfo } = useConsole()
  const { supportedLog } = organism
  return (
    <article className="card">
      <header>
        <h2>{organism.name}</h2>
        <p className="field-hint">
          {text.organisms.kinds[organism.kind] ?? organism.kind} · {organism.medium} ·{' '}
          {text.organisms.models[organism.response.model]}
        </p>
      </header>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{text.request.targetLog}</th>
            <th scope="col" className="number">
              {text.organisms.dose}
            </th>
          </tr>
        </thead>
        <tbody>
          {SHOWN_LOGS.map((log) => (
            <tr key={log} {...(supportedLog !== null && log > supportedLog ? { className: 'beyond' } : {})}>
              <th scope="row">
                {formatLog(log, text.locale)}
                {supportedLog !== null && log > supportedLog && (
                  <span className="field-hint"> {text.organisms.extrapolated}</span>
                )}
              </th>
              <td className="number">{formatDose(doseForLogReduction(organism, log), text.locale)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="field-hint">
        {text.organisms.spread(doseSpreadWords(text, doseIntervalForLogReduction(organism, 1)))}
        {supportedLog === null && ` ${text.organisms.noLimit}`}
      </p>
      <p>
        <strong>{text.request.certainty[organism.certainty] ?? organism.certainty}</strong>: {organism.source}
      </p>
      {organism.note !== null && <p className="field-hint">{organism.note}</p>}
      {organism.origin === 'hospital' && (
        <p className="field-hint">
          {text.evidence.addedBy(
            organism.addedBy ?? text.unknown,
            organism.addedAt === null
              ? text.unknown
              : formatDateTime(organism.addedAt, serverInfo.timeZone, text.locale),
          )}
        </p>
      )}
    </article>
  )
}

const KINDS = ['bacterium', 'virus', 'spore', 'mycobacterium', 'yeast'] as const
const CERTAINTIES = ['verified', 'computed', 'proposed', 'unverified'] as const

function OrganismForm() {
  const text = useText()
  const { api, reloadOrganisms } = useConsole()
  const [entry, setEntry] = useState(EMPTY_ORGANISM)
  const [added, setAdded] = useState<string | null>(null)
  const action = useAction()
  const set = (part: Partial<OrganismEntry>): void => setEntry((before) => ({ ...before, ...part }))
  const organism = organismOf(entry)
  return (
    <Form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        if (organism === null) return
        setAdded(null)
        action.run(async () => {
          const { name } = await api.addOrganism(organism)
          setAdded(name)
          setEntry(EMPTY_ORGANISM)
          reloadOrganisms()
        })
      }}
    >
      <p className="field-hint">{text.organisms.addHint}</p>
      <div className="field-grid">
        <TextField
          label={text.organisms.name}
          value={entry.name}
          onChange={(name) => set({ name })}
          maxLength={120}
        />
        <Select
          label={text.organisms.kind}
          placeholder={text.organisms.kind}
          value={entry.kind}
          onChange={(kind) => set({ kind: kind as OrganismEntry['kind'] })}
          choices={KINDS.map((id) => ({ id, label: text.organisms.kinds[id] ?? id }))}
        />
        <TextField
          label={text.organisms.medium}
          hint={text.organisms.mediumHint}
          value={entry.medium}
          onChange={(medium) => set({ medium })}
          maxLength={120}
        />
        <NumberField
          label={text.organisms.d90}
          hint={text.organisms.d90Hint}
          value={entry.d90MjPerCm2}
          onChange={(d90MjPerCm2) => set({ d90MjPerCm2 })}
          minValue={0.01}
          maxValue={10_000}
          step={0.01}
          digits={2}
        />
        <NumberField
          label={text.organisms.likelyD90}
          value={entry.likelyD90MjPerCm2}
          onChange={(likelyD90MjPerCm2) => set({ likelyD90MjPerCm2 })}
          minValue={0.01}
          maxValue={10_000}
          step={0.01}
          digits={2}
        />
        <NumberField
          label={text.organisms.favourableD90}
          value={entry.favourableD90MjPerCm2}
          onChange={(favourableD90MjPerCm2) => set({ favourableD90MjPerCm2 })}
          minValue={0.01}
          maxValue={10_000}
          step={0.01}
          digits={2}
        />
        <NumberField
          label={text.organisms.supportedLog}
          hint={text.organisms.supportedLogHint}
          value={entry.supportedLog}
          onChange={(supportedLog) => set({ supportedLog })}
          minValue={0.1}
          maxValue={12}
          step={0.1}
        />
        <Select
          label={text.organisms.certainty}
          placeholder={text.organisms.certainty}
          value={entry.certainty}
          onChange={(certainty) => set({ certainty: certainty as OrganismEntry['certainty'] })}
          choices={CERTAINTIES.map((id) => ({ id, label: text.request.certainty[id] ?? id }))}
        />
      </div>
      <TextField
        label={text.organisms.source}
        hint={text.organisms.sourceHint}
        value={entry.source}
        onChange={(source) => set({ source })}
        maxLength={500}
      />
      <TextField
        label={text.organisms.note}
        value={entry.note}
        onChange={(note) => set({ note })}
        maxLength={2000}
      />
      <FailureNotice failure={action.failure} />
      <output>
        {added !== null && <Notice tone="good" icon="check" title={text.organisms.added(added)} />}
      </output>
      <div className="actions">
        <Button type="submit" tone="primary" isDisabled={action.isPending || organism === null}>
          {text.organisms.addButton}
        </Button>
      </div>
    </Form>
  )
}
