import { FREE, OCCUPIED, UNKNOWN, type OccupancyGrid } from '../../geometry/index.ts'
import type { MapDescription } from './map-description.ts'
import type { MapImage } from './map-image.ts'

/**
 * The grid that nav2 would serve for this map, value for value: `loadMapFromFile` of
 * `nav2_map_server/src/map_io.cpp`, which computes in single precision, marks every cell that is not
 * wholly opaque unknown (but not in raw mode), and does not negate in raw mode.
 */
export function occupancyOf(image: MapImage, description: MapDescription): OccupancyGrid {
  const { width, height, grey, alpha } = image
  const values = valueOfGrey(description)
  const data = new Int8Array(width * height)
  for (let row = 0; row < height; row += 1) {
    // The image begins at the top, the grid at the bottom.
    const from = (height - 1 - row) * width
    for (let column = 0; column < width; column += 1) {
      const isClear = description.mode !== 'raw' && alpha !== null && alpha[from + column]! < 255
      data[row * width + column] = isClear ? UNKNOWN : values[grey[from + column]!]!
    }
  }
  return { width, height, resolutionM: description.resolutionM, origin: description.origin, data }
}

/** What each of the 256 greys means in the map's mode. */
function valueOfGrey({ mode, negate, freeThreshold, occupiedThreshold }: MapDescription): Int8Array {
  const free = Math.fround(freeThreshold)
  const occupied = Math.fround(occupiedThreshold)
  return Int8Array.from({ length: 256 }, (_, grey) => {
    if (mode === 'raw') return grey <= OCCUPIED ? grey : UNKNOWN
    const occupancy = occupancyOfGrey(grey, negate)
    if (occupancy <= free) return FREE
    if (occupancy >= occupied) return OCCUPIED
    if (mode === 'trinary') return UNKNOWN
    return Math.round(((occupancy - free) / (occupied - free)) * 100)
  })
}

function occupancyOfGrey(grey: number, negate: boolean): number {
  const shade = Math.fround(grey / 255)
  return negate ? shade : Math.fround(1 - shade)
}

/** The grey that map_saver writes for a cell it never saw. */
const SAVED_UNKNOWN_GREY = 205

/**
 * The cells that the map's maker never saw although the map's thresholds call them free: map_saver
 * writes 205 for unknown, and a `free_thresh` from 0.1961 up (nav2's own default is 0.25) reads it as
 * free. `null` when there are none: 205 counts only as a grey of its own, not as part of a gradient.
 */
export function unseenThoughFree(image: MapImage, description: MapDescription): Uint8Array | null {
  const unseenGrey = description.negate ? 255 - SAVED_UNKNOWN_GREY : SAVED_UNKNOWN_GREY
  if (description.mode === 'raw' || valueOfGrey(description)[unseenGrey] === UNKNOWN) return null
  const { width, height, grey } = image
  const counts = new Uint32Array(256)
  for (const value of grey) counts[value]! += 1
  const beside = Math.max(...[-3, -2, -1, 1, 2, 3].map((step) => counts[unseenGrey + step]!))
  if (counts[unseenGrey]! < 0.002 * grey.length || counts[unseenGrey]! < 20 * beside) return null
  const unseen = new Uint8Array(width * height)
  for (let row = 0; row < height; row += 1) {
    const from = (height - 1 - row) * width
    for (let column = 0; column < width; column += 1) {
      unseen[row * width + column] = grey[from + column] === unseenGrey ? 1 : 0
    }
  }
  return unseen
}
