import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readFloorPlan, type FloorPlan, type PlanFiles } from '@wardlight/core/floor'

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../../..')
export const HOSPITAL = resolve(ROOT, 'sim/hospital/hospital.yaml')
/** Real buildings, where they are there. */
export const CLINIC = resolve(ROOT, '../shared/peers/maps/rmf-clinic/clinic.building.yaml')
export const SCAN = resolve(ROOT, '../shared/peers/maps/aws-hospital/hospital.yaml')

const files: PlanFiles = {
  readText: (path) => readFileSync(path, 'utf8'),
  readBytes: (path) => new Uint8Array(readFileSync(path)),
  resolve: (path, name) => resolve(dirname(path), name),
}

export function readPlan(path: string): FloorPlan {
  return readFloorPlan(path, files).plan
}
