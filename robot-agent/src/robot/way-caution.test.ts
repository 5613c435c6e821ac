import type { Pose2 } from '@wardlight/core/geometry'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { WayView } from '../perception/people-on-the-way.ts'
import { CAUTION_LIMITS, NO_CAUTION, speedLimitOf, wayCaution, type CautionKind } from './way-caution.ts'

const RADIUS_M = 0.25
const BODY_M = 0.25
const SCAN_MS = 100

interface Somebody {
  x: number
  y: number
  vx: number
  vy: number
}

/** A robot that drives along x as it is allowed to, and somebody whom it sees exactly from a time on. */
class Rig {
  caution = NO_CAUTION
  nowMs = 0
  pose: Pose2 = { x: 0, y: 0, theta: 0 }
  speedMps: number
  readonly mover: { radiusM: number; speedMps: number }
  /** Least distance from edge to edge while it moved. */
  leastGapM = Infinity
  readonly kinds: CautionKind[] = []

  constructor(speedMps: number) {
    this.speedMps = speedMps
    this.mover = { radiusM: RADIUS_M, speedMps }
  }

  run(seconds: number, somebody: Somebody | null, isSeen: (nowMs: number) => boolean = () => true): this {
    for (let step = 0; step < seconds * 100; step += 1) {
      this.nowMs += 10
      if (somebody !== null) {
        somebody.x += somebody.vx / 100
        somebody.y += somebody.vy / 100
      }
      if (this.nowMs % SCAN_MS === 0) {
        const people =
          somebody === null || !isSeen(this.nowMs) ? [] : [{ id: 1, seenAtMs: this.nowMs, ...somebody }]
        this.caution = wayCaution(this.caution, this.view(people), this.mover)
        this.kinds.push(this.caution.kind)
      }
      const { kind } = this.caution
      const wanted = kind === 'hold' ? 0 : Math.min(this.mover.speedMps, speedLimitOf(kind) ?? Infinity)
      const rate = wanted < this.speedMps ? -CAUTION_LIMITS.brakingMps2 : 0.6
      this.speedMps =
        rate < 0 ? Math.max(wanted, this.speedMps + rate / 100) : Math.min(wanted, this.speedMps + rate / 100)
      this.pose = { ...this.pose, x: this.pose.x + this.speedMps / 100 }
      if (somebody !== null && this.speedMps > 0) {
        const gap = Math.hypot(somebody.x - this.pose.x, somebody.y - this.pose.y) - RADIUS_M - BODY_M
        this.leastGapM = Math.min(this.leastGapM, gap)
      }
    }
    return this
  }

  view(people: WayView['people']): WayView {
    const { nowMs: atMs, pose, speedMps } = this
    return { atMs, pose, speedMps, turnRadPerS: 0, people }
  }
}

const standing = (x: number, y = 0): Somebody => ({ x, y, vx: 0, vy: 0 })
const speeds = fc.double({ min: 0.2, max: 1, noNaN: true })

describe('caution on the way', () => {
  it('property: never touches who stands in its way, when they are seen while there is room to stop', () => {
    fc.assert(
      fc.property(
        speeds,
        fc.double({ min: 0, max: 4, noNaN: true }),
        fc.double({ min: -0.4, max: 0.4, noNaN: true }),
        (speedMps, spareM, y) => {
          const stopM = speedMps * CAUTION_LIMITS.reactionS + speedMps ** 2 / (2 * CAUTION_LIMITS.brakingMps2)
          const rig = new Rig(speedMps)
          // Seen for the first time 0.2 s after they were there.
          rig.run(120, standing(stopM + spareM + RADIUS_M + BODY_M, y), (nowMs) => nowMs >= 200)
          expect(rig.leastGapM).toBeGreaterThan(0)
          expect(rig.kinds).toContain('hold')
        },
      ),
    )
  })

  it('property: stands before somebody who walks up to it is near', () => {
    fc.assert(
      fc.property(speeds, fc.double({ min: 0.3, max: 1.6, noNaN: true }), (speedMps, walkingMps) => {
        const rig = new Rig(speedMps)
        const somebody = { x: 8, y: 0, vx: -walkingMps, vy: 0 }
        // They stop an arm's length before it.
        for (let ms = 0; ms < 15_000; ms += 100) {
          if (somebody.x - rig.pose.x < RADIUS_M + BODY_M + 0.5) somebody.vx = 0
          rig.run(0.1, somebody)
        }
        expect(rig.leastGapM).toBeGreaterThan(0.2)
      }),
    )
  })

  it('holds for who walks across, and goes on by itself a second after the way is free', () => {
    const rig = new Rig(0.5)
    rig.run(12, { x: 1.3, y: -1.8, vx: 0, vy: 0.8 })
    expect(rig.kinds).toContain('hold')
    expect(rig.kinds.at(-1)).toBe('free')
    expect(rig.leastGapM).toBeGreaterThan(0.2)
    expect(rig.pose.x).toBeGreaterThan(3)
  })

  it('slows before it holds, and before that drives as it likes', () => {
    const { kinds } = new Rig(0.5).run(12, standing(4))
    expect([...new Set(kinds)]).toEqual(['free', 'slow', 'hold'])
  })

  it('minds nobody who stands aside, follows it, or is far away', () => {
    for (const somebody of [
      standing(2, 1.3),
      { x: -1, y: 0, vx: 0.5, vy: 0 },
      standing(30),
      { x: 3, y: 1.5, vx: 0.5, vy: 0.5 },
    ]) {
      expect(new Set(new Rig(0.5).run(5, somebody).kinds)).toEqual(new Set(['free']))
    }
  })

  it('after 20 s passes at a creep what has not moved, if there is a way round, and holds again before it would touch', () => {
    const rig = new Rig(0.5).run(15, standing(1.5))
    expect(rig.caution.kind).toBe('hold')
    const aside = standing(1.5, 0.75)
    const passing = new Rig(0.5).run(19, aside)
    expect(passing.caution.kind).toBe('hold')
    passing.run(4, aside)
    expect(passing.kinds).toContain('creep')
    passing.run(30, aside)
    expect(passing.pose.x).toBeGreaterThan(2.5)
    expect(passing.leastGapM).toBeGreaterThan(CAUTION_LIMITS.creepGapM)
    rig.run(60, standing(1.5))
    expect(rig.caution.kind).toBe('hold')
    expect(rig.leastGapM).toBeGreaterThan(CAUTION_LIMITS.creepGapM)
  })

  it('who cannot look holds, and goes on a second after it can', () => {
    const rig = new Rig(0.5)
    let caution = wayCaution(NO_CAUTION, rig.view(null), rig.mover)
    expect(caution.kind).toBe('hold')
    for (const [ms, kind] of [
      [900, 'hold'],
      [1000, 'free'],
    ] as const) {
      rig.nowMs = ms
      caution = wayCaution(caution, rig.view([]), rig.mover)
      expect(caution.kind).toBe(kind)
    }
  })
})
