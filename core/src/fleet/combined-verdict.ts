import type { DisinfectionMethod } from '../disinfection/site-validation.ts'
import type { DoseReport, MissedSurfaceSchema, Verdict } from './dose-report.ts'
import type { PeroxideReport } from './peroxide.ts'
import type { Static } from 'typebox'

type MissedSurface = Static<typeof MissedSurfaceSchema>

/** One step of a combined recipe as it was ordered, in its place, and its evidence: `null` where it never began. */
export type RecipeStep =
  | { readonly method: 'uv'; readonly missionId: string; readonly report: DoseReport | null }
  | { readonly method: 'hpv' | 'ahp'; readonly missionId: string; readonly report: PeroxideReport | null }

export interface CombinedStepVerdict {
  readonly missionId: string
  readonly method: DisinfectionMethod
  /** `notRun`: the recipe ended before it. */
  readonly verdict: Verdict | 'notRun'
}

/** What may be said of a room that got several treatments, one after the other. */
export interface CombinedVerdict {
  /** `proven` only when every step is; `aborted` when none has done anything; else `incomplete`. */
  readonly verdict: Verdict
  readonly steps: readonly CombinedStepVerdict[]
  /** Surfaces of the room as the light's robot found it; `null` where no light has a report. */
  readonly surfaces: {
    readonly total: number
    /** With the light's target dose. */
    readonly lit: number
    /** Without it: whatever they got, they got from peroxide, which is measured in the air and not on them. */
    readonly unlit: readonly MissedSurface[]
  } | null
  /** Whether a step of peroxide held its target by every sensor in the room. It speaks of the air, of no surface. */
  readonly isGasProven: boolean
  /** The same for people. */
  readonly words: readonly string[]
}

/**
 * Judges a recipe of several steps by the evidence of each. Every step stands for itself: log reductions of light and
 * peroxide are never added, because what survives one in the shadow, under soil or as a spore may be what survives the
 * other; a site would have to validate the pair, and a `SiteValidation` speaks for one method.
 */
export function combinedVerdictOf(steps: readonly RecipeStep[]): CombinedVerdict {
  const verdicts = steps.map(({ missionId, method, report }): CombinedStepVerdict => ({
    missionId,
    method,
    verdict: report?.verdict ?? 'notRun',
  }))
  const isGasProven = steps.some(({ method, report }) => method !== 'uv' && report?.verdict === 'proven')
  const light = steps.findLast((step) => step.method === 'uv' && step.report !== null)?.report as
    | DoseReport
    | undefined
  const surfaces =
    light === undefined
      ? null
      : {
          total: light.deliveredMjPerCm2.length,
          lit: light.deliveredMjPerCm2.length - light.missed.length,
          unlit: light.missed,
        }
  return {
    verdict: wholeVerdict(verdicts),
    steps: verdicts,
    surfaces,
    isGasProven,
    words: wordsOf(steps, surfaces, isGasProven),
  }
}

function wholeVerdict(steps: readonly CombinedStepVerdict[]): Verdict {
  if (steps.length > 0 && steps.every(({ verdict }) => verdict === 'proven')) return 'proven'
  return steps.every(({ verdict }) => verdict === 'aborted' || verdict === 'notRun')
    ? 'aborted'
    : 'incomplete'
}

function wordsOf(
  steps: readonly RecipeStep[],
  surfaces: CombinedVerdict['surfaces'],
  isGasProven: boolean,
): string[] {
  const words = steps
    .filter(({ report }) => report === null)
    .map(({ method }, index, all) => `${all.length > 1 ? `${index + 1}. ` : ''}${NAMES[method]} was not run`)
  if (surfaces !== null) {
    words.push(`light brought its target dose to ${surfaces.lit} of ${surfaces.total} surfaces`)
  }
  const gas = steps.find(({ method }) => method !== 'uv')
  if (gas !== undefined && gas.report !== null) {
    words.push(
      isGasProven
        ? `${NAMES[gas.method]} held its concentration for its dwell, by every sensor in the air of the room`
        : `${NAMES[gas.method]} was not proven`,
    )
    const unlit = surfaces?.unlit.length ?? 0
    if (unlit > 0) {
      words.push(
        isGasProven
          ? `${unlit} surfaces without their light were in that air: for them only the peroxide speaks, and no sensor was on them`
          : `${unlit} surfaces have neither their light nor a proven cycle`,
      )
    }
  }
  words.push('each step stands for itself: log reductions of light and peroxide are not added')
  return words
}

const NAMES: Readonly<Record<DisinfectionMethod, string>> = {
  uv: 'light',
  hpv: 'hydrogen peroxide vapour',
  ahp: 'aerosolised hydrogen peroxide',
}
