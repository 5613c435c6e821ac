/** Proposed. NIST SP 800-63B, 5.2.2 allows 100 in a row. */
export const FREE_TRIES = 10
/** Proposed: the first wait, which doubles with each further failure. */
export const FIRST_WAIT_MS = 60_000
/** Proposed: nobody is kept out of a shift by a stranger. */
export const LONGEST_WAIT_MS = 3_600_000
/**
 * Proposed: so one failure is forgotten after another, whoever has signed in between. A count that a success
 * sets back would tell a stranger who watches the waits that somebody of this name exists.
 */
export const FORGET_ONE_MS = 3_600_000

/** Failures of one account, or of a name that nobody has. */
export interface TryCount {
  readonly count: number
  /** From when the next one is forgotten. */
  readonly countedMs: number
  /** No try before. */
  readonly nextMs: number
}

export const NO_TRIES: TryCount = { count: 0, countedMs: 0, nextMs: 0 }

/**
 * Counts one more try, before it is known whether it fails: many at once are not more than one after the other.
 *
 * @returns `null` while there is to be no try
 */
export function countTry(before: TryCount, nowMs: number): TryCount | null {
  if (nowMs < before.nextMs) return null
  const forgotten = Math.min(before.count, Math.floor((nowMs - before.countedMs) / FORGET_ONE_MS))
  const left = before.count - forgotten
  const count = left + 1
  const countedMs = left === 0 ? nowMs : before.countedMs + forgotten * FORGET_ONE_MS
  const doublings = count - FREE_TRIES
  const waitMs = doublings < 0 ? 0 : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** doublings)
  return { count, countedMs, nextMs: nowMs + waitMs }
}

/** The try was right: as if there had been none. */
export function uncountTry({ count, countedMs }: TryCount, nowMs: number): TryCount {
  return { count: Math.max(0, count - 1), countedMs, nextMs: nowMs }
}
