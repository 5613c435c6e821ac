import type { ScheduleProblem } from '@wardlight/fleet-server/schedule'
import loadHighs, { type Highs } from 'highs'

const MINUTE_MS = 60_000

export async function loadScheduleSolver(): Promise<Highs> {
  // As in highs-solver.ts: the package declares its ES module as CommonJS.
  return (loadHighs as unknown as typeof loadHighs.default)()
}

/**
 * The least cost of a plain problem (no batteries, burdens, windows or shifts), proven by HiGHS: one binary for "j comes
 * next after i", one end for each room, and big-M between them. For a handful of rooms.
 *
 * @returns points, as `Schedule.cost` counts them
 */
export function optimalCost(highs: Highs, { jobs, robots, travel, weights, nowMs }: ScheduleProblem): number {
  const count = jobs.length
  const starts = [...robots.map(({ placeIndex }) => placeIndex), ...jobs.map(({ placeIndex }) => placeIndex)]
  const minutes = (ms: number) => ms / MINUTE_MS
  const ownMin = jobs.map(({ armMs, workMs }) => minutes(armMs + workMs))
  const wayMin = (from: number, job: number) => minutes(travel.ms(starts[from]!, jobs[job]!.placeIndex))
  // Columns: first every "comes next", then every end in minutes.
  const arcs = starts.flatMap((_, from) =>
    jobs.flatMap((__, job) => (from - robots.length === job ? [] : [{ from, job }])),
  )
  const endColumn = (job: number) => arcs.length + job
  const latestMin =
    ownMin.reduce((sum, min) => sum + min, 0) +
    jobs.reduce((sum, _, job) => sum + Math.max(...starts.map((__, from) => wayMin(from, job))), 0)
  const rows: { lower: number; upper: number; entries: [number, number][] }[] = []
  for (const job of jobs.keys()) {
    rows.push({ lower: 1, upper: 1, entries: arcs.flatMap((arc, at) => (arc.job === job ? [[at, 1]] : [])) })
  }
  for (const from of starts.keys()) {
    rows.push({
      lower: 0,
      upper: 1,
      entries: arcs.flatMap((arc, at): [number, number][] => (arc.from === from ? [[at, 1]] : [])),
    })
  }
  for (const [at, { from, job }] of arcs.entries()) {
    const stepMin = wayMin(from, job) + ownMin[job]!
    const before = from - robots.length
    // end(j) ≥ end(i) + step - M (1 - x), with end(i) = 0 for a robot's start.
    rows.push({
      lower: stepMin - latestMin,
      upper: Infinity,
      entries: [
        [endColumn(job), 1],
        ...(before < 0 ? [] : [[endColumn(before), -1] as [number, number]]),
        [at, -latestMin],
      ],
    })
  }
  const sorted = rows.map(({ entries }) => entries.toSorted((a, b) => a[0] - b[0]))
  const rowStarts = new Int32Array(rows.length + 1)
  for (const [row, entries] of sorted.entries()) rowStarts[row + 1] = rowStarts[row]! + entries.length
  const numCols = arcs.length + count
  const model = highs.createModel({
    numCols,
    numRows: rows.length,
    colCost: [
      ...arcs.map(({ from, job }) => weights.drivingPerMin * wayMin(from, job)),
      ...jobs.map(({ priority }) => weights.waiting[priority]),
    ],
    colLower: new Float64Array(numCols),
    colUpper: [...arcs.map(() => 1), ...jobs.map(() => latestMin)],
    rowLower: rows.map(({ lower }) => lower),
    rowUpper: rows.map(({ upper }) => upper),
    integrality: Int32Array.from({ length: numCols }, (_, column) => (column < arcs.length ? 1 : 0)),
    matrix: {
      format: 'csr',
      numRows: rows.length,
      numCols,
      starts: rowStarts,
      indices: Int32Array.from(sorted.flat().map(([column]) => column)),
      values: Float64Array.from(sorted.flat().map(([, value]) => value)),
    },
  })
  try {
    const { modelStatus } = model.run()
    if (modelStatus !== highs.constants.modelStatus.optimal) {
      throw new Error(`HiGHS ended with model status ${modelStatus}`)
    }
    const released = jobs.reduce(
      (sum, { priority, releaseMs }) =>
        sum + weights.waiting[priority] * minutes(Math.max(0, releaseMs - nowMs)),
      0,
    )
    return model.getObjectiveValue() - released
  } finally {
    model.dispose()
  }
}
