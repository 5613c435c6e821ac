import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { junitReport, textReport } from '../../scripts/src/conformance/report.ts'
import { runRobotSide } from '../../scripts/src/conformance/run-robot-side.ts'
import { createBreakableLine, type BreakableLine } from '../../scripts/src/demo/breakable-line.ts'
import {
  isMosquittoThere,
  mosquittoNote,
  startMosquitto,
  type Mosquitto,
} from '../../scripts/src/mosquitto-process.ts'
import { officialProblems } from '../support/official-schemas.ts'
import { testResults } from '../support/repository.ts'
import { startSimulatedRobot } from '../support/simulated-robot.ts'

let broker: Mosquitto
let line: BreakableLine

describe.skipIf(!isMosquittoThere)(
  `our robot under the conformance kit, over Mosquitto${mosquittoNote}`,
  () => {
    beforeEach(async () => {
      broker = await startMosquitto()
      line = await createBreakableLine(broker.url)
    })
    afterEach(async () => {
      await line.stop()
      await broker.stop()
    })

    it.each(['2.1', '3.0'] as const)(
      'passes every check of %s',
      async (version) => {
        const address = { manufacturer: 'wardlight', serialNumber: 'uv-01' }
        const ours = await startSimulatedRobot({ address, mqttUrl: line.url, version })
        try {
          const { report, robot } = await runRobotSide({
            broker: broker.url,
            address,
            version,
            answerS: 10,
            driveS: 60,
            cutLine: {
              async cut() {
                line.cut()
              },
              async mend() {
                line.mend()
              },
            },
          })
          mkdirSync(testResults, { recursive: true })
          writeFileSync(path.join(testResults, `conformance-robot-${version}.xml`), junitReport(report))
          expect(report.counts.failed, textReport(report)).toBe(0)
          const notRun = report.checks.filter(({ status }) => status === 'notRun').map(({ id }) => id)
          // Its actions of nodes want a plan, a button and a person.
          expect(notRun, textReport(report)).toEqual(['R60', 'R61'])
          const official = robot.heard.flatMap(({ topic, body }) => officialProblems(version, topic, body))
          expect(official).toEqual([])
        } finally {
          await ours.stop()
        }
      },
      240_000,
    )
  },
)
