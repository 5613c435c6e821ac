// `wardlight` as it was built: it installs and builds nothing, and so writes nothing beside itself. For services and containers.
import { runWardlight } from './dist/wardlight.js'

process.exitCode = await runWardlight(process.argv.slice(2))
