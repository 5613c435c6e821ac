import { distanceToBoundary, isInsidePolygon, rectangle, type Point2 } from '@wardlight/core/geometry'
import type {
  ActionState,
  FactsheetAction,
  State,
  VdaResponse,
  VdaZone,
  ZoneAction,
  ZoneRequest,
} from '@wardlight/core/vda5050'
import type { CheckId } from './catalogue.ts'
import { CheckNotRun, mustBe, type Heard } from './heard.ts'
import { of } from './judge-messages.ts'
import type { RunCheck } from './outcomes.ts'
import type { RobotCheckOptions } from './robot-checks.ts'
import type { RobotUnderTest } from './robot-under-test.ts'

/** Of a zone around the place that the robot is sent to, metres. */
const ZONE_SIZE_M = 0.6
/** How far the robot is sent, metres. */
const LEG_M = 1.5
/** How long it is watched that it stays where it is, seconds. */
const WATCH_S = 4
const LEASE_S = 3
/** What the kit's SPEED_LIMIT zone allows, m/s: less than any ward robot's own speed; and what a measured speed may be above it. */
const SLOW_MPS = 0.2
const MEASURED_FACTOR = 1.1

/** Zones of 3.0, 6.4: the robot is sent into one that is to be asked for, and into one that is barred. */
export async function runZoneChecks(
  robot: RobotUnderTest,
  options: RobotCheckOptions,
  run: RunCheck,
): Promise<void> {
  const story = new ZoneStory(robot, options, run)
  await story.sets()
  await story.release()
  await story.speedLimit()
  await story.action()
  await story.blocked()
}

class ZoneStory {
  readonly #robot: RobotUnderTest
  readonly #options: RobotCheckOptions
  readonly #run: RunCheck
  readonly #supported: ReadonlySet<string>
  /** What it may be told to do in a zone; `null`: nothing that the kit can ask for. */
  readonly #zoneAction: ZoneAction | null
  readonly #start: State['mobileRobotPosition']
  readonly #goal: Point2
  readonly #releaseSet: string
  #isEnabled = false

  constructor(robot: RobotUnderTest, options: RobotCheckOptions, run: RunCheck) {
    this.#robot = robot
    this.#options = options
    this.#run = run
    const factsheet = of(robot.heard, 'factsheet').at(-1)?.body as
      | {
          typeSpecification?: { supportedZones?: readonly string[] }
          protocolFeatures?: { mobileRobotActions?: readonly FactsheetAction[] }
        }
      | undefined
    this.#supported = new Set(factsheet?.typeSpecification?.supportedZones)
    this.#zoneAction = plainZoneAction(factsheet?.protocolFeatures?.mobileRobotActions ?? [])
    this.#start = robot.state?.mobileRobotPosition
    this.#goal = this.#ahead()
    this.#releaseSet = robot.id('zones')
  }

  /** From where it came: the way ahead may be at its end. */
  #ahead(): Point2 {
    if (this.#options.places !== undefined) return this.#options.places[0]!
    const { x, y, theta } = this.#start ?? { x: 0, y: 0, theta: 0 }
    return { x: x - LEG_M * Math.cos(theta), y: y - LEG_M * Math.sin(theta) }
  }

  async sets(): Promise<void> {
    const robot = this.#robot
    const { answerS } = this.#options
    const statusOf = (id: string) =>
      robot.state?.zoneSets?.find(({ zoneSetId }) => zoneSetId === id)?.zoneSetStatus
    await this.#check('R62', 'RELEASE', async () => {
      await robot.sendZoneSet(this.#set(this.#releaseSet, this.#zone('RELEASE')))
      await robot.until(() => statusOf(this.#releaseSet) !== undefined, answerS, 'the zone set in the state')
      mustBe(statusOf(this.#releaseSet) === 'DISABLED', `it is ${statusOf(this.#releaseSet)}`)
    })
    await this.#check('R63', 'RELEASE', async () => {
      await robot.sendZoneSet(this.#set(this.#releaseSet, this.#zone('RELEASE')))
      await robot.until(() => this.#errors('DUPLICATE_ZONE_SET').length > 0, answerS, 'a DUPLICATE_ZONE_SET')
    })
    await this.#check('R64', 'RELEASE', async () => {
      await this.#finishes('enableZoneSet', this.#releaseSet)
      await robot.until(() => statusOf(this.#releaseSet) === 'ENABLED', answerS, 'the zone set as ENABLED')
      this.#isEnabled = true
    })
    await this.#check('R74', 'RELEASE', async () => {
      const other = robot.id('zones')
      await robot.sendZoneSet(this.#set(other, this.#zone('RELEASE')))
      await robot.until(() => statusOf(other) !== undefined, answerS, 'the zone set in the state')
      await this.#finishes('deleteZoneSet', other)
      await robot.until(() => statusOf(other) === undefined, answerS, 'a state without the zone set')
    })
  }

  async release(): Promise<void> {
    const robot = this.#robot
    const { answerS, driveS } = this.#options
    await this.#inside('R65', async () => {
      await this.#drive(this.#goal)
      await robot.until(() => this.#request() !== undefined, driveS, 'a zoneRequest')
      const { requestType, requestStatus } = this.#request()!
      mustBe(requestType === 'ACCESS', `it is of type ${requestType}`)
      mustBe(requestStatus === 'REQUESTED', `it is ${requestStatus}`)
      await this.#staysOut()
    })
    await this.#asked('R66', async () => {
      await this.#answer('QUEUED')
      await this.#staysOut()
    })
    await this.#asked('R67', async () => {
      const { requestId } = this.#request()!
      const leaseExpiry = new Date(Date.now() - LEASE_S * 1000).toISOString()
      await robot.sendResponse({ requestId, grantType: 'GRANTED', leaseExpiry })
      await robot.until(
        () => this.#request()?.requestId !== requestId || this.#request()?.requestStatus === 'EXPIRED',
        answerS,
        'EXPIRED, or another request',
      )
      await this.#staysOut()
    })
    await this.#asked('R68', async () => {
      await robot.until(
        () => this.#request()?.requestStatus === 'REQUESTED',
        driveS,
        'a new request after the lease',
      )
      await this.#answer('GRANTED')
      await robot.until(() => this.#isIdle(), driveS, 'the end of the order, in the zone')
      mustBe(this.#isIn(), 'it is not in the zone')
      mustBe(this.#request()?.requestStatus === 'GRANTED', `the request is ${this.#request()?.requestStatus}`)
    })
    await this.#asked('R69', async () => {
      if (!this.#isIn()) throw new CheckNotRun('it is not in the zone')
      await this.#answer('REVOKED')
      await robot.until(() => this.#errors('RELEASE_LOST').length > 0, answerS, 'a RELEASE_LOST')
      mustBe(
        this.#errors('RELEASE_LOST')[0]!.errorLevel === 'WARNING',
        'its level is not WARNING though the zone says CONTINUE',
      )
    })
    await this.#asked('R72', async () => {
      if (!this.#isIn()) throw new CheckNotRun('it is not in the zone')
      await this.#drive(this.#start!)
      await robot.until(
        () => this.#isIdle() && !this.#isIn(),
        driveS,
        'the end of the order, out of the zone',
      )
      await robot.until(() => this.#request() === undefined, answerS, 'a state without the request')
    })
  }

  async speedLimit(): Promise<void> {
    const robot = this.#robot
    await this.#check('R75', 'SPEED_LIMIT', async () => {
      if (!this.#isIdle()) throw new CheckNotRun('the robot has an order in work')
      const zone = this.#zone('SPEED_LIMIT')
      const id = robot.id('zones')
      await robot.sendZoneSet(this.#set(id, zone))
      await this.#finishes('enableZoneSet', id)
      this.#isEnabled = true
      const from = robot.heard.length
      // Into it and out again: robots tell little where they brake for their goal.
      for (const place of [this.#goal, this.#start!]) {
        await this.#drive(place)
        await robot.until(() => this.#isIdle(), this.#options.driveS, 'the end of the order')
      }
      const speeds = speedsIn(robot.heard.slice(from), zone)
      if (speeds.length === 0) throw new CheckNotRun('it tells no velocity while it is in the zone')
      const fastest = Math.max(...speeds)
      mustBe(
        fastest <= SLOW_MPS * MEASURED_FACTOR,
        `it drove at ${fastest.toFixed(2)} m/s where ${SLOW_MPS} m/s are allowed`,
      )
      return `${speeds.length} times told, the fastest ${fastest.toFixed(2)} m/s`
    })
  }

  async action(): Promise<void> {
    const robot = this.#robot
    const { answerS, driveS } = this.#options
    let told: readonly ActionState[] = []
    await this.#check('R76', 'ACTION', async () => {
      const action = this.#zoneAction
      if (action === null) {
        throw new CheckNotRun('it declares no action of zones that lets it drive and wants at most a text')
      }
      if (!this.#isIdle()) throw new CheckNotRun('the robot has an order in work')
      const { zoneId, vertices } = this.#zone('BLOCKED')
      const actions = { entryActions: [action], duringActions: [action], exitActions: [action] }
      const id = robot.id('zones')
      await robot.sendZoneSet(this.#set(id, { zoneId, zoneType: 'ACTION', vertices, ...actions }))
      await this.#finishes('enableZoneSet', id)
      this.#isEnabled = true
      const before = new Set(this.#zoneActions().map(({ actionId }) => actionId))
      const fresh = () => this.#zoneActions().filter(({ actionId }) => !before.has(actionId))
      await robot.wait(WATCH_S)
      mustBe(fresh().length === 0, 'it does something though it has not entered the zone')
      await this.#drive(this.#goal)
      await robot.until(() => this.#isIdle() && this.#isIn(), driveS, 'the end of the order, in the zone')
      await robot.until(() => fresh().length >= 2, answerS, 'the actions of entering and of being inside')
      // A visit that goes on is no new one.
      await robot.wait(WATCH_S)
      mustBe(fresh().length === 2, `it tells ${fresh().length} actions for an entry and a stay`)
      await this.#drive(this.#start!)
      await robot.until(
        () => this.#isIdle() && !this.#isIn(),
        driveS,
        'the end of the order, out of the zone',
      )
      await robot.until(() => fresh().length >= 3, answerS, 'the action of leaving')
      await robot.wait(WATCH_S)
      told = fresh()
      mustBe(told.length === 3, `it tells ${told.length} actions for one visit`)
      const others = [...(robot.state?.actionStates ?? []), ...(robot.state?.instantActionStates ?? [])]
      const ids = [...told, ...others].map(({ actionId }) => actionId)
      mustBe(new Set(ids).size === ids.length, 'an actionId comes twice')
      const types = new Set(told.map(({ actionType }) => actionType))
      mustBe(types.size === 1 && types.has(action.actionType), `it tells ${[...types].join(', ')}`)
    })
    await this.#check('R77', 'ACTION', async () => {
      if (told.length === 0) throw new CheckNotRun('it did nothing in the zone')
      const mine = () =>
        this.#zoneActions().filter(({ actionId }) => told.some((each) => each.actionId === actionId))
      const isOver = ({ actionStatus }: ActionState) => ['FINISHED', 'FAILED'].includes(actionStatus)
      await robot.until(() => mine().every(isOver), driveS, 'the zone actions over')
      mustBe(mine().length === told.length, 'some are gone though nobody has cleared them')
      await this.#finishes('clearZoneActions')
      await robot.until(() => mine().length === 0, answerS, 'a state without them')
    })
  }

  async blocked(): Promise<void> {
    const robot = this.#robot
    const { driveS } = this.#options
    await this.#check('R73', 'BLOCKED', async () => {
      if (this.#isIn()) throw new CheckNotRun('it is in the zone already')
      const id = robot.id('zones')
      await robot.sendZoneSet(this.#set(id, this.#zone('BLOCKED')))
      await this.#finishes('enableZoneSet', id)
      await this.#drive(this.#goal)
      await robot.wait(Math.min(driveS, 2 * WATCH_S))
      mustBe(!this.#isIn(), 'it is in the zone')
    })
    // What comes after the kit must not meet its zones.
    if (!this.#isEnabled) return
    if (!this.#isIdle()) await robot.sendInstantAction('cancelOrder')
    const none = robot.id('zones')
    await robot.sendZoneSet({ mapId: this.#start!.mapId, zoneSetId: none, zones: [] })
    await robot.sendInstantAction('enableZoneSet', [{ key: 'zoneSetId', value: none }])
  }

  #check(id: CheckId, zoneType: string, check: () => Promise<string | void>): Promise<void> {
    return this.#run(id, async () => {
      if (this.#start === undefined) throw new CheckNotRun('the robot does not say where it is')
      if (!this.#supported.has(zoneType)) {
        throw new CheckNotRun(`its factsheet does not say that it supports ${zoneType} zones`)
      }
      return check()
    })
  }

  #inside(id: CheckId, check: () => Promise<void>): Promise<void> {
    return this.#check(id, 'RELEASE', async () => {
      if (!this.#isEnabled) throw new CheckNotRun('the zone set is not enabled')
      if (!this.#isIdle()) throw new CheckNotRun('the robot has an order in work')
      await check()
    })
  }

  #asked(id: CheckId, check: () => Promise<void>): Promise<void> {
    return this.#check(id, 'RELEASE', async () => {
      if (this.#request() === undefined) throw new CheckNotRun('it has not asked')
      await check()
    })
  }

  #set(zoneSetId: string, zone: VdaZone) {
    return { mapId: this.#start!.mapId, zoneSetId, zones: [zone] }
  }

  #zone(kind: 'RELEASE' | 'BLOCKED' | 'SPEED_LIMIT'): VdaZone {
    const vertices = [...rectangle(this.#goal, ZONE_SIZE_M, ZONE_SIZE_M)]
    if (kind === 'SPEED_LIMIT') {
      return { zoneId: 'kit-slow', zoneType: kind, vertices, maximumSpeed: SLOW_MPS }
    }
    return kind === 'BLOCKED'
      ? { zoneId: 'kit-blocked', zoneType: kind, vertices }
      : { zoneId: 'kit-release', zoneType: kind, vertices, releaseLossBehavior: 'CONTINUE' }
  }

  #request(): ZoneRequest | undefined {
    return this.#robot.state?.zoneRequests?.find(({ zoneSetId }) => zoneSetId === this.#releaseSet)
  }

  #zoneActions(): readonly ActionState[] {
    return this.#robot.state?.zoneActionStates ?? []
  }

  #errors(type: string) {
    return (this.#robot.state?.errors ?? []).filter(({ errorType }) => errorType === type)
  }

  #isIdle(): boolean {
    const state = this.#robot.state
    return state !== null && state.nodeStates.length === 0 && state.edgeStates.length === 0
  }

  /** Its middle: how large it is around that is its own to know. */
  #isIn(): boolean {
    const position = this.#robot.state?.mobileRobotPosition
    const { vertices } = this.#zone('BLOCKED')
    return (
      position !== undefined &&
      (isInsidePolygon(position, vertices) || distanceToBoundary(position, vertices) < 0.05)
    )
  }

  async #staysOut(): Promise<void> {
    await this.#robot.wait(WATCH_S)
    mustBe(!this.#isIn(), 'it is in the zone')
  }

  async #answer(grantType: VdaResponse['grantType']): Promise<void> {
    await this.#robot.sendResponse({ requestId: this.#request()!.requestId, grantType })
  }

  async #finishes(actionType: string, zoneSetId?: string): Promise<void> {
    const robot = this.#robot
    const parameters = zoneSetId === undefined ? [] : [{ key: 'zoneSetId', value: zoneSetId }]
    const id = await robot.sendInstantAction(actionType, parameters)
    await robot.until(
      () => robot.instantActionState(id)?.actionStatus === 'FINISHED',
      this.#options.answerS,
      `${actionType} FINISHED`,
    )
  }

  async #drive(to: Point2): Promise<void> {
    const robot = this.#robot
    const { x, y, mapId } = robot.state!.mobileRobotPosition!
    const orderId = robot.id('zone')
    const node = (sequenceId: number, place: Point2) => ({
      nodeId: `${orderId}.n${sequenceId}`,
      sequenceId,
      released: true,
      nodePosition: { x: place.x, y: place.y, mapId, allowedDeviationXY: { a: 0.5, b: 0.5, theta: 0 } },
      actions: [],
    })
    await robot.sendOrder({
      orderId,
      orderUpdateId: 0,
      orderDescription: 'VDA 5050 conformance kit',
      nodes: [node(0, { x, y }), node(2, to)],
      edges: [{ edgeId: `${orderId}.e1`, sequenceId: 1, released: true, actions: [] }],
    })
    await robot.until(() => robot.state?.orderId === orderId, this.#options.answerS, 'the order in the state')
  }
}

/** An action of zones that the kit may ask for without knowing it: it lets the robot drive, and wants nothing, or words. */
function plainZoneAction(declared: readonly FactsheetAction[]): ZoneAction | null {
  for (const { actionType, actionScopes, actionParameters = [], blockingTypes } of declared) {
    const needed = actionParameters.filter(({ isOptional }) => isOptional !== true)
    const isPlain = needed.every(({ key, valueDataType }) => key === 'text' && valueDataType === 'STRING')
    if (!actionScopes.includes('ZONE') || !isPlain) continue
    if (blockingTypes !== undefined && !blockingTypes.includes('NONE')) continue
    const words = needed.map(({ key }) => ({ key, value: 'VDA 5050 conformance kit' }))
    return { actionType, blockingType: 'NONE', actionParameters: words }
  }
  return null
}

/** Speeds that a robot told of, in states and visualizations, with its middle in a zone. */
function speedsIn(heard: readonly Heard[], { vertices }: VdaZone): number[] {
  return [...of(heard, 'state'), ...of(heard, 'visualization')].flatMap(({ body }) => {
    const { mobileRobotPosition: at, velocity } = body as Partial<
      Pick<State, 'mobileRobotPosition' | 'velocity'>
    >
    if (at === undefined || velocity?.vx === undefined || !isInsidePolygon(at, vertices)) return []
    return [Math.hypot(velocity.vx, velocity.vy ?? 0)]
  })
}
