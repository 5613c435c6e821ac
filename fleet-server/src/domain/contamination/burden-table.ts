import type { Agent, Contamination } from './contamination.ts'
import { agentsAfter, refusalFor } from './entry-rule.ts'

/** Burdens as small numbers, for a search that asks millions of times. 0: nothing. */
export interface BurdenTable {
  idOf(agents: readonly Agent[]): number
  /** What a robot carries after the visit, or -1 where it must be decontaminated first. */
  enter(burden: number, roomIndex: number): number
  /** For people. */
  agents(burden: number): readonly Agent[]
}

/** @param roomIds by the index that `enter` takes */
export function burdenTable(state: Contamination, roomIds: readonly string[]): BurdenTable {
  const burdens: (readonly Agent[])[] = [[]]
  const ids = new Map<string, number>([['', 0]])
  const transitions: Int32Array[] = []
  const UNASKED = -2
  const idOf = (agents: readonly Agent[]): number => {
    const sorted = agents.toSorted()
    const key = sorted.join('\n')
    const known = ids.get(key)
    if (known !== undefined) return known
    ids.set(key, burdens.length)
    burdens.push(sorted)
    return burdens.length - 1
  }
  return {
    idOf,
    enter(burden, roomIndex) {
      const row = (transitions[burden] ??= new Int32Array(roomIds.length).fill(UNASKED))
      const known = row[roomIndex]!
      if (known !== UNASKED) return known
      const roomId = roomIds[roomIndex]!
      const carried = burdens[burden]!
      const next =
        refusalFor(state, carried, roomId) === null ? idOf(agentsAfter(state, carried, roomId)) : -1
      row[roomIndex] = next
      return next
    },
    agents: (burden) => burdens[burden]!,
  }
}
