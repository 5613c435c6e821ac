import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { SimulatedClock } from '@wardlight/core/clock'
import { afterEach, describe, expect, it } from 'vitest'
import { until } from '../../testing/test-client.ts'
import { mllpFrame, MllpReader } from './mllp-framing.ts'
import { MllpLine } from './mllp-line.ts'
import { TEST_CERTIFICATE, TEST_KEY } from './testing/test-certificate.ts'

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).toReversed()) await step()
})

/** A system on a real port, and our line to it. */
async function stage(isTls = false) {
  const sockets: Socket[] = []
  const heard: string[] = []
  const serve = (socket: Socket) => {
    const reader = new MllpReader()
    sockets.push(socket)
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      for (const framed of reader.read(chunk))
        if (framed.type === 'message') heard.push(String(framed.message))
    })
  }
  const server = isTls
    ? createTlsServer({ key: TEST_KEY, cert: TEST_CERTIFICATE }, serve)
    : createServer(serve)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const clock = new SimulatedClock()
  const { port } = server.address() as AddressInfo
  const line = new MllpLine({ host: '127.0.0.1', port, isTls }, clock)
  undo.push(() => {
    line.close()
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const answer = (text: string) => sockets.at(-1)!.write(mllpFrame(Buffer.from(text)))
  return { line, clock, sockets, heard, answer }
}

describe('our line to a hospital system', () => {
  it('stays open from message to message, and takes an answer in pieces', async () => {
    const { line, sockets, heard, answer } = await stage()
    const first = line.exchange(Buffer.from('one'))
    await until(() => heard.length === 1)
    for (const byte of mllpFrame(Buffer.from('yes'))) sockets[0]!.write(Buffer.of(byte))
    expect(String(await first)).toBe('yes')
    const second = line.exchange(Buffer.from('two'))
    await until(() => heard.length === 2)
    answer('again')
    expect(String(await second)).toBe('again')
    expect(sockets).toHaveLength(1)
  })

  it('is made anew where no answer came in time, so that a late one is taken for no other', async () => {
    const { line, clock, sockets, heard, answer } = await stage()
    const unanswered = line.exchange(Buffer.from('one'))
    await until(() => heard.length === 1)
    clock.advance(30_000)
    await expect(unanswered).rejects.toThrow('No answer within 30 s')
    const next = line.exchange(Buffer.from('two'))
    await until(() => heard.length === 2)
    expect(sockets).toHaveLength(2)
    sockets[0]!.write(mllpFrame(Buffer.from('late')))
    answer('in time')
    expect(String(await next)).toBe('in time')
  })

  it('says so where it was closed, and where nobody is', async () => {
    const { line, sockets, heard } = await stage()
    const cut = line.exchange(Buffer.from('one'))
    await until(() => heard.length === 1)
    sockets[0]!.destroy()
    await expect(cut).rejects.toThrow(/closed|ECONNRESET/)
    const nowhere = new MllpLine({ host: '127.0.0.1', port: 1, isTls: false }, new SimulatedClock())
    await expect(nowhere.exchange(Buffer.from('one'))).rejects.toThrow('ECONNREFUSED')
  })

  it('under TLS tells nothing to who cannot show who they are', async () => {
    const { line, heard } = await stage(true)
    await expect(line.exchange(Buffer.from('one'))).rejects.toThrow(/self-signed|certificate|altnames/i)
    expect(heard).toEqual([])
  })
})
