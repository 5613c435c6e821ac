import { worstShortfall, type CoveringProblem, type CoveringSolver } from '@wardlight/core/disinfection'
import loadHighs, { type Highs } from 'highs'

/** Loads HiGHS (WebAssembly, in this process) as a solver of covering problems: the exact optimum also of large ones. */
export async function loadHighsSolver(): Promise<CoveringSolver> {
  // The package declares its ES module as CommonJS: what TypeScript takes for the module is the function.
  const highs = await (loadHighs as unknown as typeof loadHighs.default)()
  return {
    solve(problem) {
      if (problem.rows === 0) return new Float64Array(problem.columns)
      const dwells = optimum(highs, problem)
      if (dwells === null) return null
      // What the solver's tolerance left short in the worst row (parts in ten million).
      const short = worstShortfall(dwells, problem)
      return Number.isFinite(short) ? dwells.map((dwellS) => dwellS * Math.max(1, short)) : null
    },
  }
}

function optimum(highs: Highs, { rows, columns, rates, needs }: CoveringProblem): Float64Array | null {
  // Each row divided by its best rate: what is needed in seconds at its best stop. HiGHS's tolerances are absolute.
  const starts = new Int32Array(rows + 1)
  const indices: number[] = []
  const values: number[] = []
  const rowLower = new Float64Array(rows)
  for (let row = 0; row < rows; row += 1) {
    const ofRow = rates.subarray(row * columns, (row + 1) * columns)
    const best = ofRow.reduce((most, rate) => Math.max(most, rate), 0)
    if (best === 0) return null
    ofRow.forEach((rate, column) => {
      if (rate === 0) return
      indices.push(column)
      values.push(rate / best)
    })
    starts[row + 1] = indices.length
    rowLower[row] = needs[row]! / best
  }
  const model = highs.createModel({
    numCols: columns,
    numRows: rows,
    colCost: new Float64Array(columns).fill(1),
    colLower: new Float64Array(columns),
    colUpper: new Float64Array(columns).fill(Infinity),
    rowLower,
    rowUpper: new Float64Array(rows).fill(Infinity),
    matrix: {
      format: 'csr',
      numRows: rows,
      numCols: columns,
      starts,
      indices: Int32Array.from(indices),
      values: Float64Array.from(values),
    },
  })
  try {
    // Of dense problems with many more stops than edges it removes nothing, and takes most of the time.
    model.options.set('presolve', 'off')
    const { modelStatus } = model.run()
    if (modelStatus !== highs.constants.modelStatus.optimal) {
      throw new Error(`HiGHS ended with model status ${modelStatus}`)
    }
    return model.getSolution().colValue
  } finally {
    model.dispose()
  }
}
