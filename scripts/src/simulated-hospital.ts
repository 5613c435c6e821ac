import path from 'node:path'
import type { Clock } from '@wardlight/core/clock'
import { DEFAULT_LAMP, type PeroxideMethod } from '@wardlight/core/disinfection'
import { robotIdOf } from '@wardlight/core/fleet'
import { startingPoses, type FloorPlan, type FoundRoom, type Level } from '@wardlight/core/floor'
import type { Pose2 } from '@wardlight/core/geometry'
import { InMemoryRosNetwork, ROBOT_TOPICS } from '@wardlight/core/ros'
import type { RobotAddress, WireVersion } from '@wardlight/core/vda5050'
import type { FleetServer, FleetServerOptions } from '@wardlight/fleet-server'
import {
  createRobotAgent,
  USUAL_CAMERA,
  type CameraSettings,
  type RobotAgent,
  type StateFolder,
  type VaporiserFacts,
} from '@wardlight/robot-agent'
import { createWorld, type World } from '@wardlight/sim'
import type { Logger } from 'pino'
import { createMortalAgent, type AgentLife, type MortalAgent } from './mortal-agent.ts'
import { SIMULATED_UNIT, UNIT_LAMP, unitGeometry, unitPoseIn } from './simulated-unit.ts'
import { SimulatedPlaces } from './simulated-places.ts'
import { version } from './version.ts'

export interface SimulatedRobot {
  readonly address: RobotAddress
  readonly levelId: string
  readonly pose: Pose2
  readonly mqtt: { readonly url: string; readonly username: string; readonly password: string }
  /** What it speaks with its fleet, by default 3.0. */
  readonly vda5050?: { readonly version: WireVersion }
  /** What its generator gives; left out, it has a lamp only. */
  readonly gas?: PeroxideMethod
  /** It hangs at `pose` and does not move. */
  readonly isUnit?: boolean
  /** Where it serves its own screen; left out, nowhere. 0: on any port that is free. */
  readonly screenPort?: number
}

export interface SimulatedHospital {
  readonly world: World
  /** By robot id. */
  readonly agents: ReadonlyMap<string, RobotAgent>
  /** Kills a robot's program as `kill -9` does, and starts another one. Only where robots are mortal. */
  killAgent(robotId: string): Promise<void>
  start(): Promise<void>
  stop(): Promise<void>
}

/** What a simulated robot wants free around it where it begins: its radius and a hand's breadth. */
export const ROBOT_CLEARANCE_M = 0.35

/** Of robots that can gas a room of 120 m³ (proposed). */
export const SIMULATED_VAPORISERS: Readonly<Record<PeroxideMethod, VaporiserFacts>> = {
  hpv: { method: 'hpv', maxRateGPerMin: 60, tankMl: 5000 },
  ahp: { method: 'ahp', maxRateGPerMin: 5, tankMl: 2000 },
}

/** What every server of a simulated hospital has, on this machine alone and without a console. */
export function simulatedServerOptions(plan: FloorPlan) {
  return {
    host: '127.0.0.1',
    httpPort: 0,
    mqttPort: 0,
    plan,
    hospitalName: plan.name,
    timeZone: 'UTC',
    demoUsers: true,
    isSimulated: true,
    consoleDir: null,
    lamp: DEFAULT_LAMP,
    version,
  } satisfies Partial<FleetServerOptions>
}

/** Each simulated robot's one, which looks ahead. */
export const SIMULATED_CAMERAS: readonly CameraSettings[] = [{ topic: ROBOT_TOPICS.camera, ...USUAL_CAMERA }]

/** Puts robots on each of the levels, docks first, and lets the server know them. @param perLevel on each, or by level @param gas of the generator that the first robot of each level has beside its lamp */
export async function placeRobots(
  server: FleetServer,
  levels: readonly Level[],
  perLevel: number | readonly number[],
  gas: PeroxideMethod | null = null,
): Promise<SimulatedRobot[]> {
  const robots: SimulatedRobot[] = []
  for (const [place, level] of levels.entries()) {
    const count = typeof perLevel === 'number' ? perLevel : (perLevel[place] ?? 0)
    for (const [index, pose] of startingPoses(level, count, ROBOT_CLEARANCE_M).entries()) {
      const serialNumber = `uv-${String(robots.length + 1).padStart(2, '0')}`
      const address = { manufacturer: 'wardlight', serialNumber }
      const credentials = await server.registerRobot(address)
      robots.push({
        address,
        levelId: level.id,
        pose,
        mqtt: { url: server.mqttUrl, ...credentials },
        ...(index === 0 && gas !== null ? { gas } : {}),
      })
    }
  }
  return robots
}

/** Hangs a unit in a room, and lets the server know it. */
export async function placeUnit(server: FleetServer, found: FoundRoom): Promise<SimulatedRobot> {
  const { level, room } = found
  const address = { manufacturer: 'wardlight', serialNumber: `unit-${room.id}` }
  const credentials = await server.registerRobot(address)
  return {
    address,
    levelId: level.id,
    pose: unitPoseIn(found),
    mqtt: { url: server.mqttUrl, ...credentials },
    isUnit: true,
  }
}

/** The world without hardware, and in it one agent a robot: the same agent that drives a real one, over a graph in memory. */
export function createSimulatedHospital({
  plan,
  seed,
  clock,
  robots,
  log,
  stateDir,
  screenClock = clock,
  areMortal = false,
}: {
  readonly plan: FloorPlan
  readonly seed: number
  readonly clock: Clock
  readonly robots: readonly SimulatedRobot[]
  readonly log: Logger
  /** Where each robot has a folder of its own for what it remembers, and where it stands; left out, they forget. */
  readonly stateDir?: string
  /** Of the people before the robots' screens. The hospital's own may run faster than a finger. */
  readonly screenClock?: Clock
  /** Their programs can be killed; what they remember is then kept in memory. */
  readonly areMortal?: boolean
}): SimulatedHospital {
  const places = stateDir === undefined ? null : new SimulatedPlaces(stateDir, plan, log)
  const placed = robots.map((robot) => {
    const id = robotIdOf(robot.address)
    const kept = robot.isUnit === true ? null : (places?.placeOf(id) ?? null)
    return {
      ...robot,
      id,
      ...(kept === null ? {} : { levelId: kept.levelId, pose: { x: kept.x, y: kept.y, theta: kept.theta } }),
      network: new InMemoryRosNetwork((error, where) =>
        log.error({ err: error, where }, 'a ROS callback failed'),
      ),
    }
  })
  const world = createWorld({
    plan,
    seed,
    clock,
    robots: placed.map(({ id, levelId, pose, network, gas, isUnit = false }) => ({
      id,
      levelId,
      pose,
      graph: network.createNode(),
      lamp: isUnit ? UNIT_LAMP : DEFAULT_LAMP,
      ...(isUnit ? { isFixed: true, radiusM: SIMULATED_UNIT.radiusM } : {}),
      ...(gas === undefined ? {} : { vaporiser: SIMULATED_VAPORISERS[gas] }),
    })),
  })
  const lives = new Map<string, MortalAgent>()
  const agents = new Map<string, RobotAgent>()
  for (const {
    id,
    address,
    levelId,
    pose,
    mqtt,
    vda5050,
    network,
    screenPort,
    gas,
    isUnit = false,
  } of placed) {
    const create = (
      life: Pick<AgentLife, 'clock' | 'graph'> & { readonly stateFolder?: string | StateFolder },
    ) =>
      createRobotAgent({
        address,
        levelId,
        otherLevelIds: plan.levels.map((level) => level.id).filter((other) => other !== levelId),
        ...life,
        lamp: isUnit ? UNIT_LAMP : DEFAULT_LAMP,
        ...(isUnit ? { geometry: unitGeometry(pose) } : {}),
        cameras: SIMULATED_CAMERAS,
        mqtt,
        ...(vda5050 === undefined ? {} : { vda5050 }),
        log: log.child({ robot: id }),
        // No memory of a gassed room: the simulated gas ends with this process.
        ...(gas === undefined ? {} : { vaporiser: SIMULATED_VAPORISERS[gas] }),
        ...(screenPort === undefined
          ? {}
          : {
              // The simulated robot has a button of its own.
              screen: { host: '127.0.0.1', port: screenPort, armButton: false, clock: screenClock },
            }),
      })
    if (areMortal) {
      const life = createMortalAgent(clock, network, create)
      lives.set(id, life)
      agents.set(id, life.agent)
    } else {
      const graph = network.createNode()
      agents.set(
        id,
        create(
          stateDir === undefined ? { clock, graph } : { clock, graph, stateFolder: path.join(stateDir, id) },
        ),
      )
    }
  }
  return {
    world,
    agents,
    async killAgent(robotId) {
      const life = lives.get(robotId)
      if (life === undefined) throw new Error(`${robotId} is not mortal`)
      await life.kill()
      agents.set(robotId, life.agent)
      await life.agent.start()
    },
    async start() {
      world.start()
      places?.start(world)
      await Promise.all([...agents.values()].map((agent) => agent.start()))
    },
    async stop() {
      await Promise.all([...agents.values()].map((agent) => agent.stop()))
      places?.stop()
      world.stop()
    },
  }
}
