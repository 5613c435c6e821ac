export interface MonthAndWard {
  /** `2026-03`. */
  readonly month: string
  /** `null`: a room of no ward, or one that is not in the plan any more. */
  readonly ward: string | null
}

export interface RowGroup<Row> extends MonthAndWard {
  readonly rows: readonly Row[]
}

/** By month and ward, in that order; rooms of no ward come last. */
export function groupRows<Row extends MonthAndWard>(rows: readonly Row[]): RowGroup<Row>[] {
  const groups = groupBy(rows, ({ month, ward }) => JSON.stringify([month, ward]))
  return [...groups.values()]
    .map((group) => ({ month: group[0]!.month, ward: group[0]!.ward, rows: group }))
    .toSorted((a, b) => compareText(a.month, b.month) || compareWards(a.ward, b.ward))
}

export function groupBy<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const key = keyOf(row)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [row])
    else group.push(row)
  }
  return groups
}

/** By code unit: the same on every machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

export function compareWards(a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null)
  return compareText(a, b)
}
