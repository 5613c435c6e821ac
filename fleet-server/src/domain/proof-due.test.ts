import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { proofDue } from './proof-due.ts'

const at = new Date('2026-01-05T03:00:00Z')
const measured = {
  readings: [{ place: 'bed', ppm: 0.2 }],
  instrument: 'Handheld 7',
  by: 'Erin Engineer',
  role: 'engineer' as const,
  at: at.toISOString(),
}
const missions = fc.record({
  verdict: fc.constantFrom(null, 'proven', 'incomplete', 'aborted'),
  reportText: fc.constantFrom(null, '{}', '{"a":1}'),
  releasedAt: fc.constantFrom(null, at),
  handMeasurement: fc.constantFrom(null, measured),
} as const)

describe('what has to be proven of a mission that changes', () => {
  it('is nothing where nothing that counts has changed', () => {
    fc.assert(
      fc.property(missions, (mission) => {
        expect(proofDue(mission, { ...mission })).toBeNull()
      }),
    )
  })

  it('is something for every verdict, late evidence, release and measurement', () => {
    fc.assert(
      fc.property(missions, missions, (before, after) => {
        const isNews =
          (before.releasedAt === null && after.releasedAt !== null) ||
          (before.handMeasurement === null && after.handMeasurement !== null) ||
          (after.verdict !== null && after.verdict !== before.verdict) ||
          (after.verdict !== null && after.reportText !== before.reportText)
        expect(proofDue(before, after) !== null).toBe(isNews)
      }),
    )
  })
})
