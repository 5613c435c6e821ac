import { wardError } from '../errors/index.ts'
import type { Organism, OrganismKind } from './organism.ts'
import type { DisinfectionMethod, SiteValidation } from './site-validation.ts'

/** What was done in a room, of which something is to be said. */
export interface TreatmentDone {
  readonly organism: Organism
  readonly method: DisinfectionMethod
  /** The least that a promised surface received: mJ/cm² for `uv`, ppm·h for `hpv` and `ahp`. */
  readonly dose: number
  readonly roomId: string
  readonly ward: string | null
  readonly robotId: string
}

/** Words for what a validated method does to a kind of organism. */
const WORDS: Readonly<Record<OrganismKind, string>> = {
  spore: 'sporicidal',
  bacterium: 'bactericidal',
  mycobacterium: 'mycobactericidal',
  virus: 'virucidal',
  yeast: 'yeasticidal',
}

/**
 * What may be said of a treatment. This is the only place from which words such as "sporicidal" come, and only
 * a validation of this site unlocks them: of the same organism and method, in this place, with this robot, at no
 * higher dose, passed, not withdrawn, and not out of date. Without one the words are plain.
 */
export function claimFor(
  done: TreatmentDone,
  validations: readonly SiteValidation[],
  nowEpochMs: number,
): { readonly text: string; readonly validationId: string | null } {
  const { organism, method, dose } = done
  const amount = `${dose >= 100 ? Math.round(dose) : Number(dose.toPrecision(3))} ${method === 'uv' ? 'mJ/cm²' : 'ppm·h'}`
  const received = `${method === 'uv' ? 'Every promised surface received' : 'Every sensor in the room measured'} at least ${amount}`
  const validation = validations.find((candidate) => holdsFor(candidate, done, nowEpochMs))
  if (validation === undefined) {
    return {
      text: `${received}. No validation of this site says more against ${organism.name}.`,
      validationId: null,
    }
  }
  return {
    text:
      `${received}. At this dose the method was shown to be ${WORDS[organism.kind]} ` +
      `here against ${validation.indicator.organism}, ${shownLog(validation)} log (${validation.performedBy}, ${validation.performedAt.slice(0, 10)}).`,
    validationId: validation.id,
  }
}

/** As `claimFor`, for gas, which is not aimed at one organism: by the first of the site's validations that holds for any. */
export function gasClaimFor(
  done: Omit<TreatmentDone, 'organism'>,
  organisms: readonly Organism[],
  validations: readonly SiteValidation[],
  nowEpochMs: number,
): ReturnType<typeof claimFor> {
  for (const organism of organisms) {
    const claim = claimFor({ ...done, organism }, validations, nowEpochMs)
    if (claim.validationId !== null) return claim
  }
  const ppmHours = done.dose >= 100 ? Math.round(done.dose) : Number(done.dose.toPrecision(3))
  return {
    text: `Every sensor in the room measured at least ${ppmHours} ppm·h. No validation of this site says more.`,
    validationId: null,
  }
}

/** What a validation showed, log10: of indicators that all stayed without growth their whole population, else nothing. */
export function shownLog({ result }: SiteValidation): number {
  if (result.type === 'logReduction') return result.lowestLog
  return result.grew === 0 ? result.populationLog : 0
}

export function hasPassed(validation: SiteValidation): boolean {
  return shownLog(validation) >= validation.requiredLog
}

function holdsFor(validation: SiteValidation, done: TreatmentDone, nowEpochMs: number): boolean {
  const { place, robotIds } = validation
  const isHere =
    place.scope === 'site' ||
    (place.scope === 'ward' ? place.ward === done.ward : place.roomIds.includes(done.roomId))
  return (
    validation.organismId === done.organism.id &&
    validation.method === done.method &&
    validation.withdrawn === null &&
    hasPassed(validation) &&
    isHere &&
    (robotIds.length === 0 || robotIds.includes(done.robotId)) &&
    done.dose >= validation.dose &&
    Date.parse(validation.performedAt) <= nowEpochMs &&
    nowEpochMs <= Date.parse(validation.validUntil)
  )
}

/**
 * A validation, checked as it is recorded.
 *
 * @throws WARD_ERR_VALIDATION with what was wrong, where, and what would be right
 */
export function checkedValidation(validation: SiteValidation): SiteValidation {
  const refuse = (what: string, where: string, remedy: string): never => {
    throw wardError('WARD_ERR_VALIDATION', { what, where, remedy })
  }
  const { performedAt, validUntil, result, indicator, performedBy, evidence, dose, requiredLog } = validation
  for (const [where, text] of Object.entries({
    performedBy,
    evidence,
    'indicator.organism': indicator.organism,
    'indicator.product': indicator.product,
    'indicator.lot': indicator.lot,
  })) {
    if (text.trim() === '')
      refuse('Who, with which indicator, and where the evidence lies must be named', where, 'Fill it in.')
  }
  if (!(dose > 0 && dose < Infinity))
    refuse(`The dose is ${dose}`, 'dose', 'Give what the indicators received, above 0.')
  if (!(requiredLog > 0))
    refuse(`The required log reduction is ${requiredLog}`, 'requiredLog', 'Give a number above 0.')
  const [done, until] = [Date.parse(performedAt), Date.parse(validUntil)]
  if (Number.isNaN(done))
    refuse(`"${performedAt}" is no date`, 'performedAt', 'Give it as ISO 8601: 2026-03-31.')
  if (Number.isNaN(until))
    refuse(`"${validUntil}" is no date`, 'validUntil', 'Give it as ISO 8601: 2027-03-31.')
  if (until <= done) refuse('It ends before it was performed', 'validUntil', 'Give a later date.')
  if (
    result.type === 'growth' &&
    !(result.exposed >= 1 && result.grew >= 0 && result.grew <= result.exposed)
  ) {
    refuse(
      `${result.grew} of ${result.exposed} indicators grew`,
      'result',
      'Give how many were exposed, and how many of them grew.',
    )
  }
  return validation
}
