import { normalizeAngle } from '@wardlight/core/geometry'
import { ROBOT_TOPICS } from '@wardlight/core/ros'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { twoRooms } from '../testing/plans.ts'
import { startTestWorld } from '../testing/test-world.ts'
import { CAMERA_RANGE_M, CAMERA_VIEW_RAD, picturedPeople } from './camera.ts'
import { PERSON_RADIUS_M } from './people.ts'

const IN_A = { x: 2, y: 5, theta: 0 }

/** What its detector tells of after a second. */
function told(
  at: { x: number; y: number },
  pose = IN_A,
  before: (world: ReturnType<typeof start>) => void = () => {},
) {
  const scene = start(pose)
  before(scene)
  scene.world.people.enter('L1', [at])
  // Long enough that infrared sensors have lost whoever stands still.
  scene.clock.advance(5000)
  return scene.messages.at(-1)!.detections
}

function start(pose: typeof IN_A) {
  const { world, clock, robot } = startTestWorld({ plan: twoRooms(), poses: [pose] })
  const messages = robot.record('vision_msgs/msg/Detection2DArray', ROBOT_TOPICS.camera)
  return { world, clock, messages }
}

describe('a simulated camera', () => {
  it('tells of somebody who stands still before it, which infrared sensors do not', () => {
    const [detection] = told({ x: 4, y: 5 })
    expect(detection!.results[0]!.hypothesis.class_id).toBe('person')
    // Straight ahead: in the middle of the picture.
    expect(detection!.bbox.center.position.x).toBeCloseTo(320, 0)
  })

  it('does not see who stands behind it, or beyond a wall', () => {
    expect(told({ x: 1, y: 5 })).toEqual([])
    expect(told({ x: 4, y: 5 }, { ...IN_A, theta: Math.PI })).toEqual([])
    expect(told({ x: 9, y: 5 })).toEqual([])
  })

  it('looks over a bed, and not through a wardrobe', () => {
    const stand =
      (heightM: number) =>
      ({ world }: ReturnType<typeof start>) =>
        world.addObstacle('L1', {
          id: 'thing',
          name: 'thing',
          kind: 'cabinet',
          footprint: [
            { x: 2.8, y: 4 },
            { x: 3.2, y: 4 },
            { x: 3.2, y: 6 },
            { x: 2.8, y: 6 },
          ],
          zMinM: 0,
          zMaxM: heightM,
        })
    expect(told({ x: 4, y: 5 }, IN_A, stand(0.8))).toHaveLength(1)
    expect(told({ x: 4, y: 5 }, IN_A, stand(2))).toEqual([])
  })

  it('speaks ten times a second, of nobody too', () => {
    const { clock, messages } = start(IN_A)
    clock.advance(2000)
    expect(messages.length).toBeGreaterThanOrEqual(18)
    expect(messages.every(({ detections }) => detections.length === 0)).toBe(true)
  })

  it('property: sees whoever is wholly in its view and range, and nobody who is wholly out of either', () => {
    const metres = fc.integer({ min: -120, max: 120 }).map((tenths) => tenths / 10)
    let seen = 0
    fc.assert(
      fc.property(metres, metres, fc.double({ min: -3.14, max: 3.14, noNaN: true }), (x, y, theta) => {
        const farM = Math.hypot(x, y)
        fc.pre(farM > 0.5)
        const isSeen = picturedPeople({ x: 0, y: 0, theta }, [{ id: 'p', x, y }], () => true).length > 0
        const aside = Math.abs(normalizeAngle(Math.atan2(y, x) - theta))
        const half = Math.atan(PERSON_RADIUS_M / farM)
        if (farM <= CAMERA_RANGE_M && aside + half <= CAMERA_VIEW_RAD / 2) expect(isSeen).toBe(true)
        if (farM > CAMERA_RANGE_M || aside - half > CAMERA_VIEW_RAD / 2) expect(isSeen).toBe(false)
        if (isSeen) seen += 1
      }),
      { numRuns: 500 },
    )
    expect(seen).toBeGreaterThan(10)
  })
})
