import type { Point2, Segment2 } from '../geometry/types.ts'
import type { Surface } from './types.ts'

/** A rectangle of a vertical face, seen from the side that is to be disinfected. */
export interface Panel extends Segment2 {
  readonly faceId: string
  readonly label: string
  /** Unit, towards the viewer. */
  readonly normal: Point2
  readonly zMinM: number
  readonly zMaxM: number
  /** Whether a tile of it whose middle is so high is touched most. */
  readonly isHighTouchAt?: (zM: number) => boolean
}

/**
 * Equal tiles of at most `surfaceSizeM`, column by column from `a`, upwards.
 *
 * @param columns how many columns each face has so far (a face may consist of several panels); brought up to date
 */
export function panelTiles(panel: Panel, surfaceSizeM: number, columns: Map<string, number>): Surface[] {
  const { a, b, faceId, label, normal, zMinM, zMaxM } = panel
  const lengthM = Math.hypot(b.x - a.x, b.y - a.y)
  const across = tileCount(lengthM, surfaceSizeM)
  const up = tileCount(zMaxM - zMinM, surfaceSizeM)
  const width = lengthM / across
  const height = (zMaxM - zMinM) / up
  const firstColumn = columns.get(faceId) ?? 0
  columns.set(faceId, firstColumn + across)
  const tiles: Surface[] = []
  for (let column = 0; column < across; column += 1) {
    const along = (column + 0.5) / across
    for (let row = 0; row < up; row += 1) {
      const z = zMinM + (row + 0.5) * height
      tiles.push({
        id: `${faceId}.${firstColumn + column}.${row}`,
        faceId,
        label,
        centre: {
          x: a.x + along * (b.x - a.x),
          y: a.y + along * (b.y - a.y),
          z,
        },
        normal: { x: normal.x, y: normal.y, z: 0 },
        areaM2: width * height,
        isHighTouch: panel.isHighTouchAt?.(z) ?? false,
        sizeM: [width, height],
      })
    }
  }
  return tiles
}

/** How many equal pieces of at most `surfaceSizeM` a length is cut into. */
export function tileCount(lengthM: number, surfaceSizeM: number): number {
  return Math.max(1, Math.ceil(lengthM / surfaceSizeM - 1e-9))
}
