// `npm run bench -- [suites…] [--json] [--rounds N] [--quick]`: speed against a peer in the same run.
import { setUp } from './setup.mjs'

setUp()
const { runBench } = await import('./dist/bench/bench-command.js')
process.exitCode = await runBench(process.argv.slice(2))
