import type { Clock } from '@wardlight/core/clock'
import type { PeroxidePlan } from '@wardlight/core/disinfection'
import type { PeroxideReport } from '@wardlight/core/fleet'
import type { AgentLog } from '../agent-log.ts'
import type { RoomWatch } from '../perception/room-watch.ts'
import type { InstrumentBook } from '../robot/instrument-book.ts'
import type { Robot } from '../robot/ports.ts'
import type { GasSafety } from '../safety/gas-safety.ts'
import type { SafetySupervisor } from '../safety/safety-supervisor.ts'
import type { PeroxideMemory } from './peroxide-memory.ts'

/** What a peroxide mission is, and what it is done with. */
export interface PeroxideMissionOptions {
  readonly missionId: string
  readonly robotId: string
  readonly plan: PeroxidePlan
  readonly rearmTimeoutS: number
  readonly actionIds: { readonly awaitArmingId: string; readonly startPeroxideCycleId: string }
  readonly clock: Clock
  readonly robot: Robot
  readonly supervisor: SafetySupervisor
  readonly gasSafety: GasSafety
  readonly roomWatch: RoomWatch
  readonly log: AgentLog
  /** What its report tells of the robot's instruments; a bench without one tells nothing. */
  readonly instruments?: InstrumentBook | undefined
  /** Set when the robot comes up again in a room that it had sealed or gassed. */
  readonly resume: PeroxideMemory | null
  /** The robot came up again before it had sealed anything: the mission begins anew, as soon as it knows that it stands in the room. */
  readonly isBegunAnew?: boolean
  /** Write it down, before this returns; `null`: there is nothing to remember any more. */
  readonly onRemember: (memory: PeroxideMemory | null) => void
  /** Called on everything that people should see at once. */
  readonly onChange: () => void
  readonly onArmed: () => void
  readonly onFinished: (report: PeroxideReport) => void
}
