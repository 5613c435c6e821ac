import type { Surface } from '@wardlight/core/disinfection'
import { rectangle } from '@wardlight/core/geometry'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ONE_TUBE } from '../testing/test-world.ts'
import { irradianceOn, type LightBlockers } from './light.ts'

const NOTHING: LightBlockers = { walls: [], prisms: [], cylinders: [] }
/** x 2.8 to 3.4, y 2.5 to 3.5, z 0 to 0.7. */
const BOX = { footprint: rectangle({ x: 3.1, y: 3 }, 0.6, 1), zMinM: 0, zMaxM: 0.7 }
const LAMP_POSE = { x: 2, y: 3, theta: 0 }

function facingAxis(x: number, y: number, z: number): Surface {
  const length = Math.hypot(x - LAMP_POSE.x, y - LAMP_POSE.y)
  const normal = { x: (LAMP_POSE.x - x) / length, y: (LAMP_POSE.y - y) / length, z: 0 }
  return {
    id: 's',
    faceId: 's',
    label: 's',
    centre: { x, y, z },
    normal,
    areaM2: 0.01,
    isHighTouch: false,
    sizeM: [0.1, 0.1],
  }
}

function at(surface: Surface, blockers: LightBlockers): number {
  return irradianceOn([surface], ONE_TUBE, LAMP_POSE, [1], blockers)[0]!
}

describe('irradianceOn', () => {
  // Computed apart from this code; guv-calcs 0.7.1 agrees within 2e-4 without the box.
  it.each([
    [2.5, 3, 0.9, 923.96, 923.96],
    [3, 3, 0.9, 331.52, 331.52],
    [4, 3, 0.9, 95.7, 75.5],
    [5, 3, 0.9, 43.87, 32.1],
    [4, 3, 0.2, 78.82, 0],
    [4, 4, 1.5, 68.66, 68.66],
    [6, 5, 0.9, 20.03, 14.23],
  ])('gives the test vector at (%f, %f, %f)', (x, y, z, open, withBox) => {
    const surface = facingAxis(x, y, z)
    expect(at(surface, NOTHING) / open).toBeCloseTo(1, 2)
    const shaded = at(surface, { ...NOTHING, prisms: [BOX] })
    if (withBox === 0) expect(shaded).toBe(0)
    // The shadow's edge falls on one of 24 samples, and the ray ends 1 cm before the surface.
    else expect(Math.abs(shaded - withBox) / withBox).toBeLessThan(0.04)
  })

  it('follows the Keitz formula within 1 % wherever the receiver faces the middle of the tube', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.2, max: 8, noNaN: true }), (d) => {
        const alpha = Math.atan(0.6 / d)
        const keitz = (40 * (2 * alpha + Math.sin(2 * alpha))) / (2 * Math.PI ** 2 * d * 1.2)
        expect(at(facingAxis(LAMP_POSE.x + d, 3, 0.9), NOTHING) / (keitz * 100)).toBeCloseTo(1, 2)
      }),
    )
  })

  it('is stopped by a wall, glass or not, and by a person as high as they are', () => {
    const surface = facingAxis(4, 3, 0.9)
    expect(at(surface, { ...NOTHING, walls: [{ a: { x: 3, y: 2 }, b: { x: 3, y: 4 } }] })).toBe(0)
    const person = { x: 3, y: 3, radiusM: 0.25, zMaxM: 1.75 }
    expect(at(surface, { ...NOTHING, cylinders: [person] })).toBe(0)
    expect(at(surface, { ...NOTHING, cylinders: [{ ...person, y: 3.3 }] })).toBeGreaterThan(90)
  })

  it('leaves a surface that faces away dark', () => {
    const surface = facingAxis(4, 3, 0.9)
    expect(at({ ...surface, normal: { x: 1, y: 0, z: 0 } }, NOTHING)).toBe(0)
  })

  it('never grows when something is put in the way', () => {
    fc.assert(
      fc.property(
        fc.record({
          x: fc.double({ min: 2.6, max: 7, noNaN: true }),
          y: fc.double({ min: 0, max: 6, noNaN: true }),
          z: fc.double({ min: 0, max: 2.5, noNaN: true }),
          top: fc.double({ min: 0.1, max: 2, noNaN: true }),
        }),
        ({ x, y, z, top }) => {
          const surface = facingAxis(x, y, z)
          const shaded = at(surface, { ...NOTHING, prisms: [{ ...BOX, zMaxM: top }] })
          expect(shaded).toBeLessThanOrEqual(at(surface, NOTHING) + 1e-9)
        },
      ),
    )
  })
})
