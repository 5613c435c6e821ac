import { createRandom } from '@wardlight/core/random'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PersonSeen } from './people-seen.ts'
import { PeopleTracks } from './people-tracks.ts'

const SCAN_MS = 100
const seen = (x: number, y: number, shape: PersonSeen['shape']) => ({
  people: [{ x, y, shape }],
  machines: [],
})
const NOTHING = { people: [], machines: [] }

/** Scans that are needed until what they show counts as somebody. */
function scansUntilSomebody(shape: PersonSeen['shape']): number {
  const tracks = new PeopleTracks()
  for (let scan = 1; scan <= 10; scan += 1) {
    tracks.see(seen(2, 1, shape), scan * SCAN_MS)
    if (tracks.people.length > 0) return scan
  }
  return Infinity
}

describe('people over scans', () => {
  it('are somebody within 200 ms of the first scan, whatever is seen of them, and never by one scan alone', () => {
    const shapes = ['legs', 'body', 'leg', 'trace'] as const
    const scans = shapes.map(scansUntilSomebody)
    for (const count of scans) {
      expect(count).toBeGreaterThan(1)
      expect((count - 1) * SCAN_MS).toBeLessThanOrEqual(200)
    }
  })

  it('what comes and goes, elsewhere each time, is nobody', () => {
    const tracks = new PeopleTracks()
    for (let scan = 0; scan < 50; scan += 1) {
      tracks.see(seen(2 + (scan % 5), 1, 'trace'), scan * SCAN_MS)
      expect(tracks.people).toEqual([])
    }
  })

  it('are kept for a second behind a post, where they went on to, and then forgotten', () => {
    const tracks = new PeopleTracks()
    for (let scan = 0; scan < 10; scan += 1) tracks.see(seen(2 + 0.1 * scan, 1, 'legs'), scan * SCAN_MS)
    const [before] = tracks.people
    for (let scan = 10; scan < 19; scan += 1) tracks.see(NOTHING, scan * SCAN_MS)
    expect(tracks.people).toHaveLength(1)
    expect(tracks.people[0]!.x).toBeGreaterThan(before!.x + 0.5)
    for (let scan = 19; scan < 21; scan += 1) tracks.see(NOTHING, scan * SCAN_MS)
    expect(tracks.people).toEqual([])
  })

  it('a machine that is seen in part is still the machine, and somebody beside it is somebody', () => {
    const tracks = new PeopleTracks()
    tracks.see({ people: [], machines: [{ x: 2, y: 1 }] }, 0)
    for (let scan = 1; scan < 20; scan += 1) {
      const part = { x: 1.8, y: 1.1, shape: 'body' } as const
      const beside = { x: 2, y: 1.7, shape: 'legs' } as const
      tracks.see({ people: [part, beside], machines: [] }, scan * SCAN_MS)
    }
    expect(tracks.people).toHaveLength(1)
    expect(tracks.people[0]!.y).toBeCloseTo(1.7)
  })

  it('property: their walking is told to 0.4 m/s after a second, and who stands still does not walk', () => {
    const speeds = fc.double({ min: -1.5, max: 1.5, noNaN: true })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), speeds, speeds, (seed, vx, vy) => {
        const random = createRandom(seed)
        const tracks = new PeopleTracks()
        for (let scan = 0; scan <= 15; scan += 1) {
          const atS = (scan * SCAN_MS) / 1000
          const [x, y] = [vx * atS + random.gaussian(0.03), vy * atS + random.gaussian(0.03)]
          tracks.see(seen(x, y, 'legs'), scan * SCAN_MS)
        }
        expect(tracks.people).toHaveLength(1)
        const [person] = tracks.people
        expect(Math.hypot(person!.vx - vx, person!.vy - vy)).toBeLessThan(0.4)
      }),
    )
  })
})
