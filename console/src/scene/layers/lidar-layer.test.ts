import { describe, expect, it } from 'vitest'
import { scanPoints } from './lidar-layer.ts'

describe('lidar points', () => {
  it('lie where the beams ended in the map, and beams without echo are left out', () => {
    const points = scanPoints([
      {
        timestamp: '2026-03-01T03:00:00.000Z',
        levelId: 'L1',
        x: 1,
        y: 2,
        theta: Math.PI / 2,
        angleMinRad: -Math.PI / 2,
        angleIncrementRad: Math.PI / 2,
        rangesCm: [100, 0, 300],
      },
    ])
    expect([...points].map((value) => Math.round(value * 100) / 100)).toEqual([2, 2, 0.3, -2, 2, 0.3])
  })
})
