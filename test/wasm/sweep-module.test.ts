import { readFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { repositoryRoot } from '../support/repository.ts'

interface WasmScript {
  readonly SWEEP_MODULE: string
  readonly sweepModule: () => Promise<string>
}

it('the committed WebAssembly is what its sources give; `npm run wasm` makes it anew', async () => {
  const script = pathToFileURL(path.join(repositoryRoot, 'scripts', 'wasm.mjs')).href
  const { SWEEP_MODULE, sweepModule } = (await import(script)) as WasmScript
  expect(readFileSync(SWEEP_MODULE, 'utf8')).toBe(await sweepModule())
})
