import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decideRuns, ON_TIME_MS, type MissedPolicy } from './missed-runs.ts'

const HOUR = 3_600_000
const due = [0, 24, 48].map((hours) => hours * HOUR)
const actions = (policy: MissedPolicy, nowMs: number) =>
  decideRuns(due, nowMs, policy).map(({ action }) => action)

describe('runs that were missed', () => {
  it('are skipped, run late until so late, or run once for all', () => {
    const now = 49 * HOUR
    expect(actions({ type: 'skip' }, now)).toEqual(['miss', 'miss', 'miss'])
    expect(actions({ type: 'runLate', lateByMs: 2 * HOUR }, now)).toEqual(['miss', 'miss', 'run'])
    expect(actions({ type: 'runLate', lateByMs: 30 * HOUR }, now)).toEqual(['miss', 'run', 'run'])
    expect(actions({ type: 'runOnce' }, now)).toEqual(['miss', 'miss', 'run'])
    expect(actions({ type: 'skip' }, 48 * HOUR + ON_TIME_MS)).toEqual(['miss', 'miss', 'run'])
  })

  it('get exactly one decision each, never a run that is too late, with a reason for each miss', () => {
    const policy = fc.oneof(
      fc.constant({ type: 'skip' as const }),
      fc.constant({ type: 'runOnce' as const }),
      fc.record({
        type: fc.constant('runLate' as const),
        lateByMs: fc.integer({ min: ON_TIME_MS, max: 50 * HOUR }),
      }),
    )
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(100)), fc.nat(100), policy, (hours, wait, chosen) => {
        const dueMs = hours.map((hour) => hour * HOUR).toSorted((a, b) => a - b)
        const nowMs = (dueMs.at(-1) ?? 0) + wait * HOUR
        const decisions = decideRuns(dueMs, nowMs, chosen)
        expect(decisions.map(({ scheduledMs }) => scheduledMs)).toEqual(dueMs)
        for (const { action, reason, scheduledMs } of decisions) {
          if (action === 'miss') expect(reason).not.toBeNull()
          else if (chosen.type === 'runLate') expect(nowMs - scheduledMs).toBeLessThanOrEqual(chosen.lateByMs)
        }
        if (chosen.type === 'runOnce' && dueMs.length > 0) {
          expect(decisions.filter(({ action }) => action === 'run')).toHaveLength(1)
        }
      }),
    )
  })
})
