import { createRoamingRobot, type RoamingOptions } from './roaming-robot.ts'

/** Nobody is there: how often it slows down, or holds, for nothing. */
export function roamsAlone(options: RoamingOptions, hours: number): { slowed: number; held: number } {
  const roaming = createRoamingRobot(options)
  let [slowed, held] = [0, 0]
  let was = roaming.robot.caution
  roaming.onScan = () => {
    const now = roaming.robot.caution
    if (now !== 'free' && was === 'free') slowed += 1
    if (now === 'hold' && was !== 'hold') held += 1
    was = now
  }
  roaming.clock.advance(3_600_000 * hours)
  roaming.stop()
  return { slowed, held }
}
