import type { ComplianceView } from '@wardlight/core/fleet'
import { useState } from 'react'
import { useText } from '../i18n/use-text.ts'
import { formatDateTime, isoToHospitalTime } from '../store/hospital-time.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Select } from '../ui/select.tsx'
import { monthChoices, periodWith, type Period } from './compliance-figures.ts'
import { LampSection, MissedSection } from './compliance-lists.tsx'
import { OutbreakSection } from './compliance-outbreak.tsx'
import { DueSection, RunSection, TurnaroundSection } from './compliance-sections.tsx'
import { useConsole } from './console-context.ts'
import { monthName } from './month-names.ts'
import { RetryNotice } from './retry-notice.tsx'
import { hrefOf } from './route.ts'
import { useResource } from './use-resource.ts'
import './compliance.css'

/** What was due and done in which months, how it went, and what touched an organism. */
export function CompliancePage() {
  const text = useText()
  const { api } = useConsole()
  const first = useResource('compliance', () => api.compliance({}))
  return (
    <main id="content" className="report compliance stack">
      <header className="report-header">
        <div>
          <h1>{text.compliance.title}</h1>
          <p className="report-subject">{text.compliance.subject}</p>
        </div>
        <Button onPress={() => window.print()}>
          <Icon name="printer" />
          {text.compliance.print}
        </Button>
      </header>
      <RetryNotice failure={first.failure} onRetry={first.reload} />
      {first.value === null ? (
        first.failure === null && <p>{text.loading}</p>
      ) : (
        <ChosenMonths first={first.value} />
      )}
      <OutbreakSection />
    </main>
  )
}

interface Choice extends Period {
  readonly ward: string | null
}

/** @param first what the server shows where nobody has chosen */
function ChosenMonths({ first }: { readonly first: ComplianceView }) {
  const text = useText()
  const { api, serverInfo } = useConsole()
  const [choice, setChoice] = useState<Choice>({ from: first.from, to: first.to, ward: null })
  const { from, to, ward } = choice
  const isFirst = from === first.from && to === first.to && ward === null
  const query = { from, to, ...(ward === null ? {} : { ward }) }
  const asked = useResource(isFirst ? null : `compliance ${JSON.stringify(query)}`, () =>
    api.compliance(query),
  )
  const view = isFirst ? first : asked.value
  const months = monthChoices(isoToHospitalTime(first.madeAt, serverInfo.timeZone).slice(0, 7)).map((id) => ({
    id,
    label: monthName(id, text.locale),
  }))
  const change = (patch: Partial<Period>) =>
    setChoice((before) => ({ ...periodWith(before, patch), ward: before.ward }))
  return (
    <>
      <div className="compliance-filter">
        <Select
          label={text.compliance.from}
          placeholder={text.compliance.chooseMonth}
          value={from}
          choices={months}
          onChange={(id) => change({ from: id })}
        />
        <Select
          label={text.compliance.to}
          placeholder={text.compliance.chooseMonth}
          value={to}
          choices={months}
          onChange={(id) => change({ to: id })}
        />
        <Select
          label={text.compliance.ward}
          placeholder={text.compliance.allWards}
          value={ward === null ? ALL : `${WARD}${ward}`}
          choices={[
            { id: ALL, label: text.compliance.allWards },
            ...first.wards.map((name) => ({ id: `${WARD}${name}`, label: name })),
          ]}
          onChange={(id) =>
            setChoice((before) => ({ ...before, ward: id === ALL ? null : id.slice(WARD.length) }))
          }
        />
      </div>
      <p className="compliance-paper">
        {text.compliance.period(
          monthName(from, text.locale),
          monthName(to, text.locale),
          ward ?? text.compliance.allWards,
        )}
      </p>
      <RetryNotice failure={asked.failure} onRetry={asked.reload} />
      {view === null ? asked.failure === null && <p>{text.loading}</p> : <Numbers view={view} />}
    </>
  )
}

/** A ward may have any name. */
const ALL = 'all'
const WARD = 'ward '

function Numbers({ view }: { readonly view: ComplianceView }) {
  const text = useText()
  const { serverInfo } = useConsole()
  const isEmpty = view.dueWhole.due === 0 && view.dueWhole.withdrawn === 0 && view.runs.length === 0
  return (
    <>
      <p className="field-hint">
        {text.compliance.madeAt(formatDateTime(view.madeAt, serverInfo.timeZone, text.locale), view.timeZone)}
      </p>
      {isEmpty ? (
        <section className="card">
          <h2>{text.compliance.empty}</h2>
          <p>{text.compliance.emptyHint}</p>
          <p>
            <a href={hrefOf({ page: 'rooms', levelId: null })}>{text.compliance.toRooms}</a>
          </p>
        </section>
      ) : (
        <>
          <DueSection view={view} />
          <TurnaroundSection view={view} />
          <RunSection view={view} />
          <MissedSection view={view} />
        </>
      )}
      <LampSection view={view} />
    </>
  )
}
