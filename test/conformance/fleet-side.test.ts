import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { MissionView } from '@wardlight/core/fleet'
import type { FloorPlan, Zone } from '@wardlight/core/floor'
import { rectangle } from '@wardlight/core/geometry'
import { describe, expect, it } from 'vitest'
import { smallPlan } from '../../fleet-server/src/testing/small-plan.ts'
import { TestClient } from '../../fleet-server/src/testing/test-client.ts'
import { startTestServer } from '../../fleet-server/src/testing/test-server.ts'
import type { TestedVersion } from '../../scripts/src/conformance/catalogue.ts'
import type { Operator } from '../../scripts/src/conformance/operator.ts'
import { junitReport, textReport, type ConformanceReport } from '../../scripts/src/conformance/report.ts'
import { runFleetSide } from '../../scripts/src/conformance/run-fleet-side.ts'
import { isMosquittoThere, mosquittoNote, startMosquitto } from '../../scripts/src/mosquitto-process.ts'
import { officialProblems } from '../support/official-schemas.ts'
import { testResults } from '../support/repository.ts'
import { DEFECTS, SmallFleet, type Defect } from './small-fleet.ts'

const ADDRESS = { manufacturer: 'conformance', serialNumber: 'kit-1' }

const RUN = {
  address: ADDRESS,
  at: { x: 0.6, y: 1, theta: 0, mapId: 'L1' },
  speedMps: 1,
  driveS: 60,
  quietS: 4,
}

// The kit waits most of the time: the runs share it.
describe
  .skipIf(!isMosquittoThere)
  .concurrent(`fleets under the conformance kit, over Mosquitto${mosquittoNote}`, () => {
    it.each(['2.1', '3.0'] as const)(
      'ours passes every check of %s',
      async (version) => {
        const broker = await startMosquitto()
        const server = await startTestServer({
          mqttUrl: broker.url,
          plan: planWithGate(),
          // So that the way of one robot alone has a horizon.
          releaseAheadM: 1,
        })
        try {
          const { report, robot } = await runFleetSide({
            ...RUN,
            // Some metres of corridor from the room.
            at: { x: 5, y: 0.5, theta: 0, mapId: 'L1' },
            broker: broker.url,
            version,
            operator: nurseAt(await TestClient.signIn(server, 'nurse')),
            nodeActions: ['awaitArming', 'startUvDose'],
          })
          mkdirSync(testResults, { recursive: true })
          writeFileSync(path.join(testResults, `conformance-fleet-${version}.xml`), junitReport(report))
          expect(report.counts.failed, textReport(report)).toBe(0)
          const notRun = report.checks.filter(({ status }) => status === 'notRun').map(({ id }) => id)
          expect(notRun, textReport(report)).toEqual([])
          const official = [...robot.heard, ...robot.zoneWords].flatMap(({ topic, body }) =>
            officialProblems(version, topic, body),
          )
          expect(official).toEqual([])
        } finally {
          await server.stop()
          await broker.stop()
        }
      },
      400_000,
    )

    it('one that keeps to the standard, with a base that grows, passes every check there is', async () => {
      const report = await runSmallFleet('2.1', [])
      expect(
        report.checks.filter(({ status }) => status !== 'passed'),
        textReport(report),
      ).toEqual([])
    }, 400_000)

    it('one that breaks rules is failed by the checks of just these rules', async () => {
      const report = await runSmallFleet('3.0', Object.keys(DEFECTS) as Defect[])
      const failed = report.checks.filter(({ status }) => status === 'failed').map(({ id }) => id)
      expect(failed, textReport(report)).toEqual(Object.values(DEFECTS).flat().toSorted())
    }, 400_000)
  })

async function runSmallFleet(version: TestedVersion, defects: readonly Defect[]): Promise<ConformanceReport> {
  const broker = await startMosquitto()
  const fleet = new SmallFleet(ADDRESS, version, defects)
  try {
    await fleet.start(broker.url)
    const { report } = await runFleetSide({
      ...RUN,
      broker: broker.url,
      version,
      operator: fleet,
      nodeActions: ['beep'],
    })
    return report
  } finally {
    await fleet.stop()
    await broker.stop()
  }
}

/** Two robots never meet in the east of its corridor. */
function planWithGate(): FloorPlan {
  const plan = smallPlan()
  const gate: Zone = {
    id: 'gate',
    name: 'East end',
    kind: 'release',
    polygon: rectangle({ x: 7, y: 1 }, 1, 2),
    speedLimitMps: null,
  }
  return { ...plan, levels: plan.levels.map((level) => ({ ...level, zones: [gate] })) }
}

/** A nurse who has room 1 disinfected whenever the kit wants an order, over HTTP as the console does. */
function nurseAt(nurse: TestClient): Operator {
  let requestId: string | null = null
  let missionId: string | null = null
  const order = async () => {
    requestId ??= (await nurse.plannedRequest('room-1')).id
    const { status, body } = await nurse.call<MissionView>('POST', `/requests/${requestId}/approve`)
    // Refused: the robot cannot be sent now. The plan is kept for the next time.
    if (status >= 300) return
    requestId = null
    missionId = body.id
  }
  return {
    answerS: 10,
    async ask(wish) {
      if (wish === 'order') await order()
      else if (missionId !== null) {
        const what = { cancel: 'stop', pause: 'pause', resume: 'resume' }[wish]
        await nurse.call('POST', `/missions/${missionId}/${what}`)
      }
    },
  }
}
