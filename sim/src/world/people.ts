import { intersectSegments, type Point2 } from '@wardlight/core/geometry'
import { wardError } from '@wardlight/core/errors'
import type { Level } from '@wardlight/core/floor'
import type { DoorBank } from './doors.ts'
import type { Circle } from './lidar.ts'

/** A person as a body, metres: half of a shoulder width of 0.5. */
export const PERSON_RADIUS_M = 0.25
/** Whoever turns sideways to get past something, metres: half of a body's depth of 0.3. */
export const SIDEWAYS_RADIUS_M = 0.15
export const PERSON_HEIGHT_M = 1.75
const LEG_RADIUS_M = 0.07
/** Half of the distance between two legs. */
const LEG_OFFSET_M = 0.12
/** From here a walking person reaches for a door. */
const DOOR_REACH_M = 0.9
/** A comfortable walking speed indoors, metres a second. */
export const WALKING_SPEED_MPS = 1.2
/** Infrared sensors hold their output this long after the last movement. */
const MOVEMENT_HOLD_MS = 1000

export interface Person extends Point2 {
  readonly id: string
  readonly levelId: string
  /** Direction of walking, radians. */
  readonly theta: number
  /** Walking now, or within the last second. */
  readonly isMoving: boolean
}

interface Walker {
  id: string
  levelId: string
  x: number
  y: number
  theta: number
  path: readonly Point2[]
  /** The corner that is walked to; `path.length` when at the end. */
  next: number
  speedMps: number
  /** Between their middle and a robot's rim, at least. */
  gapM: number
  lastMovedMs: number
  /** Door on the way of the present leg, by where along it. */
  doors: { index: number; at: number }[]
  onArrival: ((nowMs: number) => void) | null
}

/** Something that a person does not walk into. */
export interface PersonObstacle extends Point2 {
  readonly levelId: string
  readonly radiusM: number
}

/**
 * People who walk along given paths, open the doors on their way, and stop for a robot in front of
 * them. At the end of the path they stand until they are removed.
 */
export class People {
  readonly #doors: DoorBank
  readonly #levels: ReadonlyMap<string, Level>
  readonly #walkers = new Map<string, Walker>()
  #count = 0
  #nowMs = 0

  constructor(levels: readonly Level[], doors: DoorBank) {
    this.#levels = new Map(levels.map((level) => [level.id, level]))
    this.#doors = doors
  }

  /** @param gapM between their middle and a robot's rim: `SIDEWAYS_RADIUS_M` for somebody who has to get past one */
  enter(
    levelId: string,
    path: readonly Point2[],
    speedMps = WALKING_SPEED_MPS,
    onArrival?: (nowMs: number) => void,
    gapM: number = PERSON_RADIUS_M + 0.05,
  ): string {
    const first = path[0]
    if (!this.#levels.has(levelId)) {
      throw wardError('WARD_ERR_LEVEL_UNKNOWN', {
        what: `the plan has no level ${levelId}`,
        where: 'people.enter',
      })
    }
    if (first === undefined || !(speedMps > 0)) {
      throw wardError('WARD_ERR_OPTION', {
        what: `a person needs a path and a speed above zero, got ${path.length} points and ${speedMps} m/s`,
        where: 'people.enter',
        remedy: 'Give at least one point.',
      })
    }
    this.#count += 1
    const id = `person-${this.#count}`
    const walker: Walker = {
      id,
      levelId,
      x: first.x,
      y: first.y,
      theta: 0,
      path,
      next: 1,
      speedMps,
      gapM,
      lastMovedMs: this.#nowMs,
      doors: [],
      onArrival: onArrival ?? null,
    }
    this.#walkers.set(id, walker)
    this.#beginLeg(walker)
    return id
  }

  /** Sends someone who is there along a new path, from where they stand. */
  sendAlong(id: string, path: readonly Point2[], onArrival?: (nowMs: number) => void): void {
    const walker = this.#walkers.get(id)
    if (walker === undefined) return
    walker.path = [{ x: walker.x, y: walker.y }, ...path]
    walker.next = 1
    walker.onArrival = onArrival ?? null
    this.#beginLeg(walker)
  }

  /** Someone who stands moves a hand, which infrared sensors see. */
  stir(id: string): void {
    const walker = this.#walkers.get(id)
    if (walker !== undefined) walker.lastMovedMs = this.#nowMs
  }

  remove(id: string): void {
    this.#walkers.delete(id)
  }

  all(): Person[] {
    return [...this.#walkers.values()].map(({ id, levelId, x, y, theta, lastMovedMs }) => ({
      id,
      levelId,
      x,
      y,
      theta,
      isMoving: this.#nowMs - lastMovedMs < MOVEMENT_HOLD_MS,
    }))
  }

  /** Both legs of everyone on a level, as the lidar meets them. */
  legs(levelId: string): Circle[] {
    const legs: Circle[] = []
    for (const { levelId: at, x, y, theta } of this.#walkers.values()) {
      if (at !== levelId) continue
      const ox = -Math.sin(theta) * LEG_OFFSET_M
      const oy = Math.cos(theta) * LEG_OFFSET_M
      legs.push(
        { x: x + ox, y: y + oy, radiusM: LEG_RADIUS_M },
        { x: x - ox, y: y - oy, radiusM: LEG_RADIUS_M },
      )
    }
    return legs
  }

  step(nowMs: number, stepMs: number, obstacles: () => readonly PersonObstacle[]): void {
    this.#nowMs = nowMs
    for (const walker of this.#walkers.values()) {
      if (walker.next < walker.path.length) this.#walk(walker, (walker.speedMps * stepMs) / 1000, obstacles())
    }
  }

  #walk(walker: Walker, stepM: number, obstacles: readonly PersonObstacle[]): void {
    const target = walker.path[walker.next]!
    const dx = target.x - walker.x
    const dy = target.y - walker.y
    const left = Math.hypot(dx, dy)
    for (const { index, at } of walker.doors) {
      const toDoor = left - at
      if (toDoor < -DOOR_REACH_M / 2 || toDoor > DOOR_REACH_M) continue
      this.#doors.request(index, this.#nowMs)
      // Waits for the leaf, unless already in the doorway.
      if (toDoor > 0 && toDoor < PERSON_RADIUS_M + 0.1 && this.#doors.openness(index) < 0.8) return
    }
    if (left <= stepM) {
      walker.x = target.x
      walker.y = target.y
      walker.lastMovedMs = this.#nowMs
      walker.next += 1
      this.#beginLeg(walker)
      return
    }
    const x = walker.x + (dx / left) * stepM
    const y = walker.y + (dy / left) * stepM
    for (const obstacle of obstacles) {
      if (obstacle.levelId !== walker.levelId) continue
      const gap = Math.hypot(obstacle.x - x, obstacle.y - y)
      const before = Math.hypot(obstacle.x - walker.x, obstacle.y - walker.y)
      if (gap < obstacle.radiusM + walker.gapM && gap < before) return
    }
    walker.x = x
    walker.y = y
    walker.lastMovedMs = this.#nowMs
  }

  #beginLeg(walker: Walker): void {
    const target = walker.path[walker.next]
    walker.doors = []
    if (target === undefined) {
      const { onArrival } = walker
      walker.onArrival = null
      onArrival?.(this.#nowMs)
      return
    }
    const length = Math.hypot(target.x - walker.x, target.y - walker.y)
    if (length === 0) return
    walker.theta = Math.atan2(target.y - walker.y, target.x - walker.x)
    for (const door of this.#levels.get(walker.levelId)!.doors) {
      const along = intersectSegments({ a: walker, b: target }, door)
      // By the way that is left when in the doorway, so that it needs no new reckoning while walking.
      if (along !== null) walker.doors.push({ index: this.#doors.indexOf(door.id), at: (1 - along) * length })
    }
  }
}
