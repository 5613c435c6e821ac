import type { Random } from '@wardlight/core/random'
import type { RoomAir } from '../ros/gas-node.ts'

/** Where air-conditioned rooms lie, by the seed (proposed). */
const TEMPERATURE_C = [20.5, 24] as const
const HUMIDITY_PERCENT = [38, 60] as const

/** Temperature and humidity: the same all over the house, but where somebody has set them. */
export class RoomClimates {
  readonly #usual: RoomAir
  readonly #own = new Map<string, RoomAir>()

  constructor(random: Random) {
    const between = ([least, most]: readonly [number, number]) => least + (most - least) * random.uniform()
    this.#usual = {
      temperatureC: between(TEMPERATURE_C),
      relativeHumidityPercent: between(HUMIDITY_PERCENT),
    }
  }

  of(roomId: string | null): RoomAir {
    return (roomId === null ? undefined : this.#own.get(roomId)) ?? this.#usual
  }

  set(roomId: string, air: RoomAir): void {
    this.#own.set(roomId, air)
  }
}
