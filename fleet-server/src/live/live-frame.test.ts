import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readLiveMessage, type LiveServerMessage } from '@wardlight/core/fleet'
import { WebSocket, WebSocketServer } from 'ws'
import { aRoomView } from '../testing/views.ts'
import { liveFrame } from './live-frame.ts'
import { liveSocketOn, type LiveSocket } from './live-socket.ts'

describe('frames of the live feed', () => {
  const http = createServer()
  let open: LiveSocket
  let client: WebSocket
  const heard: (LiveServerMessage | null)[] = []
  let tell: () => void = () => {}

  beforeAll(async () => {
    const opened = new Promise<LiveSocket>((resolve) => {
      new WebSocketServer({ server: http }).on('connection', (socket, request) =>
        resolve(liveSocketOn(socket, request.socket)),
      )
    })
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
    client = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`)
    client.on('message', (data: Buffer, isBinary) => {
      heard.push(readLiveMessage(isBinary ? data : data.toString()))
      tell()
    })
    open = await opened
  })
  afterAll(() => {
    client.terminate()
    http.close()
  })

  it('arrive whole and in order at a client that nobody here wrote, of every length', async () => {
    const at = '2026-01-05T03:00:00.000Z'
    const message = fc.oneof(
      fc.integer({ min: 1, max: 20 }).map((rows): LiveServerMessage => ({
        type: 'motion',
        sequence: rows,
        at,
        heardAt: at,
        rows: Array.from({ length: rows }, (_, number) => ({ number, x: 1, y: 2, theta: 0 })),
      })),
      // Around the lengths that stand in two bytes and in eight.
      fc
        .oneof(
          fc.integer({ min: 0, max: 40 }),
          fc.integer({ min: 65_100, max: 65_700 }),
          fc.constant(200_000),
        )
        .map((letters): LiveServerMessage => ({
          type: 'delta',
          sequence: letters,
          at,
          changes: [
            { collection: 'rooms', id: 'r', value: { ...aRoomView('r'), reason: 'ü'.repeat(letters / 2) } },
          ],
        })),
      fc.constant<LiveServerMessage>({ type: 'heartbeat', sequence: 1, at }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 5 }), async (messages) => {
        heard.length = 0
        const all = new Promise<void>((resolve) => {
          tell = () => heard.length === messages.length && resolve()
        })
        for (const one of messages) open.send(liveFrame(one))
        await all
        // Angles are rounded to sixteen bits; these are none.
        expect(heard).toEqual(messages)
      }),
      { numRuns: 60 },
    )
  })
})
