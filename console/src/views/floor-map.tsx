import { useEffect, useMemo, useRef, useState } from 'react'
import type { LevelView, LiveState, RobotView, RoomView } from '@wardlight/core/fleet'
import type { Point2 } from '@wardlight/core/geometry'
import { useText } from '../i18n/use-text.ts'
import { ROOM_STATE_LOOKS, roomFloorToken } from '../look/room-state-look.ts'
import type { DoseMap, FloorScene, NamedRobotMark, Pick, RoomMark } from '../scene/index.ts'
import { shownStateOf } from '../store/fleet-selectors.ts'
import { ageMs, isStale } from '../store/fleet-state.ts'
import { Notice } from '../ui/notice.tsx'
import { useConsole } from './console-context.ts'
import { MapTools, mapKey } from './map-tools.tsx'
import { robotStatus } from './robot-status.ts'
import { useFleet, useNow } from './use-fleet.ts'

export interface FloorMapProps {
  readonly level: LevelView
  readonly selectedRoomId: string | null
  readonly selectedRobotId: string | null
  /** Whose lidar is shown. */
  readonly scanRobotId: string | null
  readonly stops: readonly Point2[]
  readonly dose: DoseMap | null
  readonly onPick: (pick: Pick) => void
}

const NO_ROOMS: Readonly<Record<string, RoomView>> = {}
const NO_MISSIONS: LiveState['missions'] = {}
const NO_ROBOTS: Readonly<Record<string, RobotView>> = {}

/** Rooms whose name on the map would only be noise while nothing happens there. */
const QUIET_KINDS = new Set(['corridor', 'lobby'])

/** Holds the scene, which is loaded on its own, and tells it what to show. */
export function FloorMap({
  level,
  selectedRoomId,
  selectedRobotId,
  scanRobotId,
  stops,
  dose,
  onPick,
}: FloorMapProps) {
  const text = useText()
  const { store, clock, floor, api } = useConsole()
  const host = useRef<HTMLDivElement>(null)
  const pick = useRef(onPick)
  useEffect(() => {
    pick.current = onPick
  })
  const [scene, setScene] = useState<FloorScene | null>(null)
  const [isMissing, setMissing] = useState(false)

  useEffect(() => {
    let made: FloorScene | null = null
    let isCurrent = true
    void import('../scene/index.ts').then(({ createFloorScene, isWebGlAvailable }) => {
      if (!isCurrent || host.current === null) return
      if (!isWebGlAvailable()) return setMissing(true)
      made = createFloorScene(host.current, {
        level,
        lifts: floor.lifts,
        onPick: (picked) => pick.current(picked),
      })
      setScene(made)
      if (level.occupancy !== null) {
        // Without it the walls and rooms still show; the lists need it even less.
        void api.occupancy(level.id).then(
          (cells) => isCurrent && made?.setOccupancy(cells),
          () => undefined,
        )
      }
    })
    return () => {
      isCurrent = false
      made?.dispose()
      setScene(null)
    }
  }, [level, floor, api])

  const rooms = useFleet((state) => state.live?.rooms ?? NO_ROOMS)
  const missions = useFleet((state) => state.live?.missions ?? NO_MISSIONS)
  const marks = useMemo(
    () =>
      level.rooms.map((room): RoomMark => {
        const live = rooms[room.id]
        const state = live === undefined ? null : shownStateOf(live, missions)
        const look = state === null ? null : ROOM_STATE_LOOKS[state]
        const isQuiet =
          QUIET_KINDS.has(room.kind) && (look === null || look.need === 'none' || look.need === 'work')
        return {
          id: room.id,
          title: live?.name ?? room.name,
          detail: state === null || isQuiet ? null : text.rooms.states[state],
          icon: look === null || isQuiet ? null : look.icon,
          floorToken: roomFloorToken(room.kind, state),
          chipToken: state === null ? '--ink-faint' : `--chip-${state}`,
          priority:
            (look === null ? 0 : 10 - look.urgency) + (isQuiet ? -20 : 0) + Math.min(5, room.areaM2 / 20),
        }
      }),
    [level, rooms, missions, text],
  )
  useEffect(() => scene?.setRooms(marks), [scene, marks])
  useEffect(() => scene?.setSelectedRoom(selectedRoomId), [scene, selectedRoomId])
  useEffect(() => scene?.setStops(stops), [scene, stops])
  useEffect(() => scene?.setDose(dose), [scene, dose])
  const focusId = stops.length > 0 ? selectedRoomId : null
  useEffect(() => scene?.focusRoom(focusId), [scene, focusId])

  const robots = useFleet((state) => state.live?.robots ?? NO_ROBOTS)
  const connection = useFleet((state) => state.connection)
  const now = useNow()
  useEffect(() => {
    if (scene === null) return
    const here = Object.values(robots).flatMap((robot): NamedRobotMark[] => {
      const { position } = robot
      if (position === null || position.levelId !== level.id) return []
      const stale = connection !== 'live' || isStale(ageMs(store.get(), clock.monotonicMs(), robot.updatedAt))
      const status = robotStatus(robot, stale)
      return [
        {
          id: robot.id,
          title: robot.serialNumber,
          detail: status === 'idle' || status === 'charging' ? null : text.robots.states[status],
          pose: position,
          lengthM: robot.lengthM,
          widthM: robot.widthM,
          isFixed: robot.isFixed,
          isLampLit: robot.isLampLit,
          isStale: stale,
          isSelected: robot.id === selectedRobotId,
        },
      ]
    })
    scene.setRobots(here)
  }, [scene, robots, connection, now, level, selectedRobotId, store, clock, text])

  const scan = useFleet((state) => (scanRobotId === null ? undefined : state.scans[scanRobotId]))
  useEffect(
    () => scene?.setScans(scan === undefined || scan.levelId !== level.id ? [] : [scan]),
    [scene, scan, level],
  )

  if (isMissing) {
    return (
      <div className="map map-missing">
        <Notice icon="info" title={text.map.noWebGl}>
          <p>{text.map.noWebGlHint}</p>
        </Notice>
      </div>
    )
  }
  return (
    <div className="map">
      {/* An application: its keys move the map, and its objects stand in the lists. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <div
        ref={host}
        className="map-canvas"
        role="application"
        aria-label={text.map.label(level.name)}
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        onKeyDown={(event) => {
          if (scene !== null && mapKey(scene, event)) event.preventDefault()
        }}
      />
      {scene === null && <p className="map-loading">{text.map.loading}</p>}
      <MapTools viewpoint={scene} />
    </div>
  )
}
