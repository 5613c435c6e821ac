import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { MissionView, RequestView, Role } from '@wardlight/core/fleet'
import { aGas, aMission, aRequest, aRoom } from '../testing/builders.ts'
import { doorStepOf, type AtTheDoor } from './door-step.ts'

const at = (part: Partial<AtTheDoor>): AtTheDoor => ({
  room: aRoom(),
  request: null,
  mission: null,
  isStale: false,
  user: { id: 'user-1', role: 'nurse' },
  ...part,
})

const phases: readonly MissionView['phase'][] = [
  'queued',
  'traveling',
  'surveying',
  'awaitingArming',
  'exitDelay',
  'dosing',
  'interrupted',
  'verifying',
  'isolating',
  'conditioning',
  'gassing',
  'dwelling',
  'aerating',
  'unsealing',
  'finished',
]
const role = fc.constantFrom<Role>('nurse', 'clinician', 'engineer', 'administrator', 'auditor')
const mission = fc
  .record({
    phase: fc.constantFrom(...phases),
    isLampLit: fc.boolean(),
    gas: fc.option(fc.record({ isGassed: fc.boolean() }).map(aGas)),
  })
  .map(aMission)
const request = fc.option(
  fc
    .record({
      status: fc.constantFrom<RequestView['status']>('planning', 'planned', 'planningFailed'),
      roomReady: fc.option(
        fc.constantFrom({ by: null, at: null }, { by: 'Nora', at: '2026-03-01T03:00:00Z' }),
      ),
    })
    .map(aRequest),
)

describe('the next step at a door', () => {
  it('is to keep out whenever there is gas, light, or a robot inside that nobody hears', () => {
    fc.assert(
      fc.property(mission, request, role, fc.boolean(), (running, wish, who, isStale) => {
        const step = doorStepOf(
          at({ mission: running, request: wish, isStale, user: { id: 'user-1', role: who } }),
        )
        const isDangerous =
          running.gas?.isGassed === true || (running.phase !== 'finished' && running.isLampLit)
        if (isDangerous) expect(step).toBe('keepOut')
        if (isStale && running.phase !== 'finished') {
          expect(['keepOut', 'leaveNow', 'robotComes']).toContain(step)
          if (step === 'robotComes') expect(running.phase).toBe('queued')
        }
        if (step === 'arm') expect(['awaitingArming', 'interrupted']).toContain(running.phase)
      }),
    )
  })

  it('asks only nurses for what only nurses may do', () => {
    fc.assert(
      fc.property(fc.option(mission), request, role, (running, wish, who) => {
        const step = doorStepOf(at({ mission: running, request: wish, user: { id: 'user-1', role: who } }))
        expect(who === 'nurse' || !['arm', 'ask', 'confirmEmpty'].includes(step)).toBe(true)
      }),
    )
  })

  it.each<[string, Partial<AtTheDoor>]>([
    ['ask', {}],
    ['planning', { request: aRequest({ status: 'planning' }) }],
    ['confirmEmpty', { request: aRequest({ status: 'planning', roomReady: { by: null, at: null } }) }],
    ['approve', { request: aRequest() }],
    ['othersApprove', { request: aRequest({ approvalRoles: ['clinician'] }) }],
    ['planFailed', { request: aRequest({ status: 'planningFailed' }) }],
    ['leaveNow', { mission: aMission({ phase: 'exitDelay', isLampLit: false }) }],
    [
      'release',
      {
        room: aRoom({ state: 'inProgress', missionId: 'mission-1' }),
        mission: aMission({ phase: 'finished', isLampLit: false }),
      },
    ],
    [
      'robotComes',
      {
        room: aRoom({ state: 'inProgress', missionId: 'mission-1' }),
        mission: aMission({ phase: 'finished', isLampLit: false, stepCount: 2 }),
      },
    ],
    [
      'ask',
      {
        room: aRoom({ state: 'clean', missionId: 'mission-1' }),
        mission: aMission({ phase: 'finished', isLampLit: false }),
      },
    ],
  ])('is %s', (step, part) => {
    expect(doorStepOf(at(part))).toBe(step)
  })
})
