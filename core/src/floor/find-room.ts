import { wardError } from '../errors/index.ts'
import { isInsidePolygon, signedArea, type Point2 } from '../geometry/index.ts'
import type { FloorPlan, Level, Room } from './types.ts'

export interface FoundRoom {
  readonly level: Level
  readonly room: Room
}

/**
 * The room that a name means: an id before a name before an alias, letter case aside. A door's name
 * is an alias of the rooms on both its sides; it means the one that it leads into: no corridor, the
 * one with fewer doors, and the smaller one.
 *
 * @throws WARD_ERR_LEVEL_UNKNOWN, WARD_ERR_ROOM_UNKNOWN with the nearest names.
 */
export function findRoom(plan: FloorPlan, name: string, levelId?: string): FoundRoom {
  const levels = levelId === undefined ? plan.levels : [findLevel(plan, levelId)]
  const wanted = fold(name)
  const rooms = levels.flatMap((level) => level.rooms.map((room) => ({ level, room })))
  const matches: ((room: Room) => boolean)[] = [
    (room) => room.id === name,
    (room) => fold(room.id) === wanted,
    (room) => fold(room.name) === wanted,
    (room) => room.aliases.some((alias) => fold(alias) === wanted),
  ]
  for (const match of matches) {
    const found = rooms.filter(({ room }) => match(room))
    if (found.length > 0)
      return found.reduce((best, other) => (isLedInto(other.room, best.room) ? other : best))
  }
  throw wardError('WARD_ERR_ROOM_UNKNOWN', {
    what: `There is no room "${name}"${levelId === undefined ? '' : ` on level "${levelId}"`}`,
    where: plan.name,
    remedy: `Near names: ${nearNames(wanted, rooms).join(', ')}. List all rooms with \`wardlight map FILE\`.`,
  })
}

/** @throws WARD_ERR_LEVEL_UNKNOWN with the names of those there are. */
export function findLevel(plan: FloorPlan, levelId: string): Level {
  const wanted = fold(levelId)
  const level =
    plan.levels.find(({ id }) => id === levelId) ??
    plan.levels.find(({ id, name }) => fold(id) === wanted || fold(name) === wanted)
  if (level !== undefined) return level
  throw wardError('WARD_ERR_LEVEL_UNKNOWN', {
    what: `There is no level "${levelId}"`,
    where: plan.name,
    remedy: `Use one of ${plan.levels.map(({ id }) => id).join(', ')}.`,
  })
}

/** The room at a point; of rooms that lie within one another the innermost, outside of all `null`. */
export function roomAt(level: Level, point: Point2): Room | null {
  // By the area of the outline: that of a hall around other rooms leaves them out.
  return level.rooms
    .filter(({ polygon }) => isInsidePolygon(point, polygon))
    .reduce<Room | null>(
      (inner, room) =>
        inner === null || signedArea(room.polygon) < signedArea(inner.polygon) ? room : inner,
      null,
    )
}

/** Whether a room is one that people pass through on their way to others. */
export function isThoroughfare(room: Room): boolean {
  return room.kind === 'corridor' || room.kind === 'lobby'
}

function isLedInto(room: Room, other: Room): boolean {
  if (isThoroughfare(room) !== isThoroughfare(other)) return isThoroughfare(other)
  if (room.doorIds.length !== other.doorIds.length) return room.doorIds.length < other.doorIds.length
  return room.areaM2 < other.areaM2
}

function fold(text: string): string {
  return text.trim().toLowerCase()
}

function nearNames(wanted: string, rooms: readonly FoundRoom[]): string[] {
  const names = new Set(rooms.flatMap(({ room }) => [room.id, room.name, ...room.aliases]))
  return [...names]
    .map((name) => ({ name, edits: editDistance(wanted, fold(name)), contains: fold(name).includes(wanted) }))
    .toSorted(
      (a, b) => Number(b.contains) - Number(a.contains) || a.edits - b.edits || (a.name < b.name ? -1 : 1),
    )
    .slice(0, 5)
    .map(({ name }) => `"${name}"`)
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= b.length; column += 1) {
      const substituted = previous[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1)
      current.push(Math.min(substituted, previous[column]! + 1, current[column - 1]! + 1))
    }
    previous = current
  }
  return previous[b.length]!
}
