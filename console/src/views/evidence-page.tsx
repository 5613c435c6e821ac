import { useEffect } from 'react'
import { useText } from '../i18n/use-text.ts'
import { useConsole } from './console-context.ts'
import { OrganismSection } from './organism-section.tsx'
import { ProtocolSection } from './protocol-section.tsx'
import { hrefOf, type Route } from './route.ts'
import { ValidationSection } from './validation-section.tsx'

type EvidenceRoute = Extract<Route, { page: 'evidence' }>

const SECTIONS = [
  'organisms',
  'validations',
  'protocols',
] as const satisfies readonly EvidenceRoute['section'][]

/** What plans and reports rest on: dose responses with their sources, the site's own proofs, the recipes. */
export function EvidencePage({ section, id }: Pick<EvidenceRoute, 'section' | 'id'>) {
  const text = useText()
  const { reloadOrganisms } = useConsole()
  // Somebody else may have added one.
  useEffect(reloadOrganisms, [reloadOrganisms])
  return (
    <main id="content" className="report evidence stack">
      <header>
        <h1>{text.evidence.title}</h1>
        <p className="report-subject">{text.evidence.subject}</p>
      </header>
      <nav className="sub-nav" aria-label={text.evidence.title}>
        {SECTIONS.map((one) => (
          <a
            key={one}
            href={hrefOf({ page: 'evidence', section: one, id: null })}
            {...(one === section ? { 'aria-current': 'page' as const } : {})}
          >
            {text.evidence.sections[one]}
          </a>
        ))}
      </nav>
      {section === 'organisms' && <OrganismSection />}
      {section === 'validations' && <ValidationSection chosenId={id} />}
      {section === 'protocols' && <ProtocolSection />}
    </main>
  )
}
