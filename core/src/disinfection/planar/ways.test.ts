import { describe, expect, it } from 'vitest'
import { box } from '../testing/planar-rooms.ts'
import { waysAmong } from './ways.ts'

describe('waysAmong', () => {
  const left = { x: -1, y: 0 }
  const right = { x: 1, y: 0 }

  it('goes straight where nothing is in between, and around a box with the clearance', () => {
    const post = box(-0.1, -0.1, 0.1, 0.1)
    const above = { x: 0, y: 1 }
    const ways = waysAmong([left, right, above], { obstacles: [post], bounds: null }, 0.3)
    expect(ways.lengthsM[0]![2]).toBeCloseTo(Math.SQRT2, 9)
    expect(ways.between(0, 2)).toEqual([left, above])
    const way = ways.between(0, 1)
    expect(way).toHaveLength(4)
    // The taut string around a 0.4 m arc at each corner; at most 0.43 clearances longer a corner.
    expect(ways.lengthsM[0]![1]).toBeGreaterThan(2 * Math.hypot(0.9, 0.4))
    expect(ways.lengthsM[0]![1]).toBeLessThan(2 * Math.hypot(0.6, 0.4) + 0.8 + 0.01)
    expect(ways.lengthsM[1]![0]).toBeCloseTo(ways.lengthsM[0]![1]!, 9)
  })

  it('does not slip between two boxes that touch', () => {
    const obstacles = [box(-0.1, 0, 0.1, 5), box(-0.1, -5, 0.1, 0)]
    const { lengthsM } = waysAmong([left, right], { obstacles, bounds: null }, 0)
    expect(lengthsM[0]![1]).toBeGreaterThan(10)
  })

  it('stays inside the bounds, and is straight where there is no way', () => {
    const around = { obstacles: [], bounds: [...uShape] }
    expect(waysAmong([left, right], around, 0.1).lengthsM[0]![1]).toBeCloseTo(2 * Math.hypot(0.5, 2) + 1, 6)
    const sealed = { obstacles: [box(-0.1, -9, 0.1, 9)], bounds: box(-2, -3, 2, 3) }
    expect(waysAmong([left, right], sealed, 0.1).lengthsM[0]![1]).toBeCloseTo(2, 9)
  })

  /** Open at the top between x -0.5 and 0.5: the way from side to side leads over y = -2 below it. */
  const uShape = [
    { x: -2, y: -3 },
    { x: 2, y: -3 },
    { x: 2, y: 1 },
    { x: 0.5, y: 1 },
    { x: 0.5, y: -2 },
    { x: -0.5, y: -2 },
    { x: -0.5, y: 1 },
    { x: -2, y: 1 },
  ]
})
