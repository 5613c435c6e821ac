import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { twoRooms, box, scanned } from '../testing/plans.ts'
import { DoorBank } from './doors.ts'
import { DEFAULT_LIMITS, DriveBody } from './drive-body.ts'
import { LevelScene } from './level-scene.ts'

const STEP_S = 0.01
const FREE = () => Infinity

describe('DriveBody', () => {
  it('keeps its limits of speed and acceleration whatever it is told', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ noNaN: false }), fc.double({ noNaN: false })), { maxLength: 30 }),
        (commands) => {
          const body = new DriveBody({ x: 0, y: 0, theta: 0 }, 0.25)
          for (const [speed, turn] of commands) {
            for (let step = 0; step < 7; step += 1) {
              const before = { speed: body.speedMps, turn: body.turnRateRadps }
              body.step(STEP_S, speed, turn, FREE)
              expect(Math.abs(body.speedMps)).toBeLessThanOrEqual(DEFAULT_LIMITS.speedMps)
              expect(Math.abs(body.turnRateRadps)).toBeLessThanOrEqual(DEFAULT_LIMITS.turnRateRadps)
              expect(Math.abs(body.speedMps - before.speed)).toBeLessThanOrEqual(
                DEFAULT_LIMITS.brakingMps2 * STEP_S + 1e-12,
              )
              expect(Math.abs(body.turnRateRadps - before.turn)).toBeLessThanOrEqual(
                DEFAULT_LIMITS.turnAccelerationRadps2 * STEP_S + 1e-12,
              )
            }
          }
        },
      ),
    )
  })

  it('reaches half a metre a second after 0.83 s, and drives a circle that closes', () => {
    const body = new DriveBody({ x: 0, y: 0, theta: 0 }, 0.25)
    for (let step = 0; step < 84; step += 1) body.step(STEP_S, 0.5, 0, FREE)
    expect(body.speedMps).toBe(0.5)
    expect(body.pose.x).toBeCloseTo((0.5 * 0.5) / (2 * 0.6), 1)
    const round = new DriveBody({ x: 0, y: 0, theta: 0 }, 0.25, {
      ...DEFAULT_LIMITS,
      accelerationMps2: 1e6,
      turnAccelerationRadps2: 1e6,
    })
    const steps = 1000
    for (let step = 0; step < steps; step += 1)
      round.step(STEP_S, 0.4, (2 * Math.PI) / (steps * STEP_S), FREE)
    expect(Math.hypot(round.pose.x, round.pose.y)).toBeLessThan(1e-6)
  })

  const desk = box('desk', { x: 3, y: 5 }, 1.2, 0.6, 0.7, 0.75)
  const plans = {
    drawn: twoRooms({ furnitureInA: [desk] }),
    scanned: scanned(twoRooms({ furnitureInA: [desk] })),
  }

  it.each(['drawn', 'scanned'] as const)('never enters a wall, furniture or a shut door (%s)', (kind) => {
    const plan = plans[kind]
    const scene = new LevelScene(plan.levels[0]!, new DoorBank(plan))
    const twist = fc.tuple(
      fc.constantFrom(-0.5, 0.2, 0.5, 0.5),
      fc.double({ min: -1.2, max: 1.2, noNaN: true }),
    )
    let touched = 0
    fc.assert(
      fc.property(fc.array(twist, { minLength: 5, maxLength: 15 }), (twists) => {
        const body = new DriveBody({ x: 1.5, y: 4, theta: 0 }, 0.25)
        let least = Infinity
        for (const [speed, turn] of twists) {
          for (let step = 0; step < 300; step += 1) {
            body.step(STEP_S, speed, turn, (x, y, limit) => scene.bodies.clearance(x, y, limit))
            least = Math.min(least, scene.bodies.clearance(body.pose.x, body.pose.y, 1))
            if (body.isTouching) touched += 1
          }
        }
        expect(least).toBeGreaterThanOrEqual(0.25 - 1e-9)
        expect(body.pose.y).toBeGreaterThan(2)
        expect(body.pose.x).toBeLessThan(6)
      }),
      { numRuns: 50 },
    )
    expect(touched).toBeGreaterThan(0)
  })
})
