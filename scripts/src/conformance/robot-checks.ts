import type { Action, Order, OrderNode, State, VdaError } from '@wardlight/core/vda5050'
import type { CheckId } from './catalogue.ts'
import { CheckFailed, CheckNotRun, mustBe, type Heard } from './heard.ts'
import { clockProblems, of } from './judge-messages.ts'
import type { RunCheck } from './outcomes.ts'
import type { RobotUnderTest } from './robot-under-test.ts'

export interface Place {
  readonly x: number
  readonly y: number
  readonly theta?: number
}

export interface RobotCheckOptions {
  /** Three free places that the robot may drive to; by default ahead of it, `LEG_M` apart. */
  readonly places?: readonly Place[] | undefined
  readonly mapId?: string | undefined
  /** How long an answer may take, seconds. */
  readonly answerS: number
  /** How long a way may take, seconds. */
  readonly driveS: number
  /** Cuts the robot off the network, and lets it back; without it what the last will does is not tested. */
  readonly cutLine?: { cut(): Promise<void>; mend(): Promise<void> } | undefined
  /** An action of nodes, HARD, that it can do alone; without it the first that its factsheet declares without parameters. */
  readonly nodeAction?: KitNodeAction | undefined
}

export type KitNodeAction = Pick<Action, 'actionType' | 'actionParameters'>

/** Long enough to pause and cancel on. */
const LEG_M = 1.5
/** What may stand between a place and the robot that says it is there. */
const ARRIVAL_M = 1
/** How long it is watched at the end of its base, seconds. */
const BASE_END_WATCH_S = 4
const FAR_M = 500

type OrderBody = Omit<Order, 'headerId' | 'timestamp' | 'version' | 'manufacturer' | 'serialNumber'>

/** The story of one robot from joining to leaving, check by check. */
export async function runRobotChecks(
  robot: RobotUnderTest,
  options: RobotCheckOptions,
  run: RunCheck,
): Promise<void> {
  const story = new RobotStory(robot, options, run)
  await story.line()
  await story.instantActions()
  await story.refusals()
  await story.driving()
  await story.pauseAndCancel()
  await story.nodeActions()
  await story.brokenLine()
}

class RobotStory {
  readonly #robot: RobotUnderTest
  readonly #options: RobotCheckOptions
  readonly #run: RunCheck
  #lines: { readonly start: Place; readonly places: readonly Place[]; readonly mapId: string } | null = null
  /** Refused orders so far, whose errors an accepted order must clear. */
  readonly #refusedIds: string[] = []
  #held: OrderBody | null = null

  constructor(robot: RobotUnderTest, options: RobotCheckOptions, run: RunCheck) {
    this.#robot = robot
    this.#options = options
    this.#run = run
  }

  async line(): Promise<void> {
    const { heard } = this.#robot
    const retained = (topic: Heard['topic']) => of(heard, topic).find(({ retain }) => retain)
    const { answerS } = this.#options
    await this.#run('R01', async () => {
      await this.#robot.until(() => retained('connection') !== undefined, answerS, 'a retained connection')
      const { connectionState } = retained('connection')!.body as { connectionState?: string }
      mustBe(connectionState === 'ONLINE', `it says ${String(connectionState)}`)
    })
    await this.#run('R02', async () => {
      const qos = retained('connection')?.qos
      if (qos === undefined) throw new CheckNotRun('there is no retained connection')
      mustBe(qos === 1, `it has quality of service ${qos}`)
    })
    await this.#run('R03', async () => {
      await this.#robot.until(() => retained('factsheet') !== undefined, answerS, 'a retained factsheet')
    })
  }

  async instantActions(): Promise<void> {
    const robot = this.#robot
    const { answerS } = this.#options
    let isClockJudged = false
    await this.#run('R10', async () => {
      const before = robot.states.length
      const id = await robot.sendInstantAction('stateRequest')
      await robot.until(() => robot.states.length > before, answerS, 'a state')
      const answer = of(robot.heard, 'state').at(-1)!
      await this.#run('R87', async () => {
        isClockJudged = true
        const [problem] = clockProblems(answer)
        mustBe(problem === undefined, problem ?? '')
      })
      await this.#ends(id, 'FINISHED')
    })
    if (!isClockJudged) await this.#run('R87', () => notRun('no state came'))
    await this.#run('R11', async () => {
      const before = of(robot.heard, 'factsheet').length
      const id = await robot.sendInstantAction('factsheetRequest')
      await robot.until(() => of(robot.heard, 'factsheet').length > before, answerS, 'a factsheet')
      await this.#ends(id, 'FINISHED')
    })
    await this.#run('R12', async () => {
      const declared = this.#declared().filter(({ actionScopes }) => actionScopes.includes('INSTANT'))
      const types = new Set(declared.map(({ actionType }) => actionType))
      const missing = ['cancelOrder', 'startPause', 'stopPause'].filter((type) => !types.has(type))
      mustBe(missing.length === 0, `it does not declare ${missing.join(', ')}`)
    })
    let unknownId = ''
    await this.#run('R13', async () => {
      unknownId = await robot.sendInstantAction('conformanceKitUnknownAction')
      await this.#ends(unknownId, 'FAILED')
    })
    await this.#run('R14', async () => {
      await robot.until(
        () => this.#errors(unknownId).some(({ errorType }) => errorType === 'INVALID_INSTANT_ACTION'),
        answerS,
        'an INVALID_INSTANT_ACTION that names the actionId',
      )
    })
    let cancelId = ''
    await this.#run('R15', async () => {
      if (!isIdle(robot.state)) throw new CheckNotRun('the robot has an order in work')
      cancelId = await robot.sendInstantAction('cancelOrder')
      await this.#ends(cancelId, 'FAILED')
    })
    await this.#run('R16', async () => {
      if (cancelId === '') throw new CheckNotRun('the robot has an order in work')
      await robot.until(
        () =>
          this.#errors(cancelId).some(
            ({ errorType, errorLevel }) => errorType === 'NO_ORDER_TO_CANCEL' && errorLevel === 'WARNING',
          ),
        answerS,
        `a warning ${this.#name('NO_ORDER_TO_CANCEL', 'noOrderToCancel')} that names the actionId`,
      )
    })
    if (robot.version === '2.1') return
    await this.#run('R17', async () => {
      if (!this.#declared().some(({ actionType }) => actionType === 'clearInstantActions')) {
        throw new CheckNotRun('its factsheet does not declare clearInstantActions')
      }
      await robot.sendInstantAction('clearInstantActions')
      await robot.until(
        () => robot.instantActionState(unknownId) === undefined,
        answerS,
        'a state without the actions that are over',
      )
    })
  }

  async refusals(): Promise<void> {
    const robot = this.#robot
    const isValidation = ({ errorType }: VdaError) => errorType === 'VALIDATION_FAILURE'
    await this.#run('R20', async () => {
      const before = validationErrors(robot.state)
      await robot.sendOrderText('{"orderId":')
      await robot.until(
        () => validationErrors(robot.state) > before,
        this.#options.answerS,
        this.#name('a VALIDATION_FAILURE', 'a validationError'),
      )
    })
    await this.#run('R21', async () => {
      const orderId = robot.id('no-nodes')
      const before = robot.state?.orderId
      const errorsBefore = validationErrors(robot.state)
      await robot.sendOrderText(
        JSON.stringify({ ...robot.rawHeader('order'), orderId, orderUpdateId: 0, nodes: [], edges: [] }),
      )
      await robot.until(
        () => this.#errors(orderId).some(isValidation) || validationErrors(robot.state) > errorsBefore,
        this.#options.answerS,
        this.#name('a VALIDATION_FAILURE', 'a validationError'),
      )
      mustBe(robot.state?.orderId === before, 'it took the order over')
    })
    await this.#refused('R22', 'INVALID_ORDER_ACTION', (order) => ({
      ...order,
      nodes: order.nodes.map((node, index) =>
        index === 0
          ? {
              ...node,
              actions: [
                {
                  actionType: 'conformanceKitUnknownAction',
                  actionId: robot.id('action'),
                  blockingType: 'HARD' as const,
                },
              ],
            }
          : node,
      ),
    }))
    await this.#refused('R23', 'UNSUPPORTED_PARAMETER', (order) => {
      const supported = this.#factsheetParameters().find((parameter) => parameter.includes('trajectory'))
      if (supported !== undefined) throw new CheckNotRun(`it supports ${supported}`)
      const controlPoints = order.nodes.map(({ nodePosition }) => ({
        x: nodePosition!.x,
        y: nodePosition!.y,
      }))
      const trajectory = { degree: 1, knotVector: [0, 0, 1, 1], controlPoints: controlPoints.slice(0, 2) }
      return { ...order, edges: order.edges.map((edge) => ({ ...edge, trajectory })) }
    })
    await this.#refused('R24', 'START_NODE_OUT_OF_RANGE', (order) => ({
      ...order,
      nodes: order.nodes.map((node) => ({
        ...node,
        nodePosition: { ...node.nodePosition!, x: node.nodePosition!.x + FAR_M },
      })),
    }))
    await this.#refused('R25', 'UNKNOWN_MAP_ID', (order) => ({
      ...order,
      nodes: order.nodes.map((node, index) =>
        index === 0
          ? node
          : { ...node, nodePosition: { ...node.nodePosition!, mapId: 'conformance-kit-unknown-map' } },
      ),
    }))
    await this.#refused('R26', null, (order) => ({ ...order, orderUpdateId: 3 }))
  }

  async driving(): Promise<void> {
    const robot = this.#robot
    const { answerS, driveS } = this.#options
    await this.#run('R30', async () => {
      const order = this.#orderFrom('base', [0, 1], 1)
      await robot.sendOrder(order)
      await robot.until(
        () => robot.state?.orderId === order.orderId && robot.state.orderUpdateId === 0,
        answerS,
        `a state with orderId ${order.orderId}; ${errorsOf(robot.state)}`,
      )
      this.#held = order
    })
    await this.#run('R31', async () => {
      const order = this.#needHeld()
      if (this.#refusedIds.length === 0) throw new CheckNotRun('nothing was refused')
      const left = this.#refusedIds.filter((id) => this.#errors(id).length > 0)
      mustBe(
        left.length === 0,
        `after ${order.orderId} was accepted it still has errors of ${left.join(', ')}`,
      )
    })
    await this.#run('R32', async () => {
      const order = this.#needHeld()
      const first = robot.states.find(({ orderId }) => orderId === order.orderId)!
      const ids = first.nodeStates.map(({ nodeId, released }) => `${nodeId}${released ? '' : '?'}`)
      const wanted = order.nodes.slice(1).map(({ nodeId, released }) => `${nodeId}${released ? '' : '?'}`)
      mustBe(
        wanted.join() === ids.join(),
        `nodeStates are ${ids.join(', ') || 'empty'}; they should be ${wanted.join(', ')} (? for the horizon)`,
      )
      mustBe(first.edgeStates.length === order.edges.length, `it has ${first.edgeStates.length} edgeStates`)
    })
    await this.#run('R33', async () => {
      const order = this.#needHeld()
      await this.#keeps(order, () => robot.sendOrder(order))
    })
    await this.#run('R34', async () => {
      const order = this.#needHeld()
      const changed = { ...order, nodes: order.nodes.slice(0, 2), edges: order.edges.slice(0, 1) }
      await robot.sendOrder(changed)
      await robot.until(
        () => this.#errors(order.orderId).some(({ errorType }) => errorType === 'SAME_ORDER_UPDATE_ID'),
        answerS,
        'a SAME_ORDER_UPDATE_ID that names the orderId',
      )
    })
    await this.#run('R35', async () => {
      const order = this.#needHeld()
      const other = this.#orderFrom('other', [0], 1)
      await robot.sendOrder(other)
      await this.#untilRefused(other.orderId, 'OTHER_ORDER_ACTIVE')
      mustBe(robot.state?.orderId === order.orderId, 'it dropped the order that was in work')
    })
    await this.#run('R36', async () => {
      const order = this.#needHeld()
      const node = order.nodes[1]!
      await robot.until(() => robot.state?.lastNodeId === node.nodeId, driveS, `lastNodeId ${node.nodeId}`)
      const { lastNodeSequenceId, nodeStates, edgeStates } = robot.state!
      mustBe(lastNodeSequenceId === node.sequenceId, `lastNodeSequenceId is ${lastNodeSequenceId}`)
      mustBe(!nodeStates.some(({ nodeId }) => nodeId === node.nodeId), 'the node is still in nodeStates')
      mustBe(!edgeStates.some(({ sequenceId }) => sequenceId < node.sequenceId), 'the edge is still there')
    })
    await this.#run('R37', async () => {
      const order = this.#needHeld()
      const end = order.nodes[1]!
      if (robot.state?.lastNodeId !== end.nodeId)
        throw new CheckNotRun('it did not reach the end of its base')
      await robot.until(() => robot.state?.driving === false, answerS, 'driving: false')
      await robot.wait(BASE_END_WATCH_S)
      const { lastNodeId, lastNodeSequenceId, driving, mobileRobotPosition } = robot.state
      mustBe(lastNodeSequenceId === end.sequenceId, `it says ${lastNodeId} (${lastNodeSequenceId})`)
      mustBe(!driving, 'it drives')
      const awayM = mobileRobotPosition && distanceM(mobileRobotPosition, end.nodePosition!)
      mustBe(awayM === undefined || awayM <= ARRIVAL_M, `it is ${awayM?.toFixed(1)} m beyond the node`)
    })
    await this.#run('R38', async () => {
      const order = this.#needHeld()
      const wrong = this.#update(order, [2], 1, { nodeId: order.nodes[0]!.nodeId, sequenceId: 0 })
      const before = robot.states.length
      await robot.sendOrder(wrong)
      await robot.until(
        () =>
          robot.states
            .slice(before)
            .some(({ errors }) => errors.some((error) => names(error, order.orderId))),
        answerS,
        'an error that names the orderId',
      )
      mustBe(robot.state?.orderUpdateId === order.orderUpdateId, 'it took the update over')
    })
    await this.#run('R39', async () => {
      const order = this.#needHeld()
      const update = this.#update(order, [2, 1], 1)
      await robot.sendOrder(update)
      await robot.until(() => robot.state?.orderUpdateId === 1, answerS, 'orderUpdateId 1')
      const dropped = order.nodes[2]!.nodeId
      mustBe(
        !robot.state!.nodeStates.some(({ nodeId }) => nodeId === dropped),
        'the old horizon is still there',
      )
      this.#held = update
    })
    await this.#run('R40', async () => {
      const held = this.#needHeld()
      if (held.orderUpdateId === 0) throw new CheckNotRun('no update was accepted')
      await this.#keeps(held, async () => {
        await robot.sendOrder({ ...held, orderUpdateId: 0 })
        await this.#untilRefused(held.orderId, 'OUTDATED_ORDER_UPDATE')
      })
    })
    await this.#run('R41', async () => {
      const held = this.#needHeld()
      await robot.until(() => isIdle(robot.state), driveS, `the order done; ${whereabouts(robot.state)}`)
      mustBe(robot.state?.orderId === held.orderId, `orderId is ${robot.state?.orderId}`)
      const last = held.nodes.at(-1)!
      mustBe(robot.state.lastNodeId === last.nodeId, `lastNodeId is ${robot.state.lastNodeId}`)
    })
    await this.#run('R42', async () => {
      const held = this.#needHeld()
      if (!isIdle(robot.state)) throw new CheckNotRun('the order is not done')
      const update = this.#update(held, [0], held.orderUpdateId + 1)
      await robot.sendOrder(update)
      await robot.until(
        () => robot.state?.orderUpdateId === update.orderUpdateId,
        answerS,
        `orderUpdateId ${update.orderUpdateId}; ${errorsOf(robot.state)}`,
      )
      this.#held = update
      await robot.until(() => isIdle(robot.state), driveS, `the order done; ${whereabouts(robot.state)}`)
    })
    await this.#backToIdle()
  }

  async pauseAndCancel(): Promise<void> {
    const robot = this.#robot
    const { answerS, driveS } = this.#options
    const drivesOff = async (what: string) => {
      const order = this.#orderFrom(what, [2, 0], 2)
      await robot.sendOrder(order)
      await robot.until(
        () => robot.state?.orderId === order.orderId,
        answerS,
        `the order; ${errorsOf(robot.state)}`,
      )
      await robot.until(() => robot.state?.driving === true, driveS, 'driving: true')
      return order
    }
    let order: OrderBody | null = null
    await this.#run('R50', async () => {
      order = await drivesOff('pause')
      const id = await robot.sendInstantAction('startPause')
      await this.#ends(id, 'FINISHED', driveS)
      await robot.until(() => robot.state?.paused === true, answerS, 'paused: true')
      await robot.until(() => robot.state?.driving === false, answerS, 'driving: false')
      const before = robot.state!.mobileRobotPosition
      await robot.wait(2)
      const after = robot.state!.mobileRobotPosition
      mustBe(before === undefined || distanceM(before, after!) < 0.2, 'it moves while paused')
      mustBe(robot.state?.orderId === order.orderId && !isIdle(robot.state), 'it dropped its order')
    })
    await this.#run('R51', async () => {
      if (robot.state?.paused !== true) throw new CheckNotRun('it is not paused')
      const id = await robot.sendInstantAction('stopPause')
      await this.#ends(id, 'FINISHED')
      await robot.until(() => robot.state?.paused !== true, answerS, 'paused: false')
      await robot.until(() => robot.state?.driving === true, answerS, 'driving: true')
    })
    await this.#run('R52', async () => {
      if (isIdle(robot.state)) throw new CheckNotRun('no order is in work')
      const id = await robot.sendInstantAction('cancelOrder', [
        { key: 'orderId', value: robot.id('somebody-elses') },
      ])
      await this.#ends(id, 'FAILED')
      mustBe(!isIdle(robot.state), 'it dropped its order')
    })
    await this.#run('R53', async () => {
      if (order === null || isIdle(robot.state)) order = await drivesOff('cancel')
      const id = await robot.sendInstantAction('cancelOrder')
      await this.#ends(id, 'FINISHED', driveS)
      await robot.until(() => isIdle(robot.state), answerS, 'nodeStates and edgeStates empty')
      await robot.until(() => robot.state?.driving === false, answerS, 'driving: false')
      mustBe(robot.state?.orderId === order.orderId, `orderId is ${robot.state?.orderId}`)
    })
    await this.#run('R54', async () => {
      if (order === null || !isIdle(robot.state)) throw new CheckNotRun('nothing was cancelled')
      await robot.sendOrder(this.#update(order, [0], order.orderUpdateId + 1))
      await this.#untilRefused(order.orderId, 'ORDER_UPDATE_FOLLOWING_CANCEL')
    })
    await this.#run('R55', async () => {
      if (!isIdle(robot.state)) throw new CheckNotRun('it is not idle')
      const next = this.#orderFrom('after-cancel', [0], 1)
      await robot.sendOrder(next)
      await robot.until(
        () => robot.state?.orderId === next.orderId,
        answerS,
        `the order; ${errorsOf(robot.state)}`,
      )
      await robot.until(() => isIdle(robot.state), driveS, `the order done; ${whereabouts(robot.state)}`)
    })
    await this.#backToIdle()
  }

  async nodeActions(): Promise<void> {
    const robot = this.#robot
    const { answerS, driveS } = this.#options
    const plain: { readonly actionType: string } | undefined =
      this.#options.nodeAction ??
      this.#declared().find(
        ({ actionScopes, actionParameters, blockingTypes }) =>
          actionScopes.includes('NODE') &&
          (actionParameters ?? []).every(({ isOptional }) => isOptional === true) &&
          (blockingTypes === undefined || blockingTypes.includes('HARD')),
      )
    const missing =
      'the factsheet declares no action of nodes without parameters, and none was given (--node-action)'
    let actionId = ''
    let from = 0
    await this.#run('R60', async () => {
      if (plain === undefined) throw new CheckNotRun(missing)
      const order = this.#orderFrom('action', [0], 1)
      actionId = robot.id('action')
      const [first, ...nodes] = order.nodes
      const parameters = this.#options.nodeAction?.actionParameters
      const actions: Action[] = [
        {
          actionType: plain.actionType,
          actionId,
          blockingType: 'HARD',
          ...(parameters === undefined ? {} : { actionParameters: parameters }),
        },
      ]
      from = robot.states.length
      await robot.sendOrder({ ...order, nodes: [{ ...first!, actions }, ...nodes] })
      await robot.until(() => robot.actionState(actionId) !== undefined, answerS, 'an actionState')
      await robot.until(
        () => ['FINISHED', 'FAILED'].includes(robot.actionState(actionId)?.actionStatus ?? ''),
        driveS,
        'the action over',
      )
      mustBe(robot.actionState(actionId)?.actionStatus === 'FINISHED', 'the action FAILED')
    })
    await this.#run('R61', async () => {
      if (plain === undefined) throw new CheckNotRun(missing)
      const running = robot.states
        .slice(from)
        .filter(({ actionStates }) =>
          actionStates.some((action) => action.actionId === actionId && action.actionStatus === 'RUNNING'),
        )
      if (running.length === 0) throw new CheckNotRun('no state came while the action ran')
      mustBe(!running.some(({ driving }) => driving), 'it drives while the action runs')
    })
    await this.#backToIdle()
  }

  async brokenLine(): Promise<void> {
    const { heard } = this.#robot
    const { cutLine, answerS } = this.#options
    const last = () => of(heard, 'connection').at(-1)
    const says = (state: string) => () =>
      (last()?.body as { connectionState?: string } | undefined)?.connectionState === state
    const missing = 'nothing was given that cuts its line (--cut-line)'
    const broken = this.#robot.version === '3.0' ? 'CONNECTION_BROKEN' : 'CONNECTIONBROKEN'
    await this.#run('R70', async () => {
      if (cutLine === undefined) throw new CheckNotRun(missing)
      await cutLine.cut()
      // The broker waits one and a half times the keep-alive where the network says nothing (MQTT 3.1.1, 3.1.2.10).
      await this.#robot.until(says(broken), Math.max(answerS, 60), `connectionState ${broken}`)
    })
    await this.#run('R71', async () => {
      if (cutLine === undefined) throw new CheckNotRun(missing)
      await cutLine.mend()
      await this.#robot.until(says('ONLINE'), Math.max(answerS, 60), 'connectionState ONLINE')
    })
  }

  /** Whatever went wrong before: the next part begins with an idle robot. */
  async #backToIdle(): Promise<void> {
    const robot = this.#robot
    if (isIdle(robot.state)) return
    if (robot.state?.paused === true) await robot.sendInstantAction('stopPause')
    await robot.sendInstantAction('cancelOrder')
    await robot.until(() => isIdle(robot.state), this.#options.driveS, 'idle').catch(() => {})
  }

  async #ends(
    actionId: string,
    status: 'FINISHED' | 'FAILED',
    withinS = this.#options.answerS,
  ): Promise<void> {
    const robot = this.#robot
    const isOver = () =>
      ['FINISHED', 'FAILED'].includes(robot.instantActionState(actionId)?.actionStatus ?? '')
    const list = this.#name('instantActionStates', 'actionStates')
    await robot.until(isOver, withinS, `the action ${status} in ${list}`)
    const { actionStatus, actionResult } = robot.instantActionState(actionId)!
    mustBe(actionStatus === status, `it is ${actionStatus}: ${actionResult ?? 'no reason given'}`)
  }

  /** Sends an order that must not be taken over, and waits for the error. */
  async #refused(
    id: CheckId,
    errorType: string | null,
    change: (order: OrderBody) => OrderBody,
  ): Promise<void> {
    await this.#run(id, async () => {
      const order = change(this.#orderFrom('refused', [0], 1))
      await this.#robot.sendOrder(order)
      await this.#untilRefused(order.orderId, errorType)
    })
  }

  /** 2.x has few names for errors (6.6.4), and figure 8 none: there any error that names the order will do. */
  async #untilRefused(orderId: string, errorType: string | null): Promise<void> {
    const robot = this.#robot
    const isTold = () =>
      this.#errors(orderId).some(
        (error) => robot.version === '2.1' || errorType === null || error.errorType === errorType,
      )
    const before = robot.state?.orderId
    const wanted = robot.version === '2.1' || errorType === null ? 'an error' : `an ${errorType}`
    this.#refusedIds.push(orderId)
    await robot
      .until(isTold, this.#options.answerS, `${wanted} that names the orderId`)
      .catch((error: unknown) => {
        throw new CheckFailed(`${(error as Error).message}; ${errorsOf(robot.state)}`)
      })
    mustBe(before === orderId || robot.state?.orderId !== orderId, 'it took the order over')
  }

  /** Whatever is sent, the order held goes on as it was. */
  async #keeps(held: OrderBody, send: () => Promise<void>): Promise<void> {
    const robot = this.#robot
    const errorsBefore = robot.state?.errors.length ?? 0
    await send()
    await robot.wait(1)
    const { orderId, orderUpdateId, errors } = robot.state!
    mustBe(
      orderId === held.orderId && orderUpdateId === held.orderUpdateId,
      `it now holds ${orderId} (${orderUpdateId})`,
    )
    if (robot.version === '3.0' && held.orderUpdateId === 0) {
      mustBe(errors.length <= errorsBefore, `it reports ${errorsOf(robot.state)}`)
    }
  }

  #errors(id: string): VdaError[] {
    return (this.#robot.state?.errors ?? []).filter((error) => names(error, id))
  }

  #name(v3: string, v2: string): string {
    return this.#robot.version === '3.0' ? v3 : v2
  }

  #needHeld(): OrderBody {
    if (this.#held === null) throw new CheckNotRun('no order was accepted before')
    return this.#held
  }

  #declared() {
    const factsheet = of(this.#robot.heard, 'factsheet').at(-1)?.body as
      | { protocolFeatures?: Readonly<Record<string, unknown>> }
      | undefined
    const actions = factsheet?.protocolFeatures?.[this.#name('mobileRobotActions', 'agvActions')]
    return (Array.isArray(actions) ? actions : []) as {
      readonly actionType: string
      readonly actionScopes: readonly string[]
      readonly actionParameters?: readonly { readonly isOptional?: boolean }[]
      readonly blockingTypes?: readonly string[]
    }[]
  }

  #factsheetParameters(): string[] {
    const factsheet = of(this.#robot.heard, 'factsheet').at(-1)?.body as
      | { protocolFeatures?: { optionalParameters?: readonly { readonly parameter: string }[] } }
      | undefined
    return (factsheet?.protocolFeatures?.optionalParameters ?? []).map(({ parameter }) => parameter)
  }

  /** Where the robot stands, and where it may go; found once, when it is first needed. */
  #ways() {
    if (this.#lines !== null) return this.#lines
    const position = this.#robot.state?.mobileRobotPosition
    if (position === undefined) throw new CheckNotRun('the robot does not say where it is')
    const { x, y, theta } = position
    const places =
      this.#options.places ??
      [1, 2, 3].map((legs) => ({
        x: x + legs * LEG_M * Math.cos(theta),
        y: y + legs * LEG_M * Math.sin(theta),
        theta,
      }))
    this.#lines = { start: { x, y, theta }, places, mapId: this.#options.mapId ?? position.mapId }
    return this.#lines
  }

  /** From where the robot stands over these places; `released` of them, not counting the first node. */
  #orderFrom(what: string, placeIndexes: readonly number[], released: number): OrderBody {
    const { places, mapId } = this.#ways()
    const { x, y } = this.#robot.state!.mobileRobotPosition!
    const orderId = this.#robot.id(what)
    const way = [{ x, y }, ...placeIndexes.map((index) => places[index]!)]
    return {
      orderId,
      orderUpdateId: 0,
      orderDescription: 'VDA 5050 conformance kit',
      nodes: way.map((place, index) => nodeOf(orderId, place, 2 * index, index <= released, mapId)),
      edges: way.slice(1).map((_, index) => edgeOf(orderId, 2 * index + 1, index < released)),
    }
  }

  /** Everything released, from the last released node of the order, or from another. */
  #update(
    held: OrderBody,
    placeIndexes: readonly number[],
    orderUpdateId: number,
    stitch?: { readonly nodeId: string; readonly sequenceId: number },
  ): OrderBody {
    const { places, mapId } = this.#ways()
    const end = held.nodes.findLast(({ released }) => released)!
    const first = { ...end, ...stitch }
    const { orderId } = held
    // Ids of their own: the old horizon had other nodes under these numbers.
    const prefix = `${orderId}.${orderUpdateId}`
    return {
      ...held,
      orderUpdateId,
      nodes: [
        first,
        ...placeIndexes.map((place, index) =>
          nodeOf(prefix, places[place]!, first.sequenceId + 2 * (index + 1), true, mapId),
        ),
      ],
      edges: placeIndexes.map((_, index) => edgeOf(prefix, first.sequenceId + 2 * index + 1, true)),
    }
  }
}

function nodeOf(
  prefix: string,
  place: Place,
  sequenceId: number,
  released: boolean,
  mapId: string,
): OrderNode {
  return {
    nodeId: `${prefix}.n${sequenceId}`,
    sequenceId,
    released,
    nodePosition: { ...place, mapId, allowedDeviationXY: { a: 0.5, b: 0.5, theta: 0 } },
    actions: [],
  }
}

function edgeOf(prefix: string, sequenceId: number, released: boolean) {
  return { edgeId: `${prefix}.e${sequenceId}`, sequenceId, released, actions: [] }
}

function isIdle(state: State | null): boolean {
  return (
    state !== null &&
    state.nodeStates.length === 0 &&
    state.edgeStates.length === 0 &&
    state.actionStates.every(({ actionStatus }) => actionStatus === 'FINISHED' || actionStatus === 'FAILED')
  )
}

function validationErrors(state: State | null): number {
  return (state?.errors ?? []).filter(({ errorType }) => errorType === 'VALIDATION_FAILURE').length
}

function names({ errorReferences }: VdaError, id: string): boolean {
  return errorReferences?.some(({ referenceValue }) => referenceValue === id) ?? false
}

function errorsOf(state: State | null): string {
  const errors = (state?.errors ?? []).map(
    ({ errorType, errorDescription }) =>
      `${errorType}${errorDescription === undefined ? '' : `: ${errorDescription}`}`,
  )
  return errors.length === 0 ? 'it reports no errors' : `it reports ${errors.join('; ')}`
}

function whereabouts(state: State | null): string {
  return `it is at ${state?.lastNodeId} (${state?.lastNodeSequenceId}), ${errorsOf(state)}`
}

function distanceM(a: Place, b: Place): number {
  return Math.hypot(a.x - b.x, a.y - b.y)
}

function notRun(reason: string): Promise<void> {
  return Promise.reject(new CheckNotRun(reason))
}
