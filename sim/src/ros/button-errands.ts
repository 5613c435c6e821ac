import { distance, isInsidePolygon, type Point2 } from '@wardlight/core/geometry'
import { entryDoor, midpoint, roomAt, type FloorPlan, type Level, type Room } from '@wardlight/core/floor'
import { SIDEWAYS_RADIUS_M, WALKING_SPEED_MPS, type People } from '../world/people.ts'
import type { Robot } from '../world/robot.ts'
import { pathThroughDoor, placeBehindDoor } from '../world/room-entry.ts'
import { planPath } from './path-planner.ts'
import type { Surroundings } from './surroundings.ts'

/** Between a body and the robot while the button is pressed, metres: less would be walking into it. */
const ARM_LENGTHS_M = [0.2, 0.35, 0.5] as const
/** A costmap adds to it what a robot's localisation is off by, and half a cell: people know where they are. */
const COSTMAP_RADIUS_M = SIDEWAYS_RADIUS_M - 0.05
/** Where furniture stands before a door, people come from a place so near to it, metres. */
const OUTSIDE_WITHIN_M = 1
/** Somebody who has not moved for so long stands before something that is in their way. */
const HELD_UP_MS = 1500

interface Errand {
  readonly robot: Robot
  readonly personId: string
  readonly press: (durationMs: number) => void
  readonly durationMs: number
  /** Beyond the door that they came by; `null` for somebody who came from nowhere. */
  readonly outside: Point2 | null
  /** Where they walk to now. */
  goal: { readonly place: Point2; readonly onArrival: () => void } | null
  hasPressed: boolean
  /** They let go of the button then; `null` before they press it, and after. */
  letsGoMs: number | null
  last: Point2
  movedMs: number
}

/**
 * People who come to a robot to press its arming button, as its checklist has it: in by the door, a look behind every
 * other door of the room, the button, and out again. All that time they are there, for every sensor to see. A robot that
 * waits just inside the door leaves them a gap: they turn sideways.
 */
export class ButtonErrands {
  readonly #plan: FloorPlan
  readonly #people: People
  readonly #surroundings: Surroundings
  readonly #robots: readonly Robot[]
  readonly #errands = new Set<Errand>()
  #nowMs = 0

  constructor(plan: FloorPlan, people: People, surroundings: Surroundings, robots: readonly Robot[]) {
    this.#plan = plan
    this.#people = people
    this.#surroundings = surroundings
    this.#robots = robots
  }

  /** Whether somebody is on the way to the robot's button, or on the way out again. */
  isUnderWay(robot: Robot): boolean {
    return [...this.#errands].some((errand) => errand.robot === robot)
  }

  /** @param press holds the button down for so long, from now */
  send(robot: Robot, durationMs: number, press: (durationMs: number) => void): void {
    if ([...this.#errands].some((errand) => errand.robot === robot && !errand.hasPressed)) return
    const level = this.#levelOf(robot)
    const room = roomAt(level, robot)
    const entry = room === null ? null : entryDoor(level, room)
    const outside = room === null || entry === null ? null : this.#outsideOf(room, robot.levelId)
    const begin = outside ?? this.#placesAround(robot)[0]!
    const errand: Errand = {
      robot,
      personId: this.#people.enter(robot.levelId, [begin], WALKING_SPEED_MPS, undefined, SIDEWAYS_RADIUS_M),
      press,
      durationMs,
      outside,
      goal: null,
      hasPressed: false,
      letsGoMs: null,
      last: begin,
      movedMs: this.#nowMs,
    }
    this.#errands.add(errand)
    if (room === null || entry === null) {
      this.#pressNow(errand)
      return
    }
    const doors = level.doors.filter(({ id }) => id !== entry.id && room.doorIds.includes(id))
    const lookBehindNext = () => {
      const door = doors.shift()
      if (door === undefined) {
        this.#goToRobot(errand, midpoint(entry))
        return
      }
      const isOnTheWay = this.#walk(errand, placeBehindDoor(room, door), () => {
        const { doors: bank } = this.#surroundings
        bank.request(bank.indexOf(door.id), this.#nowMs)
        lookBehindNext()
      })
      if (!isOnTheWay) lookBehindNext()
    }
    lookBehindNext()
  }

  step(nowMs: number): void {
    this.#nowMs = nowMs
    for (const errand of this.#errands) {
      const person = this.#people.all().find(({ id }) => id === errand.personId)
      if (person === undefined) {
        this.#errands.delete(errand)
        continue
      }
      if (distance(person, errand.last) > 0.001) {
        errand.last = person
        errand.movedMs = nowMs
      }
      if (errand.letsGoMs !== null && nowMs >= errand.letsGoMs) {
        errand.letsGoMs = null
        this.#leave(errand)
      } else if (errand.goal !== null && nowMs - errand.movedMs > HELD_UP_MS) this.#goRound(errand)
    }
  }

  /** Somebody or something came in the way: who is within reach of the button presses it, others look for another way. */
  #goRound(errand: Errand): void {
    const { robot, goal } = errand
    const reachM = robot.radiusM + SIDEWAYS_RADIUS_M + ARM_LENGTHS_M.at(-1)!
    errand.movedMs = this.#nowMs
    if (!errand.hasPressed && distance(errand.last, robot) <= reachM) this.#pressNow(errand)
    else if (goal !== null) this.#walk(errand, goal.place, goal.onArrival)
  }

  #goToRobot(errand: Errand, doorway: Point2): void {
    const from = this.#placeOf(errand)
    const places = this.#placesAround(errand.robot).toSorted((a, b) => distance(a, from) - distance(b, from))
    const pressNow = () => this.#pressNow(errand)
    if (places.some((place) => this.#walk(errand, place, pressNow))) return
    // It leaves no gap: they reach for it from the doorway.
    errand.goal = { place: doorway, onArrival: pressNow }
    this.#people.sendAlong(errand.personId, [doorway], pressNow)
  }

  #pressNow(errand: Errand): void {
    errand.goal = null
    errand.hasPressed = true
    errand.letsGoMs = this.#nowMs + errand.durationMs
    this.#people.stir(errand.personId)
    errand.press(errand.durationMs)
  }

  #leave(errand: Errand): void {
    const end = () => {
      this.#people.remove(errand.personId)
      this.#errands.delete(errand)
    }
    if (errand.outside === null || !this.#walk(errand, errand.outside, end)) end()
  }

  /** @returns whether there is a way */
  #walk(errand: Errand, place: Point2, onArrival: () => void): boolean {
    const costmap = this.#surroundings.costmap(errand.robot.levelId, COSTMAP_RADIUS_M)
    const others = this.#robots.filter(({ levelId }) => levelId === errand.robot.levelId)
    costmap.setSeen(others.flatMap(rimOf))
    const way = planPath(costmap, this.#placeOf(errand), place)
    costmap.setSeen([])
    if (!('path' in way)) return false
    errand.goal = { place, onArrival }
    this.#people.sendAlong(errand.personId, way.path.slice(1), onArrival)
    return true
  }

  /** A free place before the door that people come by. */
  #outsideOf({ id }: Room, levelId: string): Point2 {
    const place = pathThroughDoor(this.#plan, id).path[0]!
    const costmap = this.#surroundings.costmap(levelId, COSTMAP_RADIUS_M)
    const free = costmap.nearestFree(place, OUTSIDE_WITHIN_M)
    return free === null ? place : costmap.centreOf(free)
  }

  #levelOf({ levelId }: Robot): Level {
    return this.#plan.levels.find(({ id }) => id === levelId)!
  }

  #placeOf({ personId, last }: Errand): Point2 {
    return this.#people.all().find(({ id }) => id === personId) ?? last
  }

  /** Where a person fits before the robot, in its room; one that does not fit where there is no other. */
  #placesAround(robot: Robot): Point2[] {
    const costmap = this.#surroundings.costmap(robot.levelId, COSTMAP_RADIUS_M)
    const places = ARM_LENGTHS_M.flatMap((armM) =>
      Array.from({ length: 16 }, (_, turn) =>
        around(robot, robot.radiusM + SIDEWAYS_RADIUS_M + armM, (turn * Math.PI) / 8),
      ),
    )
    const { polygon } = roomAt(this.#levelOf(robot), robot) ?? {}
    const free = places.filter(
      (place) =>
        costmap.distanceAt(place) > SIDEWAYS_RADIUS_M &&
        // Through the door is no way to a button.
        (polygon === undefined || isInsidePolygon(place, polygon)),
    )
    return free.length > 0 ? free : places
  }
}

function around({ x, y }: Point2, radiusM: number, angle: number): Point2 {
  return { x: x + radiusM * Math.cos(angle), y: y + radiusM * Math.sin(angle) }
}

function rimOf(robot: Robot): Point2[] {
  return Array.from({ length: 12 }, (_, turn) => around(robot, robot.radiusM, (turn * Math.PI) / 6))
}
