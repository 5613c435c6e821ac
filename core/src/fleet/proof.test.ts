import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chainProblems, type ChainLink } from './proof.ts'

/** Hashes that are one for each proof; what they are of does not matter here. */
function chainOf(length: number): ChainLink[] {
  return Array.from({ length }, (_, index) => ({
    sequence: index + 1,
    previousSha256: index === 0 ? null : hash(index),
    sha256: hash(index + 1),
    name: `proof ${index + 1}`,
  }))
}

function hash(number: number, other = ''): string {
  return `${other}${number}`.padStart(64, '0')
}

const chains = fc.integer({ min: 1, max: 12 }).map(chainOf)

describe('a chain of proofs', () => {
  it('is whole in whatever order its files come, and however often', () => {
    fc.assert(
      fc.property(
        chains.chain((chain) =>
          fc.tuple(
            fc.constant(chain.length),
            fc.shuffledSubarray([...chain, ...chain], { minLength: 2 * chain.length }),
          ),
        ),
        ([length, files]) => {
          expect(chainProblems(files, { first: 1, last: length })).toEqual([])
        },
      ),
    )
  })

  it('lacks whatever is taken from it', () => {
    fc.assert(
      fc.property(
        chains.chain((chain) =>
          fc.tuple(fc.constant(chain), fc.subarray(chain, { maxLength: chain.length - 1 })),
        ),
        ([chain, left]) => {
          expect(chainProblems(left, { first: 1, last: chain.length })).not.toEqual([])
          // Without a word of where it ends all but a cut end is seen.
          const isCut = left.every(({ sequence }, index) => sequence === index + 1)
          expect(chainProblems(left, { first: 1, last: null }).length > 0).toBe(!isCut)
        },
      ),
    )
  })

  it('shows where somebody put proofs into another order, though each were signed', () => {
    fc.assert(
      fc.property(
        fc
          .integer({ min: 2, max: 12 })
          .chain((length) =>
            fc.tuple(fc.constant(length), fc.shuffledSubarray(chainOf(length), { minLength: length })),
          ),
        ([length, order]) => {
          const renumbered = order.map((link, index) => ({ ...link, sequence: index + 1 }))
          const isSame = order.every(({ sequence }, index) => sequence === index + 1)
          expect(chainProblems(renumbered, { first: 1, last: length }).length === 0).toBe(isSame)
        },
      ),
    )
  })

  it('shows a fork, and a proof that follows another one than the one before it', () => {
    const chain = chainOf(4)
    const other = { ...chain[2]!, sha256: hash(3, 'f'), name: 'other' }
    expect(chainProblems([...chain, other], { first: 1, last: null })[0]).toMatch(/^forked/)
    expect(chainProblems([chain[0]!, chain[1]!, other, chain[3]!], { first: 1, last: null })).toEqual([
      'proof 4 does not follow other: it names another proof 3',
    ])
  })

  it('may be looked at in part, when somebody says which', () => {
    const part = chainOf(9).slice(4, 7)
    expect(chainProblems(part, { first: 5, last: 7 })).toEqual([])
    expect(chainProblems(part, { first: 1, last: 7 })).toEqual(['missing: proofs 1 to 4'])
    expect(chainProblems(part, { first: 6, last: 8 })).toHaveLength(2)
  })
})
