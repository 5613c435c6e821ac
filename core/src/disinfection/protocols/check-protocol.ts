import { wardError } from '../../errors/index.ts'
import type { Organism } from '../organism.ts'
import { ORGANISMS } from '../organism-catalogue.ts'
import { organismById } from '../organisms.ts'
import type { PeroxideStep, Protocol, UvStep } from './protocol-schema.ts'

/**
 * A protocol, checked beyond its schema: it names its source, ends with the only release, airs what it gassed, and
 * somebody may approve and sign it.
 *
 * @throws WARD_ERR_VALIDATION with what was wrong, where, and what would be right; WARD_ERR_ORGANISM_UNKNOWN
 */
export function checkedProtocol(protocol: Protocol, organisms: readonly Organism[] = ORGANISMS): Protocol {
  const refuse = (what: string, where: string, remedy: string): never => {
    throw wardError('WARD_ERR_VALIDATION', { what, where: `protocol ${protocol.id}: ${where}`, remedy })
  }
  const { steps, prerequisites, approval, source } = protocol
  if (source.trim() === '') refuse('It has no source', 'source', 'Name what it follows.')
  if (approval.roles.length === 0) refuse('Nobody may approve it', 'approval.roles', 'Name a role.')
  const ids = [...prerequisites, ...steps].map(({ id }) => id)
  const twice = ids.find((id, index) => ids.indexOf(id) !== index)
  if (twice !== undefined) refuse(`Two of its parts are called "${twice}"`, 'steps', 'Give one another id.')
  steps.forEach((step, index) => {
    const where = `steps.${index}`
    const isLast = index === steps.length - 1
    if ((step.type === 'release') !== isLast) {
      refuse('A release is its last step, and only that', where, 'End it with one release.')
    }
    if (step.type === 'release' && step.roles.length === 0)
      refuse('Nobody may sign it', where, 'Name a role.')
    if (step.type === 'peroxide' && !steps.slice(index).some(({ type }) => type === 'aerate')) {
      refuse('It gasses a room and does not air it', where, 'Add an aerate step after it.')
    }
    if (step.type === 'uv') organismById(step.organismId, organisms)
  })
  return protocol
}

/** @throws WARD_ERR_NOT_FOUND */
export function protocolById(id: string, protocols: readonly Protocol[]): Protocol {
  const found = protocols
    .filter((protocol) => protocol.id === id)
    .toSorted((a, b) => b.version - a.version)[0]
  if (found === undefined) {
    throw wardError('WARD_ERR_NOT_FOUND', {
      what: `There is no protocol "${id}"`,
      remedy: `Choose one of ${[...new Set(protocols.map((protocol) => protocol.id))].join(', ')}.`,
    })
  }
  return found
}

/** The step that a plan for light is made from, `null` when it has none. */
export function uvStepOf({ steps }: Protocol): UvStep | null {
  return steps.find((step): step is UvStep => step.type === 'uv') ?? null
}

/** What robots do of it, in its order. */
export function robotStepsOf({ steps }: Pick<Protocol, 'steps'>): (UvStep | PeroxideStep)[] {
  return steps.filter((step): step is UvStep | PeroxideStep => step.type === 'uv' || step.type === 'peroxide')
}
