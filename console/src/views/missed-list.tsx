import type { MissedSurface } from '@wardlight/core/disinfection'
import { useText } from '../i18n/use-text.ts'
import { groupMissed } from './missed-groups.ts'

/** What stays under the target, why, and what would help. */
export function MissedList({ missed }: { readonly missed: readonly MissedSurface[] }) {
  const text = useText()
  return (
    <ul className="missed">
      {groupMissed(missed).map((group) => (
        <li key={`${group.label} ${group.reason} ${group.explanation} ${group.remedy}`}>
          <p>
            <strong>{group.label}</strong>{' '}
            <span className="field-hint">{text.missed.pieces(group.pieces)}</span>
          </p>
          <p>{group.explanation}</p>
          <p className="missed-remedy">{group.remedy ?? text.missed.noRemedy}</p>
        </li>
      ))}
    </ul>
  )
}
