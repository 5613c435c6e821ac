import { wardError } from '../../errors/index.ts'
import { RESAVE_REMEDY, type MapImage } from './map-image.ts'
import { decodePgm } from './pgm.ts'
import { decodePng } from './png.ts'

const PNG_MAGIC = [0x89, 0x50, 0x4e, 0x47]

/**
 * Decodes a map image, told by its first bytes: PGM (P2, P5) or PNG.
 *
 * @throws WardError WARD_ERR_PLAN_IMAGE naming file, place and remedy.
 */
export function decodeMapImage(path: string, bytes: Uint8Array): MapImage {
  if (bytes.length === 0) {
    throw wardError('WARD_ERR_PLAN_IMAGE', { what: 'the image is empty', where: path, remedy: RESAVE_REMEDY })
  }
  if (PNG_MAGIC.every((byte, index) => bytes[index] === byte)) return decodePng(path, bytes)
  if (bytes[0] === 0x50 && (bytes[1] === 0x32 || bytes[1] === 0x35)) return decodePgm(path, bytes)
  const magic = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join(' ')
  throw wardError('WARD_ERR_PLAN_IMAGE', {
    what: `neither PGM (P2, P5) nor PNG: it begins with the bytes ${magic}`,
    where: path,
    remedy: 'Convert the map image to PGM or PNG.',
  })
}
