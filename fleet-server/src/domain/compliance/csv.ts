/** `null` is an empty cell: not known, or none. */
export type Cell = string | number | boolean | null

export interface CsvTable {
  /** Stable names with their units. */
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}

/** RFC 4180: lines end with CR LF, quotes are doubled. In UTF-8 without a byte order mark. */
export function csvText({ columns, rows }: CsvTable): string {
  return [columns, ...rows].map((row) => `${row.map(cellText).join(',')}\r\n`).join('')
}

function cellText(cell: Cell): string {
  if (cell === null) return ''
  const text = typeof cell === 'string' ? defused(cell) : String(cell)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/**
 * Spreadsheets run a cell that begins with one of these as a formula, and rooms and surfaces are named by people: an
 * apostrophe before it makes it text (OWASP, CSV injection). Numbers are ours and stay numbers.
 */
function defused(text: string): string {
  return /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text
}
