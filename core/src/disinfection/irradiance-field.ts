import { isInsidePolygon } from '../geometry/polygon.ts'
import type { Pose2 } from '../geometry/types.ts'
import { lineSourceFactor, MICROWATTS_PER_CM2 } from './line-source.ts'
import { shadowCasterOf } from './shadows.ts'
import { tubeOutput } from './lamp.ts'
import { correctionAt } from './lamp-curve.ts'
import { isOutsideRoom } from './surfaces.ts'
import type { LampModel, RoomModel, Surface } from './types.ts'

export interface IrradianceField {
  /**
   * Irradiance at the centre of each surface in µW/cm², in the surfaces' order, with the robot that
   * carries the lamp at `pose` (map frame). Direct light only: see `reflection.ts` for more.
   */
  at(pose: Pose2): Float64Array
}

/** Closer to a tube's axis than this there is no surface, metres. */
const NEAREST_M = 1e-6

/** x, y, bottom, top, µW/cm² per factor. */
const TUBE_FIELDS = 5

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
  // The walls of a convex room are not among what casts shadows: beyond them it is dark all the same.
  const isBeyond = Uint8Array.from(surfaces, (surface) => (isOutsideRoom(surface, room) ? 1 : 0))
  const shadows = shadowCasterOf(surfaces, room, lamp)
  const corrections = lamp.distanceCorrections
  const spreadM = Math.max(0, ...lamp.tubes.map((tube) => Math.hypot(tube.x, tube.y))) + NEAREST_M

  return {
    at(pose) {
      const result = new Float64Array(count)
      const cos = Math.cos(pose.theta)
      const sin = Math.sin(pose.theta)
      const tubes = Float64Array.from(
        lamp.tubes
          .map((tube) => ({
            ...tube,
            x: pose.x + cos * tube.x - sin * tube.y,
            y: pose.y + sin * tube.x + cos * tube.y,
          }))
          .filter((tube) => isInsidePolygon(tube, room.polygon))
          .flatMap((tube) => [
            tube.x,
            tube.y,
            tube.zBottomM,
            tube.zTopM,
            // Radiant power per metre, so that the factor gives µW/cm².
            (MICROWATTS_PER_CM2 * tube.radiantPowerW * tubeOutput(lamp, tube)) / (tube.zTopM - tube.zBottomM),
          ]),
      )
      for (let index = 0; index < count; index += 1) {
        if (isBeyond[index] === 1) continue
        const base = index * 6
        const x = place[base]!
        const y = place[base + 1]!
        const z = place[base + 2]!
        const nx = place[base + 3]!
        const ny = place[base + 4]!
        const c = place[base + 5]!
        // A vertical surface sees nothing of a lamp that is wholly behind it.
        if (c === 0 && (pose.x - x) * nx + (pose.y - y) * ny <= -spreadM) continue
        shadows.aim(index, pose.x - x, pose.y - y, spreadM)
        let irradiance = 0
        for (let tube = 0; tube < tubes.length; tube += TUBE_FIELDS) {
          const dx = tubes[tube]! - x
          const dy = tubes[tube + 1]! - y
          const d = Math.sqrt(dx * dx + dy * dy)
          if (d < NEAREST_M) continue
          const a = (dx * nx + dy * ny) / d
          // Only what lies in front of the surface's plane counts: a d + c h > 0.
          let low = tubes[tube + 2]! - z
          let high = tubes[tube + 3]! - z
          if (c > 0) low = Math.max(low, (-a * d) / c)
          else if (c < 0) high = Math.min(high, (-a * d) / c)
          else if (a <= 0) continue
          if (low >= high) continue
          const parts = shadows.litParts(dx, dy, low, high)
          for (let part = 0; part < parts; part += 1) {
            irradiance +=
              tubes[tube + 4]! *
              lineSourceFactor(d, a, c, shadows.parts[2 * part]!, shadows.parts[2 * part + 1]!)
          }
        }
        result[index] =
          corrections === undefined
            ? irradiance
            : irradiance * correctionAt(corrections, Math.hypot(pose.x - x, pose.y - y))
      }
      return result
    },
  }
}
