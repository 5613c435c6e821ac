/**
 * For what runs robots in a simulation and looks into them: a disk in memory, a clock that ends with its robot, and the
 * perception without the rest.
 */
export { LocalisationHealth } from '../perception/localisation-health.ts'
export { PlaceFinder } from '../perception/place-finder.ts'
export { KnownRoom } from '../perception/known-room.ts'
export { withThings } from '../perception/room-as-found.ts'
export type { WayView } from '../perception/people-on-the-way.ts'
export { RoomWatch } from '../perception/room-watch.ts'
export { giveWay, type GivingWayRobot } from '../robot/give-way.ts'
export { createRosRobot } from '../ros/ros-robot.ts'
export { createMemoryFolder } from './memory-folder.ts'
export { mortalClock } from './mortal-clock.ts'
