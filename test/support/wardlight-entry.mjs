import { runWardlight } from '../../scripts/dist/wardlight.js'

process.exitCode = await runWardlight(process.argv.slice(2))
