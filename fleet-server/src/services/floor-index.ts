import { wardError } from '@wardlight/core/errors'
import type { FloorPlan, Level, Room } from '@wardlight/core/floor'

export interface PlacedRoom {
  readonly level: Level
  readonly room: Room
}

/** The plan's rooms and levels by id. */
export class FloorIndex {
  readonly plan: FloorPlan
  readonly #rooms: ReadonlyMap<string, PlacedRoom>
  readonly #levels: ReadonlyMap<string, Level>

  constructor(plan: FloorPlan) {
    this.plan = plan
    this.#levels = new Map(plan.levels.map((level) => [level.id, level]))
    this.#rooms = new Map(
      plan.levels.flatMap((level) => level.rooms.map((room) => [room.id, { level, room }] as const)),
    )
  }

  /** @throws WARD_ERR_ROOM_UNKNOWN */
  room(roomId: string): PlacedRoom {
    const placed = this.#rooms.get(roomId)
    if (placed === undefined) {
      throw wardError('WARD_ERR_ROOM_UNKNOWN', {
        what: `There is no room ${JSON.stringify(roomId)}`,
        where: 'roomId',
        remedy: 'Choose one that GET /api/rooms lists.',
      })
    }
    return placed
  }

  /** Of a room; `null`: it is of none, or not in the plan any more. */
  wardOf(roomId: string): string | null {
    return this.#rooms.get(roomId)?.room.ward ?? null
  }

  /** @throws WARD_ERR_LEVEL_UNKNOWN */
  level(levelId: string): Level {
    const level = this.#levels.get(levelId)
    if (level === undefined) {
      throw wardError('WARD_ERR_LEVEL_UNKNOWN', {
        what: `There is no level ${JSON.stringify(levelId)}`,
        where: 'levelId',
        remedy: 'Choose one that GET /api/floor lists.',
      })
    }
    return level
  }

  hasLevel(levelId: string): boolean {
    return this.#levels.has(levelId)
  }

  rooms(): PlacedRoom[] {
    return [...this.#rooms.values()]
  }
}
