import { shadowCasterOf } from './shadows.ts'
import { isOutsideRoom } from './surfaces.ts'
import type { IrradianceField } from './irradiance-field.ts'
import type { RoomModel, Surface } from './types.ts'

/**
 * Direct irradiance on each surface → irradiance with what the surfaces throw to one another, in the same order and
 * unit. Never less than the direct one; linear and monotone in it.
 */
export type Reflector = (direct: Float64Array) => Float64Array

/** No paint throws back more UV-C; aluminium that is made to do so comes near it (Kowalski 2009, UVGI handbook). */
export const MOST_REFLECTANCE = 0.9

/** Bounces are followed until one adds less than this share of the brightest surface's light. */
const NEGLIGIBLE_SHARE = 1e-4

/** Half of the height within which a sight line's end is looked for, metres. */
const POINT_M = 1e-6

/**
 * What a room's surfaces throw back, as diffuse radiosity (Goral et al. 1984): every surface is grey, matt, and throws
 * back the same share. Between two centres goes what a disc of the sender's area gives (Wallace et al. 1989), when no
 * furniture and no wall stands on the straight line between them.
 *
 * Only the listed surfaces throw back: ceiling, floor unless it is treated, and undersides count as black. No surface gets more
 * than all of its surroundings can send, and bounces that are not followed are missing: both err to the dark side.
 *
 * Memory: four bytes for each pair of surfaces.
 *
 * @param reflectance 0 to `MOST_REFLECTANCE`, at 254 nm
 */
export function createReflector(
  surfaces: readonly Surface[],
  room: RoomModel,
  reflectance: number,
): Reflector {
  if (reflectance === 0) return (direct) => direct
  const count = surfaces.length
  const factors = exchangeFactors(surfaces, room)
  return (direct) => {
    const total = direct.slice()
    let added = direct
    const brightest = direct.reduce((most, one) => Math.max(most, one), 0)
    for (;;) {
      const next = new Float64Array(count)
      let most = 0
      for (let to = 0; to < count; to += 1) {
        const row = to * count
        let sum = 0
        for (let from = 0; from < count; from += 1) sum += factors[row + from]! * added[from]!
        next[to] = reflectance * sum
        most = Math.max(most, next[to]!)
        total[to]! += next[to]!
      }
      if (most <= NEGLIGIBLE_SHARE * brightest) return total
      added = next
    }
  }
}

/** The field with what the surfaces throw back. */
export function withReflection(field: IrradianceField, reflect: Reflector): IrradianceField {
  return { at: (pose) => reflect(field.at(pose)) }
}

/** By receiver and sender: what share of a matt sender's radiosity arrives as irradiance. No row exceeds 1. */
function exchangeFactors(surfaces: readonly Surface[], room: RoomModel): Float32Array {
  const count = surfaces.length
  const kernels = new Float32Array(count * count)
  const anyHeight = { x: 0, y: 0, zBottomM: 0, zTopM: room.heightM, radiantPowerW: 1 }
  const shadows = shadowCasterOf(surfaces, room, { name: 'point', outputFraction: 1, tubes: [anyHeight] })
  const isInside = surfaces.map((surface) => !isOutsideRoom(surface, room))
  const received = new Float64Array(count)
  for (let one = 0; one < count; one += 1) {
    if (!isInside[one]!) continue
    const a = surfaces[one]!
    for (let other = one + 1; other < count; other += 1) {
      if (!isInside[other]!) continue
      const b = surfaces[other]!
      const dx = b.centre.x - a.centre.x
      const dy = b.centre.y - a.centre.y
      const dz = b.centre.z - a.centre.z
      const ofA = dx * a.normal.x + dy * a.normal.y + dz * a.normal.z
      const ofB = -(dx * b.normal.x + dy * b.normal.y + dz * b.normal.z)
      if (ofA <= 0 || ofB <= 0) continue
      shadows.aim(one, dx, dy, POINT_M)
      if (shadows.litParts(dx, dy, dz - POINT_M, dz + POINT_M) === 0) continue
      const squared = dx * dx + dy * dy + dz * dz
      // The larger disc for both, so that what one gives the other is what it would get from it.
      const kernel = (ofA * ofB) / squared / (Math.PI * squared + Math.max(a.areaM2, b.areaM2))
      kernels[one * count + other] = kernel
      kernels[other * count + one] = kernel
      received[one]! += kernel * b.areaM2
      received[other]! += kernel * a.areaM2
    }
  }
  for (let to = 0; to < count; to += 1) {
    for (let from = 0; from < count; from += 1) {
      // In narrow corners discs give more than there is. The same divisor both ways keeps the exchange even.
      kernels[to * count + from]! *= surfaces[from]!.areaM2 / Math.max(1, received[to]!, received[from]!)
    }
  }
  return kernels
}
