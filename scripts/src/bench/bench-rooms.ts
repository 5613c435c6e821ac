import { DEFAULT_LAMP, type TreatmentInput } from '@wardlight/core/disinfection'
import { findRoom, readFloorPlan } from '@wardlight/core/floor'
import { planningInput } from '@wardlight/fleet-server'
import { nodePlanFiles } from '../node-plan-files.ts'
import { sampleHospital } from '../paths.ts'

const { plan } = readFloorPlan(sampleHospital, nodePlanFiles)

/** What the fleet server plans a room of the sample hospital from, against SARS-CoV-2 at 3 log. */
export function roomInput(room: string, more: Partial<TreatmentInput> = {}): TreatmentInput {
  const input = planningInput(findRoom(plan, room), DEFAULT_LAMP, { organismId: 'sars-cov-2', targetLog: 3 })
  return { ...input, ...more }
}
