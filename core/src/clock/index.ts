export type { Clock, TimerId } from './clock.ts'
export { SimulatedClock } from './simulated-clock.ts'
export { createSystemClock } from './system-clock.ts'
export type { Platform } from './system-clock.ts'
