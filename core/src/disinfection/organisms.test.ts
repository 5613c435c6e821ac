import { describe, expect, it } from 'vitest'
import { defineOrganism } from './define-organism.ts'
import { d90MjPerCm2, doseForLogReduction } from './dose-response.ts'
import { ORGANISMS } from './organism-catalogue.ts'
import { evidenceNotes } from './organism-evidence.ts'
import type { Organism } from './organism.ts'
import { organismById, withOrganism } from './organisms.ts'
import { anOrganism, exactly } from './testing/organisms.ts'

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

  it('takes a new entry, and no id twice', () => {
    expect(organismById('phage-ms2', withOrganism(ORGANISMS, anOrganism()))).toEqual(anOrganism())
    expect(() => withOrganism(ORGANISMS, anOrganism({ id: 'mrsa' }))).toThrow(
      expect.objectContaining({ code: 'WARD_ERR_CONFLICT' }),
    )
    expect(() => organismById('ebola')).toThrow(
      expect.objectContaining({ code: 'WARD_ERR_ORGANISM_UNKNOWN' }),
    )
  })
})

describe('defineOrganism', () => {
  const range = (cautious: number, favourable: number) => ({ cautious, likely: null, favourable })
  const k = (kCm2PerMj: number) => ({ model: 'exponential', kCm2PerMj: exactly(kCm2PerMj) }) as const
  const beyond = (log: number, cautious: number, favourable: number | null = null) => ({
    log,
    doseMjPerCm2: { cautious, likely: null, favourable },
    source: 'Somebody 2021',
  })

  it.each<[string, Partial<Organism>]>([
    ['has no source', { source: '  ' }],
    ['dose for 5 log has no source', { fittedLog: 3, beyondFit: [{ ...beyond(5, 200), source: ' ' }] }],
  ])('refuses an entry whose %s', (what, part) => {
    expect(() => defineOrganism(anOrganism(part))).toThrow(
      expect.objectContaining({ code: 'WARD_ERR_ORGANISM_SOURCE', what: expect.stringContaining(what) }),
    )
  })

  it.each<[string, Partial<Organism>]>([
    ['222 nm', { wavelengthNm: 222 }],
    ['log base is "10"', { logBase: '10' }],
    ['log base is ""', { logBase: '' }],
    ['k is 0', { response: k(0) }],
    ['k is -1', { response: k(-1) }],
    ['k is NaN', { response: k(Number.NaN) }],
    ['k is Infinity', { response: k(Infinity) }],
    [
      'k runs the wrong way round: 0.3, 0.1',
      { response: { model: 'exponential', kCm2PerMj: range(0.3, 0.1) } },
    ],
    [
      'k runs the wrong way round: 0.1, 0.3, 0.2',
      {
        response: { model: 'exponential', kCm2PerMj: { cautious: 0.1, likely: 0.3, favourable: 0.2 } },
      },
    ],
    [
      'number of targets is 0.5',
      { response: { model: 'multiTarget', kCm2PerMj: exactly(1), targets: exactly(0.5) } },
    ],
    [
      'number of targets runs the wrong way round',
      { response: { model: 'multiTarget', kCm2PerMj: exactly(1), targets: range(2, 4) } },
    ],
    [
      'slow fraction is 1',
      {
        response: {
          model: 'twoStage',
          kFastCm2PerMj: exactly(1),
          kSlowCm2PerMj: exactly(0.1),
          slowFraction: exactly(1),
        },
      },
    ],
    [
      'slow stage is not slower',
      {
        response: {
          model: 'twoStage',
          kFastCm2PerMj: range(0.1, 1),
          kSlowCm2PerMj: exactly(0.1),
          slowFraction: exactly(0.01),
        },
      },
    ],
    ['supported log reduction is 0', { supportedLog: 0 }],
    ['supported log reduction is NaN', { supportedLog: Number.NaN }],
    ['does not say up to which', { beyondFit: [beyond(5, 200)] }],
    ['does not come after', { fittedLog: 3, beyondFit: [beyond(5, 60)] }],
    ['does not come after', { fittedLog: 3, beyondFit: [beyond(3, 600)] }],
    ['does not come after', { fittedLog: 3, beyondFit: [beyond(5, 200), beyond(4, 300)] }],
    ['runs the wrong way round', { fittedLog: 3, beyondFit: [beyond(5, 200, 300)] }],
    ['evidence is said to end at 4', { fittedLog: 3, supportedLog: 4, beyondFit: [beyond(5, 200)] }],
  ])('refuses an entry where %s', (what, part) => {
    expect(() => defineOrganism(anOrganism(part))).toThrow(
      expect.objectContaining({
        code: 'WARD_ERR_VALIDATION',
        where: 'organism phage-ms2',
        what: expect.stringContaining(what) as string,
      }),
    )
  })

  it.each([
    ['a rate per log10', 0.1 / Math.LN10, 'per log10'],
    ['a rate converted twice', 0.1 * Math.LN10, 'once too often'],
    ['a rate in cm²/mJ that was m²/J', 0.01, 'J/m²'],
    ['a rate of something else', 0.15, 'Check unit'],
  ])('finds %s by the D90 that the source prints', (_, kCm2PerMj, remedy) => {
    const stated = { statedD90MjPerCm2: 23 }
    expect(() => defineOrganism(anOrganism(stated))).not.toThrow()
    expect(() => defineOrganism(anOrganism({ ...stated, response: k(kCm2PerMj) }))).toThrow(
      expect.objectContaining({ remedy: expect.stringContaining(remedy) as string }),
    )
  })

  it('lets no name or medium claim what only a site validation may', () => {
    for (const part of [
      { name: 'Sporicidal dose' },
      { medium: 'sterile steel' },
      { note: 'Gives sterility' },
    ]) {
      expect(() => defineOrganism(anOrganism(part))).toThrow(
        expect.objectContaining({
          code: 'WARD_ERR_VALIDATION',
          what: expect.stringContaining('claims') as string,
        }),
      )
    }
  })
})

describe('evidenceNotes', () => {
  it('says nothing where a checked source gives one dose', () => {
    expect(evidenceNotes(organismById('sars-cov-2'), 3)).toEqual([])
  })

  it('says how far the sources lie apart, and which end the plan gives', () => {
    expect(evidenceNotes(organismById('c-auris'), 5)).toContainEqual(
      'Candida auris: 5 log takes 103 to 192 mJ/cm² by the evidence; the plan gives 192.',
    )
  })

  it('says what is extrapolated, unchecked, or not settled', () => {
    const notes = evidenceNotes(organismById('c-difficile'), 5).join('\n')
    expect(notes).toContain('5 log is extrapolated')
    expect(notes).toContain('nobody has checked')
    expect(notes).toContain('2208')
  })
})
