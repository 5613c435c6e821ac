import { createRandom } from '@wardlight/core/random'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  box,
  fourWalls,
  plainLevel,
  plainPlan,
  plainRoom,
  scanned,
  slidingDoor,
  twoRooms,
  wall,
} from '../testing/plans.ts'
import { DoorBank, DOOR_TRAVEL_MS } from './doors.ts'
import { LevelScene } from './level-scene.ts'
import { LIDAR_BEAMS, LIDAR_NOISE_M, LIDAR_RANGE_MAX_M, scanRanges, type Circle } from './lidar.ts'

function sceneOf(parts: Parameters<typeof plainLevel>[1]) {
  const plan = plainPlan([plainLevel('L', parts)])
  const doors = new DoorBank(plan)
  return { scene: new LevelScene(plan.levels[0]!, doors), doors }
}

/** What an ideal lidar reads in a rectangle from the origin to (w, h). */
function analytic(x: number, y: number, angle: number, w: number, h: number): number {
  const dx = Math.cos(angle)
  const dy = Math.sin(angle)
  const toX = dx > 0 ? (w - x) / dx : dx < 0 ? -x / dx : Infinity
  const toY = dy > 0 ? (h - y) / dy : dy < 0 ? -y / dy : Infinity
  return Math.min(toX, toY)
}

const beamTowards = (angle: number) =>
  ((Math.round(((angle + Math.PI) / (2 * Math.PI)) * LIDAR_BEAMS) % LIDAR_BEAMS) + LIDAR_BEAMS) % LIDAR_BEAMS

describe('scanRanges', () => {
  it('measures a rectangular room from anywhere in it, within five sigma', () => {
    const { scene } = sceneOf({ walls: fourWalls(0, 0, 7, 4) })
    fc.assert(
      fc.property(
        fc.double({ min: 0.3, max: 6.7, noNaN: true }),
        fc.double({ min: 0.3, max: 3.7, noNaN: true }),
        fc.double({ min: -Math.PI, max: Math.PI, noNaN: true }),
        fc.integer(),
        (x, y, theta, seed) => {
          const ranges = scanRanges({ x, y, theta }, scene, [], createRandom(seed))
          ranges.forEach((range, beam) => {
            const angle = theta - Math.PI + (beam * 2 * Math.PI) / LIDAR_BEAMS
            expect(Math.abs(range - analytic(x, y, angle, 7, 4))).toBeLessThan(6 * LIDAR_NOISE_M)
          })
        },
      ),
      { numRuns: 50 },
    )
  })

  it('has noise of the stated spread, and infinity where nothing is in range', () => {
    const { scene } = sceneOf({ walls: [wall(5, -20, 5, 20)] })
    const random = createRandom(7)
    const ahead: number[] = []
    for (let turn = 0; turn < 400; turn += 1) {
      const ranges = scanRanges({ x: 0, y: 0, theta: 0 }, scene, [], random)
      ahead.push(ranges[beamTowards(0)]!)
      expect(ranges[beamTowards(Math.PI)]).toBe(Infinity)
      expect(ranges[beamTowards(Math.acos(5 / LIDAR_RANGE_MAX_M) + 0.03)]).toBe(Infinity)
    }
    const mean = ahead.reduce((sum, range) => sum + range, 0) / ahead.length
    const sigma = Math.sqrt(ahead.reduce((sum, range) => sum + (range - mean) ** 2, 0) / ahead.length)
    expect(mean).toBeCloseTo(5, 2)
    expect(sigma).toBeGreaterThan(LIDAR_NOISE_M * 0.8)
    expect(sigma).toBeLessThan(LIDAR_NOISE_M * 1.2)
  })

  it('looks through glass, under a bed and through an open door, but not through a shut one', () => {
    const { scene, doors } = sceneOf({
      walls: [wall(2, -1, 2, 1, 'glass'), wall(4, -3, 4, 3)],
      rooms: [
        plainRoom(
          'r',
          fourWalls(-9, -9, 9, 9).map(({ a }) => a),
          { furniture: [box('bed', { x: -2, y: 0 }, 2, 1, 0.4, 0.6)] },
        ),
      ],
      doors: [slidingDoor('d', { x: -0.5, y: 3 }, { x: 0.5, y: 3 }, ['r'])],
    })
    const look = () => scanRanges({ x: 0, y: 0, theta: 0 }, scene, [], createRandom(1))
    const shut = look()
    expect(shut[beamTowards(0.4)]).toBeCloseTo(4 / Math.cos(0.4), 1)
    expect(shut[beamTowards(Math.PI)]).toBe(Infinity)
    expect(shut[beamTowards(Math.PI / 2)]).toBeCloseTo(3, 1)
    expect(scene.bodies.castRay(0, 0, 1, 0, 12)).toBeCloseTo(2, 6)
    expect(scene.bodies.castRay(0, 0, -1, 0, 12)).toBeCloseTo(1, 6)
    doors.setOpen(0, true, 0)
    doors.step(0, DOOR_TRAVEL_MS / 4, () => [])
    // A quarter open: the leaf still stands on three quarters of the doorway, from `a` on.
    expect(scene.lidar.castRay(0.2, 0, 0, 1, 12)).toBeCloseTo(3, 6)
    expect(scene.lidar.castRay(0.3, 0, 0, 1, 12)).toBe(12)
    doors.step(0, DOOR_TRAVEL_MS, () => [])
    expect(look()[beamTowards(Math.PI / 2)]).toBe(Infinity)
  })

  it('sees the two legs of a person', () => {
    const { scene } = sceneOf({})
    const legs = [
      { x: 2, y: 0.12, radiusM: 0.07 },
      { x: 2, y: -0.12, radiusM: 0.07 },
    ]
    const ranges = scanRanges({ x: 0, y: 0, theta: 0.4 }, scene, legs, createRandom(1))
    const hits = ranges.filter((range) => range < Infinity)
    expect(hits.length).toBeGreaterThanOrEqual(6)
    expect(hits.length).toBeLessThanOrEqual(10)
    for (const range of hits) expect(Math.abs(range - 1.96)).toBeLessThan(0.1)
  })

  it('reads the same from a scanned map as from the drawing, to a cell', () => {
    const plan = twoRooms()
    const drawn = new LevelScene(plan.levels[0]!, new DoorBank(plan))
    const cells = scanned(plan)
    const grid = new LevelScene(cells.levels[0]!, new DoorBank(cells))
    for (let step = 0; step < 720; step += 1) {
      const angle = (step * Math.PI) / 360
      const a = drawn.lidar.castRay(2, 4, Math.cos(angle), Math.sin(angle), 12)
      const b = grid.lidar.castRay(2, 4, Math.cos(angle), Math.sin(angle), 12)
      expect(b - a).toBeLessThan(0.01)
      expect(a - b).toBeLessThan(0.3)
    }
  })
})

describe('glass and mirrors', () => {
  const robot = { x: 0, y: 0, theta: 0 }

  it('glass is seen squarely, and looked through from aside', () => {
    const { scene } = sceneOf({ walls: [wall(2, -4, 2, 4, 'glass'), wall(4, -9, 4, 9)] })
    const ranges = scanRanges(robot, scene, [], createRandom(1))
    expect(ranges[beamTowards(0)]).toBeCloseTo(2, 1)
    expect(ranges[beamTowards(0.3)]).toBeCloseTo(4 / Math.cos(0.3), 1)
  })

  it('a mirror shows what is before it behind it, people too, and hides nobody who is before it', () => {
    const { scene } = sceneOf({ walls: fourWalls(-2, -2, 2, 2) })
    scene.addMirror({ a: { x: 2, y: -2 }, b: { x: 2, y: 2 } })
    const behindRobot = { x: -1, y: 0, radiusM: 0.1 }
    const look = (circles: Circle[], towards: number) =>
      scanRanges(robot, scene, circles, createRandom(1))[beamTowards(towards)]
    expect(look([], 0)).toBeCloseTo(2 + 4, 1)
    expect(look([behindRobot], 0)).toBeCloseTo(2 + 2.9, 1)
    expect(look([{ x: 1, y: 0, radiusM: 0.1 }], 0)).toBeCloseTo(0.9, 1)
    // Thrown back to a side wall: as far as the straight way to its image.
    expect(look([], 0.5)).toBeCloseTo(2 / Math.sin(0.5), 1)
  })
})
