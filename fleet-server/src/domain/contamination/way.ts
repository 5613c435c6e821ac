import { roomAt, type Level } from '@wardlight/core/floor'
import { distance, type Point2 } from '@wardlight/core/geometry'

/** Points of a way that are looked up; no room is narrower. */
const STEP_M = 0.25

/** The rooms that a way leads into, in order, without the one that it begins in. */
export function roomsOnWay(level: Level, way: readonly Point2[]): string[] {
  const found: string[] = []
  const first = way[0] === undefined ? null : (roomAt(level, way[0])?.id ?? null)
  let last = first
  for (let index = 1; index < way.length; index += 1) {
    const [a, b] = [way[index - 1]!, way[index]!]
    const steps = Math.max(1, Math.ceil(distance(a, b) / STEP_M))
    for (let step = 1; step <= steps; step += 1) {
      const share = step / steps
      const id = roomAt(level, { x: a.x + share * (b.x - a.x), y: a.y + share * (b.y - a.y) })?.id ?? null
      if (id !== null && id !== last) found.push(id)
      if (id !== null) last = id
    }
  }
  return found
}
