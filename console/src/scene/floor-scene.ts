import { Box3, Vector3 } from 'three'
import { boundsOf, type Point2, type Polygon } from '@wardlight/core/geometry'
import type { LevelView, ScanView } from '@wardlight/core/fleet'
import type { Lift } from '@wardlight/core/floor'
import type { IconName } from '../look/icon-paths.ts'
import { labelPlace } from './floor-geometry.ts'
import { createLabelLayer, type LabelSpec } from './label-layer.ts'
import { createBuildingLayer, WALL_HEIGHT_M } from './layers/building-layer.ts'
import { createDoseLayer, type DoseMap } from './layers/dose-layer.ts'
import { createLidarLayer } from './layers/lidar-layer.ts'
import { createOccupancyLayer, type OccupancyLayer } from './layers/occupancy-layer.ts'
import { createRobotLayer, type RobotMark } from './layers/robot-layer.ts'
import { createRoomLayer } from './layers/room-layer.ts'
import { createStopLayer, stopLabels } from './layers/stop-layer.ts'
import { createStage, type Viewpoint } from './stage.ts'

export interface RoomMark {
  readonly id: string
  readonly title: string
  /** State in a word; `null` for rooms whose state is of no interest. */
  readonly detail: string | null
  readonly icon: IconName | null
  readonly floorToken: string
  readonly chipToken: string
  readonly priority: number
}

export interface NamedRobotMark extends RobotMark {
  readonly title: string
  readonly detail: string | null
}

export type Pick = { readonly kind: 'room' | 'robot'; readonly id: string }

export interface FloorScene extends Viewpoint {
  setRooms(marks: readonly RoomMark[]): void
  setRobots(robots: readonly NamedRobotMark[]): void
  setScans(scans: readonly ScanView[]): void
  setStops(stops: readonly Point2[]): void
  setDose(dose: DoseMap | null): void
  setOccupancy(cells: Int8Array): void
  setSelectedRoom(roomId: string | null): void
  /** Brings a room near; `null` shows the whole floor. */
  focusRoom(roomId: string | null): void
  dispose(): void
}

export interface FloorSceneOptions {
  readonly level: LevelView
  readonly lifts: readonly Lift[]
  readonly onPick: (pick: Pick) => void
}

/** A press that moves further than this is a drag, not a pick. */
const CLICK_SLOP_PX = 6

function boxOf(points: Iterable<Point2>, heightM: number, marginM: number): Box3 {
  const { minX, minY, maxX, maxY } = boundsOf(points)
  return new Box3(
    new Vector3(minX - marginM, minY - marginM, 0),
    new Vector3(maxX + marginM, maxY + marginM, heightM),
  )
}

/** One level of the building, live. Every object in it has its twin in a list of the page. */
export function createFloorScene(
  container: HTMLElement,
  { level, lifts, onPick }: FloorSceneOptions,
): FloorScene {
  const stage = createStage(container)
  const building = createBuildingLayer(level, lifts)
  const rooms = createRoomLayer(level.rooms)
  const stops = createStopLayer()
  const robots = createRobotLayer()
  const lidar = createLidarLayer()
  const dose = createDoseLayer()
  const occupancy: OccupancyLayer | null =
    level.occupancy === null ? null : createOccupancyLayer(level.occupancy)
  for (const layer of [building, rooms, stops, dose, robots, lidar]) stage.addLayer(layer)
  if (occupancy !== null) stage.addLayer(occupancy)
  const labels = createLabelLayer(stage, container)

  const places = new Map(level.rooms.map((room) => [room.id, labelPlace(room.polygon)]))
  let marks: readonly RoomMark[] = []
  let selectedRoomId: string | null = null
  let hoveredRoomId: string | null = null
  let hasDose = false

  const allPoints = [
    ...level.rooms.flatMap((room): Polygon => room.polygon),
    ...level.walls.flatMap(({ a, b }) => [a, b]),
  ]
  const wholeBox =
    allPoints.length === 0
      ? new Box3(new Vector3(), new Vector3(10, 10, 1))
      : boxOf(allPoints, WALL_HEIGHT_M, 0.3)
  stage.fitBox(wholeBox)

  function labelRooms(): void {
    const specs = marks.flatMap((mark): LabelSpec[] => {
      const place = places.get(mark.id)
      // Over a dose map they would hide what one came to see; the panel names the room.
      if (place === undefined || hasDose) return []
      const isForced = mark.id === hoveredRoomId || mark.id === selectedRoomId
      return [
        {
          ...mark,
          x: place.x,
          y: place.y,
          z: 0.1,
          token: mark.chipToken,
          look: 'room',
          spanM: place.spanM,
          isForced,
        },
      ]
    })
    labels.setGroup('rooms', specs)
  }

  function hover(roomId: string | null): void {
    if (roomId === hoveredRoomId) return
    hoveredRoomId = roomId
    rooms.setHovered(roomId)
    stage.canvas.style.cursor = roomId === null ? '' : 'pointer'
    labelRooms()
  }

  let pressedAt: { x: number; y: number } | null = null
  const abort = new AbortController()
  const listen = { signal: abort.signal }
  stage.canvas.addEventListener(
    'pointerdown',
    (event) => {
      pressedAt = event.isPrimary ? { x: event.clientX, y: event.clientY } : null
    },
    listen,
  )
  stage.canvas.addEventListener(
    'pointerup',
    (event) => {
      if (pressedAt === null) return
      const travelled = Math.hypot(event.clientX - pressedAt.x, event.clientY - pressedAt.y)
      pressedAt = null
      if (travelled > CLICK_SLOP_PX) return
      const ground = stage.groundAt(event.clientX, event.clientY)
      if (ground === null) return
      const robotId = robots.robotAt(ground)
      if (robotId !== null) return onPick({ kind: 'robot', id: robotId })
      const roomId = rooms.roomAt(ground)
      if (roomId !== null) onPick({ kind: 'room', id: roomId })
    },
    listen,
  )
  stage.canvas.addEventListener(
    'pointermove',
    (event) => {
      if (event.pointerType !== 'mouse' || event.buttons !== 0) return
      const ground = stage.groundAt(event.clientX, event.clientY)
      hover(ground === null ? null : rooms.roomAt(ground))
    },
    listen,
  )
  stage.canvas.addEventListener('pointerleave', () => hover(null), listen)

  return {
    zoomBy: stage.zoomBy,
    panBy: stage.panBy,
    turnBy: stage.turnBy,
    fit: () => stage.fitBox(wholeBox),
    setRooms(next) {
      marks = next
      rooms.setTokens(new Map(next.map((mark) => [mark.id, mark.floorToken])))
      labelRooms()
      stage.requestFrame()
    },
    setRobots(next) {
      robots.setRobots(next)
      labels.setGroup(
        'robots',
        next.map((robot) => ({
          id: robot.id,
          x: robot.pose.x,
          y: robot.pose.y,
          z: 1.9,
          title: robot.title,
          detail: robot.detail,
          icon: 'robot',
          token: robot.isStale ? '--scene-robot-stale' : robot.isLampLit ? '--scene-lamp' : '--scene-robot',
          look: 'robot',
          priority: robot.isLampLit ? 90 : 50,
          spanM: 1,
          isForced: robot.isSelected,
        })),
      )
      stage.requestFrame()
    },
    setScans(scans) {
      lidar.setScans(scans)
      stage.requestFrame()
    },
    setStops(next) {
      stops.setStops(next)
      labels.setGroup('stops', stopLabels(next))
      stage.requestFrame()
    },
    setDose(next) {
      dose.setDose(next)
      hasDose = next !== null
      building.setWallsLow(hasDose)
      // The coloured surfaces mark the room better than an outline that they half hide.
      rooms.setSelected(hasDose ? null : selectedRoomId)
      labelRooms()
      stage.requestFrame()
    },
    setOccupancy(cells) {
      occupancy?.setCells(cells)
      stage.requestFrame()
    },
    setSelectedRoom(roomId) {
      selectedRoomId = roomId
      rooms.setSelected(hasDose ? null : roomId)
      labelRooms()
      stage.requestFrame()
    },
    focusRoom(roomId) {
      const room = level.rooms.find((candidate) => candidate.id === roomId)
      if (room === undefined) stage.fitBox(wholeBox)
      else stage.fitBox(boxOf(room.polygon, 1.6, 1.2))
    },
    dispose() {
      abort.abort()
      labels.dispose()
      stage.dispose()
    },
  }
}
