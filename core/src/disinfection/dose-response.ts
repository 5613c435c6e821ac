import type { Bounds, DoseResponse, DoseBeyondFit, Organism } from './organism.ts'

/** A figure and how far it may be off: of a dose, mJ/cm², or of a log10 reduction. */
export interface Interval {
  /** What plans go by: the larger dose for a log reduction, the smaller log reduction for a dose. */
  readonly cautious: number
  /** What the source holds most likely; `null` where it does not say. */
  readonly likely: number | null
  /** The other end; `null` where the source does not say how far it goes. */
  readonly favourable: number | null
}

type End = keyof Bounds

/** A growing function of the log reduction, and its inverse. */
interface Curve {
  dose(log: number): number
  log(doseMjPerCm2: number): number
}

/** The dose that leaves one in ten alive, mJ/cm². */
export function d90MjPerCm2(organism: Organism): number {
  return doseForLogReduction(organism, 1)
}

/** mJ/cm² for a log10 reduction, at the cautious end: the number that plans use. */
export function doseForLogReduction(organism: Organism, log: number): number {
  return cautiousCurve(organism).dose(log)
}

/** The log10 reduction of a dose, at the cautious end. The inverse of `doseForLogReduction`. */
export function logReductionForDose(organism: Organism, doseMjPerCm2: number): number {
  return cautiousCurve(organism).log(doseMjPerCm2)
}

/** mJ/cm² for a log10 reduction, with the uncertainty of the constants: cautious ≥ likely ≥ favourable. */
export function doseIntervalForLogReduction(organism: Organism, log: number): Interval {
  const cautious = doseForLogReduction(organism, log)
  const likely = otherCurve(organism, 'likely', log)?.dose(log) ?? null
  const favourable = otherCurve(organism, 'favourable', log)?.dose(log) ?? null
  return inOrder(cautious, likely, favourable, Math.min)
}

/** The log10 reduction of a dose, with the uncertainty of the constants: cautious ≤ likely ≤ favourable. */
export function logReductionIntervalForDose(organism: Organism, doseMjPerCm2: number): Interval {
  const logAt = (end: End): number | null => {
    const curve = otherCurve(organism, end, 0)
    const log = curve?.log(doseMjPerCm2) ?? null
    // Beyond the fit its own doses count, and they may not know this end.
    return log === null ? null : (otherCurve(organism, end, log)?.log(doseMjPerCm2) ?? null)
  }
  const cautious = logReductionForDose(organism, doseMjPerCm2)
  return inOrder(cautious, logAt('likely'), logAt('favourable'), Math.max)
}

/** Doses beyond the fit may lie closer together, or further apart, than the fit: no end passes the one before it. */
function inOrder(
  cautious: number,
  likely: number | null,
  favourable: number | null,
  outer: (a: number, b: number) => number,
): Interval {
  const middle = likely === null ? null : outer(likely, cautious)
  return {
    cautious,
    likely: middle,
    favourable: favourable === null ? null : outer(favourable, middle ?? cautious),
  }
}

/** The model up to where it was fitted; beyond it whatever asks for more, the model or `beyondFit`. */
function cautiousCurve(organism: Organism): Curve {
  const { response, beyondFit, fittedLog } = organism
  const model = modelCurve(response, 'cautious')!
  if (beyondFit.length === 0 || fittedLog === null) return model
  const lines = linesBeyondFit(model, fittedLog, beyondFit, 'cautious')!
  return {
    dose: (log) => (log <= fittedLog ? model.dose(log) : Math.max(model.dose(log), lines.dose(log))),
    log: (dose) =>
      dose <= model.dose(fittedLog) ? model.log(dose) : Math.min(model.log(dose), lines.log(dose)),
  }
}

/** The model up to where it was fitted, beyond it `beyondFit`; `null` where this end is not known there. */
function otherCurve({ response, beyondFit, fittedLog }: Organism, end: End, log: number): Curve | null {
  const model = modelCurve(response, end)
  if (model === null || beyondFit.length === 0 || fittedLog === null || log <= fittedLog) return model
  return linesBeyondFit(model, fittedLog, beyondFit, end)
}

/**
 * Straight lines over the log reduction: from where the fit ends through the doses beyond it, and on as the
 * last line goes.
 */
function linesBeyondFit(
  model: Curve,
  fittedLog: number,
  beyondFit: readonly DoseBeyondFit[],
  end: End,
): Curve | null {
  const knots = [{ log: fittedLog, dose: model.dose(fittedLog) }]
  for (const { log, doseMjPerCm2 } of beyondFit) {
    const dose = doseMjPerCm2[end]
    if (dose === null) return null
    knots.push({ log, dose })
  }
  const between = (key: 'log' | 'dose', value: number, wanted: 'log' | 'dose'): number => {
    const after = knots.findIndex((knot, index) => index > 0 && value <= knot[key])
    const to = after === -1 ? knots.length - 1 : after
    const [a, b] = [knots[to - 1]!, knots[to]!]
    const share = (value - a[key]) / (b[key] - a[key])
    return a[wanted] * (1 - share) + b[wanted] * share
  }
  return {
    dose: (log) => between('log', log, 'dose'),
    log: (dose) => between('dose', dose, 'log'),
  }
}

/** One end of a model; `null` when the source knows it of no constant, or not of all that have a spread. */
function modelCurve(response: DoseResponse, end: End): Curve | null {
  const constants = constantsOf(response)
  const values = constants.map(
    (constant) => constant[end] ?? (hasSpread(constant) ? null : constant.cautious),
  )
  const isKnown = constants.some((constant) => constant[end] !== null) && !values.includes(null)
  if (!isKnown) return null
  const [first, second, third] = values as number[]
  switch (response.model) {
    case 'exponential':
      return exponential(first!)
    case 'multiTarget':
      return multiTarget(first!, second!)
    case 'twoStage':
      return twoStage(first!, second!, third!)
  }
}

function constantsOf(response: DoseResponse): readonly Bounds[] {
  switch (response.model) {
    case 'exponential':
      return [response.kCm2PerMj]
    case 'multiTarget':
      return [response.kCm2PerMj, response.targets]
    case 'twoStage':
      return [response.kFastCm2PerMj, response.kSlowCm2PerMj, response.slowFraction]
  }
}

function hasSpread({ likely, favourable }: Bounds): boolean {
  return likely !== null || favourable !== null
}

function exponential(k: number): Curve {
  return {
    dose: (log) => (log * Math.LN10) / k,
    log: (dose) => (dose * k) / Math.LN10,
  }
}

/** Both directions in closed form, each written so that nothing cancels near survival 1 or 0. */
function multiTarget(k: number, n: number): Curve {
  return {
    dose: (log) => {
      // (1 - exp(-kD))^n = 1 - S
      const lnHit =
        log < 0.3 ? Math.log(-Math.expm1(-log * Math.LN10)) : Math.log1p(-Math.exp(-log * Math.LN10))
      const hit = Math.exp(lnHit / n)
      return hit < 0.5 ? -Math.log1p(-hit) / k : -Math.log(-Math.expm1(lnHit / n)) / k
    },
    log: (dose) => {
      const hit = (-Math.expm1(-k * dose)) ** n
      if (hit < 0.5) return -Math.log1p(-hit) / Math.LN10
      const survival = -Math.expm1(n * Math.log1p(-Math.exp(-k * dose)))
      return -Math.log10(survival)
    },
  }
}

/** As fine as floating-point numbers are. */
const ROOT_STEPS = 200

function twoStage(kFast: number, kSlow: number, slowFraction: number): Curve {
  const logOf = (dose: number): number =>
    (kSlow * dose - Math.log(slowFraction + (1 - slowFraction) * Math.exp((kSlow - kFast) * dose))) /
    Math.LN10
  return {
    log: logOf,
    dose: (log) => {
      // Survival lies between that of the fast stage alone and that of the slow one alone.
      let low = (log * Math.LN10) / kFast
      let high = (log * Math.LN10) / kSlow
      for (let step = 0; step < ROOT_STEPS; step += 1) {
        const middle = (low + high) / 2
        if (middle <= low || middle >= high) break
        if (logOf(middle) < log) low = middle
        else high = middle
      }
      return high
    },
  }
}
