import { ROBOT_ACTION_TYPES } from '@wardlight/core/fleet'
import type { Action, ActionState, ActionStatus, Order, OrderEdge, OrderNode } from '@wardlight/core/vda5050'
import { assign, emit, enqueueActions, setup } from 'xstate'
import type { DriveEnd } from '../robot/ports.ts'

/** An action of a node that was reached, in the order of the queue. */
interface QueuedAction {
  readonly action: Action
  readonly nodeId: string
}

export interface OrderContext {
  /** As it was last accepted; kept when it is done, until the next. */
  readonly order: Order | null
  /** Still to be reached, the next one first. */
  readonly nodes: readonly OrderNode[]
  readonly edges: readonly OrderEdge[]
  readonly lastNodeId: string
  readonly lastNodeSequenceId: number
  readonly queue: readonly QueuedAction[]
  readonly actionStates: readonly ActionState[]
  readonly isPaused: boolean
  readonly wasCanceled: boolean
  readonly driveTries: number
  /** Set when a node could not be reached. */
  readonly unreachableNodeId: string | null
}

export type OrderEvent =
  /** As it was when the program ended. Comes first, or never. */
  | { readonly type: 'recalled'; readonly context: OrderContext; readonly isUnfinished: boolean }
  | { readonly type: 'accepted'; readonly order: Order }
  | { readonly type: 'updated'; readonly order: Order }
  | { readonly type: 'driveEnded'; readonly end: DriveEnd }
  | {
      readonly type: 'actionChanged'
      readonly actionId: string
      readonly status: ActionStatus
      readonly result?: string
    }
  | { readonly type: 'pause' }
  | { readonly type: 'resume' }
  | { readonly type: 'cancel' }

export type OrderEffect =
  | { readonly type: 'driveTo'; readonly node: OrderNode }
  | { readonly type: 'cancelDrive' }
  | { readonly type: 'startAction'; readonly action: Action; readonly nodeId: string }
  /** Whatever runs has to end; the end comes back as `actionChanged`. */
  | { readonly type: 'endActions' }
  | { readonly type: 'nodeUnreachable'; readonly node: OrderNode }

const MAX_DRIVE_TRIES = 3
/** A gassed room goes on to be aerated, whoever pauses. */
const NEVER_PAUSED: ReadonlySet<string | undefined> = new Set([ROBOT_ACTION_TYPES.startPeroxideCycle])
/** The longest way in a hospital, lifts and waiting for people included (proposed). After it nobody answers. */
const DRIVE_TIMEOUT_MS = 15 * 60_000

/**
 * Executes orders after VDA 5050 3.0, as a pure machine. It drives from node to node over what is
 * released, and no further; what blocks driving is done before it drives on.
 */
export const orderExecution = setup({
  types: {
    context: {} as OrderContext,
    events: {} as OrderEvent,
    emitted: {} as OrderEffect,
  },
  delays: { driveTimeout: DRIVE_TIMEOUT_MS },
  guards: {
    isDone: ({ context }) => context.nodes.length === 0 && areActionsOver(context),
    mustAct: ({ context }) =>
      blocksDriving(context) || (context.nodes.length === 0 && !areActionsOver(context)),
    isPaused: ({ context }) => context.isPaused,
    mayDrive: ({ context }) => context.nodes[0]?.released === true,
    mayTryAgain: ({ context }) => context.driveTries < MAX_DRIVE_TRIES,
    areActionsOver: ({ context }) => areActionsOver(context),
    hasFailedBlocking: ({ context }) =>
      context.queue.some(
        ({ action }) =>
          (action.blockingType === 'HARD' || action.blockingType === 'SOFT') &&
          statusOf(context, action.actionId) === 'FAILED',
      ),
  },
  actions: {
    drive: enqueueActions(({ context, enqueue }) => {
      const node = context.nodes[0]
      if (node === undefined) return
      enqueue.assign({ driveTries: context.driveTries + 1 })
      enqueue.emit({ type: 'driveTo', node })
    }),
    cancelDrive: emit({ type: 'cancelDrive' }),
    giveUpNode: enqueueActions(({ context, enqueue }) => {
      const node = context.nodes[0]
      if (node === undefined) return
      enqueue.assign({ unreachableNodeId: node.nodeId })
      enqueue.emit({ type: 'nodeUnreachable', node })
    }),
    traverse: assign(({ context }) => traversed(context)),
    startActions: enqueueActions(({ context, enqueue }) => {
      const startable = startableActions(context)
      enqueue.assign({
        actionStates: startable.reduce(
          (states, { action }) => withStatus(states, action.actionId, 'RUNNING'),
          context.actionStates,
        ),
      })
      for (const { action, nodeId } of startable) enqueue.emit({ type: 'startAction', action, nodeId })
    }),
    noteAction: assign(({ context, event }) =>
      event.type === 'actionChanged'
        ? { actionStates: withStatus(context.actionStates, event.actionId, event.status, event.result) }
        : {},
    ),
    pauseActions: assign(({ context }) => ({
      isPaused: true,
      actionStates: context.actionStates.map((state) =>
        state.actionStatus === 'RUNNING' && !NEVER_PAUSED.has(state.actionType)
          ? { ...state, actionStatus: 'PAUSED' as const }
          : state,
      ),
    })),
    resumeActions: assign(({ context }) => ({
      isPaused: false,
      actionStates: context.actionStates.map((state) =>
        state.actionStatus === 'PAUSED' ? { ...state, actionStatus: 'RUNNING' as const } : state,
      ),
    })),
    clear: assign(({ context }) => cleared(context)),
  },
}).createMachine({
  id: 'order',
  context: {
    order: null,
    nodes: [],
    edges: [],
    lastNodeId: '',
    lastNodeSequenceId: 0,
    queue: [],
    actionStates: [],
    isPaused: false,
    wasCanceled: false,
    driveTries: 0,
    unreachableNodeId: null,
  },
  initial: 'idle',
  on: {
    accepted: {
      target: '.active',
      actions: assign(({ event }) => ({
        order: event.order,
        nodes: event.order.nodes,
        edges: event.order.edges,
        queue: [],
        actionStates: waitingActions(event.order.nodes),
        wasCanceled: false,
        driveTries: 0,
        unreachableNodeId: null,
      })),
    },
    pause: { actions: 'pauseActions' },
    resume: { actions: 'resumeActions' },
    actionChanged: { actions: 'noteAction' },
  },
  states: {
    idle: {
      on: {
        recalled: [
          {
            guard: ({ event }) => event.isUnfinished,
            target: 'active.deciding',
            actions: assign(({ event }) => heldUp(event.context)),
          },
          { actions: assign(({ event }) => ended(event.context)) },
        ],
        updated: {
          target: 'active.deciding',
          actions: assign(({ context, event }) => updated(context, event.order)),
        },
      },
    },
    active: {
      initial: 'starting',
      on: {
        cancel: 'canceling',
        updated: {
          target: '.deciding',
          actions: assign(({ context, event }) => updated(context, event.order)),
        },
      },
      states: {
        // The robot stands on the first node of a new order.
        starting: { always: { target: 'deciding', actions: 'traverse' } },
        deciding: {
          entry: 'startActions',
          always: [
            { guard: 'hasFailedBlocking', target: '#order.failing' },
            { guard: 'isDone', target: '#order.idle' },
            { guard: 'mustAct', target: 'acting' },
            { guard: 'isPaused', target: 'paused' },
            { guard: 'mayDrive', target: 'driving' },
            { target: 'waitingForBase' },
          ],
        },
        acting: { on: { actionChanged: { target: 'deciding', actions: 'noteAction' } } },
        driving: {
          entry: 'drive',
          after: { driveTimeout: { target: '#order.failing', actions: 'giveUpNode' } },
          on: {
            // An update may come while driving: the way goes on, only its end changed.
            updated: { actions: assign(({ context, event }) => updated(context, event.order)) },
            pause: { target: 'paused', actions: ['cancelDrive', 'pauseActions'] },
            driveEnded: [
              {
                guard: ({ event }) => event.end === 'arrived',
                target: 'deciding',
                actions: ['traverse', assign({ driveTries: 0 })],
              },
              { guard: 'mayTryAgain', target: 'driving', reenter: true },
              { target: '#order.failing', actions: 'giveUpNode' },
            ],
          },
        },
        paused: {
          on: { resume: { target: 'deciding', actions: ['resumeActions', assign({ driveTries: 0 })] } },
        },
        waitingForBase: { on: { actionChanged: { target: 'deciding', actions: 'noteAction' } } },
      },
    },
    canceling: {
      entry: [assign({ wasCanceled: true }), 'cancelDrive', emit({ type: 'endActions' })],
      always: { guard: ({ context }) => !isAnyRunning(context), target: 'idle', actions: 'clear' },
    },
    /** What blocks driving failed, or a node is out of reach: the rest of the order makes no sense. */
    failing: {
      entry: ['cancelDrive', emit({ type: 'endActions' })],
      always: { guard: ({ context }) => !isAnyRunning(context), target: 'idle', actions: 'clear' },
    },
  },
})

export function isOver(status: ActionStatus): boolean {
  return status === 'FINISHED' || status === 'FAILED'
}

function statusOf(context: OrderContext, actionId: string): ActionStatus {
  return context.actionStates.find((state) => state.actionId === actionId)?.actionStatus ?? 'WAITING'
}

function areActionsOver(context: OrderContext): boolean {
  return context.queue.every(({ action }) => isOver(statusOf(context, action.actionId)))
}

function isAnyRunning(context: OrderContext): boolean {
  return context.actionStates.some(({ actionStatus }) => actionStatus !== 'WAITING' && !isOver(actionStatus))
}

function blocksDriving(context: OrderContext): boolean {
  return context.queue.some(
    ({ action }) =>
      (action.blockingType === 'HARD' || action.blockingType === 'SOFT') &&
      !isOver(statusOf(context, action.actionId)),
  )
}

function cleared(context: OrderContext) {
  return {
    nodes: [],
    edges: [],
    queue: [],
    actionStates: context.actionStates.map((state) =>
      isOver(state.actionStatus) ? state : { ...state, actionStatus: 'FAILED' as const },
    ),
  }
}

/** After a restart the robot does not set off by itself: who restarted it may stand before it. */
function heldUp(context: OrderContext): OrderContext {
  const wouldDrive = context.nodes.length > 0 && !blocksDriving(context)
  return { ...context, driveTries: 0, isPaused: context.isPaused || wouldDrive }
}

/** An order that is not gone on with: what was left of it counts as cancelled, so that no update follows on it. */
function ended(context: OrderContext): OrderContext {
  const isDone = context.nodes.length === 0 && areActionsOver(context)
  return isDone ? context : { ...context, ...cleared(context), wasCanceled: true }
}

/** HARD and SINGLE run alone, in the order of the queue; NONE and SOFT run beside one another. */
function startableActions(context: OrderContext): QueuedAction[] {
  const startable: QueuedAction[] = []
  let isAnyOpen = false
  for (const queued of context.queue) {
    const status = statusOf(context, queued.action.actionId)
    if (isOver(status)) continue
    const isAlone = queued.action.blockingType === 'HARD' || queued.action.blockingType === 'SINGLE'
    if (isAlone && isAnyOpen) break
    if (status === 'WAITING') startable.push(queued)
    isAnyOpen = true
    if (isAlone) break
  }
  return startable
}

function traversed(context: OrderContext): Partial<OrderContext> {
  const [node, ...nodes] = context.nodes
  if (node === undefined) return {}
  return {
    nodes,
    edges: context.edges.filter(({ sequenceId }) => sequenceId > node.sequenceId),
    lastNodeId: node.nodeId,
    lastNodeSequenceId: node.sequenceId,
    queue: [...context.queue, ...node.actions.map((action) => ({ action, nodeId: node.nodeId }))],
  }
}

/** The horizon goes, what was released stays, and the update follows it. */
function updated(context: OrderContext, order: Order): Partial<OrderContext> {
  const stitch = order.nodes[0]!
  const base = context.nodes.filter(({ released }) => released)
  const nodes = [...base, ...order.nodes.filter(({ sequenceId }) => sequenceId > stitch.sequenceId)]
  const edges = [
    ...context.edges.filter(({ released }) => released),
    ...order.edges.filter(({ sequenceId }) => sequenceId > stitch.sequenceId),
  ]
  const keptIds = new Set([
    ...context.queue.map(({ action }) => action.actionId),
    ...base.flatMap(({ actions }) => actions.map(({ actionId }) => actionId)),
  ])
  return {
    order,
    nodes,
    edges,
    actionStates: [
      ...context.actionStates.filter(
        ({ actionId, actionStatus }) => keptIds.has(actionId) || isOver(actionStatus),
      ),
      ...waitingActions(order.nodes.slice(1)),
    ],
  }
}

function waitingActions(nodes: readonly OrderNode[]): ActionState[] {
  return nodes.flatMap(({ actions }) =>
    actions.map(({ actionId, actionType }) => ({ actionId, actionType, actionStatus: 'WAITING' as const })),
  )
}

function withStatus(
  states: readonly ActionState[],
  actionId: string,
  actionStatus: ActionStatus,
  actionResult?: string,
): ActionState[] {
  return states.map((state) => {
    if (state.actionId !== actionId) return state
    const result = state.actionResult ?? actionResult
    return {
      ...state,
      // What is over stays over; evidence may still come late.
      actionStatus: isOver(state.actionStatus) ? state.actionStatus : actionStatus,
      ...(result === undefined ? {} : { actionResult: result }),
    }
  })
}
