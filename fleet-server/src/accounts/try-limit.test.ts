import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  countTry,
  FIRST_WAIT_MS,
  FORGET_ONE_MS,
  FREE_TRIES,
  LONGEST_WAIT_MS,
  NO_TRIES,
  uncountTry,
  type TryCount,
} from './try-limit.ts'

const START_MS = 1_800_000_000_000

/** Fails at each of these pauses after the try before. @returns when a try was let through */
function tryAt(pausesMs: readonly number[]): number[] {
  let count: TryCount = NO_TRIES
  let nowMs = START_MS
  const letThrough: number[] = []
  for (const pauseMs of pausesMs) {
    nowMs += pauseMs
    const after = countTry(count, nowMs)
    if (after === null) continue
    letThrough.push(nowMs)
    count = after
  }
  return letThrough
}

describe('who guesses', () => {
  it('has ten tries, then waits a minute, twice as long each time, and at most an hour', () => {
    let count: TryCount = NO_TRIES
    const waits: number[] = []
    let nowMs = START_MS
    for (let index = 0; index < FREE_TRIES + 8; index++) {
      count = countTry(count, nowMs)!
      if (count.nextMs > nowMs) expect(countTry(count, count.nextMs - 1)).toBeNull()
      waits.push(count.nextMs - nowMs)
      nowMs = count.nextMs
    }
    expect(waits.slice(0, FREE_TRIES - 1).every((wait) => wait === 0)).toBe(true)
    // One of them is forgotten after an hour, so that a wait comes again.
    expect(waits.slice(FREE_TRIES - 1).map((wait) => wait / FIRST_WAIT_MS)).toEqual([
      1, 2, 4, 8, 16, 32, 32, 60, 60,
    ])
    expect(Math.max(...waits)).toBe(LONGEST_WAIT_MS)
  })

  it('never gets more than ten tries and one for each hour, however they are spread', () => {
    const pause = fc.oneof(
      fc.constant(0),
      fc.integer({ min: 0, max: 2 * FIRST_WAIT_MS }),
      fc.integer({ min: 0, max: 3 * FORGET_ONE_MS }),
    )
    fc.assert(
      fc.property(fc.array(pause, { maxLength: 300 }), (pauses) => {
        const times = tryAt(pauses)
        for (const [first, fromMs] of times.entries()) {
          for (const [last, toMs] of times.entries()) {
            if (last < first) continue
            // Six waits are shorter than the hour that they grow to.
            const most = FREE_TRIES + 7 + (toMs - fromMs) / FORGET_ONE_MS
            expect(last - first + 1).toBeLessThanOrEqual(most)
          }
        }
      }),
    )
  })

  it('makes no difference to what a stranger sees by being right in between', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: FORGET_ONE_MS }), { maxLength: 40 }),
        fc.nat(),
        (pauses, at) => {
          const seen = (isRightAt: number): (number | null)[] => {
            let count: TryCount = NO_TRIES
            let nowMs = START_MS
            return pauses.map((pauseMs, index) => {
              nowMs += pauseMs
              if (index === isRightAt) {
                const own = countTry(count, nowMs)
                if (own !== null) count = uncountTry(own, nowMs)
              }
              const after = countTry(count, nowMs)
              if (after !== null) count = after
              return after === null ? null : after.nextMs - nowMs
            })
          }
          expect(seen(at % Math.max(1, pauses.length))).toEqual(seen(-1))
        },
      ),
    )
  })
})
