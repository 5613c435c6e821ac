import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { PlanFiles } from '@wardlight/core/floor'

/** The file system, for readers of plans. */
export const nodePlanFiles: PlanFiles = {
  readText: (file) => readFileSync(file, 'utf8'),
  readBytes: (file) => new Uint8Array(readFileSync(file)),
  resolve: (file, name) => path.resolve(path.dirname(file), name),
}
