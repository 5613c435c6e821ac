import { describe, expect, it } from 'vitest'
import type { Surface, TreatmentPlan } from '@wardlight/core/disinfection'
import type { DoseReport } from '@wardlight/core/fleet'
import { judgeReport, outcomeOf } from './verdict.ts'

const surfaces = ['a', 'b', 'c'].map((id): Surface => ({
  id,
  faceId: 'wall',
  label: 'wall',
  centre: { x: 0, y: 0, z: 0 },
  normal: { x: 1, y: 0, z: 0 },
  areaM2: 1,
  isHighTouch: false,
  sizeM: [1, 1],
}))
const missedC = { id: 'c', label: 'wall', reason: 'shadowed', explanation: 'dark', remedy: null } as const
const room: DoseReport['room'] = {
  roomId: 'r',
  levelId: 'L',
  polygon: [],
  heightM: 2,
  obstacles: [],
  doors: [],
}
const plan: TreatmentPlan = {
  room,
  surfaceSizeM: 1,
  organismId: 'mrsa',
  targetLog: 3,
  targetMjPerCm2: 10.005,
  stops: [],
  predictedMjPerCm2: [12, 12, 0],
  unreachable: [missedC],
  dwellS: 1,
  travelS: 1,
  plannedS: 2,
  notes: [],
}
const mission = { id: 'm', roomId: 'r', robotId: 'acme.r1', plan }

function report(patch: Partial<DoseReport> = {}): DoseReport {
  return {
    missionId: 'm',
    robotId: 'acme.r1',
    roomId: 'r',
    organismId: 'mrsa',
    targetLog: 3,
    targetMjPerCm2: 10.005,
    verdict: 'proven',
    startedAt: '',
    finishedAt: '',
    plannedS: 2,
    elapsedS: 2,
    lampOnS: 1,
    stops: [],
    room,
    surfaceSizeM: 1,
    deliveredMjPerCm2: [12, 10, 0],
    missed: [missedC],
    interlocks: [],
    timeline: [],
    arming: [],
    ...patch,
  }
}

describe('the judgement of a report', () => {
  it('believes a proof that its own doses carry, down to the rounding', () => {
    expect(judgeReport({ report: report(), mission, planned: surfaces, found: surfaces })).toEqual({
      verdict: 'proven',
      problem: null,
    })
  })

  const spoiled: readonly (readonly [string, Partial<DoseReport>])[] = [
    ['names mission', { missionId: 'other' }],
    ['names room', { roomId: 'other' }],
    ['names robot', { robotId: 'other' }],
    ['names organism', { organismId: 'other' }],
    ['names target log', { targetLog: 1 }],
    ['aims at 5', { targetMjPerCm2: 5 }],
    ['2 doses for 3 surfaces', { deliveredMjPerCm2: [12, 12] }],
    ['1 promised surfaces are listed as missed', { missed: [missedC, { ...missedC, id: 'b' }] }],
    ['1 promised surfaces got less', { deliveredMjPerCm2: [12, 9.99, 0] }],
    [
      'its measurements prove nothing',
      { interlocks: [{ at: 9, kind: 'lamp.stuckOn', detail: '', wasLit: false }] },
    ],
  ]
  it.each(spoiled)('takes a proof for incomplete that %s', (problem, patch) => {
    const judgement = judgeReport({ report: report(patch), mission, planned: surfaces, found: surfaces })
    expect(judgement.verdict).toBe('incomplete')
    expect(judgement.problem).toContain(problem)
  })

  it.each(['incomplete', 'aborted'] as const)('never makes %s better than it is', (verdict) => {
    const judgement = judgeReport({
      report: report({ verdict }),
      mission,
      planned: surfaces,
      found: surfaces,
    })
    expect(judgement.verdict).toBe(verdict)
  })

  it('says in words why it ended', () => {
    const interlocks: DoseReport['interlocks'] = [
      { at: 3, kind: 'door.opened', detail: 'door-1', wasLit: true },
    ]
    expect(outcomeOf(report({ interlocks }), 'incomplete', null)).toBe(
      'Disinfection incomplete: door opened (door-1)',
    )
    expect(outcomeOf(report(), 'incomplete', null)).toBe(
      'Disinfection incomplete: 1 surfaces missed their dose',
    )
    expect(outcomeOf(report(), 'proven', null)).toBe('Dose proven')
  })
})
