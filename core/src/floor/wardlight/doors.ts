import {
  distance,
  distanceToSegment,
  isInsidePolygon,
  type Polygon,
  type Segment2,
} from '../../geometry/index.ts'
import { roomIdsBeside } from '../room-geometry.ts'
import type { Door, Lift, Wall } from '../types.ts'
import type { YamlPath } from '../yaml-source.ts'
import { liftDoorId } from './check-ids.ts'
import { planError, unknownReference, warn, type PlanContext } from './plan-context.ts'
import type { PlanDoor } from './schema.ts'
import { pointOf, segmentOnSide } from './shapes.ts'

/** A door's ends lie this near to a wall, metres. */
const ON_WALL_M = 0.02
/** A robot of 0.3 m radius needs this much to pass with care, metres. */
const NARROWEST_DOOR_M = 0.8

export interface LevelOutlines {
  readonly levelIndex: number
  readonly rooms: readonly { readonly id: string; readonly polygon: Polygon }[]
  readonly walls: readonly Wall[]
  /** All of the plan's. */
  readonly cabins: readonly Polygon[]
}

/** A level's doors, its lifts' doors among them. @throws WARD_ERR_PLAN_SCHEMA for a door on no wall. */
export function readDoors(context: PlanContext, outlines: LevelOutlines): Door[] {
  const { file } = context
  const { levelIndex, rooms, walls, cabins } = outlines
  const level = file.levels[levelIndex]!
  const own = (level.doors ?? []).map((door, index) => {
    const path = ['levels', levelIndex, 'doors', index]
    return place(path, doorEnds(context, door, rooms, path), {
      id: door.id,
      name: door.name ?? door.id,
      kind: door.kind ?? 'hinged',
      automatic: door.automatic ?? false,
    })
  })
  const lifts = (file.lifts ?? []).flatMap((lift, liftIndex) =>
    lift.doors.flatMap(({ level: levelId, side, offsetM, widthM }, index) => {
      if (levelId !== level.id) return []
      const ends = segmentOnSide(cabins[liftIndex]!, side, offsetM, widthM)
      return [
        place(['lifts', liftIndex, 'doors', index], ends, {
          id: liftDoorId(context, liftIndex, index),
          name: `${lift.name ?? lift.id}, door`,
          kind: 'doubleSliding',
          automatic: true,
        }),
      ]
    }),
  )
  return [...own, ...lifts]

  function place(
    path: YamlPath,
    ends: Segment2,
    door: Pick<Door, 'id' | 'name' | 'kind' | 'automatic'>,
  ): Door {
    const isUnder = (wall: Wall) =>
      distanceToSegment(ends.a, wall) <= ON_WALL_M && distanceToSegment(ends.b, wall) <= ON_WALL_M
    if (!walls.some(isUnder)) {
      const [from, to] = [ends.a, ends.b].map(({ x, y }) => `(${x.toFixed(2)}, ${y.toFixed(2)})`)
      throw planError(
        context,
        path,
        `Door "${door.id}" is on no wall: it goes from ${from} to ${to}`,
        "Place both its ends on one edge of a room's outline, or on one wall.",
      )
    }
    const roomIds = roomIdsBeside(
      ends,
      (point) => rooms.find(({ polygon }) => isInsidePolygon(point, polygon)) ?? null,
    )
    const widthM = distance(ends.a, ends.b)
    if (widthM < NARROWEST_DOOR_M) {
      warn(context, path, `Door "${door.id}" is ${widthM.toFixed(2)} m wide`, 'Robots need 0.80 m or more.')
    }
    if (roomIds.length === 0) {
      warn(context, path, `Door "${door.id}" leads to no room`, 'Draw the room that it leads to.')
    }
    return { ...door, ...ends, roomIds }
  }
}

/** A lift's doors on each level. */
export function liftDoorIds(context: PlanContext, liftIndex: number): Lift['doorIds'] {
  const ids: Record<string, string[]> = {}
  for (const [index, { level }] of context.file.lifts![liftIndex]!.doors.entries()) {
    ;(ids[level] ??= []).push(liftDoorId(context, liftIndex, index))
  }
  return ids
}

function doorEnds(
  context: PlanContext,
  { id, room, side, offsetM, widthM, from, to }: PlanDoor,
  rooms: LevelOutlines['rooms'],
  path: YamlPath,
): Segment2 {
  if (from !== undefined && to !== undefined && room === undefined)
    return { a: pointOf(from), b: pointOf(to) }
  if (room === undefined || side === undefined || offsetM === undefined || widthM === undefined) {
    throw planError(
      context,
      path,
      `It is unclear where door "${id}" is`,
      'Give "room", "side", "offsetM" and "widthM"; or "from" and "to".',
    )
  }
  const outline = rooms.find((other) => other.id === room)
  if (outline === undefined) throw unknownReference(context, path, 'room', room)
  return segmentOnSide(outline.polygon, side, offsetM, widthM)
}
