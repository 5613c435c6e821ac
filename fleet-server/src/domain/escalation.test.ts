import type { AlarmPriority, AlarmView, EscalationStep, Role } from '@wardlight/core/fleet'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { escalationsDue, rulesInVain, stepsFor, type DutyDevice, type Target } from './escalation.ts'

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

const webhookUrl = fc.constantFrom('https://a.example/hook', 'https://b.example/hook')
const roles = fc.subarray<Role>(['nurse', 'clinician', 'engineer'], { minLength: 1 })
const told = fc.oneof(fc.record({ webhookUrl }), fc.record({ roles }), fc.record({ webhookUrl, roles }))
const rule: fc.Arbitrary<EscalationStep> = fc
  .tuple(
    fc.record({
      afterMin: fc.integer({ min: 0, max: 60 }),
      to: fc.constantFrom('nurses', 'engineer', 'head of shift'),
      priority: fc.constantFrom<AlarmPriority>('low', 'high', 'urgent'),
      wards: fc.option(fc.subarray(['A', 'B'])),
    }),
    told,
  )
  .map(([step, where]) => ({ ...step, ...where }))
const rules = fc.uniqueArray(rule, { maxLength: 6, selector: ({ afterMin, to }) => `${afterMin} ${to}` })
const devices = fc
  .array(
    fc.record({
      role: fc.constantFrom<Role>('nurse', 'clinician', 'engineer', 'administrator'),
      wards: fc.option(fc.subarray(['A', 'B'])),
      /** When its person comes on duty. */
      fromMin: fc.integer({ min: 0, max: 90 }),
    }),
    { maxLength: 5 },
  )
  .map((all) => all.map((device, index) => ({ ...device, id: `d${index}` })))

const isOf = (
  { role, wards }: Omit<DutyDevice, 'id'>,
  { roles: wanted = [] }: EscalationStep,
  ward: string | null,
) => wanted.includes(role) && (ward === null || (wards?.includes(ward) ?? true))

describe('who is told of an alarm', () => {
  it('is everybody it concerns, each once, in order of time, and nobody after somebody has seen it', () => {
    const minutes = fc.array(fc.integer({ min: 0, max: 90 }), { maxLength: 20 })
    const one = fc.record({
      priority: fc.constantFrom<AlarmPriority>('low', 'high', 'urgent'),
      roomId: fc.constantFrom('room-1', 'room-2', null),
    })
    fc.assert(
      fc.property(
        rules,
        devices,
        minutes,
        one,
        fc.option(fc.integer({ min: 0, max: 90 })),
        (all, people, looks, what, seenMin) => {
          const heard: {
            readonly key: string
            readonly rule: EscalationStep
            readonly target: Target
            readonly atMin: number
          }[] = []
          for (const atMin of looks.toSorted((a, b) => a - b)) {
            const isSeen = seenMin !== null && atMin >= seenMin
            const now = alarm({ ...what, acknowledgedAt: isSeen ? new Date().toISOString() : null })
            const due = escalationsDue([now], all, {
              nowMs: RAISED_MS + atMin * MINUTE_MS,
              wardOf,
              onDuty: people.filter(({ fromMin }) => fromMin <= atMin),
              wasTold: (_, key) => heard.some((before) => before.key === key),
            })
            if (isSeen) expect(due).toEqual([])
            heard.push(...due.map(({ key, rule: step, target }) => ({ key, rule: step, target, atMin })))
          }
          for (const { rule: step, atMin } of heard) expect(atMin).toBeGreaterThanOrEqual(step.afterMin)
          const last = Math.max(-1, ...looks.filter((atMin) => seenMin === null || atMin < seenMin))
          const ward = what.roomId === null ? null : wardOf(what.roomId)
          const expected = stepsFor(alarm(what), all, wardOf)
            .filter(({ afterMin }) => afterMin <= last)
            .flatMap((step) => [
              ...(step.webhookUrl === undefined ? [] : [{ step, target: { webhookUrl: step.webhookUrl } }]),
              ...people
                .filter((device) => device.fromMin <= last && isOf(device, step, ward))
                .map(({ id }) => ({ step, target: { deviceId: id } })),
            ])
          const words = (step: EscalationStep, target: Target) =>
            JSON.stringify([step.afterMin, step.to, target])
          expect(heard.map(({ rule: step, target }) => words(step, target)).toSorted()).toEqual(
            expected.map(({ step, target }) => words(step, target)).toSorted(),
          )
        },
      ),
    )
  })

  it('is in vain where a step tells devices alone, and nobody has one who could be told', () => {
    fc.assert(
      fc.property(rules, devices, fc.integer({ min: 0, max: 90 }), (all, people, atMin) => {
        const facts = {
          nowMs: RAISED_MS + atMin * MINUTE_MS,
          wardOf,
          onDuty: people,
          wasTold: () => false,
        }
        const reached = new Set(escalationsDue([alarm()], all, facts).map(({ rule: step }) => step))
        const inVain = new Set(rulesInVain([alarm()], all, facts))
        for (const step of stepsFor(alarm(), all, wardOf).filter(({ afterMin }) => afterMin <= atMin)) {
          expect(inVain.has(step)).toBe(!reached.has(step))
          if (inVain.has(step)) expect(step.webhookUrl).toBeUndefined()
        }
      }),
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
