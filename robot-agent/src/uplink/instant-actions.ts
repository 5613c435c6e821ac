import { ROBOT_ACTION_TYPES } from '@wardlight/core/fleet'
import type { ActionState, InstantAction } from '@wardlight/core/vda5050'
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import type { FileActions } from '../maps/file-actions.ts'
import type { OrderRunner } from '../missions/order-runner.ts'
import { announcementOf } from '../announcements/announcement.ts'
import type { Announcer } from '../announcements/announcer.ts'
import { commandErrand } from './errand-commands.ts'
import { actionParameter } from '../missions/order-rules.ts'
import type { SafetySupervisor } from '../safety/safety-supervisor.ts'
import type { SupervisorFact } from '../safety/supervisor.ts'
import type { ZoneKeeper } from '../zones/zone-keeper.ts'
import type { Refusals } from './refusals.ts'

const PointSchema = Type.Object({ x: Type.Number(), y: Type.Number() })
const isPoint = Compile(PointSchema)
const isArea = Compile(Type.Array(PointSchema, { minItems: 3 }))

/** How many are kept in the state; the oldest go first. */
const KEPT = 50

/** Carries out instant actions, each once, and keeps their states. */
export class InstantActions {
  readonly #orders: OrderRunner
  readonly #supervisor: SafetySupervisor
  readonly #refusals: Refusals
  readonly #zones: ZoneKeeper
  readonly #announcer: Announcer | null
  readonly #files: FileActions
  readonly #sendFactsheet: () => void
  readonly #onEnd: () => void
  #states: readonly ActionState[] = []
  #cancelId: string | null = null
  /** What goes on after it was taken, and ends itself. */
  readonly #goingOn = new Set<string>()

  constructor(options: {
    orders: OrderRunner
    supervisor: SafetySupervisor
    refusals: Refusals
    zones: ZoneKeeper
    /** `null`: the robot has no screen. */
    announcer: Announcer | null
    files: FileActions
    sendFactsheet: () => void
    /** One that took a while is over. */
    onEnd: () => void
  }) {
    this.#orders = options.orders
    this.#supervisor = options.supervisor
    this.#refusals = options.refusals
    this.#zones = options.zones
    this.#announcer = options.announcer
    this.#files = options.files
    this.#sendFactsheet = options.sendFactsheet
    this.#onEnd = options.onEnd
  }

  get states(): readonly ActionState[] {
    return this.#states
  }

  take(action: InstantAction): void {
    const { actionId, actionType } = action
    const others = this.#states.filter((known) => known.actionId !== actionId)
    const isKnown = others.length < this.#states.length
    // A broker may deliver twice, and a fleet send again: once is meant. A stop once too often harms nobody.
    if (isKnown && actionType !== ROBOT_ACTION_TYPES.emergencyStop) return
    this.#states = [...others, { actionId, actionType, actionStatus: 'RUNNING' as const }].slice(-KEPT)
    if (this.#files.takes(action)) {
      this.#fetch(action)
      return
    }
    const refusal = this.#carryOut(action)
    if (refusal !== null) this.#end(actionId, 'FAILED', refusal)
    else {
      this.#refusals.instantActionAccepted()
      if (actionId !== this.#cancelId && !this.#goingOn.has(actionId)) this.#end(actionId, 'FINISHED')
    }
    this.settle()
  }

  /** It is RUNNING until the file is there, or is not. */
  #fetch(action: InstantAction): void {
    this.#goOn(action, (onEnd) => {
      this.#files.begin(action, (refusal, error) => {
        if (refusal === null) this.#refusals.fileActionAccepted()
        if (error !== null) this.#refusals.add(error)
        onEnd(refusal)
      })
      return null
    })
  }

  /** A cancel is over when the order is. */
  settle(): void {
    if (this.#cancelId === null || !this.#orders.isIdle) return
    const actionId = this.#cancelId
    this.#cancelId = null
    this.#end(actionId, 'FINISHED')
  }

  /** @returns why not, in words; `null` when it was done. */
  #carryOut(action: InstantAction): string | null {
    const text = (key: string) => {
      const value = actionParameter(action, key)
      return typeof value === 'string' ? value : ''
    }
    switch (action.actionType) {
      case ROBOT_ACTION_TYPES.confirmChecklist: {
        const problem = this.#orders.armingProblem()
        if (problem !== null) return problem
        const items = actionParameter(action, 'items')
        return refusalOf(
          this.#supervisor.command({
            type: 'checklist',
            missionId: text('missionId'),
            by: text('confirmedBy'),
            items: Array.isArray(items) ? items.filter((item) => typeof item === 'string') : [],
          }),
        )
      }
      case ROBOT_ACTION_TYPES.startTreatment: {
        const problem = this.#orders.armingProblem()
        if (problem !== null) return problem
        const reasons = this.#orders.startBlockers(text('missionId'))
        if (reasons.length > 0) return reasons.join('; ')
        return refusalOf(
          this.#supervisor.command({ type: 'start', missionId: text('missionId'), by: text('startedBy') }),
        )
      }
      case ROBOT_ACTION_TYPES.confirmDecontamination:
      case ROBOT_ACTION_TYPES.answerVisit:
      case ROBOT_ACTION_TYPES.handOverDrive:
      case ROBOT_ACTION_TYPES.takeBackDrive:
      case ROBOT_ACTION_TYPES.endVisit:
        return commandErrand(this.#orders.errand, action)
      case ROBOT_ACTION_TYPES.emergencyStop:
        this.#supervisor.command({ type: 'requestEmergencyStop', by: text('requestedBy') || 'the fleet' })
        return null
      case ROBOT_ACTION_TYPES.initializePosition: {
        const [x, y, theta] = ['x', 'y', 'theta'].map((key) => actionParameter(action, key))
        if (typeof x !== 'number' || typeof y !== 'number' || typeof theta !== 'number')
          return 'x, y and theta are wanted as numbers'
        return this.#orders.initializePosition({ x, y, theta }, text('mapId'))
      }
      case ROBOT_ACTION_TYPES.findPosition: {
        const area = actionParameter(action, 'area')
        const faces = actionParameter(action, 'faces') ?? null
        if (!isArea.Check(area)) return 'area is wanted as three points or more, each with x and y in metres'
        if (faces !== null && !isPoint.Check(faces))
          return 'faces is wanted as a point with x and y in metres'
        return this.#goOn(action, (onEnd) => this.#orders.findPosition({ area, faces }, text('mapId'), onEnd))
      }
      case ROBOT_ACTION_TYPES.startPause:
        this.#orders.pause()
        return null
      case ROBOT_ACTION_TYPES.stopPause:
        if (this.#supervisor.state.isEmergencyStopPressed) return 'the emergency stop is pressed'
        this.#orders.resume()
        return null
      case ROBOT_ACTION_TYPES.cancelOrder: {
        const orderId = text('orderId')
        if (this.#orders.isIdle || (orderId !== '' && orderId !== this.#orders.context.order?.orderId)) {
          this.#fail(action, 'NO_ORDER_TO_CANCEL', 'there is no such order in work')
          return 'there is no such order in work'
        }
        this.#cancelId = action.actionId
        this.#orders.cancel()
        return null
      }
      case ROBOT_ACTION_TYPES.stateRequest:
        return null
      case ROBOT_ACTION_TYPES.factsheetRequest:
        this.#sendFactsheet()
        return null
      case ROBOT_ACTION_TYPES.clearInstantActions:
        this.#states = this.#states.filter(
          ({ actionId, actionStatus }) =>
            actionId === action.actionId || (actionStatus !== 'FINISHED' && actionStatus !== 'FAILED'),
        )
        return null
      case ROBOT_ACTION_TYPES.clearZoneActions:
        this.#zones.clearActions()
        return null
      case ROBOT_ACTION_TYPES.announce:
        return this.#announce(action)
      case ROBOT_ACTION_TYPES.enableZoneSet:
        return this.#zones.enable(text('zoneSetId')) ? null : `there is no zone set ${text('zoneSetId')}`
      case ROBOT_ACTION_TYPES.deleteZoneSet:
        return this.#zones.delete(text('zoneSetId'))
          ? null
          : `there is no zone set ${text('zoneSetId')}, or it is in use`
      default:
        return this.#unknown(action)
    }
  }

  #announce(action: InstantAction): string | null {
    const announcer = this.#announcer
    if (announcer === null) return this.#unknown(action)
    const announcement = announcementOf(action)
    if (typeof announcement === 'string') return announcement
    return this.#goOn(action, (onEnd) => {
      announcer.show(announcement.text, announcement.seconds, onEnd)
      return null
    })
  }

  /** @param begin says why not, or calls back with why it failed; `null`: it did not. @returns why not */
  #goOn(
    { actionId }: InstantAction,
    begin: (onEnd: (problem: string | null) => void) => string | null,
  ): string | null {
    this.#goingOn.add(actionId)
    const refusal = begin((problem) => {
      this.#goingOn.delete(actionId)
      if (problem === null) this.#end(actionId, 'FINISHED')
      else this.#end(actionId, 'FAILED', problem)
      this.#onEnd()
    })
    if (refusal !== null) this.#goingOn.delete(actionId)
    return refusal
  }

  #unknown(action: InstantAction): string {
    const problem = `the robot has no instant action ${action.actionType}`
    this.#fail(action, 'INVALID_INSTANT_ACTION', problem)
    return problem
  }

  #fail({ actionId }: InstantAction, errorType: string, errorDescription: string): void {
    this.#refusals.add({
      errorType,
      errorLevel: 'WARNING',
      errorDescription,
      errorReferences: [{ referenceKey: 'actionId', referenceValue: actionId }],
    })
  }

  #end(actionId: string, actionStatus: 'FINISHED' | 'FAILED', actionResult?: string): void {
    this.#states = this.#states.map((state) =>
      state.actionId === actionId
        ? { ...state, actionStatus, ...(actionResult === undefined ? {} : { actionResult }) }
        : state,
    )
  }
}

function refusalOf(facts: readonly SupervisorFact[]): string | null {
  const reasons = facts.flatMap((fact) => (fact.type === 'armingRefused' ? fact.reasons : []))
  return reasons.length === 0 ? null : reasons.join('; ')
}
