import { encodeMotion, type LiveServerMessage } from '@wardlight/core/fleet'

/** RFC 6455, 5.2: the last fragment of its message, and what it holds. */
const FINAL = 0x80
const TEXT = 0x1
const BINARY = 0x2
/** Lengths from here on stand in two more bytes, and from the next in eight. */
const LENGTH_IN_TWO = 126
const LENGTH_IN_EIGHT = 127
const MOST_IN_TWO = 65_535

/** A message of the feed, made once for all who watch. */
export interface LiveFrame {
  readonly isBinary: boolean
  /** JSON in UTF-8, or what `encodeMotion` made. */
  readonly payload: Uint8Array
  /** The whole frame of a WebSocket, from a server to whoever watches. */
  readonly onTheWire: Buffer
}

export function liveFrame(message: LiveServerMessage): LiveFrame {
  const isBinary = message.type === 'motion'
  const payload = isBinary ? encodeMotion(message) : Buffer.from(JSON.stringify(message))
  const head = headOf(isBinary ? BINARY : TEXT, payload.length)
  return { isBinary, payload, onTheWire: Buffer.concat([head, payload]) }
}

/** Servers do not mask (RFC 6455, 5.1). */
function headOf(opcode: number, length: number): Buffer {
  if (length < LENGTH_IN_TWO) return Buffer.from([FINAL | opcode, length])
  if (length <= MOST_IN_TWO) {
    const head = Buffer.from([FINAL | opcode, LENGTH_IN_TWO, 0, 0])
    head.writeUInt16BE(length, 2)
    return head
  }
  const head = Buffer.alloc(10)
  head[0] = FINAL | opcode
  head[1] = LENGTH_IN_EIGHT
  head.writeBigUInt64BE(BigInt(length), 2)
  return head
}
