import type { CodeableConcept, Coding } from 'fhir/r4.js'
import { SYSTEMS } from './systems.ts'

/** SNOMED CT, international edition, hierarchy organism; only codes that were looked up. Others have our own code alone. */
const SNOMED_CT_CODES: Readonly<Record<string, readonly [string, string]>> = {
  'sars-cov-2': ['840533007', 'Severe acute respiratory syndrome coronavirus 2'],
  mrsa: ['115329001', 'Methicillin resistant Staphylococcus aureus'],
  vre: ['113727004', 'Vancomycin resistant Enterococcus'],
  'c-difficile': ['5933001', 'Clostridioides difficile'],
  'a-baumannii': ['91288006', 'Acinetobacter baumannii'],
  'p-aeruginosa': ['52499004', 'Pseudomonas aeruginosa'],
}

export function organismConcept({
  id,
  name,
}: {
  readonly id: string
  readonly name: string
}): CodeableConcept {
  const snomedCt = SNOMED_CT_CODES[id]
  return {
    coding: [
      { system: SYSTEMS.organism, code: id, display: name },
      ...(snomedCt === undefined
        ? []
        : [{ system: SYSTEMS.snomedCt, code: snomedCt[0], display: snomedCt[1] }]),
    ],
    text: name,
  }
}

/** Of one coding, our own id; `null`: it names none of ours. */
export function organismIdOf({ system, code }: Coding): string | null {
  if (code === undefined) return null
  if (system === SYSTEMS.organism) return code
  if (system !== SYSTEMS.snomedCt) return null
  return Object.entries(SNOMED_CT_CODES).find(([, [snomedCt]]) => snomedCt === code)?.[0] ?? null
}
