import { createSystemClock, SimulatedClock } from '@wardlight/core/clock'
import { DEFAULT_LAMP } from '@wardlight/core/disinfection'
import { wardError } from '@wardlight/core/errors'
import { robotIdOf } from '@wardlight/core/fleet'
import type { FloorPlan } from '@wardlight/core/floor'
import { InMemoryRosNetwork } from '@wardlight/core/ros'
import { vda5050Topic, type RobotAddress, type State } from '@wardlight/core/vda5050'
import { createEmbeddedBroker } from '@wardlight/fleet-server'
import { createWorld, type World, type WorldRobot } from '@wardlight/sim'
import type { Logger } from 'pino'
import { createLog, undoAll, untilAskedToEnd } from '../process-life.ts'
import { Progress } from './progress.ts'

/** One robot's simulated hospital and a real broker. Neither its agent nor the world is started yet. */
export interface RobotStage {
  readonly clock: SimulatedClock
  readonly network: InMemoryRosNetwork
  readonly world: World
  readonly brokerUrl: string
  readonly log: Logger
  readonly progress: Progress
  readonly signal: AbortSignal
  readonly publish: (topic: 'order' | 'instantActions', message: unknown) => Promise<void>
  /** The last that the robot said; `null` before the first. */
  readonly reported: () => State | null
  /** Done at the end, the last first. */
  readonly undo: (() => Promise<unknown>)[]
}

/** Sets up one robot without a fleet server, lets `play` give it its orders, and takes everything down. */
export async function onRobotStage<Result>(
  floor: FloorPlan,
  seed: number,
  address: RobotAddress,
  robot: Omit<WorldRobot, 'id' | 'graph' | 'lamp'>,
  play: (stage: RobotStage) => Promise<Result>,
): Promise<Result> {
  const progress = new Progress(process.stderr)
  const log = createLog()
  const abort = new AbortController()
  void untilAskedToEnd().then((signal) => abort.abort(signal))
  const clock = new SimulatedClock(createSystemClock(globalThis).epochMs())
  const network = new InMemoryRosNetwork((error, where) =>
    log.error({ err: error, where }, 'a ROS callback failed'),
  )
  const world = createWorld({
    plan: floor,
    seed,
    clock,
    robots: [{ ...robot, id: robotIdOf(address), graph: network.createNode(), lamp: DEFAULT_LAMP }],
  })
  let state: State | null = null
  const broker = createEmbeddedBroker({
    host: '127.0.0.1',
    port: 0,
    authenticate: () => Promise.resolve(address),
    log,
  })
  const undo: (() => Promise<unknown>)[] = []
  try {
    progress.say(`Starting broker, robot and simulated hospital for ${floor.name} …`)
    await broker.start((topic, payload) => {
      if (topic !== vda5050Topic(address, 'state')) return
      state = JSON.parse(Buffer.from(payload).toString('utf8')) as State
    })
    undo.push(() => broker.stop())
    return await play({
      clock,
      network,
      world,
      brokerUrl: broker.url,
      log,
      progress,
      signal: abort.signal,
      publish: (topic, message) => broker.publish(vda5050Topic(address, topic), JSON.stringify(message)),
      reported: () => state,
      undo,
    })
  } finally {
    await undoAll(undo, log)
  }
}

export function stopped(what: string): Error {
  return wardError('WARD_ERR_CONFLICT', {
    what,
    remedy: 'Run it again with LOG_LEVEL=debug and send the output to the developers.',
  })
}
