import { SimulatedClock } from '@wardlight/core/clock'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createMemoryFolder, type MemoryFolder } from '../testing/memory-folder.ts'
import { SILENT_LOG } from '../testing/robot-bench.ts'
import { Journal } from './journal.ts'

function openJournal(folder: MemoryFolder, clock = new SimulatedClock()) {
  let problems = 0
  const journal = new Journal({ folder, clock, log: SILENT_LOG, onProblem: () => (problems += 1) })
  const content = journal.open()
  return {
    journal,
    clock,
    content,
    get problems() {
      return problems
    },
  }
}

/** What a process that is started now would know. */
const known = (folder: MemoryFolder) => Object.fromEntries(openJournal(folder.fork()).content.fields)

describe('a journal on a disk', () => {
  it('a process that is killed after any write leaves what was written up to then', () => {
    const field = fc.constantFrom('a', 'b', 'c')
    fc.assert(
      fc.property(fc.array(fc.dictionary(field, fc.integer(), { noNullPrototype: true })), (writes) => {
        const folder = createMemoryFolder()
        const { journal } = openJournal(folder)
        journal.begin({ a: 0 })
        let expected: Record<string, number> = { a: 0 }
        for (const write of writes) {
          journal.write(write)
          expected = { ...expected, ...write }
          expect(known(folder)).toEqual(expected)
        }
      }),
      { numRuns: 30 },
    )
  })

  it('does not write what has not changed', () => {
    const folder = createMemoryFolder()
    const { journal } = openJournal(folder)
    journal.begin({ a: 1, b: [1] })
    journal.write({ a: 1, b: [1] })
    expect(folder.writes).toBe(1)
    journal.write({ b: [2] })
    expect(folder.writes).toBe(2)
  })

  it('says that something is kept when it is on the disk, and not before', () => {
    const folder = createMemoryFolder()
    const { journal } = openJournal(folder)
    journal.begin({ a: 1 })
    folder.isHeld = true
    const kept: string[] = []
    journal.write({ a: 2 })
    journal.whenKept(() => kept.push('first'))
    journal.write({ a: 3 })
    journal.write({ a: 4 })
    journal.whenKept(() => kept.push('second'))
    expect(kept).toEqual([])
    expect(known(folder)).toEqual({ a: 1 })
    folder.release()
    expect(kept).toEqual(['first', 'second'])
    expect(known(folder)).toEqual({ a: 4 })
    // What came while the disk was busy went together.
    expect(folder.writes).toBe(3)
  })

  it('stays within a few times of what it holds, however long it is written to', () => {
    const folder = createMemoryFolder()
    const { journal } = openJournal(folder)
    const large = 'x'.repeat(50_000)
    journal.begin({ large })
    for (let count = 0; count < 400; count += 1) {
      journal.write({ dose: `${count}${large}` })
      expect(folder.content!.length).toBeLessThan(1_400_000)
    }
    expect(known(folder)).toEqual({ large, dose: `399${large}` })
  })

  it('with the last write cut off at any byte it opens with what stood before, and goes on', () => {
    const folder = createMemoryFolder()
    const { journal } = openJournal(folder)
    journal.begin({ a: 1 })
    const before = folder.content!.length
    journal.write({ a: 2 })
    const { content } = folder
    for (let length = before; length < content!.length; length += 1) {
      const cut = createMemoryFolder(content!.subarray(0, length))
      const next = openJournal(cut)
      expect(Object.fromEntries(next.content.fields)).toEqual({ a: 1 })
      expect(next.content.damage).toBeNull()
      next.journal.begin({ a: 1 })
      next.journal.write({ a: 3 })
      expect(known(cut)).toEqual({ a: 3 })
    }
  })

  it('one that is damaged in its middle is put aside, and what stands before the damage is used', () => {
    const folder = createMemoryFolder()
    const { journal } = openJournal(folder)
    journal.begin({ a: 1 })
    const at = folder.content!.length + 80
    journal.write({ a: 2 })
    journal.write({ a: 3 })
    const bytes = Uint8Array.from(folder.content!)
    // Not into a line feed, or the last record would look torn.
    bytes[at - 40]! ^= 1
    const damaged = createMemoryFolder(bytes)
    const { content } = openJournal(damaged)
    expect(Object.fromEntries(content.fields)).toEqual({ a: 1 })
    expect(content.damage).toContain('damaged')
    expect(damaged.aside).toEqual(bytes)
  })

  it('one that cannot be read is put aside; it is not written over', () => {
    const folder = createMemoryFolder(Buffer.from('whatever'))
    folder.isUnreadable = true
    const { content } = openJournal(folder)
    expect(content).toEqual({ fields: new Map(), damage: 'what the robot kept cannot be read' })
    expect(folder.aside).toEqual(Buffer.from('whatever'))
  })
})

describe('a disk that is full, or goes read-only', () => {
  it.each([
    ['ENOSPC', 'the disk is full'],
    ['EROFS', 'the folder cannot be written to'],
    ['EIO', 'writing failed: EIO'],
  ])('%s is said, and holds nobody up', (code, problem) => {
    const folder = createMemoryFolder()
    const opened = openJournal(folder)
    opened.journal.begin({ a: 1 })
    folder.failure = code
    let isTold = false
    opened.journal.write({ a: 2 })
    opened.journal.whenKept(() => (isTold = true))
    expect(opened.journal.problem).toBe(problem)
    expect(isTold).toBe(true)
    expect(opened.problems).toBe(1)
    // What was kept before is there still, whatever part of the write got through.
    expect(known(folder)).toEqual({ a: 1 })
    opened.journal.write({ a: 3 })
    opened.clock.advance(20_000)
    expect(opened.journal.problem).toBe(problem)
    expect(opened.problems).toBe(1)
  })

  it('when there is room again everything is kept, without being written again', () => {
    const folder = createMemoryFolder()
    const opened = openJournal(folder)
    opened.journal.begin({ a: 1, b: 1 })
    folder.failure = 'ENOSPC'
    opened.journal.write({ a: 2 })
    opened.journal.write({ b: 2 })
    folder.failure = null
    opened.clock.advance(6000)
    expect(opened.journal.problem).toBeNull()
    expect(opened.problems).toBe(2)
    expect(known(folder)).toEqual({ a: 2, b: 2 })
    opened.journal.write({ a: 3 })
    expect(known(folder)).toEqual({ a: 3, b: 2 })
  })

  it('one that does not answer is a problem after 5 s, and no second write begins before the first has ended', () => {
    const folder = createMemoryFolder()
    const opened = openJournal(folder)
    opened.journal.begin({ a: 1 })
    folder.isHeld = true
    let isTold = false
    opened.journal.write({ a: 2 })
    opened.journal.whenKept(() => (isTold = true))
    opened.clock.advance(4000)
    expect(isTold).toBe(false)
    opened.clock.advance(2000)
    expect(isTold).toBe(true)
    expect(opened.journal.problem).toBe('the disk does not answer')
    opened.journal.write({ a: 3 })
    opened.clock.advance(60_000)
    expect(folder.writes).toBe(1)
    folder.release()
    expect(opened.journal.problem).toBeNull()
    expect(known(folder)).toEqual({ a: 3 })
  })

  it('does not keep the process from ending', async () => {
    const folder = createMemoryFolder()
    const { journal, clock } = openJournal(folder)
    journal.begin({ a: 1 })
    folder.isHeld = true
    journal.write({ a: 2 })
    const closed = journal.close()
    clock.advance(6000)
    await closed
    expect(known(folder)).toEqual({ a: 1 })
  })

  it('closed, it has written everything', async () => {
    const folder = createMemoryFolder()
    const { journal } = openJournal(folder)
    journal.begin({ a: 1 })
    folder.isHeld = true
    journal.write({ a: 2 })
    journal.write({ a: 3 })
    const closed = journal.close()
    folder.release()
    await closed
    expect(known(folder)).toEqual({ a: 3 })
  })
})
