import type { GasSample, GasView, PeroxidePhase, PeroxideStatus } from '@wardlight/core/fleet'

/** What the server keeps of the sensors, at most so often by the robot's clock, ms. */
const SAMPLE_EVERY_MS = 60_000
/** … and so many: about two days. */
const MOST_SAMPLES = 3000

/** Nobody has armed it, or it is dark and disarmed again without any gas. */
const HARMLESS: ReadonlySet<PeroxidePhase> = new Set([
  'traveling',
  'surveying',
  'awaitingArming',
  'interrupted',
])

/**
 * Whether the room counts as gassed after what its robot has just said. Once a start was sent it does, until the robot
 * itself says that it waits to be armed and never let any gas out, or its report is believed.
 */
export function mayBeGassedAfter(
  {
    mayBeGassed,
    progress,
  }: { readonly mayBeGassed: boolean; readonly progress: { readonly gas: GasView | null } },
  { isGassed, phase, arming }: Pick<PeroxideStatus, 'isGassed' | 'phase' | 'arming'>,
): boolean {
  if (isGassed) return true
  // Gas that was there does not go by a word.
  if (progress.gas?.isGassed === true) return mayBeGassed
  if (!HARMLESS.has(phase)) return true
  // A start may be on its way to a robot whose button was pressed.
  return mayBeGassed && (arming === 'buttonPressed' || arming === 'started')
}

/** The samples with one more, when one is due and there is something to say. */
export function withSample(
  samples: readonly GasSample[],
  { timestamp, phase, roomId, sensors }: PeroxideStatus,
): readonly GasSample[] {
  const last = samples.at(-1)
  const isDue = last === undefined || Date.parse(timestamp) - Date.parse(last.at) >= SAMPLE_EVERY_MS
  if (!isDue || HARMLESS.has(phase) || samples.length >= MOST_SAMPLES) return samples
  const ppmOf = (isInside: boolean) =>
    sensors.flatMap(({ roomId: where, ppm }) =>
      (where === roomId) === isInside && ppm !== null ? [ppm] : [],
    )
  const [inside, outside] = [ppmOf(true), ppmOf(false)]
  const highest = (values: readonly number[]) => (values.length === 0 ? null : Math.max(...values))
  return [
    ...samples,
    {
      at: timestamp,
      insidePpm: highest(inside),
      lowestPpm: inside.length === 0 ? null : Math.min(...inside),
      outsidePpm: highest(outside),
    },
  ]
}

/** When the mission is over: what was measured stays, what runs does not. */
export function overGas(gas: GasView | null): GasView | null {
  return gas === null ? null : { ...gas, isGeneratorOn: false, mustEvacuate: false }
}
