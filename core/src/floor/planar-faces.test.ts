import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { signedArea, type Segment2 } from '../geometry/index.ts'
import { boundedFaces } from './planar-faces.ts'
import { planarNetwork } from './planar-network.ts'
import { isSimplePolygon } from './room-geometry.ts'

const OPTIONS = { snapM: 0.03, closeGapM: 0.25 }

function segment(ax: number, ay: number, bx: number, by: number): Segment2 {
  return { a: { x: ax, y: ay }, b: { x: bx, y: by } }
}

function box(west: number, south: number, east: number, north: number): Segment2[] {
  return [
    segment(west, south, east, south),
    segment(east, south, east, north),
    segment(east, north, west, north),
    segment(west, north, west, south),
  ]
}

function areas(segments: readonly Segment2[]): number[] {
  return boundedFaces(planarNetwork(segments, OPTIONS))
    .map(({ areaM2 }) => Math.round(areaM2 * 100) / 100)
    .toSorted((a, b) => a - b)
}

describe('bounded faces', () => {
  it('finds the pieces between crossing walls', () => {
    expect(areas([...box(0, 0, 4, 4), segment(2, -1, 2, 5), segment(-1, 1, 5, 1)])).toEqual([2, 2, 6, 6])
  })

  it('leaves out walls that end in the open', () => {
    const [face, ...others] = boundedFaces(
      planarNetwork([...box(0, 0, 4, 4), segment(2, 0, 2, 3), segment(9, 9, 12, 9)], OPTIONS),
    )
    expect(others).toEqual([])
    expect(face!.outline).toHaveLength(4)
  })

  it('takes an island out of the room around it, also one on a bridge or at a corner', () => {
    expect(areas([...box(0, 0, 6, 6), ...box(2, 2, 3, 3)])).toEqual([1, 35])
    expect(areas([...box(0, 0, 6, 6), ...box(2, 2, 3, 3), segment(0, 2, 2, 2)])).toEqual([1, 35])
    const touching = [segment(0, 0, 2, 1), segment(2, 1, 1, 2), segment(1, 2, 0, 0)]
    expect(areas([...box(0, 0, 6, 6), ...touching])).toEqual([1.5, 34.5])
  })

  it('joins an end that stops just short, and no other', () => {
    const rooms = (gapM: number) => areas([...box(0, 0, 4, 4), segment(2, 0, 2, 4 - gapM)]).length
    expect(rooms(0.02)).toBe(2)
    expect(rooms(0.2)).toBe(2)
    expect(rooms(0.4)).toBe(1)
  })

  it('finds every cell of any grid of walls, in whatever order and direction they are drawn', () => {
    const sizes = fc.array(fc.integer({ min: 4, max: 40 }), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(sizes, sizes, fc.integer(), fc.boolean(), (columns, rows, seed, isTurned) => {
        const xs = columns.reduce((sums, size) => [...sums, sums.at(-1)! + size / 8], [0])
        const ys = rows.reduce((sums, size) => [...sums, sums.at(-1)! + size / 8], [0])
        const turn = isTurned ? 0.3 : 0
        const place = (x: number, y: number) => ({
          x: Math.cos(turn) * x - Math.sin(turn) * y,
          y: Math.sin(turn) * x + Math.cos(turn) * y,
        })
        const lines = [
          ...xs.map((x) => ({ a: place(x, 0), b: place(x, ys.at(-1)!) })),
          ...ys.map((y) => ({ a: place(0, y), b: place(xs.at(-1)!, y) })),
        ]
        const shuffled = lines
          .map((line, index) => ((seed >> (index % 31)) & 1 ? { a: line.b, b: line.a } : line))
          .toSorted(
            (one, other) => Math.sin(seed + one.a.x + one.b.y) - Math.sin(seed + other.a.x + other.b.y),
          )
        const faces = boundedFaces(planarNetwork(shuffled, OPTIONS))
        expect(faces).toHaveLength(columns.length * rows.length)
        const total = faces.reduce((sum, { areaM2 }) => sum + areaM2, 0)
        expect(total).toBeCloseTo(xs.at(-1)! * ys.at(-1)!, 6)
        for (const { outline } of faces) {
          expect(signedArea(outline)).toBeGreaterThan(0)
          expect(isSimplePolygon(outline)).toBe(true)
          expect(outline).toHaveLength(4)
        }
      }),
      { numRuns: 60 },
    )
  })
})
