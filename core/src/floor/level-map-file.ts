import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import type { OccupancyGrid } from '../geometry/index.ts'
import { levelGrid } from './level-grid.ts'
import type { Level } from './types.ts'

/** The occupancy of a level under the name by which VDA 5050 calls it. */
export interface LevelMap {
  readonly mapId: string
  readonly grid: OccupancyGrid
}

/** VDA 5050 leaves the format of maps open: a robot names those that it reads. */
export const LEVEL_MAP_FORMAT = 'wardlight.levelMap/1'

/** map_server's usual resolution, metres. */
const RESOLUTION_M = 0.05
/** Lower things are driven over, metres. */
const MAT_M = 0.02
/** What the tallest ward robots bump into with their mast, metres: as the simulation's. */
const ROBOT_HEIGHT_M = 1.6
/** From so much on a cell is solid to whoever looks at a scan with the map. */
const SOLID_FROM = 50
/** 200 m by 200 m at 5 cm. A robot holds such a map in its memory, with the distances to what is solid. */
const MAX_CELLS = 16_000_000

/**
 * A map as it is handed to robots, one JSON file (VDA 5050 leaves the format open, 3.0, 6.3.1): metres and radians in the
 * map frame, cells as in `nav_msgs/OccupancyGrid`, row by row from the lower left. `runs` holds them as value and count in
 * turn: `[100, 3, 0, 50, -1, 7]`.
 */
const LevelMapFileSchema = Type.Object({
  format: Type.Literal(LEVEL_MAP_FORMAT),
  mapId: Type.String({ minLength: 1, maxLength: 256 }),
  resolutionM: Type.Number({ minimum: 0.01, maximum: 1 }),
  width: Type.Integer({ minimum: 1, maximum: MAX_CELLS }),
  height: Type.Integer({ minimum: 1, maximum: MAX_CELLS }),
  origin: Type.Object({
    x: Type.Number(),
    y: Type.Number(),
    theta: Type.Number({ minimum: -Math.PI, maximum: Math.PI }),
  }),
  runs: Type.Array(Type.Integer()),
})

const validator = Compile(LevelMapFileSchema)

/** The map of a plan's level, for driving: glass, and furniture up to a robot's mast; doors open. */
export function drivingMap(level: Level): OccupancyGrid {
  return levelGrid(level, {
    resolutionM: RESOLUTION_M,
    fromHeightM: MAT_M,
    toHeightM: ROBOT_HEIGHT_M,
    includeGlass: true,
  })
}

/** The same map is the same text, so that a version can follow from it. */
export function levelMapText({ mapId, grid }: LevelMap): string {
  const { width, height, resolutionM, origin, data } = grid
  const runs: number[] = []
  for (let from = 0; from < data.length;) {
    const value = data[from]!
    let to = from + 1
    while (to < data.length && data[to] === value) to += 1
    runs.push(value, to - from)
    from = to
  }
  const { x, y, theta } = origin
  const file: Static<typeof LevelMapFileSchema> = {
    format: LEVEL_MAP_FORMAT,
    mapId,
    resolutionM,
    width,
    height,
    origin: { x, y, theta },
    runs,
  }
  return JSON.stringify(file)
}

/** Reads what `levelMapText` wrote. @returns in words why it is no map that a robot could be found on */
export function readLevelMap(text: string): LevelMap | string {
  let file: unknown
  try {
    file = JSON.parse(text)
  } catch {
    return 'it is no JSON'
  }
  const [problem] = validator.Errors(file)
  if (problem !== undefined) {
    return `it is no ${LEVEL_MAP_FORMAT}: ${problem.instancePath === '' ? 'the file' : problem.instancePath} ${problem.message}`
  }
  const { mapId, width, height, resolutionM, origin, runs } = file as Static<typeof LevelMapFileSchema>
  const cells = width * height
  if (cells > MAX_CELLS) return `it has ${cells} cells; a map has ${MAX_CELLS} at most`
  const data = new Int8Array(cells)
  let at = 0
  for (let index = 0; index < runs.length; index += 2) {
    const value = runs[index]!
    const count = runs[index + 1] ?? 0
    if (value < -1 || value > 100) return `run ${index / 2} is of ${value}; a cell has -1 to 100`
    if (count < 1 || at + count > cells)
      return `run ${index / 2} has ${count} cells at cell ${at} of ${cells}`
    data.fill(value, at, at + count)
    at += count
  }
  if (at !== cells) return `it ends at cell ${at} of ${cells}`
  // By such a map every place looks like every other.
  if (!data.some((value) => value >= SOLID_FROM)) return 'nothing on it is solid'
  return { mapId, grid: { width, height, resolutionM, origin, data } }
}
