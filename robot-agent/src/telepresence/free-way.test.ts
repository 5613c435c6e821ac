import { rosHeader, type LaserScan } from '@wardlight/core/ros'
import { describe, expect, it } from 'vitest'
import { freeWay } from './free-way.ts'

const BEAMS = 360
const FRONT = { x: 0, y: 0, theta: 0 }

/** @param rangeAt by degrees, 0 ahead, 90 to the left */
function scan(rangeAt: (degrees: number) => number): LaserScan {
  return {
    header: rosHeader(0, 'laser'),
    angle_min: 0,
    angle_max: 2 * Math.PI,
    angle_increment: (2 * Math.PI) / BEAMS,
    time_increment: 0,
    scan_time: 0.1,
    range_min: 0.1,
    range_max: 12,
    ranges: Array.from({ length: BEAMS }, (_, degrees) => rangeAt(degrees)),
    intensities: [],
  }
}

describe('the free way of a round robot', () => {
  it('is as far as the lidar sees, where nothing is', () => {
    expect(
      freeWay(
        scan(() => Infinity),
        FRONT,
        0.3,
      ),
    ).toEqual({ aheadM: 12, behindM: 12 })
  })

  it('ends before what is ahead or behind, from its edge', () => {
    const seen = scan((degrees) => (degrees < 3 || degrees > 357 ? 1.5 : degrees === 180 ? 0.9 : Infinity))
    const { aheadM, behindM } = freeWay(seen, FRONT, 0.3)
    expect(aheadM).toBeCloseTo(1.2, 2)
    expect(behindM).toBeCloseTo(0.6, 5)
  })

  it('does not end at what it passes by', () => {
    // A wall 0.5 m to the left, along the way.
    const seen = scan((degrees) => {
      const side = Math.sin((degrees * Math.PI) / 180)
      return side > 0.05 ? Math.min(12, 0.5 / side) : Infinity
    })
    expect(freeWay(seen, FRONT, 0.3).aheadM).toBe(12)
  })

  it('ends at what is nearer than the lidar can measure', () => {
    const seen = scan((degrees) => (degrees === 0 ? 0.05 : Infinity))
    expect(freeWay(seen, FRONT, 0.3).aheadM).toBeLessThan(0)
  })

  it('knows how its lidar is mounted', () => {
    const seen = scan((degrees) => (degrees === 0 ? 1 : Infinity))
    const { aheadM, behindM } = freeWay(seen, { x: 0.1, y: 0, theta: Math.PI }, 0.3)
    expect(aheadM).toBe(12)
    expect(behindM).toBeCloseTo(0.6, 5)
  })
})
