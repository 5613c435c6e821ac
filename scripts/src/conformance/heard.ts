import type { WireTopic } from '@wardlight/core/vda5050'

/** A message as it came over the wire. */
export interface Heard {
  readonly topic: WireTopic
  readonly text: string
  /** `undefined`: no JSON. */
  readonly body: unknown
  readonly atMs: number
  readonly qos: number
  readonly retain: boolean
}

/** Stops a check: the implementation does otherwise. */
export class CheckFailed extends Error {}
/** Stops a check: it could not be exercised. */
export class CheckNotRun extends Error {}

export function mustBe(condition: boolean, reason: string): asserts condition {
  if (!condition) throw new CheckFailed(reason)
}
