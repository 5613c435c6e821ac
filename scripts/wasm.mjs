// `npm run wasm`: compiles the AssemblyScript of core into a module that needs no file. What it writes is committed, so that
// sources, `tsc -b` and a browser find it without a step before; test/wasm holds it to what the sources give.
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'

const folder = fileURLToPath(new URL('../core/src/disinfection/grid-field/', import.meta.url))

export const SWEEP_MODULE = path.join(folder, 'sweep-module.ts')

/** @returns the text of `SWEEP_MODULE` as the sources give it */
export async function sweepModule() {
  const source = readFileSync(path.join(folder, 'assembly', 'sweep.ts'), 'utf8')
  let bytes
  const messages = []
  const { error } = await asc.main(
    [
      'sweep.ts',
      ...['--outFile', 'sweep.wasm'],
      ...['-O3', '--converge', '--noAssert'],
      ...['--runtime', 'stub', '--use', 'abort=', '--importMemory'],
      ...['--enable', 'simd'],
    ],
    {
      readFile: (name) => (name === 'sweep.ts' ? source : null),
      writeFile: (name, contents) => {
        if (name === 'sweep.wasm') bytes = contents
      },
      listFiles: () => [],
      stderr: { write: (text) => messages.push(text) },
    },
  )
  if (error !== null) throw new Error(`sweep.ts does not compile:\n${messages.join('')}`, { cause: error })
  const lines = Buffer.from(bytes)
    .toString('base64')
    .match(/.{1,100}/g)
  return [
    '// Made by `npm run wasm` from assembly/sweep.ts; do not change it by hand.',
    '',
    '/** A WebAssembly module, base64. */',
    'export const SWEEP_MODULE = [',
    ...lines.map((line) => `  '${line}',`),
    "].join('')",
    '',
  ].join('\n')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(SWEEP_MODULE, await sweepModule())
