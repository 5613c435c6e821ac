import { createRandom } from '@wardlight/core/random'
import { roomAt, type FloorPlan, type Furniture } from '@wardlight/core/floor'
import { wardError } from '@wardlight/core/errors'
import { ButtonErrands } from './ros/button-errands.ts'
import { GasNode } from './ros/gas-node.ts'
import { RobotNode } from './ros/robot-node.ts'
import { Surroundings } from './ros/surroundings.ts'
import { Docks } from './world/docks.ts'
import { DoorBank } from './world/doors.ts'
import { Gas, GAS_STEP_MS, GasSensor } from './world/gas.ts'
import type { Clearance } from './world/drive-body.ts'
import { LevelScene } from './world/level-scene.ts'
import { LiftBank } from './world/lifts.ts'
import { People } from './world/people.ts'
import { DEFAULT_RADIUS_M, Robot } from './world/robot.ts'
import { pathThroughDoor } from './world/room-entry.ts'
import { Truth } from './world/truth.ts'
import { PlacedSensors } from './world/placed-sensors.ts'
import { RoomClimates } from './world/room-climates.ts'
import { Vaporiser } from './world/vaporiser.ts'
import { Ventilation } from './world/ventilation.ts'
import { Walkers } from './ros/walkers.ts'
import type { VaporiserOptions } from './world/vaporiser.ts'
import type { RobotHandle, World, WorldOptions } from './world-api.ts'

/** The world's fixed step, simulated milliseconds. */
export const STEP_MS = 10
const ARM_BUTTON_MS = 500

interface Inhabitant {
  readonly robot: Robot
  readonly node: RobotNode
  readonly clearance: Clearance
}

/**
 * The ground truth of a hospital: everything in it moves in fixed steps of 10 ms on the given clock,
 * and follows from the plan, the seed, and what robots and callers do at which simulated time.
 *
 * Doors: all begin shut. A door opens for a robot that comes along its way and for people who walk,
 * as an automatic door does, or as someone who walks with them holds it; it shuts 3 s after it is clear.
 */
export function createWorld(options: WorldOptions): World {
  const { plan, clock } = options
  const random = createRandom(options.seed)
  const doors = new DoorBank(plan)
  const scenes = new Map(plan.levels.map((level) => [level.id, new LevelScene(level, doors)]))
  const people = new People(plan.levels, doors)
  const lifts = new LiftBank(plan, doors)
  const docks = new Docks(plan)
  const robots = options.robots.map(
    ({ id, levelId, pose, lamp, batteryFraction = 1, radiusM = DEFAULT_RADIUS_M, ...fitted }) => {
      if (!scenes.has(levelId)) throw unknownLevel(plan, levelId, `robot ${id}`)
      return new Robot({
        id,
        levelId,
        pose,
        lamp,
        batteryFraction,
        radiusM,
        speedMps: fitted.speedMps,
        isNavigationBlind: fitted.isNavigationBlind,
        isFixed: fitted.isFixed,
        batteryHealth: fitted.batteryHealth,
        random: random.fork(`robot/${id}`),
      })
    },
  )
  const truth = new Truth(plan, scenes, doors, people, robots)
  const surroundings = new Surroundings(scenes, doors, people, robots, () => clock.epochMs())
  const inhabitants: Inhabitant[] = robots.map((robot, index) => ({
    robot,
    node: new RobotNode(
      robot,
      options.robots[index]!.graph,
      clock,
      random.fork(`lidar/${robot.id}`),
      surroundings,
      index,
      () => lampChanged(index),
      () => docks.of(robot.levelId),
    ),
    clearance: surroundings.clearanceOf(robot),
  }))
  const gas = new Gas(plan, doors, () => people.all(), random.fork('gas'))
  const ventilation = new Ventilation(plan, (roomId, isShutOff) => gas.setDampers(roomId, isShutOff))
  const placedSensors = new PlacedSensors()
  const climates = new RoomClimates(random.fork('climate'))
  const gassers = inhabitants.flatMap(({ robot }, index) => {
    const fitted = options.robots[index]!.vaporiser
    return fitted === undefined ? [] : [gasserOf(robot, index, fitted)]
  })
  const errands = new ButtonErrands(plan, people, surroundings, robots)
  const walkers = new Walkers(plan, people, surroundings, random.fork('walkers'), options.walkers ?? 0)

  let isRunning = false
  let timer: unknown
  let nextMs = 0
  let steps = 0

  function lampChanged(index: number): void {
    const { robot, node } = inhabitants[index]!
    truth.lampChanged(robot, clock.monotonicMs())
    node.publishLampOutput(false)
  }

  function roomIdOf(robot: Robot): string | null {
    const { level } = scenes.get(robot.levelId)!
    return roomAt(level, robot.body.pose)?.id ?? null
  }

  /** A robot with a vaporiser, and the gas sensor that it carries. */
  function gasserOf(robot: Robot, index: number, fitted: VaporiserOptions) {
    const vaporiser = new Vaporiser(fitted, random.fork(`vaporiser/${robot.id}`))
    let sourceRoomId: string | null = null
    /** What it gives off goes where it stands, from this instant on. */
    const feed = () => {
      const roomId = vaporiser.rateGPerMin > 0 ? roomIdOf(robot) : null
      if (sourceRoomId !== null && sourceRoomId !== roomId) gas.setSource(sourceRoomId, 0)
      if (roomId !== null) gas.setSource(roomId, vaporiser.rateGPerMin, vaporiser.airborneShare)
      sourceRoomId = roomId
    }
    const node = new GasNode({
      robot,
      vaporiser,
      graph: options.robots[index]!.graph,
      clock,
      ventilation,
      sensors: placedSensors,
      roomId: () => roomIdOf(robot),
      air: (roomId) => climates.of(roomId),
      onCommand: feed,
      phase: index,
    })
    const own = new GasSensor(
      () => {
        const roomId = roomIdOf(robot)
        return roomId === null ? 0 : gas.ppm(roomId)
      },
      random.fork(`gas-sensor/${robot.id}`),
      {},
    )
    placedSensors.place(`${robot.id}/gas`, () => roomIdOf(robot), own, clock.monotonicMs())
    return { robot, vaporiser, feed, node }
  }

  function step(nowMs: number): void {
    steps += 1
    walkers.step(nowMs)
    errands.step(nowMs)
    people.step(nowMs, STEP_MS, () => robots)
    doors.step(nowMs, STEP_MS, () => surroundings.allBodies())
    lifts.step(nowMs, () => robots)
    for (const { robot, node, clearance } of inhabitants) {
      node.control()
      robot.step(nowMs, STEP_MS, clearance, docks.feeds(robot))
      truth.lampChanged(robot, nowMs)
    }
    truth.observe(nowMs)
    ventilation.step(STEP_MS)
    placedSensors.step(nowMs)
    for (const { robot, vaporiser, feed } of gassers) {
      vaporiser.step(nowMs, STEP_MS, robot.battery.fraction > 0)
      feed()
    }
    for (const { node } of inhabitants) node.report()
    for (const { node } of gassers) node.report()
    truth.shine(STEP_MS, steps % 10 === 0)
    if (steps % (GAS_STEP_MS / STEP_MS) === 0) gas.step()
  }

  /** The timer chain keeps to multiples of the step, however late a callback of a real clock comes. */
  function schedule(): void {
    timer = clock.setTimeout(() => {
      const nowMs = clock.monotonicMs()
      for (; nextMs <= nowMs; nextMs += STEP_MS) {
        step(nextMs)
        if (!isRunning) return
      }
      schedule()
    }, nextMs - clock.monotonicMs())
  }

  function sceneOf(levelId: string, where: string): LevelScene {
    const scene = scenes.get(levelId)
    if (scene === undefined) throw unknownLevel(plan, levelId, where)
    return scene
  }

  return {
    start() {
      if (isRunning) return
      isRunning = true
      for (const { node } of inhabitants) node.start()
      for (const { node } of gassers) node.start()
      nextMs = clock.monotonicMs() + STEP_MS
      schedule()
    },
    stop() {
      if (!isRunning) return
      isRunning = false
      clock.clearTimeout(timer)
      for (const { node } of inhabitants) node.stop()
      for (const { node } of gassers) node.stop()
    },
    doors: {
      setOpen: (doorId, isOpen) => doors.setOpen(doors.indexOf(doorId), isOpen, clock.monotonicMs()),
      isOpen: (doorId) => doors.openness(doors.indexOf(doorId)) > 0,
      openness: (doorId) => doors.openness(doors.indexOf(doorId)),
      setGuard: (doorId, guard) => doors.setGuard(doors.indexOf(doorId), guard),
    },
    docks: { setFault: (dockId, fault) => docks.setFault(dockId, fault) },
    lifts: {
      call: (liftId, levelId) => lifts.call(liftId, levelId),
      request: (liftId, sessionId, levelId) => lifts.request(liftId, sessionId, levelId, people.all()),
      endSession: (liftId, sessionId) => lifts.endSession(liftId, sessionId),
      status: (liftId) => lifts.status(liftId, people.all()),
      levelOf: (liftId) => lifts.levelOf(liftId),
      isOpen: (liftId) => lifts.isOpen(liftId),
    },
    people: {
      enter: (levelId, path, speedMps) => people.enter(levelId, path, speedMps),
      enterRoom: (roomId, speedMps) => {
        const { levelId, path } = pathThroughDoor(plan, roomId)
        return people.enter(levelId, path, speedMps)
      },
      remove: (id) => people.remove(id),
      all: () => people.all(),
    },
    robots: new Map(inhabitants.map((one) => [one.robot.id, handleOf(one)])),
    addMirror: (levelId, mirror) => sceneOf(levelId, 'addMirror').addMirror(mirror),
    addObstacle: (levelId, furniture) => sceneOf(levelId, 'addObstacle').addFurniture(furniture),
    moveFurniture: (furnitureId, footprint) => {
      for (const scene of scenes.values()) {
        const item = scene.furniture.find(({ id }) => id === furnitureId)
        if (item === undefined) continue
        scene.replaceFurniture(
          furnitureId,
          footprint === null ? null : ({ ...item, footprint } satisfies Furniture),
        )
        return
      }
      throw wardError('WARD_ERR_NOT_FOUND', {
        what: `nothing named ${furnitureId} stands here`,
        where: 'moveFurniture',
      })
    },
    gas: {
      setSource: (roomId, gPerMinute, airborneShare) => gas.setSource(roomId, gPerMinute, airborneShare),
      setDampers: (roomId, areShut, leakage) => gas.setDampers(roomId, areShut, leakage),
      setTaped: (doorId, isTaped) => gas.setTaped(doorId, isTaped),
      sensor: (roomId, sensorOptions) => gas.sensor(roomId, sensorOptions),
      placeSensor: (id, roomId, { isTested, ...sensorOptions } = {}) =>
        placedSensors.place(
          id,
          roomId,
          gas.sensor(roomId, { id, ...sensorOptions }),
          clock.monotonicMs(),
          isTested,
        ),
      removeSensor: (id) => placedSensors.remove(id),
      setSensorFault: (id, fault) => placedSensors.setFault(id, fault),
      setClimate: (roomId, air) => climates.set(roomId, air),
      isShutOff: (roomId) => ventilation.isShutOff(roomId),
      setDamperFault: (roomId, name, fault) => ventilation.setFault(roomId, name, fault),
      forceDamper: (roomId, name, openness) => ventilation.force(roomId, name, openness),
      ppm: (roomId) => gas.ppm(roomId),
      get worstBreathedPpm() {
        return gas.worstBreathedPpm
      },
      get balance() {
        return gas.balance
      },
    },
    truth: {
      watch: (roomId, surfaces) => truth.watch(roomId, surfaces),
      doseMjPerCm2: (roomId, surfaces) => truth.doseMjPerCm2(roomId, surfaces),
      get lampOffLatencyMs() {
        return truth.lampOffLatencyMs
      },
      get events() {
        return truth.events
      },
    },
  }

  function handleOf({ robot, node }: Inhabitant): RobotHandle {
    return {
      id: robot.id,
      get truePose() {
        return robot.body.pose
      },
      get estimatedPose() {
        return robot.estimate
      },
      get levelId() {
        return robot.levelId
      },
      get roomId() {
        return roomIdOf(robot)
      },
      get vaporiserGPerMin() {
        return gassers.find((gasser) => gasser.robot === robot)?.vaporiser.rateGPerMin ?? 0
      },
      setVaporiserFault: (fault) => {
        const gasser = gassers.find((candidate) => candidate.robot === robot)
        if (gasser !== undefined) gasser.vaporiser.fault = fault
      },
      get speedMps() {
        return robot.body.speedMps
      },
      get isLampLit() {
        return robot.lamp.isLit
      },
      get batteryFraction() {
        return robot.battery.fraction
      },
      get isAttended() {
        return errands.isUnderWay(robot)
      },
      pressArmButton: (durationMs = ARM_BUTTON_MS) => {
        errands.send(robot, durationMs, (forMs) => {
          robot.armPressedUntilMs = clock.monotonicMs() + forMs
          node.reportButtons()
        })
      },
      pressEmergencyStop: (isPressed) => {
        robot.isEmergencyPressed = isPressed
        truth.observe(clock.monotonicMs())
        node.reportButtons()
      },
      unplugLamp: (isUnplugged) => {
        robot.isLampUnplugged = isUnplugged
      },
      setPersonSensorFault: (saying) => {
        robot.personSensorSays = saying
      },
      setLampSensorFault: (sensor, saying) => {
        if (sensor === 'output') robot.lamp.outputSays = saying
        else robot.lamp.currentSays = saying
      },
      weakenTube: (tube, fraction) => robot.lamp.weakenTube(tube, fraction),
      silenceSensor: (topic, isSilent) => {
        if (isSilent) robot.silentTopics.add(topic)
        else robot.silentTopics.delete(topic)
      },
      disturbLocalisation: (offset) => robot.localisation.disturb(offset),
      loseItsPlace: (offset) => robot.localisation.goAstray(offset),
    }
  }
}

function unknownLevel(plan: FloorPlan, levelId: string, where: string): Error {
  return wardError('WARD_ERR_LEVEL_UNKNOWN', {
    what: `the plan has no level ${levelId}`,
    where,
    remedy: `Use one of: ${plan.levels.map(({ id }) => id).join(', ')}.`,
  })
}
