import {
  defineOrganism,
  doseForLogReduction,
  doseIntervalForLogReduction,
} from '@wardlight/core/disinfection'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EMPTY_ORGANISM, organismOf, type OrganismEntry } from './organism-entry.ts'

const dose = fc.double({ min: 0.05, max: 1000, noNaN: true })
const complete: OrganismEntry = {
  ...EMPTY_ORGANISM,
  name: 'Klebsiella pneumoniæ (OXA-48)',
  d90MjPerCm2: 4,
  source: 'A laboratory report',
}

describe('an organism as an administrator writes it', () => {
  it('becomes an entry that the catalogue takes, with the doses that were written', () => {
    fc.assert(
      fc.property(dose, dose, dose, (a, b, c) => {
        const [favourable, likely, cautious] = [a, b, c].toSorted((x, y) => x - y) as [number, number, number]
        const organism = defineOrganism(
          organismOf({
            ...complete,
            d90MjPerCm2: cautious,
            likelyD90MjPerCm2: likely,
            favourableD90MjPerCm2: favourable,
          })!,
        )
        const spread = doseIntervalForLogReduction(organism, 1)
        expect(doseForLogReduction(organism, 1)).toBeCloseTo(cautious, 6)
        expect(spread.likely).toBeCloseTo(likely, 6)
        expect(spread.favourable).toBeCloseTo(favourable, 6)
      }),
    )
  })

  it('gets an id from its name, and what was left out is left open', () => {
    expect(organismOf(complete)).toMatchObject({
      id: 'klebsiella-pneumoniae-oxa-48',
      supportedLog: null,
      note: null,
      response: { kCm2PerMj: { likely: null, favourable: null } },
    })
    expect(organismOf({ ...complete, name: 'long name '.repeat(12) })!.id).toMatch(/^[a-z-]{1,60}(?<!-)$/)
  })

  it.each([
    ['a name', { name: ' ' }],
    ['a name with letters', { name: '???' }],
    ['a dose', { d90MjPerCm2: Number.NaN }],
    ['a source', { source: ' ' }],
  ])('is not sent without %s', (_, part) => {
    expect(organismOf({ ...complete, ...part })).toBeNull()
  })
})
