import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { InterlockKindSchema } from '@wardlight/core/fleet'
import { describe, expect, it } from 'vitest'
import { repositoryRoot } from '../support/repository.ts'

/*
 * docs/safety.md as a promise that can be broken: every hazard names a test, every test that it names is there, and
 * every interlock of the code is in it.
 */

interface Hazard {
  readonly id: string
  readonly section: string
  readonly cells: readonly string[]
}
interface NamedTest {
  readonly file: string
  readonly title: string
}

const text = readFileSync(path.join(repositoryRoot, 'docs', 'safety.md'), 'utf8')

/** Rows of tables whose first cell is a letter and a number. */
function hazardsIn(markdown: string): Hazard[] {
  let section = ''
  return markdown.split('\n').flatMap((line) => {
    if (line.startsWith('## ')) section = line.slice(3)
    if (!line.startsWith('| ')) return []
    const cells = line
      .slice(1, line.lastIndexOf('|'))
      .split('|')
      .map((cell) => cell.trim())
    const [id = ''] = cells
    return /^[A-Z]\d+$/.test(id) ? [{ id, section, cells: cells.slice(1) }] : []
  })
}

/** `file` › title, one to a line of the cell. */
function testsNamedIn(cell: string): NamedTest[] {
  return cell.split('<br>').flatMap((entry) => {
    const match = /^`([^`]+)` › (.+)$/.exec(entry.trim())
    return match === null ? [] : [{ file: match[1]!, title: match[2]! }]
  })
}

/** Titles of the tests of a file, as they stand there. */
function titlesOf(source: string): string[] {
  // `it('…'`, and `it.each(…)('…'`: the table may be long, so any string that is called with and begins a line's call.
  const calls = /(?:\b(?:it|test)(?:\.\w+(?:\([^)]*\))?)*\(|\)\(|\]\)\()\s*(['"`])((?:\\.|(?!\1).)+)\1/gs
  return [...source.matchAll(calls)].map(([, , title]) => title!.replaceAll("\\'", "'"))
}

/** Characters of a title that are its own. */
const MIN_WORDS_LENGTH = 8

/** Whether a test of this title is in the source; what stands for a placeholder has to be there too. */
function isIn(source: string, title: string): boolean {
  return titlesOf(source).some((written) => {
    const parts = written.split(/%[sdioj]|\$\{[^}]+\}|\$\w+/)
    // A title that is all placeholder would be anything.
    if (parts.join('').trim().length < MIN_WORDS_LENGTH) return false
    const pattern = parts.map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('(.+?)')
    const filled = new RegExp(`^${pattern}$`).exec(title)
    return filled !== null && filled.slice(1).every((value) => source.includes(value))
  })
}

function problemsOf(markdown: string): string[] {
  const seen = new Set<string>()
  return hazardsIn(markdown).flatMap(({ id, section, cells }) => {
    const problems: string[] = []
    if (seen.has(id)) problems.push(`${id} comes twice`)
    seen.add(id)
    if (cells.length < 3 || cells.some((cell) => cell === '')) problems.push(`${id} has an empty cell`)
    if (section.startsWith('Open')) return problems
    const named = testsNamedIn(cells.at(-1) ?? '')
    if (named.length === 0) problems.push(`${id} has no test`)
    if (named.length !== (cells.at(-1) ?? '').split('<br>').length)
      problems.push(`${id} names a test wrongly`)
    for (const { file, title } of named) {
      const absolute = path.join(repositoryRoot, file)
      if (!existsSync(absolute)) problems.push(`${id} names ${file}, which is not there`)
      else if (!isIn(readFileSync(absolute, 'utf8'), title))
        problems.push(`${id}: ${file} has no test “${title}”`)
    }
    return problems
  })
}

function missingInterlocks(markdown: string): string[] {
  const rows = markdown.split('\n').filter((line) => line.startsWith('| `'))
  return InterlockKindSchema.enum.filter(
    (kind) => !rows.some((row) => row.split(' | ')[0]!.includes(`\`${kind}\``)),
  )
}

describe('docs/safety.md', () => {
  it('has a test for every hazard, and every test that it names is there', () => {
    expect(hazardsIn(text).length).toBeGreaterThan(30)
    expect(problemsOf(text)).toEqual([])
  })

  it('has every interlock that the supervisor knows, in its table of times', () => {
    expect(missingInterlocks(text)).toEqual([])
    const sources = ['safety/supervisor.ts', 'safety/hazards.ts', 'missions/uv-mission-runner.ts']
      .map((file) => readFileSync(path.join(repositoryRoot, 'robot-agent', 'src', file), 'utf8'))
      .join('\n')
    // The kinds of the contract are those of the code.
    expect(InterlockKindSchema.enum.filter((kind) => !sources.includes(`'${kind}'`))).toEqual([])
  })

  it('has every interlock with a hazard that it stops', () => {
    const told = hazardsIn(text)
      .flatMap(({ cells }) => cells)
      .join('\n')
    expect(InterlockKindSchema.enum.filter((kind) => !told.includes(`\`${kind}\``))).toEqual([])
  })

  it.each([
    ['has no test', '| Z1 | hazard | nothing | it will be fine |', 'Z1 has no test'],
    [
      'names a test that is not there',
      '| Z1 | hazard | nothing | `robot-agent/src/safety/supervisor.test.ts` › is quite safe |',
      'has no test “is quite safe”',
    ],
    [
      'names a value that a test does not try',
      '| Z1 | hazard | nothing | `robot-agent/src/safety/supervisor.test.ts` › does not arm while there is a dragon |',
      'has no test “does not arm while there is a dragon”',
    ],
    [
      'names a file that is not there',
      '| Z1 | hazard | nothing | `no.test.ts` › anything |',
      'which is not there',
    ],
  ])('a hazard that %s is found', (_, row, problem) => {
    expect(problemsOf(row)).toContainEqual(expect.stringContaining(problem))
  })

  it('an interlock that is missing is found', () => {
    expect(missingInterlocks(text.replaceAll('`bumper.pressed`', 'the bumper'))).toEqual(['bumper.pressed'])
  })
})
