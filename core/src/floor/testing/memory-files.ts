import type { PlanFiles } from '../types.ts'

/** Files in memory, by path. */
export function memoryFiles(contents: Readonly<Record<string, string>>): PlanFiles {
  return {
    readText(path) {
      const text = contents[path]
      if (text === undefined) throw Object.assign(new Error(`no ${path}`), { code: 'ENOENT' })
      return text
    },
    readBytes: (path) => {
      throw Object.assign(new Error(`no ${path}`), { code: 'ENOENT' })
    },
    resolve: (path, name) => `${path.slice(0, path.lastIndexOf('/') + 1)}${name}`,
  }
}
