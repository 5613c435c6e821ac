import type { ComplianceTable, ComplianceView } from '@wardlight/core/fleet'
import { useId, type ReactNode } from 'react'
import { useText } from '../i18n/use-text.ts'

export interface ComplianceSectionProps {
  readonly title: string
  readonly hint: string
  /** What can be taken out as CSV. */
  readonly exports: readonly { readonly href: string; readonly label: string }[]
  readonly children: ReactNode
}

export function ComplianceSection({ title, hint, exports, children }: ComplianceSectionProps) {
  const id = useId()
  const text = useText()
  return (
    <section className="card compliance-card" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <p className="field-hint">{hint}</p>
      {children}
      {exports.length > 0 && (
        <p className="compliance-links">
          {exports.map(({ href, label }) => (
            <a key={href} href={href} download>
              {text.compliance.csv(label)}
            </a>
          ))}
        </p>
      )}
    </section>
  )
}

/** Where the server writes a table of what is shown. */
export function exportHref(
  table: Exclude<ComplianceTable, 'outbreak'>,
  { from, to, ward }: ComplianceView,
): string {
  const query = new URLSearchParams({ table, from, to, ...(ward === null ? {} : { ward }) })
  return `/api/compliance/export.csv?${query.toString()}`
}
