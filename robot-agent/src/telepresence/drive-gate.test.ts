import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  CLOSED_GATE,
  DRIVE_LIMITS,
  driveGate,
  shareForAge,
  type DriveCommand,
  type DriveRefusal,
  type GateInput,
  type Twist2,
} from './drive-gate.ts'

const EPOCH_MS = 1_000_000
const OPEN_WAY = { aheadM: 5, behindM: 5 }

/** A gate with its 20 Hz, its lidar and a driver at 20 Hz; each of them can be silent. */
class Rig {
  state = CLOSED_GATE
  nowMs = 0
  sequence = 0
  way = OPEN_WAY
  isLidarSpeaking = true
  twist: Twist2 | null = null
  readonly told: { atMs: number; twist: Twist2 }[] = []

  do(input: GateInput): DriveRefusal | null {
    const { state, twist, refusal } = driveGate(this.state, input, this.nowMs)
    this.state = state
    if (twist !== null) {
      this.twist = twist
      this.told.push({ atMs: this.nowMs, twist })
    }
    return refusal
  }

  command(given: Partial<DriveCommand> = {}): DriveRefusal | null {
    this.sequence += 1
    const command = {
      sessionId: 's-1',
      sequence: this.sequence,
      sentAtEpochMs: EPOCH_MS + this.nowMs - 20,
      pictureAgeMs: 60,
      isHeld: true,
      speedMps: 0.5,
      turnRadPerS: 0,
      ...given,
    }
    return this.do({ type: 'command', command, nowEpochMs: EPOCH_MS + this.nowMs })
  }

  /** @param driver what the driver sends each step; `null`: nothing */
  run(ms: number, driver: Partial<DriveCommand> | null = null) {
    for (const untilMs = this.nowMs + ms; this.nowMs < untilMs;) {
      this.nowMs += DRIVE_LIMITS.stepMs
      if (this.isLidarSpeaking && this.nowMs % 100 === 0) this.do({ type: 'scan', ...this.way })
      if (driver !== null) this.command(driver)
      this.do({ type: 'tick' })
    }
    return this
  }

  get speedMps(): number {
    return this.twist?.speedMps ?? 0
  }
}

function driven(driver: Partial<DriveCommand> = {}): Rig {
  const rig = new Rig()
  rig.do({ type: 'scan', ...OPEN_WAY })
  rig.do({ type: 'open', sessionId: 's-1' })
  rig.command({ isHeld: false, speedMps: 0 })
  rig.run(2000, driver)
  return rig
}

describe('the drive gate', () => {
  it('writes nothing while nobody has the drive', () => {
    const rig = new Rig().run(1000)
    expect(rig.twist).toBeNull()
    expect(rig.command()).toBe('nobodyHasTheDrive')
    expect(rig.run(1000).twist).toBeNull()
  })

  it('drives as it is told, at full speed at most', () => {
    expect(driven().speedMps).toBe(0.5)
    expect(driven({ speedMps: 0.2 }).speedMps).toBeCloseTo(0.2)
    expect(driven({ speedMps: -9 }).speedMps).toBe(-0.5)
    expect(driven({ speedMps: 0, turnRadPerS: 7 }).twist).toEqual({ speedMps: 0, turnRadPerS: 1 })
  })

  it('counts a press only after it was let go', () => {
    const rig = new Rig()
    rig.do({ type: 'open', sessionId: 's-1' })
    rig.run(1000, { isHeld: true })
    expect(rig.speedMps).toBe(0)
    expect(rig.command()).toBe('releaseFirst')
  })

  it('begins to stop within 0.3 s of the last command, and writes zero within 0.5 s', () => {
    const rig = driven()
    const lastMs = rig.nowMs
    rig.run(1000)
    const after = rig.told.filter(({ atMs }) => atMs > lastMs)
    expect(after.find(({ twist }) => twist.speedMps < 0.5)!.atMs - lastMs).toBeLessThanOrEqual(300)
    expect(after.find(({ twist }) => twist.speedMps === 0)!.atMs - lastMs).toBeLessThanOrEqual(500)
  })

  it('is disarmed after a second of silence, until it is let go and pressed anew', () => {
    const rig = driven()
    rig.run(1100)
    rig.run(1000, {})
    expect(rig.speedMps).toBe(0)
    rig.command({ isHeld: false })
    rig.run(1500, {})
    expect(rig.speedMps).toBe(0.5)
  })

  it('ramps to a stand within the step when it is let go', () => {
    const rig = driven()
    rig.run(50, { isHeld: false })
    expect(rig.speedMps).toBeLessThan(0.5)
    rig.run(500, { isHeld: false })
    expect(rig.speedMps).toBe(0)
  })

  it.each<[string, Partial<DriveCommand>, DriveRefusal]>([
    ['of another session', { sessionId: 's-2' }, 'otherSession'],
    ['older than 250 ms', { sentAtEpochMs: EPOCH_MS + 2000 - 251 }, 'tooOld'],
    ['from the future', { sentAtEpochMs: EPOCH_MS + 2000 + 101 }, 'fromTheFuture'],
    ['whose speed is no number', { speedMps: NaN }, 'notFinite'],
    ['whose turn is without end', { turnRadPerS: Infinity }, 'notFinite'],
    ['that came before', { sequence: 1 }, 'reordered'],
    ['without a number of its own', { sequence: 1e300 }, 'reordered'],
    ['with half a number', { sequence: 5000.5 }, 'reordered'],
  ])('drops and counts a command %s', (_, given, refusal) => {
    const rig = driven()
    expect(rig.command(given)).toBe(refusal)
    expect(rig.state.refused).toEqual({ [refusal]: 1 })
    // It keeps nothing alive either.
    rig.run(600, given)
    expect(rig.speedMps).toBe(0)
  })

  it('believes no sequence of an earlier session, and needs none of it', () => {
    const rig = driven()
    rig.do({ type: 'close' })
    rig.run(1000)
    rig.do({ type: 'open', sessionId: 's-2' })
    expect(rig.command({ sessionId: 's-1' })).toBe('otherSession')
    expect(rig.command({ sessionId: 's-2', sequence: 1, isHeld: false })).toBeNull()
  })

  it('slows with the age of the picture, and stands for one that is frozen', () => {
    expect(driven({ pictureAgeMs: 250 }).speedMps).toBeLessThan(0.35)
    expect(driven({ pictureAgeMs: 480 }).speedMps).toBeLessThan(0.05)
    expect(driven({ pictureAgeMs: 500 }).speedMps).toBe(0)
    expect(
      [0, 150, 300, 400, 500, 501, NaN, Infinity].map(shareForAge).map((share) => Math.round(100 * share)),
    ).toEqual([100, 100, 40, 20, 0, 0, 0, 0])
  })

  it('slows before an obstacle, stops at 0.35 m at once, and backs away from it', () => {
    const rig = driven()
    rig.way = { aheadM: 0.6, behindM: 5 }
    rig.run(500, {})
    expect(rig.speedMps).toBeGreaterThan(0)
    expect(rig.speedMps).toBeLessThan(0.25)
    rig.way = { aheadM: 0.34, behindM: 5 }
    rig.run(100, {})
    expect(rig.speedMps).toBe(0)
    rig.run(1000, { speedMps: -0.2 })
    expect(rig.speedMps).toBeCloseTo(-0.2)
  })

  it('comes to a stand without a lidar, turning as well', () => {
    const rig = driven({ turnRadPerS: 1 })
    rig.isLidarSpeaking = false
    rig.run(250, { turnRadPerS: 1 })
    expect(rig.speedMps).toBeLessThan(0.5)
    rig.run(700, { turnRadPerS: 1 })
    expect(rig.twist).toEqual({ speedMps: 0, turnRadPerS: 0 })
  })

  it('stands at once when it is halted, and writes zeros for half a second', () => {
    const rig = driven()
    rig.do({ type: 'halt' })
    expect(rig.twist).toEqual({ speedMps: 0, turnRadPerS: 0 })
    const haltedMs = rig.nowMs
    rig.run(2000, {})
    const after = rig.told.filter(({ atMs }) => atMs > haltedMs)
    expect(after.every(({ twist }) => twist.speedMps === 0)).toBe(true)
    expect(after.at(-1)!.atMs - haltedMs).toBeLessThan(600)
    expect(after.length).toBeGreaterThan(5)
  })

  it('holds still when its clock goes back', () => {
    const rig = driven()
    rig.nowMs -= 60_000
    rig.do({ type: 'tick' })
    rig.run(1000)
    expect(rig.speedMps).toBe(0)
  })

  it('property: for any commands, losses, orders and scans it keeps its speed, its stop and its driver', () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('command' as const),
        sessionId: fc.constantFrom('s-1', 's-2'),
        sequence: fc.integer({ min: 0, max: 60 }),
        ageMs: fc.integer({ min: -200, max: 700 }),
        pictureAgeMs: fc.constantFrom(0, 100, 200, 400, 600, NaN),
        isHeld: fc.boolean(),
        speedMps: fc.constantFrom(-2, -0.5, -0.1, 0, 0.1, 0.5, 2, NaN, Infinity),
        turnRadPerS: fc.constantFrom(-5, 0, 0.5, NaN),
      }),
      fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(50, 100, 300, 1200) }),
      fc.record({
        kind: fc.constant('scan' as const),
        aheadM: fc.constantFrom(0, 0.2, 0.5, 1, 5, NaN),
        behindM: fc.constantFrom(0, 0.5, 5),
      }),
      fc.record({ kind: fc.constantFrom('open' as const, 'close' as const, 'halt' as const) }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const rig = new Rig()
        rig.isLidarSpeaking = false
        let acceptedAtMs = -Infinity
        let isOpen = false
        let scan = { atMs: -Infinity, aheadM: 0, behindM: 0 }
        const judge = () => {
          const { twist } = rig
          if (twist === null) return
          expect(Math.abs(twist.speedMps)).toBeLessThanOrEqual(DRIVE_LIMITS.speedMps)
          expect(Math.abs(twist.turnRadPerS)).toBeLessThanOrEqual(DRIVE_LIMITS.turnRadPerS)
          const silentMs = rig.nowMs - acceptedAtMs
          // Zero 0.5 s after the last that counted, and a turn's ramp.
          if (silentMs > 550) expect(twist.speedMps).toBe(0)
          if (silentMs > 750) expect(twist.turnRadPerS).toBe(0)
          const isFresh = rig.nowMs - scan.atMs <= DRIVE_LIMITS.scanStaleMs
          const freeM = twist.speedMps < 0 ? scan.behindM : scan.aheadM
          if (isFresh && !(freeM >= DRIVE_LIMITS.stopAtM)) expect(twist.speedMps).toBe(0)
        }
        const tick = () => {
          rig.nowMs += DRIVE_LIMITS.stepMs
          rig.do({ type: 'tick' })
          judge()
        }
        for (const one of steps) {
          switch (one.kind) {
            case 'command': {
              const { kind: _, ageMs, ...given } = one
              const sentAtEpochMs = EPOCH_MS + rig.nowMs - ageMs
              const refusal = rig.do({
                type: 'command',
                command: { ...given, sentAtEpochMs },
                nowEpochMs: EPOCH_MS + rig.nowMs,
              })
              if (refusal === null && given.isHeld) {
                expect(isOpen && given.sessionId === 's-1' && ageMs <= 250 && ageMs >= -100).toBe(true)
                acceptedAtMs = rig.nowMs
              }
              break
            }
            case 'wait':
              for (let ms = 0; ms < one.ms; ms += DRIVE_LIMITS.stepMs) tick()
              break
            case 'scan':
              scan = { atMs: rig.nowMs, aheadM: one.aheadM, behindM: one.behindM }
              rig.do({ type: 'scan', aheadM: one.aheadM, behindM: one.behindM })
              break
            case 'open':
              isOpen = true
              rig.do({ type: 'open', sessionId: 's-1' })
              break
            default:
              isOpen = false
              rig.do({ type: one.kind })
          }
          tick()
        }
      }),
      { numRuns: 400 },
    )
  })
})
