import type { CellMap } from './cell-map.ts'

/** Widest passage that can be a doorway, metres: a double door for beds has about 1.6 to 1.8 m. */
const MAX_DOORWAY_M = 1.85
/** A doorway is at most this fraction as wide as the narrower of the two spaces that it joins… */
const MAX_WIDTH_RATIO = 0.8
/** … and by this much narrower, metres: less is a wall that is not straight. */
const MIN_NARROWING_M = 0.16

/**
 * Splits the open cells into basins that meet only at doorways: floods the clearance from its peaks
 * down (a watershed), and lets two basins grow together wherever the passage between them is too wide, or
 * too little narrower than they are, to be a doorway.
 *
 * @param clearance distance to the nearest obstacle in cells, 0 on obstacles.
 * @returns the basin of each open cell, from 1; 0 elsewhere.
 */
export function basinsOf(map: CellMap, clearance: Float32Array): Int32Array {
  const { width } = map
  const basin = new Int32Array(clearance.length)
  const peaks: number[] = [0]
  const parents: number[] = [0]
  const find = (label: number): number => {
    let root = label
    while (parents[root] !== root) root = parents[root]!
    while (parents[label] !== root) {
      const next = parents[label]!
      parents[label] = root
      label = next
    }
    return root
  }
  const steps = [-width, -1, 1, width, -width - 1, -width + 1, width - 1, width + 1]
  for (const index of byFallingClearance(clearance)) {
    const height = clearance[index]!
    let best = 0
    let bestHeight = -1
    for (const step of steps) {
      const neighbour = index + step
      const label = basin[neighbour]!
      if (label === 0) continue
      if (clearance[neighbour]! > bestHeight) {
        bestHeight = clearance[neighbour]!
        best = find(label)
      }
    }
    if (best === 0) {
      peaks.push(height)
      parents.push(parents.length)
      basin[index] = parents.length - 1
      continue
    }
    basin[index] = best
    for (const step of steps) {
      const label = basin[index + step]!
      if (label === 0) continue
      const other = find(label)
      best = find(best)
      if (other === best || isDoorway(map.sizeM, height, peaks[other]!, peaks[best]!)) continue
      const [kept, lost] = peaks[other]! > peaks[best]! ? [other, best] : [best, other]
      parents[lost] = kept
    }
  }
  for (let index = 0; index < basin.length; index += 1) basin[index] = find(basin[index]!)
  return basin
}

function isDoorway(sizeM: number, saddle: number, peakA: number, peakB: number): boolean {
  // Clearance runs from cell centre to cell centre, half a cell more than to the obstacle's face.
  const passageM = (2 * saddle - 1) * sizeM
  const spaceM = (2 * Math.min(peakA, peakB) - 1) * sizeM
  return (
    passageM <= MAX_DOORWAY_M && passageM <= MAX_WIDTH_RATIO * spaceM && spaceM - passageM >= MIN_NARROWING_M
  )
}

/** Open cells, highest clearance first, equal ones (to a quarter of a cell) in reading order. */
function byFallingClearance(clearance: Float32Array): Int32Array {
  let highest = 0
  for (const value of clearance) if (value < Infinity) highest = Math.max(highest, value)
  const levels = Math.ceil(highest * 4) + 1
  const starts = new Int32Array(levels + 1)
  const levelOf = (value: number) => levels - 1 - Math.min(levels - 1, Math.round(value * 4))
  let open = 0
  for (const value of clearance) {
    if (value === 0) continue
    starts[levelOf(value) + 1]! += 1
    open += 1
  }
  for (let level = 0; level < levels; level += 1) starts[level + 1]! += starts[level]!
  const order = new Int32Array(open)
  for (let index = 0; index < clearance.length; index += 1) {
    const value = clearance[index]!
    if (value === 0) continue
    const level = levelOf(value)
    order[starts[level]!] = index
    starts[level]! += 1
  }
  return order
}
