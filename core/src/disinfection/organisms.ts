import { wardError } from '../errors/index.ts'
import { defineOrganism } from './define-organism.ts'
import { ORGANISMS } from './organism-catalogue.ts'
import type { Organism } from './organism.ts'

export { doseForLogReduction, logReductionForDose } from './dose-response.ts'

/**
 * A catalogue with one more entry.
 *
 * @throws as `defineOrganism`; WARD_ERR_CONFLICT when the id is taken.
 */
export function withOrganism(catalogue: readonly Organism[], organism: Organism): readonly Organism[] {
  if (catalogue.some(({ id }) => id === organism.id)) {
    throw wardError('WARD_ERR_CONFLICT', {
      what: `There is an organism "${organism.id}" already`,
      remedy: 'Choose another id, or correct the entry that is there.',
    })
  }
  return [...catalogue, defineOrganism(organism)]
}

/** @throws WARD_ERR_ORGANISM_UNKNOWN */
export function organismById(id: string, catalogue: readonly Organism[] = ORGANISMS): Organism {
  const organism = catalogue.find((entry) => entry.id === id)
  if (organism === undefined) {
    throw wardError('WARD_ERR_ORGANISM_UNKNOWN', {
      what: `There is no organism "${id}"`,
      remedy: `Choose one of ${catalogue.map((entry) => entry.id).join(', ')}.`,
    })
  }
  return organism
}
