import {
  createIrradianceField,
  type LampModel,
  type Surface,
  type TreatmentPlan,
} from '@wardlight/core/disinfection'
import { boundsOf, isInsidePolygon, type Bounds2, type Point2 } from '@wardlight/core/geometry'

/** Cells are no finer than this, and no more than `MOST_CELLS`: what a screen shows. */
const FINEST_CELL_M = 0.04
const MOST_CELLS = 12_000

export interface DoseRaster {
  readonly bounds: Bounds2
  readonly cellM: number
  readonly columns: number
  readonly rows: number
  /** mJ/cm², row-major from the lower left; `NaN` outside of the room and inside of furniture. */
  readonly doses: Float64Array
}

/**
 * What the stops of a plan give at a height above the floor, on a small upright surface that is turned to
 * each stop in its turn: the light in the room, whatever way the things in it face.
 */
export function doseAtHeight({ room, stops }: TreatmentPlan, lamp: LampModel, heightM: number): DoseRaster {
  const bounds = boundsOf(room.polygon)
  const width = bounds.maxX - bounds.minX
  const depth = bounds.maxY - bounds.minY
  const cellM = Math.max(FINEST_CELL_M, Math.sqrt((width * depth) / MOST_CELLS))
  const columns = Math.ceil(width / cellM)
  const rows = Math.ceil(depth / cellM)
  const inTheWay = room.obstacles.filter(({ zMinM, zMaxM }) => zMinM <= heightM && heightM < zMaxM)
  const open: { readonly index: number; readonly at: Point2 }[] = []
  for (let index = 0; index < columns * rows; index += 1) {
    const at = {
      x: bounds.minX + ((index % columns) + 0.5) * cellM,
      y: bounds.minY + (Math.floor(index / columns) + 0.5) * cellM,
    }
    if (!isInsidePolygon(at, room.polygon)) continue
    if (inTheWay.some(({ footprint }) => isInsidePolygon(at, footprint))) continue
    open.push({ index, at })
  }
  const doses = new Float64Array(columns * rows).fill(Number.NaN)
  for (const { index } of open) doses[index] = 0
  for (const stop of stops) {
    const surfaces = open.map(({ at }) => turnedTo(stop, at, heightM))
    createIrradianceField(surfaces, room, lamp)
      .at(stop)
      .forEach((microwattsPerCm2, order) => {
        doses[open[order]!.index]! += (microwattsPerCm2 * stop.dwellS) / 1000
      })
  }
  return { bounds, cellM, columns, rows, doses }
}

function turnedTo(stop: Point2, { x, y }: Point2, z: number): Surface {
  const away = Math.max(1e-6, Math.hypot(stop.x - x, stop.y - y))
  return {
    id: '',
    faceId: '',
    label: '',
    centre: { x, y, z },
    normal: { x: (stop.x - x) / away, y: (stop.y - y) / away, z: 0 },
    areaM2: 0,
    isHighTouch: false,
    sizeM: [0, 0],
  }
}
