import { readFileSync } from 'node:fs'
import path from 'node:path'
/** Floor plan files from this machine's file system. */
export const nodePlanFiles = {
  readText: (file) => readFileSync(file, 'utf8'),
  readBytes: (file) => readFileSync(file),
  resolve: (file, name) => path.resolve(path.dirname(file), name),
}
//# sourceMappingURL=node-plan-files.js.map
