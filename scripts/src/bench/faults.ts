import { gasNeighboursOf } from '@wardlight/core/disinfection'
import { ROBOT_ACTION_TYPES } from '@wardlight/core/fleet'
import { roomStandingPose } from '@wardlight/core/floor'
import { GAS_TOPICS, ROBOT_TOPICS } from '@wardlight/core/ros'
import { failTube, leaveTrolley, letPersonEnter, openDoor } from '../demo/events.ts'
import type { TreatmentScene } from '../treatment-stage.ts'

/** Something that goes wrong, and how it ends: an act that returns what undoes it; `null` when nothing does. */
export type Fault = (scene: TreatmentScene) => (() => void) | null

const silence =
  (topic: string): Fault =>
  ({ world, robotId }) => {
    const robot = world.robots.get(robotId)!
    robot.silenceSensor(topic, true)
    return () => robot.silenceSensor(topic, false)
  }

/** Whoever is in the room when a fault begins is there to be led out at its end. */
const person =
  (enter: (scene: TreatmentScene) => void): Fault =>
  (scene) => {
    const before = new Set(scene.world.people.all().map(({ id }) => id))
    enter(scene)
    const entered = scene.world.people.all().filter(({ id }) => !before.has(id))
    return () => {
      for (const { id } of entered) scene.world.people.remove(id)
    }
  }

const guard =
  (state: 'moved' | 'lost'): Fault =>
  ({ world: { doors }, room: { doorIds } }) => {
    for (const id of doorIds) doors.setGuard(id, state)
    return () => {
      for (const id of doorIds) doors.setGuard(id, 'inPlace')
    }
  }

/** What can go wrong with any mission. */
export const COMMON_FAULTS = {
  'a person enters': person(({ world, level, room }) => letPersonEnter(world, level, room)),
  'a door opens': ({ world, level, room }) => {
    openDoor(world, level, room)
    const doors = level.doors.filter(({ id }) => room.doorIds.includes(id))
    return () => {
      for (const { id } of doors) world.doors.setOpen(id, false)
    }
  },
  'a guard is moved': guard('moved'),
  'a guard is lost': guard('lost'),
  'emergency stop': ({ world, robotId }) => {
    const robot = world.robots.get(robotId)!
    robot.pressEmergencyStop(true)
    return () => robot.pressEmergencyStop(false)
  },
  'emergency stop from afar': ({ say }) => {
    say(ROBOT_ACTION_TYPES.emergencyStop, [{ key: 'requestedBy', value: 'nurse' }])
    return () => say(ROBOT_ACTION_TYPES.stopPause)
  },
  // Whoever sees to the mission resumes it.
  'a pause': ({ say }) => {
    say(ROBOT_ACTION_TYPES.startPause)
    return null
  },
  'a cancel': ({ say }) => {
    say(ROBOT_ACTION_TYPES.cancelOrder)
    return null
  },
  'lidar silent': silence(ROBOT_TOPICS.scan),
  'person sensor silent': silence(ROBOT_TOPICS.personSensor),
  'localisation silent': silence(ROBOT_TOPICS.localisation),
  'guards silent': silence(ROBOT_TOPICS.doorGuards),
  'network lost': ({ line }) => {
    line.cut()
    return () => line.mend()
  },
  // Whoever sees to the mission mends it once it is over.
  'network lost to the end': ({ line }) => {
    line.cut()
    return null
  },
  'the program is killed': ({ kill }) => {
    kill()
    return null
  },
  'killed off the network': ({ line, kill }) => {
    line.cut()
    kill()
    return () => line.mend()
  },
} as const satisfies Readonly<Record<string, Fault>>

/** What can go wrong in a room that is being treated. */
const ROOM_FAULTS = {
  'a person was hidden': person(({ world, level, room }) => {
    world.people.enter(level.id, [roomStandingPose(level, room, 0.25)])
  }),
  'lost its place': ({ world, robotId }) => {
    world.robots.get(robotId)!.disturbLocalisation({ x: 0.8, y: -0.6, theta: 0.5 })
    return null
  },
} as const satisfies Readonly<Record<string, Fault>>

export const LIGHT_FAULTS = {
  ...COMMON_FAULTS,
  ...ROOM_FAULTS,
  'lamp unplugged': ({ world, robotId }) => {
    const robot = world.robots.get(robotId)!
    robot.unplugLamp(true)
    return () => robot.unplugLamp(false)
  },
  'a tube fails': ({ world, robotId }) => {
    failTube(world, robotId)
    return null
  },
  'the lamp is tired': ({ world, robotId }) => {
    for (let tube = 0; tube < 8; tube += 1) world.robots.get(robotId)!.weakenTube(tube, 0.6)
    return null
  },
} as const satisfies Readonly<Record<string, Fault>>

/** … where there is space for one. */
export const TROLLEY_FAULT = {
  'a trolley is left': ({ world, level, room, robotId }) => {
    leaveTrolley(world, level, room, robotId)
    return null
  },
} as const satisfies Readonly<Record<string, Fault>>

const damper =
  (fault: 'stuck' | 'silent'): Fault =>
  ({ world, room }) => {
    world.gas.setDamperFault(room.id, 'exhaust', fault)
    return () => world.gas.setDamperFault(room.id, 'exhaust', null)
  }

const generator =
  (fault: 'stuckOn' | 'deaf' | 'silent'): Fault =>
  (scene) => {
    const robot = scene.world.robots.get(scene.robotId)!
    robot.setVaporiserFault(fault)
    scene.isGeneratorBroken = true
    return () => {
      robot.setVaporiserFault(null)
      scene.isGeneratorBroken = false
    }
  }

const sensor =
  (
    idOf: (scene: TreatmentScene) => string,
    fault: 'stuck' | 'silent' | { readonly offsetPpm: number },
  ): Fault =>
  (scene) => {
    const id = idOf(scene)
    scene.world.gas.setSensorFault(id, fault)
    return () => scene.world.gas.setSensorFault(id, null)
  }
// As `prepareForGas` names them.
const onTheWall = ({ room }: TreatmentScene) => `wall-${room.id}`
const nextDoor = ({ level, room }: TreatmentScene) => `outside-${gasNeighboursOf(level, room)[0]!.id}`

export const GAS_FAULTS = {
  ...COMMON_FAULTS,
  ...ROOM_FAULTS,
  'a damper leaks': ({ world, room }) => {
    world.gas.forceDamper(room.id, 'supply', 0.3)
    return null
  },
  'a damper sticks': damper('stuck'),
  'a damper is silent': damper('silent'),
  'dampers silent': silence(GAS_TOPICS.dampers),
  'the generator goes on': generator('stuckOn'),
  'the generator is deaf': generator('deaf'),
  'the generator is silent': silence(GAS_TOPICS.vaporiserRate),
  'a gas sensor sticks': sensor(onTheWall, 'stuck'),
  'a gas sensor is silent': sensor(onTheWall, 'silent'),
  'a gas sensor is off': sensor(onTheWall, { offsetPpm: -20 }),
  'the sensor next door is silent': sensor(nextDoor, 'silent'),
  'the tape comes off': ({ world, room }) => {
    for (const doorId of room.doorIds) world.gas.setTaped(doorId, false)
    return null
  },
  'gas next door': ({ world, level, room }) => {
    const { id } = gasNeighboursOf(level, room)[0]!
    world.gas.setSource(id, 1)
    return () => world.gas.setSource(id, 0)
  },
} as const satisfies Readonly<Record<string, Fault>>

export const ERRAND_FAULTS = {
  ...COMMON_FAULTS,
  'a dock without current': ({ world, level }) => {
    for (const { id } of level.docks) world.docks.setFault(id, 'noPower')
    return () => {
      for (const { id } of level.docks) world.docks.setFault(id, null)
    }
  },
} as const satisfies Readonly<Record<string, Fault>>
