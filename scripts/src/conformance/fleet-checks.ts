import type { State } from '@wardlight/core/vda5050'
import type { CheckId, TestedVersion } from './catalogue.ts'
import { checksFor } from './catalogue.ts'
import { CheckNotRun, mustBe } from './heard.ts'
import { zoneSetsOf } from './judge-zones.ts'
import type { Operator, Wish } from './operator.ts'
import type { RunCheck } from './outcomes.ts'
import { barestState, richerMessage, type VirtualRobot } from './virtual-robot.ts'
import type { VirtualVehicle } from './virtual-vehicle.ts'
import { until, wait } from './waiting.ts'

export interface FleetCheckOptions {
  readonly version: TestedVersion
  readonly operator: Operator
  /** How long a way may take, seconds. */
  readonly driveS: number
  /** How long it is watched that nothing comes, seconds; with somebody at a keyboard, as long as they may take. */
  readonly quietS: number
}

/** What a fleet says of a state may still be on its way, seconds. */
const ON_THE_WAY_S = 1
/** As long the robot is left alone before it counts as free: fleets send idle robots home, seconds. */
const ALONE_S = 2.5
/** Slow enough to pause, cancel and lose an order on the way. */
const CRAWL_PACE = 0.02

/** The story of one robot that joins a fleet, check by check. */
export async function runFleetChecks(
  robot: VirtualRobot,
  vehicle: VirtualVehicle,
  options: FleetCheckOptions,
  run: RunCheck,
): Promise<{ readonly cancelledAtMs: ReadonlyMap<string, number> }> {
  const story = new FleetStory(robot, vehicle, options, run)
  await story.joining()
  await story.tolerance()
  await story.failures()
  await story.pauseAndCancel()
  await story.silence()
  await story.zones()
  await story.brokenLine()
  return story
}

class FleetStory {
  readonly cancelledAtMs = new Map<string, number>()
  readonly #robot: VirtualRobot
  readonly #vehicle: VirtualVehicle
  readonly #options: FleetCheckOptions
  readonly #run: RunCheck

  constructor(robot: VirtualRobot, vehicle: VirtualVehicle, options: FleetCheckOptions, run: RunCheck) {
    this.#robot = robot
    this.#vehicle = vehicle
    this.#options = options
    this.#run = run
  }

  async joining(): Promise<void> {
    await this.#check('F01', () => this.#quietAfter('order'))
    await this.#robot.connect()
    await this.#check('F10', () => this.#orderDone())
  }

  async tolerance(): Promise<void> {
    const robot = this.#robot
    await this.#check('F11', async () => {
      robot.spoilState = barestState
      await robot.sayState()
      await this.#orderDone()
    })
    await this.#check('F12', async () => {
      robot.spoilState = richerMessage
      robot.spoilFactsheet = richerMessage
      await robot.sayFactsheet()
      await robot.sayState()
      await this.#orderDone()
    })
    robot.spoilState = (state) => state
    robot.spoilFactsheet = (factsheet) => factsheet
    await robot.sayFactsheet()
    await this.#check('F13', async () => {
      await robot.sayStateText('{"orderId":')
      await robot.sayStateText('[]')
      robot.spoilState = (state) => ({ ...state, powerSupply: null, batteryState: null })
      await robot.sayState()
      robot.spoilState = (state) => state
      await robot.sayState()
      await this.#orderDone()
    })
    robot.spoilState = (state) => state
  }

  async failures(): Promise<void> {
    const vehicle = this.#vehicle
    await this.#check('F14', async () => {
      await this.#free()
      const before = this.#robot.orders.length
      vehicle.refusesNext = true
      await this.#ask('order', true)
      await until(() => this.#robot.orders.length > before, this.#options.operator.answerS, 'an order')
      mustBe(this.#robot.orders[before]!.taken === 'refused', 'the order was not refused')
      await wait(ON_THE_WAY_S)
      await this.#orderDone()
    })
    vehicle.refusesNext = false
    await this.#check('F15', async () => {
      vehicle.failsNextAction = true
      await this.#orderDone()
      if (vehicle.failsNextAction) throw new CheckNotRun('the order had no action')
      await this.#orderDone()
    })
    vehicle.failsNextAction = false
    await this.#check('F16', async () => {
      const horizons = this.#robot.orders.filter(({ order }) => order.nodes.some(({ released }) => !released))
      if (horizons.length === 0) throw new CheckNotRun('no order had a horizon')
      // Orders are waited for to their end; one that was never released further has failed before.
      await this.#free()
    })
  }

  async pauseAndCancel(): Promise<void> {
    const vehicle = this.#vehicle
    const isOnTheWay = await this.#begunSlowly()
    const onTheWay = (id: CheckId, check: () => Promise<void>) =>
      this.#check(id, async () => {
        if (!isOnTheWay || vehicle.isIdle) throw new CheckNotRun('the robot has no order in work')
        await check()
      })
    let isPaused = false
    await onTheWay('F20', async () => {
      await this.#instantAfter('pause', 'startPause')
      isPaused = true
    })
    await onTheWay('F21', async () => {
      if (!isPaused) throw new CheckNotRun('it was not paused')
      await this.#instantAfter('resume', 'stopPause')
    })
    await onTheWay('F32', () => this.#inMode('INTERVENED', () => this.#quietAfter('pause', ['cancelOrder'])))
    let isCancelled = false
    await onTheWay('F22', async () => {
      const orderId = vehicle.order!.orderId
      await this.#instantAfter('cancel', 'cancelOrder')
      isCancelled = true
      await wait(ON_THE_WAY_S)
      this.cancelledAtMs.set(orderId, Date.now())
    })
    await this.#check('F23', async () => {
      const named = this.#robot.instantActions
        .filter(({ actionType }) => actionType === 'cancelOrder')
        .flatMap(({ actionParameters = [] }) => actionParameters.filter(({ key }) => key === 'orderId'))
      if (named.length === 0) throw new CheckNotRun('no cancelOrder named an order')
      const wrong = named.find(({ value }) => typeof value !== 'string' || !this.cancelledAtMs.has(value))
      mustBe(wrong === undefined, `a cancelOrder names ${JSON.stringify(wrong?.value)}`)
    })
    vehicle.pace = 1
    await this.#check('F24', async () => {
      if (!isCancelled) throw new CheckNotRun('no order was cancelled')
      await this.#orderDone()
    })
  }

  async silence(): Promise<void> {
    const vehicle = this.#vehicle
    await this.#silent('F30', () => this.#inMode('MANUAL', () => this.#quietAfter('order')))
    await this.#silent('F31', () => this.#inMode('SERVICE', () => this.#quietAfter('order')))
    await this.#silent('F33', async () => {
      await this.#free()
      vehicle.fault = {
        errorType: 'conformanceKitFault',
        errorLevel: 'FATAL',
        errorDescription: 'The conformance kit says that it needs a person',
      }
      await wait(ON_THE_WAY_S)
      await this.#quietAfter('order', 'any action')
    })
    vehicle.fault = null
    await this.#silent('F34', async () => {
      await this.#free()
      await this.#robot.sayConnection('HIBERNATING')
      await wait(ON_THE_WAY_S)
      await this.#quietAfter('order', ['stopHibernation'])
    })
    await this.#robot.sayConnection('ONLINE')
  }

  async zones(): Promise<void> {
    const robot = this.#robot
    const { answerS } = this.#options.operator
    await this.#check('F36', async () => {
      const sets = zoneSetsOf(robot.zoneWords)
      if (sets.length === 0) throw new CheckNotRun('no zone set came')
      const isEnabled = () => sets.some(({ zoneSetId }) => this.#vehicle.zones.isEnabled(zoneSetId))
      await until(isEnabled, answerS, 'an enableZoneSet for a set that was sent')
      const known = new Set<unknown>(sets.map(({ zoneSetId }) => zoneSetId))
      const strange = robot.instantActions
        .filter(({ actionType }) => actionType === 'enableZoneSet')
        .flatMap(({ actionParameters = [] }) => actionParameters)
        .find(({ key, value }) => key === 'zoneSetId' && !known.has(value))
      mustBe(strange === undefined, `it enables ${JSON.stringify(strange?.value)}, which was not sent`)
    })
    await this.#check('F37', async () => {
      const set = zoneSetsOf(robot.zoneWords).find(
        ({ zoneSetId, zones }) =>
          this.#vehicle.zones.isEnabled(zoneSetId) && zones.some(({ zoneType }) => zoneType === 'RELEASE'),
      )
      const zone = set?.zones.find(({ zoneType }) => zoneType === 'RELEASE')
      if (set === undefined || zone === undefined) throw new CheckNotRun('no RELEASE zone is enabled')
      const before = robot.zoneWords.length
      robot.askFor(set.zoneSetId, zone.zoneId)
      await until(
        () => robot.zoneWords.slice(before).some(({ topic }) => topic === 'responses'),
        answerS,
        `a response to a request for ${zone.zoneId}`,
      )
      await wait(ON_THE_WAY_S)
      this.#vehicle.zones.askFor(null)
    })
    this.#vehicle.zones.askFor(null)
  }

  async brokenLine(): Promise<void> {
    const vehicle = this.#vehicle
    await this.#silent('F40', async () => {
      await this.#free()
      await this.#robot.breakLine()
      await wait(ON_THE_WAY_S)
      await this.#quietAfter('order', 'any action')
    })
    if (!this.#robot.isConnected) await this.#robot.connect()
    await this.#check('F41', () => this.#orderDone())
    await this.#check('F42', async () => {
      if (!(await this.#begunSlowly())) throw new CheckNotRun('the robot has no order in work')
      await this.#robot.breakLine()
      vehicle.forget()
      vehicle.pace = 1
      await this.#robot.connect()
      await this.#orderDone()
    })
    vehicle.pace = 1
  }

  /** Runs a check where the version asks for it. */
  async #check(id: CheckId, check: () => Promise<string | void>): Promise<void> {
    if (checksFor('fleet', this.#options.version).some((known) => known.id === id)) await this.#run(id, check)
  }

  /** Silence of a fleet that never gave an order says nothing. */
  #silent(id: CheckId, check: () => Promise<void>): Promise<void> {
    return this.#check(id, async () => {
      if (this.#robot.orders.length === 0) throw new CheckNotRun('no order came before')
      await check()
    })
  }

  /** Waits until the robot has nothing to do, and nothing comes any more. */
  async #free(): Promise<void> {
    const { driveS } = this.#options
    let quietSinceMs = Date.now()
    let seen = this.#robot.orders.length
    const isFree = () => {
      if (!this.#vehicle.isIdle || this.#robot.orders.length > seen) {
        quietSinceMs = Date.now()
        seen = this.#robot.orders.length
      }
      return Date.now() - quietSinceMs > ALONE_S * 1000
    }
    await until(isFree, driveS, 'an end to what is in work, and to what comes of itself')
  }

  #ask(wish: Wish, mayCome: boolean): Promise<void> {
    return this.#options.operator.ask(wish, mayCome)
  }

  /** Asks for an order, and waits until the robot works on it. */
  async #order(): Promise<void> {
    const { operator } = this.#options
    await this.#free()
    const before = this.#robot.orders.length
    await this.#ask('order', true)
    const isTaken = () => this.#robot.orders.slice(before).some(({ taken }) => taken === 'accepted')
    await until(isTaken, operator.answerS, 'an order that the robot can take')
  }

  async #orderDone(): Promise<void> {
    await this.#order()
    await until(() => this.#vehicle.isIdle, this.#options.driveS, 'the end of the order')
  }

  /** @returns whether the robot is on its way, and will be for some time */
  async #begunSlowly(): Promise<boolean> {
    try {
      await this.#free()
      this.#vehicle.pace = CRAWL_PACE
      await this.#order()
      await wait(ON_THE_WAY_S)
    } catch {
      this.#vehicle.pace = 1
    }
    return !this.#vehicle.isIdle
  }

  async #instantAfter(wish: Wish, actionType: string): Promise<void> {
    const before = this.#robot.instantActions.length
    await this.#ask(wish, true)
    const isThere = () =>
      this.#robot.instantActions.slice(before).some((action) => action.actionType === actionType)
    await until(isThere, this.#options.operator.answerS, `a ${actionType}`)
  }

  async #inMode(mode: State['operatingMode'], check: () => Promise<void>): Promise<void> {
    const vehicle = this.#vehicle
    if (mode !== 'INTERVENED') await this.#free()
    vehicle.setMode(mode)
    try {
      await wait(ON_THE_WAY_S)
      await check()
    } finally {
      vehicle.setMode('AUTOMATIC')
      await wait(ON_THE_WAY_S)
    }
  }

  /** @param actions instant actions that may come all the same */
  async #quietAfter(wish: Wish, actions: readonly string[] | 'any action' = []): Promise<void> {
    const orders = this.#robot.orders.length
    const instantActions = this.#robot.instantActions.length
    await this.#ask(wish, false)
    await wait(this.#options.quietS)
    const order = this.#robot.orders[orders]
    mustBe(order === undefined, `the order ${order?.order.orderId} came`)
    const action = this.#robot.instantActions
      .slice(instantActions)
      .find(({ actionType }) => actions !== 'any action' && !actions.includes(actionType))
    mustBe(action === undefined, `the action ${action?.actionType} came`)
  }
}
