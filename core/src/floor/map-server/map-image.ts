import { wardError } from '../../errors/index.ts'

/** An image as `map_io.cpp` sees it: 8-bit grey and alpha, row 0 at the top. */
export interface MapImage {
  readonly width: number
  readonly height: number
  readonly grey: Uint8Array
  /** `null` when the file has no transparency. */
  readonly alpha: Uint8Array | null
}

export const RESAVE_REMEDY = 'Save the map again, or copy the image once more.'

/** 64 million cells: 400 m by 400 m at 5 cm. More than that is a broken header, or no floor of one building. */
const MAX_CELLS = 64_000_000

/** @throws WardError when a map of that size cannot be meant. */
export function checkImageSize(path: string, width: number, height: number): void {
  if (!(width > 0 && height > 0 && width * height <= MAX_CELLS)) {
    throw wardError('WARD_ERR_PLAN_IMAGE', {
      what: `the image is ${width} × ${height} pixels; a map has 1 to ${MAX_CELLS}`,
      where: path,
      remedy: 'Check the image header; crop the map, or save it at a coarser resolution.',
    })
  }
}
