import { levelGrid, type Level } from '@wardlight/core/floor'
import { cellAt, distanceField, isInGrid, type Point2 } from '@wardlight/core/geometry'

const RESOLUTION_M = 0.05
/** What stands or hangs up to here is in a robot's way. */
const ROBOT_HEIGHT_M = 2
/** Localisation and the map's cells: with less beside it a robot's own navigation refuses a goal, metres. */
const SPARE_M = 0.05

/**
 * Says of points of a level whether a robot can stand there. Lanes that somebody drew, and straight lines between
 * places, lead through gaps that a robot passes on its own way and cannot be sent to.
 */
export function standable(level: Level, radiusM: number): (point: Point2) => boolean {
  const grid = levelGrid(level, {
    resolutionM: RESOLUTION_M,
    fromHeightM: 0,
    toHeightM: ROBOT_HEIGHT_M,
    includeGlass: true,
  })
  const clearances = distanceField(grid)
  return (point) => {
    const cell = cellAt(grid, point)
    return isInGrid(grid, cell) && clearances[cell.row * grid.width + cell.column]! >= radiusM + SPARE_M
  }
}
