import type { BenchRow, GrowthTable, SuiteResult } from './suite.ts'

/** What was measured, for people. */
export function formatResult({ suite, rows, growth, failures }: SuiteResult): string {
  return [
    `== ${suite}`,
    ...rows.map(formatRow),
    ...growth.map(formatGrowth),
    ...(failures === undefined ? [] : [formatFailures(failures)]),
  ].join('\n\n')
}

function formatFailures(failures: readonly string[]): string {
  return failures.length === 0
    ? 'Nothing happened that must not.'
    : ['MUST NOT HAPPEN', ...failures.map((failure) => `  ${failure}`)].join('\n')
}

function formatRow({ name, unit, rounds, ours, peer, ratio, goal, notes }: BenchRow): string {
  const side = ({ name, figures }: BenchRow['ours']) =>
    `${short(figures.median)} (${short(figures.min)} to ${short(figures.max)})  ${name}`
  const verdict =
    goal === null ? '' : `, goal ${short(goal)} ×: ${ratio.median >= goal ? 'reached' : 'MISSED'}`
  return [
    `${name}: ${short(ratio.median)} × (${short(ratio.min)} to ${short(ratio.max)}, ${rounds} rounds)${verdict}`,
    `  ${unit}`,
    `    ours  ${side(ours)}`,
    `    peer  ${side(peer)}`,
    ...notes.map((note) => `  ${note}`),
  ].join('\n')
}

function formatGrowth({ name, size, figures, rows, notes }: GrowthTable): string {
  const cells = [
    [size, ...figures],
    ...rows.map((row) => [
      String(row.size),
      ...row.figures.map((figure) => (figure === null ? '–' : short(figure))),
    ]),
  ]
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)))
  const lines = cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  )
  return [name, ...lines.map((line) => `  ${line}`), ...notes.map((note) => `  ${note}`)].join('\n')
}

/** Three digits that count. */
function short(figure: number): string {
  if (!Number.isFinite(figure)) return String(figure)
  return Math.abs(figure) >= 100 ? String(Math.round(figure)) : String(Number(figure.toPrecision(3)))
}
