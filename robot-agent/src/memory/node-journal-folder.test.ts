import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { SimulatedClock } from '@wardlight/core/clock'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SILENT_LOG } from '../testing/robot-bench.ts'
import { Journal } from './journal.ts'
import { nodeJournalFolder } from './node-journal-folder.ts'

let base: string
beforeEach(() => {
  base = mkdtempSync(path.join(tmpdir(), 'wardlight-journal-'))
})
afterEach(() => rmSync(base, { recursive: true, force: true }))

function openJournal(folder: string) {
  const journal = new Journal({
    folder: nodeJournalFolder(folder),
    clock: new SimulatedClock(),
    log: SILENT_LOG,
    onProblem: () => {},
  })
  return { journal, content: journal.open() }
}

const kept = (journal: Journal) => new Promise<void>((resolve) => journal.whenKept(resolve))

describe('a journal in a folder of this machine', () => {
  it('makes its folder, and gives back what it kept, appended and written anew', async () => {
    const folder = path.join(base, 'robots', 'wardlight.uv-01')
    const { journal, content } = openJournal(folder)
    expect(content).toEqual({ fields: new Map(), damage: null })
    journal.begin({ a: 1, b: 'x' })
    await kept(journal)
    for (let count = 2; count <= 5; count += 1) {
      journal.write({ a: count })
      await kept(journal)
      // As a process that is killed here leaves it.
      expect(Object.fromEntries(openJournal(folder).content.fields)).toEqual({ a: count, b: 'x' })
    }
    expect(readFileSync(path.join(folder, 'journal.jsonl'), 'utf8').split('\n')).toHaveLength(6)
    await journal.close()
    const next = openJournal(folder)
    next.journal.begin(Object.fromEntries(next.content.fields))
    await kept(next.journal)
    expect(readdirSync(folder)).toEqual(['journal.jsonl'])
    expect(readFileSync(path.join(folder, 'journal.jsonl'), 'utf8').split('\n')).toHaveLength(2)
    await next.journal.close()
  })

  it('half a line at its end, and half a new journal beside it, are left out', async () => {
    const { journal } = openJournal(base)
    journal.begin({ a: 1 })
    journal.write({ a: 2 })
    await journal.close()
    const file = path.join(base, 'journal.jsonl')
    writeFileSync(file, readFileSync(file).subarray(0, -3))
    writeFileSync(path.join(base, 'journal.jsonl.new'), 'half of it')
    const next = openJournal(base)
    expect(Object.fromEntries(next.content.fields)).toEqual({ a: 1 })
    next.journal.begin({ a: 3 })
    await next.journal.close()
    expect(Object.fromEntries(openJournal(base).content.fields)).toEqual({ a: 3 })
  })

  it('what is refused is put aside under another name', async () => {
    const { journal } = openJournal(base)
    journal.begin({ a: 1 })
    await journal.close()
    const { journal: next } = openJournal(base)
    expect(next.refuse('not ours').damage).toBe('not ours')
    next.begin({ a: 9 })
    await next.close()
    expect(readdirSync(base).toSorted()).toEqual(['journal.aside.jsonl', 'journal.jsonl'])
    expect(readFileSync(path.join(base, 'journal.aside.jsonl'), 'utf8')).toContain('{"a":1}')
  })

  it('a second program on the same folder is found out by either, and nothing of the two is mixed', async () => {
    const { journal: first } = openJournal(base)
    first.begin({ a: 1 })
    await kept(first)
    const { journal: second } = openJournal(base)
    second.begin({ a: 2 })
    await kept(second)
    expect(second.problem).toBeNull()
    first.write({ a: 3 })
    await kept(first)
    expect(first.problem).toContain('another program writes into')
    // It goes on trying, and goes on being refused; the other one is not disturbed.
    second.write({ a: 4 })
    await kept(second)
    expect(second.problem).toBeNull()
    expect(Object.fromEntries(openJournal(base).content.fields)).toEqual({ a: 4 })
    await first.close()
    await second.close()
  })

  it('a folder that cannot be is a problem, not a crash', async () => {
    writeFileSync(path.join(base, 'file'), '')
    const { journal, content } = openJournal(path.join(base, 'file', 'folder'))
    expect(content.damage).toBe('what the robot kept cannot be read')
    journal.begin({ a: 1 })
    await kept(journal)
    expect(journal.problem).toContain('writing failed')
    await journal.close()
  })
})
