import type {
  Action,
  ActionState,
  Header,
  InstantAction,
  MobileRobotPosition,
  Order,
  OrderNode,
  State,
  VdaError,
} from '@wardlight/core/vda5050'
import { VirtualZones } from './virtual-zones.ts'

/** What a message says beside its header. */
export type Body<Message extends Header> = Omit<Message, keyof Header>
/** What became of an order. */
export type Taken = 'accepted' | 'updated' | 'ignored' | 'refused'

/** How long an action takes, seconds. */
const ACTION_S = 0.5
/** This near a node counts as traversed, metres. */
const ARRIVAL_M = 0.01
/** As far from a first node that names no deviation the robot still takes an order, metres. */
export const START_DEVIATION_M = 1

/**
 * A robot that is none: it takes orders and drives them in straight lines at its speed. It follows the standard where it
 * can, takes what a fleet should not send wherever sense can be made of it, and can be told to fail. No clock, no wire.
 */
export class VirtualVehicle {
  readonly zones = new VirtualZones()
  position: MobileRobotPosition
  /** How fast everything goes, against how fast it could. */
  pace = 1
  operatingMode: State['operatingMode'] = 'AUTOMATIC'
  /** Beside those that follow from orders. */
  fault: VdaError | null = null
  /** The next new order is refused, as one with an action that it does not know. */
  refusesNext = false
  /** The next action of an order fails. */
  failsNextAction = false
  readonly #speedMps: number
  #order: Order | null = null
  /** Nodes ahead, the horizon with them. */
  #ahead: OrderNode[] = []
  #lastNode: Pick<OrderNode, 'nodeId' | 'sequenceId'> = { nodeId: '', sequenceId: 0 }
  #actions: { readonly action: Action; status: ActionState['actionStatus']; leftS: number }[] = []
  #queue: string[] = []
  #instant: ActionState[] = []
  #refusals: VdaError[] = []
  #isPaused = false
  #isDriving = false
  #isCancelled = false

  constructor(position: MobileRobotPosition, speedMps: number) {
    this.position = position
    this.#speedMps = speedMps
  }

  get order(): Order | null {
    return this.#order
  }

  get isIdle(): boolean {
    return (
      this.#ahead.length === 0 &&
      this.#actions.every(({ status }) => status === 'FINISHED' || status === 'FAILED')
    )
  }

  get lastNodeId(): string {
    return this.#lastNode.nodeId
  }

  get hasActions(): boolean {
    return this.#actions.length > 0
  }

  get isWaitingForBase(): boolean {
    return this.#ahead[0]?.released === false
  }

  /** As after a restart that kept nothing. */
  forget(): void {
    this.zones.forget()
    this.#order = null
    this.#ahead = []
    this.#lastNode = { nodeId: '', sequenceId: 0 }
    this.#actions = []
    this.#queue = []
    this.#instant = []
    this.#refusals = []
    this.#isPaused = false
    this.#isDriving = false
  }

  /** 3.0, 6.6.7; a mode in which the fleet is not in control clears the order (6.6.6). */
  setMode(mode: State['operatingMode']): void {
    this.operatingMode = mode
    if (mode === 'MANUAL' || mode === 'SERVICE' || mode === 'STARTUP' || mode === 'TEACH_IN') this.#clear()
  }

  /** 3.0, 6.1.2, figure 8. */
  take(order: Order): Taken {
    const held = this.#order
    if (!['AUTOMATIC', 'SEMIAUTOMATIC', 'INTERVENED'].includes(this.operatingMode)) {
      return this.#refuse(order, 'MOBILE_ROBOT_NOT_AVAILABLE', `The robot is in mode ${this.operatingMode}`)
    }
    if (held?.orderId === order.orderId) return this.#update(held, order)
    if (this.refusesNext) {
      this.refusesNext = false
      return this.#refuse(order, 'INVALID_ORDER_ACTION', 'The conformance kit refuses this order on purpose')
    }
    if (!this.isIdle) return this.#refuse(order, 'OTHER_ORDER_ACTIVE', 'An order is in work')
    if (!this.#isOnNode(order.nodes[0]!)) {
      return this.#refuse(order, 'START_NODE_OUT_OF_RANGE', 'The robot does not stand on the first node')
    }
    this.#order = order
    this.#isCancelled = false
    this.#refusals = []
    this.#actions = []
    this.#queue = []
    this.#instant = []
    this.#extend(order.nodes, order)
    this.#traverse(this.#ahead.shift()!)
    return 'accepted'
  }

  /** @returns what has to be sent for it beside a state */
  instantly({ actionId, actionType, actionParameters = [] }: InstantAction): 'factsheet' | null {
    if (this.#instant.some((known) => known.actionId === actionId)) return null
    const end = (actionStatus: 'FINISHED' | 'FAILED') =>
      void this.#instant.push({ actionId, actionType, actionStatus })
    // Somebody has the robot by hand; what a fleet should not have sent does nothing (3.0, 6.6.6).
    if (this.operatingMode !== 'AUTOMATIC' && actionType !== 'cancelOrder') {
      end('FAILED')
      return null
    }
    switch (actionType) {
      case 'startPause':
      case 'stopPause':
        this.#isPaused = actionType === 'startPause'
        end('FINISHED')
        return null
      case 'cancelOrder':
        if (this.isIdle) {
          end('FAILED')
          this.#refusals.push(errorOf('NO_ORDER_TO_CANCEL', 'There is no order', { actionId }))
        } else {
          this.#isCancelled = true
          this.#clear()
          end('FINISHED')
        }
        return null
      case 'factsheetRequest':
        end('FINISHED')
        return 'factsheet'
      case 'stateRequest':
        end('FINISHED')
        return null
      case 'enableZoneSet':
        end(this.zones.enable(actionParameters) ? 'FINISHED' : 'FAILED')
        return null
      default:
        end('FAILED')
        this.#refusals.push(errorOf('INVALID_INSTANT_ACTION', 'It is unknown here', { actionId }))
        return null
    }
  }

  /** Lets time pass. */
  step(dtS: number): void {
    this.#isDriving = false
    if (this.#isPaused || this.operatingMode !== 'AUTOMATIC' || this.fault !== null) return
    const running = this.#actions.find(({ action }) => action.actionId === this.#queue[0])
    if (running === undefined) this.#drive(this.pace * dtS)
    else this.#work(running, this.pace * dtS)
  }

  state(): Body<State> {
    const order = this.#order
    return {
      orderId: order?.orderId ?? '',
      orderUpdateId: order?.orderUpdateId ?? 0,
      lastNodeId: this.#lastNode.nodeId,
      lastNodeSequenceId: this.#lastNode.sequenceId,
      nodeStates: this.#ahead.map(({ nodeId, sequenceId, released }) => ({ nodeId, sequenceId, released })),
      edgeStates: (order?.edges ?? [])
        .filter(({ sequenceId }) => this.#ahead.some((node) => node.sequenceId === sequenceId + 1))
        .map(({ edgeId, sequenceId, released }) => ({ edgeId, sequenceId, released })),
      mobileRobotPosition: this.position,
      driving: this.#isDriving,
      paused: this.#isPaused,
      newBaseRequest: this.isWaitingForBase,
      distanceSinceLastNode: 0,
      ...this.zones.state(),
      actionStates: this.#actions.map(({ action: { actionId, actionType }, status }) => ({
        actionId,
        actionType,
        actionStatus: status,
      })),
      instantActionStates: this.#instant,
      powerSupply: { stateOfCharge: 90, charging: false },
      operatingMode: this.operatingMode,
      errors: [...this.#refusals, ...(this.fault === null ? [] : [this.fault])],
      safetyState: { activeEmergencyStop: 'NONE', fieldViolation: false },
    }
  }

  #update(held: Order, order: Order): Taken {
    if (order.orderUpdateId === held.orderUpdateId) return 'ignored'
    if (order.orderUpdateId < held.orderUpdateId) {
      return this.#refuse(order, 'OUTDATED_ORDER_UPDATE', 'A newer update is held')
    }
    if (this.#isCancelled) {
      return this.#refuse(order, 'ORDER_UPDATE_FOLLOWING_CANCEL', 'The order was cancelled')
    }
    const first = order.nodes[0]!
    const end = this.#ahead.findLast(({ released }) => released) ?? this.#lastNode
    if (first.nodeId !== end.nodeId || first.sequenceId !== end.sequenceId) {
      return this.#refuse(order, 'VALIDATION_FAILURE', `The update does not begin at ${end.nodeId}`)
    }
    const kept = this.#ahead.filter(({ released }) => released)
    this.#order = { ...order, edges: [...held.edges.filter(({ released }) => released), ...order.edges] }
    this.#refusals = []
    this.#ahead = kept
    this.#extend(order.nodes.slice(1), order)
    return 'updated'
  }

  #extend(nodes: readonly OrderNode[], { edges }: Order): void {
    this.#ahead.push(...nodes)
    const known = new Set(this.#actions.map(({ action }) => action.actionId))
    // Actions of the horizon are not reported before they are released (3.0, 6.6.9.1 leaves it open).
    const actions = [...nodes, ...edges].filter(({ released }) => released).flatMap((each) => each.actions)
    for (const action of actions) {
      if (!known.has(action.actionId)) this.#actions.push({ action, status: 'WAITING', leftS: ACTION_S })
      known.add(action.actionId)
    }
  }

  #drive(dtS: number): void {
    const next = this.#ahead[0]
    if (next === undefined || !next.released) return
    const target = next.nodePosition
    const distanceM = target === undefined ? 0 : distance(this.position, target)
    if (target !== undefined && distanceM > ARRIVAL_M) {
      const share = Math.min(1, (this.#speedMps * dtS) / distanceM)
      this.position = {
        ...this.position,
        x: this.position.x + share * (target.x - this.position.x),
        y: this.position.y + share * (target.y - this.position.y),
        mapId: target.mapId,
      }
      this.#isDriving = true
      if (share < 1) return
    }
    this.position = { ...this.position, theta: target?.theta ?? this.position.theta }
    this.#traverse(this.#ahead.shift()!)
  }

  /** Actions of the edge that led here are over, those of the node begin. */
  #traverse(node: OrderNode): void {
    this.#lastNode = node
    const edge = this.#order?.edges.find(({ sequenceId }) => sequenceId === node.sequenceId - 1)
    for (const { actionId } of edge?.actions ?? []) {
      const own = this.#actions.find(({ action }) => action.actionId === actionId)
      if (own?.status === 'WAITING') own.status = 'FINISHED'
    }
    this.#queue.push(...node.actions.map(({ actionId }) => actionId))
  }

  #work(running: { status: ActionState['actionStatus']; leftS: number }, dtS: number): void {
    if (running.status === 'FINISHED' || running.status === 'FAILED') {
      this.#queue.shift()
      return
    }
    running.status = 'RUNNING'
    running.leftS -= dtS
    if (running.leftS > 0) return
    running.status = this.failsNextAction ? 'FAILED' : 'FINISHED'
    this.failsNextAction = false
    this.#queue.shift()
  }

  #clear(): void {
    this.#ahead = []
    this.#queue = []
    this.#isDriving = false
    for (const own of this.#actions) if (own.status !== 'FINISHED') own.status = 'FAILED'
  }

  #refuse(
    { orderId, orderUpdateId }: Order,
    errorType: string,
    description: string,
  ): Extract<Taken, 'refused'> {
    this.#refusals.push(errorOf(errorType, description, { orderId, orderUpdateId: String(orderUpdateId) }))
    return 'refused'
  }

  #isOnNode(node: OrderNode): boolean {
    return isOnNode(node, { position: this.position, lastNodeId: this.#lastNode.nodeId })
  }
}

/** Whether a robot stands on a node or in its deviation range (3.0, 6.1.1). */
export function isOnNode(
  { nodeId, nodePosition }: OrderNode,
  { position, lastNodeId }: { readonly position: MobileRobotPosition; readonly lastNodeId: string },
): boolean {
  if (nodePosition === undefined) return nodeId === lastNodeId || lastNodeId === ''
  const { allowedDeviationXY, mapId } = nodePosition
  const reachM = Math.max(START_DEVIATION_M, allowedDeviationXY?.a ?? 0, allowedDeviationXY?.b ?? 0)
  return mapId === position.mapId && distance(nodePosition, position) <= reachM
}

function distance(
  a: { readonly x: number; readonly y: number },
  b: { readonly x: number; readonly y: number },
): number {
  return Math.hypot(a.x - b.x, a.y - b.y)
}

function errorOf(
  errorType: string,
  errorDescription: string,
  references: Readonly<Record<string, string>>,
): VdaError {
  return {
    errorType,
    errorLevel: 'WARNING',
    errorDescription,
    errorReferences: Object.entries(references).map(([referenceKey, referenceValue]) => ({
      referenceKey,
      referenceValue,
    })),
  }
}
