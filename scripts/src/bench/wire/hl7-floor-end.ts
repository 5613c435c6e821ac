import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { eachMessage, framed } from './mllp.ts'
import { servePart } from './part.ts'

let directory = ''

/**
 * The least that any server does that acknowledges what is on the disk: it appends the bytes to a file, brings all that
 * came meanwhile there together (fdatasync), and answers. It reads nothing and decides nothing.
 */
export const HL7_FLOOR_END = {
  async start() {
    directory = mkdtempSync(path.join(os.tmpdir(), 'wardlight-bench-'))
    const file = await open(path.join(directory, 'messages'), 'a')
    let waiting: { readonly socket: Socket; readonly message: Buffer }[] = []
    let isWriting = false
    const write = async () => {
      isWriting = true
      while (waiting.length > 0) {
        const taken = waiting
        waiting = []
        await file.write(Buffer.concat(taken.map(({ message }) => message)))
        await file.datasync()
        for (const { socket } of taken) socket.write(framed('MSH|^~\\&|FLOOR\rMSA|AA|1\r'))
      }
      isWriting = false
    }
    const server = createServer((socket) => {
      socket.setNoDelay().on('error', () => {})
      socket.on(
        'data',
        eachMessage((message) => {
          waiting.push({ socket, message: Buffer.from(message) })
          if (!isWriting) void write()
        }),
      )
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    return { port: (server.address() as AddressInfo).port }
  },
  /** Nothing of it stays behind. */
  leave: () => rmSync(directory, { recursive: true, force: true }),
}
export type Hl7FloorEnd = typeof HL7_FLOOR_END

if (process.send !== undefined) servePart(HL7_FLOOR_END)
