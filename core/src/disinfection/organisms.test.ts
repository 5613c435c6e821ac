import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { d90MjPerCm2, doseForLogReduction, logReductionForDose } from './dose-response.ts'
import { ORGANISMS } from './organism-catalogue.ts'
import { organismById, withOrganism } from './organisms.ts'

const ENTRY = {
  id: 'phage-ms2',
  name: 'MS2',
  kind: 'virus',
  medium: 'liquid',
  wavelengthNm: 254,
  logBase: 'e',
  response: { model: 'exponential', kCm2PerMj: { cautious: 0.1, likely: null, favourable: null } },
  statedD90MjPerCm2: null,
  fittedLog: null,
  beyondFit: [],
  source: 'Somebody 2020',
  certainty: 'unverified',
  supportedLog: null,
  note: null,
} as const

describe('ORGANISMS', () => {
  it.each([
    ['sars-cov-2', 8.3, 25],
    ['mrsa', 3.21, 9.6],
    ['vre', 6.03, 18],
    ['c-difficile', 100.35, 301],
    ['c-difficile-liquid', 18, 54],
    ['c-auris', 21.3, 64],
    ['norovirus', 47.85, 144],
  ])('%s needs %f mJ/cm² for one log and %f for three', (id, d90, threeLog) => {
    const organism = organismById(id)
    expect(Math.abs(d90MjPerCm2(organism) / d90 - 1)).toBeLessThan(0.02)
    expect(Math.abs(doseForLogReduction(organism, 3) / threeLog - 1)).toBeLessThan(0.02)
  })

  it('names a source for each, and has each id once', () => {
    expect(ORGANISMS.every(({ source }) => source.length > 3)).toBe(true)
    expect(new Set(ORGANISMS.map(({ id }) => id)).size).toBe(ORGANISMS.length)
  })

  it('asks for no less in the default entry than in any other entry of the organism', () => {
    const pairs = ORGANISMS.flatMap((other) =>
      ORGANISMS.filter(({ id }) => other.id.startsWith(`${id}-`)).map((plain) => ({ plain, other })),
    )
    expect(pairs.length).toBeGreaterThan(2)
    for (const { plain, other } of pairs) expect(d90MjPerCm2(plain)).toBeGreaterThan(d90MjPerCm2(other))
  })

  it('goes from log reduction to dose and back', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ORGANISMS),
        fc.double({ min: 0, max: 6, noNaN: true }),
        (organism, log) => {
          expect(logReductionForDose(organism, doseForLogReduction(organism, log))).toBeCloseTo(log, 9)
        },
      ),
    )
  })

  it('takes no entry without a source, with a senseless constant, or with an id that is taken', () => {
    const code = (entry: Parameters<typeof withOrganism>[1]) => () => withOrganism(ORGANISMS, entry)
    expect(code({ ...ENTRY, source: '  ' })).toThrow(
      expect.objectContaining({ code: 'WARD_ERR_ORGANISM_SOURCE' }),
    )
    for (const kCm2PerMj of [0, -1, Number.NaN, Infinity]) {
      expect(
        code({
          ...ENTRY,
          response: {
            model: 'exponential',
            kCm2PerMj: { cautious: kCm2PerMj, likely: null, favourable: null },
          },
        }),
      ).toThrow(expect.objectContaining({ code: 'WARD_ERR_VALIDATION' }))
    }
    expect(code({ ...ENTRY, id: 'mrsa' })).toThrow(expect.objectContaining({ code: 'WARD_ERR_CONFLICT' }))
    expect(organismById('phage-ms2', withOrganism(ORGANISMS, ENTRY))).toEqual(ENTRY)
    expect(() => organismById('ebola')).toThrow(
      expect.objectContaining({ code: 'WARD_ERR_ORGANISM_UNKNOWN' }),
    )
  })
})
