import Type, { type Static } from 'typebox'
import { Value } from 'typebox/value'
import { wardError, type WardError } from '../../errors/index.ts'
import { counterClockwise, polygonEdges, signedArea } from '../../geometry/polygon.ts'
import { distance } from '../../geometry/pose.ts'
import type { Point2, Polygon, Segment2 } from '../../geometry/types.ts'
import type { PlanarProblem } from './types.ts'

const positive = Type.Number({ exclusiveMinimum: 0 })
const notNegative = Type.Number({ minimum: 0 })
const ring = (minItems: number) => Type.Array(Type.Tuple([Type.Number(), Type.Number()]), { minItems })

/** The file as `wardlight plan --polygons` takes it. */
const PlanarFileSchema = Type.Object({
  rooms: Type.Array(
    Type.Object({
      id: Type.Union([Type.String({ minLength: 1 }), Type.Number()]),
      obstacles: Type.Array(ring(2)),
      bounds: Type.Optional(Type.Union([ring(3), Type.Null()])),
    }),
    { minItems: 1 },
  ),
  lamp: Type.Object({ powerW: positive, model: Type.Literal('isotropic'), heightM: notNegative }),
  panelHeightM: positive,
  doseJPerM2: positive,
  gridM: positive,
  clearanceM: notNegative,
  maxEdgeM: positive,
  marginM: notNegative,
})

type PlanarFile = Static<typeof PlanarFileSchema>

/** What stands in each field, said when something else does. */
const FIELDS: Readonly<Record<string, string>> = {
  rooms: 'a list of one or more rooms',
  id: 'a name',
  obstacles: 'a list of polygons, each a list of two or more [x, y] in metres',
  bounds: 'null, or a polygon: a list of three or more [x, y] in metres',
  lamp: '{"powerW": 80, "model": "isotropic", "heightM": 1}',
  model: '"isotropic"',
  powerW: 'a number of watts above 0',
  heightM: 'a number of metres, 0 or more',
  panelHeightM: 'a number of metres above 0',
  doseJPerM2: 'a number of J/m² above 0',
  gridM: 'a number of metres above 0',
  clearanceM: 'a number of metres, 0 or more',
  maxEdgeM: 'a number of metres above 0',
  marginM: 'a number of metres, 0 or more',
}

/** Points nearer to one another than this are one, metres. */
const SAME_POINT_M = 1e-9

/** More stops than this in a room are a slip of the pen in `gridM` or in the points, not a plan. */
const MOST_STOPS = 250_000

/**
 * @param data the parsed JSON
 * @param file names it in errors
 * @throws WARD_ERR_VALIDATION with file, path and what would be right
 */
export function readPlanarProblem(data: unknown, file: string): PlanarProblem {
  if (!Value.Check(PlanarFileSchema, data)) throw schemaError(data, file)
  const { lamp, panelHeightM, doseJPerM2, gridM, clearanceM, maxEdgeM, marginM } = data
  const taken = new Set<string>()
  const rooms = data.rooms.map((room, index) => {
    const where = `rooms[${index}]`
    const id = String(room.id)
    if (taken.has(id)) {
      throw fieldError(file, `${where}.id`, `There is a room "${id}" already`, 'Give every room its own id.')
    }
    taken.add(id)
    const obstacles = room.obstacles.map((points, obstacle) =>
      polygonOf(points, file, `${where}.obstacles[${obstacle}]`, 2),
    )
    const bounds = room.bounds == null ? null : polygonOf(room.bounds, file, `${where}.bounds`, 3)
    if (obstacles.length === 0 && bounds === null) {
      throw fieldError(
        file,
        `${where}.obstacles`,
        'The room has neither obstacles nor bounds',
        'Give at least one.',
      )
    }
    refuseTooManyStops([...obstacles.flat(), ...(bounds ?? [])], data, file, where)
    return { id, obstacles, bounds }
  })
  return { rooms, lamp, panelHeightM, doseJPerM2, gridM, clearanceM, maxEdgeM, marginM }
}

/** Without repeated points, simple, counter-clockwise. */
function polygonOf(
  points: readonly (readonly number[])[],
  file: string,
  where: string,
  least: number,
): Polygon {
  const all = points.map(([x, y]) => ({ x: x!, y: y! }))
  const polygon = all.filter((point, index) => distance(point, all.at(index - 1)!) > SAME_POINT_M)
  if (polygon.length < least) {
    throw fieldError(
      file,
      where,
      `Only ${polygon.length} of its points differ`,
      `Give ${least} or more different points.`,
    )
  }
  const crossing = selfCrossing(polygon)
  if (crossing !== null) {
    throw fieldError(
      file,
      where,
      `Its edges ${crossing[0]} and ${crossing[1]} meet: it is no simple polygon`,
      'List the corners in order around it, each once.',
    )
  }
  if (polygon.length > 2 && Math.abs(signedArea(polygon)) < SAME_POINT_M) {
    throw fieldError(
      file,
      where,
      'It has no area',
      'Give corners that enclose something, or two points for a thin panel.',
    )
  }
  return counterClockwise(polygon)
}

/** The first two edges that meet elsewhere than at a corner that they share. */
function selfCrossing(polygon: Polygon): readonly [number, number] | null {
  const edges = polygonEdges(polygon)
  if (edges.length < 4) return null
  for (let one = 0; one < edges.length; one += 1) {
    for (let other = one + 2; other < edges.length; other += 1) {
      if (one === 0 && other === edges.length - 1) continue
      if (areMeeting(edges[one]!, edges[other]!)) return [one, other]
    }
  }
  return null
}

function areMeeting({ a, b }: Segment2, { a: c, b: d }: Segment2): boolean {
  const side = (p: Point2, q: Point2, r: Point2) =>
    Math.sign((q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x))
  return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0
}

function refuseTooManyStops(
  points: readonly Point2[],
  { gridM, marginM }: PlanarFile,
  file: string,
  where: string,
): void {
  const extent = (values: readonly number[]) => Math.max(...values) - Math.min(...values) + 2 * marginM
  const widthM = extent(points.map(({ x }) => x))
  const depthM = extent(points.map(({ y }) => y))
  const stops = (widthM / gridM + 1) * (depthM / gridM + 1)
  if (stops <= MOST_STOPS) return
  throw fieldError(
    file,
    where,
    `A grid of ${gridM} m over ${widthM.toFixed(1)} × ${depthM.toFixed(1)} m has ${Math.round(stops)} stops`,
    `Give the points in metres, or a gridM that leaves at most ${MOST_STOPS}.`,
  )
}

function schemaError(data: unknown, file: string): WardError {
  // The deepest of the errors is the one nearest to the slip; a union reports its branches as well.
  const errors = [...Value.Errors(PlanarFileSchema, data)]
  const paths = errors.map((error) => {
    const steps = error.instancePath.split('/').slice(1)
    const missing = error.keyword === 'required' ? error.params.requiredProperties[0] : undefined
    return missing === undefined ? steps : [...steps, missing]
  })
  const path = paths.reduce((deepest, other) => (other.length > deepest.length ? other : deepest), [])
  const field = path.findLast((step) => step in FIELDS)
  const value = path.reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], data)
  return fieldError(
    file,
    path
      .map((step) => (/^\d+$/.test(step) ? `[${step}]` : `.${step}`))
      .join('')
      .replace(/^\./, ''),
    value === undefined ? 'This is missing' : `This is ${shown(value)}`,
    field === undefined
      ? 'Give an object with rooms, lamp, panelHeightM, doseJPerM2, gridM, clearanceM, maxEdgeM and marginM.'
      : `Give for ${field}: ${FIELDS[field]}.`,
  )
}

function fieldError(file: string, path: string, what: string, remedy: string): WardError {
  return wardError('WARD_ERR_VALIDATION', { what, where: path === '' ? file : `${file}: ${path}`, remedy })
}

function shown(value: unknown): string {
  const text = JSON.stringify(value)
  return text.length <= 60 ? text : `${text.slice(0, 57)}…`
}
