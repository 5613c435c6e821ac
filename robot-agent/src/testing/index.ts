/** For what runs whole robots in a simulation and has them die: a disk in memory, and a clock that ends with its robot. */
export { createMemoryFolder } from './memory-folder.ts'
export { mortalClock } from './mortal-clock.ts'
