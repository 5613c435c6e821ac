import { drivingMap } from '@wardlight/core/floor'
import { distance } from '@wardlight/core/geometry'
import { rosGrid, type RosOccupancyGrid } from '@wardlight/core/ros'
import { picturedPeople, type PicturedPerson } from '../world/camera.ts'
import type { DoorBank, DoorBody } from '../world/doors.ts'
import type { Clearance } from '../world/drive-body.ts'
import type { LevelScene } from '../world/level-scene.ts'
import type { Circle } from '../world/lidar.ts'
import { PERSON_RADIUS_M, type People } from '../world/people.ts'
import type { Robot } from '../world/robot.ts'
import type { SegmentIndex } from '../world/segment-index.ts'
import { Costmap } from './costmap.ts'
import { GuardBoard } from './guard-board.ts'
import type { RobotSurroundings } from './robot-node.ts'

/** Infrared sensors all around see this far, metres. */
const PERSON_SENSOR_RANGE_M = 8

/** What robots meet of the world: other bodies, maps made from the plan, and what their sensors reach. */
export class Surroundings implements RobotSurroundings {
  readonly doors: DoorBank
  readonly #scenes: ReadonlyMap<string, LevelScene>
  readonly #people: People
  readonly #robots: readonly Robot[]
  readonly #epochMs: () => number
  readonly #maps = new Map<string, RosOccupancyGrid>()
  readonly #costmaps = new Map<string, Costmap>()
  readonly #guards = new Map<string, GuardBoard>()

  constructor(
    scenes: ReadonlyMap<string, LevelScene>,
    doors: DoorBank,
    people: People,
    robots: readonly Robot[],
    epochMs: () => number,
  ) {
    this.#scenes = scenes
    this.doors = doors
    this.#people = people
    this.#robots = robots
    this.#epochMs = epochMs
  }

  scene(levelId: string): LevelScene {
    return this.#scenes.get(levelId)!
  }

  costmap(levelId: string, radiusM: number): Costmap {
    return cached(this.#costmaps, `${levelId}/${radiusM}`, () => new Costmap(this.#grid(levelId), radiusM))
  }

  guards(levelId: string): GuardBoard {
    return cached(this.#guards, levelId, () => new GuardBoard(this.scene(levelId).level, this.doors))
  }

  /** The map that the plan promises, for driving: glass and furniture up to the mast's height, doors open. */
  map(levelId: string): RosOccupancyGrid {
    return cached(this.#maps, levelId, () => rosGrid(this.#grid(levelId), this.#epochMs()))
  }

  bodies(levelId: string, exceptRobotId: string): Circle[] {
    const bodies: Circle[] = []
    for (const person of this.#people.all()) {
      if (person.levelId === levelId) bodies.push({ x: person.x, y: person.y, radiusM: PERSON_RADIUS_M })
    }
    return [...bodies, ...this.#otherRobots(levelId, exceptRobotId)]
  }

  allBodies(): DoorBody[] {
    return [
      ...this.#robots,
      ...this.#people.all().map(({ x, y, levelId }) => ({ x, y, levelId, radiusM: PERSON_RADIUS_M })),
    ]
  }

  lidarCircles(levelId: string, exceptRobotId: string): Circle[] {
    return [...this.#people.legs(levelId), ...this.#otherRobots(levelId, exceptRobotId)]
  }

  seesPerson(robot: Robot): boolean {
    for (const person of this.#people.all()) {
      if (person.levelId !== robot.levelId || !person.isMoving) continue
      if (distance(person, robot) > PERSON_SENSOR_RANGE_M) continue
      if (this.#isInSight(robot, person, this.scene(robot.levelId).sight)) return true
    }
    return false
  }

  picturedPeople(robot: Robot): PicturedPerson[] {
    const people = this.#people.all().filter(({ levelId }) => levelId === robot.levelId)
    const { view } = this.scene(robot.levelId)
    return picturedPeople(robot.body.pose, people, (person) => this.#isInSight(robot, person, view))
  }

  clearanceOf(robot: Robot): Clearance {
    return (x, y, limitM) => {
      let nearest = this.scene(robot.levelId).bodies.clearance(x, y, limitM)
      for (const body of this.bodies(robot.levelId, robot.id)) {
        nearest = Math.min(nearest, Math.hypot(body.x - x, body.y - y) - body.radiusM)
      }
      return nearest
    }
  }

  /** Any of three points over a person's breadth is enough. */
  #isInSight(robot: Robot, person: { x: number; y: number }, blocking: SegmentIndex): boolean {
    const dx = person.x - robot.x
    const dy = person.y - robot.y
    const length = Math.hypot(dx, dy)
    if (length < 1e-6) return true
    const sideX = (-dy / length) * PERSON_RADIUS_M * 0.8
    const sideY = (dx / length) * PERSON_RADIUS_M * 0.8
    return [0, 1, -1].some((side) =>
      blocking.isClear(robot.x, robot.y, person.x + side * sideX, person.y + side * sideY),
    )
  }

  #otherRobots(levelId: string, exceptRobotId: string): Circle[] {
    return this.#robots.filter((robot) => robot.levelId === levelId && robot.id !== exceptRobotId)
  }

  #grid(levelId: string) {
    return drivingMap(this.scene(levelId).level)
  }
}

function cached<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}
