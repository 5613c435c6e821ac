import { ANY_ROBOT, StateSchema, vda5050Topic } from '@wardlight/core/vda5050'
import { Ajv } from 'ajv'
import mqtt from 'mqtt'
import { servePart, spentUs } from './part.ts'

/** The peer: a client of a broker outside, with the validator that most people take. */
const isState = new Ajv({ strict: false, validateFormats: false }).compile(StateSchema)
let heard = 0

export const CLIENT_END = {
  async start(url: string): Promise<void> {
    const client = await mqtt.connectAsync(url)
    client.on('message', (_topic, payload) => {
      if (isState(JSON.parse(payload.toString()))) heard += 1
    })
    await client.subscribeAsync(vda5050Topic(ANY_ROBOT, 'state', '3.0'), { qos: 1 })
  },
  spent: () => ({ us: spentUs(), heard }),
}
export type ClientEnd = typeof CLIENT_END

if (process.send !== undefined) servePart(CLIENT_END)
