import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { distanceToBoundary, isInsidePolygon } from '../../geometry/polygon.ts'
import type { Point2, Segment2 } from '../../geometry/types.ts'
import {
  anyPlanarRoom,
  box,
  extentOf,
  mapRoom,
  PLANAR_SETTINGS,
  walledSquare,
} from '../testing/planar-rooms.ts'
import { outlineOf, panelEdges } from './panel-edges.ts'
import { panelRates } from './panel-rates.ts'
import { planPlanarRoom } from './plan-planar-room.ts'
import { stopGrid } from './stop-grid.ts'
import type { PlanarRoom } from './types.ts'

/** Whether a sight line is hidden, by walking along it: nothing in common with the product's way to tell. */
function isHidden(from: Point2, to: Point2, { obstacles }: PlanarRoom): boolean {
  const side = (a: Point2, b: Point2, c: Point2) => (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
  return obstacles.some((obstacle) => {
    if (obstacle.length === 2) {
      const [a, b] = obstacle as [Point2, Point2]
      return side(a, b, from) * side(a, b, to) < -1e-9 && side(from, to, a) * side(from, to, b) < -1e-9
    }
    return Array.from({ length: 100 }, (_, step) => (step + 0.5) / 100).some((along) => {
      const point = { x: from.x + along * (to.x - from.x), y: from.y + along * (to.y - from.y) }
      return isInsidePolygon(point, obstacle) && distanceToBoundary(point, obstacle) > 1e-6
    })
  })
}

function alongEdge({ a, b }: Segment2, along: number): Point2 {
  return { x: a.x + along * (b.x - a.x), y: a.y + along * (b.y - a.y) }
}

/** Mean irradiance of a panel by summing over its surface, W/m². */
function meanIrradiance(stop: Point2, { a, b }: Segment2): number {
  const { lamp, panelHeightM } = PLANAR_SETTINGS
  const lengthM = Math.hypot(b.x - a.x, b.y - a.y)
  const dM = ((stop.x - a.x) * (b.y - a.y) - (stop.y - a.y) * (b.x - a.x)) / lengthM
  const steps = 40
  let sum = 0
  for (let column = 0; column < steps; column += 1) {
    const at = alongEdge({ a, b }, (column + 0.5) / steps)
    for (let row = 0; row < steps; row += 1) {
      const z = ((row + 0.5) / steps) * panelHeightM - lamp.heightM
      sum += dM / ((at.x - stop.x) ** 2 + (at.y - stop.y) ** 2 + z * z) ** 1.5
    }
  }
  return (lamp.powerW * sum) / (4 * Math.PI * steps * steps)
}

describe('planPlanarRoom', () => {
  it('takes in the middle of a cube what a sixth of the lamp takes for one of its sides', () => {
    // 80 W / 6 on 4 m²: 280 J/m² take 84 s. The only grid point inside is the middle.
    const plan = planPlanarRoom(walledSquare(2), {
      ...PLANAR_SETTINGS,
      gridM: 1.2,
      marginM: 0.1,
      maxEdgeM: 2,
    })
    expect(plan.stops).toEqual([
      { x: expect.closeTo(1), y: expect.closeTo(1), dwellS: expect.closeTo(84, 6) },
    ])
    expect(plan).toMatchObject({ pathM: 0, edges: 16, dwellS: expect.closeTo(84, 6) })
    // The backs and ends of the four walls.
    expect(plan.unreachable).toHaveLength(12)
  })

  it('lights both faces of a thin panel, each from its own side, and goes around its end', () => {
    const room: PlanarRoom = {
      id: 'panel',
      obstacles: [
        [
          { x: 0, y: 0 },
          { x: 4, y: 0 },
        ],
      ],
      bounds: null,
    }
    const plan = planPlanarRoom(room, { ...PLANAR_SETTINGS, maxEdgeM: 4 })
    expect(plan).toMatchObject({ edges: 2, unreachable: [] })
    const [first, second] = plan.stops
    expect(plan.stops).toHaveLength(2)
    expect(first!.y * second!.y).toBeLessThan(0)
    expect(first!.dwellS).toBeCloseTo(second!.dwellS, 6)
    const around = [0, 4].map(
      (x) => Math.hypot(first!.x - x, first!.y) + Math.hypot(second!.x - x, second!.y),
    )
    // At most the clearance further out.
    expect(plan.pathM).toBeGreaterThan(Math.min(...around))
    expect(plan.pathM).toBeLessThan(Math.min(...around) + 4 * PLANAR_SETTINGS.clearanceM)
  })

  it('needs a stop on either side of a pillar that fills half of a corridor', () => {
    const corridor: PlanarRoom = {
      id: 'corridor',
      obstacles: [box(0, -0.1, 8, 0), box(0, 2, 8, 2.1), box(3.5, 0, 4.5, 1)],
      bounds: box(0, 0, 8, 2),
    }
    const plan = planPlanarRoom(corridor, { ...PLANAR_SETTINGS, gridM: 0.25 })
    expect(plan.stops.some(({ x, y }) => x < 3.5 && y < 1)).toBe(true)
    expect(plan.stops.some(({ x, y }) => x > 4.5 && y < 1)).toBe(true)
    for (const stop of plan.stops) expect(isInsidePolygon(stop, corridor.bounds!)).toBe(true)
    // The foot of the pillar stands on the wall: that piece of both no stop sees.
    expect(plan.unreachable).toContainEqual({ a: { x: 3.5, y: 0 }, b: { x: 4.5, y: 0 } })
    // Over the pillar, not through it.
    expect(plan.pathM).toBeGreaterThan(2 * 0.6 + 1)
  })

  it('promises nothing in a room that no stop can light', () => {
    const narrow: PlanarRoom = { ...walledSquare(2), id: 'narrow' }
    const plan = planPlanarRoom(narrow, { ...PLANAR_SETTINGS, clearanceM: 1.1 })
    expect(plan).toMatchObject({ dwellS: 0, stops: [], pathM: 0, edges: 24 })
    expect(plan.unreachable).toHaveLength(24)
  })

  it('gives every reachable edge its dose, counted by hand, in the least time, in any room', () => {
    fc.assert(
      fc.property(anyPlanarRoom, (room) => {
        const plan = planPlanarRoom(room, PLANAR_SETTINGS)
        const edges = panelEdges(outlineOf(room), PLANAR_SETTINGS.maxEdgeM)
        const unreachable = new Set(plan.unreachable.map(({ a, b }) => JSON.stringify([a, b])))
        for (const edge of edges) {
          if (unreachable.has(JSON.stringify([edge.a, edge.b]))) continue
          const facing = plan.stops.filter(
            (stop) =>
              (stop.x - edge.a.x) * (edge.b.y - edge.a.y) - (stop.y - edge.a.y) * (edge.b.x - edge.a.x) >
              1e-6,
          )
          const seeing = facing.filter((stop) =>
            [0.01, 0.35, 0.65, 0.99].every((along) => !isHidden(stop, alongEdge(edge, along), room)),
          )
          const dose = seeing.reduce((sum, stop) => sum + stop.dwellS * meanIrradiance(stop, edge), 0)
          expect(dose).toBeGreaterThan(PLANAR_SETTINGS.doseJPerM2 * 0.99)
        }
        for (const stop of plan.stops) {
          for (const obstacle of room.obstacles) {
            expect(isInsidePolygon(stop, obstacle)).toBe(false)
            expect(distanceToBoundary(stop, obstacle)).toBeGreaterThanOrEqual(0.1 - 1e-9)
          }
        }
      }),
      { numRuns: 12 },
    )
  })

  it('sees an edge from a stop exactly when no part of it is hidden', () => {
    let pairs = 0
    let unexplained = 0
    fc.assert(
      fc.property(anyPlanarRoom, (room) => {
        const outline = outlineOf(room)
        const edges = panelEdges(outline, 1)
        const stops = stopGrid(room, PLANAR_SETTINGS)
        const rates = panelRates(edges, outline, stops, PLANAR_SETTINGS)
        const samples = Array.from({ length: 21 }, (_, index) => 0.001 + (0.998 * index) / 20)
        edges.forEach((edge, row) => {
          stops.forEach((stop, column) => {
            if ((row + column) % 3 !== 0) return
            const frontM =
              (stop.x - edge.a.x) * (edge.b.y - edge.a.y) - (stop.y - edge.a.y) * (edge.b.x - edge.a.x)
            if (frontM < 1e-6) {
              expect(rates[row * stops.length + column]).toBe(0)
              return
            }
            const isSomeHidden = samples.some((along) => isHidden(stop, alongEdge(edge, along), room))
            const isSeen = rates[row * stops.length + column]! > 0
            if (isSeen) expect(isSomeHidden).toBe(false)
            // What reaches in by less than the samples' spacing only the product sees.
            else if (!isSomeHidden) unexplained += 1
            pairs += 1
          })
        })
      }),
      { numRuns: 12 },
    )
    expect(pairs).toBeGreaterThan(500)
    expect(unexplained).toBeLessThan(0.02 * pairs)
  })

  it('never needs more on a grid of half the spacing, which reaches no edge less', () => {
    fc.assert(
      fc.property(anyPlanarRoom, (room) => {
        const coarse = planPlanarRoom(room, PLANAR_SETTINGS)
        const fine = planPlanarRoom(room, { ...PLANAR_SETTINGS, gridM: 0.5 })
        const known = new Set(coarse.unreachable.map(({ a, b }) => JSON.stringify([a, b])))
        for (const { a, b } of fine.unreachable) expect(known).toContain(JSON.stringify([a, b]))
        // More edges may take more time.
        if (fine.unreachable.length === coarse.unreachable.length) {
          expect(fine.dwellS).toBeLessThanOrEqual(coarse.dwellS * (1 + 1e-6))
        }
      }),
      { numRuns: 25 },
    )
  })

  it('takes time in proportion to the dose, and to the square of the size', () => {
    fc.assert(
      fc.property(anyPlanarRoom, fc.double({ min: 0.2, max: 5, noNaN: true }), (room, factor) => {
        const { dwellS } = planPlanarRoom(room, PLANAR_SETTINGS)
        const { doseJPerM2, lamp, panelHeightM, gridM, clearanceM, maxEdgeM, marginM } = PLANAR_SETTINGS
        const dosed = planPlanarRoom(room, { ...PLANAR_SETTINGS, doseJPerM2: factor * doseJPerM2 })
        expect(dosed.dwellS / dwellS).toBeCloseTo(factor, 5)
        // By a power of two, so that rounding is the same.
        const scaled = planPlanarRoom(
          mapRoom(room, ({ x, y }) => ({ x: 2 * x, y: 2 * y })),
          {
            doseJPerM2,
            lamp: { ...lamp, heightM: 2 * lamp.heightM },
            panelHeightM: 2 * panelHeightM,
            gridM: 2 * gridM,
            clearanceM: 2 * clearanceM,
            maxEdgeM: 2 * maxEdgeM,
            marginM: 2 * marginM,
          },
        )
        expect(scaled.dwellS / dwellS).toBeCloseTo(4, 5)
      }),
      { numRuns: 15 },
    )
  })

  it('is the same for a room turned by 90° or mirrored, where the grid turns with it', () => {
    fc.assert(
      fc.property(anyPlanarRoom, (room) => {
        // The grid is counted from one corner: the others are on it when the extent is a whole number of steps.
        fc.pre(extentOf(room).every((lengthM) => Number.isInteger(lengthM)))
        const plan = planPlanarRoom(room, PLANAR_SETTINGS)
        for (const turn of [({ x, y }: Point2) => ({ x: -y, y: x }), ({ x, y }: Point2) => ({ x: -x, y })]) {
          const turned = planPlanarRoom(mapRoom(room, turn), PLANAR_SETTINGS)
          expect(turned.dwellS).toBeCloseTo(plan.dwellS, 3)
          expect(turned.edges).toBe(plan.edges)
          expect(turned.unreachable).toHaveLength(plan.unreachable.length)
        }
      }),
      { numRuns: 15 },
    )
  })
})
