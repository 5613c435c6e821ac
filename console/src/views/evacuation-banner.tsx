import { useText } from '../i18n/use-text.ts'
import { evacuations } from '../store/fleet-selectors.ts'
import { Icon } from '../ui/icon.tsx'
import { hrefOf } from './route.ts'
import { useFleet } from './use-fleet.ts'

/** On every page, above everything: gas is where people are. It stays until the robot takes it back. */
export function EvacuationBanner() {
  const text = useText()
  const live = useFleet((state) => state.live)
  const missions = live === null ? [] : evacuations(live)
  return (
    <div role="alert">
      {missions.map(({ id, roomId }) => {
        const name = live?.rooms[roomId]?.name ?? roomId
        return (
          <p key={id} className="evacuation">
            <Icon name="warning" />
            <span>
              <strong>{text.gas.evacuate(name)}</strong> {text.gas.evacuateHint}{' '}
              <a href={hrefOf({ page: 'mission', missionId: id })}>{text.rooms.openMission}</a>
            </span>
          </p>
        )
      })}
    </div>
  )
}
