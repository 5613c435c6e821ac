import type { Clock, TimerId } from '@wardlight/core/clock'
import type { Disposable, LaserScan } from '@wardlight/core/ros'
import type { LaserMount, RobotSensors } from '../robot/ports.ts'
import { KnownMap } from './known-map.ts'
import { searchPlace, type PlaceFound, type PlaceHint } from './place-search.ts'

/** So many steps of the search in a row, then whatever else is due: together a millisecond or two. */
const STEPS_AT_ONCE = 8

/** Looks for the robot's place by its lidar and its map, for who was lost. One search at a time. */
export class PlaceFinder {
  readonly #sensors: RobotSensors
  readonly #clock: Clock
  readonly #radiusM: number
  #subscription: Disposable | null = null
  #map: KnownMap | null = null
  #mount: LaserMount = { pose: { x: 0, y: 0, theta: 0 }, heightM: 0.2 }
  #scan: LaserScan | null = null
  #timer: TimerId = null

  constructor(options: {
    readonly sensors: RobotSensors
    readonly clock: Clock
    /** Of the robot's footprint, metres. */
    readonly radiusM: number
  }) {
    this.#sensors = options.sensors
    this.#clock = options.clock
    this.#radiusM = options.radiusM
  }

  start(): void {
    this.#subscription = this.#sensors.subscribe((reading) => {
      if (reading.kind === 'map') this.#map = new KnownMap(reading.grid)
      else if (reading.kind === 'laserMount') this.#mount = reading.mount
      else if (reading.kind === 'scan') this.#scan = reading.scan
    })
  }

  stop(): void {
    this.#clock.clearTimeout(this.#timer)
    this.#subscription?.dispose()
    this.#subscription = null
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
    if (this.#map === null) return 'the robot has no map to compare with'
    if (this.#scan === null) return 'the lidar says nothing'
    const search = searchPlace(this.#map, this.#scan, this.#mount, hint, this.#radiusM)
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
