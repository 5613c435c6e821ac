import { createServer, type Server } from 'node:net'
import { vda5050Topic, type InstantActions, type State } from '@wardlight/core/vda5050'
import { Aedes } from 'aedes'
import { connectAsync, type MqttClient } from 'mqtt'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Outcomes } from './outcomes.ts'
import { runMapChecks } from './robot-map-checks.ts'
import { RobotUnderTest } from './robot-under-test.ts'

const ADDRESS = { manufacturer: 'acme', serialNumber: 'r1' }
const MAP = Buffer.from('a map of acme')

type Maps = NonNullable<State['maps']>
type Wrong =
  | 'nothing'
  | 'takesAnyHash'
  | 'enablesAtOnce'
  | 'enablesTwo'
  | 'deletesInUse'
  | 'saysNothing'
  | 'takesTwice'

/** As little of a robot as is asked about its maps; it does one thing wrong. */
class MapRobot {
  readonly #client: MqttClient
  readonly #wrong: Wrong
  #headerId = 0
  #maps: Maps = [{ mapId: 'L1', mapVersion: 'own', mapStatus: 'ENABLED' }]
  #ended: State['instantActionStates'] = []
  #errors: State['errors'] = []

  constructor(client: MqttClient, wrong: Wrong) {
    this.#client = client
    this.#wrong = wrong
    client.on('message', (_, payload) => {
      for (const action of (JSON.parse(payload.toString()) as InstantActions).actions) void this.#take(action)
    })
  }

  async join(): Promise<void> {
    await this.#client.subscribeAsync(vda5050Topic(ADDRESS, 'instantActions'))
    const action = (actionType: string, ...keys: string[]) => ({
      actionType,
      actionScopes: ['INSTANT'],
      actionParameters: keys.map((key) => ({ key, valueDataType: 'STRING' })),
    })
    const mobileRobotActions = [
      action('downloadMap', 'mapId', 'mapVersion', 'mapDownloadLink', 'mapHash'),
      action('enableMap', 'mapId', 'mapVersion'),
      action('deleteMap', 'mapId', 'mapVersion'),
    ]
    await this.#say('factsheet', { protocolFeatures: { mobileRobotActions } })
    await this.#tell()
  }

  async #take(action: InstantActions['actions'][number]): Promise<void> {
    const of = (key: string) =>
      action.actionParameters?.find((parameter) => parameter.key === key)?.value as string
    const map = { mapId: of('mapId'), mapVersion: of('mapVersion') }
    const isMeant = (each: Maps[number]) => each.mapVersion === map.mapVersion
    const known = this.#maps.find(isMeant)
    const finish = (maps: Maps) => {
      this.#maps = maps
      return true
    }
    const work: Record<string, () => Promise<boolean> | boolean> = {
      downloadMap: async () => {
        if (known !== undefined && this.#wrong !== 'takesTwice') return false
        const response = await fetch(of('mapDownloadLink')).catch(() => null)
        const isHashWrong = of('mapHash') !== undefined && this.#wrong !== 'takesAnyHash'
        if (response?.ok !== true || isHashWrong || !MAP.equals(Buffer.from(await response.arrayBuffer())))
          return false
        const isNew = { ...map, mapStatus: 'DISABLED' as const }
        if (this.#wrong !== 'enablesAtOnce')
          return finish([...this.#maps.filter((each) => !isMeant(each)), isNew])
        return finish([...this.#disabled(), { ...isNew, mapStatus: 'ENABLED' }])
      },
      enableMap: () =>
        known !== undefined &&
        finish(
          (this.#wrong === 'enablesTwo' ? this.#maps : this.#disabled()).map((each) =>
            isMeant(each) ? { ...each, mapStatus: 'ENABLED' } : each,
          ),
        ),
      deleteMap: () =>
        known !== undefined &&
        (known.mapStatus === 'DISABLED' || this.#wrong === 'deletesInUse') &&
        finish(this.#maps.filter((each) => !isMeant(each))),
    }
    const isDone = await work[action.actionType]!()
    const actionStatus = isDone ? ('FINISHED' as const) : ('FAILED' as const)
    this.#ended = [...this.#ended, { actionId: action.actionId, actionStatus }]
    if (!isDone && this.#wrong !== 'saysNothing') {
      this.#errors = [
        {
          errorType: known === undefined ? 'NO_SUCH_MAP' : 'DUPLICATE_MAP',
          errorLevel: 'WARNING',
          errorReferences: [{ referenceKey: 'mapVersion', referenceValue: map.mapVersion }],
        },
      ]
    }
    await this.#tell()
  }

  #disabled(): Maps {
    return this.#maps.map((map) => ({ ...map, mapStatus: 'DISABLED' }))
  }

  #tell(): Promise<void> {
    return this.#say('state', {
      maps: this.#maps,
      orderId: '',
      orderUpdateId: 0,
      lastNodeId: '',
      lastNodeSequenceId: 0,
      nodeStates: [],
      edgeStates: [],
      mobileRobotPosition: { x: 0, y: 0, theta: 0, mapId: 'L1', localized: true },
      driving: false,
      actionStates: [],
      instantActionStates: this.#ended,
      powerSupply: { stateOfCharge: 80, charging: false },
      operatingMode: 'AUTOMATIC',
      errors: this.#errors,
      safetyState: { activeEmergencyStop: 'NONE', fieldViolation: false },
    })
  }

  async #say(topic: 'factsheet' | 'state', body: object): Promise<void> {
    this.#headerId += 1
    const header = {
      headerId: this.#headerId,
      timestamp: new Date().toISOString(),
      version: '3.0.0',
      ...ADDRESS,
    }
    const message = JSON.stringify({ ...header, ...body })
    await this.#client.publishAsync(vda5050Topic(ADDRESS, topic), message, { qos: 1, retain: true })
  }
}

let broker: Aedes
let server: Server
let url: string

beforeEach(async () => {
  broker = await Aedes.createBroker()
  server = createServer(broker.handle)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  url = `mqtt://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
})
afterEach(async () => {
  await new Promise<void>((resolve) => broker.close(resolve))
  await new Promise((resolve) => server.close(resolve))
})

/** @returns by check its outcome */
async function judge(wrong: Wrong, mapFile: { bytes: Buffer; host: string } | undefined) {
  const line = await connectAsync(url, { protocolVersion: 4, clientId: 'robot' })
  const kit = new RobotUnderTest(ADDRESS, '3.0')
  await kit.connect(url, {})
  await new MapRobot(line, wrong).join()
  await kit.until(() => kit.state !== null, 10, 'a state')
  const outcomes = new Outcomes()
  await runMapChecks(kit, { answerS: 2, mapFile }, (id, check) => outcomes.run(id, check))
  await kit.disconnect()
  await line.endAsync(true)
  return outcomes.all
}

const SERVED = { bytes: MAP, host: '127.0.0.1' }
const ALL = ['R90', 'R91', 'R92', 'R93', 'R94', 'R95', 'R96', 'R97', 'R98']

it('a robot that does it all right passes every check of maps', async () => {
  const outcomes = await judge('nothing', SERVED)
  expect([...outcomes].filter(([, { status }]) => status !== 'passed')).toEqual([])
  expect([...outcomes.keys()]).toEqual(ALL)
})

it('without a file what needs one is not run, and nothing of it is a pass', async () => {
  const outcomes = await judge('nothing', undefined)
  const passed = [...outcomes].filter(([, { status }]) => status === 'passed').map(([id]) => id)
  expect(passed).toEqual(['R90', 'R92', 'R93'])
  expect(outcomes.get('R94')).toMatchObject({
    status: 'notRun',
    reason: expect.stringContaining('--map-file') as string,
  })
})

it.each<[Wrong, string, string]>([
  ['takesAnyHash', 'R91', 'it is FINISHED'],
  ['enablesAtOnce', 'R94', 'it is ENABLED'],
  ['takesTwice', 'R95', 'it is FINISHED'],
  ['enablesTwo', 'R96', 'are enabled of one mapId'],
  ['deletesInUse', 'R97', 'it is FINISHED'],
  ['saysNothing', 'R90', 'an error that names the map'],
])('a robot that %s fails %s', async (wrong, id, reason) => {
  const outcomes = await judge(wrong, SERVED)
  expect(outcomes.get(id as 'R90')).toMatchObject({
    status: 'failed',
    reason: expect.stringContaining(reason) as string,
  })
})
