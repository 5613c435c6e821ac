import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { PlanFiles } from '@wardlight/core/floor'

/** Floor plan files from this machine's file system. */
export const nodePlanFiles: PlanFiles = {
  readText: (file) => readFileSync(file, 'utf8'),
  readBytes: (file) => readFileSync(file),
  resolve: (file, name) => path.resolve(path.dirname(file), name),
}
