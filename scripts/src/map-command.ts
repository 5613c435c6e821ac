import { formatPlanSummary, planSummary, readFloorPlan } from '@wardlight/core/floor'
import { nodePlanFiles } from './node-plan-files.ts'

/** @returns what `wardlight map` prints */
export function runMapCommand(file: string, { json }: { readonly json: boolean }): string {
  const reading = readFloorPlan(file, nodePlanFiles)
  return json ? `${JSON.stringify(planSummary(reading), null, 2)}\n` : formatPlanSummary(reading)
}
