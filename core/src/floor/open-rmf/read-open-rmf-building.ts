import { wardError } from '../../errors/index.ts'
import {
  distance,
  distanceToSegment,
  polygonEdges,
  type Point2,
  type Segment2,
} from '../../geometry/index.ts'
import { boundedFaces } from '../planar-faces.ts'
import { looseEnds, planarNetwork, type PlanarNetwork } from '../planar-network.ts'
import type { Door, Level, PlanFiles, PlanProblem, PlanReading, Wall } from '../types.ts'
import { createIdSource } from '../unique-ids.ts'
import { wallsWithDoorways } from '../wall-lines.ts'
import { readYaml, type YamlSource } from '../yaml-source.ts'
import { parseBuilding, textOf, type BuildingEdge, type BuildingLevel } from './building-file.ts'
import { laneDocks, laneGraph } from './lanes.ts'
import { levelRooms } from './level-rooms.ts'
import { levelTransforms, toMetres, type LevelTransform } from './level-transform.ts'
import { placeLifts, type PlacedLift } from './lifts.ts'

/** Vertices this near to one another, or to a wall, are meant to touch, metres. */
const SNAP_M = 0.03
/** A wall or a door that ends this near to another reaches it, metres: walls are 0.1 m thick in this format. */
const CLOSE_GAP_M = 0.25
/** The height that rmf_building_map_tools gives a wall that does not say, metres. */
const WALL_HEIGHT_M = 2.5

/** Ids are given out once in a building, for each kind of thing apart. */
interface IdSources {
  readonly room: (name: string) => string
  readonly door: (name: string) => string
  readonly dock: (name: string) => string
}

/**
 * Reads an Open-RMF `*.building.yaml` as the traffic editor writes it. Rooms are the faces that walls and
 * closed doors enclose, to the walls' centre lines (the format knows no other); each is named after its
 * waypoint or its door, and answers to the names of all of them. The drawing itself is not needed.
 *
 * @throws WARD_ERR_PLAN_UNREADABLE, WARD_ERR_PLAN_YAML, WARD_ERR_PLAN_SCHEMA, WARD_ERR_PLAN_FORMAT,
 * WARD_ERR_PLAN_SCALE, WARD_ERR_PLAN_WALLS, each with file and line.
 */
export function readOpenRmfBuilding(path: string, files: PlanFiles): PlanReading {
  return openRmfBuildingFrom(readYaml(path, files))
}

/** As `readOpenRmfBuilding`, of a file that is read already. */
export function openRmfBuildingFrom(source: YamlSource): PlanReading {
  const building = parseBuilding(source)
  const problems: PlanProblem[] = []
  const transforms = levelTransforms(building, source, problems)
  const ids: IdSources = { room: createIdSource(), door: createIdSource(), dock: createIdSource() }
  const levelId = createIdSource()
  const levelIds = new Map(building.levels.map(({ id }) => [id, levelId(id)]))
  const lifts = placeLifts(building, transforms, source, ids.door)
  const levels = building.levels.map((level) =>
    readLevel(source, level, levelIds.get(level.id)!, transforms.get(level.id)!, lifts, ids, problems),
  )
  if (levels.every(({ rooms }) => rooms.length === 0)) {
    throw wardError('WARD_ERR_PLAN_WALLS', {
      what: 'Its walls and doors enclose no room',
      where: source.place(['levels']),
      remedy: 'Close the walls around each room, and draw its door.',
    })
  }
  return {
    plan: {
      id: createIdSource()(building.name),
      name: building.name,
      source: 'open-rmf',
      levels,
      lifts: lifts.map(({ lift }) => ({
        ...lift,
        levelIds: lift.levelIds.map((id) => levelIds.get(id)!),
        doorIds: Object.fromEntries(
          Object.entries(lift.doorIds).map(([id, doorIds]) => [levelIds.get(id)!, doorIds]),
        ),
      })),
    },
    problems,
  }
}

function readLevel(
  source: YamlSource,
  level: BuildingLevel,
  id: string,
  transform: LevelTransform,
  lifts: readonly PlacedLift[],
  ids: IdSources,
  problems: PlanProblem[],
): Level {
  const points = level.vertices.map((vertex) => toMetres(transform, vertex))
  const cabins = lifts.filter(({ doors }) => doors.has(level.id))
  const walls: Wall[] = [
    ...level.walls.map((wall) => ({ ...endsOf(wall, points), material: wallMaterial(wall) })),
    ...cabins.flatMap(({ lift }) =>
      polygonEdges(lift.cabin).map((edge) => ({ ...edge, material: 'solid' as const })),
    ),
  ]
  const ownDoors = level.doors.map((door) => readDoor(source, level, door, points, ids, problems))
  const doors = [...ownDoors, ...cabins.flatMap(({ doors }) => doors.get(level.id)!)]
  const network = planarNetwork([...walls, ...doors], { snapM: SNAP_M, closeGapM: CLOSE_GAP_M })
  const found = levelRooms({
    levelId: id,
    faces: boundedFaces(network),
    walls: wallPieces(network, doors),
    doors,
    waypoints: level.vertices.flatMap(({ name, parameters }, index) =>
      // A charger is named after its robot, a lift's waypoint after the lift: neither names the room.
      name === '' || parameters['is_charger'] === true || parameters['lift_cabin'] !== undefined
        ? []
        : [{ name, ...points[index]! }],
    ),
    cabins: cabins.map(({ lift }) => lift.cabin),
    heightM: wallHeight(level),
    takeId: ids.room,
  })
  reportOpenDoors(source, level, found.doors.slice(0, ownDoors.length), found.openDoorIds, network, problems)
  reportRooms(source, level, found.rooms, problems)
  return {
    id,
    name: level.id,
    elevationM: level.elevationM,
    // What closes a gap stands there in truth as the end of a wall that is drawn without its thickness.
    walls: wallsWithDoorways(
      [...walls, ...network.closedGaps.map((gap) => ({ ...gap, material: 'solid' as const }))],
      doors,
    ),
    rooms: found.rooms,
    doors: found.doors,
    zones: [],
    docks: laneDocks(level, points, ids.dock),
    graph: laneGraph(level, points),
    occupancy: null,
  }
}

function readDoor(
  source: YamlSource,
  level: BuildingLevel,
  edge: BuildingEdge,
  points: readonly Point2[],
  ids: IdSources,
  problems: PlanProblem[],
): Omit<Door, 'roomIds'> {
  const given = textOf(edge.parameters['name'])
  const name = given === '' ? `${level.id} door ${edge.path.at(-1)}` : given
  const id = ids.door(name)
  const kinds: Readonly<Record<string, Door['kind']>> = {
    hinged: 'hinged',
    double_hinged: 'doubleHinged',
    sliding: 'sliding',
    double_sliding: 'doubleSliding',
  }
  const type = textOf(edge.parameters['type']) || 'hinged'
  if (kinds[type] === undefined) {
    problems.push({
      severity: 'warning',
      where: source.place(edge.path),
      what: `Door "${name}" has the unknown type "${type}" and is taken for a hinged one`,
      remedy: `Use one of ${Object.keys(kinds).join(', ')}.`,
    })
  }
  return {
    id,
    name,
    kind: kinds[type] ?? 'hinged',
    // Without a plugin the door is not one that RMF can open.
    automatic: (edge.parameters['plugin'] ?? 'normal') !== 'none',
    ...endsOf(edge, points),
  }
}

function endsOf({ from, to }: BuildingEdge, points: readonly Point2[]): { a: Point2; b: Point2 } {
  return { a: points[from]!, b: points[to]! }
}

/** The format has no word for glass but how much a wall hides, and its texture's name. */
function wallMaterial({ parameters }: BuildingEdge): Wall['material'] {
  const alpha = Number(parameters['alpha'] ?? 1)
  return alpha < 1 || /glass|transparent/i.test(textOf(parameters['texture_name'])) ? 'glass' : 'solid'
}

/** The height that most of the level's walls have. */
function wallHeight({ walls }: BuildingLevel): number {
  const counts = new Map<number, number>()
  for (const { parameters } of walls) {
    const heightM = Number(parameters['texture_height'])
    if (heightM > 0) counts.set(heightM, (counts.get(heightM) ?? 0) + 1)
  }
  return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? WALL_HEIGHT_M
}

/** The network's edges without those that are doors. */
function wallPieces({ points, edges }: PlanarNetwork, doors: readonly Segment2[]): Segment2[] {
  return edges
    .map(({ from, to }) => ({ a: points[from]!, b: points[to]! }))
    .filter(({ a, b }) => {
      const middle = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }
      return !doors.some((door) => distanceToSegment(middle, door) <= SNAP_M)
    })
}

/** A door with the same room, or none, on both sides shuts nothing off: the walls around it are open. */
function reportOpenDoors(
  source: YamlSource,
  level: BuildingLevel,
  doors: readonly Door[],
  openDoorIds: readonly string[],
  network: PlanarNetwork,
  problems: PlanProblem[],
): void {
  const loose = looseEnds(network.points.length, network.edges).map((index) => network.points[index]!)
  for (const [index, door] of doors.entries()) {
    if (door.roomIds.length > 0 && !openDoorIds.includes(door.id)) continue
    const middle = { x: (door.a.x + door.b.x) / 2, y: (door.a.y + door.b.y) / 2 }
    const open = loose
      .toSorted((a, b) => distance(a, middle) - distance(b, middle))
      .slice(0, 3)
      .map(({ x, y }) => `(${x.toFixed(2)}, ${y.toFixed(2)})`)
    problems.push({
      severity: 'error',
      where: source.place(level.doors[index]!.path),
      what: `Door "${door.name}" closes off no room: the walls around it are open`,
      remedy: `Close the walls${open.length === 0 ? '' : `; the nearest loose ends are at ${open.join(', ')} m`}.`,
    })
  }
}

function reportRooms(
  source: YamlSource,
  level: BuildingLevel,
  rooms: Level['rooms'],
  problems: PlanProblem[],
): void {
  const shut = rooms.filter(({ doorIds }) => doorIds.length === 0).map(({ id }) => id)
  if (shut.length > 0) {
    problems.push({
      severity: 'warning',
      where: source.place([...level.path, 'doors']),
      what: `No door leads into ${shut.join(', ')}`,
      remedy: 'Draw their doors; until then no robot goes there.',
    })
  }
  if (level.modelCount > 0) {
    problems.push({
      severity: 'warning',
      where: source.place([...level.path, 'models']),
      what: `${level.modelCount} models (furniture) are left out: the file does not say how large they are`,
      remedy:
        'The robot looks at each room before it lights its lamp; what shades the light is in its report.',
    })
  }
}
