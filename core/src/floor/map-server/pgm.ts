import { wardError } from '../../errors/index.ts'
import { RESAVE_REMEDY, checkImageSize, type MapImage } from './map-image.ts'

/**
 * Decodes a portable greymap, plain (P2) or raw (P5), with comments, of any maxval up to 65535 (two bytes
 * a sample, most significant first, above 255), as the Netpbm specification has it.
 *
 * @throws WardError WARD_ERR_PLAN_IMAGE with the byte at which it goes wrong.
 */
export function decodePgm(path: string, bytes: Uint8Array): MapImage {
  const reader = new PgmReader(path, bytes)
  const isPlain = bytes[1] === 0x32
  const width = reader.number('width')
  const height = reader.number('height')
  const maxval = reader.number('maxval')
  checkImageSize(path, width, height)
  if (maxval < 1 || maxval > 65_535) reader.fail(`maxval is ${maxval}, not from 1 to 65535`)
  const samples = isPlain ? readPlain(reader, width * height) : readRaw(reader, width, height, maxval)
  const grey = new Uint8Array(width * height)
  for (let index = 0; index < grey.length; index += 1) {
    const sample = samples[index]!
    if (sample > maxval) reader.fail(`pixel ${index} is ${sample}, above maxval ${maxval}`)
    grey[index] = maxval === 255 ? sample : Math.round((sample * 255) / maxval)
  }
  return { width, height, grey, alpha: null }
}

function readPlain(reader: PgmReader, count: number): Uint16Array {
  const samples = new Uint16Array(count)
  for (let index = 0; index < count; index += 1) {
    samples[index] = Math.min(65_535, reader.number(`pixel ${index} of ${count}`))
  }
  return samples
}

function readRaw(reader: PgmReader, width: number, height: number, maxval: number): Uint8Array | Uint16Array {
  const bytesPerSample = maxval > 255 ? 2 : 1
  const raster = reader.raster()
  const needed = width * height * bytesPerSample
  if (raster.length < needed) {
    reader.fail(
      `truncated: ${width} × ${height} pixels need ${needed} bytes, ${raster.length} are there (up to row ${Math.floor(raster.length / (width * bytesPerSample))})`,
    )
  }
  if (bytesPerSample === 1) return raster
  const samples = new Uint16Array(width * height)
  for (let index = 0; index < samples.length; index += 1) {
    samples[index] = raster[2 * index]! * 256 + raster[2 * index + 1]!
  }
  return samples
}

class PgmReader {
  private readonly path: string
  private readonly bytes: Uint8Array
  private at = 2

  constructor(path: string, bytes: Uint8Array) {
    this.path = path
    this.bytes = bytes
  }

  fail(what: string): never {
    throw wardError('WARD_ERR_PLAN_IMAGE', {
      what,
      where: `${this.path}: byte ${Math.min(this.at, this.bytes.length)}`,
      remedy: RESAVE_REMEDY,
    })
  }

  /** The next number, after white space and comments. */
  number(name: string): number {
    this.skipBlank()
    const start = this.at
    let value = 0
    while (this.at < this.bytes.length && isDigit(this.bytes[this.at]!)) {
      value = value * 10 + this.bytes[this.at]! - 0x30
      this.at += 1
    }
    if (this.at > start) return value
    return this.fail(
      this.at >= this.bytes.length ? `truncated: it ends before ${name}` : `${name} is not a number`,
    )
  }

  /** What follows the one white space after the header. */
  raster(): Uint8Array {
    return this.bytes.subarray(this.at + 1)
  }

  private skipBlank(): void {
    for (; this.at < this.bytes.length; this.at += 1) {
      const byte = this.bytes[this.at]!
      if (byte === 0x23) {
        while (this.at < this.bytes.length && this.bytes[this.at] !== 0x0a) this.at += 1
      } else if (!isBlank(byte)) return
    }
  }
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)
}
