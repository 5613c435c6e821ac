import type { Surface } from '@wardlight/core/disinfection'
import { wardError } from '@wardlight/core/errors'
import { boundsOf, distance, polygonEdges, type Bounds2, type Pose2 } from '@wardlight/core/geometry'
import { roomAt, type FloorPlan, type Room } from '@wardlight/core/floor'
import type { DoorBank } from './doors.ts'
import type { LevelScene } from './level-scene.ts'
import { irradianceOn, shadingWalls, type Cylinder, type LightBlockers } from './light.ts'
import { PERSON_HEIGHT_M, PERSON_RADIUS_M, type People } from './people.ts'
import { ROBOT_HEIGHT_M } from './level-scene.ts'
import type { Robot } from './robot.ts'

/** A lamp that moved less than this lights as before, metres. */
const SAME_POSE_M = 0.01
const SAME_POSE_RAD = 0.02

export interface TruthEvent {
  /** Simulated milliseconds, monotonic. */
  readonly atMs: number
  readonly kind:
    | 'lamp.lit'
    | 'lamp.dark'
    | 'hazard.began'
    | 'door.opened'
    | 'door.shut'
    | 'person.entered'
    | 'person.left'
  /** The robot, door or person that it is about. */
  readonly subject: string
  /** For `hazard.began` what it is: `person`, `door`, `emergencyStop`; for a person the room. */
  readonly detail: string | null
}

interface Watch {
  readonly room: Room
  readonly scene: LevelScene
  readonly bounds: Bounds2
  readonly keys: Map<string, number>
  readonly surfaces: Surface[]
  doses: number[]
}

interface Light {
  pose: Pose2
  key: string
  field: Float64Array
}

interface RobotTruth {
  readonly robot: Robot
  room: Room | null
  roomPose: Pose2 | null
  roomLevelId: string
  wasLit: boolean
  hazardSinceMs: number | null
  /** Full-output seconds not yet turned into dose. */
  pendingS: number
  readonly light: Map<string, Light>
}

/**
 * What really happened, whatever a robot believes: the dose that reached each surface, and how long
 * a lamp stayed lit after it had become dangerous.
 *
 * Light is reckoned in the room in which a robot truly stands.
 */
export class Truth {
  readonly #plan: FloorPlan
  readonly #scenes: ReadonlyMap<string, LevelScene>
  readonly #doors: DoorBank
  readonly #people: People
  readonly #robots: readonly RobotTruth[]
  readonly #watches = new Map<string, Watch>()
  readonly #events: TruthEvent[] = []
  readonly #openDoors = new Set<number>()
  readonly #roomOfPerson = new Map<string, string | null>()
  #doorVersion = 0
  #worstMs: number | null = null
  #nowMs = 0

  constructor(
    plan: FloorPlan,
    scenes: ReadonlyMap<string, LevelScene>,
    doors: DoorBank,
    people: People,
    robots: readonly Robot[],
  ) {
    this.#plan = plan
    this.#scenes = scenes
    this.#doors = doors
    this.#people = people
    this.#robots = robots.map((robot) => ({
      robot,
      room: null,
      roomPose: null,
      roomLevelId: '',
      wasLit: false,
      hazardSinceMs: null,
      pendingS: 0,
      light: new Map(),
    }))
  }

  /** In the order in which they happened. */
  get events(): readonly TruthEvent[] {
    return this.#events
  }

  /**
   * The worst simulated time from the begin of a hazard (a person in the lit room, a door of it not
   * fully shut, the hard emergency stop pressed) to the lamp dark; `null` when there was none. A
   * hazard that still goes on counts up to now.
   */
  get lampOffLatencyMs(): number | null {
    let worst = this.#worstMs
    for (const { hazardSinceMs } of this.#robots) {
      if (hazardSinceMs !== null) worst = Math.max(worst ?? 0, this.#nowMs - hazardSinceMs)
    }
    return worst
  }

  /** Begins to add up what reaches these surfaces; light from before is not counted. */
  watch(roomId: string, surfaces: readonly Surface[]): void {
    let watch = this.#watches.get(roomId)
    if (watch === undefined) {
      watch = this.#newWatch(roomId)
      this.#watches.set(roomId, watch)
    }
    this.#settle()
    for (const surface of surfaces) {
      const key = keyOf(surface)
      if (watch.keys.has(key)) continue
      watch.keys.set(key, watch.surfaces.length)
      watch.surfaces.push(surface)
      watch.doses.push(0)
    }
    for (const { light } of this.#robots) light.delete(roomId)
  }

  /** The dose that has reached each of these surfaces since it was watched, mJ/cm². */
  doseMjPerCm2(roomId: string, surfaces: readonly Surface[]): number[] {
    this.#settle()
    const watch = this.#watches.get(roomId)
    return surfaces.map((surface) => {
      const index = watch?.keys.get(keyOf(surface))
      if (watch === undefined || index === undefined) {
        throw wardError('WARD_ERR_NOT_FOUND', {
          what: `surface ${surface.id} of ${roomId} is not watched`,
          where: 'truth.doseMjPerCm2',
          remedy: 'Call truth.watch with it before the lamp is lit.',
        })
      }
      return watch.doses[index]!
    })
  }

  /** After bodies, doors and people moved, before anyone is told: what has become dangerous now. */
  observe(nowMs: number): void {
    this.#nowMs = nowMs
    this.#observeDoors()
    this.#observePeople()
    for (const truth of this.#robots) {
      const { robot } = truth
      if (!robot.lamp.isLit) continue
      if (truth.hazardSinceMs !== null) continue
      const hazard = this.#hazardOf(truth)
      if (hazard === null) continue
      truth.hazardSinceMs = nowMs
      this.#log('hazard.began', robot.id, hazard)
    }
  }

  /** A lamp changed, at any time between steps too. */
  lampChanged(robot: Robot, nowMs: number): void {
    const truth = this.#robots.find((candidate) => candidate.robot === robot)!
    if (robot.lamp.isLit === truth.wasLit) return
    this.#nowMs = nowMs
    truth.wasLit = robot.lamp.isLit
    this.#log(truth.wasLit ? 'lamp.lit' : 'lamp.dark', robot.id, this.#roomOf(truth)?.id ?? null)
    if (truth.wasLit || truth.hazardSinceMs === null) return
    this.#worstMs = Math.max(this.#worstMs ?? 0, nowMs - truth.hazardSinceMs)
    truth.hazardSinceMs = null
  }

  /** Adds the light of one step. Every tenth call turns it into dose. */
  shine(stepMs: number, isTenth: boolean): void {
    for (const truth of this.#robots) {
      if (truth.robot.lamp.isLit) truth.pendingS += (truth.robot.lamp.warmth * stepMs) / 1000
    }
    if (isTenth) this.#settle()
  }

  #settle(): void {
    for (const truth of this.#robots) {
      if (truth.pendingS === 0) continue
      const seconds = truth.pendingS
      truth.pendingS = 0
      const room = this.#roomOf(truth)
      const watch = room === null ? undefined : this.#watches.get(room.id)
      if (watch === undefined) continue
      const field = this.#fieldOf(truth, watch)
      // µW/cm² times seconds is µJ/cm².
      for (let index = 0; index < field.length; index += 1)
        watch.doses[index]! += (field[index]! * seconds) / 1000
    }
  }

  #fieldOf(truth: RobotTruth, watch: Watch): Float64Array {
    const { robot } = truth
    const { pose } = robot.body
    const cylinders = this.#cylindersIn(watch, robot)
    const key = JSON.stringify([
      watch.scene.version,
      robot.lamp.health,
      watch.room.doorIds.map((id) => this.#doors.openness(this.#doors.indexOf(id))),
      cylinders.map(({ x, y }) => [Math.round(x * 50), Math.round(y * 50)]),
    ])
    const known = truth.light.get(watch.room.id)
    if (
      known !== undefined &&
      known.key === key &&
      distance(known.pose, pose) < SAME_POSE_M &&
      Math.abs(known.pose.theta - pose.theta) < SAME_POSE_RAD
    ) {
      return known.field
    }
    const field = irradianceOn(watch.surfaces, robot.lamp.model, pose, robot.lamp.health, {
      ...this.#fixedBlockers(watch),
      cylinders,
    })
    truth.light.set(watch.room.id, { pose, key, field })
    return field
  }

  #cylindersIn({ scene, bounds }: Watch, lit: Robot): Cylinder[] {
    const levelId = scene.level.id
    const people = this.#people
      .all()
      .filter((person) => person.levelId === levelId)
      .map(({ x, y }) => ({ x, y, radiusM: PERSON_RADIUS_M, zMaxM: PERSON_HEIGHT_M }))
    const robots = this.#robots
      .filter(({ robot }) => robot !== lit && robot.levelId === levelId)
      .map(({ robot: { x, y, radiusM } }) => ({ x, y, radiusM, zMaxM: ROBOT_HEIGHT_M }))
    return [...people, ...robots].filter(
      ({ x, y, radiusM: r }) =>
        x > bounds.minX - r && x < bounds.maxX + r && y > bounds.minY - r && y < bounds.maxY + r,
    )
  }

  #fixedBlockers({ scene, bounds, room }: Watch): Omit<LightBlockers, 'cylinders'> {
    const { level } = scene
    const leaves = room.doorIds.flatMap((id) => this.#doors.leavesOf(this.#doors.indexOf(id)))
    // A scanned map draws no walls: there the room's own outline is the wall.
    const walls = level.occupancy === null ? level.walls : polygonEdges(room.polygon)
    return {
      walls: shadingWalls(room.polygon, [...walls, ...leaves]),
      prisms: scene.furniture.filter(({ footprint }) => {
        const box = boundsOf(footprint)
        return (
          box.maxX > bounds.minX && box.minX < bounds.maxX && box.maxY > bounds.minY && box.minY < bounds.maxY
        )
      }),
    }
  }

  #hazardOf(truth: RobotTruth): string | null {
    if (truth.robot.isEmergencyPressed) return 'emergencyStop'
    const room = this.#roomOf(truth)
    if (room === null) return null
    if (room.doorIds.some((id) => this.#doors.openness(this.#doors.indexOf(id)) > 0)) return 'door'
    const { levelId } = truth.robot
    return this.#people
      .all()
      .some((person) => person.levelId === levelId && this.#roomOfPerson.get(person.id) === room.id)
      ? 'person'
      : null
  }

  #roomOf(truth: RobotTruth): Room | null {
    const { robot } = truth
    const { pose } = robot.body
    if (
      truth.roomPose === null ||
      truth.roomLevelId !== robot.levelId ||
      distance(truth.roomPose, pose) > SAME_POSE_M
    ) {
      const level = this.#plan.levels.find(({ id }) => id === robot.levelId)
      // A hall's outline goes around the rooms in its middle, too.
      truth.room = level === undefined ? null : roomAt(level, pose)
      truth.roomPose = pose
      truth.roomLevelId = robot.levelId
    }
    return truth.room
  }

  #observeDoors(): void {
    if (this.#doors.version === this.#doorVersion) return
    this.#doorVersion = this.#doors.version
    for (let index = 0; index < this.#doors.count; index += 1) {
      const isOpen = this.#doors.openness(index) > 0
      if (isOpen === this.#openDoors.has(index)) continue
      if (isOpen) this.#openDoors.add(index)
      else this.#openDoors.delete(index)
      this.#log(isOpen ? 'door.opened' : 'door.shut', this.#doors.door(index).id, null)
    }
  }

  #observePeople(): void {
    const people = this.#people.all()
    if (people.length === 0 && this.#roomOfPerson.size === 0) return
    const present = new Set<string>()
    for (const person of people) {
      present.add(person.id)
      const before = this.#roomOfPerson.get(person.id) ?? null
      if (!person.isMoving && this.#roomOfPerson.has(person.id)) continue
      const { level } = this.#scenes.get(person.levelId)!
      const room = roomAt(level, person)
      this.#roomOfPerson.set(person.id, room?.id ?? null)
      if ((room?.id ?? null) === before) continue
      if (before !== null) this.#log('person.left', person.id, before)
      if (room !== null) this.#log('person.entered', person.id, room.id)
    }
    for (const [id, roomId] of this.#roomOfPerson) {
      if (present.has(id)) continue
      this.#roomOfPerson.delete(id)
      if (roomId !== null) this.#log('person.left', id, roomId)
    }
  }

  #newWatch(roomId: string): Watch {
    for (const level of this.#plan.levels) {
      const room = level.rooms.find(({ id }) => id === roomId)
      if (room === undefined) continue
      return {
        room,
        scene: this.#scenes.get(level.id)!,
        bounds: boundsOf(room.polygon),
        keys: new Map(),
        surfaces: [],
        doses: [],
      }
    }
    throw wardError('WARD_ERR_ROOM_UNKNOWN', { what: `the plan has no room ${roomId}`, where: 'truth.watch' })
  }

  #log(kind: TruthEvent['kind'], subject: string, detail: string | null): void {
    this.#events.push({ atMs: this.#nowMs, kind, subject, detail })
  }
}

/** Ids repeat between divisions of one room into coarser and finer surfaces; with the place they do not. */
function keyOf({ id, centre: { x, y, z } }: Surface): string {
  return `${id}@${x},${y},${z}`
}
