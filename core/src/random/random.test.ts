import { describe, expect, it } from 'vitest'
import { createRandom } from './random.ts'

describe('createRandom', () => {
  it('gives the same sequence for the same seed and another for another', () => {
    const draw = (seed: number) => {
      const random = createRandom(seed)
      return Array.from({ length: 20 }, () => random.uniform())
    }
    expect(draw(7)).toEqual(draw(7))
    expect(draw(7)).not.toEqual(draw(8))
  })

  it('forks streams that do not depend on what else was drawn', () => {
    const untouched = createRandom(3).fork('lidar').uniform()
    const random = createRandom(3)
    random.uniform()
    expect(random.fork('lidar').uniform()).toBe(untouched)
    expect(random.fork('wheels').uniform()).not.toBe(untouched)
  })

  it('is uniform and normal to within five standard errors', () => {
    const random = createRandom(1)
    const count = 20_000
    let sum = 0
    let gaussianSum = 0
    let gaussianSquares = 0
    for (let index = 0; index < count; index += 1) {
      sum += random.uniform()
      const value = random.gaussian(2)
      gaussianSum += value
      gaussianSquares += value * value
    }
    expect(Math.abs(sum / count - 0.5)).toBeLessThan((5 * Math.sqrt(1 / 12)) / Math.sqrt(count))
    expect(Math.abs(gaussianSum / count)).toBeLessThan((5 * 2) / Math.sqrt(count))
    expect(Math.abs(Math.sqrt(gaussianSquares / count) - 2)).toBeLessThan(0.06)
  })
})
