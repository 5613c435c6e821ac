import { confirmationsDue, uvStepOf, type DueItem, type Protocol } from '@wardlight/core/disinfection'
import { wardError } from '@wardlight/core/errors'
import type {
  ConfirmationView,
  GivenConfirmation,
  ProtocolRef,
  Role,
  SignatureView,
  User,
} from '@wardlight/core/fleet'
import { ROBOT_ACTION_TYPES } from '@wardlight/core/fleet'

/** So many different people, in one of these roles. */
export interface PeopleRule {
  readonly roles: readonly Role[]
  readonly people: number
}

/** Where no protocol says more: one nurse. */
const ONE_NURSE: PeopleRule = { roles: ['nurse'], people: 1 }

export function approvalRule(protocol: Protocol | null): PeopleRule {
  return protocol?.approval ?? ONE_NURSE
}

export function releaseRule(protocol: Protocol | null): PeopleRule {
  return protocol?.steps.find((step) => step.type === 'release') ?? ONE_NURSE
}

export function dueItems(protocol: Protocol | null, occasion: 'approval' | 'release'): DueItem[] {
  return protocol === null ? [] : confirmationsDue(protocol, occasion)
}

export function protocolRef(protocol: Protocol | null): ProtocolRef | null {
  return protocol === null ? null : { id: protocol.id, version: protocol.version, name: protocol.name }
}

/** @throws WARD_ERR_FORBIDDEN for a role that the rule does not name */
export function checkRole({ roles }: PeopleRule, { role }: User, deed: string): void {
  if (roles.includes(role)) return
  throw wardError('WARD_ERR_FORBIDDEN', {
    what: `The role ${role} may not ${deed}`,
    where: 'role',
    remedy: `Ask a person of the role ${roles.join(' or ')}.`,
  })
}

/** A person counts once, however often the button is pressed. */
export function withSignature(
  before: readonly SignatureView[],
  { id, displayName, role }: User,
  at: Date,
  note: string | null,
): SignatureView[] {
  if (before.some(({ userId }) => userId === id)) return [...before]
  return [...before, { by: displayName, userId: id, role, at: at.toISOString(), note }]
}

/**
 * What has been confirmed after a person has confirmed more, in the protocol's order. What stands already keeps its
 * first name and time.
 *
 * @throws WARD_ERR_VALIDATION for what the protocol does not ask, for work without a name, and while anything is left
 */
export function withConfirmations(
  due: readonly DueItem[],
  before: readonly ConfirmationView[],
  given: readonly GivenConfirmation[],
  { displayName, role }: User,
  at: Date,
): ConfirmationView[] {
  const refuse = (what: string, where: string, remedy: string): never => {
    throw wardError('WARD_ERR_VALIDATION', { what, where, remedy })
  }
  const known = new Map(before.map((item) => [item.itemId, item]))
  given.forEach(({ itemId, doneBy, product }, index) => {
    const where = `confirmations.${index}`
    const item = due.find(({ id }) => id === itemId)
    if (item === undefined) {
      return refuse(
        `The protocol does not ask for ${JSON.stringify(itemId)} now`,
        where,
        due.length === 0 ? 'Confirm nothing.' : `Confirm ${due.map(({ id }) => id).join(', ')}.`,
      )
    }
    if (known.has(itemId)) return
    const name = doneBy?.trim() ?? ''
    if (item.needsName && name === '') {
      refuse(`Nobody is named who did this: ${item.text}`, `${where}.doneBy`, 'Name who did it.')
    }
    known.set(itemId, {
      itemId,
      text: item.text,
      doneBy: item.needsName ? name : null,
      product: item.needsName ? (product?.trim() ?? '') || null : null,
      by: displayName,
      role,
      at: at.toISOString(),
    })
  })
  const missing = due.filter(({ id }) => !known.has(id))
  if (missing.length > 0) {
    refuse(
      `Not confirmed: ${missing.map(({ text }) => text).join(' ')}`,
      'confirmations',
      `See to it, then confirm ${missing.map(({ id }) => id).join(', ')}.`,
    )
  }
  return due.map(({ id }) => known.get(id)!)
}

/** How long people wait after the robot's last step before anybody may sign, seconds. */
export function waitBeforeReleaseS({ steps }: Pick<Protocol, 'steps'>): number {
  const robotAt = steps.findLastIndex(({ type }) => type === 'uv' || type === 'peroxide')
  return steps.slice(robotAt + 1).reduce((sum, step) => sum + (step.type === 'wait' ? step.durationS : 0), 0)
}

/** Why no request can follow the protocol now, in words; `null` when one can. */
export function protocolObstacle(
  protocol: Protocol,
  robotActionTypes: readonly (ReadonlySet<string> | null)[],
): string | null {
  if (protocol.steps.some(({ type }) => type === 'peroxide')) {
    return robotActionTypes.some((types) => types?.has(ROBOT_ACTION_TYPES.startPeroxideCycle))
      ? 'It has a step with peroxide, and this version of Wardlight does not order peroxide cycles yet.'
      : 'It has a step with peroxide, and no robot here offers startPeroxideCycle in its factsheet.'
  }
  return uvStepOf(protocol) === null ? 'It has no step that a robot does.' : null
}
