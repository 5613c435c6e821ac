import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  applyChanges,
  changesIn,
  readLiveMessage,
  type LiveServerMessage,
  type LiveState,
} from '@wardlight/core/fleet'
import { WebSocket } from 'ws'
import { NurseClient } from '../../scripts/src/demo/nurse-client.ts'
import { exportProofs, KEYS_FILE } from '../../scripts/src/proofs-export-command.ts'
import { verifyProofs } from '../../scripts/src/verify-command.ts'
import { arm } from '../support/arm.ts'
import {
  areServersPossible,
  openServersStage,
  serversNote,
  untilRole,
  type ServersStage,
} from '../support/several-servers.ts'
import { until } from '../support/until.ts'

const robotId = 'wardlight.uv-01'

describe.skipIf(!areServersPossible)(`the leader of two servers killed in mid-mission${serversNote}`, () => {
  let stage: ServersStage
  let folder: string

  beforeEach(async () => {
    stage = await openServersStage()
    folder = await mkdtemp(path.join(os.tmpdir(), 'wardlight-scale-'))
  })
  afterEach(async () => {
    await stage.stop()
    await rm(folder, { recursive: true, force: true })
  })

  it(
    'leaves everything to the other: the mission ends proven, its report is there once, and nobody is cut off',
    async () => {
      const leader = await stage.startServer()
      const follower = await stage.startServer()
      expect([leader.role, follower.role]).toEqual(['leader', 'follower'])
      const robots = await stage.start(
        ['robots', '--data', folder, '--mqtt', stage.mqttUrl, '--robot', 'wardlight/uv-01', '--speed', '10'],
        /"robot"/,
        { WARDLIGHT_ROBOT_PASSWORD: 'the broker asks nobody' },
      )

      // Everything goes through the follower: sign-in, commands, feed.
      const nurse = new NurseClient(follower.url)
      await nurse.signIn({ name: 'nurse', password: 'nurse-demo' })
      const feed = new FeedWatcher(follower.url, nurse)
      await until(async () => (feed.state?.robots[robotId]?.position ? true : null))
      const { levelId } = feed.state!.robots[robotId]!.position!
      const room = (await nurse.rooms()).find(
        (each) => each.levelId === levelId && (each.kind === 'isolationRoom' || each.kind === 'patientRoom'),
      )!
      const { id: requestId } = await nurse.request({ roomId: room.id, organismId: 'mrsa', targetLog: 3 })
      await until(async () => ((await nurse.requestById(requestId)).status === 'planned' ? true : null))
      const { id } = await nurse.approve(requestId)
      await arm(nurse, id, robots)
      await until(async () => (feed.state?.missions[id]?.isLampLit ? true : null))
      const snapshotsBefore = feed.snapshotCount

      await leader.kill('SIGKILL')
      await untilRole(follower, 'leader')
      await until(async () => (feed.snapshotCount > snapshotsBefore ? true : null))
      expect(feed.state?.missions[id]).toMatchObject({ robotId, verdict: null })

      // What it says reaches the robot, and the other way round.
      await nurse.pause(id)
      await until(async () => (feed.state?.missions[id]?.phase === 'interrupted' ? true : null))
      await nurse.resume(id)
      await arm(nurse, id, robots)
      await until(async () => (feed.state?.missions[id]?.verdict ? true : null))
      expect(feed.state!.missions[id]!.verdict).toBe('proven')
      const { dose, surfaces } = await nurse.report(id)
      expect(surfaces.reached).toBeGreaterThanOrEqual(surfaces.promised)
      expect(dose.arming.filter(({ step }) => step === 'started')).toHaveLength(2)
      expect(await stored()).toEqual({ missions: 1, reports: 1, epoch: 2 })
      // It was one line all the time, and none of its numbers was missing.
      expect(feed.isOpen).toBe(true)
      expect(feed.gaps).toEqual([])

      // Who comes back follows, and still knows who is signed in.
      const back = await stage.startServer()
      expect(back.role).toBe('follower')
      const elsewhere = nurse.at(back.url)
      expect((await elsewhere.mission(id)).verdict).toBe('proven')
      // What is proven is proven by any of them, with the key that all of them share.
      const out = path.join(folder, 'proofs')
      await exportProofs(
        { out, server: back.url, user: 'nurse', pdf: true },
        { WARDLIGHT_PASSWORD: 'nurse-demo' },
      )
      const key = path.join(out, KEYS_FILE)
      expect(verifyProofs([out], { key, first: 1, last: 1, json: false })).toMatchObject({ exitCode: 0 })
      await elsewhere.emergencyStop(robotId)
      await until(async () => (feed.state?.robots[robotId]?.emergencyStop === 'NONE' ? null : true))
      feed.close()
    },
    10 * 60_000,
  )

  async function stored() {
    const client = new Client({ connectionString: stage.databaseUrl })
    await client.connect()
    const { rows } = await client.query(
      `select (select count(*)::int from missions) as missions,
              (select count(report_text)::int from missions) as reports,
              (select epoch from leadership) as epoch`,
    )
    await client.end()
    return rows[0] as unknown
  }
})

/** A console's line: what it would show, and what would be wrong with it. */
class FeedWatcher {
  state: LiveState | null = null
  snapshotCount = 0
  readonly gaps: string[] = []
  readonly #socket: WebSocket
  #sequence = 0

  constructor(url: string, { cookie }: NurseClient) {
    this.#socket = new WebSocket(`${url.replace('http', 'ws')}/api/live`, { headers: { cookie } })
    this.#socket.on('message', (data: Buffer, isBinary) =>
      this.#hear(readLiveMessage(isBinary ? data : data.toString())!),
    )
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN
  }

  close(): void {
    this.#socket.close()
  }

  #hear(message: LiveServerMessage): void {
    if (message.type === 'snapshot') {
      this.snapshotCount += 1
      this.state = message.state
      this.#sequence = message.sequence
    } else if (message.type === 'delta' || message.type === 'motion') {
      if (message.sequence !== this.#sequence + 1)
        this.gaps.push(`${message.sequence} after ${this.#sequence}`)
      this.#sequence = message.sequence
      this.state = applyChanges(this.state!, changesIn(message, Object.values(this.state!.robots)))
    }
  }
}
