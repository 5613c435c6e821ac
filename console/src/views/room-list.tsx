import { useMemo, useState } from 'react'
import { Collection } from 'react-aria-components/Collection'
import { Header } from 'react-aria-components/Header'
import { ListBox, ListBoxItem, ListBoxSection } from 'react-aria-components/ListBox'
import type { RoomView } from '@wardlight/core/fleet'
import { useText } from '../i18n/use-text.ts'
import { countRooms, queryRooms, roomRows, type RoomFilter } from '../store/fleet-selectors.ts'
import { ageMs } from '../store/fleet-state.ts'
import { SearchField } from '../ui/fields.tsx'
import { Segments } from '../ui/segments.tsx'
import { useConsole } from './console-context.ts'
import { mayPrintSigns } from './roles.ts'
import { hrefOf } from './route.ts'
import { StateChip } from './state-chip.tsx'
import { useFleet, useNow } from './use-fleet.ts'

export interface RoomListProps {
  readonly selectedRoomId: string | null
  readonly onSelect: (roomId: string) => void
}

export function RoomList({ selectedRoomId, onSelect }: RoomListProps) {
  const text = useText()
  const { floor, store, user } = useConsole()
  const live = useFleet((state) => state.live)
  const now = useNow()
  const [search, setSearch] = useState('')
  const [filter, setFilter] = useState<RoomFilter>('all')
  const rows = useMemo(() => (live === null ? [] : roomRows(live)), [live])
  const counts = useMemo(() => countRooms(rows), [rows])
  const sections = useMemo(() => {
    const found = queryRooms(rows, { text: search, filter }, (state) => text.rooms.states[state])
    return floor.levels
      .map((level) => ({
        id: level.id,
        name: level.name,
        rooms: found
          .filter(({ room }) => room.levelId === level.id)
          .map((row) => ({ id: row.room.id, ...row })),
      }))
      .filter((section) => section.rooms.length > 0)
  }, [rows, search, filter, floor, text])
  const since = (room: RoomView): string => {
    const age = ageMs(store.get(), now, room.since)
    return age === null ? '' : text.time.duration(age / 1000)
  }
  return (
    <section className="list-pane" aria-label={text.rooms.title}>
      <div className="list-tools">
        <SearchField label={text.rooms.find} value={search} onChange={setSearch} />
        <Segments
          label={text.rooms.filterLabel}
          value={filter}
          onChange={setFilter}
          choices={(['all', 'needsPerson', 'underWay', 'ready'] as const).map((id) => ({
            id,
            label: text.rooms.filters[id],
            count: counts[id],
          }))}
        />
        {mayPrintSigns(user.role) && (
          <a className="list-link" href={hrefOf({ page: 'doorSigns' })}>
            {text.door.signs.link}
          </a>
        )}
      </div>
      <ListBox
        aria-label={text.rooms.list}
        className="list"
        selectionMode="single"
        selectedKeys={selectedRoomId === null ? [] : [selectedRoomId]}
        disallowEmptySelection
        onSelectionChange={(keys) => {
          const [key] = keys
          if (key !== undefined) onSelect(String(key))
        }}
        items={sections}
        dependencies={[now, rows, text]}
        renderEmptyState={() => (
          <div className="list-empty">
            {live !== null ? (
              <>
                <p>{text.rooms.empty}</p>
                <p className="field-hint">{text.rooms.emptyHint}</p>
              </>
            ) : (
              <p>{text.loading}</p>
            )}
          </div>
        )}
      >
        {(section) => (
          <ListBoxSection id={section.id} className="list-section">
            <Header className="list-header">
              {section.name} <span className="segment-count">{text.rooms.count(section.rooms.length)}</span>
            </Header>
            <Collection items={section.rooms} dependencies={[now, rows, text]}>
              {({ room, state }) => (
                <ListBoxItem
                  id={room.id}
                  textValue={room.name}
                  aria-label={[
                    room.name,
                    text.rooms.states[state],
                    text.rooms.since(since(room)),
                    room.ward ?? '',
                  ]
                    .filter(Boolean)
                    .join(', ')}
                  className="row"
                >
                  <span className="row-swatch" style={{ background: `var(--room-${state})` }} />
                  <span className="row-title">{room.name}</span>
                  <StateChip state={state} />
                  <span className="row-note">{room.ward ?? text.rooms.kinds[room.kind] ?? ''}</span>
                  <span className="row-note row-end">{since(room)}</span>
                </ListBoxItem>
              )}
            </Collection>
          </ListBoxSection>
        )}
      </ListBox>
    </section>
  )
}
