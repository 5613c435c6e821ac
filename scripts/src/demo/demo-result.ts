import type { MissedSurface } from '@wardlight/core/disinfection'
import type { InterlockKind, Verdict } from '@wardlight/core/fleet'

/** What `wardlight demo --json` prints. */
export interface DemoResult {
  readonly room: string
  readonly organism: string
  readonly targetLog: number
  /** Lamp time and travel inside the room, as the approved plan has it. */
  readonly plannedSeconds: number
  /** Simulated, from taking the order to the report. */
  readonly elapsedSeconds: number
  readonly stops: number
  readonly surfaces: {
    readonly total: number
    /** At or above the target dose. */
    readonly reached: number
    readonly missed: readonly {
      readonly id: string
      readonly reason: MissedSurface['reason']
      /** The same for people. */
      readonly explanation: string
    }[]
  }
  /** Over the surfaces that the approved plan promised. */
  readonly doseMjPerCm2: { readonly min: number; readonly p5: number; readonly p50: number }
  /**
   * Worst simulated time from a hazard to the really dark lamp; 0 when it was dark before (between two stops, or
   * because the robot saw the hazard come); `null` when nothing tripped.
   */
  readonly lampOffLatencyMs: number | null
  /** `at` is in seconds since the robot took the order. */
  readonly interlocks: readonly { readonly at: number; readonly kind: InterlockKind }[]
  readonly verdict: Verdict
  readonly roomState: string
  /** Lines between robots and broker that `--network-lost` cut. */
  readonly connectionsLost: number
  readonly missionId: string
}
