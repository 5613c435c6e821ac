import { wardError } from '../errors/index.ts'
import type { PlanFiles, PlanReading } from './types.ts'
import { readWardlightPlan } from './wardlight/read-wardlight-plan.ts'
import { readYaml } from './yaml-source.ts'

/**
 * Reads a floor plan in any format that Wardlight knows, told by the file's content.
 *
 * @throws WARD_ERR_PLAN_FORMAT when it is none of them, and what the format's own reader throws.
 */
export function readFloorPlan(path: string, files: PlanFiles): PlanReading {
  const source = readYaml(path, files)
  const data = source.data
  if (typeof data === 'object' && data !== null && !Array.isArray(data)) {
    if ('wardlightPlan' in data || Array.isArray((data as { levels?: unknown }).levels)) {
      return readWardlightPlan(path, files)
    }
  }
  throw wardError('WARD_ERR_PLAN_FORMAT', {
    what: 'This is no floor plan that Wardlight knows',
    where: source.place([]),
  })
}
