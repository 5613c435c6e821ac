import { readFileSync } from 'node:fs'
import { planPlanarRoom, readPlanarProblem, type PlanarPlan } from '@wardlight/core/disinfection'
import { wardError } from '@wardlight/core/errors'
import { loadHighsSolver } from './highs-solver.ts'

/** What `wardlight plan --polygons … --json` prints of a room. */
export interface PlanarRoomReport {
  readonly id: string
  readonly dwellSeconds: number
  readonly stops: number
  readonly pathMeters: number
  readonly edges: number
  readonly unreachableEdges: number
  /** Visibility, linear programme and tour on this machine, without reading the file and loading the solver. */
  readonly computeSeconds: number
  /** The stops in the order of the tour. */
  readonly tour: readonly { readonly x: number; readonly y: number; readonly dwellSeconds: number }[]
  /** The edges that no stop sees wholly, from end to end. */
  readonly unreachable: readonly (readonly [readonly [number, number], readonly [number, number]])[]
}

export interface PlanarReport {
  readonly gridM: number
  readonly rooms: readonly PlanarRoomReport[]
  /** Sums over the rooms. */
  readonly totals: Pick<
    PlanarRoomReport,
    'dwellSeconds' | 'stops' | 'pathMeters' | 'edges' | 'unreachableEdges' | 'computeSeconds'
  >
}

/**
 * Plans every room of a file in the planar benchmark form.
 *
 * @param gridM instead of the file's
 * @throws WARD_ERR_OPTION when there is no such file, WARD_ERR_VALIDATION with file, path and what would be right
 */
export async function planPlanarFile(file: string, gridM: number | undefined): Promise<PlanarReport> {
  const data = readJson(file)
  const problem = readPlanarProblem(
    gridM === undefined || typeof data !== 'object' ? data : { ...data, gridM },
    file,
  )
  const solver = await loadHighsSolver()
  const rooms = problem.rooms.map((room) => {
    const begunMs = performance.now()
    const plan = planPlanarRoom(room, problem, solver)
    return roomReport(plan, (performance.now() - begunMs) / 1000)
  })
  const total = (key: keyof PlanarReport['totals']) => rooms.reduce((sum, room) => sum + room[key], 0)
  return {
    gridM: problem.gridM,
    rooms,
    totals: {
      dwellSeconds: total('dwellSeconds'),
      stops: total('stops'),
      pathMeters: total('pathMeters'),
      edges: total('edges'),
      unreachableEdges: total('unreachableEdges'),
      computeSeconds: total('computeSeconds'),
    },
  }
}

/** The same for people. */
export function printPlanarReport({ gridM, rooms, totals }: PlanarReport): string {
  const idWidth = Math.max('total'.length, ...rooms.map(({ id }) => id.length))
  const row = (id: string, figures: PlanarReport['totals']) =>
    [
      id.padEnd(idWidth),
      figures.dwellSeconds.toFixed(1).padStart(11),
      String(figures.stops).padStart(7),
      figures.pathMeters.toFixed(1).padStart(9),
      String(figures.edges).padStart(7),
      String(figures.unreachableEdges).padStart(13),
      figures.computeSeconds.toFixed(2).padStart(11),
    ].join('')
  return `${[
    `Stops on a grid of ${gridM} m`,
    '',
    `${'room'.padEnd(idWidth)}    dwell s  stops    way m  edges  unreachable  computed s`,
    ...rooms.map((room) => row(room.id, room)),
    row('total', totals),
  ].join('\n')}\n`
}

function roomReport(plan: PlanarPlan, computeSeconds: number): PlanarRoomReport {
  return {
    id: plan.roomId,
    dwellSeconds: plan.dwellS,
    stops: plan.stops.length,
    pathMeters: plan.pathM,
    edges: plan.edges,
    unreachableEdges: plan.unreachable.length,
    computeSeconds,
    tour: plan.stops.map(({ x, y, dwellS }) => ({ x, y, dwellSeconds: dwellS })),
    unreachable: plan.unreachable.map(({ a, b }) => [
      [a.x, a.y],
      [b.x, b.y],
    ]),
  }
}

function readJson(file: string): unknown {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (cause) {
    throw wardError('WARD_ERR_OPTION', {
      what: 'The file of polygons cannot be read',
      where: file,
      remedy: 'Check that it exists and can be read.',
      cause,
    })
  }
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw wardError('WARD_ERR_VALIDATION', {
      what: `This is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`,
      where: file,
      remedy:
        'Give an object with rooms, lamp, panelHeightM, doseJPerM2, gridM, clearanceM, maxEdgeM and marginM.',
      cause,
    })
  }
}
