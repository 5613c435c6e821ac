import type { LampModel, RoomModel, Surface } from '@wardlight/core/disinfection'
import { polygonEdges, type Point2 } from '@wardlight/core/geometry'

/**
 * The obvious way to the light on surfaces: every tube as points, every sight line against every side of every
 * obstacle and every wall, in three dimensions.
 *
 * @returns µW/cm² by surface, with the lamp at `at`, heading 0
 */
export function naiveField(
  surfaces: readonly Surface[],
  room: RoomModel,
  lamp: LampModel,
  at: Point2,
  points: number,
): Float64Array {
  const walls = polygonEdges(room.polygon)
  return Float64Array.from(surfaces, ({ centre, normal }) => {
    let sum = 0
    for (const tube of lamp.tubes) {
      const x = at.x + tube.x
      const y = at.y + tube.y
      for (let point = 0; point < points; point += 1) {
        const z = tube.zBottomM + ((point + 0.5) / points) * (tube.zTopM - tube.zBottomM)
        const dx = x - centre.x
        const dy = y - centre.y
        const dz = z - centre.z
        const r = Math.hypot(dx, dy, dz)
        const cosine = (dx * normal.x + dy * normal.y + dz * normal.z) / r
        if (cosine <= 0) continue
        const isHidden =
          room.obstacles.some(({ footprint, zMinM, zMaxM }) => {
            let enter = 0
            let leave = 1
            const keep = (outside: number, growth: number) => {
              if (growth < 0) enter = Math.max(enter, -outside / growth)
              else if (growth > 0) leave = Math.min(leave, -outside / growth)
              else if (outside > 0) leave = -1
            }
            for (const { a, b } of polygonEdges(footprint)) {
              keep(
                (centre.x - a.x) * (b.y - a.y) - (centre.y - a.y) * (b.x - a.x),
                dx * (b.y - a.y) - dy * (b.x - a.x),
              )
            }
            keep(zMinM - centre.z, -dz)
            keep(centre.z - zMaxM, dz)
            return leave - enter > 1e-6
          }) ||
          walls.some(({ a, b }) => {
            const ex = b.x - a.x
            const ey = b.y - a.y
            const across = dx * ey - dy * ex
            const along = ((a.x - centre.x) * ey - (a.y - centre.y) * ex) / across
            const onWall = ((a.x - centre.x) * dy - (a.y - centre.y) * dx) / across
            return along > 1e-6 && along < 1 - 1e-6 && onWall > 0 && onWall < 1
          })
        if (isHidden) continue
        const watts = (tube.radiantPowerW * lamp.outputFraction) / points
        sum += (100 * watts * (Math.hypot(dx, dy) / r) * cosine) / (Math.PI * Math.PI * r * r)
      }
    }
    return sum
  })
}
