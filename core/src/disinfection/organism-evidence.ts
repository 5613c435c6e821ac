import { doseIntervalForLogReduction } from './dose-response.ts'
import type { Organism } from './organism.ts'

/**
 * What a plan must say of the evidence behind its target: how far the sources lie apart, where it goes beyond
 * them, and what they do not settle. Empty when a checked source gives one dose and nothing speaks against it.
 */
export function evidenceNotes(organism: Organism, targetLog: number): string[] {
  const { name, source, supportedLog, fittedLog, note } = organism
  const notes: string[] = []
  if (supportedLog === null || targetLog > supportedLog) {
    notes.push(
      `${name}: the evidence (${source}) ${supportedLog === null ? 'names no range' : `ends at ${supportedLog} log`}; ` +
        `${targetLog} log is extrapolated.`,
    )
  }
  const { cautious, favourable } = doseIntervalForLogReduction(organism, targetLog)
  if (favourable !== null && favourable < cautious) {
    notes.push(
      `${name}: ${targetLog} log takes ${figure(favourable)} to ${figure(cautious)} mJ/cm² by the evidence; the plan gives ${figure(cautious)}.`,
    )
  }
  if (fittedLog !== null && targetLog > fittedLog) {
    notes.push(
      `${name}: its survival was fitted up to ${fittedLog} log; beyond that the plan goes by the doses that the source gives.`,
    )
  }
  if (organism.certainty === 'unverified') {
    notes.push(`${name}: nobody has checked the figures against their source (${source}).`)
  }
  if (note !== null) notes.push(`${name}: ${note}`)
  return notes
}

function figure(doseMjPerCm2: number): string {
  return doseMjPerCm2 >= 100 ? String(Math.round(doseMjPerCm2)) : doseMjPerCm2.toPrecision(2)
}
