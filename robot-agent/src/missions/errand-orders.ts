import { ROBOT_ACTION_TYPES, type DecontaminationMethod } from '@wardlight/core/fleet'
import type { Action, OrderNode } from '@wardlight/core/vda5050'
import type { DockTarget } from '../robot/ports.ts'
import { actionParameter } from './order-rules.ts'

/** `dock`, as an order carries it. */
export interface DockOrder {
  readonly missionId: string
  readonly target: DockTarget
  /** The action ends with so much charge, 0 to 1; `null`: as soon as it charges. */
  readonly untilFraction: number | null
}

/** `decontaminate`, as an order carries it. */
export interface DecontaminationOrder {
  readonly missionId: string
  readonly zone: string
  readonly organism: string | null
  readonly method: DecontaminationMethod
  readonly stationId: string | null
  /** Unbroken time in the station, seconds; 0 for `wipe`. */
  readonly stationS: number
}

/** `startTelepresence`, as an order carries it. */
export interface VisitOrder {
  readonly missionId: string
  /** Who comes, as the robot's screen says it. */
  readonly visitor: string
  readonly reason: string | null
}

/** A mission without lamp and gas: one action, alone on its node. */
export type ErrandOrder =
  | { readonly kind: 'dock'; readonly order: DockOrder }
  | { readonly kind: 'decontamination'; readonly order: DecontaminationOrder }
  | { readonly kind: 'visit'; readonly order: VisitOrder }

/** An errand as its action on a node carries it. */
export type NodeErrand = ErrandOrder & { readonly missionId: string; readonly actionId: string }

/** Longest text that the robot's screen shows of an order. */
const MAX_TEXT = 120
/** A station that takes longer is none (proposed). */
const MAX_STATION_S = 4 * 3600

const ERRAND_TYPES: ReadonlySet<string> = new Set([
  ROBOT_ACTION_TYPES.dock,
  ROBOT_ACTION_TYPES.decontaminate,
  ROBOT_ACTION_TYPES.startTelepresence,
])

export function hasErrand({ actions }: Pick<OrderNode, 'actions'>): boolean {
  return actions.some(({ actionType }) => ERRAND_TYPES.has(actionType))
}

/** Says what is wrong with a node that has an errand, or `null`. */
export function errandProblem({ nodeId, actions }: OrderNode): string | null {
  const [action, ...others] = actions as [Action?, ...Action[]]
  if (action === undefined || others.length > 0) {
    return `${nodeId} must have its errand alone: what comes after it waits for its end`
  }
  if (action.blockingType !== 'HARD') return `${action.actionType} must be HARD`
  const text = textsOf(action)
  const number = numbersOf(action)
  if (text('missionId') === null) return `${action.actionType} lacks its missionId`
  switch (action.actionType) {
    case ROBOT_ACTION_TYPES.dock: {
      if (text('dockId') === null) return 'dock lacks its dockId'
      const until = number('untilPercent')
      if (until !== null && !(until > 0 && until <= 100)) return 'untilPercent is not between 0 and 100'
      return actionParameter(action, 'dockPose') === undefined || poseOf(action) !== null
        ? null
        : 'dockPose has no x, y and theta'
    }
    case ROBOT_ACTION_TYPES.decontaminate: {
      if (text('zone') === null) return 'decontaminate lacks its zone'
      const method = text('method')
      if (method !== 'wipe' && method !== 'uvStation')
        return 'the method of decontaminate is wipe or uvStation'
      const stationS = number('stationS')
      if (method === 'uvStation' && !(stationS !== null && stationS > 0 && stationS <= MAX_STATION_S)) {
        return `stationS is not between 0 and ${MAX_STATION_S} seconds`
      }
      return null
    }
    default:
      return text('visitor') === null
        ? 'startTelepresence lacks its visitor: the patient is told who comes'
        : null
  }
}

/** The errand of a node that `errandProblem` has no problem with; `null` when its first action is none. */
export function errandOf({ actions }: Pick<OrderNode, 'actions'>): NodeErrand | null {
  const [action] = actions as [Action?]
  if (action === undefined || !ERRAND_TYPES.has(action.actionType)) return null
  const text = textsOf(action)
  const number = numbersOf(action)
  const { actionId } = action
  const missionId = text('missionId')!
  switch (action.actionType) {
    case ROBOT_ACTION_TYPES.dock: {
      const until = number('untilPercent')
      const target = { dockId: text('dockId')!, pose: poseOf(action) }
      const order = { missionId, target, untilFraction: until === null ? null : until / 100 }
      return { kind: 'dock', missionId, actionId, order }
    }
    case ROBOT_ACTION_TYPES.decontaminate: {
      const method = text('method') as DecontaminationMethod
      const order = {
        missionId,
        zone: text('zone')!,
        organism: text('organism'),
        method,
        stationId: method === 'wipe' ? null : text('stationId'),
        stationS: method === 'wipe' ? 0 : number('stationS')!,
      }
      return { kind: 'decontamination', missionId, actionId, order }
    }
    default: {
      const order = { missionId, visitor: text('visitor')!, reason: text('reason') }
      return { kind: 'visit', missionId, actionId, order }
    }
  }
}

function textsOf(action: Action): (key: string) => string | null {
  return (key) => {
    const value = actionParameter(action, key)
    return typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, MAX_TEXT) : null
  }
}

/** `NaN` for what is there and no number. */
function numbersOf(action: Action): (key: string) => number | null {
  return (key) => {
    const value = actionParameter(action, key)
    return value === undefined ? null : typeof value === 'number' ? value : NaN
  }
}

function poseOf(action: Action): DockTarget['pose'] {
  const { x, y, theta } = (actionParameter(action, 'dockPose') ?? {}) as Record<string, unknown>
  return typeof x === 'number' && typeof y === 'number' && typeof theta === 'number' ? { x, y, theta } : null
}
