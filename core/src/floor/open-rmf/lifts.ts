import { rectangle, transformPoint, type Pose2, type Segment2 } from '../../geometry/index.ts'
import type { Door, Lift } from '../types.ts'
import type { YamlSource } from '../yaml-source.ts'
import { schemaError, type BuildingFile, type BuildingLift } from './building-file.ts'
import { toMetres, type LevelTransform } from './level-transform.ts'

/** A lift, and its doors by level. */
export interface PlacedLift {
  readonly lift: Lift
  readonly doors: ReadonlyMap<string, readonly Omit<Door, 'roomIds'>[]>
}

/** @throws WARD_ERR_PLAN_SCHEMA, with the line, for a cabin without size or a level door that is not described. */
export function placeLifts(
  building: BuildingFile,
  transforms: ReadonlyMap<string, LevelTransform>,
  source: YamlSource,
  takeId: (name: string) => string,
): PlacedLift[] {
  return building.lifts.map((lift) => {
    if (lift.widthM <= 0 || lift.depthM <= 0) {
      throw schemaError(
        source,
        lift.path,
        `Lift "${lift.id}" has no size`,
        'Give its width and depth in metres.',
      )
    }
    const transform = transforms.get(lift.referenceLevel ?? building.referenceLevel)!
    // Yaw is given in the building's frame already, whatever the level's own turn.
    const cabin = { ...toMetres(transform, lift.centre), theta: lift.yawRad }
    const doors = new Map(
      [...lift.levelDoors].map(([levelId, names]) => [
        levelId,
        names.map((name) => {
          const ends = doorEnds(lift, cabin, name)
          if (ends === null) {
            throw schemaError(
              source,
              [...lift.path, 'level_doors'],
              `Lift "${lift.id}" has no door "${name}"`,
              'Describe it under "doors", or take it out of "level_doors".',
            )
          }
          return {
            id: takeId(`${lift.id}.${levelId}`),
            name: `${lift.id}, ${levelId}`,
            kind: 'doubleSliding' as const,
            automatic: true,
            ...ends,
          }
        }),
      ]),
    )
    return {
      lift: {
        id: takeId(lift.id),
        name: lift.id,
        cabin: rectangle(cabin, lift.widthM, lift.depthM),
        levelIds: [...doors.keys()],
        doorIds: Object.fromEntries([...doors].map(([levelId, list]) => [levelId, list.map(({ id }) => id)])),
      },
      doors,
    }
  })
}

/** On the side of the cabin that the door's position is nearest to, as rmf_building_map_tools places it. */
function doorEnds({ doors, widthM, depthM }: BuildingLift, cabin: Pose2, name: string): Segment2 | null {
  const door = doors.get(name)
  if (door === undefined) return null
  const half = door.widthM / 2
  const isOnSide = Math.abs(Math.abs(door.x) - widthM / 2) <= Math.abs(Math.abs(door.y) - depthM / 2)
  const [a, b] = isOnSide
    ? [
        { x: (Math.sign(door.x) * widthM) / 2, y: door.y - half },
        { x: (Math.sign(door.x) * widthM) / 2, y: door.y + half },
      ]
    : [
        { x: door.x - half, y: (Math.sign(door.y) * depthM) / 2 },
        { x: door.x + half, y: (Math.sign(door.y) * depthM) / 2 },
      ]
  return { a: transformPoint(cabin, a), b: transformPoint(cabin, b) }
}
