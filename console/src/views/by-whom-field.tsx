import { useText } from '../i18n/use-text.ts'
import { Segments } from '../ui/segments.tsx'
import type { RoomRequest } from './use-room-request.ts'

/** Who gives the light, where a unit hangs in the room. */
export function ByWhomField({ hasUnit, byWhom, setByWhom }: RoomRequest) {
  const text = useText()
  if (!hasUnit) return null
  return (
    <div className="field">
      <Segments
        label={text.request.byWhom}
        value={byWhom}
        onChange={setByWhom}
        choices={(['any', 'unit'] as const).map((id) => ({ id, label: text.request.byWhoms[id] }))}
      />
      {byWhom === 'unit' && <p className="field-hint">{text.request.byUnitHint}</p>}
    </div>
  )
}
