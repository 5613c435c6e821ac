import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createIrradianceField } from './irradiance-field.ts'
import { DEFAULT_LAMP } from './lamp.ts'
import { createReflector, MOST_REFLECTANCE, withReflection } from './reflection.ts'
import { surfacesOf } from './surfaces.ts'
import { block, boxRoom, patientRoom, spot } from './testing/rooms.ts'
import type { Surface } from './types.ts'

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true })
const room = patientRoom()
const surfaces = surfacesOf(room, 0.5)
const direct = createIrradianceField(surfaces, room, DEFAULT_LAMP).at({ x: 2.6, y: 2.5, theta: 0 })
const areas = surfaces.map(({ areaM2 }) => areaM2)
const powerOf = (light: Float64Array) => light.reduce((sum, one, index) => sum + one * areas[index]!, 0)

describe('light that surfaces throw back', () => {
  it('is none without reflectance', () => {
    expect(createReflector(surfaces, room, 0)(direct)).toEqual(direct)
  })

  it('only adds, adds more the more they reflect, and never more than a hall of mirrors could', () => {
    fc.assert(
      fc.property(number(0.01, MOST_REFLECTANCE), number(0, 1), (reflectance, share) => {
        const more = createReflector(surfaces, room, reflectance)(direct)
        const less = createReflector(surfaces, room, reflectance * share)(direct)
        const brightest = Math.max(...direct)
        more.forEach((light, index) => {
          expect(light).toBeGreaterThanOrEqual(direct[index]!)
          expect(light).toBeGreaterThanOrEqual(less[index]! - 3e-4 * brightest)
        })
        expect(Math.max(...more)).toBeLessThanOrEqual(brightest / (1 - reflectance))
        // Each bounce keeps at most `reflectance` of the power.
        expect(powerOf(more)).toBeLessThanOrEqual((powerOf(direct) / (1 - reflectance)) * (1 + 1e-5))
        expect(powerOf(more)).toBeGreaterThan(powerOf(direct))
      }),
      { numRuns: 15 },
    )
  })

  it('is linear: twice the light gives twice, and two lamps give what each gives', () => {
    const reflect = createReflector(surfaces, room, 0.3)
    const other = createIrradianceField(surfaces, room, DEFAULT_LAMP).at({ x: 3, y: 1.5, theta: 0 })
    const both = reflect(direct.map((light, index) => light + 2 * other[index]!))
    const [one, two] = [reflect(direct), reflect(other)]
    const brightest = Math.max(...both)
    both.forEach((light, index) => {
      expect(Math.abs(light - one[index]! - 2 * two[index]!)).toBeLessThan(1e-3 * brightest)
    })
  })

  it('goes between two facing patches as the form factor of discs says', () => {
    const patch = (x: number, nx: number): Surface => ({
      ...spot({ x, y: 2, z: 1 }, { x: nx, y: 0, z: 0 }),
      areaM2: 0.04,
      sizeM: [0.2, 0.2],
    })
    fc.assert(
      fc.property(number(0.3, 3), number(0.05, 0.9), (apartM, reflectance) => {
        const pair = [patch(0.5, 1), patch(0.5 + apartM, -1)]
        const [, there] = createReflector(pair, boxRoom(4, 4), reflectance)(Float64Array.of(100, 0))
        const once = (100 * reflectance * 0.04) / (Math.PI * apartM ** 2 + 0.04)
        expect(there).toBeGreaterThanOrEqual(once * (1 - 1e-6))
        // What goes to and fro again is a square of it.
        expect(there).toBeLessThan(once * (1 + 2 * (once / 100) ** 2 + 1e-6))
        const blocked = boxRoom(4, 4, [block('screen', 0.5 + apartM / 2, 2, [0.05, 1], [0, 2])])
        expect(createReflector(pair, blocked, reflectance)(Float64Array.of(100, 0))[1]).toBe(0)
      }),
    )
  })

  it('fills a closed box evenly: with every wall alike, the well-known ρ/(1−ρ)', () => {
    // A box whose six sides are all listed: what no side swallows comes back.
    const box = { ...boxRoom(3, 3), isFloorTreated: true }
    const sides = surfacesOf(box, 0.25)
    const ceiling = sides
      .filter(({ normal }) => normal.z === 1)
      .map((surface) => ({
        ...surface,
        centre: { ...surface.centre, z: box.heightM },
        normal: { x: 0, y: 0, z: -1 },
      }))
    const closed = [...sides, ...ceiling]
    const even = Float64Array.from(closed, () => 100)
    const total = createReflector(closed, box, 0.5)(even)
    const areaM2 = closed.reduce((sum, surface) => sum + surface.areaM2, 0)
    const mean = total.reduce((sum, light, index) => sum + light * closed[index]!.areaM2, 0) / areaM2
    expect(mean).toBeGreaterThan(185)
    expect(mean).toBeLessThanOrEqual(200.01)
  })

  it('reaches what the lamp does not see', () => {
    const hidden = direct.findIndex((light, index) => light === 0 && surfaces[index]!.normal.z >= 0)
    expect(hidden).toBeGreaterThanOrEqual(0)
    const field = withReflection(
      createIrradianceField(surfaces, room, DEFAULT_LAMP),
      createReflector(surfaces, room, 0.1),
    )
    expect(field.at({ x: 2.6, y: 2.5, theta: 0 })[hidden]).toBeGreaterThan(0)
  })
})
