import { mkdtemp, readFile, rm } from 'node:fs/promises'
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

describe('the robot killed in the middle of a mission', () => {
  const running = new Set<WardlightProcess>()
  let dataDir = ''

  afterEach(async () => {
    for (const each of running) await each.kill('SIGKILL')
    running.clear()
    if (dataDir !== '') await rm(dataDir, { recursive: true, force: true })
  })

  async function start(args: string[], ready: RegExp): Promise<WardlightProcess> {
    const started = await startWardlight(args, { ready, env })
    running.add(started)
    return started
  }

  async function hospital() {
    dataDir = await mkdtemp(path.join(os.tmpdir(), 'wardlight-chaos-'))
    const [port, mqttPort] = (await freePorts(2)) as [number, number]
    const startServer = () =>
      start(
        ['server', '--data', dataDir, '--port', `${port}`, '--mqtt-port', `${mqttPort}`]
          .concat('--robot', robot)
          .concat('--demo-users'),
        /"url"/,
      )
    const startRobot = () =>
      start(
        ['robots', '--data', dataDir, '--mqtt', `mqtt://127.0.0.1:${mqttPort}`, '--robot', robot].concat(
          '--speed',
          '10',
        ),
        /"robot"/,
      )
    const server = await startServer()
    const robots = await startRobot()
    const url = `http://127.0.0.1:${port}`
    const nurse = await NurseClient.ofDemo(url)
    const here = await until(async () => {
      const [own] = await nurse.robots()
      return own?.connection === 'ONLINE' ? own.position : null
    })
    const room = (await nurse.rooms()).find(
      ({ levelId, kind }) => levelId === here.levelId && (kind === 'isolationRoom' || kind === 'patientRoom'),
    )!
    const { id: requestId } = await nurse.request({
      roomId: room.id,
      organismId: 'mrsa',
      targetLog: 3,
    })
    await until(async () => ((await nurse.requestById(requestId)).status === 'planned' ? true : null))
    const { id } = await nurse.approve(requestId)
    return {
      id,
      nurse,
      server,
      robots,
      startServer,
      startRobot,
      arm: (process: WardlightProcess) => arm(nurse, id, process),
    }
  }

  it(
    'comes back dark, waits to be armed, and goes on from what it had delivered',
    async () => {
      const { id, nurse, robots, startRobot, arm } = await hospital()
      await arm(robots)
      const delivered = async () => Math.max(0, ...(await nurse.mission(id)).deliveredMjPerCm2)
      await until(async () => ((await delivered()) > 0 ? true : null))

      await robots.kill('SIGKILL')
      const again = await startRobot()
      await until(async () => ((await nurse.mission(id)).phase === 'interrupted' ? true : null))
      expect((await nurse.mission(id)).isLampLit).toBe(false)
      await arm(again)

      const finished = await until(async () => {
        const mission = await nurse.mission(id)
        return mission.verdict === null ? null : mission
      })
      expect(finished.verdict).toBe('proven')
      const { dose } = await nurse.report(id)
      expect(dose.interlocks.map(({ kind }) => kind)).toContain('controller.restarted')
      expect(dose.arming.filter(({ step }) => step === 'started')).toHaveLength(2)
      // What was lit before the kill is in the evidence, and was not lit again.
      expect(dose.stops[0]!.deliveredDwellS).toBeGreaterThan(0)
      expect(await nurse.missions()).toHaveLength(1)
    },
    5 * 60_000,
  )

  it(
    'ends its mission without the server, is killed before anybody has the report, and delivers it all the same',
    async () => {
      const { id, nurse, robots, server, startServer, startRobot, arm } = await hospital()
      await arm(robots)
      await server.kill('SIGKILL')
      // Off the network it goes on to its end; nobody is there to be told.
      const folder = path.join(dataDir, 'robots', 'wardlight.uv-01')
      await until(async () => ((await journal(folder)).includes('\\"verdict\\":') ? true : null))
      await robots.kill('SIGKILL')

      await startServer()
      await startRobot()
      const finished = await until(async () => {
        const mission = await nurse.mission(id)
        return mission.verdict === null ? null : mission
      })
      expect(finished.verdict).toBe('proven')
      const { dose } = await nurse.report(id)
      expect(dose.timeline.filter(({ phase }) => phase === 'dosing')).toHaveLength(1)
      expect(await nurse.missions()).toHaveLength(1)
    },
    5 * 60_000,
  )
})

const journal = (folder: string) => readFile(path.join(folder, 'journal.jsonl'), 'utf8')
