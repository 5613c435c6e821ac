import { useText } from '../i18n/use-text.ts'
import { unseenAlarms } from '../store/fleet-selectors.ts'
import { Icon } from '../ui/icon.tsx'
import { hrefOf } from './route.ts'
import { useFleet } from './use-fleet.ts'

/** On every page: the worst alarm that wants a person now, is still there, and that nobody has seen. Gas has a banner of its own. */
export function AlarmBanner() {
  const text = useText()
  const live = useFleet((state) => state.live)
  const urgent =
    live === null
      ? []
      : unseenAlarms(live).filter(({ priority, clearedAt }) => priority === 'urgent' && clearedAt === null)
  const first = urgent.find(({ kind }) => kind !== 'gas.evacuate')
  const robotId = first?.robotId ?? null
  const name =
    robotId === null
      ? live?.rooms[first?.roomId ?? '']?.name
      : (live?.robots[robotId]?.serialNumber ?? robotId)
  return (
    <div role="alert">
      {first !== undefined && (
        <p className="alarm-banner">
          <Icon name="warning" />
          <span>
            {name !== undefined && <strong>{name}:</strong>} {first.text}{' '}
            <a href={hrefOf({ page: 'alarms' })}>{text.alarms.show}</a>
          </span>
        </p>
      )}
    </div>
  )
}
