import { wardError } from '../../errors/index.ts'
import {
  boundsOf,
  distanceToBoundary,
  isInsidePolygon,
  polygonEdges,
  signedArea,
  type Point2,
  type Polygon,
} from '../../geometry/index.ts'
import { roomAt } from '../find-room.ts'
import { generateGraph } from '../generate-graph.ts'
import type {
  Door,
  Furniture,
  Level,
  Lift,
  NavigationGraph,
  PlanFiles,
  PlanReading,
  Room,
  TouchPoint,
  Zone,
} from '../types.ts'
import { wallsWithDoorways } from '../wall-lines.ts'
import { checkSchema, readYaml, type YamlPath, type YamlSource } from '../yaml-source.ts'
import { checkIds } from './check-ids.ts'
import { liftDoorIds, readDoors } from './doors.ts'
import { furnishRoom } from './furniture.ts'
import { planError, unknownReference, warn, type PlanContext } from './plan-context.ts'
import {
  WARDLIGHT_PLAN_VERSION,
  WardlightPlanSchema,
  type PlanLevel,
  type PlanRoom,
  type PlanTouchPoint,
} from './schema.ts'
import { pointOf, readShape, refuseOverlaps } from './shapes.ts'

/** Usual clear height of hospital rooms, metres. */
const DEFAULT_HEIGHT_M = 2.7
/** Furniture may stick out this far before it is worth a word, metres. */
const STICK_OUT_M = 0.02

/**
 * Reads a plan in Wardlight's own format (`schema.ts` describes it).
 *
 * @throws WARD_ERR_PLAN_UNREADABLE, WARD_ERR_PLAN_YAML, WARD_ERR_PLAN_VERSION, WARD_ERR_PLAN_SCHEMA,
 * each with file and line. What one can live with comes as a problem.
 */
export function readWardlightPlan(path: string, files: PlanFiles): PlanReading {
  return wardlightPlanFrom(readYaml(path, files))
}

/** As `readWardlightPlan`, of a file that is read already. */
export function wardlightPlanFrom(source: YamlSource): PlanReading {
  checkVersion(source)
  const file = checkSchema(WardlightPlanSchema, source)
  const context: PlanContext = { file, source, problems: [] }
  checkIds(context)
  const lifts = (file.lifts ?? []).map(({ id, name, rect, doors }, index): Lift => ({
    id,
    name: name ?? id,
    cabin: readShape(context, { rect }, ['lifts', index]),
    levelIds: [...new Set(doors.map(({ level }) => level))],
    doorIds: liftDoorIds(context, index),
  }))
  const levels = file.levels.map((_, index) => readLevel(context, index, lifts))
  return {
    plan: { id: file.id, name: file.name, source: 'wardlight', levels, lifts },
    problems: context.problems,
  }
}

function checkVersion(source: YamlSource): void {
  const version = (source.data as { wardlightPlan?: unknown } | null)?.wardlightPlan
  if (version === WARDLIGHT_PLAN_VERSION) return
  throw wardError('WARD_ERR_PLAN_VERSION', {
    what:
      version === undefined
        ? 'It does not say which version of the plan format it follows'
        : `It follows version ${JSON.stringify(version)} of the plan format, which this Wardlight does not read`,
    where: source.place(['wardlightPlan']),
    remedy: `Write it to version ${WARDLIGHT_PLAN_VERSION}, and "wardlightPlan: ${WARDLIGHT_PLAN_VERSION}" at its top.`,
  })
}

function readLevel(context: PlanContext, levelIndex: number, lifts: readonly Lift[]): Level {
  const level = context.file.levels[levelIndex]!
  const at: YamlPath = ['levels', levelIndex]
  const outlines = level.rooms.map((room, index) => ({
    id: room.id,
    polygon: readShape(context, room, [...at, 'rooms', index]),
  }))
  const cabins = lifts.filter(({ levelIds }) => levelIds.includes(level.id))
  refuseOverlaps(context, [
    ...outlines.map(({ id, polygon }, index) => ({
      label: `Room "${id}"`,
      polygon,
      path: [...at, 'rooms', index],
    })),
    ...cabins.map((lift) => ({
      label: `Lift "${lift.id}"`,
      polygon: lift.cabin,
      path: ['lifts', lifts.indexOf(lift)],
    })),
  ])
  const walls = [
    ...[...outlines.map(({ polygon }) => polygon), ...cabins.map(({ cabin }) => cabin)].flatMap((polygon) =>
      polygonEdges(polygon).map((edge) => ({ ...edge, material: 'solid' as const })),
    ),
    ...(level.walls ?? []).map(({ from, to, material }) => ({
      a: pointOf(from),
      b: pointOf(to),
      material: material ?? ('solid' as const),
    })),
  ]
  const doors = readDoors(context, {
    levelIndex,
    rooms: outlines,
    walls,
    cabins: lifts.map(({ cabin }) => cabin),
  })
  const rooms = level.rooms.map((room, index) =>
    readRoom(context, room, outlines[index]!.polygon, doors, [...at, 'rooms', index]),
  )
  const docks = (level.docks ?? []).map(({ id, name, at: place, facingDeg }) => ({
    id,
    name: name ?? id,
    pose: { ...pointOf(place), theta: ((facingDeg ?? 0) * Math.PI) / 180 },
  }))
  const withoutGraph: Level = {
    id: level.id,
    name: level.name ?? level.id,
    elevationM: level.elevationM ?? 0,
    walls: wallsWithDoorways(walls, doors),
    rooms,
    doors,
    zones: (level.zones ?? []).map((zone, index) => readZone(context, zone, [...at, 'zones', index])),
    docks,
    graph: { nodes: [], edges: [] },
    occupancy: null,
  }
  for (const [index, dock] of docks.entries()) {
    if (roomAt(withoutGraph, dock.pose) === null) {
      warn(context, [...at, 'docks', index], `Dock "${dock.id}" is in no room`, 'Place it inside a room.')
    }
  }
  const graph =
    level.navigation === undefined
      ? generateGraph({ levelId: level.id, rooms, doors, docks, lifts })
      : readGraph(context, level.navigation, [...at, 'navigation'])
  return { ...withoutGraph, graph }
}

function readRoom(
  context: PlanContext,
  room: PlanRoom,
  polygon: Polygon,
  doors: readonly Door[],
  path: YamlPath,
): Room {
  const { layouts, defaults } = context.file
  const layout = room.layout === undefined ? [] : layouts?.[room.layout]
  if (layout === undefined) throw unknownReference(context, [...path, 'layout'], 'layout', room.layout!)
  const furniture = furnishRoom(room, boundsOf(polygon), layout)
  const heightM = room.heightM ?? defaults?.heightM ?? DEFAULT_HEIGHT_M
  checkFurniture(context, furniture, polygon, heightM, path)
  const doorIds = doors.filter(({ roomIds }) => roomIds.includes(room.id)).map(({ id }) => id)
  if (doorIds.length === 0) warn(context, path, `Room "${room.id}" has no door`, 'Draw its door.')
  const areaM2 = signedArea(polygon)
  return {
    id: room.id,
    name: room.name ?? room.id,
    aliases: room.aliases ?? [],
    kind: room.kind,
    ward: room.ward ?? null,
    polygon,
    heightM,
    areaM2,
    volumeM3: areaM2 * heightM,
    airChangesPerHour: room.airChangesPerHour ?? null,
    furniture,
    doorIds,
    ...(room.highTouch === undefined
      ? {}
      : { touchPoints: touchPointsOf(context, room.id, room.highTouch, polygon, path) }),
  }
}

/** Edge of a switch or a button where the plan does not say, metres (proposed). */
const USUAL_TOUCH_SIZE_M = 0.12

function touchPointsOf(
  context: PlanContext,
  roomId: string,
  points: readonly PlanTouchPoint[],
  polygon: Polygon,
  path: YamlPath,
): TouchPoint[] {
  const { minX, minY } = boundsOf(polygon)
  const read = points.map(({ id, name, at: [x, y, z], facingDeg, sizeM }, index): TouchPoint => {
    const angle = facingDeg === 'up' ? 0 : (facingDeg * Math.PI) / 180
    return {
      id: `${roomId}.${id ?? `touch-${index + 1}`}`,
      name,
      centre: { x: minX + x, y: minY + y, z },
      normal: facingDeg === 'up' ? { x: 0, y: 0, z: 1 } : { x: Math.cos(angle), y: Math.sin(angle), z: 0 },
      sizeM: sizeM ?? [USUAL_TOUCH_SIZE_M, USUAL_TOUCH_SIZE_M],
    }
  })
  for (const [index, { id, name, centre }] of read.entries()) {
    const where = [...path, 'highTouch', index]
    if (read.slice(0, index).some((other) => other.id === id)) {
      throw planError(context, where, `There are two touch points "${id}"`, 'Give one another id.')
    }
    if (!isInsidePolygon(centre, polygon) && distanceToBoundary(centre, polygon) > STICK_OUT_M) {
      warn(
        context,
        where,
        `"${name}" lies outside of its room`,
        'Move it inside: "at" counts from the south-west corner of the room.',
      )
    }
  }
  return read
}

function checkFurniture(
  context: PlanContext,
  furniture: readonly Furniture[],
  polygon: Polygon,
  heightM: number,
  path: YamlPath,
): void {
  const isOutside = (corner: Point2) =>
    !isInsidePolygon(corner, polygon) && distanceToBoundary(corner, polygon) > STICK_OUT_M
  for (const [index, { id, footprint, zMinM, zMaxM }] of furniture.entries()) {
    if (furniture.slice(0, index).some((other) => other.id === id)) {
      throw planError(context, path, `There are two pieces of furniture "${id}"`, 'Give one another id.')
    }
    if (zMinM >= zMaxM) {
      throw planError(
        context,
        path,
        `The furniture "${id}" has no height: it goes from ${zMinM} to ${zMaxM} m`,
        'Give "heightM: [lower edge, upper edge]".',
      )
    }
    if (footprint.some(isOutside)) {
      warn(
        context,
        path,
        `The furniture "${id}" sticks out of its room`,
        'Move it inside: "at" is its centre, from the south-west corner of the room.',
      )
    }
    if (zMaxM > heightM) {
      warn(context, path, `The furniture "${id}" is higher than its room`, 'Correct "heightM".')
    }
  }
}

function readGraph(
  context: PlanContext,
  { nodes, edges }: NonNullable<PlanLevel['navigation']>,
  path: YamlPath,
): NavigationGraph {
  const ids = new Set(nodes.map(({ id }) => id))
  return {
    nodes: nodes.map(({ id, name, at }) => ({ id, name: name ?? null, ...pointOf(at) })),
    edges: edges.map(({ from, to, oneWay, speedLimitMps }, index) => {
      const unknown = [from, to].find((id) => !ids.has(id))
      if (unknown !== undefined) throw unknownReference(context, [...path, 'edges', index], 'node', unknown)
      return {
        id: `${from}--${to}`,
        fromNodeId: from,
        toNodeId: to,
        bidirectional: !(oneWay ?? false),
        speedLimitMps: speedLimitMps ?? null,
      }
    }),
  }
}

function readZone(context: PlanContext, zone: NonNullable<PlanLevel['zones']>[number], at: YamlPath): Zone {
  if (zone.organisms !== undefined && zone.kind !== 'isolation') {
    throw planError(
      context,
      [...at, 'organisms'],
      `The zone "${zone.id}" is ${zone.kind} and names organisms`,
      'Only isolation zones name organisms; make it one, or leave them out.',
    )
  }
  if ((zone.kind === 'announce') !== (zone.text !== undefined)) {
    throw planError(
      context,
      at,
      zone.text === undefined
        ? `The zone "${zone.id}" announces, and has no words`
        : `The zone "${zone.id}" is ${zone.kind} and has words`,
      'Give a zone of kind "announce" its "text", and no other.',
    )
  }
  return {
    id: zone.id,
    name: zone.name ?? zone.id,
    kind: zone.kind,
    ...(zone.organisms === undefined ? {} : { organismIds: zone.organisms }),
    polygon: readShape(context, zone, at),
    speedLimitMps: zone.speedLimitMps ?? null,
    ...(zone.text === undefined ? {} : { text: zone.text }),
  }
}
