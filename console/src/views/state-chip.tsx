import { useText } from '../i18n/use-text.ts'
import { ROOM_STATE_LOOKS, type ShownRoomState } from '../look/room-state-look.ts'
import { Icon } from '../ui/icon.tsx'

/** A room's state: icon, word and colour. */
export function StateChip({ state }: { readonly state: ShownRoomState }) {
  const text = useText()
  return (
    <span className="chip" style={{ '--tone': `var(--chip-${state})` } as React.CSSProperties}>
      <Icon name={ROOM_STATE_LOOKS[state].icon} />
      {text.rooms.states[state]}
    </span>
  )
}
