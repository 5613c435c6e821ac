import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ActionParameter, State, VdaError } from '@wardlight/core/vda5050'
import type { CheckId } from './catalogue.ts'
import { CheckNotRun, mustBe } from './heard.ts'
import { of } from './judge-messages.ts'
import type { RunCheck } from './outcomes.ts'
import type { RobotUnderTest } from './robot-under-test.ts'

/** What a map is, every maker says otherwise: the kit hands the robot a file that is one to it. */
export interface MapFile {
  readonly bytes: Uint8Array
  /** An address of this machine under which the robot reaches it. */
  readonly host: string
}

type Maps = NonNullable<State['maps']>

const FILE_PATH = '/map'

/** Distribution of maps (3.0, 6.3; 2.1, 6.7), with the kit as the map server. The robot ends with the map that it had. */
export async function runMapChecks(
  robot: RobotUnderTest,
  { answerS, mapFile }: { readonly answerS: number; readonly mapFile?: MapFile | undefined },
  run: RunCheck,
): Promise<void> {
  const server = mapFile === undefined ? null : await serve(mapFile)
  try {
    const story = new MapStory(robot, answerS, server?.url ?? null, run)
    await story.failures()
    await story.life()
  } finally {
    server?.close()
  }
}

class MapStory {
  readonly #robot: RobotUnderTest
  readonly #answerS: number
  readonly #url: string | null
  readonly #run: RunCheck
  readonly #declared: ReadonlyMap<string, ReadonlySet<string>>
  readonly #mapVersion: string
  #isThere = false

  constructor(robot: RobotUnderTest, answerS: number, url: string | null, run: RunCheck) {
    this.#robot = robot
    this.#answerS = answerS
    this.#url = url
    this.#run = run
    this.#declared = declaredBy(robot)
    this.#mapVersion = robot.id('map')
  }

  /** What must not work, before anything does. */
  async failures(): Promise<void> {
    await this.#check('R90', ['downloadMap'], async () => {
      // No such thing is served: also where the kit serves nothing at all.
      const link = `${this.#url ?? 'http://127.0.0.1:9'}/none`
      await this.#changesNothing('downloadMap', [{ key: 'mapDownloadLink', value: link }])
      await this.#robot.until(
        () => this.#errors().length > 0,
        this.#answerS,
        `an error that names the map; ${errorTypes(this.#robot.state)}`,
      )
    })
    await this.#check('R91', ['downloadMap'], async () => {
      if (this.#declared.get('downloadMap')?.has('mapHash') !== true) {
        throw new CheckNotRun('its downloadMap declares no mapHash')
      }
      await this.#changesNothing('downloadMap', [
        { key: 'mapDownloadLink', value: this.#link() },
        { key: 'mapHash', value: '0'.repeat(64) },
      ])
    })
    await this.#check('R92', ['enableMap'], () => this.#changesNothing('enableMap'))
    await this.#check('R93', ['deleteMap'], () => this.#changesNothing('deleteMap'))
  }

  /** Of one map, from the server to its end. */
  async life(): Promise<void> {
    const robot = this.#robot
    await this.#check('R94', ['downloadMap'], async () => {
      const before = this.#maps()
      const link = { key: 'mapDownloadLink', value: this.#link() }
      await this.#ends(await this.#send('downloadMap', [link]), 'FINISHED')
      await robot.until(() => this.#status() !== undefined, this.#answerS, 'the map in the state')
      mustBe(this.#status() === 'DISABLED', `it is ${this.#status()}`)
      const others = this.#maps().filter((map) => !this.#isOurs(map))
      mustBe(told(others) === told(before), `the others were ${told(before)}, and are ${told(others)}`)
      this.#isThere = true
    })
    await this.#there('R95', ['downloadMap'], async () => {
      const before = this.#maps()
      const link = { key: 'mapDownloadLink', value: this.#link() }
      await this.#ends(await this.#send('downloadMap', [link]), 'FAILED')
      const isTold = ({ errorType, errorLevel }: VdaError) =>
        robot.version === '2.1' || (errorType === 'DUPLICATE_MAP' && errorLevel === 'WARNING')
      await robot.until(
        () => this.#errors().some(isTold),
        this.#answerS,
        `${robot.version === '2.1' ? 'an error' : 'a DUPLICATE_MAP'} that names the map; ${errorTypes(robot.state)}`,
      )
      mustBe(told(this.#maps()) === told(before), `its maps are ${told(this.#maps())}`)
    })
    const enabledBefore = this.#maps().find(
      ({ mapId, mapStatus }) => mapId === this.#mapId() && mapStatus === 'ENABLED',
    )
    await this.#there('R96', ['enableMap'], async () => {
      await this.#ends(await this.#send('enableMap'), 'FINISHED')
      const enabled = () =>
        this.#maps().filter(({ mapId, mapStatus }) => mapId === this.#mapId() && mapStatus === 'ENABLED')
      await robot.until(() => this.#status() === 'ENABLED', this.#answerS, 'the map as ENABLED')
      mustBe(enabled().length === 1, `${told(enabled())} are enabled of one mapId`)
    })
    await this.#there('R97', ['deleteMap'], async () => {
      if (this.#status() !== 'ENABLED') throw new CheckNotRun('the map is not in use')
      await this.#ends(await this.#send('deleteMap'), 'FAILED')
      mustBe(this.#status() === 'ENABLED', `the map is ${this.#status() ?? 'gone'}`)
    })
    await this.#there('R98', ['deleteMap'], async () => {
      if (this.#status() === 'ENABLED') {
        if (enabledBefore === undefined) throw new CheckNotRun('it had no other version to go back to')
        const { mapVersion } = enabledBefore
        await this.#ends(await this.#send('enableMap', [], mapVersion), 'FINISHED')
        await robot.until(() => this.#status() === 'DISABLED', this.#answerS, 'the map as DISABLED')
      }
      await this.#ends(await this.#send('deleteMap'), 'FINISHED')
      await robot.until(() => this.#status() === undefined, this.#answerS, 'a state without the map')
    })
  }

  #check(id: CheckId, actionTypes: readonly string[], check: () => Promise<void>): Promise<void> {
    return this.#run(id, async () => {
      const missing = actionTypes.filter((type) => !this.#declared.has(type))
      if (missing.length > 0) throw new CheckNotRun(`its factsheet does not declare ${missing.join(', ')}`)
      if (this.#mapId() === undefined) throw new CheckNotRun('the robot does not say on which map it is')
      await check()
    })
  }

  #there(id: CheckId, actionTypes: readonly string[], check: () => Promise<void>): Promise<void> {
    return this.#check(id, actionTypes, async () => {
      if (!this.#isThere) throw new CheckNotRun('it has not got the map')
      await check()
    })
  }

  /** @throws CheckNotRun */
  #link(): string {
    if (this.#url === null) throw new CheckNotRun('there is no file that is a map to it (--map-file)')
    return `${this.#url}${FILE_PATH}`
  }

  #mapId(): string | undefined {
    return this.#robot.state?.mobileRobotPosition?.mapId
  }

  #maps(): Maps {
    return this.#robot.state?.maps ?? []
  }

  #isOurs({ mapId, mapVersion }: Maps[number]): boolean {
    return mapId === this.#mapId() && mapVersion === this.#mapVersion
  }

  #status(): Maps[number]['mapStatus'] | undefined {
    return this.#maps().find((map) => this.#isOurs(map))?.mapStatus
  }

  #errors(): VdaError[] {
    return (this.#robot.state?.errors ?? []).filter(({ errorReferences }) =>
      errorReferences?.some(({ referenceValue }) => referenceValue === this.#mapVersion),
    )
  }

  #send(
    actionType: string,
    more: readonly ActionParameter[] = [],
    mapVersion = this.#mapVersion,
  ): Promise<string> {
    return this.#robot.sendInstantAction(actionType, [
      { key: 'mapId', value: this.#mapId()! },
      { key: 'mapVersion', value: mapVersion },
      ...more,
    ])
  }

  async #changesNothing(actionType: string, more: readonly ActionParameter[] = []): Promise<void> {
    const before = told(this.#maps())
    await this.#ends(await this.#send(actionType, more), 'FAILED')
    const after = told(this.#maps())
    mustBe(after === before, `its maps were ${before}, and are ${after}`)
  }

  async #ends(actionId: string, status: 'FINISHED' | 'FAILED'): Promise<void> {
    const robot = this.#robot
    const now = () => robot.instantActionState(actionId)
    await robot.until(
      () => ['FINISHED', 'FAILED'].includes(now()?.actionStatus ?? ''),
      this.#answerS,
      `the action ${status}; it is ${now()?.actionStatus ?? 'not in the state'}`,
    )
    const { actionStatus, actionResult } = now()!
    mustBe(actionStatus === status, `it is ${actionStatus}: ${actionResult ?? 'no reason given'}`)
  }
}

/** Instant actions of the factsheet, each with the keys of its parameters. */
function declaredBy(robot: RobotUnderTest): ReadonlyMap<string, ReadonlySet<string>> {
  const factsheet = of(robot.heard, 'factsheet').at(-1)?.body as
    | { protocolFeatures?: Readonly<Record<string, unknown>> }
    | undefined
  const actions = factsheet?.protocolFeatures?.[robot.version === '2.1' ? 'agvActions' : 'mobileRobotActions']
  const declared = (Array.isArray(actions) ? actions : []) as readonly {
    readonly actionType: string
    readonly actionParameters?: readonly { readonly key: string }[]
  }[]
  return new Map(
    declared.map(({ actionType, actionParameters = [] }) => [
      actionType,
      new Set(actionParameters.map(({ key }) => key)),
    ]),
  )
}

function told(maps: Maps): string {
  const texts = maps.map(({ mapId, mapVersion, mapStatus }) => `${mapId} ${mapVersion} ${mapStatus}`)
  return texts.length === 0 ? 'none' : texts.toSorted().join(', ')
}

function errorTypes(state: State | null): string {
  const types = (state?.errors ?? []).map(({ errorType }) => errorType)
  return types.length === 0 ? 'it has no errors' : `its errors are ${types.join(', ')}`
}

async function serve({ bytes, host }: MapFile): Promise<{ readonly url: string; close(): void }> {
  const server: Server = createServer(({ url }, response) => {
    if (url === FILE_PATH) response.end(bytes)
    else response.writeHead(404).end()
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, host, resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
