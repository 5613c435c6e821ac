import type { Point2 } from '../geometry/types.ts'

const DIRECTIONS = [
  'east',
  'north-east',
  'north',
  'north-west',
  'west',
  'south-west',
  'south',
  'south-east',
] as const

/** The nearest of eight directions, on a map whose y axis points north. */
export function compassDirection({ x, y }: Point2): string {
  const eighth = Math.round((4 * Math.atan2(y, x)) / Math.PI)
  return DIRECTIONS[(eighth + 8) % 8]!
}
