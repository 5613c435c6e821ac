import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CHAIN_START, ChainWalk, type ChainedEntry, type ChainHead } from './audit-chain.ts'
import { exportLines, verifyLines } from './audit-file.ts'

/** A chain as the database makes it. */
function chainOf(deeds: readonly string[]): ChainedEntry[] {
  let head: ChainHead = CHAIN_START
  return deeds.map((did) => {
    const sequence = head.sequence + 1
    const entry = JSON.stringify({ did, sequence, previous: head.hash })
    const hash = createHash('sha256').update(entry).digest('hex')
    head = { sequence, hash }
    return { sequence, hash, entry }
  })
}

function verdictOf(entries: readonly ChainedEntry[], head: ChainHead, known: readonly ChainHead[] = []) {
  const walk = new ChainWalk(known)
  for (const entry of entries) if (!walk.take(entry)) break
  walk.end(head)
  return walk.fault
}

const deeds = fc.array(fc.string(), { minLength: 1, maxLength: 12 })

describe('the chain of the audit record', () => {
  it('holds as it was written, and as a file', async () => {
    await fc.assert(
      fc.asyncProperty(deeds, async (all) => {
        const chain = chainOf(all)
        const head = chain.at(-1)!
        expect(verdictOf(chain, head, [chain[0]!, head])).toBeNull()
        async function* entries() {
          yield* chain
        }
        async function* lines() {
          for await (const line of exportLines(entries(), head)) yield line.trimEnd()
        }
        expect(await verifyLines(lines())).toEqual({
          head: { sequence: head.sequence, hash: head.hash },
          fault: null,
        })
      }),
    )
  })

  it('shows every entry that was changed, removed, doubled or moved, at its place', () => {
    const harm = fc.record({
      kind: fc.constantFrom('text', 'hash', 'removed', 'doubled', 'moved', 'cut'),
      at: fc.nat(),
      byte: fc.nat(),
    })
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 2, maxLength: 12 }), harm, (all, { kind, at, byte }) => {
        const chain = chainOf(all)
        const head = chain.at(-1)!
        const index = at % chain.length
        const one = chain[index]!
        const harmed = [...chain]
        switch (kind) {
          case 'text': {
            const place = byte % one.entry.length
            const other = one.entry[place] === 'x' ? 'y' : 'x'
            harmed[index] = { ...one, entry: one.entry.slice(0, place) + other + one.entry.slice(place + 1) }
            break
          }
          case 'hash':
            harmed[index] = { ...one, hash: one.hash.replace(/./, (digit) => (digit === '0' ? '1' : '0')) }
            break
          case 'removed':
            harmed.splice(index, 1)
            break
          case 'doubled':
            harmed.splice(index, 0, one)
            break
          case 'moved':
            harmed.splice(index, 1)
            harmed.splice(index === chain.length - 1 ? 0 : chain.length - 1, 0, one)
            break
          default:
            harmed.length = index
        }
        expect(verdictOf(harmed, head)).not.toBeNull()
        // Nothing before the harm is blamed.
        expect(verdictOf(harmed, head)!.sequence).toBeGreaterThanOrEqual(kind === 'moved' ? 1 : one.sequence)
      }),
      { numRuns: 500 },
    )
  })

  it('finds a chain that was written anew as a whole, where somebody noted an entry', () => {
    fc.assert(
      fc.property(deeds, fc.nat(), fc.nat(), (all, changed, noted) => {
        const chain = chainOf(all)
        const at = changed % all.length
        const anew = chainOf(all.map((did, index) => (index === at ? `${did}!` : did)))
        const after = chain[at + (noted % (all.length - at))]!
        expect(verdictOf(anew, anew.at(-1)!)).toBeNull()
        expect(verdictOf(anew, anew.at(-1)!, [after])).toMatchObject({ sequence: after.sequence })
        expect(verdictOf(anew.slice(0, at), anew[at - 1] ?? CHAIN_START, [after])).not.toBeNull()
      }),
    )
  })

  it('refuses a file that is no record, or not a whole one', async () => {
    const [only] = chainOf(['a'])
    const line = JSON.stringify(only)
    const end = JSON.stringify({ head: { sequence: 1, hash: only!.hash } })
    const verify = async (lines: readonly string[]) =>
      verifyLines(
        (async function* () {
          yield* lines
        })(),
      )
    await expect(verify(['{}'])).rejects.toMatchObject({ code: 'WARD_ERR_VALIDATION', where: 'line 1' })
    await expect(verify([line])).rejects.toMatchObject({ where: 'line 2' })
    await expect(verify([line, end, line])).rejects.toMatchObject({ where: 'line 3' })
    await expect(verify([])).rejects.toMatchObject({ where: 'line 1' })
    expect((await verify([line, end])).fault).toBeNull()
  })
})
