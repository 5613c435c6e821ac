import { SimulatedClock } from '@wardlight/core/clock'
import {
  DEFAULT_LAMP,
  planTreatment,
  surfacesOf,
  type Surface,
  type TreatmentPlan,
} from '@wardlight/core/disinfection'
import { ARMING_CHECKLIST, ROBOT_ACTION_TYPES, robotIdOf, type DoseReport } from '@wardlight/core/fleet'
import {
  findRoom,
  roomStandingPose,
  routeBetween,
  startingPoses,
  type FloorPlan,
  type FoundRoom,
  type Level,
  type Room,
} from '@wardlight/core/floor'
import { InMemoryRosNetwork } from '@wardlight/core/ros'
import { vda5050Topic, type ActionParameter, type Connection, type State } from '@wardlight/core/vda5050'
import {
  createEmbeddedBroker,
  instantAction,
  missionActionIds,
  planningInput,
  treatmentOrder,
} from '@wardlight/fleet-server'
import { createRobotAgent, type RobotAgent } from '@wardlight/robot-agent'
import { createWorld, STEP_MS, type World } from '@wardlight/sim'
import { pino } from 'pino'
import { createBreakableLine, type BreakableLine } from './demo/breakable-line.ts'
import { isToBeArmed } from './demo/pause-for-people.ts'
import { createMortalAgent } from './mortal-agent.ts'
import { ROBOT_CLEARANCE_M, SIMULATED_CAMERAS } from './simulated-hospital.ts'

export interface TreatmentCase {
  readonly floor: FloorPlan
  /** Id or name of the room. */
  readonly room: string
  /** As the fleet made and a nurse approved it: `planFor`. */
  readonly plan: TreatmentPlan
  readonly seed: number
  /** What differs from the plan before the robot sets out. */
  readonly before?: (world: World, robotId: string) => void
  /** How often somebody arms again after an interlock, once nothing has hindered it for a while. By default the room stays dark. */
  readonly rearmings?: number
  /** What happens so many simulated seconds after the lamp was first lit. */
  readonly afterLit?: readonly TreatmentEvent[]
  /** After so many simulated seconds of light in all the robot's program is killed, and another one started. */
  readonly killedAtLitS?: readonly number[]
}

export interface TreatmentEvent {
  readonly s: number
  readonly act: (scene: TreatmentScene) => void
}

export interface TreatmentScene {
  readonly world: World
  readonly robotId: string
  readonly level: Level
  readonly room: Room
  /** Between the robot and its broker. */
  readonly line: BreakableLine
}

export interface TreatmentRun {
  /** The robot's evidence, as it reached the broker. */
  readonly report: DoseReport
  /** The report's surfaces: of the room as the robot found it. */
  readonly surfaces: readonly Surface[]
  /** What the world says reached each of them, mJ/cm². */
  readonly trueMjPerCm2: readonly number[]
  /** Farthest that the robot truly stood from a stop while its lamp was lit, metres. */
  readonly farthestOffM: number
  /** Worst simulated time from a hazard to the lamp dark; `null` when there was none. */
  readonly lampOffLatencyMs: number | null
  /** After the report: it must not be. */
  readonly isLampLit: boolean
}

const address = { manufacturer: 'wardlight', serialNumber: 'uv-01' }
const robotId = robotIdOf(address)
const missionId = 'truth'

/** Simulated: sensors and localisation come up, and what a robot says is on the wire. */
const settleMs = 2000
/** Simulated time between two looks at the mission, with the sockets served in between. */
const lookMs = 100
/** Longer nobody waits for a message over a local socket, real milliseconds. */
const longestServedMs = 60_000
/** A start that was not taken by then was refused, real milliseconds. */
const refusedAfterMs = 5000
/** So long nothing must hinder it before somebody arms again, simulated. */
const unhinderedMs = 3000
/** For so long people go to the button and away from it at most, simulated: the arming window is as long. */
const longestAttendedMs = 60_000
/** No treatment of a room takes longer, simulated milliseconds. */
const longestMs = 4 * 3600_000

export function planFor(
  floor: FloorPlan,
  room: string,
  organismId: string,
  targetLog: number,
): TreatmentPlan {
  return planTreatment(planningInput(findRoom(floor, room), DEFAULT_LAMP, { organismId, targetLog }))
}

/**
 * One treatment from order to report: the simulated world with its noise, the robot's agent on its ROS
 * graph, the fleet's own order over the fleet's own broker, armed step by step. Only server and database
 * are not there. The clock stands still while a message is on its way, so a run follows from its seed.
 */
export async function runTreatment({
  floor,
  room: roomName,
  plan,
  seed,
  before,
  rearmings = 0,
  afterLit = [],
  killedAtLitS = [],
}: TreatmentCase): Promise<TreatmentRun> {
  const { level, room } = findRoom(floor, roomName)
  const log = pino({ level: process.env['LOG_LEVEL'] ?? 'error' }, pino.destination({ dest: 2, sync: true }))
  const clock = new SimulatedClock(Date.UTC(2026, 0, 1))
  const failures: unknown[] = []
  const network = new InMemoryRosNetwork((error) => failures.push(error))
  const [dock] = startingPoses(level, 1, ROBOT_CLEARANCE_M)
  const world = createWorld({
    plan: floor,
    seed,
    clock,
    robots: [
      { id: robotId, levelId: level.id, pose: dock!, graph: network.createNode(), lamp: DEFAULT_LAMP },
    ],
  })
  // Light is counted on the surfaces of the room as planned, and as found as soon as the robot plans on it.
  world.truth.watch(room.id, surfacesOf(plan.room, plan.surfaceSizeM))
  let state: State | null = null
  let isOnline = false
  const broker = createEmbeddedBroker({
    host: '127.0.0.1',
    port: 0,
    authenticate: () => Promise.resolve(address),
    log,
  })
  await broker.start((topic, payload) => {
    const read = () => JSON.parse(Buffer.from(payload).toString('utf8')) as unknown
    if (topic === vda5050Topic(address, 'state')) state = read() as State
    if (topic === vda5050Topic(address, 'connection')) {
      isOnline = (read() as Connection).connectionState === 'ONLINE'
    }
  })
  const line = await createBreakableLine(broker.url)
  const life = createMortalAgent(clock, network, ({ clock: own, graph, stateFolder }) =>
    createRobotAgent({
      address,
      levelId: level.id,
      graph,
      clock: own,
      lamp: DEFAULT_LAMP,
      cameras: SIMULATED_CAMERAS,
      mqtt: { url: line.url, username: robotId, password: 'any' },
      log,
      plan: (input) => {
        world.truth.watch(room.id, surfacesOf(input.room, input.surfaceSizeM))
        return planTreatment(input)
      },
      stateFolder,
    }),
  )
  try {
    world.start()
    await life.agent.start()
    before?.(world, robotId)
    clock.advance(settleMs)
    const send = sender(broker, clock)
    await send.order({ level, room }, world, plan)
    await served(() => life.agent.missionStatus !== null)

    let farthestOffM = 0
    let litAtMs: number | null = null
    const toCome = afterLit.toSorted((a, b) => a.s - b.s)
    let hinderedAtMs = 0
    let rearmed = 0
    let litS = 0
    let kills = 0
    const handle = world.robots.get(robotId)!
    while (life.agent.missionPhase !== 'finished') {
      if (failures.length > 0) throw failures[0]
      if (clock.monotonicMs() > longestMs) throw new Error(`still ${life.agent.missionPhase} after hours`)
      for (let ms = 0; ms < lookMs; ms += STEP_MS) {
        clock.advance(STEP_MS)
        if (handle.isLampLit) litAtMs ??= clock.monotonicMs()
        if (handle.isLampLit) litS += STEP_MS / 1000
      }
      await served(() => true)
      if (litS > (killedAtLitS[kills] ?? Infinity)) {
        kills += 1
        await life.kill()
        const starting = life.agent.start()
        // Off the network it goes on all the same, and comes back when the line does.
        if (!line.isCut) await starting
        continue
      }
      const status = life.agent.missionStatus!
      if (handle.isLampLit && handle.speedMps === 0) {
        const stop = status.stops[status.stopIndex]
        if (stop !== undefined) {
          const offM = Math.hypot(handle.truePose.x - stop.x, handle.truePose.y - stop.y)
          farthestOffM = Math.max(farthestOffM, offM)
        }
      }
      const sinceLitS = litAtMs === null ? -Infinity : (clock.monotonicMs() - litAtMs) / 1000
      while (toCome.length > 0 && toCome[0]!.s <= sinceLitS) {
        toCome.shift()!.act({ world, robotId, level, room, line })
      }
      if (status.phase !== 'interrupted' || status.blockers.length > 0) hinderedAtMs = clock.monotonicMs()
      const isToBeRearmed = rearmed < rearmings && clock.monotonicMs() - hinderedAtMs >= unhinderedMs
      if ((isToBeArmed(status) || isToBeRearmed) && status.arming === 'locked' && !line.isCut) {
        await served(() => isOnline)
        if (isToBeRearmed) rearmed += 1
        await arm(life.agent, world, clock, send)
      }
    }
    const { startUvDose } = missionActionIds(missionId)
    const resultOf = () => state?.actionStates.find(({ actionId }) => actionId === startUvDose)?.actionResult
    // The report is for a robot that is heard again.
    line.mend()
    await served(() => resultOf() !== undefined)
    const report = JSON.parse(resultOf()!) as DoseReport
    const surfaces = surfacesOf(report.room, report.surfaceSizeM)
    return {
      report,
      surfaces,
      trueMjPerCm2: world.truth.doseMjPerCm2(room.id, surfaces),
      farthestOffM,
      lampOffLatencyMs: world.truth.lampOffLatencyMs,
      isLampLit: handle.isLampLit,
    }
  } finally {
    await life.agent.stop()
    world.stop()
    await line.stop()
    await broker.stop()
  }
}

/** Checklist, button, start, each once the robot has heard the one before. */
async function arm(
  agent: RobotAgent,
  world: World,
  clock: SimulatedClock,
  send: ReturnType<typeof sender>,
): Promise<void> {
  clock.advance(settleMs)
  const has = (step: string) => comes(() => agent.missionStatus?.arming === step, refusedAfterMs)
  await send.action(ROBOT_ACTION_TYPES.confirmChecklist, [
    { key: 'missionId', value: missionId },
    { key: 'confirmedBy', value: 'nurse' },
    { key: 'items', value: ARMING_CHECKLIST.map(({ id }) => id) },
  ])
  if (!(await has('checklistConfirmed'))) return
  const handle = world.robots.get(robotId)!
  handle.pressArmButton()
  // In, to the button, out again; then the sensors see nobody any more.
  const isHindered = () => handle.isAttended || (agent.missionStatus?.blockers.length ?? 0) > 0
  for (let ms = 0; ms < longestAttendedMs && isHindered(); ms += STEP_MS) clock.advance(STEP_MS)
  if (!(await has('buttonPressed'))) return
  await send.action(ROBOT_ACTION_TYPES.startTreatment, [
    { key: 'missionId', value: missionId },
    { key: 'startedBy', value: 'nurse' },
  ])
  // Something may have gone wrong meanwhile, and the robot refuses; then people look again, and try again.
  await comes(
    () => agent.missionPhase !== 'awaitingArming' && agent.missionPhase !== 'interrupted',
    refusedAfterMs,
  )
}

/** The fleet's words, as its server puts them. */
function sender(broker: ReturnType<typeof createEmbeddedBroker>, clock: SimulatedClock) {
  let headerId = 0
  const head = () => {
    headerId += 1
    return { address, timestamp: new Date(clock.epochMs()).toISOString(), headerId }
  }
  return {
    order({ level, room }: FoundRoom, world: World, plan: TreatmentPlan) {
      const standing = roomStandingPose(level, room, ROBOT_CLEARANCE_M)
      const { estimatedPose } = world.robots.get(robotId)!
      const route = routeBetween(level, estimatedPose, standing)
      const order = treatmentOrder({ head: head(), missionId, levelId: level.id, route, standing, plan })
      return broker.publish(vda5050Topic(address, 'order'), JSON.stringify(order))
    },
    action(actionType: string, parameters: readonly ActionParameter[]) {
      const message = instantAction({ head: head(), actionType, actionId: `a${headerId}`, parameters })
      return broker.publish(vda5050Topic(address, 'instantActions'), JSON.stringify(message))
    },
  }
}

/** Lets the sockets be served until what travels over them has come. @throws when it does not come at all */
async function served(hasCome: () => boolean): Promise<void> {
  if (!(await comes(hasCome, longestServedMs))) throw new Error(`Nothing came: ${hasCome.toString()}`)
}

/** @returns whether it came within so many real milliseconds */
async function comes(hasCome: () => boolean, withinMs: number): Promise<boolean> {
  const begunMs = performance.now()
  do {
    await new Promise((resolve) => setImmediate(resolve))
    if (hasCome()) return true
  } while (performance.now() - begunMs <= withinMs)
  return false
}
