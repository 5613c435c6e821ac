import type { Clock } from '@wardlight/core/clock'
import type { FastifyBaseLogger } from 'fastify'
import type { Building } from '../building/building.ts'
import type { Gate, Passage, PassageMap } from '../domain/traffic/passages.ts'
import type { TrafficGraph } from '../domain/traffic/traffic-graph.ts'

/** Longer nobody waits for a lift before another way is looked for, milliseconds: some rides of people. Proposed. */
export const LIFT_TIMEOUT_MS = 180_000
/** … and for a door: its leaf needs two seconds. Proposed. */
export const DOOR_TIMEOUT_MS = 30_000
/** A passage that did not come is not asked again for so long, milliseconds. Proposed. */
export const AVOIDED_MS = 300_000

/** A passage is asked for when a robot is so near to it, metres: a door opens while it comes. Proposed. */
const ASK_WITHIN_M = 4

/** A robot before a gate, or in it. */
export interface RobotAtGate {
  readonly id: string
  /** Where it says that it is. */
  readonly levelId: string
  /** The lift has brought it to a level, and it does not know. */
  readonly onArrived: (levelId: string) => void
}

interface Session {
  readonly passage: Passage
  readonly robotId: string
  levelId: string
  /** Since when what is asked has not come; `null`: it has. */
  waitingSinceMs: number | null
}

/**
 * Sessions with doors and lifts: one robot has a passage from when it is near until its claims on it are gone. Traffic
 * says who that is; here it is only asked, waited for, and given back.
 */
export class PassageSessions {
  readonly #building: Building
  readonly #clock: Clock
  readonly #log: FastifyBaseLogger
  readonly #map: PassageMap
  readonly #graph: TrafficGraph
  readonly #sessions = new Map<string, Session>()

  constructor(options: {
    building: Building
    map: PassageMap
    graph: TrafficGraph
    clock: Clock
    log: FastifyBaseLogger
  }) {
    this.#map = options.map
    this.#graph = options.graph
    this.#building = options.building
    this.#clock = options.clock
    this.#log = options.log
  }

  /**
   * How many of the next links a robot may be given, by doors and lifts; what it will need soon is asked for.
   *
   * @param links claimed and not yet given
   * @param aheadM what was given and is not driven, metres
   */
  openLinks(robot: RobotAtGate, links: readonly number[], aheadM: number): number {
    let farM = aheadM
    for (const [index, link] of links.entries()) {
      const gate = this.#map.gateOf(link)
      if (gate !== null) {
        if (farM > ASK_WITHIN_M) return index
        // It rides only from within, once it knows on which level it then is.
        if (gate.isRide && (index > 0 || aheadM > 0)) return index
        if (!this.#ask(robot.id, gate)) return index
        if (gate.isRide && robot.levelId !== gate.levelId) {
          robot.onArrived(gate.levelId)
          return index
        }
      }
      farM += this.#graph.links[link]!.lengthM
    }
    return links.length
  }

  /** Whether a place is in a passage. */
  isIn(place: number, passage: Passage): boolean {
    return this.placesOf(passage).includes(place)
  }

  placesOf(passage: Passage): number[] {
    return this.#map.placesOf(passage)
  }

  /** Asks for a gate, or goes on asking. @returns whether it is open for this robot now */
  #ask(robotId: string, { passage, levelId }: Gate): boolean {
    const key = keyOf(passage)
    const known = this.#sessions.get(key)
    if (known !== undefined && known.robotId !== robotId) return false
    const nowMs = this.#clock.epochMs()
    const session = known ?? { passage, robotId, levelId, waitingSinceMs: nowMs }
    if (known === undefined) this.#log.debug({ robotId, passage }, 'A robot asks for a passage')
    if (session.levelId !== levelId) Object.assign(session, { levelId, waitingSinceMs: nowMs })
    this.#sessions.set(key, session)
    this.#request(session)
    const isOpen = this.#isOpen(session)
    session.waitingSinceMs = isOpen ? null : (session.waitingSinceMs ?? nowMs)
    return isOpen
  }

  /** Asks again for all that is still meant, and gives back what is not. @param isToPass whether a robot is at one of these places, or will be */
  tend(isToPass: (robotId: string, places: readonly number[]) => boolean): void {
    for (const [key, session] of this.#sessions) {
      const { passage, robotId } = session
      if (isToPass(robotId, this.placesOf(passage))) this.#request(session)
      else {
        if (passage.kind === 'lift') this.#building.releaseLift(passage.id, robotId)
        else this.#building.releaseDoor(passage.id, robotId)
        this.#sessions.delete(key)
      }
    }
  }

  /** What a robot waits for, in words, and whether it has waited too long. */
  waitOf(
    robotId: string,
  ): { readonly passage: Passage; readonly words: string; readonly isTooLong: boolean } | null {
    for (const { passage, robotId: owner, levelId, waitingSinceMs } of this.#sessions.values()) {
      if (owner !== robotId || waitingSinceMs === null) continue
      const waitedMs = this.#clock.epochMs() - waitingSinceMs
      const mode = passage.kind === 'lift' ? this.#building.liftState(passage.id)?.mode : undefined
      const why =
        mode === 'human' ? ', which people have' : mode === 'outOfService' ? ', which is out of service' : ''
      return {
        passage,
        words:
          passage.kind === 'lift'
            ? `waits for ${passage.name} at ${levelId}${why}`
            : `waits until ${passage.name} is open`,
        isTooLong: waitedMs > (passage.kind === 'lift' ? LIFT_TIMEOUT_MS : DOOR_TIMEOUT_MS),
      }
    }
    return null
  }

  #request({ passage, robotId, levelId }: Session): void {
    if (passage.kind === 'lift') this.#building.requestLift(passage.id, robotId, levelId)
    else this.#building.requestDoor(passage.id, robotId)
  }

  #isOpen({ passage, robotId, levelId }: Session): boolean {
    if (passage.kind === 'door') return this.#building.doorState(passage.id) === 'open'
    const state = this.#building.liftState(passage.id)
    return (
      state !== null &&
      state.mode === 'agv' &&
      state.sessionId === robotId &&
      state.levelId === levelId &&
      !state.isMoving &&
      state.doors === 'open'
    )
  }
}

function keyOf({ kind, id }: Passage): string {
  return `${kind} ${id}`
}
