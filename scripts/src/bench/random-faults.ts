import { roomStandingPose } from '@wardlight/core/floor'
import { createRandom } from '@wardlight/core/random'
import { ROBOT_TOPICS } from '@wardlight/core/ros'
import { failTube, leaveTrolley, letPersonEnter, openDoor } from '../demo/events.ts'
import type { TreatmentEvent, TreatmentScene } from '../simulated-treatment.ts'

/** Something that goes wrong, and how it ends: an act that returns what undoes it; `null` when nothing does. */
type Fault = (scene: TreatmentScene) => (() => void) | null

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

/** Everything that a soak run lets happen, by name. */
export const FAULTS = {
  'a person enters': person(({ world, level, room }) => letPersonEnter(world, level, room)),
  'a person was hidden': person(({ world, level, room }) => {
    world.people.enter(level.id, [roomStandingPose(level, room, 0.25)])
  }),
  'a door opens': ({ world, level, room }) => {
    openDoor(world, level, room)
    const doors = level.doors.filter(({ id }) => room.doorIds.includes(id))
    return () => {
      for (const { id } of doors) world.doors.setOpen(id, false)
    }
  },
  'a guard is moved': ({ world, room }) => guard(world, room.doorIds, 'moved'),
  'a guard is lost': ({ world, room }) => guard(world, room.doorIds, 'lost'),
  'emergency stop': ({ world, robotId }) => {
    const robot = world.robots.get(robotId)!
    robot.pressEmergencyStop(true)
    return () => robot.pressEmergencyStop(false)
  },
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
  'lidar silent': silence(ROBOT_TOPICS.scan),
  'person sensor silent': silence(ROBOT_TOPICS.personSensor),
  'localisation silent': silence(ROBOT_TOPICS.localisation),
  'guards silent': silence(ROBOT_TOPICS.doorGuards),
  'lost its place': ({ world, robotId }) => {
    world.robots.get(robotId)!.disturbLocalisation({ x: 0.8, y: -0.6, theta: 0.5 })
    return null
  },
  'a trolley is left': ({ world, level, room, robotId }) => {
    leaveTrolley(world, level, room, robotId)
    return null
  },
  'network lost': ({ line }) => {
    line.cut()
    return () => line.mend()
  },
} as const satisfies Readonly<Record<string, Fault>>
export type FaultName = keyof typeof FAULTS

export interface PlannedFault {
  readonly name: FaultName
  /** Seconds after the lamp was first lit. */
  readonly fromS: number
  readonly toS: number
}

const LATEST_S = 150
const SHORTEST_S = 2
const LONGEST_S = 60

/** None to three faults, the same for the same seed. One kind comes once: two trolleys would be one on the other. */
export function randomFaults(seed: number, names: readonly FaultName[]): PlannedFault[] {
  const random = createRandom(seed)
  const left = [...names]
  return Array.from({ length: Math.floor(4 * random.uniform()) }, () => {
    const [name] = left.splice(Math.floor(left.length * random.uniform()), 1)
    const fromS = LATEST_S * random.uniform()
    return { name: name!, fromS, toS: fromS + SHORTEST_S + (LONGEST_S - SHORTEST_S) * random.uniform() }
  })
}

/** Seconds of light after which the robot's program is killed: in every fourth mission once or twice. */
export function randomKills(seed: number): number[] {
  const random = createRandom(seed).fork('kills')
  if (random.uniform() > 0.25) return []
  return Array.from({ length: random.uniform() < 0.5 ? 1 : 2 }, () => 60 * random.uniform()).toSorted(
    (a, b) => a - b,
  )
}

/** The faults as a simulated treatment takes them. */
export function eventsOf(faults: readonly PlannedFault[]): TreatmentEvent[] {
  return faults.flatMap(({ name, fromS, toS }) => {
    let undo: (() => void) | null = null
    return [
      {
        s: fromS,
        act: (scene: TreatmentScene) => {
          undo = FAULTS[name](scene)
        },
      },
      { s: toS, act: () => undo?.() },
    ]
  })
}

function guard(
  { doors }: TreatmentScene['world'],
  doorIds: readonly string[],
  state: 'moved' | 'lost',
): () => void {
  for (const id of doorIds) doors.setGuard(id, state)
  return () => {
    for (const id of doorIds) doors.setGuard(id, 'inPlace')
  }
}
