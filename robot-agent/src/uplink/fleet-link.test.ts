import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { ROBOT_TOPICS } from '@wardlight/core/ros'
import {
  DoseReportSchema,
  MissionStatusSchema,
  ScanViewSchema,
  ARMING_CHECKLIST,
} from '@wardlight/core/fleet'
import { SimulatedClock } from '@wardlight/core/clock'
import { DEFAULT_LAMP } from '@wardlight/core/disinfection'
import { levelMapText } from '@wardlight/core/floor'
import { createGrid, drawSegment, OCCUPIED, polygonEdges, rectangle } from '@wardlight/core/geometry'
import { InMemoryRosNetwork } from '@wardlight/core/ros'
import {
  StateSchema,
  type Connection,
  type Factsheet,
  type InstantAction,
  type Order,
  type State,
  type VdaZone,
  type ZoneAction,
} from '@wardlight/core/vda5050'
import { Aedes } from 'aedes'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { connectAsync, type MqttClient } from 'mqtt'
import { Value } from 'typebox/value'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createRobotAgent, type RobotAgent, type RobotAgentOptions } from '../agent.ts'
import { createMemoryFolder, type MemoryFolder } from '../testing/memory-folder.ts'
import { ADDRESS, EPOCH_MS, ROOM, SILENT_LOG, uvOrder } from '../testing/robot-bench.ts'
import { createScriptedRobot, type ScriptedRobot } from '../testing/scripted-robot.ts'
import { nodeFileFolder } from '../maps/file-folder.ts'
import { startMapServer, type MapServer } from '../testing/map-server.ts'

const SCHEMAS = path.resolve(import.meta.dirname, '../../../../shared/peers/vda5050/3.0')
const PREFIX = 'vda5050/v3/wardlight/uv-01'

let broker: Aedes
let server: Server
let fleet: MqttClient
let clock: SimulatedClock
let hardware: ScriptedRobot
let network: InMemoryRosNetwork
let agent: RobotAgent
let messages: { topic: string; message: unknown; retain: boolean }[]
let instantNumber = 0

function anAgent(options: Partial<RobotAgentOptions> = {}): RobotAgent {
  return createRobotAgent({
    address: ADDRESS,
    levelId: 'L1',
    graph: network.createNode(),
    clock,
    lamp: DEFAULT_LAMP,
    mqtt: { url: brokerUrl() },
    log: SILENT_LOG,
    ...options,
  })
}

beforeEach(async () => {
  messages = []
  await openBroker(0)
  fleet = await connectAsync(brokerUrl(), { protocolVersion: 4, clientId: 'fleet', reconnectPeriod: 50 })
  fleet.on('message', (topic, payload, { retain }) =>
    messages.push({ topic, message: JSON.parse(payload.toString()), retain }),
  )
  await fleet.subscribeAsync(
    [
      ...['connection', 'state', 'factsheet', 'visualization'].map((topic) => `${PREFIX}/${topic}`),
      'wardlight/v1/#',
    ],
    { qos: 1 },
  )
  clock = new SimulatedClock(EPOCH_MS)
  network = new InMemoryRosNetwork((error) => {
    throw error
  })
  hardware = createScriptedRobot({
    clock,
    graph: network.createNode(),
    walls: [ROOM.polygon, ...ROOM.obstacles.map(({ footprint }) => footprint)],
    doorIds: ['door-1'],
    pose: { x: -2, y: 1, theta: 0 },
  })
  hardware.start()
  agent = anAgent()
  await agent.start()
  clock.advance(1500)
})

afterEach(async () => {
  await agent.stop()
  hardware.stop()
  await fleet.endAsync(true)
  await closeBroker()
})

async function openBroker(port: number): Promise<void> {
  broker = await Aedes.createBroker()
  server = createServer(broker.handle)
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
}

async function closeBroker(): Promise<void> {
  await new Promise<void>((resolve) => broker.close(resolve))
  await new Promise((resolve) => server.close(resolve))
}

function brokerUrl(): string {
  const address = server.address()
  return `mqtt://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
}

function robotSocket(): { destroy(): void } {
  const { clients } = broker as unknown as {
    clients: Record<string, { id: string; conn: { destroy(): void } }>
  }
  return Object.values(clients).find(({ id }) => id === 'wardlight.uv-01')!.conn
}

/** Lets simulated time go by in small steps, with the sockets served between them, until something holds. */
async function until(condition: () => boolean, limitS = 120): Promise<true> {
  for (let ms = 0; ms < limitS * 1000; ms += 100) {
    if (condition()) return true
    clock.advance(100)
    await new Promise((resolve) => setImmediate(resolve))
  }
  // What is on the wire takes real time, not simulated.
  return eventually(condition)
}

/** For what depends on sockets alone. */
async function eventually(condition: () => boolean): Promise<true> {
  for (let turn = 0; turn < 2000 && !condition(); turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  if (!condition()) throw new Error(`it never came: ${condition.toString()}`)
  return true
}

const of = <Message>(topic: string): Message[] =>
  messages.filter((entry) => entry.topic === topic).map(({ message }) => message as Message)
const state = (): State => of<State>(`${PREFIX}/state`).at(-1)!
const sendOrder = (order: Order) => fleet.publishAsync(`${PREFIX}/order`, JSON.stringify(order), { qos: 1 })

async function instant(
  actionType: string,
  parameters: Record<string, unknown> = {},
  actionId = `instant-${(instantNumber += 1)}`,
): Promise<string> {
  const action: InstantAction = {
    actionType,
    actionId,
    blockingType: 'NONE',
    actionParameters: Object.entries(parameters).map(([key, value]) => ({ key, value: value as string })),
  }
  const { nodes: _, edges: __, orderId: ___, orderUpdateId: ____, ...header } = uvOrder()
  await fleet.publishAsync(`${PREFIX}/instantActions`, JSON.stringify({ ...header, actions: [action] }), {
    qos: 1,
  })
  await eventually(() =>
    of<State>(`${PREFIX}/state`).some(({ instantActionStates }) =>
      instantActionStates.some((known) => known.actionId === actionId),
    ),
  )
  return actionId
}
const instantState = (actionId: string) =>
  state().instantActionStates.find((known) => known.actionId === actionId)!

async function arm(): Promise<void> {
  await instant('confirmChecklist', {
    missionId: 'mission-1',
    confirmedBy: 'nurse',
    items: ARMING_CHECKLIST.map(({ id }) => id),
  })
  hardware.pressArmButton()
  await instant('startTreatment', { missionId: 'mission-1', startedBy: 'nurse' })
}

describe('the line to the fleet', () => {
  it('says ONLINE, retained, and OFFLINE on an orderly stop', async () => {
    const connection = () =>
      of<Connection>(`${PREFIX}/connection`).map(({ connectionState }) => connectionState)
    await eventually(() => connection().at(-1) === 'ONLINE')
    await agent.stop()
    await eventually(() => connection().at(-1) === 'OFFLINE')
    const late = await connectAsync(brokerUrl(), { protocolVersion: 4 })
    const retained = new Promise<unknown>((resolve) =>
      late.on('message', (_, payload) => resolve(JSON.parse(payload.toString()))),
    )
    await late.subscribeAsync(`${PREFIX}/connection`)
    expect(await retained).toMatchObject({ connectionState: 'OFFLINE' })
    await late.endAsync(true)
  })

  it('ends though the line breaks under its farewell, and never comes back', async () => {
    robotSocket().destroy()
    // Nobody has told the robot yet: it says farewell into a line that is gone.
    expect(agent.isConnected).toBe(true)
    await agent.stop()
    expect(agent.isConnected).toBe(false)
    const isBroken = () =>
      of<Connection>(`${PREFIX}/connection`).at(-1)?.connectionState === 'CONNECTION_BROKEN'
    expect(await eventually(isBroken)).toBe(true)
  })

  it('leaves CONNECTION_BROKEN behind when the line is cut', async () => {
    const isBroken = () =>
      of<Connection>(`${PREFIX}/connection`).some(
        ({ connectionState }) => connectionState === 'CONNECTION_BROKEN',
      )
    robotSocket().destroy()
    expect(await eventually(isBroken)).toBe(true)
  })

  it('after a broker that was away it is back with connection, factsheet and a full state', async () => {
    const { port } = server.address() as { port: number }
    await sendOrder(uvOrder())
    await until(() => state()?.orderId === 'order-1')
    await closeBroker()
    messages = []
    clock.advance(5000)
    await openBroker(port)
    // No simulated time goes by: all of it comes with the connection itself.
    const isOnline = () =>
      of<Connection>(`${PREFIX}/connection`).some(({ connectionState }) => connectionState === 'ONLINE')
    const isAllThere = () =>
      isOnline() &&
      of(`${PREFIX}/factsheet`).length === 1 &&
      state()?.orderId === 'order-1' &&
      of('wardlight/v1/wardlight/uv-01/mission').length > 0
    expect(await eventually(isAllThere)).toBe(true)
  })

  it('rejects when the broker refuses the robot', async () => {
    broker.authenticate = (_client, _username, _password, done) =>
      done(Object.assign(new Error('no'), { returnCode: 5 }), false)
    const refused = createRobotAgent({
      address: { manufacturer: 'wardlight', serialNumber: 'uv-02' },
      levelId: 'L1',
      graph: new InMemoryRosNetwork(() => {}).createNode(),
      clock,
      lamp: DEFAULT_LAMP,
      mqtt: { url: brokerUrl(), username: 'x', password: 'y' },
      log: SILENT_LOG,
    })
    await expect(refused.start()).rejects.toMatchObject({ code: 'WARD_ERR_BROKER' })
    await refused.stop()
  })

  it('sends a state at least every 30 s though nothing happens', async () => {
    await eventually(() => of(`${PREFIX}/state`).length > 0)
    const before = of(`${PREFIX}/state`).length
    clock.advance(60_000)
    expect(await eventually(() => of(`${PREFIX}/state`).length >= before + 2)).toBe(true)
  })
})

describe('an order over the wire', () => {
  it('runs to its evidence; every message follows its schema', async () => {
    await sendOrder(uvOrder())
    await until(() => agent.missionPhase === 'awaitingArming')
    clock.advance(1500)
    await arm()
    await until(() => agent.isIdle, 3000)
    await eventually(() => state().actionStates[1]?.actionStatus === 'FINISHED')
    const report: unknown = JSON.parse(state().actionStates[1]!.actionResult!)
    expect(Value.Errors(DoseReportSchema, report)).toEqual([])
    expect(report).toMatchObject({ verdict: 'proven', missionId: 'mission-1' })
    expect(state().nodeStates).toEqual([])
    expect(state().lastNodeId).toBe('in-room')
    const missions = of('wardlight/v1/wardlight/uv-01/mission')
    expect(missions.at(-1)).toMatchObject({ phase: 'finished' })
    expect(missions.flatMap((message) => Value.Errors(MissionStatusSchema, message))).toEqual([])
    const scans = of('wardlight/v1/wardlight/uv-01/scan')
    expect(scans.length).toBeGreaterThan(0)
    expect(scans.flatMap((message) => Value.Errors(ScanViewSchema, message))).toEqual([])
  })

  it('counts headerIds of each topic without a gap', async () => {
    clock.advance(3000)
    await eventually(() => of(`${PREFIX}/visualization`).length > 5)
    const ids = of<{ headerId: number }>(`${PREFIX}/visualization`).map(({ headerId }) => headerId)
    expect(ids).toEqual(ids.map((_, index) => ids[0]! + index))
  })

  it('sent twice it runs once', async () => {
    await sendOrder(uvOrder())
    await until(() => agent.missionPhase === 'awaitingArming')
    await sendOrder(uvOrder({ headerId: 2 }))
    clock.advance(5000)
    await sendOrder(uvOrder({ headerId: 3 }))
    await instant('stateRequest')
    expect(agent.missionPhase).toBe('awaitingArming')
    expect(hardware.drives).toBe(1)
    expect(state().errors).toEqual([])
  })

  it('that the broker kept from before is stale, and is not run', async () => {
    await agent.stop()
    await fleet.publishAsync(`${PREFIX}/order`, JSON.stringify(uvOrder()), { qos: 1, retain: true })
    agent = anAgent()
    await agent.start()
    clock.advance(1500)
    await instant('stateRequest')
    expect(agent.isIdle).toBe(true)
    expect(hardware.drives).toBe(0)
  })

  it('that is no order is refused with the reason', async () => {
    await fleet.publishAsync(`${PREFIX}/order`, '{"orderId":"x"}', { qos: 1 })
    await until(() => of(`${PREFIX}/state`).length > 0 && state().errors.length > 0)
    expect(state().errors[0]).toMatchObject({ errorType: 'VALIDATION_FAILURE' })
    await fleet.publishAsync(`${PREFIX}/order`, 'no json', { qos: 1 })
    await until(() =>
      state().errors.some(({ errorDescription }) => errorDescription?.includes('JSON') === true),
    )
    expect(agent.isIdle).toBe(true)
  })

  it('cancelled in the light it is dark, FINISHED, and the robot is free', async () => {
    await sendOrder(uvOrder())
    await until(() => agent.missionPhase === 'awaitingArming')
    clock.advance(1500)
    await arm()
    await until(() => hardware.isLit)
    const actionId = await instant('cancelOrder')
    expect(hardware.isLit).toBe(false)
    expect(agent.isIdle).toBe(true)
    await eventually(() => instantState(actionId).actionStatus === 'FINISHED')
    expect(state().nodeStates).toEqual([])
    const again = await instant('cancelOrder')
    expect(instantState(again).actionStatus).toBe('FAILED')
    expect(state().errors).toContainEqual(expect.objectContaining({ errorType: 'NO_ORDER_TO_CANCEL' }))
  })
})

describe.skipIf(!existsSync(SCHEMAS))('beside the published schemas of VDA 5050 3.0 (../shared)', () => {
  it('every message of a mission that is cancelled in the light follows them', async () => {
    await sendOrder(uvOrder())
    await until(() => agent.missionPhase === 'awaitingArming')
    clock.advance(1500)
    await arm()
    await until(() => hardware.isLit)
    await instant('cancelOrder')
    await instant('makeCoffee')
    const ajv = new Ajv2020({ allowUnionTypes: true, keywords: ['subtopic', 'unit'], validateFormats: false })
    let count = 0
    for (const file of readdirSync(SCHEMAS)) {
      const topic = file.replace('.schema.json', '')
      const validate = ajv.compile(JSON.parse(readFileSync(path.join(SCHEMAS, file), 'utf8')) as object)
      for (const message of of(`${PREFIX}/${topic}`)) {
        expect(validate(message) ? [] : [topic, validate.errors]).toEqual([])
        count += 1
      }
    }
    expect(count).toBeGreaterThan(20)
  })
})

describe('an ACTION zone over the wire', () => {
  const words = (text: string, seconds?: number): ZoneAction => ({
    actionType: 'announce',
    blockingType: 'NONE',
    actionParameters: [
      { key: 'text', value: text },
      ...(seconds === undefined ? [] : [{ key: 'seconds', value: seconds }]),
    ],
  })
  const sendZone = (zoneSetId: string, actions: Partial<Extract<VdaZone, { zoneType: 'ACTION' }>>) => {
    const { nodes: _, edges: __, orderId: ___, orderUpdateId: ____, ...header } = uvOrder()
    const zone = {
      zoneId: 'lobby',
      zoneType: 'ACTION',
      // The robot drives from x = -2 to 1, along y = 1.
      vertices: [...rectangle({ x: -1, y: 1 }, 0.6, 2)],
      entryActions: [],
      duringActions: [],
      exitActions: [],
      ...actions,
    }
    const message = { ...header, zoneSet: { mapId: 'L1', zoneSetId, zones: [zone] } }
    return fleet.publishAsync(`${PREFIX}/zoneSet`, JSON.stringify(message), { qos: 1 })
  }
  const statuses = () =>
    (state().zoneActionStates ?? []).map(({ actionType, actionStatus }) => [actionType, actionStatus])

  beforeEach(async () => {
    await agent.stop()
    agent = anAgent({ screen: { host: '127.0.0.1', port: 0, armButton: false } })
    await agent.start()
    clock.advance(1500)
    messages = []
    await instant('factsheetRequest')
  })

  it('shows its words on the screen, tells each action with an id of its own, and forgets them when they are cleared', async () => {
    await eventually(() => of(`${PREFIX}/factsheet`).length > 0)
    const { typeSpecification } = of<Factsheet>(`${PREFIX}/factsheet`).at(-1)!
    expect(typeSpecification.supportedZones).toContain('ACTION')
    await sendZone('set-1', {
      entryActions: [words('Robot comes', 1)],
      duringActions: [words('Robot coming through')],
      exitActions: [words('Robot has gone', 1)],
    })
    await eventually(() => state().zoneSets?.length === 1)
    await instant('enableZoneSet', { zoneSetId: 'set-1' })
    expect(state().zoneActionStates).toEqual([])
    await sendOrder(uvOrder())
    await until(() => agent.missionPhase === 'awaitingArming')
    await until(() => statuses().length === 3 && statuses().every(([, status]) => status === 'FINISHED'))
    expect(new Set(state().zoneActionStates!.map(({ actionId }) => actionId)).size).toBe(3)
    const running = of<State>(`${PREFIX}/state`).map(
      ({ zoneActionStates = [] }) =>
        zoneActionStates.filter(({ actionStatus }) => actionStatus === 'RUNNING').length,
    )
    expect(Math.max(...running)).toBe(2)
    const cleared = await instant('clearZoneActions')
    await eventually(() => instantState(cleared)?.actionStatus === 'FINISHED')
    expect(state().zoneActionStates).toEqual([])
  })

  it.each([
    ['an action that the robot has not', { ...words('Hello'), actionType: 'honk' }, 'no such action'],
    ['a blocking that it cannot keep', { ...words('Hello'), blockingType: 'HARD' as const }, 'only NONE'],
  ])('with %s is refused whole', async (_, action, reason) => {
    await sendZone('set-1', { duringActions: [words('Robot coming through'), action] })
    await eventually(() => state().errors.length > 0)
    expect(state().zoneSets).toEqual([])
    expect(state().errors[0]).toMatchObject({
      errorType: 'VALIDATION_FAILURE',
      errorReferences: [{ referenceKey: 'zoneSetId', referenceValue: 'set-1' }],
    })
    expect(state().errors[0]!.errorDescription).toContain(reason)
  })

  it('is not needed for words: as an instant action they are FINISHED when their time is over', async () => {
    const actionId = await instant('announce', { text: 'The lift is reserved', seconds: 3 })
    expect(instantState(actionId).actionStatus).toBe('RUNNING')
    clock.advance(2500)
    await instant('stateRequest')
    expect(instantState(actionId).actionStatus).toBe('RUNNING')
    clock.advance(600)
    await eventually(() => instantState(actionId).actionStatus === 'FINISHED')
    const empty = await instant('announce', { text: '' })
    expect(instantState(empty)).toMatchObject({
      actionStatus: 'FAILED',
      actionResult: 'announce wants a text of 1 to 200 characters',
    })
  })
})

describe('evidence that was made off the network', () => {
  it('outlives the process, is delivered when the network is back, and kept until the broker has it', async () => {
    await agent.stop()
    const remembering = (folder: MemoryFolder) => anAgent({ stateFolder: { folder, clock } })
    const disk = createMemoryFolder()
    agent = remembering(disk)
    await agent.start()
    clock.advance(1500)
    await sendOrder(uvOrder())
    await until(() => agent.missionPhase === 'awaitingArming')
    clock.advance(1500)
    await arm()
    await until(() => hardware.isLit)
    const { port } = server.address() as { port: number }
    const url = brokerUrl()
    await closeBroker()
    await until(() => agent.isIdle, 3000)
    const onDisk = () => Buffer.from(disk.content!).toString()
    expect(onDisk()).toContain('"outbox":[{"orderId":"order-1"')
    await agent.stop()
    messages = []

    await openBroker(port)
    expect(brokerUrl()).toBe(url)
    await eventually(() => fleet.connected)
    const next = disk.fork()
    agent = remembering(next)
    await agent.start()
    await eventually(() => state()?.actionStates[1]?.actionResult !== undefined)
    expect(state().orderId).toBe('order-1')
    const report: unknown = JSON.parse(state().actionStates[1]!.actionResult!)
    expect(Value.Errors(DoseReportSchema, report)).toEqual([])
    expect(report).toMatchObject({ verdict: 'proven', missionId: 'mission-1' })
    // The broker has said that it has it.
    await eventually(() => Buffer.from(next.content!).toString().includes('"outbox":[]'))
    clock.advance(1500)
    expect(agent.isIdle).toBe(true)
    expect(hardware.isLit).toBe(false)
  })
})

describe('instant actions', () => {
  it('refused arming says why', async () => {
    await sendOrder(uvOrder())
    await until(() => agent.missionPhase === 'awaitingArming')
    hardware.setGuard('door-1', 1)
    await instant('confirmChecklist', {
      missionId: 'mission-1',
      confirmedBy: 'nurse',
      items: ARMING_CHECKLIST.map(({ id }) => id),
    })
    hardware.pressArmButton()
    const actionId = await instant('startTreatment', { missionId: 'mission-1', startedBy: 'nurse' })
    expect(instantState(actionId)).toMatchObject({
      actionStatus: 'FAILED',
      actionResult: 'the door to the corridor is open',
    })
    expect(agent.missionPhase).toBe('awaitingArming')
  })

  it('a remote emergency stop shows until somebody resumes', async () => {
    await instant('emergencyStop', { requestedBy: 'nurse' })
    await eventually(() => state().safetyState.activeEmergencyStop === 'REMOTE')
    await instant('stopPause')
    expect(await eventually(() => state().safetyState.activeEmergencyStop === 'NONE')).toBe(true)
  })

  it('an emergency stop is no repetition, whatever its id: it stops each time', async () => {
    const actionId = await instant('stateRequest')
    await instant('emergencyStop', { requestedBy: 'nurse' }, actionId)
    await eventually(() => state().safetyState.activeEmergencyStop === 'REMOTE')
    await instant('stopPause')
    await eventually(() => state().safetyState.activeEmergencyStop === 'NONE')
    await instant('emergencyStop', { requestedBy: 'nurse' }, actionId)
    await eventually(() => state().safetyState.activeEmergencyStop === 'REMOTE')
    expect(state().instantActionStates.filter((known) => known.actionId === actionId)).toHaveLength(1)
  })

  it('a battery that measures no voltage, or nothing, still makes a state that the fleet can read', async () => {
    hardware.batteryVoltage = NaN
    hardware.batteryFraction = NaN
    clock.advance(2000)
    await instant('stateRequest')
    expect(Value.Errors(StateSchema, state())).toEqual([])
    expect(state().powerSupply).toEqual({ stateOfCharge: 0, charging: false })
    expect(state().errors).toContainEqual({
      errorType: 'BATTERY_LOW',
      errorLevel: 'URGENT',
      errorDescription: 'the battery does not know its charge',
    })
  })

  it('a pause stops the drive, and resuming goes on', async () => {
    await sendOrder(uvOrder())
    await until(() => hardware.drives === 1)
    await instant('startPause')
    clock.advance(500)
    const { x } = hardware.pose
    clock.advance(5000)
    expect(hardware.pose.x).toBe(x)
    expect(state().paused).toBe(true)
    await instant('stopPause')
    await until(() => agent.missionPhase === 'awaitingArming')
  })

  it('an unknown one fails', async () => {
    const actionId = await instant('makeCoffee')
    expect(instantState(actionId).actionStatus).toBe('FAILED')
    expect(state().errors[0]).toMatchObject({ errorType: 'INVALID_INSTANT_ACTION' })
  })

  it('a silent sensor is told without being asked', async () => {
    hardware.silence(ROBOT_TOPICS.personSensor)
    const isTold = () =>
      of<State>(`${PREFIX}/state`).some(({ errors }) =>
        errors.some(({ errorType }) => errorType === 'SENSOR_SILENT'),
      )
    expect(await until(isTold)).toBe(true)
  })

  it('takes no sensor for silent that has had no time to speak, and tells of it when it has had', async () => {
    await agent.stop()
    hardware.stop()
    messages.length = 0
    // Nothing is on this graph.
    agent = anAgent({ graph: new InMemoryRosNetwork(() => {}).createNode() })
    await agent.start()
    clock.advance(1000)
    await eventually(() => of(`${PREFIX}/state`).length > 0)
    expect(of<State>(`${PREFIX}/state`).flatMap(({ errors }) => errors)).toEqual([])
    await until(() => state().errors.length > 0)
    const types = state().errors.map(({ errorType }) => errorType)
    expect(types).toEqual(expect.arrayContaining(['SENSOR_SILENT', 'LOCALIZATION_ERROR', 'LAMP_LINK_LOST']))
  })
})

describe('maps that the fleet sends', () => {
  let files: MapServer
  let place: string
  beforeEach(async () => {
    files = await startMapServer()
    place = mkdtempSync(path.join(tmpdir(), 'wardlight-maps-'))
    await restart()
  })
  afterEach(async () => {
    await files.stop()
    rmSync(place, { recursive: true, force: true })
  })

  async function restart() {
    await agent.stop()
    messages = []
    agent = anAgent({ mapFolder: nodeFileFolder(path.join(place, 'maps')) })
    await agent.start()
    clock.advance(1500)
  }

  const drawn = () => {
    const grid = createGrid({ minX: -3, minY: -1, maxX: 6, maxY: 5 }, 0.05)
    for (const edge of polygonEdges(ROOM.polygon)) drawSegment(grid, edge, OCCUPIED)
    return grid
  }
  const maps = () => state()?.maps?.map((map) => `${map.mapVersion} ${map.mapStatus}`)

  async function carryOut(actionType: string, values: Record<string, string>) {
    const actionId = await instant(actionType, values)
    const ended = () => state()?.instantActionStates.find((action) => action.actionId === actionId)
    await eventually(() => /FINISHED|FAILED/.test(ended()?.actionStatus ?? ''))
    return ended()!
  }

  it('are got, kept through a restart, counted with once they are enabled, and deleted', async () => {
    const factsheet = await eventually(() => of(`${PREFIX}/factsheet`).length > 0).then(() =>
      of<Factsheet>(`${PREFIX}/factsheet`).at(-1)!,
    )
    const types = factsheet.protocolFeatures.mobileRobotActions.map(({ actionType }) => actionType)
    expect(types).toEqual(expect.arrayContaining(['downloadMap', 'enableMap', 'deleteMap']))
    const link = files.serve('/L1', levelMapText({ mapId: 'L1', grid: drawn() }))
    const v2 = { mapId: 'L1', mapVersion: 'v2' }
    expect(await carryOut('downloadMap', { ...v2, mapDownloadLink: link })).toMatchObject({
      actionStatus: 'FINISHED',
    })
    await eventually(() => maps()?.join() === '1 ENABLED,v2 DISABLED')
    await restart()
    await eventually(() => maps()?.join() === '1 ENABLED,v2 DISABLED')
    const offered: number[] = []
    network
      .createNode()
      .createSubscription(
        'nav_msgs/msg/OccupancyGrid',
        ROBOT_TOPICS.enabledMap,
        ({ info }) => offered.push(info.width),
        'latched',
      )
    expect((await carryOut('enableMap', v2)).actionStatus).toBe('FINISHED')
    await eventually(() => maps()?.join() === '1 DISABLED,v2 ENABLED')
    expect(offered.at(-1)).toBe(drawn().width)
    expect(await carryOut('deleteMap', v2)).toMatchObject({
      actionStatus: 'FAILED',
      actionResult: expect.stringContaining('in use') as string,
    })
    await carryOut('enableMap', { mapId: 'L1', mapVersion: '1' })
    expect((await carryOut('deleteMap', v2)).actionStatus).toBe('FINISHED')
    await eventually(() => maps()?.join() === '1 ENABLED')
  })

  it('are refused with an error until a good one comes, and nothing else changes', async () => {
    const link = files.serve('/L1', levelMapText({ mapId: 'L1', grid: drawn() }))
    const v2 = { mapId: 'L1', mapVersion: 'v2', mapDownloadLink: link }
    const wrong = await carryOut('downloadMap', { ...v2, mapHash: '00'.repeat(32) })
    expect(wrong).toMatchObject({
      actionStatus: 'FAILED',
      actionResult: expect.stringContaining('SHA-256') as string,
    })
    const error = () => state().errors.filter(({ errorType }) => errorType.includes('MAP'))
    await eventually(() => error()[0]?.errorType === 'MAP_DOWNLOAD_FAILED')
    expect(error()[0]).toMatchObject({
      errorLevel: 'WARNING',
      errorReferences: [
        { referenceKey: 'mapId', referenceValue: 'L1' },
        { referenceKey: 'mapVersion', referenceValue: 'v2' },
      ],
    })
    expect(maps()).toEqual(['1 ENABLED'])
    expect((await carryOut('downloadMap', v2)).actionStatus).toBe('FINISHED')
    await eventually(() => error().length === 0)
    expect((await carryOut('downloadMap', v2)).actionStatus).toBe('FAILED')
    await eventually(() => error()[0]?.errorType === 'DUPLICATE_MAP')
  })

  it('has a set of zones downloaded as if it had come on its topic', async () => {
    const zoneSet = { mapId: 'L1', zoneSetId: 'large', zones: [] }
    const named = {
      zoneSetId: 'large',
      zoneSetDownloadLink: files.serve('/zones', JSON.stringify({ zoneSet })),
    }
    expect((await carryOut('downloadZoneSet', named)).actionStatus).toBe('FINISHED')
    await eventually(() => state()?.zoneSets?.[0]?.zoneSetId === 'large')
    expect((await carryOut('downloadZoneSet', named)).actionResult).toContain('already')
    await eventually(() => state().errors.some(({ errorType }) => errorType === 'DUPLICATE_ZONE_SET'))
    const other = { ...named, zoneSetId: 'other' }
    expect((await carryOut('downloadZoneSet', other)).actionResult).toContain('it is the zone set large')
  })

  it('are not taken by a robot that has no place for them', async () => {
    await agent.stop()
    agent = anAgent()
    await agent.start()
    clock.advance(1500)
    const ended = await carryOut('enableMap', { mapId: 'L1', mapVersion: '1' })
    expect([ended.actionStatus, ended.actionResult]).toEqual([
      'FAILED',
      'the robot has no instant action enableMap',
    ])
  })
})
