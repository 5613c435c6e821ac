import type { MissedSurface } from '@wardlight/core/disinfection'
import { useText } from '../i18n/use-text.ts'
import { Icon } from '../ui/icon.tsx'
import { groupMissed } from './missed-groups.ts'

export interface MissedListProps {
  readonly missed: readonly MissedSurface[]
  readonly highTouchIds: ReadonlySet<string>
}

/** What stays under the target, why, and what would help; what hands touch most comes first. */
export function MissedList({ missed, highTouchIds }: MissedListProps) {
  const text = useText()
  return (
    <ul className="missed">
      {groupMissed(missed, highTouchIds).map((group) => (
        <li
          key={`${group.label} ${group.reason} ${group.explanation} ${group.remedy} ${group.isHighTouch}`}
          className={group.isHighTouch ? 'missed-high-touch' : ''}
        >
          {group.isHighTouch && (
            <p className="high-touch-mark">
              <Icon name="hand" /> {text.missed.highTouch}
            </p>
          )}
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
