import { randomUUID } from 'node:crypto'
import { wardError } from '@wardlight/core/errors'
import {
  ROBOT_ACTION_TYPES,
  type PlaceSearchRequest,
  type PlaceSearchView,
  type RobotView,
  type User,
} from '@wardlight/core/fleet'
import type { ActionParameter, State } from '@wardlight/core/vda5050'
import type { Commands } from '../robots/commands.ts'
import type { RobotRegistry } from '../robots/robot-registry.ts'
import type { FloorIndex, PlacedRoom } from './floor-index.ts'

/** A robot that is asked says so in its next states, milliseconds. Proposed. */
const HEARD_WITHIN_MS = 10_000

/**
 * Robots that have lost their place look for it where somebody sees them: the robot compares its lidar with its map in
 * that room, and says what it found.
 */
export class PlaceSearches {
  readonly #registry: RobotRegistry
  readonly #floor: FloorIndex
  readonly #commands: Commands
  readonly #now: () => Date
  /** The newest of each robot, by robot. */
  readonly #open = new Map<string, { readonly actionId: string; readonly view: PlaceSearchView }>()

  constructor(options: { registry: RobotRegistry; floor: FloorIndex; commands: Commands; now: () => Date }) {
    this.#registry = options.registry
    this.#floor = options.floor
    this.#commands = options.commands
    this.#now = options.now
  }

  /** @throws WARD_ERR_NOT_FOUND, WARD_ERR_ROOM_UNKNOWN, WARD_ERR_VALIDATION, WARD_ERR_CONFLICT, and as `sendInstantAction` */
  async begin(robotId: string, { roomId, facesDoorId }: PlaceSearchRequest, by: User): Promise<RobotView> {
    const robot = this.#registry.view(robotId)
    if (robot === undefined) {
      throw wardError('WARD_ERR_NOT_FOUND', { what: `There is no robot ${robotId}`, where: 'robotId' })
    }
    const placed = this.#floor.room(roomId)
    if (this.#registry.actionTypes(robotId)?.has(ROBOT_ACTION_TYPES.findPosition) !== true) {
      throw wardError('WARD_ERR_CONFLICT', {
        what: `Robot ${robotId} cannot look for its place: its factsheet does not name ${ROBOT_ACTION_TYPES.findPosition}`,
        where: 'robotId',
        remedy: 'Set its place by its own means, or push it to where it was started.',
      })
    }
    const parameters: ActionParameter[] = [
      { key: 'mapId', value: placed.level.id },
      { key: 'area', value: placed.room.polygon.map(({ x, y }) => ({ x, y })) },
      ...facing(placed, facesDoorId),
    ]
    const actionId = randomUUID()
    await this.#commands.sendInstantAction(robotId, {
      actionType: ROBOT_ACTION_TYPES.findPosition,
      actionId,
      parameters,
    })
    this.#show(robotId, actionId, {
      roomId,
      by: by.displayName,
      at: this.#now().toISOString(),
      state: 'searching',
      problem: null,
    })
    return this.#registry.view(robotId)!
  }

  onState(robotId: string, { instantActionStates }: State): void {
    const open = this.#open.get(robotId)
    if (open === undefined || open.view.state !== 'searching') return
    const told = instantActionStates.find(({ actionId }) => actionId === open.actionId)
    if (told?.actionStatus === 'FINISHED') {
      this.#show(robotId, open.actionId, { ...open.view, state: 'found' })
    } else if (told?.actionStatus === 'FAILED') {
      this.#fail(robotId, told.actionResult ?? 'it does not say why')
    } else if (told === undefined && this.#now().getTime() - Date.parse(open.view.at) > HEARD_WITHIN_MS) {
      // It was started again, or never heard of it.
      this.#fail(robotId, 'the robot knows nothing of it: ask it again')
    }
  }

  #fail(robotId: string, problem: string): void {
    const { actionId, view } = this.#open.get(robotId)!
    this.#show(robotId, actionId, { ...view, state: 'failed', problem })
  }

  #show(robotId: string, actionId: string, view: PlaceSearchView): void {
    this.#open.set(robotId, { actionId, view })
    this.#registry.setPlaceSearch(robotId, view)
  }
}

function facing({ level, room }: PlacedRoom, doorId: string | undefined): ActionParameter[] {
  if (doorId === undefined) return []
  const door = level.doors.find(({ id }) => id === doorId && room.doorIds.includes(id))
  if (door === undefined) {
    throw wardError('WARD_ERR_VALIDATION', {
      what: `${room.name} has no door ${JSON.stringify(doorId)}`,
      where: 'facesDoorId',
      remedy: `Choose one of ${room.doorIds.join(', ')}, or leave it out.`,
    })
  }
  const { a, b } = door
  return [{ key: 'faces', value: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 } }]
}
