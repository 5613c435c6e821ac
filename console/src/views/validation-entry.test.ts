import { describe, expect, it } from 'vitest'
import { EMPTY_VALIDATION, validationOf, type ValidationEntry } from './validation-entry.ts'

const complete: ValidationEntry = {
  ...EMPTY_VALIDATION,
  organismId: 'c-difficile',
  equipment: 'UV-01, 8 × 130 W',
  dose: 200,
  indicatorOrganism: 'Bacillus atrophaeus ATCC 9372',
  indicatorProduct: 'Strips of a maker',
  indicatorLot: '4711',
  exposed: 10,
  grew: 0,
  populationLog: 6,
  requiredLog: 3,
  performedBy: 'Hospital laboratory',
  performedOn: '2026-03-01',
  validThrough: '2027-02-28',
  evidence: 'Report 17/2026, page 4',
}

describe('a validation as a person writes it', () => {
  it('holds from the first to the last moment of its days, by the clocks of the hospital', () => {
    expect(validationOf(complete, 'Europe/Berlin')).toMatchObject({
      place: { scope: 'site' },
      robotIds: [],
      result: { type: 'growth', exposed: 10, grew: 0, populationLog: 6 },
      performedAt: '2026-02-28T23:00:00.000Z',
      validUntil: '2027-02-28T22:59:59.000Z',
      note: null,
    })
  })

  it('says where it holds, for which robot, and what was counted', () => {
    expect(
      validationOf(
        {
          ...complete,
          scope: 'rooms',
          roomIds: ['I1'],
          robotId: 'wardlight.uv-01',
          resultType: 'logReduction',
          samples: 12,
          lowestLog: 2.5,
          note: ' wall side ',
        },
        'UTC',
      ),
    ).toMatchObject({
      place: { scope: 'rooms', roomIds: ['I1'] },
      robotIds: ['wardlight.uv-01'],
      result: { type: 'logReduction', samples: 12, lowestLog: 2.5 },
      note: 'wall side',
    })
    expect(validationOf({ ...complete, scope: 'ward', ward: 'Isolation' }, 'UTC')).toMatchObject({
      place: { scope: 'ward', ward: 'Isolation' },
    })
  })

  it.each<[string, Partial<ValidationEntry>]>([
    ['its organism', { organismId: null }],
    ['its ward', { scope: 'ward' }],
    ['its rooms', { scope: 'rooms' }],
    ['its dose', { dose: Number.NaN }],
    ['what was required', { requiredLog: Number.NaN }],
    ['how many grew', { grew: Number.NaN }],
    ['what was counted', { resultType: 'logReduction', samples: 3 }],
    ['who did it', { performedBy: ' ' }],
    ['its lot', { indicatorLot: '' }],
    ['where the evidence lies', { evidence: '' }],
    ['a day', { performedOn: '' }],
    ['a day that exists', { validThrough: '2027-02-30' }],
  ])('is not sent without %s', (_, part) => {
    expect(validationOf({ ...complete, ...part }, 'UTC')).toBeNull()
  })
})
