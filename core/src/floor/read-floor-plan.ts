import { wardError } from '../errors/index.ts'
import { readMapServer } from './map-server/index.ts'
import { openRmfBuildingFrom } from './open-rmf/read-open-rmf-building.ts'
import type { PlanFiles, PlanReading } from './types.ts'
import { wardlightPlanFrom } from './wardlight/read-wardlight-plan.ts'
import { readYaml } from './yaml-source.ts'

/**
 * Reads a floor plan in any format that Wardlight knows, told by the file's content.
 *
 * @throws WARD_ERR_PLAN_FORMAT when it is none of them, and what the format's own reader throws.
 */
export function readFloorPlan(path: string, files: PlanFiles): PlanReading {
  if (/\.(pgm|png|jpe?g|bmp|svg)$/i.test(path)) {
    throw wardError('WARD_ERR_PLAN_FORMAT', {
      what: 'This is an image, and a plan is a YAML file',
      where: path,
      remedy: 'Give the .yaml file that names the image.',
    })
  }
  const source = readYaml(path, files)
  const { data } = source
  if (typeof data === 'object' && data !== null && !Array.isArray(data)) {
    // Without its version a plan of ours is still told by its list of levels: Open-RMF has a mapping.
    if ('wardlightPlan' in data || ('levels' in data && Array.isArray(data.levels))) {
      return wardlightPlanFrom(source)
    }
    if ('levels' in data) return openRmfBuildingFrom(source)
    if ('image' in data || 'resolution' in data) return readMapServer(path, files)
  }
  throw wardError('WARD_ERR_PLAN_FORMAT', {
    what: 'This is no floor plan that Wardlight knows',
    where: source.place([]),
  })
}
