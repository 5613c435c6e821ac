import type { Point2 } from '../../geometry/index.ts'

export interface DrawnEdge {
  readonly from: Point2
  readonly to: Point2
  readonly name?: string
  readonly parameters?: string
}

export interface DrawnLevel {
  /** Metres, y up. */
  readonly walls: readonly DrawnEdge[]
  readonly doors?: readonly DrawnEdge[]
  readonly lanes?: readonly DrawnEdge[]
  readonly waypoints?: readonly (Point2 & { readonly name: string; readonly parameters?: string })[]
  readonly fiducials?: readonly (Point2 & { readonly name: string })[]
  /** More lines of the level, as they stand in the file. */
  readonly extra?: string
  /** Without a measurement when false. */
  readonly isMeasured?: boolean
}

export interface DrawingOptions {
  readonly pixelsPerMetre: number
  readonly lifts?: string
  /** Turns and shifts a level's drawing, in pixels. */
  readonly place?: (levelId: string, pixel: Point2) => Point2
}

/** An Open-RMF building as the traffic editor would write it: pixels with y down, edges between vertices. */
export function drawnBuilding(
  levels: Readonly<Record<string, DrawnLevel>>,
  { pixelsPerMetre, lifts = '{}', place = (_, pixel) => pixel }: DrawingOptions,
): string {
  const lines = ['coordinate_system: reference_image', 'name: drawn', 'levels:']
  for (const [id, level] of Object.entries(levels)) {
    const vertices: string[] = []
    const indices = new Map<string, number>()
    const pixelOf = ({ x, y }: Point2) => place(id, { x: x * pixelsPerMetre, y: -y * pixelsPerMetre })
    const add = (point: Point2, rest: string) => {
      const { x, y } = pixelOf(point)
      return vertices.push(`[${x}, ${y}, 0, ${rest}]`) - 1
    }
    const vertex = (point: Point2) => {
      const key = `${point.x} ${point.y}`
      const index = indices.get(key) ?? add(point, '""')
      indices.set(key, index)
      return index
    }
    const edge = ({ from, to, name, parameters }: DrawnEdge) =>
      `[${vertex(from)}, ${vertex(to)}, {${[...(name === undefined ? [] : [`name: [1, ${name}]`]), ...(parameters === undefined ? [] : [parameters])].join(', ')}}]`
    for (const point of level.waypoints ?? []) {
      const index = add(point, `${point.name}, {${point.parameters ?? ''}}`)
      indices.set(`${point.x} ${point.y}`, index)
    }
    const measured = [add({ x: 0, y: -5 }, '""'), add({ x: 4, y: -5 }, '""')]
    const list = (name: string, edges: readonly DrawnEdge[] = []) =>
      edges.length === 0 ? [] : [`    ${name}:`, ...edges.map((item) => `      - ${edge(item)}`)]
    lines.push(
      `  ${id}:`,
      '    elevation: 0',
      ...list('walls', level.walls),
      ...list('doors', level.doors),
      ...list('lanes', level.lanes),
      ...(level.isMeasured === false
        ? []
        : ['    measurements:', `      - [${measured[0]}, ${measured[1]}, {distance: [3, 4]}]`]),
      ...(level.fiducials === undefined
        ? []
        : [
            '    fiducials:',
            ...level.fiducials.map((fiducial) => {
              const { x, y } = pixelOf(fiducial)
              return `      - [${x}, ${y}, ${fiducial.name}]`
            }),
          ]),
      ...(level.extra === undefined ? [] : [level.extra]),
      '    vertices:',
      ...vertices.map((text) => `      - ${text}`),
    )
  }
  return `${[...lines, `lifts: ${lifts}`].join('\n')}\n`
}

/** The walls of an upright rectangle. */
export function walls(west: number, south: number, east: number, north: number): DrawnEdge[] {
  const corners = [
    { x: west, y: south },
    { x: east, y: south },
    { x: east, y: north },
    { x: west, y: north },
  ]
  return corners.map((from, index) => ({ from, to: corners[(index + 1) % 4]! }))
}
