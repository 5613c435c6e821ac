import { distanceToSegment } from '@wardlight/core/geometry'
import type { KnownMap } from './known-map.ts'
import type { ScanPoint } from './scan-points.ts'

/** A beam that came back from nothing, or from somebody's leg before it, parts no door. */
const NEXT_BEAMS = 3
/** Two hits of a flat door are out by a lidar's noise, and a door by its handle. Proposed. */
const FLAT_M = 0.12

/**
 * Which of the hits that a map does not explain are on doors that are shut, or on their way, and open on the map: from near a
 * wide one little else is seen.
 *
 * @param strange in the order of their beams
 */
export function onDoorLeaves(map: KnownMap, strange: readonly ScanPoint[]): ScanPoint[] {
  return runsOf(strange)
    .filter((run) => isStraight(run) && map.isDoorLeaf(run[0]!, run.at(-1)!))
    .flat()
}

/** Hits of beams side by side. Where a scan begins and ends two runs may be one; a door has two halves then. */
function runsOf(points: readonly ScanPoint[]): ScanPoint[][] {
  const runs: ScanPoint[][] = []
  for (const point of points) {
    const last = runs.at(-1)?.at(-1)
    if (last !== undefined && point.beam - last.beam <= NEXT_BEAMS) runs.at(-1)!.push(point)
    else runs.push([point])
  }
  return runs
}

function isStraight(run: readonly ScanPoint[]): boolean {
  const line = { a: run[0]!, b: run.at(-1)! }
  return run.every((point) => distanceToSegment(point, line) <= FLAT_M)
}
