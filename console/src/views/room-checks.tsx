import { useState } from 'react'
import { useText } from '../i18n/use-text.ts'
import { queryRooms, roomRows } from '../store/fleet-selectors.ts'
import { Checkbox, SearchField } from '../ui/fields.tsx'
import { useFleet } from './use-fleet.ts'

export interface RoomChecksProps {
  readonly label: string
  readonly roomIds: readonly string[]
  readonly onChange: (roomIds: readonly string[]) => void
}

/** Any number of rooms, found by their names; those that are chosen are named, however the list is searched. */
export function RoomChecks({ label, roomIds, onChange }: RoomChecksProps) {
  const text = useText()
  const live = useFleet((state) => state.live)
  const [search, setSearch] = useState('')
  const rows = live === null ? [] : roomRows(live)
  const found = queryRooms(rows, { text: search, filter: 'all' }, (state) => text.rooms.states[state])
  return (
    <fieldset className="room-checks stack">
      <legend className="field-label">{label}</legend>
      <SearchField label={text.rooms.find} value={search} onChange={setSearch} />
      <div className="check-columns">
        {found.map(({ room: { id, name } }) => (
          <Checkbox
            key={id}
            isSelected={roomIds.includes(id)}
            onChange={(isSelected) =>
              onChange(isSelected ? [...roomIds, id] : roomIds.filter((other) => other !== id))
            }
          >
            {name}
          </Checkbox>
        ))}
      </div>
      <p className="field-hint" aria-live="polite">
        {roomIds.length === 0
          ? text.rooms.noneChosen
          : text.rooms.chosen(roomIds.map((id) => live?.rooms[id]?.name ?? id).join(', '))}
      </p>
    </fieldset>
  )
}
