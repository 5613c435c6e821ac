import type { Interval } from '@wardlight/core/disinfection'
import type { Dictionary } from '../i18n/en.ts'
import { formatDose, formatLogDown } from './figures.ts'

/** Nobody has shown more than this; what goes beyond it is only "more". */
const HIGHEST_LOG = 6

/** A log reduction that a dose stands for: never rounded up, and never more than anybody has shown. */
export function logWords(text: Dictionary, log: number): string {
  return log > HIGHEST_LOG ? text.dose.logBeyond(HIGHEST_LOG) : text.dose.log(formatLogDown(log, text.locale))
}

/** How far the dose of a log reduction may be off, beside the cautious one that is planned. */
export function doseSpreadWords(text: Dictionary, { likely, favourable }: Interval): string {
  if (likely !== null && favourable !== null) {
    return text.request.spreadBoth(formatDose(likely, text.locale), formatDose(favourable, text.locale))
  }
  if (likely !== null) return text.request.spreadLikely(formatDose(likely, text.locale))
  if (favourable !== null) return text.request.spreadFavourable(formatDose(favourable, text.locale))
  return text.request.spreadUnknown
}

/** How much more a dose may have done than the cautious log reduction; `null` where the source does not say. */
export function logSpreadWords(text: Dictionary, { likely, favourable }: Interval): string | null {
  if (likely !== null && favourable !== null) {
    return text.report.logSpreadBoth(logWords(text, likely), logWords(text, favourable))
  }
  if (likely !== null) return text.report.logSpreadLikely(logWords(text, likely))
  if (favourable !== null) return text.report.logSpreadFavourable(logWords(text, favourable))
  return null
}
