import type {
  AlarmView,
  LiveState,
  MissionView,
  RequestView,
  RobotView,
  RoomView,
} from '@wardlight/core/fleet'
import { isInsidePolygon, type Polygon } from '@wardlight/core/geometry'
import { ROOM_STATE_LOOKS, type ShownRoomState } from '../look/room-state-look.ts'
import { ageMs, isStale, type FleetState } from './fleet-state.ts'

/** Names as people count: "Room 9" before "Room 10". */
export const nameOrder = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

export type RoomFilter = 'all' | 'needsPerson' | 'underWay' | 'ready'

export interface RoomQuery {
  /** Matches names and wards, case-insensitive; every word must be found. */
  readonly text: string
  readonly filter: RoomFilter
}

/** What a room's state is to people: one that is blocked by gas is no broken bed; a proven one waits for its release. */
export function shownStateOf(room: RoomView, missions: LiveState['missions']): ShownRoomState {
  const mission = room.missionId === null ? undefined : missions[room.missionId]
  if (room.state === 'blocked' && mission?.gas?.isGassed === true) return 'gassed'
  return room.state === 'inProgress' && mission !== undefined && isToRelease(mission)
    ? 'toRelease'
    : room.state
}

export interface RoomRow {
  readonly room: RoomView
  readonly state: ShownRoomState
}

export function roomRows(live: LiveState): RoomRow[] {
  return Object.values(live.rooms).map((room) => ({ room, state: shownStateOf(room, live.missions) }))
}

function matchesFilter(state: ShownRoomState, filter: RoomFilter): boolean {
  switch (filter) {
    case 'all':
      return true
    case 'needsPerson':
      return ROOM_STATE_LOOKS[state].need === 'person' || ROOM_STATE_LOOKS[state].need === 'work'
    case 'underWay':
      return state === 'inProgress' || state === 'gassed'
    case 'ready':
      return state === 'clean'
  }
}

const SECONDARY_KINDS = new Set(['corridor', 'lobby', 'utility', 'store', 'staffStation'])

/** Rooms that answer the query: places for patients first, then by name. */
export function queryRooms(
  rows: readonly RoomRow[],
  query: RoomQuery,
  stateWord: (state: ShownRoomState) => string,
): RoomRow[] {
  const words = query.text.toLowerCase().split(/\s+/).filter(Boolean)
  return rows
    .filter(({ room, state }) => {
      if (!matchesFilter(state, query.filter)) return false
      const text = `${room.name} ${room.ward ?? ''} ${stateWord(state)}`.toLowerCase()
      return words.every((word) => text.includes(word))
    })
    .toSorted(
      (a, b) =>
        Number(SECONDARY_KINDS.has(a.room.kind)) - Number(SECONDARY_KINDS.has(b.room.kind)) ||
        nameOrder.compare(a.room.name, b.room.name),
    )
}

export function countRooms(rows: readonly RoomRow[]): Readonly<Record<RoomFilter, number>> {
  const count = (filter: RoomFilter): number =>
    rows.filter(({ state }) => matchesFilter(state, filter)).length
  return {
    all: rows.length,
    needsPerson: count('needsPerson'),
    underWay: count('underWay'),
    ready: count('ready'),
  }
}

function newest<Item>(items: readonly Item[], at: (item: Item) => string): Item | null {
  return items.reduce<Item | null>(
    (best, item) => (best === null || Date.parse(at(item)) > Date.parse(at(best)) ? item : best),
    null,
  )
}

export function latestMissionOf(live: LiveState, roomId: string): MissionView | null {
  const linked = live.rooms[roomId]?.missionId
  if (linked !== null && linked !== undefined && live.missions[linked] !== undefined) {
    return live.missions[linked]
  }
  return newest(
    Object.values(live.missions).filter((mission) => mission.roomId === roomId),
    (mission) => mission.orderedAt,
  )
}

/** Its last step is over: what is left is a signature. Between two steps a robot is still to come. */
export function isToRelease({ phase, stepNumber, stepCount }: MissionView): boolean {
  return phase === 'finished' && stepNumber + 1 >= stepCount
}

/** Missions whose gas drives people out of the rooms around: nothing on any page comes before them. */
export function evacuations(live: LiveState): MissionView[] {
  return Object.values(live.missions).filter(
    ({ gas, phase }) => gas?.mustEvacuate === true && phase !== 'finished',
  )
}

const ALARM_RANKS: readonly AlarmView['priority'][] = ['urgent', 'high', 'low']

/** Open alarms: what nobody has seen first, the worst first, the newest first. */
export function openAlarms(live: LiveState): AlarmView[] {
  const rank = ({ priority, acknowledgedAt }: AlarmView): number =>
    (acknowledgedAt === null ? 0 : 10) + ALARM_RANKS.indexOf(priority)
  return Object.values(live.alarms).toSorted(
    (a, b) => rank(a) - rank(b) || b.raisedAt.localeCompare(a.raisedAt),
  )
}

export function unseenAlarms(live: LiveState): AlarmView[] {
  return openAlarms(live).filter(({ acknowledgedAt }) => acknowledgedAt === null)
}

export function isRunning(mission: MissionView): boolean {
  return mission.phase !== 'finished'
}

/** The request of a room that still waits for a decision: being planned, planned, or failed. */
export function openRequestOf(live: LiveState, roomId: string): RequestView | null {
  const request = newest(
    Object.values(live.requests).filter((candidate) => candidate.roomId === roomId),
    (candidate) => candidate.requestedAt,
  )
  if (request === null) return null
  return request.status === 'approved' || request.status === 'withdrawn' ? null : request
}

/**
 * Whom an emergency stop goes to: every robot that is not provably at rest. Old news proves nothing.
 * When all of them rest it goes to all: whoever presses it means something.
 */
export function robotsToStop(state: FleetState, monotonicMs: number): RobotView[] {
  const robots = Object.values(state.live?.robots ?? {})
  const active = robots.filter(
    (robot) =>
      state.connection !== 'live' ||
      isStale(ageMs(state, monotonicMs, robot.updatedAt)) ||
      robot.connection !== 'ONLINE' ||
      robot.isDriving ||
      robot.isLampLit ||
      robot.missionId !== null ||
      robot.orderId !== null,
  )
  return active.length > 0 ? active : robots
}

/** By where they last said that they are. */
export function robotsIn(
  robots: Readonly<Record<string, RobotView>>,
  levelId: string,
  polygon: Polygon,
): RobotView[] {
  return sortedRobots(robots).filter(
    ({ position }) => position?.levelId === levelId && isInsidePolygon(position, polygon),
  )
}

/** Units that are fixed in a room. */
export function unitsIn(...where: Parameters<typeof robotsIn>): RobotView[] {
  return robotsIn(...where).filter(({ isFixed }) => isFixed)
}

export function sortedRobots(robots: Readonly<Record<string, RobotView>>): RobotView[] {
  return Object.values(robots).toSorted((a, b) => nameOrder.compare(a.serialNumber, b.serialNumber))
}
