import type { DoseReport, ErrandReport, PeroxideReport } from '@wardlight/core/fleet'
import type { VdaError } from '@wardlight/core/vda5050'

/** What an order asks of a mission, of whichever kind. */
export interface Mission {
  readonly missionId: string
  /** `null` until the mission is over. */
  readonly report: DoseReport | PeroxideReport | ErrandReport | null
  /** What people should know about the room. */
  readonly notes: readonly string[]
  /** What has to be seen at once, in VDA 5050's words. */
  readonly errors: readonly VdaError[]
  /** Whether the robot is not free before it is over, with an order or without one: a gassed room. */
  readonly holdsRobot: boolean
  /** Why it must not be started now, in words. What the supervisor looks at is not among it. */
  startBlockers(): string[]
  start(): void
  /** Drops everything; the mission is not finished by it. Used when the process ends. */
  stop(): void
  /** The robot stands in the room. */
  arrive(): void
  travelFailed(): void
  cancel(): void
}
