import {
  PeroxideEndSchema,
  PeroxideInterlockSchema,
  PeroxidePlanSchema,
  PeroxideReportSchema,
  type PeroxideReport,
} from '@wardlight/core/fleet'
import type { PeroxidePlan } from '@wardlight/core/disinfection'
import type { PeroxideEnd } from '@wardlight/core/fleet'
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import type { GasLedgerMemory } from './gas-ledger.ts'

/** What has to outlive a restart of the robot in a sealed or gassed room; plain JSON. */
export interface PeroxideMemory {
  /** `false` from before the dampers are shut until the first gas. Files of before this field are of gassed rooms. */
  readonly isGassed?: boolean
  readonly missionId: string
  readonly plan: PeroxidePlan
  readonly awaitArmingId: string
  readonly startPeroxideCycleId: string
  readonly startedAtEpochMs: number
  readonly end: PeroxideEnd | null
  readonly isDwellDone: boolean
  readonly wasGeneratorOn: boolean
  readonly ledger: GasLedgerMemory
  readonly conditions: PeroxideReport['conditions']
  readonly interlocks: PeroxideReport['interlocks']
  readonly timeline: PeroxideReport['timeline']
  readonly arming: PeroxideReport['arming']
  readonly wasEvacuated: boolean
}

/** Durable, and synchronous: what is saved is safe before gas flows. */
export interface PeroxideMemoryStore {
  load(): PeroxideMemory | null
  /** @throws when it cannot be kept; then no gas flows */
  save(memory: PeroxideMemory | null): void
}

const { conditions, timeline, arming, outside } = PeroxideReportSchema.properties

const validator = Compile(
  Type.Object({
    isGassed: Type.Optional(Type.Boolean()),
    missionId: Type.String(),
    plan: PeroxidePlanSchema,
    awaitArmingId: Type.String(),
    startPeroxideCycleId: Type.String(),
    startedAtEpochMs: Type.Number(),
    end: Type.Union([PeroxideEndSchema, Type.Null()]),
    isDwellDone: Type.Boolean(),
    wasGeneratorOn: Type.Boolean(),
    ledger: Type.Object({
      injectedG: Type.Number(),
      mostG: Type.Number(),
      bestDwellS: Type.Number(),
      inside: Type.Array(
        Type.Object({
          sensorId: Type.String(),
          isProven: Type.Boolean(),
          ppmHours: Type.Number(),
          longestDwellS: Type.Number(),
          peakPpm: Type.Number(),
        }),
      ),
      outside,
    }),
    conditions,
    interlocks: Type.Array(PeroxideInterlockSchema),
    timeline,
    arming,
    wasEvacuated: Type.Boolean(),
  }),
)

/** Says what is wrong with something that was read as a memory, or `null`. */
export function memoryProblem(value: unknown): string | null {
  const [problem] = validator.Errors(value)
  return problem === undefined ? null : `${problem.instancePath} ${problem.message}`
}
