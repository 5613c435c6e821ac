import type { LiveServerMessage, RobotMotion } from './live-feed.ts'

/**
 * `motion` as bytes, little endian: kind (1), sequence (uint32), `at` and `heardAt` (Unix milliseconds,
 * float64), then eight bytes a robot: number (uint16), x and y (int16, centimetres), heading (int16, 2π / 65,536).
 */
type Motion = Extract<LiveServerMessage, { type: 'motion' }>

const KIND = 1
const HEAD_BYTES = 21
const ROW_BYTES = 8
const PER_METRE = 100
const PER_RADIAN = 32_768 / Math.PI
const LEAST = -32_768
const MOST = 32_767
const MOST_NUMBER = 65_535

/** Whether a row can say it: farther out than 327 m, or as the 65,537th robot, it cannot. */
export function isEncodable({ number, x, y, theta }: RobotMotion): boolean {
  return number <= MOST_NUMBER && fits(x) && fits(y) && Number.isFinite(theta)
}

function fits(metres: number): boolean {
  return metres * PER_METRE >= LEAST && metres * PER_METRE <= MOST
}

/** @param motion with rows that are all `isEncodable` */
export function encodeMotion({ sequence, at, heardAt, rows }: Motion): Uint8Array {
  const bytes = new Uint8Array(HEAD_BYTES + ROW_BYTES * rows.length)
  const view = new DataView(bytes.buffer)
  view.setUint8(0, KIND)
  view.setUint32(1, sequence, true)
  view.setFloat64(5, Date.parse(at), true)
  view.setFloat64(13, Date.parse(heardAt), true)
  // Every robot, five times a second: an index, for pairs of an iterator cost more than what is written.
  for (let index = 0; index < rows.length; index += 1) {
    const { number, x, y, theta } = rows[index]!
    const offset = HEAD_BYTES + ROW_BYTES * index
    view.setUint16(offset, number, true)
    view.setInt16(offset + 2, Math.round(x * PER_METRE), true)
    view.setInt16(offset + 4, Math.round(y * PER_METRE), true)
    // A whole turn wraps as the integer does.
    view.setInt16(offset + 6, Math.round(theta * PER_RADIAN), true)
  }
  return bytes
}

/** @returns what a frame of the feed says; `null` for bytes that are no `motion` */
export function readLiveMessage(frame: string | ArrayBuffer | Uint8Array): LiveServerMessage | null {
  return typeof frame === 'string' ? (JSON.parse(frame) as LiveServerMessage) : decodeMotion(frame)
}

function decodeMotion(data: ArrayBuffer | Uint8Array): Motion | null {
  const view =
    data instanceof ArrayBuffer
      ? new DataView(data)
      : new DataView(data.buffer, data.byteOffset, data.byteLength)
  const length = view.byteLength - HEAD_BYTES
  if (length < 0 || length % ROW_BYTES !== 0 || view.getUint8(0) !== KIND) return null
  const [atMs, heardMs] = [view.getFloat64(5, true), view.getFloat64(13, true)]
  if (!isDate(atMs) || !isDate(heardMs)) return null
  return {
    type: 'motion',
    sequence: view.getUint32(1, true),
    at: new Date(atMs).toISOString(),
    heardAt: new Date(heardMs).toISOString(),
    rows: Array.from({ length: length / ROW_BYTES }, (_, index) => {
      const offset = HEAD_BYTES + ROW_BYTES * index
      return {
        number: view.getUint16(offset, true),
        x: view.getInt16(offset + 2, true) / PER_METRE,
        y: view.getInt16(offset + 4, true) / PER_METRE,
        theta: view.getInt16(offset + 6, true) / PER_RADIAN,
      }
    }),
  }
}

function isDate(epochMs: number): boolean {
  return !Number.isNaN(new Date(epochMs).getTime())
}
