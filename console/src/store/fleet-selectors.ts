import type {
  LiveState,
  MissionView,
  RequestView,
  RobotView,
  RoomState,
  RoomView,
} from '@wardlight/core/fleet'
import { ROOM_STATE_LOOKS } from '../look/room-state-look.ts'
import { ageMs, isStale, type FleetState } from './fleet-state.ts'

/** Names as people count: "Room 9" before "Room 10". */
const nameOrder = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

export type RoomFilter = 'all' | 'needsPerson' | 'underWay' | 'ready'

export interface RoomQuery {
  /** Matches names and wards, case-insensitive; every word must be found. */
  readonly text: string
  readonly filter: RoomFilter
}

function matchesFilter(state: RoomState, filter: RoomFilter): boolean {
  switch (filter) {
    case 'all':
      return true
    case 'needsPerson':
      return ROOM_STATE_LOOKS[state].need === 'person' || ROOM_STATE_LOOKS[state].need === 'work'
    case 'underWay':
      return state === 'inProgress'
    case 'ready':
      return state === 'clean'
  }
}

const SECONDARY_KINDS = new Set(['corridor', 'lobby', 'utility', 'store', 'staffStation'])

/** Rooms that answer the query: places for patients first, then by name. */
export function queryRooms(
  rooms: Readonly<Record<string, RoomView>>,
  query: RoomQuery,
  stateWord: (state: RoomState) => string,
): RoomView[] {
  const words = query.text.toLowerCase().split(/\s+/).filter(Boolean)
  return Object.values(rooms)
    .filter((room) => {
      if (!matchesFilter(room.state, query.filter)) return false
      const text = `${room.name} ${room.ward ?? ''} ${stateWord(room.state)}`.toLowerCase()
      return words.every((word) => text.includes(word))
    })
    .toSorted(
      (a, b) =>
        Number(SECONDARY_KINDS.has(a.kind)) - Number(SECONDARY_KINDS.has(b.kind)) ||
        nameOrder.compare(a.name, b.name),
    )
}

export function countRooms(rooms: Readonly<Record<string, RoomView>>): Readonly<Record<RoomFilter, number>> {
  const all = Object.values(rooms)
  const count = (filter: RoomFilter): number => all.filter((room) => matchesFilter(room.state, filter)).length
  return {
    all: all.length,
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

export function sortedRobots(robots: Readonly<Record<string, RobotView>>): RobotView[] {
  return Object.values(robots).toSorted((a, b) => nameOrder.compare(a.serialNumber, b.serialNumber))
}
