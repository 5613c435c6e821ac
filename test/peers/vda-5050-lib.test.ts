import { robotIdOf, type RobotView } from '@wardlight/core/fleet'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  ActionStatus,
  AgvController,
  MasterController,
  Topic,
  VirtualAgvAdapter,
  type ActionState,
} from 'vda-5050-lib'
import { TestClient } from '../../fleet-server/src/testing/test-client.ts'
import { startTestServer } from '../../fleet-server/src/testing/test-server.ts'
import {
  isMosquittoThere,
  mosquittoNote,
  startMosquitto,
  type Mosquitto,
} from '../../scripts/src/mosquitto-process.ts'
import { officialProblems } from '../support/official-schemas.ts'
import { CORRIDOR, startSimulatedRobot } from '../support/simulated-robot.ts'
import { until } from '../support/until.ts'

let broker: Mosquitto

const client = () => ({
  interfaceName: 'uagv',
  vdaVersion: '2.0.0' as const,
  transport: { brokerUrl: broker.url },
})

describe.skipIf(!isMosquittoThere)(`vda-5050-lib, over Mosquitto${mosquittoNote}`, () => {
  beforeEach(async () => {
    broker = await startMosquitto()
  })
  afterEach(() => broker.stop())

  it('its master controller drives our robot in 2.0, pauses it and lets it go on', async () => {
    const address = { manufacturer: 'wardlight', serialNumber: 'uv-01' }
    const ours = await startSimulatedRobot({ address, mqttUrl: broker.url, version: '2.0' })
    const master = new MasterController(client(), { targetAgvs: address })
    try {
      await master.start()
      const states: unknown[] = []
      await master.subscribe(Topic.State, address, (state) => void states.push(state))
      await until(async () => (states.length > 0 ? true : null))
      const { x, y } = CORRIDOR.pose
      const traversed: string[] = []
      const node = (nodeId: string, sequenceId: number, ahead: number) => ({
        nodeId,
        sequenceId,
        released: true,
        nodePosition: { x: x + ahead, y, theta: 0, mapId: CORRIDOR.levelId, allowedDeviationXY: 0.5 },
        actions: [],
      })
      const edge = (sequenceId: number, startNodeId: string, endNodeId: string) => ({
        edgeId: `${startNodeId}-${endNodeId}`,
        sequenceId,
        released: true,
        startNodeId,
        endNodeId,
        actions: [],
      })
      const done = new Promise<boolean>((resolve, reject) => {
        master
          .assignOrder(
            address,
            {
              orderId: 'peer-order',
              orderUpdateId: 0,
              nodes: [node('a', 0, 0), node('b', 2, 1.5), node('c', 4, 4)],
              edges: [edge(1, 'a', 'b'), edge(3, 'b', 'c')],
            },
            {
              onOrderProcessed: (error, byCancelation, active) => {
                if (error) reject(new Error(JSON.stringify(error)))
                else if (!active) resolve(!byCancelation)
              },
              onNodeTraversed: ({ nodeId }) => void traversed.push(nodeId),
            },
          )
          .catch(reject)
      })
      const instantly = (actionType: string) =>
        new Promise<ActionState>((resolve, reject) => {
          master
            .initiateInstantActions(
              address,
              {
                instantActions: [
                  { actionType, actionId: `peer-${actionType}`, blockingType: 'HARD', actionParameters: [] },
                ],
              } as never,
              {
                onActionStateChanged: (state, error) => {
                  if (error) reject(error)
                  else if (state.actionStatus === ActionStatus.Finished) resolve(state)
                },
                onActionError: (error) => reject(new Error(JSON.stringify(error))),
              },
            )
            .catch(reject)
        })
      await until(async () => (traversed.includes('b') ? true : null))
      await instantly('startPause')
      expect((states.at(-1) as { paused?: boolean }).paused).toBe(true)
      await instantly('stopPause')
      expect(await done).toBe(true)
      expect(traversed).toEqual(['a', 'b', 'c'])
      expect(states.flatMap((state) => officialProblems('2.0', 'state', state))).toEqual([])
    } finally {
      await master.stop()
      await ours.stop()
    }
  }, 120_000)

  it('its virtual robot joins our fleet, says where it is, and refuses what it cannot do', async () => {
    const address = { manufacturer: 'peer', serialNumber: 'agv-1' }
    const server = await startTestServer({ mqttUrl: broker.url })
    const agv = new AgvController(
      address,
      client(),
      { agvAdapterType: VirtualAgvAdapter },
      {
        initialPosition: { mapId: 'L1', x: 0.6, y: 1, theta: 0, lastNodeId: 'dock' },
      },
    )
    try {
      await agv.start()
      const nurse = await TestClient.signIn(server, 'nurse')
      const robot = await until<RobotView>(async () => {
        const views = await nurse.ok<RobotView[]>('GET', '/robots')
        const view = views.find(({ id }) => id === robotIdOf(address))
        return view?.connection === 'ONLINE' && view.position !== null ? view : null
      })
      expect(robot.position).toMatchObject({ levelId: 'L1', x: 0.6, y: 1 })
      const request = await nurse.plannedRequest('room-1')
      const { id } = await nurse.ok<{ id: string }>('POST', `/requests/${request.id}/approve`)
      await until(async () => {
        const view = await nurse.ok<{ phase: string; verdict: string | null }>('GET', `/missions/${id}`)
        return view.phase === 'finished' && view.verdict === 'aborted' ? view : null
      })
      const { errors } = await nurse.robot(robotIdOf(address))
      expect(errors.map(({ type }) => type)).toContain('orderError')
      // Its clock and its headers are in order, and its messages are read.
      expect(await nurse.ok('GET', `/robots/${robotIdOf(address)}/offences`)).toEqual([])
    } finally {
      await agv.stop()
      await server.stop()
    }
  }, 120_000)
})
