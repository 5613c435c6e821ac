import { wardError, type WardError } from '../../errors/index.ts'
import type { Point2 } from '../../geometry/index.ts'
import type { YamlPath, YamlSource } from '../yaml-source.ts'

/** What Wardlight reads of an Open-RMF `*.building.yaml` (rmf_traffic_editor), checked and without its type tags. */
export interface BuildingFile {
  readonly name: string
  readonly coordinateSystem: 'reference_image' | 'cartesian_meters'
  readonly referenceLevel: string
  readonly levels: readonly BuildingLevel[]
  readonly lifts: readonly BuildingLift[]
}

export interface BuildingLevel {
  readonly id: string
  readonly path: YamlPath
  readonly elevationM: number
  readonly vertices: readonly BuildingVertex[]
  readonly walls: readonly BuildingEdge[]
  readonly doors: readonly BuildingEdge[]
  readonly lanes: readonly BuildingEdge[]
  readonly measurements: readonly BuildingEdge[]
  readonly fiducials: readonly { readonly name: string; readonly point: Point2 }[]
  readonly modelCount: number
}

/** In drawing units with y up: pixels for `reference_image`, whose y runs down in the file, else metres. */
export interface BuildingVertex extends Point2 {
  readonly name: string
  readonly parameters: Parameters
}

export interface BuildingEdge {
  readonly path: YamlPath
  readonly from: number
  readonly to: number
  readonly parameters: Parameters
}

export interface BuildingLift {
  readonly id: string
  readonly path: YamlPath
  /** In the drawing units of its reference level, y up. */
  readonly centre: Point2
  readonly yawRad: number
  readonly widthM: number
  readonly depthM: number
  readonly referenceLevel: string | null
  /** In the cabin's frame, metres: x to its right, y to its front. */
  readonly doors: ReadonlyMap<string, { readonly x: number; readonly y: number; readonly widthM: number }>
  readonly levelDoors: ReadonlyMap<string, readonly string[]>
}

export type Parameters = Readonly<Record<string, unknown>>
type Fields = Readonly<Record<string, unknown>>

/** @throws WARD_ERR_PLAN_SCHEMA, WARD_ERR_PLAN_FORMAT, with file and line. */
export function parseBuilding(source: YamlSource): BuildingFile {
  const file = fieldsAt(source, source.data, [])
  const coordinateSystem = file['coordinate_system'] ?? 'reference_image'
  if (coordinateSystem !== 'reference_image' && coordinateSystem !== 'cartesian_meters') {
    throw wardError('WARD_ERR_PLAN_FORMAT', {
      what: `The coordinate system ${JSON.stringify(coordinateSystem)} is not read`,
      where: source.place(['coordinate_system']),
      remedy: 'Give a building in "reference_image" or "cartesian_meters": hospitals are drawn indoors.',
    })
  }
  const yUp = coordinateSystem === 'reference_image' ? -1 : 1
  const levels = Object.entries(fieldsAt(source, file['levels'], ['levels'])).map(([id, level]) =>
    parseLevel(source, id, level, yUp),
  )
  const first = levels[0]
  if (first === undefined) throw schemaError(source, ['levels'], 'There are no levels', 'Draw at least one.')
  const referenceLevel = textOf(file['reference_level_name']) || first.id
  if (!levels.some(({ id }) => id === referenceLevel)) {
    throw unknownLevel(source, ['reference_level_name'], referenceLevel)
  }
  const lifts = Object.entries(fieldsAt(source, file['lifts'] ?? {}, ['lifts'])).map(([id, lift]) =>
    parseLift(source, id, lift, yUp),
  )
  for (const lift of lifts) {
    const named = [...lift.levelDoors.keys(), ...(lift.referenceLevel === null ? [] : [lift.referenceLevel])]
    const unknown = named.find((name) => !levels.some(({ id }) => id === name))
    if (unknown !== undefined) throw unknownLevel(source, lift.path, unknown)
  }
  return {
    name: textOf(file['building_name']) || textOf(file['name']) || 'building',
    coordinateSystem,
    referenceLevel,
    levels,
    lifts,
  }
}

function parseLevel(source: YamlSource, id: string, value: unknown, yUp: 1 | -1): BuildingLevel {
  const path: YamlPath = ['levels', id]
  const level = fieldsAt(source, value, path)
  const vertices = listAt(source, level, path, 'vertices').map((item, index): BuildingVertex => {
    const at = [...path, 'vertices', index]
    const [x, y, , name, parameters] = tupleAt(source, item, at)
    return {
      x: numberAt(source, x, at),
      y: yUp * numberAt(source, y, at),
      name: typeof name === 'string' ? name : '',
      parameters: parametersAt(source, parameters, at),
    }
  })
  const edges = (key: string) =>
    listAt(source, level, path, key).map((item, index): BuildingEdge => {
      const at = [...path, key, index]
      const [from, to, parameters] = tupleAt(source, item, at)
      for (const end of [from, to]) {
        if (Number.isInteger(end) && vertices[Number(end)] !== undefined) continue
        throw schemaError(
          source,
          at,
          `There is no vertex ${JSON.stringify(end)}`,
          `Use the number of one of the level's ${vertices.length} vertices, from 0.`,
        )
      }
      return {
        path: at,
        from: Number(from),
        to: Number(to),
        parameters: parametersAt(source, parameters, at),
      }
    })
  return {
    id,
    path,
    elevationM: numberAt(source, level['elevation'] ?? 0, [...path, 'elevation']),
    vertices,
    walls: edges('walls'),
    doors: edges('doors'),
    lanes: edges('lanes'),
    measurements: edges('measurements'),
    fiducials: listAt(source, level, path, 'fiducials').map((item, index) => {
      const at = [...path, 'fiducials', index]
      const [x, y, name] = tupleAt(source, item, at)
      return { name: String(name), point: { x: numberAt(source, x, at), y: yUp * numberAt(source, y, at) } }
    }),
    modelCount: listAt(source, level, path, 'models').length,
  }
}

function parseLift(source: YamlSource, id: string, value: unknown, yUp: 1 | -1): BuildingLift {
  const path: YamlPath = ['lifts', id]
  const lift = fieldsAt(source, value, path)
  const number = (fields: Fields, key: string, at: YamlPath) => numberAt(source, fields[key], [...at, key])
  const doors = Object.entries(fieldsAt(source, lift['doors'] ?? {}, [...path, 'doors'])).map(
    ([name, door]) => {
      const at = [...path, 'doors', name]
      const fields = fieldsAt(source, door, at)
      return [
        name,
        { x: number(fields, 'x', at), y: number(fields, 'y', at), widthM: number(fields, 'width', at) },
      ] as const
    },
  )
  const levelDoors = fieldsAt(source, lift['level_doors'] ?? {}, [...path, 'level_doors'])
  const reference = lift['reference_floor_name']
  return {
    id,
    path,
    centre: { x: number(lift, 'x', path), y: yUp * number(lift, 'y', path) },
    yawRad: number(lift, 'yaw', path),
    widthM: number(lift, 'width', path),
    depthM: number(lift, 'depth', path),
    referenceLevel: typeof reference === 'string' && reference !== '' ? reference : null,
    doors: new Map(doors),
    levelDoors: new Map(
      Object.entries(levelDoors).map(([level, names]) => [
        level,
        (Array.isArray(names) ? names : [names]).map(String),
      ]),
    ),
  }
}

/** A text or a number as text; anything else as the empty one. */
export function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

export function schemaError(source: YamlSource, path: YamlPath, what: string, remedy: string): WardError {
  return wardError('WARD_ERR_PLAN_SCHEMA', { what, where: source.place(path), remedy })
}

function unknownLevel(source: YamlSource, path: YamlPath, name: string): WardError {
  return schemaError(source, path, `There is no level "${name}"`, 'Correct the name of the level.')
}

/** A parameter is `[type, value]`, the type as a number. */
function parametersAt(source: YamlSource, value: unknown, path: YamlPath): Parameters {
  if (value === undefined || value === null) return {}
  return Object.fromEntries(
    Object.entries(fieldsAt(source, value, path)).map(([name, tagged]) => [
      name,
      Array.isArray(tagged) ? tagged[1] : tagged,
    ]),
  )
}

function fieldsAt(source: YamlSource, value: unknown, path: YamlPath): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  throw schemaError(
    source,
    path,
    `${label(path)} is ${describe(value)} and should be a mapping`,
    'Save it anew with the traffic editor.',
  )
}

function listAt(source: YamlSource, fields: Fields, path: YamlPath, key: string): readonly unknown[] {
  const value = fields[key] ?? []
  if (Array.isArray(value)) return value
  throw schemaError(
    source,
    [...path, key],
    `"${key}" is ${describe(value)} and should be a list`,
    'Save it anew with the traffic editor.',
  )
}

function tupleAt(source: YamlSource, value: unknown, path: YamlPath): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw schemaError(
    source,
    path,
    `${label(path)} is ${describe(value)} and should be a list`,
    'Save it anew with the traffic editor.',
  )
}

function numberAt(source: YamlSource, value: unknown, path: YamlPath): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value
  throw schemaError(source, path, `${describe(value)} stands where a number is due`, 'Write a number.')
}

function label(path: YamlPath): string {
  return path.length === 0 ? 'The file' : `"${path.join('.')}"`
}

function describe(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 40)
}
