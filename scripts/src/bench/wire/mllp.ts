/** Frames of MLLP, as little as a measurement needs: nothing but whole messages of our own. */
const START = 0x0b
const END = 0x1c

export function framed(message: string): Buffer {
  return Buffer.from(`\u000b${message}\u001c\r`, 'latin1')
}

/** Calls back with each message of a line. */
export function eachMessage(onMessage: (message: Buffer) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0)
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    for (;;) {
      const start = rest.indexOf(START)
      const end = rest.indexOf(END, start + 1)
      if (start === -1 || end === -1) return
      const message = rest.subarray(start + 1, end)
      rest = rest.subarray(end + 1)
      onMessage(message)
    }
  }
}
