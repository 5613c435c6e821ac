import type { Random } from '@wardlight/core/random'
import type { TreatmentEvent } from '../simulated-mission.ts'
import type { TreatmentScene } from '../treatment-stage.ts'
import type { Fault } from './faults.ts'

export interface PlannedFault {
  readonly name: string
  readonly fault: Fault
  /** Whether its times count from the order, or from the first light or gas. */
  readonly after: 'order' | 'lit'
  readonly fromS: number
  readonly toS: number
}

/** A mission's order is journaled by then, and its robot on the way, seconds. */
const EARLIEST_S = 1
const SHORTEST_S = 2
const LONGEST_S = 60
/** So many faults come before the room is lit or gassed. */
const EARLY_SHARE = 0.3

/** None to three faults, the same for the same random numbers. One kind comes once: two trolleys would be one on the other. */
export function randomFaults(
  random: Random,
  faults: Readonly<Record<string, Fault>>,
  latestS: { readonly order: number; readonly lit: number },
): PlannedFault[] {
  const left = Object.entries(faults)
  return Array.from({ length: Math.floor(4 * random.uniform()) }, () => {
    const [[name, fault]] = left.splice(Math.floor(left.length * random.uniform()), 1) as [[string, Fault]]
    const after = latestS.lit === 0 || random.uniform() < EARLY_SHARE ? 'order' : 'lit'
    const fromS = EARLIEST_S + latestS[after] * random.uniform()
    const toS = fromS + SHORTEST_S + (LONGEST_S - SHORTEST_S) * random.uniform()
    return { name, fault, after, fromS, toS }
  })
}

/** The faults as a simulated mission takes them. */
export function courseOf(faults: readonly PlannedFault[]): {
  readonly afterOrder: readonly TreatmentEvent[]
  readonly afterLit: readonly TreatmentEvent[]
} {
  const eventsAfter = (start: PlannedFault['after']) =>
    faults.filter(({ after }) => after === start).flatMap(eventsOf)
  return { afterOrder: eventsAfter('order'), afterLit: eventsAfter('lit') }
}

function eventsOf({ fault, fromS, toS }: PlannedFault): TreatmentEvent[] {
  let undo: (() => void) | null = null
  return [
    {
      s: fromS,
      act: (scene: TreatmentScene) => {
        undo = fault(scene)
      },
    },
    { s: toS, act: () => undo?.() },
  ]
}
