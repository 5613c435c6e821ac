import type { OccupancyGrid } from '@wardlight/core/geometry'
import type { Disposable } from '@wardlight/core/ros'
import type { RobotSensors } from '../robot/ports.ts'
import type { MapKeeper } from './map-keeper.ts'

export interface MapsInUseOptions {
  readonly sensors: RobotSensors
  readonly levelId: () => string
  readonly maps: Pick<MapKeeper, 'grid'>
  /** Who looks at scans with the map. */
  readonly users: readonly { useSentMap(grid: OccupancyGrid | null): void }[]
  /** To the robot's navigation: what was sent, else its own. */
  readonly show: (grid: OccupancyGrid) => void
}

/** Hands the map that counts on the robot's level to whoever uses it, when the level, or the map, is another one. */
export class MapsInUse {
  readonly #options: MapsInUseOptions
  #subscription: Disposable | null = null
  #own: OccupancyGrid | null = null
  #sent: OccupancyGrid | null = null
  #shown: OccupancyGrid | null = null

  constructor(options: MapsInUseOptions) {
    this.#options = options
  }

  start(): void {
    this.#subscription = this.#options.sensors.subscribe((reading) => {
      if (reading.kind !== 'map') return
      this.#own = reading.grid
      this.#show()
    })
    this.look()
  }

  stop(): void {
    this.#subscription?.dispose()
  }

  look(): void {
    const { levelId, maps, users } = this.#options
    const sent = maps.grid(levelId())
    if (sent === this.#sent) return
    this.#sent = sent
    for (const user of users) user.useSentMap(sent)
    this.#show()
  }

  #show(): void {
    const grid = this.#sent ?? this.#own
    if (grid === null || grid === this.#shown) return
    this.#shown = grid
    this.#options.show(grid)
  }
}
