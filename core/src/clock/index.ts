export { SimulatedClock } from './simulated-clock.ts'
export type { Clock, TimerId } from './clock.ts'
