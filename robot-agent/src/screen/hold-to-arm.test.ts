import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  HOLD_LIMITS,
  holdToArm,
  NO_HOLD,
  type HoldEvent,
  type HoldOutcome,
  type HoldStep,
} from './hold-to-arm.ts'

interface Said {
  /** Since the event before, by the robot's clock. */
  readonly afterMs: number
  readonly step: HoldStep
  readonly ageMs?: number
  /** By how much the sequence goes up; 1 is right. */
  readonly stride?: number
}

/** Runs the rule over messages and ticks. */
function run(trace: readonly (Said | { readonly afterMs: number; readonly step: 'tick' })[]) {
  let state = NO_HOLD
  let nowMs = 1000
  let sequence = 0
  const outcomes: (HoldOutcome & { readonly atMs: number })[] = []
  for (const said of trace) {
    nowMs += said.afterMs
    let event: HoldEvent = { type: 'tick' }
    if (said.step !== 'tick') {
      const { step, ageMs = 20, stride = 1 } = said
      sequence += stride
      event = { type: 'message', step, ageMs, sequence }
    }
    const { state: after, outcome } = holdToArm(state, event, nowMs)
    state = after
    outcomes.push({ ...outcome, atMs: nowMs })
    // The server closes a connection that is out of order; what comes is a new one.
    if (outcome.kind === 'broken') {
      state = NO_HOLD
      sequence = 0
    }
  }
  return outcomes
}

const kinds = (trace: Parameters<typeof run>[0]) => run(trace).map(({ kind }) => kind)
const going = (count: number): Said[] =>
  Array.from({ length: count }, () => ({ afterMs: HOLD_LIMITS.continueEveryMs, step: 'continue' }))

describe('hold to arm', () => {
  it('counts when a finger that held for 2 s leaves, and not before', () => {
    const outcomes = run([{ afterMs: 0, step: 'begin' }, ...going(8), { afterMs: 100, step: 'end' }])
    expect(outcomes.map(({ kind }) => kind)).toEqual([
      'began',
      ...Array.from({ length: 8 }, () => 'holding'),
      'completed',
    ])
    expect(outcomes.filter((outcome) => outcome.kind === 'holding' && outcome.isLongEnough)).toHaveLength(1)
  })

  it('does not count a finger that never leaves', () => {
    const outcomes = run([{ afterMs: 0, step: 'begin' }, ...going(80), { afterMs: 0, step: 'end' }])
    expect(outcomes.some(({ kind }) => kind === 'completed')).toBe(false)
    expect(outcomes).toContainEqual(expect.objectContaining({ kind: 'cancelled', reason: 'heldTooLong' }))
  })

  it.each<[string, Parameters<typeof run>[0], string]>([
    ['let go too soon', [...going(7), { afterMs: 249, step: 'end' }], 'letGoTooSoon'],
    ['a finger that slid away', [...going(7), { afterMs: 250, step: 'cancel' }], 'left'],
    ['a gap between two messages', [...going(4), { afterMs: 501, step: 'continue' }], 'silent'],
    ['a gap before it is let go', [...going(8), { afterMs: 501, step: 'end' }], 'silent'],
    [
      'silence, without waiting for the next message',
      [...going(4), { afterMs: 501, step: 'tick' }],
      'silent',
    ],
    ['a message that waited on its way', [...going(8), { afterMs: 10, step: 'end', ageMs: 501 }], 'late'],
    ['a message of unknown age', [...going(8), { afterMs: 10, step: 'end', ageMs: Infinity }], 'late'],
    ['an age that is no number', [...going(8), { afterMs: 10, step: 'end', ageMs: Number.NaN }], 'late'],
    ['time that goes back', [...going(8), { afterMs: -1, step: 'end' }], 'silent'],
    ['a second begin', [...going(4), { afterMs: 250, step: 'begin' }], 'begunTwice'],
  ])('cancels on %s', (_, trace, reason) => {
    const outcomes = run([{ afterMs: 0, step: 'begin' }, ...trace])
    expect(outcomes.at(-1)).toMatchObject({ kind: 'cancelled', reason })
    // And what comes after it brings nothing back.
    expect(kinds([{ afterMs: 0, step: 'begin' }, ...trace, { afterMs: 100, step: 'end' }]).at(-1)).toBe(
      'none',
    )
  })

  it.each([0, 2, -1])('takes messages whose sequence goes up by %d for a broken page', (stride) => {
    const outcomes = run([{ afterMs: 0, step: 'begin' }, ...going(8), { afterMs: 100, step: 'end', stride }])
    expect(outcomes.at(-1)!.kind).toBe('broken')
  })

  it('property: a finger that holds for 2 to 10 s with no gap always counts', () => {
    const gaps = fc.array(fc.integer({ min: 1, max: HOLD_LIMITS.maxGapMs }), { minLength: 4, maxLength: 60 })
    fc.assert(
      fc.property(gaps, (waits) => {
        const heldMs = waits.reduce((sum, wait) => sum + wait, 0)
        fc.pre(heldMs >= HOLD_LIMITS.holdMs && heldMs <= HOLD_LIMITS.maxHoldMs)
        const trace: Said[] = [
          { afterMs: 0, step: 'begin' },
          ...waits.map((afterMs, index) => ({
            afterMs,
            step: index === waits.length - 1 ? ('end' as const) : ('continue' as const),
          })),
        ]
        expect(kinds(trace).at(-1)).toBe('completed')
      }),
    )
  })

  it('property: whatever arms was one unbroken hold of 2 s or more, and nothing else ever arms', () => {
    const said = fc.record({
      afterMs: fc.oneof({ weight: 6, arbitrary: fc.constant(250) }, fc.integer({ min: -50, max: 700 })),
      step: fc.oneof(
        { weight: 10, arbitrary: fc.constant('continue' as const) },
        { weight: 3, arbitrary: fc.constantFrom('begin' as const, 'end' as const) },
        fc.constantFrom('cancel' as const, 'tick' as const),
      ),
      ageMs: fc.oneof(
        { weight: 15, arbitrary: fc.constant(20) },
        fc.constantFrom(-1, 501, Infinity, Number.NaN),
      ),
      stride: fc.oneof({ weight: 20, arbitrary: fc.constant(1) }, fc.constantFrom(0, 2)),
    })
    let armings = 0
    fc.assert(
      fc.property(fc.array(said, { minLength: 12, maxLength: 60 }), (noise) => {
        // A good hold somewhere in the noise, so that the property speaks about armings too.
        const trace = [
          ...noise.slice(0, 6),
          { afterMs: 30, step: 'cancel' as const },
          { afterMs: 30, step: 'begin' as const },
          ...noise.slice(6),
        ]
        const outcomes = run(trace)
        const times = outcomes.map(({ atMs }) => atMs)
        for (const [index, outcome] of outcomes.entries()) {
          if (outcome.kind !== 'completed') continue
          armings += 1
          // Back from the arming to the begin it rests on: only fresh messages in order, no gap, no end.
          expect(trace[index]!.step).toBe('end')
          let first = index
          while (outcomes[first]!.kind !== 'began') first -= 1
          const messages = trace.slice(first, index + 1)
          for (const [offset, message] of messages.entries()) {
            const isAsItShould =
              message.step === 'tick' ||
              (('stride' in message ? message.stride : 1) === 1 &&
                !(('ageMs' in message ? message.ageMs : 20) > HOLD_LIMITS.maxAgeMs))
            expect(isAsItShould).toBe(true)
            if (offset > 0 && offset < messages.length - 1) {
              expect(['continue', 'tick']).toContain(message.step)
            }
          }
          const heardAt = times
            .slice(first, index + 1)
            .filter((_, offset) => messages[offset]!.step !== 'tick')
          for (const [offset, at] of heardAt.entries()) {
            if (offset > 0) expect(at - heardAt[offset - 1]!).toBeLessThanOrEqual(HOLD_LIMITS.maxGapMs)
          }
          expect(times[index]! - times[first]!).toBeGreaterThanOrEqual(HOLD_LIMITS.holdMs)
          expect(times[index]! - times[first]!).toBeLessThanOrEqual(HOLD_LIMITS.maxHoldMs)
        }
      }),
      { numRuns: 2000 },
    )
    expect(armings).toBeGreaterThan(20)
  })
})
