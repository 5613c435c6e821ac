import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { eachMessage, framed } from './mllp.ts'
import { servePart } from './part.ts'

/** Hospital systems, each with a line and a room of its own: the next message goes out with the answer to the last. */

interface Line {
  readonly socket: Socket
  readonly roomId: string
  onAnswer: (answer: string) => void
  sent: number
}

let lines: Line[] = []
/** How often they were connected: no visit comes twice. */
let runs = 0

/** Admissions and discharges in turns, each of a visit that nobody has heard of. */
function messageOf(line: Line, index: number): string {
  const isAdmission = line.sent % 2 === 0
  const trigger = isAdmission ? 'A01' : 'A03'
  const visit = `${runs}-${index}-${Math.floor(line.sent / 2)}`
  // Each second of its own: none is late.
  const at = new Date(Date.UTC(2026, 0, 1) + 1000 * line.sent)
  const stamp = at.toISOString().slice(0, 19).replaceAll(/[-T:]/g, '')
  line.sent += 1
  return [
    `MSH|^~\\&|ADT|HOSP|WARDLIGHT|ROBOTS|${stamp}||ADT^${trigger}|${visit}-${trigger}|P|2.5.1`,
    `EVN|${trigger}|${stamp}|||CLERK^A^B|${stamp}`,
    `PID|1||${visit}^^^HOSP^MR||DOE^JANE^Q^^^^L||19510304|F||2106-3|1 SOME STREET^^SOME TOWN^ST^12345^USA^H||(555)555-0100|||M||${visit}^^^HOSP^AN`,
    'NK1|1|DOE^JOHN^Q|SPO|1 SOME STREET^^SOME TOWN^ST^12345^USA|(555)555-0100',
    `PV1|1|I|WARD^${line.roomId}^1^HOSP|R|||1234^WHO^IT^MAY^^DR|5678^CONCERN^IT^MAY^^DR||MED||||1|||1234^WHO^IT^MAY^^DR|IP|${visit}^^^HOSP^VN|||||||||||||||||||||||||${stamp}`,
    '',
  ].join('\r')
}

export const HL7_SENDERS = {
  async connect({ port, roomIds }: { readonly port: number; readonly roomIds: readonly string[] }) {
    runs += 1
    lines = await Promise.all(
      roomIds.map(async (roomId) => {
        const socket = connect({ host: '127.0.0.1', port }).setNoDelay()
        await once(socket, 'connect')
        const line: Line = { socket, roomId, onAnswer: () => {}, sent: 0 }
        const read = eachMessage((answer) => line.onAnswer(answer.toString('latin1')))
        socket.on('data', read)
        return line
      }),
    )
  },

  /** @returns milliseconds until the last one of all is acknowledged, and the bytes that were sent */
  async send(each: number): Promise<{ readonly ms: number; readonly byteCount: number }> {
    const beganMs = performance.now()
    let byteCount = 0
    await Promise.all(
      lines.map(
        (line, index) =>
          new Promise<void>((resolve, reject) => {
            let left = each
            const next = () => {
              if (left === 0) {
                resolve()
                return
              }
              left -= 1
              const bytes = framed(messageOf(line, index))
              byteCount += bytes.length
              line.socket.write(bytes)
            }
            line.onAnswer = (answer) => {
              if (answer.includes('MSA|AA')) next()
              else reject(new Error(`A message was not taken: ${answer}`))
            }
            line.socket.once('close', () => reject(new Error('A line was closed')))
            next()
          }),
      ),
    )
    return { ms: performance.now() - beganMs, byteCount }
  },

  leave() {
    for (const { socket } of lines) socket.removeAllListeners('close').destroy()
    lines = []
  },
}
export type Hl7Senders = typeof HL7_SENDERS

if (process.send !== undefined) servePart(HL7_SENDERS)
