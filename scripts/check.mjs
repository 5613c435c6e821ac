// Everything that can be said of the sources without running them: types, rules, format.
import path from 'node:path'
import { root, run, setUp } from './setup.mjs'

/** @returns whether all is well */
export function check() {
  const bin = (name) => path.join(root, 'node_modules', name, 'bin', name)
  const lint = run(process.execPath, [bin('oxlint'), '--type-aware', '--deny-warnings'])
  const format = run(process.execPath, [bin('oxfmt'), '--check'])
  return lint === 0 && format === 0
}

if (
  process.argv[1] !== undefined &&
  path.resolve(process.argv[1]) === path.join(root, 'scripts', 'check.mjs')
) {
  setUp()
  process.exitCode = check() ? 0 : 1
}
