import type { Clock } from '@wardlight/core/clock'
import type { FastifyBaseLogger } from 'fastify'
import type { Commands } from '../robots/commands.ts'
import type { RobotRegistry } from '../robots/robot-registry.ts'
import type { Contaminations } from './contaminations.ts'
import type { FloorIndex } from './floor-index.ts'
import type { Ledger } from './ledger.ts'
import type { TrafficControl } from './traffic-control.ts'

/** What the services about missions share. */
export interface Fleet {
  readonly ledger: Ledger
  readonly floor: FloorIndex
  readonly contaminations: Contaminations
  readonly registry: RobotRegistry
  /** Which robot the schedule has for a request. */
  readonly scheduledRobotId: (requestId: string) => string | null
  readonly commands: Commands
  readonly traffic: TrafficControl
  readonly clock: Clock
  readonly log: FastifyBaseLogger
}
