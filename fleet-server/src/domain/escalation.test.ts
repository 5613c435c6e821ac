import type { AlarmView, EscalationStep } from '@wardlight/core/fleet'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { escalationsDue, ruleKeyOf, stepsFor } from './escalation.ts'

const RAISED_MS = Date.UTC(2026, 0, 5, 3)
const MINUTE_MS = 60_000
const wardOf = (roomId: string) => ({ 'room-1': 'A', 'room-2': 'B' })[roomId] ?? null

function alarm(over: Partial<AlarmView> = {}): AlarmView {
  return {
    id: 'a1',
    robotId: 'r1',
    roomId: 'room-1',
    kind: 'emergencyStop',
    priority: 'high',
    text: 'Stopped',
    raisedAt: new Date(RAISED_MS).toISOString(),
    count: 1,
    clearedAt: null,
    acknowledgedBy: null,
    acknowledgedAt: null,
    ...over,
  }
}

const rule = fc.record<EscalationStep>({
  afterMin: fc.integer({ min: 0, max: 60 }),
  to: fc.constantFrom('nurses', 'engineer', 'head of shift'),
  priority: fc.constantFrom('low', 'high', 'urgent'),
  wards: fc.option(fc.subarray(['A', 'B'])),
  webhookUrl: fc.constantFrom('https://a.example/hook', 'https://b.example/hook'),
})
const rules = fc.uniqueArray(rule, { maxLength: 6, selector: ruleKeyOf })

describe('who is told of an alarm', () => {
  it('is everybody it concerns, each once, in order of time, and nobody after somebody has seen it', () => {
    const minutes = fc.array(fc.integer({ min: 0, max: 90 }), { maxLength: 20 })
    const one = fc.record({
      priority: fc.constantFrom<AlarmView['priority']>('low', 'high', 'urgent'),
      roomId: fc.constantFrom('room-1', 'room-2', null),
    })
    fc.assert(
      fc.property(
        rules,
        minutes,
        one,
        fc.option(fc.integer({ min: 0, max: 90 })),
        (all, looks, what, seenMin) => {
          const told: { readonly key: string; readonly afterMin: number; readonly atMin: number }[] = []
          for (const atMin of looks.toSorted((a, b) => a - b)) {
            const isSeen = seenMin !== null && atMin >= seenMin
            const now = alarm({ ...what, acknowledgedAt: isSeen ? new Date().toISOString() : null })
            const due = escalationsDue([now], all, {
              nowMs: RAISED_MS + atMin * MINUTE_MS,
              wardOf,
              wasTold: (_, step) => told.some(({ key }) => key === ruleKeyOf(step)),
            })
            if (isSeen) expect(due).toEqual([])
            for (const { rule: step } of due) {
              told.push({ key: ruleKeyOf(step), afterMin: step.afterMin, atMin })
            }
          }
          expect(new Set(told.map(({ key }) => key)).size).toBe(told.length)
          for (const { afterMin, atMin } of told) expect(atMin).toBeGreaterThanOrEqual(afterMin)
          const last = Math.max(-1, ...looks.filter((atMin) => seenMin === null || atMin < seenMin))
          const concerned = stepsFor(alarm(what), all, wardOf).filter(({ afterMin }) => afterMin <= last)
          expect(told.map(({ key }) => key).toSorted()).toEqual(concerned.map(ruleKeyOf).toSorted())
        },
      ),
    )
  })

  it('is nobody whom it is not pressing enough for, or who works on another ward', () => {
    const step: EscalationStep = {
      afterMin: 0,
      to: 'nurses of B',
      priority: 'high',
      wards: ['B'],
      webhookUrl: 'https://b.example',
    }
    const isTold = (over: Partial<AlarmView>) => stepsFor(alarm(over), [step], wardOf).length === 1
    expect(isTold({ roomId: 'room-2' })).toBe(true)
    expect(isTold({ roomId: 'room-1' })).toBe(false)
    expect(isTold({ roomId: null })).toBe(true)
    expect(isTold({ roomId: 'room-2', priority: 'low' })).toBe(false)
    expect(isTold({ roomId: 'room-2', priority: 'urgent' })).toBe(true)
  })
})
