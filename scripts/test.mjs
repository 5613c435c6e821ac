// `npm test`: sets everything up, checks the sources, runs all tests. Arguments go to vitest.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { check } from './check.mjs'
import { findOrInstallChromium } from './chromium.mjs'
import { findOrInstallMosquitto } from './mosquitto.mjs'
import { findOrInstallPostgres, startPostgres } from './postgres.mjs'
import { root, say, setUp } from './setup.mjs'

setUp()
const filters = process.argv.slice(2)
const isSound = filters.length > 0 || check()

const chromium = findOrInstallChromium()
if (chromium === null) {
  say('BROWSER TESTS SKIPPED: no Chromium found. Install it, or set CHROMIUM_PATH to one.')
}
const mosquitto = findOrInstallMosquitto()
if (mosquitto === null) {
  say('BROKER TESTS SKIPPED: no Mosquitto found. Install it, or set WARDLIGHT_MOSQUITTO to one.')
}
const postgresPrograms = findOrInstallPostgres()
const postgres = postgresPrograms === null ? null : startPostgres(postgresPrograms, await freePort())
if (postgres === null) {
  say(
    'POSTGRESQL TESTS SKIPPED: no PostgreSQL found that starts. Install it, or set WARDLIGHT_POSTGRES to the',
  )
  say('folder of its programs (initdb, pg_ctl).')
}
const results = path.join(root, 'test-results')
mkdirSync(results, { recursive: true })
const summary = path.join(results, 'vitest.json')
rmSync(summary, { force: true })
const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs')
const { status } = spawnSync(
  process.execPath,
  [vitest, 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${summary}`, ...filters],
  {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      ...(chromium === null ? {} : { WARDLIGHT_CHROMIUM: chromium }),
      ...(mosquitto === null ? {} : { WARDLIGHT_MOSQUITTO: mosquitto }),
      ...(postgres === null ? {} : { WARDLIGHT_POSTGRES_URL: postgres.url }),
    },
  },
)
postgres?.stop()

const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(
  readFileSync(summary, 'utf8'),
)
const skipped = testResults.flatMap(({ assertionResults }) =>
  assertionResults.filter(({ status }) => status === 'pending' || status === 'skipped'),
)
for (const { fullName } of skipped) say(`skipped: ${fullName}`)
if (!isSound)
  say('The sources break a rule or are not formatted; see above (npm run format mends the format).')
process.stdout.write(`\n${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped\n`)
process.exitCode = status === 0 && isSound ? 0 : 1

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}
