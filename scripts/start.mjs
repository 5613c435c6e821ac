import { setUp } from './setup.mjs'

setUp()
const { runWardlight } = await import('./dist/wardlight.js')
process.exitCode = await runWardlight(['start', ...process.argv.slice(2)])
