import { createEmbeddedBroker, readRobotMessage, type FleetBroker } from '@wardlight/fleet-server'
import { parseRobotAddress } from '../../robot-credentials.ts'
import { createLog } from '../../process-life.ts'
import { servePart, spentUs } from './part.ts'

/** Ours: the broker in the process that reads the messages. */
let broker: FleetBroker | null = null
let heard = 0

export const EMBEDDED_END = {
  async start(): Promise<string> {
    broker = createEmbeddedBroker({
      host: '127.0.0.1',
      port: 0,
      authenticate: async (username) => parseRobotAddress(username.replace('.', '/')),
      log: createLog(),
    })
    await broker.start((topic, payload) => {
      if ('kind' in readRobotMessage(topic, payload)) heard += 1
    })
    return broker.url
  },
  spent: () => ({ us: spentUs(), heard }),
}
export type EmbeddedEnd = typeof EMBEDDED_END

if (process.send !== undefined) servePart(EMBEDDED_END)
