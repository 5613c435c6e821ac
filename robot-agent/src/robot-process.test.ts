import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { SimulatedClock } from '@wardlight/core/clock'
import { InMemoryRosNetwork } from '@wardlight/core/ros'
import { Aedes } from 'aedes'
import { describe, expect, it } from 'vitest'
import { readRobotConfig } from './config/robot-config.ts'
import { runRobotProcess } from './robot-process.ts'
import { openRosGraph } from './ros/open-ros-graph.ts'
import { SILENT_LOG } from './testing/robot-bench.ts'

const yaml = (url: string) => `version: 1
manufacturer: wardlight
serialNumber: uv-01
levelId: L1
mqtt: { url: '${url}', passwordVariable: ROBOT_PASSWORD }
`

describe("the robot's process", () => {
  it('asked to end it puts the lamp out, says OFFLINE, and closes its graph', async () => {
    const broker = await Aedes.createBroker()
    const server = createServer(broker.handle)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    const states: string[] = []
    broker.on('publish', ({ topic, payload }) => {
      if (!topic.endsWith('/connection')) return
      states.push((JSON.parse(payload.toString()) as { connectionState: string }).connectionState)
    })
    const network = new InMemoryRosNetwork((error) => {
      throw error
    })
    const lamp: boolean[] = []
    network
      .createNode()
      .createSubscription('std_msgs/msg/Bool', '/tower/enable', ({ data }) => lamp.push(data))
    let end: (reason: string) => void = () => {}
    const stateFolder = mkdtempSync(path.join(tmpdir(), 'wardlight-robot-'))
    const ended = runRobotProcess({
      config: readRobotConfig(
        `${yaml(`mqtt://127.0.0.1:${port}`)}stateFolder: ${JSON.stringify(stateFolder)}\ntopics: { lampEnable: /tower/enable }\n`,
        'robot.yaml',
      ),
      environment: { ROBOT_PASSWORD: 'secret' },
      openGraph: () => Promise.resolve(network.createNode()),
      clock: new SimulatedClock(0),
      log: SILENT_LOG,
      askedToEnd: new Promise((resolve) => {
        end = resolve
      }),
    })
    while (!states.includes('ONLINE')) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(lamp).toEqual([false])
    end('SIGTERM')
    await ended
    expect(lamp).toEqual([false, false])
    expect(states).toEqual(['ONLINE', 'OFFLINE'])
    // What it remembers is in the folder of its configuration.
    expect(readdirSync(stateFolder)).toEqual(['journal.jsonl'])
    rmSync(stateFolder, { recursive: true })
    await new Promise<void>((resolve) => broker.close(resolve))
    await new Promise((resolve) => server.close(resolve))
  })

  it('serves its own screen where the file says so, and does not wait for a network', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    const { port } = taken.address() as { port: number }
    await new Promise((resolve) => taken.close(resolve))
    const network = new InMemoryRosNetwork((error) => {
      throw error
    })
    let end: (reason: string) => void = () => {}
    const ended = runRobotProcess({
      // Nobody listens on the port of the broker.
      config: readRobotConfig(`${yaml('mqtt://127.0.0.1:1')}screen: { port: ${port} }\n`, 'robot.yaml'),
      environment: { ROBOT_PASSWORD: 'secret' },
      openGraph: () => Promise.resolve(network.createNode()),
      clock: new SimulatedClock(0),
      log: SILENT_LOG,
      askedToEnd: new Promise((resolve) => {
        end = resolve
      }),
    })
    const ask = () => fetch(`http://127.0.0.1:${port}/`).then((answer) => answer.text())
    let page: string | null = null
    while (page === null) page = await ask().catch(() => null)
    expect(page).toContain('KEEP OUT')
    end('SIGTERM')
    await ended
    await expect(ask()).rejects.toThrow('fetch failed')
  })

  it('wants its password where the file says', async () => {
    await expect(
      runRobotProcess({
        config: readRobotConfig(yaml('mqtt://127.0.0.1:1'), 'robot.yaml'),
        environment: {},
        openGraph: () => openRosGraph({}),
        clock: new SimulatedClock(0),
        log: SILENT_LOG,
        askedToEnd: Promise.resolve('never'),
      }),
    ).rejects.toMatchObject({ code: 'WARD_ERR_CONFIG', where: 'mqtt.passwordVariable' })
  })

  it('says clearly that it cannot join a ROS graph', async () => {
    await expect(openRosGraph({})).rejects.toThrow('ROS 2 is not sourced')
    await expect(openRosGraph({ ROS_DISTRO: 'jazzy', AMENT_PREFIX_PATH: '/opt' })).rejects.toThrow(
      'cannot join',
    )
  })
})
