import { createGrid, drawSegment, OCCUPIED, type Pose2, type Segment2 } from '@wardlight/core/geometry'
import { createRandom } from '@wardlight/core/random'
import { describe, expect, it } from 'vitest'
import type { RobotReading, RobotSensors } from '../robot/ports.ts'
import { drawnScan } from '../testing/drawn-scan.ts'
import { LocalisationHealth } from './localisation-health.ts'

/** An entrance of 3.5 m, which the map has as open, in a long wall; behind the robot a lobby that is open to both sides. */
const WALLS: readonly Segment2[] = [
  wall(-3, 0, 0.75, 0),
  wall(4.25, 0, 8, 0),
  wall(-3, -3, 8, -3),
  wall(-3, -3, -3, 0),
  wall(0.5, 3.5, 4.5, 3.5),
]
const ENTRANCE = wall(0.75, 0, 4.25, 0)
/** The same on their way. */
const LEAVES = [wall(0.75, 0, 2.2, 0), wall(2.8, 0, 4.25, 0)]
const BEFORE_IT: Pose2 = { x: 2.2, y: 0.6, theta: 0.4 }

/** Whether a robot that believes to be at one place, and is at another, says after three seconds that it is lost. */
function isFoundLost(truth: Pose2, believed: Pose2, leaves: readonly Segment2[]): boolean {
  const grid = createGrid({ minX: -4, minY: -5, maxX: 9, maxY: 3 }, 0.05)
  for (const each of WALLS) drawSegment(grid, each, OCCUPIED)
  let hear: (reading: RobotReading) => void = () => {}
  const sensors: RobotSensors = {
    subscribe(listener) {
      hear = listener
      return { dispose() {} }
    },
  }
  const health = new LocalisationHealth(sensors)
  health.start()
  hear({ kind: 'map', grid })
  hear({ kind: 'pose', pose: believed })
  const shapes = [...WALLS, ...leaves].map(({ a, b }) => [a, b])
  const random = createRandom(1)
  for (let scan = 0; scan < 30; scan += 1) {
    hear({ kind: 'scan', scan: drawnScan(truth, shapes, [], random) })
  }
  return health.isLost
}

describe('whether a robot is lost though its localisation is sure', () => {
  it('is found where it is a metre beside itself', () => {
    expect(isFoundLost({ x: 2.2, y: 1, theta: 0.4 }, { x: 3.2, y: -1, theta: 0.4 }, [ENTRANCE])).toBe(true)
  })

  it('is not taken for it before a wide door that is shut, or on its way, and open on its map', () => {
    expect(isFoundLost(BEFORE_IT, BEFORE_IT, [])).toBe(false)
    expect(isFoundLost(BEFORE_IT, BEFORE_IT, [ENTRANCE])).toBe(false)
    expect(isFoundLost(BEFORE_IT, BEFORE_IT, LEAVES)).toBe(false)
  })
})

function wall(ax: number, ay: number, bx: number, by: number): Segment2 {
  return { a: { x: ax, y: ay }, b: { x: bx, y: by } }
}
