import { describe, expect, it } from 'vitest'
import { assign, initialTransition, transition, type SnapshotFrom } from 'xstate'
import { endOf, explore, hold, summaryOf } from '../testing/explore.ts'
import {
  effectsOf,
  leavesOf,
  pathOf,
  timersAfter,
  timersOf,
  type Done,
  type Timed,
} from '../testing/machine-walk.ts'
import type { Action, ActionStatus, Order, OrderNode } from '@wardlight/core/vda5050'
import { isOver, orderExecution, type OrderEffect, type OrderEvent } from './order-execution.ts'
import { judgeOrder } from './order-rules.ts'

/*
 * Every state × every event of the execution of an order, as `exploration.test.ts` walks a UV mission. The abstraction: two
 * fixed orders, one of which grows by an update; longer ones repeat the same states. Events come in any order, sensible or
 * not, except that `accepted` and `updated` come only as `judgeOrder` lets them through. What an order recalls after a
 * restart is not walked here; `memory/restart.test.ts` kills it everywhere.
 */

describe('the execution of an order, in every state and for every event', () => {
  const action = (actionId: string, blockingType: Action['blockingType']): Action => ({
    actionType: 'test',
    actionId,
    blockingType,
  })
  const node = (index: number, released: boolean, actions: Action[] = []): OrderNode => ({
    nodeId: `n${index}`,
    sequenceId: 2 * index,
    released,
    nodePosition: { x: index, y: 0, mapId: 'L1' },
    actions,
  })
  const orderOf = (orderId: string, orderUpdateId: number, nodes: OrderNode[]): Order => ({
    headerId: 0,
    timestamp: '2025-01-01T00:00:00.000Z',
    version: '3.0.0',
    manufacturer: 'wardlight',
    serialNumber: 'uv-01',
    orderId,
    orderUpdateId,
    nodes,
    edges: nodes.slice(1).map(({ sequenceId, released }) => ({
      edgeId: `e${sequenceId}`,
      sequenceId: sequenceId - 1,
      released,
      actions: [],
    })),
  })
  /** A mission as the fleet orders it, with a node on the horizon that an update releases; and one with other blocking. */
  const MISSION = orderOf('mission', 0, [
    node(0, true),
    node(1, true, [action('arm', 'HARD'), action('dose', 'HARD')]),
    node(2, false, [action('after', 'SINGLE')]),
  ])
  const UPDATE = orderOf('mission', 1, [node(1, true), node(2, true, [action('after', 'SINGLE')])])
  const OTHER = orderOf('other', 0, [
    node(0, true, [action('soft', 'SOFT'), action('none', 'NONE'), action('hard', 'HARD')]),
    node(1, true),
  ])
  const ACTIONS = [MISSION, OTHER].flatMap(({ nodes }) => nodes.flatMap(({ actions }) => actions))
  const blockingOf = new Map(ACTIONS.map(({ actionId, blockingType }) => [actionId, blockingType]))

  type Event = OrderEvent | Timed
  const EVENTS: readonly Event[] = [
    { type: 'accepted', order: MISSION },
    { type: 'accepted', order: OTHER },
    { type: 'updated', order: UPDATE },
    { type: 'driveEnded', end: 'arrived' },
    { type: 'driveEnded', end: 'failed' },
    { type: 'driveEnded', end: 'canceled' },
    ...ACTIONS.flatMap(({ actionId }) =>
      (['FINISHED', 'FAILED'] as const).map((status): Event => ({ type: 'actionChanged', actionId, status })),
    ),
    { type: 'pause' },
    { type: 'resume' },
    { type: 'cancel' },
    ...timersOf(orderExecution.events),
  ]
  const nameOf = (event: Event): string => {
    switch (event.type) {
      case 'accepted':
        return `order ${event.order.orderId}`
      case 'updated':
        return 'update'
      case 'driveEnded':
        return `drive ${event.end}`
      case 'actionChanged':
        return `${event.actionId} ${event.status}`
      default:
        return event.type
    }
  }
  type Snapshot = SnapshotFrom<typeof orderExecution>
  interface Both {
    readonly snapshot: Snapshot
    readonly timers: readonly string[]
    readonly isDriving: boolean
    /** Actions that were started, since their order was accepted. */
    readonly started: readonly string[]
    readonly isPaused: boolean
    /** Cancelled, failed or given up: until the next order, or an update once it is idle. */
    readonly isEnding: boolean
  }
  const RULES = {
    base: 'it drives only to the next node, and only when that is released',
    paused: 'it does not drive while paused',
    ending: 'once it is cancelled or has failed, nothing begins any more',
    once: 'an action is started once',
    alone: 'what runs alone runs alone, and what blocks driving runs while the robot stands',
    over: 'what is over stays over',
    idle: 'when it is idle, no drive and no action is left',
  } as const
  type Rule = keyof typeof RULES
  type Machine = typeof orderExecution
  type Move = (snapshot: Snapshot, event: Event) => readonly [Snapshot, readonly Done[]]
  const real: Move = (snapshot, event) => transition(orderExecution, snapshot, event as OrderEvent)

  /** Whether the robot takes this order now, as `OrderRunner.take` asks it; and of actions whether it has come to them. */
  function mayCome({ snapshot }: Both, event: Event): boolean {
    if (event.type === 'actionChanged') {
      const isReached = snapshot.context.queue.some(({ action: { actionId } }) => actionId === event.actionId)
      return isReached || isOver(statusIn(snapshot, event.actionId))
    }
    if (event.type !== 'accepted' && event.type !== 'updated') return true
    const { order: held, wasCanceled, nodes, lastNodeId, lastNodeSequenceId, actionStates } = snapshot.context
    const horizonIds = new Set(
      nodes
        .filter(({ released }) => !released)
        .flatMap(({ actions }) => actions.map(({ actionId }) => actionId)),
    )
    const decision = judgeOrder(event.order, {
      held,
      isBusy: !snapshot.matches('idle'),
      wasCanceled,
      lastNodeId,
      lastNodeSequenceId,
      baseEnd:
        held === null
          ? null
          : (nodes.filter(({ released }) => released).at(-1) ?? {
              nodeId: lastNodeId,
              sequenceId: lastNodeSequenceId,
            }),
      // Forgotten, so that the two orders of the walk can follow one another for ever.
      formerOrderIds: new Set(),
      fixedActionIds: new Set(
        actionStates.map(({ actionId }) => actionId).filter((id) => !horizonIds.has(id)),
      ),
      pose: { x: 0, y: 0, theta: 0 },
      speedMps: 0.6,
      mapIds: new Set(['L1']),
      actionProblem: () => null,
    })
    return decision.kind === (event.type === 'accepted' ? 'accept' : 'update')
  }

  const stepOf =
    (move: Move, only: Rule | null) =>
    (before: Both, event: Event): Both | null => {
      if (event.type.startsWith('xstate.after.') && !before.timers.includes(event.type)) return null
      if (!mayCome(before, event)) return null
      const check = (rule: Rule, isHeld: boolean) => {
        if (only === null || only === rule) hold(RULES[rule], isHeld)
      }
      const [snapshot, actions] = move(before.snapshot, event)
      const { context } = snapshot
      let { isDriving, started, isPaused, isEnding } = before
      if (event.type === 'accepted') {
        started = []
        isEnding = false
      }
      // One that has failed may be taken on by an update: the fleet knows that it failed.
      if (event.type === 'updated' && before.snapshot.matches('idle')) isEnding = false
      if (event.type === 'pause') isPaused = true
      if (event.type === 'resume') isPaused = false
      if (event.type === 'driveEnded') isDriving = false
      if (event.type === 'cancel' && before.snapshot.matches('active')) isEnding = true
      const ranBefore = new Set(started.filter((id) => !isOver(statusIn(before.snapshot, id))))
      for (const effect of effectsOf<OrderEffect>(actions)) {
        switch (effect.type) {
          case 'driveTo':
            isDriving = true
            check('base', effect.node.released && effect.node.nodeId === context.nodes[0]?.nodeId)
            check('ending', !isEnding)
            break
          case 'cancelDrive':
            isDriving = false
            break
          case 'startAction':
            check('once', !started.includes(effect.action.actionId))
            check('ending', !isEnding)
            started = [...started, effect.action.actionId]
            break
          case 'endActions':
          case 'nodeUnreachable':
            isEnding = true
            break
        }
      }
      check('paused', !isPaused || !isDriving)
      const running = started.filter((id) => !isOver(statusIn(snapshot, id)))
      const isAlone = (id: string) => ['HARD', 'SINGLE'].includes(blockingOf.get(id)!)
      check('alone', running.length < 2 || !running.some(isAlone))
      check('alone', !isDriving || !running.some((id) => ['HARD', 'SOFT'].includes(blockingOf.get(id)!)))
      if (event.type !== 'accepted') {
        check(
          'over',
          !started.some((id) => before.started.includes(id) && !ranBefore.has(id) && running.includes(id)),
        )
      }
      if (snapshot.matches('idle')) {
        const isAnyLeft = context.actionStates.some(({ actionStatus }) => !isOver(actionStatus))
        check('idle', !isDriving && !isAnyLeft && context.nodes.length === 0)
      }
      return { snapshot, timers: timersAfter(before.timers, actions), isDriving, started, isPaused, isEnding }
    }
  function statusIn({ context }: Snapshot, id: string): ActionStatus {
    return context.actionStates.find(({ actionId }) => actionId === id)?.actionStatus ?? 'WAITING'
  }

  function keyOf({ snapshot, timers, started, ...record }: Both): string {
    const { order, nodes, lastNodeId, queue, actionStates, isPaused, wasCanceled, driveTries } =
      snapshot.context
    return JSON.stringify([
      pathOf(snapshot.value),
      [order?.orderId, order?.orderUpdateId, lastNodeId, isPaused, wasCanceled, driveTries],
      nodes.map(({ nodeId, released }) => [nodeId, released]),
      queue.map(({ action: { actionId } }) => actionId),
      actionStates.map(({ actionId, actionStatus }) => [actionId, actionStatus]),
      timers,
      started,
      Object.values(record),
    ])
  }

  function walked(move: Move = real, only: Rule | null = null, machine = orderExecution) {
    const [snapshot] = initialTransition(machine)
    return explore<Both, Event>({
      start: { snapshot, timers: [], isDriving: false, started: [], isPaused: false, isEnding: false },
      events: EVENTS,
      step: stepOf(move, only),
      keyOf,
      nameOf,
    })
  }

  it('keeps every rule', () => {
    const paths = new Set<string>()
    const walk = walked((snapshot, event) => {
      const result = real(snapshot, event)
      paths.add(pathOf(result[0].value))
      return result
    })
    console.log(summaryOf('order execution', walk))
    expect(walk.counterexample).toBeNull()
    const leaves = leavesOf(orderExecution.root).filter(
      (path) => path !== 'active.starting' && path !== 'active.deciding',
    )
    expect([...paths].toSorted()).toEqual(leaves.toSorted())
  }, 120_000)

  const hasty = orderExecution.provide({ guards: { mayDrive: ({ context }) => context.nodes.length > 0 } })
  const careless = orderExecution.provide({ guards: { mustAct: () => false } })
  const forgetful = orderExecution.provide({
    actions: {
      noteAction: assign(({ context, event }) => ({
        actionStates: context.actionStates.map((state) =>
          event.type !== 'actionChanged' || state.actionId !== event.actionId
            ? state
            : { ...state, actionStatus: isOver(state.actionStatus) ? 'RUNNING' : event.status },
        ),
      })),
    },
  })
  const untidy = orderExecution.provide({ actions: { clear: () => {} } })
  const BROKEN: readonly (readonly [Rule, string, Move, machine?: Machine])[] = [
    [
      'base',
      'drives on beyond its base',
      (snapshot, event) => transition(hasty, snapshot, event as OrderEvent),
      hasty,
    ],
    [
      'paused',
      'drives on when it is paused',
      (snapshot, event) => {
        const [after, actions] = real(snapshot, event)
        const isKept = (effect: OrderEffect | undefined) => effect?.type !== 'cancelDrive'
        return [
          after,
          event.type === 'pause'
            ? actions.filter((done) => isKept(effectsOf<OrderEffect>([done])[0]))
            : actions,
        ]
      },
    ],
    [
      'ending',
      'does not hear that it is cancelled',
      (snapshot, event) => (event.type === 'cancel' ? [snapshot, []] : real(snapshot, event)),
    ],
    [
      'once',
      'starts anew what was paused',
      (snapshot, event) => {
        const [after, actions] = real(snapshot, event)
        if (event.type !== 'resume') return [after, actions]
        const again = snapshot.context.queue
          .filter(({ action: { actionId } }) => statusIn(snapshot, actionId) === 'PAUSED')
          .map((queued) => ({ type: 'xstate.emit', params: { event: { type: 'startAction', ...queued } } }))
        return [after, [...actions, ...again]]
      },
    ],
    [
      'alone',
      'drives on while it acts',
      (snapshot, event) => transition(careless, snapshot, event as OrderEvent),
      careless,
    ],
    [
      'over',
      'lets what is over run again',
      (snapshot, event) => transition(forgetful, snapshot, event as OrderEvent),
      forgetful,
    ],
    [
      'idle',
      'keeps what it has given up',
      (snapshot, event) => transition(untidy, snapshot, event as OrderEvent),
      untidy,
    ],
  ]
  for (const [rule, name, move, machine] of BROKEN) {
    it(`${rule}: a robot that ${name} is found out`, () => {
      const { counterexample } = walked(move, rule, machine)
      console.log(endOf(`a robot that ${name}`, counterexample))
      expect(counterexample?.broken).toBe(RULES[rule])
    })
  }
  it('has no rule that cannot fail', () => {
    expect([...new Set(BROKEN.map(([rule]) => rule))].toSorted()).toEqual(Object.keys(RULES).toSorted())
  })
})
