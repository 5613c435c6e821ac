import { MAP_FORMAT_KEY, ROBOT_ACTION_TYPES } from '@wardlight/core/fleet'
import { LEVEL_MAP_FORMAT } from '@wardlight/core/floor'
import type { ActionParameter, State } from '@wardlight/core/vda5050'
import type { FastifyBaseLogger } from 'fastify'
import { nextMapStep, retryWaitMs, type MapStep } from '../domain/map-steps.ts'
import { mayBeInstructed } from '../domain/robot-state.ts'
import type { Commands } from '../robots/commands.ts'
import type { RobotRegistry } from '../robots/robot-registry.ts'
import type { FloorIndex } from './floor-index.ts'
import type { Ledger } from './ledger.ts'
import type { RobotFiles } from './robot-files.ts'

/** So long a robot may take, milliseconds: ours gives up on a file after one minute. Proposed. */
const ANSWERS_WITHIN_MS = 300_000

interface RobotBook {
  asked: { readonly step: MapStep; readonly actionId: string; readonly atMs: number } | null
  /** By step: how often in a row it failed, and until when it is left. */
  readonly failed: Map<string, { readonly times: number; readonly untilMs: number }>
}

/**
 * Has robots that take our maps keep those of the plan: one thing at a time, and only while they have nothing else to do. Of
 * what a robot has, its state is the only word; after a restart of the server it says it again.
 */
export class MapDistribution {
  readonly #floor: FloorIndex
  readonly #registry: RobotRegistry
  readonly #ledger: Ledger
  readonly #commands: Commands
  readonly #files: RobotFiles
  readonly #nowMs: () => number
  readonly #log: FastifyBaseLogger
  readonly #books = new Map<string, RobotBook>()

  constructor(options: {
    floor: FloorIndex
    registry: RobotRegistry
    ledger: Ledger
    commands: Commands
    files: RobotFiles
    /** The wall clock's: files and networks know no other. */
    nowMs: () => number
    log: FastifyBaseLogger
  }) {
    this.#floor = options.floor
    this.#registry = options.registry
    this.#ledger = options.ledger
    this.#commands = options.commands
    this.#files = options.files
    this.#nowMs = options.nowMs
    this.#log = options.log
  }

  /** Called with each state of a robot, when the registry has it. */
  onState(robotId: string, state: State): void {
    if (!this.#registry.takesMaps(robotId) || !this.#registry.isOnline(robotId)) return
    const book = this.#book(robotId)
    if (this.#isAnswerAwaited(robotId, book, state) || !this.#isFree(robotId)) return
    const step = nextMapStep(state.maps ?? [], this.#wanted(state))
    if (step === null || !mayBeInstructed(state.operatingMode, step.actionType)) return
    const nowMs = this.#nowMs()
    if (nowMs < (book.failed.get(keyOf(step))?.untilMs ?? -Infinity)) return
    const parameters = this.#parameters(step)
    if (parameters === null) return
    const actionId = `${step.mapId}.${step.mapVersion}.${step.actionType}.${nowMs}`
    book.asked = { step, actionId, atMs: nowMs }
    this.#commands
      .sendInstantAction(robotId, { actionType: step.actionType, actionId, parameters })
      .catch((error: unknown) => this.#fail(robotId, book, String(error)))
  }

  /** Of each level that it says it can be on, and the plan has. */
  #wanted({ maps = [], mobileRobotPosition }: State): Map<string, string> {
    const levelIds = new Set(maps.map(({ mapId }) => mapId))
    if (mobileRobotPosition !== undefined) levelIds.add(mobileRobotPosition.mapId)
    return new Map(
      [...levelIds]
        .filter((levelId) => this.#floor.hasLevel(levelId))
        .map((levelId) => [levelId, this.#files.map(levelId).mapVersion]),
    )
  }

  #isFree(robotId: string): boolean {
    return (
      this.#registry.isIdle(robotId) &&
      this.#ledger.runningOnRobot(robotId) === undefined &&
      !this.#ledger.isSentHome(robotId)
    )
  }

  #isAnswerAwaited(robotId: string, book: RobotBook, { maps = [], instantActionStates }: State): boolean {
    if (book.asked === null) return false
    const { step, actionId, atMs } = book.asked
    const told = instantActionStates.find((action) => action.actionId === actionId)
    switch (told?.actionStatus) {
      case 'FINISHED':
        book.asked = null
        // What it says that it did and its maps do not show is no success; else it would be asked on and on.
        if (isStepDone(step, maps)) book.failed.delete(keyOf(step))
        else this.#note(robotId, book, step, 'its state does not show it')
        return false
      case 'FAILED':
        this.#fail(robotId, book, told.actionResult ?? 'it does not say why')
        return false
      default:
        if (this.#nowMs() - atMs < ANSWERS_WITHIN_MS) return true
        this.#fail(robotId, book, `no answer within ${ANSWERS_WITHIN_MS / 1000} s`)
        return false
    }
  }

  #fail(robotId: string, book: RobotBook, why: string): void {
    if (book.asked === null) return
    const { step } = book.asked
    book.asked = null
    this.#note(robotId, book, step, why)
  }

  #note(robotId: string, book: RobotBook, step: MapStep, why: string): void {
    const times = (book.failed.get(keyOf(step))?.times ?? 0) + 1
    const waitMs = retryWaitMs(times)
    book.failed.set(keyOf(step), { times, untilMs: this.#nowMs() + waitMs })
    this.#log.warn({ robotId, ...step, why, times, waitS: waitMs / 1000 }, 'A robot does not get its map')
  }

  /** `null`: nobody knows where robots reach this server. */
  #parameters({ actionType, mapId, mapVersion }: MapStep): ActionParameter[] | null {
    const named = [
      { key: 'mapId', value: mapId },
      { key: 'mapVersion', value: mapVersion },
    ]
    if (actionType !== ROBOT_ACTION_TYPES.downloadMap) return named
    const link = this.#files.mapLink(mapId)
    if (link === null) return null
    return [
      ...named,
      { key: 'mapDownloadLink', value: link },
      { key: 'mapHash', value: this.#files.map(mapId).sha256 },
      { key: MAP_FORMAT_KEY, value: LEVEL_MAP_FORMAT },
    ]
  }

  #book(robotId: string): RobotBook {
    const known = this.#books.get(robotId)
    if (known !== undefined) return known
    const book: RobotBook = { asked: null, failed: new Map() }
    this.#books.set(robotId, book)
    return book
  }
}

function isStepDone({ actionType, mapId, mapVersion }: MapStep, maps: NonNullable<State['maps']>): boolean {
  const map = maps.find((each) => each.mapId === mapId && each.mapVersion === mapVersion)
  if (actionType === ROBOT_ACTION_TYPES.deleteMap) return map === undefined
  return actionType === ROBOT_ACTION_TYPES.enableMap ? map?.mapStatus === 'ENABLED' : map !== undefined
}

function keyOf({ actionType, mapId, mapVersion }: MapStep): string {
  return `${actionType} ${mapId} ${mapVersion}`
}
