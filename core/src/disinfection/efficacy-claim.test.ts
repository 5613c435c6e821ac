import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { claimingWord, impossibleWord } from './claim-words.ts'
import { checkedValidation, claimFor, type TreatmentDone } from './efficacy-claim.ts'
import { ORGANISMS } from './organism-catalogue.ts'
import { organismById } from './organisms.ts'
import type { SiteValidation } from './site-validation.ts'

const done: TreatmentDone = {
  organism: organismById('c-difficile'),
  method: 'uv',
  dose: 310,
  roomId: 'I1',
  ward: '1I',
  robotId: 'wardlight.uv-01',
}
const validation: SiteValidation = {
  id: 'v1',
  organismId: 'c-difficile',
  method: 'uv',
  place: { scope: 'ward', ward: '1I' },
  equipment: 'UV-01, 8 × 40 W',
  robotIds: [],
  dose: 300,
  indicator: { organism: 'C. difficile ATCC 43598', product: 'carriers', lot: '17' },
  result: { type: 'growth', exposed: 12, grew: 0, populationLog: 6 },
  requiredLog: 4,
  performedBy: 'hospital hygiene',
  performedAt: '2026-03-01T00:00:00Z',
  validUntil: '2027-03-01T00:00:00Z',
  evidence: 'report 12',
  note: null,
  withdrawn: null,
}
const NOW = Date.parse('2026-11-01T00:00:00Z')

describe('claimFor', () => {
  it('says "sporicidal" on the strength of a validation of this site, and names it', () => {
    const { text, validationId } = claimFor(done, [validation], NOW)
    expect(claimingWord(text)).toBe('sporicidal')
    expect(text).toContain('6 log (hospital hygiene, 2026-03-01)')
    expect(validationId).toBe('v1')
  })

  it.each<[string, Partial<SiteValidation>]>([
    ['another organism', { organismId: 'mrsa' }],
    ['another method', { method: 'hpv' }],
    ['another ward', { place: { scope: 'ward', ward: '1A' } }],
    ['other rooms', { place: { scope: 'rooms', roomIds: ['I2'] } }],
    ['another robot', { robotIds: ['wardlight.uv-02'] }],
    ['a higher dose', { dose: 311 }],
    ['growth', { result: { type: 'growth', exposed: 12, grew: 1, populationLog: 6 } }],
    ['too little', { result: { type: 'logReduction', samples: 5, lowestLog: 3.9 } }],
    ['a time that is over', { validUntil: '2026-10-01T00:00:00Z' }],
    ['a time to come', { performedAt: '2026-12-01T00:00:00Z' }],
    ['a withdrawn one', { withdrawn: { at: '2026-05-01', by: 'x', reason: 'y' } }],
  ])('says nothing more than the dose for %s', (_, change) => {
    const { text, validationId } = claimFor(done, [{ ...validation, ...change }], NOW)
    expect(claimingWord(text)).toBeNull()
    expect(text).toContain('at least 310 mJ/cm²')
    expect(validationId).toBeNull()
  })

  it('claims nothing without a validation, whatever was done, and nothing impossible with one', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ORGANISMS),
        fc.constantFrom('uv' as const, 'hpv' as const, 'ahp' as const),
        fc.double({ min: 0.01, max: 1e4, noNaN: true }),
        (organism, method, dose) => {
          expect(claimingWord(claimFor({ ...done, organism, method, dose }, [], NOW).text)).toBeNull()
          const all = {
            ...validation,
            organismId: organism.id,
            method,
            dose,
            place: { scope: 'site' as const },
          }
          const { text, validationId } = claimFor({ ...done, organism, method, dose }, [all], NOW)
          expect(validationId).toBe('v1')
          expect(impossibleWord(text)).toBeNull()
        },
      ),
    )
  })
})

describe('checkedValidation', () => {
  it.each<[string, Partial<SiteValidation>]>([
    ['performedBy', { performedBy: ' ' }],
    ['evidence', { evidence: '' }],
    ['indicator.lot', { indicator: { ...validation.indicator, lot: '' } }],
    ['dose', { dose: 0 }],
    ['requiredLog', { requiredLog: 0 }],
    ['performedAt', { performedAt: 'yesterday' }],
    ['validUntil', { validUntil: '2026-02-01T00:00:00Z' }],
    ['result', { result: { type: 'growth', exposed: 3, grew: 4, populationLog: 6 } }],
  ])('refuses a wrong %s and says where', (where, change) => {
    expect(() => checkedValidation({ ...validation, ...change })).toThrow(
      expect.objectContaining({ code: 'WARD_ERR_VALIDATION', where }),
    )
  })

  it('takes one that is right', () => {
    expect(checkedValidation(validation)).toBe(validation)
  })
})
