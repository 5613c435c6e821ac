import { distance } from '@wardlight/core/geometry'
import type { World } from '@wardlight/sim'

/** Looks at what no robot says of itself. */
export class FleetWatch {
  readonly #world: World
  readonly #levels = new Map<string, string>()
  rides = 0
  nearestM = Infinity

  constructor(world: World) {
    this.#world = world
  }

  look(): void {
    const robots = [...this.#world.robots.values()]
    for (const [index, { id, levelId, truePose }] of robots.entries()) {
      const before = this.#levels.get(id)
      if (before !== undefined && before !== levelId) this.rides += 1
      this.#levels.set(id, levelId)
      for (const other of robots.slice(index + 1)) {
        if (other.levelId === levelId)
          this.nearestM = Math.min(this.nearestM, distance(truePose, other.truePose))
      }
    }
  }
}
