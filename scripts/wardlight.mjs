#!/usr/bin/env node
import { setUp } from './setup.mjs'

setUp()
const { runWardlight } = await import('./dist/wardlight.js')
process.exitCode = await runWardlight(process.argv.slice(2))
