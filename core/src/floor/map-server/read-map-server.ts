import { isWardError, wardError } from '../../errors/index.ts'
import type { OccupancyGrid } from '../../geometry/index.ts'
import type { Level, PlanFiles, PlanProblem, PlanReading } from '../types.ts'
import { readYaml } from '../yaml-source.ts'
import { buildLevel } from './build-level.ts'
import { cellMapOf } from './cell-map.ts'
import { decodeMapImage } from './decode-image.ts'
import { mapDescriptionOf, type MapDescription } from './map-description.ts'
import type { MapImage } from './map-image.ts'
import { occupancyOf, unseenThoughFree } from './occupancy.ts'
import { segmentRooms } from './regions.ts'

/** From this share on, the map is mostly unknown. */
const HUGE_UNKNOWN_SHARE = 0.8

/**
 * Reads a ROS `map_server` map: its YAML, and the PGM or PNG that it names.
 *
 * `level.occupancy` is the grid that nav2 would serve, cell for cell. Rooms are the spaces enclosed by
 * walls, parted at doorways; they are numbered from the image's top left, and every doorway is an
 * `opening`, since a grid shows no leaf. What a grid cannot tell is assumed: rooms 2.7 m high, what stands
 * in them 1.2 m, air changes unknown, no docks.
 *
 * @throws WardError naming file, place and remedy: WARD_ERR_PLAN_UNREADABLE, WARD_ERR_PLAN_YAML,
 * WARD_ERR_PLAN_SCHEMA, WARD_ERR_PLAN_SCALE, WARD_ERR_PLAN_IMAGE.
 */
export function readMapServer(path: string, files: PlanFiles): PlanReading {
  const description = mapDescriptionOf(readYaml(path, files))
  const imagePath = files.resolve(path, description.image)
  const image = decodeMapImage(imagePath, readImage(path, imagePath, files))
  const grid = occupancyOf(image, description)
  const unseen = unseenThoughFree(image, description)
  const map = cellMapOf(grid, unseen)
  const { level, openAtEdge } = buildLevel(grid, map, segmentRooms(map))
  const id = planId(path)
  return {
    plan: { id, name: id, source: 'map_server', levels: [level], lifts: [] },
    problems: [
      ...thresholdProblems(path, description, image, unseen),
      ...unknownProblems(imagePath, grid, unseen),
      ...roomProblems(path, level),
      ...openAtEdge.map((id) => edgeProblem(path, id)),
    ],
  }
}

function readImage(path: string, imagePath: string, files: PlanFiles): Uint8Array {
  try {
    return files.readBytes(imagePath)
  } catch (error) {
    if (isWardError(error)) throw error
    throw wardError('WARD_ERR_PLAN_IMAGE', {
      what: `its image ${imagePath} cannot be read: ${messageOf(error)}`,
      where: path,
      remedy: 'Put the map image beside the YAML file, as PGM or PNG, or correct the field image.',
      cause: error,
    })
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** The file's name without its ending, of the characters that an id may have. */
function planId(path: string): string {
  const name = path
    .split(/[\\/]/)
    .at(-1)!
    .replace(/\.ya?ml$/i, '')
  return name.replace(/[^A-Za-z0-9._-]+/g, '-') || 'map'
}

function thresholdProblems(
  path: string,
  { freeThreshold }: MapDescription,
  { grey }: MapImage,
  unseen: Uint8Array | null,
): PlanProblem[] {
  if (!unseen) return []
  const share = unseen.reduce((sum, cell) => sum + cell, 0) / grey.length
  return [
    {
      severity: 'warning',
      where: `${path}: free_thresh`,
      what: `free_thresh ${freeThreshold} makes the grey that map_saver writes for unknown (205) free floor for robots: ${percent(share)} of the map; rooms were found taking it for unknown`,
      remedy: 'Set free_thresh: 0.196, unless that grey is really free floor.',
    },
  ]
}

function unknownProblems(
  imagePath: string,
  { data }: OccupancyGrid,
  unseen: Uint8Array | null,
): PlanProblem[] {
  let unknown = 0
  data.forEach((value, index) => {
    if (value < 0 || unseen?.[index] === 1) unknown += 1
  })
  const share = unknown / data.length
  if (share < HUGE_UNKNOWN_SHARE) return []
  return [
    {
      severity: 'warning',
      where: imagePath,
      what: `${percent(share)} of the map is unknown`,
      remedy: 'Check negate, mode and the thresholds; else crop the map, or map the building to its end.',
    },
  ]
}

function roomProblems(path: string, { rooms, doors }: Level): PlanProblem[] {
  if (rooms.length === 0) {
    return [
      {
        severity: 'warning',
        where: path,
        what: 'no rooms were found: no space is enclosed by walls',
        remedy:
          'Check resolution, negate and the thresholds; close gaps in the outer walls of the map image.',
      },
    ]
  }
  return rooms
    .filter(({ id }) => rooms.length > 1 && !doors.some(({ roomIds }) => roomIds.includes(id)))
    .map(({ id }) => ({
      severity: 'warning',
      where: `${path}: ${id}`,
      what: `${id} has no doorway: no robot can get in`,
      remedy: 'Open its doors and map it again, or ignore it if it is no room.',
    }))
}
function edgeProblem(path: string, id: string): PlanProblem {
  return {
    severity: 'warning',
    where: `${path}: ${id}`,
    what: `${id} is open at the edge of the map: nobody can guard what lies beyond`,
    remedy: 'Map the room to its end, or draw its wall into the map image.',
  }
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`
}
