import type { FloorPlan } from '@wardlight/core/floor'
import type { TrafficGraph } from './traffic-graph.ts'

/** A lift or a door on a robot's way. A lift's own doors belong to it. */
export interface Passage {
  readonly kind: 'lift' | 'door'
  readonly id: string
  readonly name: string
}

/** What must be so before a robot drives a link. */
export interface Gate {
  readonly passage: Passage
  /** Of a lift: where it has to stand with its doors open. */
  readonly levelId: string
  /** The link is the lift's ride: the robot must have been told that it is on this level. */
  readonly isRide: boolean
}

/** Which links lead through lifts and doors that obey the fleet. */
export class PassageMap {
  readonly #graph: TrafficGraph
  readonly #passages: readonly (Passage | null)[]

  constructor(
    graph: TrafficGraph,
    plan: FloorPlan,
    { liftIds, doorIds }: { readonly liftIds: ReadonlySet<string>; readonly doorIds: ReadonlySet<string> },
  ) {
    this.#graph = graph
    const lifts = new Map(plan.lifts.map((lift) => [lift.id, lift]))
    const liftOfDoor = new Map(
      plan.lifts.flatMap((lift) =>
        Object.values(lift.doorIds)
          .flat()
          .map((doorId) => [doorId, lift] as const),
      ),
    )
    this.#passages = graph.places.map(({ kind, of, name }) => {
      if (of === null) return null
      const lift = kind === 'lift' ? lifts.get(of) : kind === 'door' ? liftOfDoor.get(of) : undefined
      if (lift !== undefined)
        return liftIds.has(lift.id) ? { kind: 'lift', id: lift.id, name: lift.name } : null
      return kind === 'door' && doorIds.has(of) ? { kind: 'door', id: of, name } : null
    })
  }

  /** The passage that a place is in. */
  at(place: number): Passage | null {
    return this.#passages[place] ?? null
  }

  /** Every place of a passage: who holds one of them has it. */
  placesOf({ kind, id }: Passage): number[] {
    return [...this.#graph.places.keys()].filter((place) => {
      const other = this.#passages[place]
      return other != null && other.kind === kind && other.id === id
    })
  }

  /** `null`: the link is driven without asking anybody. Out of a passage one may always go. */
  gateOf(link: number): Gate | null {
    const { from, to } = this.#graph.links[link]!
    const passage = this.at(to)
    if (passage === null) return null
    const [a, b] = [this.#graph.places[from]!, this.#graph.places[to]!]
    return { passage, levelId: b.levelId, isRide: passage.kind === 'lift' && a.levelId !== b.levelId }
  }
}
