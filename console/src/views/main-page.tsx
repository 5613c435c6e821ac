import { useEffect, useMemo } from 'react'
import { useText } from '../i18n/use-text.ts'
import type { DoseMap } from '../scene/index.ts'
import { isRunning, latestMissionOf, openRequestOf } from '../store/fleet-selectors.ts'
import { Segments } from '../ui/segments.tsx'
import { useConsole } from './console-context.ts'
import { DoseLegend } from './dose-legend.tsx'
import { FloorMap } from './floor-map.tsx'
import { Panel } from './panel.tsx'
import { RobotList } from './robot-list.tsx'
import { RobotPanel } from './robot-panel.tsx'
import { RoomList } from './room-list.tsx'
import { RoomPanel } from './room-panel.tsx'
import type { Route } from './route.ts'
import { useFleet } from './use-fleet.ts'
import { useResource } from './use-resource.ts'
import { navigate } from './use-route.ts'
import { useSurfaces } from './use-surfaces.ts'

const NO_STOPS: readonly never[] = []
const NO_DOSES: readonly number[] = []
const NO_ROBOTS: readonly string[] = []

/** Lists, map, and what is chosen: the place where the day is spent. */
export function MainPage({
  route,
}: {
  readonly route: Exclude<Route, { page: 'report' | 'alarms' | 'hl7' }>
}) {
  const text = useText()
  const { floor, api, feed, organisms, user } = useConsole()
  const live = useFleet((state) => state.live)
  const isLost = useFleet((state) => state.connection === 'lost')

  const linkedMission = route.page === 'mission' ? live?.missions[route.missionId] : undefined
  const roomId = route.page === 'room' ? route.roomId : (linkedMission?.roomId ?? null)
  const room = roomId === null ? undefined : live?.rooms[roomId]
  const robotId = route.page === 'robot' ? route.robotId : null
  const robot = robotId === null ? undefined : live?.robots[robotId]

  const mission = linkedMission ?? (live === null || roomId === null ? null : latestMissionOf(live, roomId))
  const request = live === null || roomId === null ? null : openRequestOf(live, roomId)
  const runningMission = mission !== null && isRunning(mission) ? mission : null

  const planKey =
    runningMission !== null
      ? `mission ${runningMission.id}`
      : request?.status === 'planned'
        ? `request ${request.id}`
        : null
  const plans = useResource(planKey, async () =>
    runningMission !== null
      ? [await api.missionPlan(runningMission.id)]
      : api.requestPlans(request?.id ?? ''),
  )
  // Gas has no map: it is everywhere in the room.
  const treatment = plans.value?.find((plan) => plan.method === 'uv')?.treatment ?? null
  const surfaces = useSurfaces(treatment?.room ?? null, treatment?.surfaceSizeM ?? 1)
  const delivered = runningMission?.deliveredMjPerCm2 ?? NO_DOSES
  // Until the lamp was lit the plan says more than a room full of zeros.
  const isPrediction = !delivered.some((value) => value > 0)
  const dose = useMemo((): DoseMap | null => {
    if (treatment === null) return null
    const doses = isPrediction ? treatment.predictedMjPerCm2 : delivered
    // The robot may have found the room different; then its doses belong to other surfaces.
    if (doses.length !== surfaces.length) return null
    return {
      room: treatment.room,
      surfaces,
      dosesMjPerCm2: doses,
      targetMjPerCm2: treatment.targetMjPerCm2,
    }
  }, [treatment, delivered, isPrediction, surfaces])
  const robotStops = runningMission?.stops ?? NO_STOPS
  const stops = robotStops.length > 0 ? robotStops : (treatment?.stops ?? NO_STOPS)

  const levelId =
    (route.page === 'rooms' ? route.levelId : null) ?? room?.levelId ?? robot?.position?.levelId ?? null
  const level = floor.levels.find((candidate) => candidate.id === levelId) ?? floor.levels[0]

  const scanRobotId = robotId ?? runningMission?.robotId ?? null
  useEffect(() => {
    feed.watchScans(scanRobotId === null ? NO_ROBOTS : [scanRobotId])
  }, [feed, scanRobotId])

  const isRobots = route.page === 'robots' || route.page === 'robot'
  const closeRoom = (): void => navigate({ page: 'rooms', levelId: level?.id ?? null })
  const hasPanel =
    room !== undefined || robotId !== null || (live !== null && (roomId !== null || route.page === 'mission'))
  const organism = organisms.find((item) => item.id === treatment?.organismId) ?? null
  // A room of the plan that the feed does not tell this person of.
  const foreign =
    roomId === null || room !== undefined || user.wards === null
      ? undefined
      : floor.levels.flatMap((each) => each.rooms).find((each) => each.id === roomId)
  const isRoomOnLevel = room !== undefined && room.levelId === level?.id

  return (
    <main id="content" className={`main${hasPanel ? ' main-with-panel' : ''}${isLost ? ' main-lost' : ''}`}>
      <h1 className="visually-hidden">{isRobots ? text.robots.title : text.rooms.title}</h1>
      {isRobots ? (
        <RobotList selectedRobotId={robotId} onSelect={(id) => navigate({ page: 'robot', robotId: id })} />
      ) : (
        <RoomList selectedRoomId={roomId} onSelect={(id) => navigate({ page: 'room', roomId: id })} />
      )}
      {room !== undefined ? (
        <RoomPanel
          key={room.id}
          room={room}
          request={request}
          mission={mission}
          plans={plans}
          isDoseMapShown={dose !== null}
          onClose={closeRoom}
        />
      ) : robotId !== null ? (
        <RobotPanel robotId={robotId} onClose={() => navigate({ page: 'robots' })} />
      ) : foreign?.ward != null && live !== null ? (
        <Panel
          title={text.administration.glass.foreignTitle(foreign.name)}
          label={text.rooms.panel(foreign.name)}
          closeLabel={text.close}
          onClose={closeRoom}
        >
          <p>{text.administration.glass.foreign(foreign.ward)}</p>
          <p>{text.administration.glass.foreignHint}</p>
        </Panel>
      ) : hasPanel ? (
        <Panel
          title={route.page === 'mission' ? text.mission.gone : text.rooms.gone}
          label={text.rooms.gone}
          closeLabel={text.close}
          onClose={closeRoom}
        >
          <p>{route.page === 'mission' ? text.mission.goneHint : text.rooms.goneHint}</p>
        </Panel>
      ) : null}
      <div className="map-pane">
        {level !== undefined && (
          <FloorMap
            level={level}
            selectedRoomId={isRoomOnLevel ? roomId : null}
            selectedRobotId={robotId}
            scanRobotId={scanRobotId}
            stops={isRoomOnLevel ? stops : NO_STOPS}
            dose={isRoomOnLevel ? dose : null}
            onPick={(pick) =>
              navigate(
                pick.kind === 'room'
                  ? { page: 'room', roomId: pick.id }
                  : { page: 'robot', robotId: pick.id },
              )
            }
          />
        )}
        {floor.levels.length > 1 && level !== undefined && (
          <div className="map-levels">
            <Segments
              label={text.map.levels}
              value={level.id}
              onChange={(id) => navigate({ page: 'rooms', levelId: id })}
              choices={floor.levels.map(({ id, name }) => ({ id, label: name }))}
            />
          </div>
        )}
        {isRoomOnLevel && dose !== null && (
          <div className="map-legend">
            <DoseLegend
              title={isPrediction ? text.map.dosePreview : text.map.doseLive}
              targetMjPerCm2={dose.targetMjPerCm2}
              organism={organism}
            />
          </div>
        )}
      </div>
    </main>
  )
}
