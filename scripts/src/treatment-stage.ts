import { SimulatedClock } from '@wardlight/core/clock'
import { DEFAULT_LAMP, planTreatment, type LampModel, type TreatmentPlan } from '@wardlight/core/disinfection'
import { robotIdOf } from '@wardlight/core/fleet'
import { startingPoses, type FloorPlan, type FoundRoom, type Level, type Room } from '@wardlight/core/floor'
import { distanceToBoundary, type Pose2 } from '@wardlight/core/geometry'
import { InMemoryRosNetwork, ROBOT_TOPICS } from '@wardlight/core/ros'
import { vda5050Topic, type ActionParameter, type Order } from '@wardlight/core/vda5050'
import { createEmbeddedBroker, instantAction } from '@wardlight/fleet-server'
import { createRobotAgent, type PeroxideMemory, type VaporiserFacts } from '@wardlight/robot-agent'
import { createWorld, DEFAULT_RADIUS_M, STEP_MS, type RobotHandle, type World } from '@wardlight/sim'
import { pino } from 'pino'
import { createBreakableLine, type BreakableLine } from './demo/breakable-line.ts'
import { createMortalAgent, type MortalAgent } from './mortal-agent.ts'
import { RobotPost } from './robot-post.ts'
import { ROBOT_CLEARANCE_M, SIMULATED_CAMERAS } from './simulated-hospital.ts'
import { SIMULATED_UNIT, unitGeometry } from './simulated-unit.ts'

export const ROBOT_ADDRESS = { manufacturer: 'wardlight', serialNumber: 'uv-01' }
export const ROBOT_ID = robotIdOf(ROBOT_ADDRESS)

/** Simulated: sensors and localisation come up, and what a robot says is on the wire. */
export const SETTLE_MS = 2000
/** Simulated time between two looks at a mission, with the sockets served in between. */
export const LOOK_MS = 100
/** Longer nobody waits for a message over a local socket, real milliseconds. */
const LONGEST_SERVED_MS = 60_000
/** A robot whose program was killed and started anew stands after so long, simulated. */
const STANDS_AFTER_KILL_MS = 1000
/** … and one that touches something: "Interlocks" of docs/safety.md. */
const STANDS_AFTER_TOUCH_MS = 300
/** The plane of the robots' lidar; what hangs above it nothing sees (docs/safety.md, O13), metres. */
const LIDAR_HEIGHT_M = 0.2
/** Between what touches, metres. */
const TOUCH_M = 0.06

export interface StageOptions {
  readonly floor: FloorPlan
  readonly found: FoundRoom
  readonly seed: number
  /** Where it stands at first; by default where robots of its level begin. */
  readonly pose?: Pose2
  /** It hangs at `pose`, on mains, with this lamp, and does not move. */
  readonly unitLamp?: LampModel
  /** 0 empty to 1 full; 1 by default. */
  readonly batteryFraction?: number | undefined
  /** Of a robot that brings in hydrogen peroxide. */
  readonly vaporiser?: VaporiserFacts
  /** The robot plans the light anew, on the room as it found it. */
  readonly onPlan?: (plan: Parameters<typeof planTreatment>[0], world: World) => void
}

/** What can be done to a mission in work, and what it is done in. */
export interface TreatmentScene {
  readonly world: World
  readonly robotId: string
  readonly level: Level
  readonly room: Room
  /** Between the robot and its broker. */
  readonly line: BreakableLine
  /** Whether its generator goes on whatever it is told, or hears nothing: then it can only be told of. */
  isGeneratorBroken: boolean
  /** The robot's program is killed, as by `kill -9`, and another one started. */
  readonly kill: () => void
  /** What the fleet says to the robot; it goes out at the next look. */
  readonly say: (actionType: string, parameters?: readonly ActionParameter[]) => void
}

/**
 * One robot in a simulated hospital: the world with its noise, the robot's agent on its ROS graph, over a real broker.
 * Only server and database are not there. The clock stands still while a message is on its way, so what
 * happens follows from the seed.
 */
export interface TreatmentStage {
  readonly clock: SimulatedClock
  readonly world: World
  readonly handle: RobotHandle
  readonly level: Level
  readonly room: Room
  readonly line: BreakableLine
  readonly life: MortalAgent
  /** What came to the broker from the robot. */
  readonly post: RobotPost
  readonly scene: TreatmentScene
  /** What must not happen with any mission and did, in words: from the wire, from the bumper, after a kill. */
  problems(): readonly string[]
  /** An order that the fleet has made out for here and now. */
  order(make: (head: OrderHead, from: Pose2) => Order): Promise<void>
  action(actionType: string, parameters?: readonly ActionParameter[]): Promise<void>
  /** Anything else that a fleet says. */
  publish(topic: string, text: string): Promise<void>
  /**
   * Lets so much simulated time go by, and then does what the scene was asked for.
   *
   * @param each called after every step of the world
   * @throws what a callback of the ROS graph has thrown
   */
  pass(ms: number, each?: () => void): Promise<void>
  killAndRestart(): Promise<void>
}

export interface OrderHead {
  readonly address: typeof ROBOT_ADDRESS
  readonly timestamp: string
  readonly headerId: number
}

/** One mission alone on a stage, once its sensors are up. @param before what differs before the robot sets out */
export function onSettledStage<Result>(
  options: StageOptions,
  before: ((world: World, robotId: string) => void) | undefined,
  play: (stage: TreatmentStage) => Promise<Result>,
): Promise<Result> {
  return onTreatmentStage(options, async (stage) => {
    before?.(stage.world, ROBOT_ID)
    await stage.pass(SETTLE_MS)
    return play(stage)
  })
}

export async function onTreatmentStage<Result>(
  options: StageOptions,
  play: (stage: TreatmentStage) => Promise<Result>,
): Promise<Result> {
  const { floor, seed, batteryFraction, vaporiser, onPlan, unitLamp } = options
  const lamp = unitLamp ?? DEFAULT_LAMP
  const { level, room } = options.found
  const log = pino({ level: process.env['LOG_LEVEL'] ?? 'error' }, pino.destination({ dest: 2, sync: true }))
  const clock = new SimulatedClock(Date.UTC(2026, 0, 1))
  const failures: unknown[] = []
  const network = new InMemoryRosNetwork((error) => failures.push(error))
  const pose = options.pose ?? startingPoses(level, 1, ROBOT_CLEARANCE_M)[0]!
  const graph = network.createNode()
  const world = createWorld({
    plan: floor,
    seed,
    clock,
    robots: [
      {
        id: ROBOT_ID,
        levelId: level.id,
        pose,
        graph,
        lamp,
        ...(unitLamp === undefined ? {} : { isFixed: true, radiusM: SIMULATED_UNIT.radiusM }),
        ...(batteryFraction === undefined ? {} : { batteryFraction }),
        ...(vaporiser === undefined ? {} : { vaporiser }),
      },
    ],
  })
  const problems = new Set<string>()
  let toStand: { readonly atMs: number; readonly after: string }[] = []
  let isTouching = false
  network.createNode().createSubscription('std_msgs/msg/Bool', ROBOT_TOPICS.bumper, ({ data }) => {
    if (data && !isTouching) touched()
    isTouching = data
  })
  function touched(): void {
    const { truePose, roomId } = world.robots.get(ROBOT_ID)!
    const furniture = level.rooms.find(({ id }) => id === roomId)?.furniture ?? []
    const isUnseen = furniture.some(
      ({ footprint, zMinM }) =>
        zMinM > LIDAR_HEIGHT_M && distanceToBoundary(truePose, footprint) <= DEFAULT_RADIUS_M + TOUCH_M,
    )
    // Who drives by hand has to look where the lidar does not.
    if (!isUnseen || life.agent.errandPhase !== 'driven') problems.add('the robot touched something')
    toStand.push({ atMs: clock.monotonicMs() + STANDS_AFTER_TOUCH_MS, after: 'it touched something' })
  }
  const post = new RobotPost(ROBOT_ADDRESS)
  const broker = createEmbeddedBroker({
    host: '127.0.0.1',
    port: 0,
    authenticate: () => Promise.resolve(ROBOT_ADDRESS),
    log,
  })
  await broker.start((topic, payload) => post.hear(topic, Buffer.from(payload).toString('utf8')))
  const line = await createBreakableLine(broker.url)
  // The disk outlives the program.
  let gassed: string | null = null
  const life = createMortalAgent(clock, network, (own) =>
    createRobotAgent({
      address: ROBOT_ADDRESS,
      levelId: level.id,
      ...own,
      lamp,
      ...(unitLamp === undefined ? {} : { geometry: unitGeometry(pose) }),
      cameras: SIMULATED_CAMERAS,
      mqtt: { url: line.url, username: ROBOT_ID, password: 'any' },
      log,
      plan: (input): TreatmentPlan => {
        onPlan?.(input, world)
        return planTreatment(input)
      },
      ...(vaporiser === undefined
        ? {}
        : {
            vaporiser,
            peroxideMemory: {
              load: () => (gassed === null ? null : (JSON.parse(gassed) as PeroxideMemory)),
              save: (memory) => {
                gassed = memory === null ? null : JSON.stringify(memory)
              },
            },
          }),
    }),
  )
  let headerId = 0
  const head = (): OrderHead => {
    headerId += 1
    return { address: ROBOT_ADDRESS, timestamp: new Date(clock.epochMs()).toISOString(), headerId }
  }
  const toSay: { readonly actionType: string; readonly parameters: readonly ActionParameter[] }[] = []
  let mustKill = false
  function judgeStanding(): void {
    const nowMs = clock.monotonicMs()
    for (const { atMs, after } of toStand) {
      if (atMs === nowMs && stage.handle.speedMps !== 0) problems.add(`the robot drives on after ${after}`)
    }
    toStand = toStand.filter(({ atMs }) => atMs > nowMs)
  }
  const stage: TreatmentStage = {
    clock,
    world,
    handle: world.robots.get(ROBOT_ID)!,
    level,
    room,
    line,
    life,
    post,
    problems: () => [...post.problems, ...problems],
    scene: {
      world,
      robotId: ROBOT_ID,
      level,
      room,
      line,
      isGeneratorBroken: false,
      kill() {
        mustKill = true
      },
      say: (actionType, parameters = []) => toSay.push({ actionType, parameters }),
    },
    order(make) {
      const order = make(head(), stage.handle.estimatedPose)
      return broker.publish(vda5050Topic(ROBOT_ADDRESS, 'order'), JSON.stringify(order))
    },
    action(actionType, parameters = []) {
      const message = instantAction({ head: head(), actionType, actionId: `a${headerId}`, parameters })
      return broker.publish(vda5050Topic(ROBOT_ADDRESS, 'instantActions'), JSON.stringify(message))
    },
    publish: (topic, text) => broker.publish(topic, text),
    async pass(ms, each) {
      for (let passed = 0; passed < ms; passed += STEP_MS) {
        clock.advance(STEP_MS)
        judgeStanding()
        each?.()
      }
      for (const { actionType, parameters } of toSay.splice(0)) await stage.action(actionType, parameters)
      await served(() => true)
      if (mustKill) await stage.killAndRestart()
      if (failures.length > 0) throw failures[0]
    },
    async killAndRestart() {
      mustKill = false
      await life.kill()
      post.newLife()
      toStand.push({ atMs: clock.monotonicMs() + STANDS_AFTER_KILL_MS, after: 'its program was killed' })
      const starting = life.agent.start()
      // Off the network it goes on all the same, and comes back when the line does.
      if (line.isCut) starting.catch((error: unknown) => failures.push(error))
      else await starting
    },
  }
  try {
    world.start()
    await life.agent.start()
    return await play(stage)
  } finally {
    await life.agent.stop()
    world.stop()
    await line.stop()
    await broker.stop()
  }
}

/** Lets the sockets be served until what travels over them has come. @throws when it does not come at all */
export async function served(hasCome: () => boolean): Promise<void> {
  if (!(await comes(hasCome, LONGEST_SERVED_MS))) throw new Error(`Nothing came: ${hasCome.toString()}`)
}

/** @returns whether it came within so many real milliseconds */
export async function comes(hasCome: () => boolean, withinMs: number): Promise<boolean> {
  const begunMs = performance.now()
  do {
    await new Promise((resolve) => setImmediate(resolve))
    if (hasCome()) return true
  } while (performance.now() - begunMs <= withinMs)
  return false
}
