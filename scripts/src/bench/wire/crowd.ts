import { robotIdOf } from '@wardlight/core/fleet'
import { vda5050Topic, type RobotAddress } from '@wardlight/core/vda5050'
import { WebSocket } from 'ws'
import { CrowdLine } from './crowd-line.ts'
import { crowdAddress, onlineText, stateText, type CrowdPlace } from './crowd-robot.ts'
import { servePart } from './part.ts'

/** Many robots, and many people who watch: both ends of a fleet that a measurement needs and does not count. */

let robots: { readonly line: CrowdLine; readonly address: RobotAddress; headerId: number }[] = []
const HEARD_BY_ROBOTS = ['order', 'instantActions', 'responses', 'zoneSet'] as const
let watchers: WebSocket[] = []
let receivedBytes = 0

export const CROWD = {
  /** @returns milliseconds until all of them are connected, have subscribed, and have said so */
  async connect({
    url,
    count,
    passwords,
  }: {
    readonly url: string
    readonly count: number
    /** By robot; left out, nobody asks for one. */
    readonly passwords?: readonly string[]
  }): Promise<number> {
    const beganMs = performance.now()
    robots = await Promise.all(
      Array.from({ length: count }, async (_, index) => {
        const address = crowdAddress(index)
        const line = await CrowdLine.open({
          url,
          id: robotIdOf(address),
          password: passwords?.[index] ?? 'nobody asks for it',
          filters: HEARD_BY_ROBOTS.map((topic) => vda5050Topic(address, topic)),
          birth: { topic: vda5050Topic(address, 'connection'), text: onlineText(address) },
        })
        return { line, address, headerId: 0 }
      }),
    )
    return performance.now() - beganMs
  },

  /** Each says its state so often, evenly over a period. @returns how many were said; all of them have arrived */
  async speak({
    periods,
    periodMs,
    places,
    isEachAcknowledged,
  }: {
    readonly periods: number
    readonly periodMs: number
    /** Where they stand, in turns. */
    readonly places: readonly CrowdPlace[]
    /** Else only the last of each robot is, which arrives after all the others. */
    readonly isEachAcknowledged: boolean
  }): Promise<number> {
    const acknowledged: Promise<unknown>[] = []
    let said = 0
    const slices = 10
    for (let period = 0; period < periods; period += 1) {
      for (let slice = 0; slice < slices; slice += 1) {
        const dueMs = performance.now() + periodMs / slices
        for (let index = slice; index < robots.length; index += slices) {
          const one = robots[index]!
          one.headerId += 1
          const { x, y, levelId } = places[index % places.length]!
          // Localisation trembles.
          const dx = 0.02 * Math.sin(index + one.headerId)
          const text = stateText(one.address, one.headerId, { x: x + dx, y, levelId })
          const topic = vda5050Topic(one.address, 'state')
          said += 1
          if (isEachAcknowledged || period === periods - 1) acknowledged.push(one.line.publish(topic, text))
          else one.line.say(topic, text)
        }
        await new Promise((resolve) => setTimeout(resolve, Math.max(0, dueMs - performance.now())))
      }
    }
    await Promise.all(acknowledged)
    return said
  },

  /** People open the console. */
  async watch({
    url,
    count,
    cookie,
  }: {
    readonly url: string
    readonly count: number
    readonly cookie: string
  }): Promise<void> {
    watchers = await Promise.all(
      Array.from(
        { length: count },
        () =>
          new Promise<WebSocket>((resolve, reject) => {
            const socket = new WebSocket(`${url.replace('http', 'ws')}/api/live`, {
              headers: { cookie, origin: url },
            })
            socket.on('message', (data) => {
              receivedBytes += (data as Buffer).length
            })
            // The feed begins with a snapshot.
            socket.once('message', () => resolve(socket))
            socket.once('error', reject)
          }),
      ),
    )
  },

  /** Bytes that all the people together have got so far. */
  received: () => receivedBytes,

  async leave(): Promise<void> {
    for (const socket of watchers) socket.terminate()
    for (const { line } of robots) line.close()
    robots = []
    watchers = []
  },
}
export type Crowd = typeof CROWD

if (process.send !== undefined) servePart(CROWD)
