import { createIrradianceField } from './irradiance-field.ts'
import type { LampModel, MissedSurface, RoomModel, Surface, TreatmentPlan } from './types.ts'

export interface MissedInput {
  readonly room: RoomModel
  readonly surfaces: readonly Surface[]
  /** What each surface got, in the surfaces' order. */
  readonly deliveredMjPerCm2: readonly number[]
  readonly targetMjPerCm2: number
  readonly plan: TreatmentPlan
  /** Whether the run ended before its last stop was done. */
  readonly wasInterrupted: boolean
  readonly lamp: LampModel
}

/**
 * Every surface under its target. What the plan did not promise keeps the plan's reason; the others
 * were cut short, or got less than predicted, and the remedy says how much lamp time they lack.
 */
export function explainMissed(input: MissedInput): MissedSurface[] {
  const { room, surfaces, deliveredMjPerCm2, targetMjPerCm2, plan, wasInterrupted, lamp } = input
  const notPromised = new Map(plan.unreachable.map((missed) => [missed.id, missed]))
  const missed = surfaces
    .map((surface, index) => ({ surface, doseMjPerCm2: deliveredMjPerCm2[index] ?? 0 }))
    .filter(({ doseMjPerCm2 }) => doseMjPerCm2 < targetMjPerCm2)
  const field = createIrradianceField(
    missed.map(({ surface }) => surface),
    room,
    lamp,
  )
  const atStops = plan.stops.map((stop) => field.at(stop))

  return missed.map(({ surface: { id, label }, doseMjPerCm2 }, index): MissedSurface => {
    const known = notPromised.get(id)
    if (known !== undefined) return known
    const share = `${doseMjPerCm2.toFixed(1)} of ${targetMjPerCm2.toFixed(1)} mJ/cm²`
    const bestMwPerCm2 = Math.max(0, ...atStops.map((rates) => rates[index]!)) / 1000
    const lackS = Math.ceil((targetMjPerCm2 - doseMjPerCm2) / bestMwPerCm2)
    const lack = bestMwPerCm2 > 0 ? `about ${lackS} s of light from the nearest stop` : 'a new plan'
    return wasInterrupted
      ? {
          id,
          label,
          reason: 'interrupted',
          explanation: `the run ended early: ${share}`,
          remedy: `Run it again: this needs ${lack}. What it got counts.`,
        }
      : {
          id,
          label,
          reason: 'underDosed',
          explanation: `got less than planned: ${share}`,
          remedy: `Run it again: this needs ${lack}. If it happens again, have the lamp measured.`,
        }
  })
}
