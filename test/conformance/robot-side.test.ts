import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { drivingMap, levelMapText, readFloorPlan } from '@wardlight/core/floor'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { nodePlanFiles } from '../../scripts/src/node-plan-files.ts'
import { sampleHospital } from '../../scripts/src/paths.ts'
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
import { CORRIDOR, startSimulatedRobot } from '../support/simulated-robot.ts'

/** Of the level where the robot is. */
function levelMap(): Buffer {
  const level = readFloorPlan(sampleHospital, nodePlanFiles).plan.levels.find(
    ({ id }) => id === CORRIDOR.levelId,
  )!
  return Buffer.from(levelMapText({ mapId: level.id, grid: drivingMap(level) }))
}

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
        const stateDir = mkdtempSync(path.join(tmpdir(), 'wardlight-conformance-'))
        const ours = await startSimulatedRobot({ address, mqttUrl: line.url, version, stateDir })
        try {
          const { report, robot } = await runRobotSide({
            broker: broker.url,
            address,
            version,
            answerS: 10,
            driveS: 60,
            // Without a person: it stands for two seconds as in a UV station.
            nodeAction: {
              actionType: 'decontaminate',
              actionParameters: Object.entries({
                missionId: 'conformance',
                zone: 'corridor',
                method: 'uvStation',
                stationId: 'station',
                stationS: 2,
              }).map(([key, value]) => ({ key, value })),
            },
            mapFile: { bytes: levelMap(), host: '127.0.0.1' },
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
          expect(notRun, textReport(report)).toEqual([])
          const official = robot.heard.flatMap(({ topic, body }) => officialProblems(version, topic, body))
          expect(official).toEqual([])
        } finally {
          await ours.stop()
          rmSync(stateDir, { recursive: true, force: true })
        }
      },
      240_000,
    )
  },
)
