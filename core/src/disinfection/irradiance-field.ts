import { isInsidePolygon } from '../geometry/polygon.ts'
import type { Pose2 } from '../geometry/types.ts'
import { lineSourceFactor, MICROWATTS_PER_CM2 } from './line-source.ts'
import { shadowCasterOf } from './shadows.ts'
import type { LampModel, RoomModel, Surface } from './types.ts'

export interface IrradianceField {
  /**
   * Irradiance at the centre of each surface in µW/cm², in the surfaces' order, with the robot that
   * carries the lamp at `pose` (map frame). Direct light only: nothing counts on reflection.
   */
  at(pose: Pose2): Float64Array
}

/** Closer to a tube's axis than this there is no surface, metres. */
const NEAREST_M = 1e-6

/**
 * Light of a lamp on surfaces of a room: every tube a Lambertian line source in closed form, with
 * exact shadows of the obstacles (upright prisms) and of the room's own walls. Tubes do not shade one
 * another. A tube outside the room gives no light.
 */
export function createIrradianceField(
  surfaces: readonly Surface[],
  room: RoomModel,
  lamp: LampModel,
): IrradianceField {
  const count = surfaces.length
  const place = new Float64Array(count * 6)
  surfaces.forEach(({ centre, normal }, index) => {
    place.set([centre.x, centre.y, centre.z, normal.x, normal.y, normal.z], index * 6)
  })
  const shadows = shadowCasterOf(surfaces, room, lamp)
  const tubes = lamp.tubes.map((tube) => ({
    ...tube,
    // Radiant power per metre, so that the factor gives µW/cm².
    scale: (MICROWATTS_PER_CM2 * tube.radiantPowerW * lamp.outputFraction) / (tube.zTopM - tube.zBottomM),
  }))

  return {
    at(pose) {
      const result = new Float64Array(count)
      const cos = Math.cos(pose.theta)
      const sin = Math.sin(pose.theta)
      for (const tube of tubes) {
        const x = pose.x + cos * tube.x - sin * tube.y
        const y = pose.y + sin * tube.x + cos * tube.y
        if (!isInsidePolygon({ x, y }, room.polygon)) continue
        for (let index = 0; index < count; index += 1) {
          const base = index * 6
          const dx = x - place[base]!
          const dy = y - place[base + 1]!
          const z = place[base + 2]!
          const c = place[base + 5]!
          const d = Math.sqrt(dx * dx + dy * dy)
          if (d < NEAREST_M) continue
          const a = (dx * place[base + 3]! + dy * place[base + 4]!) / d
          // Only what lies in front of the surface's plane counts: a d + c h > 0.
          let low = tube.zBottomM - z
          let high = tube.zTopM - z
          if (c > 0) low = Math.max(low, (-a * d) / c)
          else if (c < 0) high = Math.min(high, (-a * d) / c)
          else if (a <= 0) continue
          if (low >= high) continue

          const lit = shadows.litParts(index, dx, dy, low, high)
          let factor = 0
          for (let part = 0; part < lit; part += 1) {
            factor += lineSourceFactor(d, a, c, shadows.parts[2 * part]!, shadows.parts[2 * part + 1]!)
          }
          result[index]! += tube.scale * factor
        }
      }
      return result
    },
  }
}
