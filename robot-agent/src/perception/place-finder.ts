import type { Clock, TimerId } from '@wardlight/core/clock'
import type { LaserScan } from '@wardlight/core/ros'
import type { LaserMount } from '../robot/ports.ts'
import type { KnownMap } from './known-map.ts'
import { searchPlace, type PlaceFound, type PlaceHint } from './place-search.ts'

/** So many steps of the search in a row, then whatever else is due: together a millisecond or two. */
const STEPS_AT_ONCE = 8

/** What a robot has to find its place by. */
export interface PlaceSight {
  readonly map: KnownMap | null
  /** The newest. */
  readonly scan: LaserScan | null
  readonly mount: LaserMount
}

/** Looks for the robot's place by its lidar and its map, for who was lost. One search at a time. */
export class PlaceFinder {
  readonly #sight: PlaceSight
  readonly #clock: Clock
  readonly #radiusM: number
  #timer: TimerId = null

  constructor(options: {
    readonly sight: PlaceSight
    readonly clock: Clock
    /** Of the robot's footprint, metres. */
    readonly radiusM: number
  }) {
    this.#sight = options.sight
    this.#clock = options.clock
    this.#radiusM = options.radiusM
  }

  stop(): void {
    this.#clock.clearTimeout(this.#timer)
    this.#timer = null
  }

  get isSearching(): boolean {
    return this.#timer !== null
  }

  /**
   * @param onEnd called once
   * @returns why nothing is searched, in words; `null`: it is
   */
  search(hint: PlaceHint, onEnd: (found: PlaceFound) => void): string | null {
    if (this.isSearching) return 'the robot looks for its place already'
    const { map, scan, mount } = this.#sight
    if (map === null) return 'the robot has no map to compare with'
    if (scan === null) return 'the lidar says nothing'
    const search = searchPlace(map, scan, mount, hint, this.#radiusM)
    const goOn = () => {
      for (let step = 0; step < STEPS_AT_ONCE; step += 1) {
        const { done, value } = search.next()
        if (!done) continue
        this.#timer = null
        onEnd(value)
        return
      }
      this.#timer = this.#clock.setTimeout(goOn, 0)
    }
    this.#timer = this.#clock.setTimeout(goOn, 0)
    return null
  }
}
