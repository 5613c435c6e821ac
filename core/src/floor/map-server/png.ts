import { decode, type DecodedPng } from 'fast-png'
import { isWardError, wardError } from '../../errors/index.ts'
import { RESAVE_REMEDY, checkImageSize, type MapImage } from './map-image.ts'

/**
 * Decodes a PNG of any colour type and depth to 8-bit grey, as ImageMagick's GrayscaleType does.
 *
 * @throws WardError WARD_ERR_PLAN_IMAGE.
 */
export function decodePng(path: string, bytes: Uint8Array): MapImage {
  try {
    const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    // The header comes first by the PNG specification, so that a size is judged before memory is taken.
    if (bytes.length >= 24) checkImageSize(path, header.getUint32(16), header.getUint32(20))
    return toGrey(decode(bytes, { checkCrc: true }))
  } catch (error) {
    if (isWardError(error)) throw error
    throw wardError('WARD_ERR_PLAN_IMAGE', {
      what: `not a whole PNG: ${error instanceof Error ? error.message : String(error)}`,
      where: path,
      remedy: RESAVE_REMEDY,
      cause: error,
    })
  }
}

function toGrey(png: DecodedPng): MapImage {
  const { width, height, palette, channels, depth } = png
  const samples = depth < 8 ? unpack(png) : png.data
  const highest = 2 ** depth - 1
  const to8 = (sample: number) => Math.round((sample * 255) / highest)
  const grey = new Uint8Array(width * height)
  const alpha = new Uint8Array(width * height).fill(255)
  for (let index = 0; index < grey.length; index += 1) {
    if (palette) {
      const [red = 0, green = 0, blue = 0, opacity = 255] = palette[samples[index]!] ?? []
      grey[index] = luma(red, green, blue)
      alpha[index] = opacity
      continue
    }
    const at = index * channels
    grey[index] =
      channels >= 3
        ? luma(to8(samples[at]!), to8(samples[at + 1]!), to8(samples[at + 2]!))
        : to8(samples[at]!)
    if (channels === 2 || channels === 4) alpha[index] = to8(samples[at + channels - 1]!)
    else if (isTransparentColour(png, samples, at)) alpha[index] = 0
  }
  return { width, height, grey, alpha: alpha.every((value) => value === 255) ? null : alpha }
}

/** ITU-R BT.709 luma, which ImageMagick's GrayscaleType uses (`MagickCore/pixel-accessor.h`). */
function luma(red: number, green: number, blue: number): number {
  return Math.round(0.212656 * red + 0.715158 * green + 0.072186 * blue)
}

/** Samples of 1, 2 or 4 bits, packed from the high bit on, each row in whole bytes. */
function unpack({ width, height, data, depth }: DecodedPng): Uint8Array {
  const bytesPerRow = Math.ceil((width * depth) / 8)
  const samples = new Uint8Array(width * height)
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const bit = column * depth
      const byte = data[row * bytesPerRow + (bit >> 3)]!
      samples[row * width + column] = (byte >> (8 - depth - (bit & 7))) & (2 ** depth - 1)
    }
  }
  return samples
}

/** A PNG without alpha may name one colour as transparent (`tRNS`). */
function isTransparentColour(
  { transparency, channels }: DecodedPng,
  samples: DecodedPng['data'],
  at: number,
): boolean {
  if (!transparency || transparency.length < channels) return false
  for (let channel = 0; channel < channels; channel += 1) {
    if (samples[at + channel] !== transparency[channel]) return false
  }
  return true
}
