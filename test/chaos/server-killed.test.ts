import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { NurseClient } from '../../scripts/src/demo/nurse-client.ts'
import { arm } from '../support/arm.ts'
import { freePorts } from '../support/free-ports.ts'
import { startWardlight, type WardlightProcess } from '../support/processes.ts'
import { until } from '../support/until.ts'

const robot = 'wardlight/uv-01'
const env = { WARDLIGHT_ROBOT_PASSWORD: 'a password of the test' }

describe('the server killed in the middle of a mission', () => {
  const running = new Set<WardlightProcess>()
  let dataDir: string | undefined

  afterEach(async () => {
    for (const each of running) await each.kill('SIGKILL')
    running.clear()
    if (dataDir !== undefined) await rm(dataDir, { recursive: true, force: true })
  })

  it(
    'comes back to a robot that has gone on, a report that is whole, and nothing that ran twice',
    async () => {
      dataDir = await mkdtemp(path.join(os.tmpdir(), 'wardlight-chaos-'))
      const [port, mqttPort] = (await freePorts(2)) as [number, number]
      const startServer = async () => {
        const server = await startWardlight(
          [
            'server',
            '--data',
            dataDir!,
            '--port',
            `${port}`,
            '--mqtt-port',
            `${mqttPort}`,
            '--robot',
            robot,
            '--demo-users',
          ],
          { ready: /"url"/, env },
        )
        running.add(server)
        return server
      }
      const server = await startServer()
      const robots = await startWardlight(
        [
          'robots',
          '--data',
          dataDir,
          '--mqtt',
          `mqtt://127.0.0.1:${mqttPort}`,
          '--robot',
          robot,
          '--speed',
          '10',
        ],
        { ready: /"robot"/, env },
      )
      running.add(robots)

      const url = `http://127.0.0.1:${port}`
      const nurse = await NurseClient.ofDemo(url)
      const here = await until(async () => {
        const [own] = await nurse.robots()
        return own?.connection === 'ONLINE' ? own.position : null
      })
      const room = (await nurse.rooms()).find(
        ({ levelId, kind }) =>
          levelId === here.levelId && (kind === 'isolationRoom' || kind === 'patientRoom'),
      )!
      const { id: requestId } = await nurse.request({
        roomId: room.id,
        organismId: 'sars-cov-2',
        targetLog: 3,
      })
      await until(async () => ((await nurse.requestById(requestId)).status === 'planned' ? true : null))
      const { id } = await nurse.approve(requestId)
      await arm(nurse, id, robots)

      await server.kill('SIGKILL')
      await startServer()

      const finished = await until(async () => {
        const mission = await nurse.mission(id)
        return mission.verdict === null ? null : mission
      })
      expect(finished.verdict).toBe('proven')
      const report = await nurse.report(id)
      expect(report.dose.deliveredMjPerCm2.length).toBe(report.surfaces.total)
      expect(report.surfaces.reached).toBeGreaterThanOrEqual(report.surfaces.promised)
      // Ran once: one journey, one arming, one exit delay, and no interlock.
      const phases = report.dose.timeline.map(({ phase }) => phase)
      for (const phase of ['traveling', 'awaitingArming', 'exitDelay', 'dosing']) {
        expect(phases.filter((each) => each === phase)).toHaveLength(1)
      }
      expect(report.dose.interlocks).toEqual([])
      expect(await nurse.missions()).toHaveLength(1)
    },
    5 * 60_000,
  )
})
