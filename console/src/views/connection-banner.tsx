import { useText } from '../i18n/use-text.ts'
import { Icon } from '../ui/icon.tsx'
import { useConsole } from './console-context.ts'
import { useFleet, useNow } from './use-fleet.ts'

/** Says within three seconds that the line is dead. */
export function ConnectionBanner() {
  const text = useText()
  const { store } = useConsole()
  const connection = useFleet((state) => state.connection)
  const now = useNow()
  const { heardAtMs } = store.get()
  const age = heardAtMs === null ? null : text.time.duration(Math.max(0, now - heardAtMs) / 1000)
  return (
    <output className="banner-slot">
      {connection === 'lost' && (
        <p className="banner">
          <Icon name="warning" />
          <span>
            <strong>{text.connection.lost}.</strong>{' '}
            <span aria-hidden="true">{text.connection.lostBanner(age)} </span>
            {text.connection.reconnecting}
          </span>
        </p>
      )}
    </output>
  )
}
