import { wardError } from '../errors/index.ts'
import { claimingWord, impossibleWord } from './claim-words.ts'
import { doseForLogReduction, doseIntervalForLogReduction } from './dose-response.ts'
import type { Bounds, Organism } from './organism.ts'

/** The only wavelength that lamps and plans know, nm. */
const WAVELENGTH_NM = 254

/** A printed D90 may be this far off what the constants give: sources round to two figures (proposed). */
const STATED_D90_TOLERANCE = 0.06

/** Beyond this nothing is planned or shown, log10. */
const MOST_LOG = 12

/**
 * A catalogue entry, checked: where it comes from, in which units, and that its figures agree with one another.
 *
 * @throws WARD_ERR_ORGANISM_SOURCE when it, or one of its doses beyond the fit, names no source; WARD_ERR_VALIDATION
 *   when a figure cannot be right.
 */
export function defineOrganism(organism: Organism): Organism {
  const refuse = refusalAt(`organism ${organism.id}`)
  if (organism.source.trim() === '') {
    throw wardError('WARD_ERR_ORGANISM_SOURCE', {
      what: 'The dose response has no source',
      where: `organism ${organism.id}`,
    })
  }
  if (organism.wavelengthNm !== WAVELENGTH_NM) {
    refuse(
      `The constants are for ${organism.wavelengthNm} nm`,
      `Give constants that were measured at ${WAVELENGTH_NM} nm: the lamps give no other light.`,
    )
  }
  if (organism.logBase !== 'e') {
    refuse(
      `The log base is ${JSON.stringify(organism.logBase)}`,
      'Give natural-log rate constants and log base "e". A rate per log10 is multiplied by ln 10 = 2.3026.',
    )
  }
  // A note may speak of the agents that hands use; name and medium stand in headings.
  const word =
    claimingWord(organism.name) ?? claimingWord(organism.medium) ?? impossibleWord(organism.note ?? '')
  if (word !== null) {
    refuse(
      `Its text claims ${JSON.stringify(word)}`,
      'Name organism and medium only; what a room may be called follows from a site validation.',
    )
  }
  checkResponse(organism, refuse)
  const { supportedLog, fittedLog } = organism
  for (const [name, log] of [
    ['supported', supportedLog],
    ['fitted', fittedLog],
  ] as const) {
    if (log !== null && !(log > 0 && log <= MOST_LOG)) {
      refuse(
        `The ${name} log reduction is ${log}`,
        `Give the highest log reduction that the source shows, above 0 and at most ${MOST_LOG}, or null.`,
      )
    }
  }
  checkBeyondFit(organism, refuse)
  checkStatedD90(organism, refuse)
  return organism
}

type Refuse = (what: string, remedy: string) => never

function refusalAt(where: string): Refuse {
  return (what, remedy) => {
    throw wardError('WARD_ERR_VALIDATION', { what, where, remedy })
  }
}

function checkResponse({ response }: Organism, refuse: Refuse): void {
  switch (response.model) {
    case 'exponential':
      checkRate('k', response.kCm2PerMj, refuse)
      break
    case 'multiTarget':
      checkRate('k', response.kCm2PerMj, refuse)
      checkBounds('The number of targets', response.targets, 'more', refuse)
      for (const targets of valuesOf(response.targets)) {
        if (!(targets >= 1 && targets <= 1e6)) {
          refuse(`The number of targets is ${targets}`, 'Give a number from 1 to 1000000.')
        }
      }
      break
    case 'twoStage':
      checkRate('k of the fast stage', response.kFastCm2PerMj, refuse)
      checkRate('k of the slow stage', response.kSlowCm2PerMj, refuse)
      checkBounds('The slow fraction', response.slowFraction, 'more', refuse)
      for (const fraction of valuesOf(response.slowFraction)) {
        if (!(fraction > 0 && fraction < 1)) {
          refuse(
            `The slow fraction is ${fraction}`,
            'Give the share that the slow stage holds, between 0 and 1.',
          )
        }
      }
      if (Math.max(...valuesOf(response.kSlowCm2PerMj)) >= Math.min(...valuesOf(response.kFastCm2PerMj))) {
        refuse('The slow stage is not slower than the fast one', 'Exchange the two rate constants.')
      }
  }
}

function checkRate(name: string, k: Bounds, refuse: Refuse): void {
  for (const value of valuesOf(k)) {
    if (!(Number.isFinite(value) && value > 0)) {
      refuse(`${name} is ${value} cm²/mJ`, 'Give the natural-log rate constant, a number above 0.')
    }
  }
  checkBounds(name, k, 'less', refuse)
}

/** @param cautiously whether the cautious end is the one with `more` or with `less` */
function checkBounds(name: string, bounds: Bounds, cautiously: 'more' | 'less', refuse: Refuse): void {
  const values = valuesOf(bounds)
  const isInOrder = values.every((value, index) => {
    const before = values[index - 1]
    return before === undefined || (cautiously === 'more' ? before >= value : before <= value)
  })
  if (!isInOrder) {
    refuse(
      `${name} runs the wrong way round: ${values.join(', ')}`,
      `Its cautious end is the ${cautiously === 'more' ? 'largest' : 'smallest'}, for it asks for the larger dose; then likely, then favourable.`,
    )
  }
}

function valuesOf({ cautious, likely, favourable }: Bounds): number[] {
  return [cautious, likely, favourable].filter((value) => value !== null)
}

function checkBeyondFit(organism: Organism, refuse: Refuse): void {
  const { beyondFit, fittedLog, supportedLog } = organism
  if (beyondFit.length === 0) return
  if (fittedLog === null) {
    refuse(
      'It gives doses beyond the fit, and does not say up to which log reduction the model was fitted',
      'Give fittedLog; those doses count above it.',
    )
  }
  for (const { log, doseMjPerCm2, source } of beyondFit) {
    if (source.trim() === '') {
      throw wardError('WARD_ERR_ORGANISM_SOURCE', {
        what: `The dose for ${log} log has no source`,
        where: `organism ${organism.id}`,
      })
    }
    for (const dose of valuesOf(doseMjPerCm2)) {
      if (!(Number.isFinite(dose) && dose > 0)) {
        refuse(`The dose for ${log} log is ${dose} mJ/cm²`, 'Give a number above 0.')
      }
    }
    checkBounds(`The dose for ${log} log`, doseMjPerCm2, 'more', refuse)
    if (!(log <= MOST_LOG)) refuse(`It gives a dose for ${log} log`, `Give at most ${MOST_LOG} log.`)
    if (supportedLog !== null && log > supportedLog) {
      refuse(
        `It gives a dose for ${log} log, and the evidence is said to end at ${supportedLog}`,
        'Raise supportedLog to the highest log reduction of those doses.',
      )
    }
  }
  const fitted = doseIntervalForLogReduction({ ...organism, beyondFit: [] }, fittedLog)
  for (const end of ['cautious', 'likely', 'favourable'] as const) {
    let before = { log: fittedLog, dose: fitted[end] }
    for (const { log, doseMjPerCm2 } of beyondFit) {
      const dose = doseMjPerCm2[end]
      if (log <= before.log || (dose !== null && before.dose !== null && dose <= before.dose)) {
        refuse(
          `The dose for ${log} log does not come after that for ${before.log} log`,
          'List doses beyond the fit by growing log reduction, all above fittedLog; more log takes more dose.',
        )
      }
      before = { log, dose }
    }
  }
}

function checkStatedD90(organism: Organism, refuse: Refuse): void {
  const { statedD90MjPerCm2: stated } = organism
  if (stated === null) return
  if (!(Number.isFinite(stated) && stated > 0)) {
    refuse(`The stated D90 is ${stated} mJ/cm²`, 'Give the D90 that the source prints, above 0, or null.')
  }
  const computed = doseForLogReduction(organism, 1)
  const ratio = computed / stated
  const isNear = (factor: number) => Math.abs(ratio / factor - 1) <= STATED_D90_TOLERANCE
  if (isNear(1)) return
  const cause = isNear(Math.LN10)
    ? 'That is ln 10 times too much: the rate is per log10. Multiply it by 2.3026.'
    : isNear(1 / Math.LN10)
      ? 'That is ln 10 times too little: the rate was multiplied by 2.3026 once too often.'
      : isNear(10) || isNear(0.1)
        ? 'That is ten times off: 1 mJ/cm² is 10 J/m².'
        : 'Check unit, log base and model of the constants.'
  refuse(`The constants give a D90 of ${computed.toPrecision(3)} mJ/cm², the source states ${stated}`, cause)
}
