import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { FloorPlan } from '@wardlight/core/floor'
import type { Pose2 } from '@wardlight/core/geometry'
import type { World } from '@wardlight/sim'
import type { Logger } from 'pino'

/** How often places are written, milliseconds of real time: only what moved. */
const WRITE_MS = 200

interface Place extends Pose2 {
  readonly levelId: string
}

/**
 * Where simulated robots stand, kept from one process to the next: a robot whose program is killed stays where it is,
 * and so must one whose whole world ends with it.
 */
export class SimulatedPlaces {
  readonly #file: string
  readonly #plan: FloorPlan
  readonly #log: Logger
  #written = ''
  #timer: NodeJS.Timeout | null = null

  constructor(folder: string, plan: FloorPlan, log: Logger) {
    this.#file = path.join(folder, 'places.json')
    this.#plan = plan
    this.#log = log
  }

  /** Where a robot stood when the last process ended; `null` where that is not known, or was on another plan. */
  placeOf(robotId: string): Place | null {
    try {
      const { plan, robots } = JSON.parse(readFileSync(this.#file, 'utf8')) as {
        plan: string
        robots: Record<string, Place>
      }
      const place = robots[robotId]
      if (plan !== this.#plan.name || place === undefined) return null
      const { levelId, x, y, theta } = place
      const isThere = this.#plan.levels.some(({ id }) => id === levelId)
      return isThere && [x, y, theta].every(Number.isFinite) ? { levelId, x, y, theta } : null
    } catch {
      // There is none yet, or it is no use: then the robot stands where the plan says.
      return null
    }
  }

  /** Writes where they are, until `stop`. */
  start(world: World): void {
    this.#timer = setInterval(() => this.#write(world), WRITE_MS)
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = null
  }

  #write(world: World): void {
    const robots = [...world.robots].map(([id, { levelId, truePose }]) => [id, { levelId, ...truePose }])
    const text = JSON.stringify({ plan: this.#plan.name, robots: Object.fromEntries(robots) })
    if (text === this.#written) return
    this.#written = text
    try {
      mkdirSync(path.dirname(this.#file), { recursive: true })
      writeFileSync(`${this.#file}.new`, text)
      renameSync(`${this.#file}.new`, this.#file)
    } catch (error) {
      this.#log.warn({ err: error }, 'Where the robots stand cannot be kept')
    }
  }
}
