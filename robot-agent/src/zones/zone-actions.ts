import type { Point2 } from '@wardlight/core/geometry'
import type { ActionState, VdaError, VdaZone, ZoneAction } from '@wardlight/core/vda5050'
import { touches, type ZoneBook, type ZoneRobot } from './zone-rules.ts'

type ActionZone = Extract<VdaZone, { zoneType: 'ACTION' }>

/** A stay of the robot in an ACTION zone. */
interface Visit {
  readonly zone: ActionZone
  /** Of what it does while it is in there. */
  readonly duringIds: readonly string[]
}

/** What ACTION zones have the robot do (VDA 5050 3.0, 6.4.1.1), and what its state says of it. */
export interface ZoneActionBook {
  readonly visits: readonly Visit[]
  /** Oldest first; those that are over are kept until the fleet clears them. */
  readonly states: readonly ActionState[]
  /** Of the next execution; no id comes twice. */
  readonly nextNumber: number
}

export const EMPTY_ZONE_ACTION_BOOK: ZoneActionBook = { visits: [], states: [], nextNumber: 1 }

/** What is to be done now, in this order. */
export type ZoneActionStep =
  | {
      readonly kind: 'begin'
      readonly actionId: string
      readonly action: ZoneAction
      /** Until its `end`, whatever time it names. */
      readonly isWhileInside: boolean
    }
  | { readonly kind: 'end'; readonly actionId: string }

/** So far from a zone that it has left it, metres: what the place may be off by must not begin a visit anew, again and again. Proposed. */
const LEFT_BEHIND_M = 0.1

/** So many that are over are kept; a fleet that never clears them must not fill the state. The oldest go first. Proposed. */
const KEPT = 50

/**
 * The robot is here. A visit begins when any part of the robot comes into a zone, or when a zone comes into force around
 * it, and ends when it has left; where the place is unknown, it goes on. A zone that is no longer in force ends what runs
 * while inside, and nothing is done on leaving it.
 *
 * @param run names this start of the robot: ids are unlike those before it
 */
export function withPlace(
  book: ZoneActionBook,
  zones: ZoneBook,
  robot: ZoneRobot,
  at: Point2 | null,
  run: string,
): { readonly book: ZoneActionBook; readonly steps: readonly ZoneActionStep[] } {
  const steps: ZoneActionStep[] = []
  const states = [...book.states]
  let { nextNumber } = book
  const begin = (actions: readonly ZoneAction[], isWhileInside: boolean): string[] =>
    actions.map((action) => {
      const actionId = `zone-action-${run}-${nextNumber}`
      nextNumber += 1
      const { actionType, actionDescriptor } = action
      states.push({
        actionId,
        actionType,
        ...(actionDescriptor === undefined ? {} : { actionDescriptor }),
        actionStatus: 'RUNNING',
      })
      steps.push({ kind: 'begin', actionId, action, isWhileInside })
      return actionId
    })
  const end = (ids: readonly string[]) => {
    for (const actionId of ids) steps.push({ kind: 'end', actionId })
  }
  const inForce = zones.sets.flatMap(({ set, isEnabled }) =>
    isEnabled
      ? set.zones.flatMap((zone) => (zone.zoneType === 'ACTION' ? [{ zone, mapId: set.mapId }] : []))
      : [],
  )
  for (const { zone, duringIds } of book.visits) {
    if (!inForce.some((each) => each.zone === zone)) end(duringIds)
  }
  const visits = inForce.flatMap(({ zone, mapId }): Visit[] => {
    const visit = book.visits.find((each) => each.zone === zone)
    const marginM = visit === undefined ? 0 : LEFT_BEHIND_M
    const isIn =
      at === null ? visit !== undefined : mapId === robot.mapId && touches(zone, at, robot.radiusM + marginM)
    if (isIn && visit !== undefined) return [visit]
    if (isIn) {
      begin(zone.entryActions, false)
      return [{ zone, duringIds: begin(zone.duringActions, true) }]
    }
    if (visit !== undefined) {
      end(visit.duringIds)
      begin(zone.exitActions, false)
    }
    return []
  })
  const isSame = steps.length === 0 && visits.length === book.visits.length
  return { book: isSame ? book : { visits, states, nextNumber }, steps }
}

/** @param problem why it failed; `null`: it is done */
export function withEnded(book: ZoneActionBook, actionId: string, problem: string | null): ZoneActionBook {
  const states = book.states.map((state): ActionState =>
    state.actionId !== actionId || isOver(state)
      ? state
      : problem === null
        ? { ...state, actionStatus: 'FINISHED' }
        : { ...state, actionStatus: 'FAILED', actionResult: problem },
  )
  const over = states.filter(isOver)
  const dropped = new Set(over.slice(0, Math.max(0, over.length - KEPT)))
  return { ...book, states: states.filter((state) => !dropped.has(state)) }
}

/** `clearZoneActions`. */
export function withoutEnded(book: ZoneActionBook): ZoneActionBook {
  const states = book.states.filter((state) => !isOver(state))
  return states.length === book.states.length ? book : { ...book, states }
}

/** 3.0, 7.8: the list is becoming too long to manage. */
export function zoneActionErrors({ states }: ZoneActionBook): VdaError[] {
  if (states.filter(isOver).length < KEPT) return []
  return [
    {
      errorType: 'ZONE_ACTION_STATES_FULL',
      errorLevel: 'URGENT',
      errorDescription: `${KEPT} zone actions are over, and the oldest are forgotten: send clearZoneActions`,
      errorReferences: [],
    },
  ]
}

function isOver({ actionStatus }: ActionState): boolean {
  return actionStatus === 'FINISHED' || actionStatus === 'FAILED'
}
