import type { Clock } from '@wardlight/core/clock'
import { robotIdOf } from '@wardlight/core/fleet'
import { wardError } from '@wardlight/core/errors'
import { renamedGraph, type RosGraph } from '@wardlight/core/ros'
import { createRobotAgent } from './agent.ts'
import type { AgentLog } from './agent-log.ts'
import { planInThread } from './planning/plan-in-thread.ts'
import { createPeroxideMemoryFile } from './peroxide-memory-file.ts'
import type { RobotConfig } from './config/robot-config.ts'

export interface RobotProcessOptions {
  readonly config: RobotConfig
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly openGraph: () => Promise<RosGraph>
  readonly clock: Clock
  readonly log: AgentLog
  /** Resolves when somebody asks the process to end. */
  readonly askedToEnd: Promise<string>
}

/** Life of one robot's process: opens the graph, runs the agent until asked to end, leaves dark. */
export async function runRobotProcess(options: RobotProcessOptions): Promise<void> {
  const { config, environment, clock, log } = options
  const { url, username, passwordVariable } = config.mqtt
  const password = passwordVariable === undefined ? undefined : environment[passwordVariable]
  if (passwordVariable !== undefined && password === undefined) {
    throw wardError('WARD_ERR_CONFIG', {
      what: `${passwordVariable} is not set`,
      where: 'mqtt.passwordVariable',
      remedy: `Put the robot's password into the environment variable ${passwordVariable}.`,
    })
  }
  if (config.stateFolder === undefined) {
    log.warn({}, 'No stateFolder is configured: after a restart the robot knows nothing of its mission.')
  }
  const peroxideMemory =
    config.vaporiser === null ? null : createPeroxideMemoryFile(config.vaporiser.memoryFile)
  // One that cannot be read keeps the robot from coming up, before anything is open.
  peroxideMemory?.load()
  const graph = await options.openGraph()
  const agent = createRobotAgent({
    address: config.address,
    levelId: config.levelId,
    graph: renamedGraph(graph, config.rosNames),
    clock,
    lamp: config.lamp,
    lampTubes: config.lampTubes,
    calibrations: config.calibrations,
    mqtt: {
      url,
      // The name under which the fleet registers a robot. A password without a name is no MQTT 3.1.1.
      username: username ?? robotIdOf(config.address),
      ...(password === undefined ? {} : { password }),
    },
    vda5050: config.vda5050,
    log,
    geometry: config.geometry,
    cameras: config.cameras,
    limits: config.limits,
    vaporiser: config.vaporiser,
    ...(peroxideMemory === null ? {} : { peroxideMemory }),
    plan: planInThread,
    ...(config.stateFolder === undefined ? {} : { stateFolder: config.stateFolder }),
    ...(config.screen === null ? {} : { screen: config.screen }),
  })
  try {
    // Asked to end while the broker is still being looked for, it ends too.
    const reason = await Promise.race([agent.start().then(() => options.askedToEnd), options.askedToEnd])
    log.info({ reason }, 'Asked to end: the lamp goes dark, then the line is closed.')
  } finally {
    await agent.stop()
    graph.close()
  }
}
