import { afterEach, describe, expect, it } from 'vitest'
import { SimulatedClock } from '@wardlight/core/clock'
import { HospitalSender } from '../../testing/hospital-system.ts'
import { until } from '../../testing/test-client.ts'
import { silentLog } from '../../testing/test-server.ts'
import { mllpFrame } from './mllp-framing.ts'
import { MllpListener } from './mllp-listener.ts'
import { TEST_CERTIFICATE, TEST_KEY } from './testing/test-certificate.ts'

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).toReversed()) await step()
})

async function start(options: Partial<ConstructorParameters<typeof MllpListener>[0]> = {}) {
  const clock = new SimulatedClock()
  const received: string[] = []
  const listener = new MllpListener({
    tls: null,
    receive: async (message) => {
      received.push(message.toString())
      return Buffer.from(`MSH|^~\\&|ack of ${message.toString()}`)
    },
    clock,
    log: silentLog,
    ...options,
  })
  const port = await listener.start('127.0.0.1', 0)
  undo.push(() => listener.stop())
  return { port, clock, received }
}

async function connect(port: number, ca?: string): Promise<HospitalSender> {
  const line = await HospitalSender.connect(port, ca)
  undo.push(() => line.close())
  return line
}

describe('a line with a hospital system', () => {
  it('takes messages in pieces, several at once, and with rubbish between them', async () => {
    const { port, received } = await start()
    const line = await connect(port)
    const bytes = Buffer.concat([
      Buffer.from('hello?'),
      mllpFrame(Buffer.from('one')),
      mllpFrame(Buffer.from('two')),
      Buffer.from('\r\nGET / HTTP/1.1'),
      mllpFrame(Buffer.from('three')),
    ])
    for (const byte of bytes) line.write(Buffer.of(byte))
    await until(() => line.answers.length === 3)
    line.write(Buffer.concat([mllpFrame(Buffer.from('four')), mllpFrame(Buffer.from('five'))]))
    await until(() => line.answers.length === 5)
    expect(received).toEqual(['one', 'two', 'three', 'four', 'five'])
    expect(line.answers.map(String)).toEqual(received.map((each) => `MSH|^~\\&|ack of ${each}`))
  })

  it('refuses what is too long, and goes on', async () => {
    const { port } = await start({ maxMessageBytes: 100 })
    const line = await connect(port)
    const refused = await line.send('x'.repeat(5000))
    expect([refused.value('MSA-1'), refused.value('ERR-8')]).toEqual([
      'AR',
      'A message is longer than 100 bytes',
    ])
    line.write(mllpFrame(Buffer.from('short')))
    await until(() => line.answers.length === 2)
  })

  it('waits for who is slow, and cuts off who has begun a message and stays silent', async () => {
    const { port, clock } = await start()
    const slow = await connect(port)
    const idle = await connect(port)
    for (const piece of ['\u000bsl', 'ow', ' one']) {
      slow.write(Buffer.from(piece))
      // Each piece gives it as long again.
      await until(() => clock.nextTimerMs() === clock.monotonicMs() + 30_000)
      clock.advance(20_000)
    }
    slow.write(Buffer.from('\u001c\r'))
    await until(() => slow.answers.length === 1)
    // Between messages a line may be silent for as long as it likes.
    clock.advance(3_600_000)
    slow.write(Buffer.from('\u000bnever'))
    const dueMs = await until(() => clock.nextTimerMs())
    clock.advanceTo(dueMs)
    await until(() => slow.isClosed)
    expect(idle.isClosed).toBe(false)
  })

  it('can be under TLS', async () => {
    const { port } = await start({ tls: { key: TEST_KEY, cert: TEST_CERTIFICATE } })
    const line = await connect(port, TEST_CERTIFICATE)
    line.write(mllpFrame(Buffer.from('hidden')))
    await until(() => line.answers.length === 1)
    const plain = await connect(port)
    plain.write(mllpFrame(Buffer.from('open')))
    await until(() => plain.isClosed)
    expect(plain.answers).toEqual([])
  })

  it('does not begin on a port that is taken', async () => {
    const { port } = await start()
    const second = new MllpListener({
      tls: null,
      receive: async (message) => message,
      clock: new SimulatedClock(),
      log: silentLog,
    })
    await expect(second.start('127.0.0.1', port)).rejects.toMatchObject({ code: 'WARD_ERR_CONFIG' })
  })
})
