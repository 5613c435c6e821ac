import {
  confirmationsDue,
  PEROXIDE_METHODS,
  robotStepsOf,
  type DueItem,
  type PeroxideStep,
  type Protocol,
} from '@wardlight/core/disinfection'
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
import type { VaporiserOffer } from './vaporiser-offer.ts'

/** So many different people, in one of these roles. */
export interface PeopleRule {
  readonly roles: readonly Role[]
  readonly people: number
}

/** A protocol's dose may differ so much from the method's own: rounding of data sheets (proposed). */
const DOSE_DIFFERENCE = 0.03

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

/** What a robot here offers, by its factsheet; `actionTypes` is `null` before it came. */
export interface RobotOffer {
  readonly actionTypes: ReadonlySet<string> | null
  readonly vaporiser: VaporiserOffer | null
}

/** Why no request can follow the protocol now, in words; `null` when one can. */
export function protocolObstacle(protocol: Protocol, robots: readonly RobotOffer[]): string | null {
  const steps = robotStepsOf(protocol)
  if (steps.length === 0) return 'It has no step that a robot does.'
  const kinds = steps.map(({ type }) => type)
  if (new Set(kinds).size < kinds.length)
    return 'It has two steps of one kind, and a request holds one of each.'
  const first = protocol.steps.indexOf(steps[0]!)
  const between = protocol.steps.slice(first, protocol.steps.indexOf(steps.at(-1)!))
  if (between.some(({ type }) => type === 'manualClean' || type === 'wait')) {
    return 'Between the steps of its robots it has work by hand or a wait, and no request can hold for that yet.'
  }
  const gas = steps.find((step) => step.type === 'peroxide')
  return gas === undefined ? null : gasObstacle(gas, robots)
}

function gasObstacle(step: PeroxideStep, robots: readonly RobotOffer[]): string | null {
  const gassers = robots.filter(({ actionTypes }) => actionTypes?.has(ROBOT_ACTION_TYPES.startPeroxideCycle))
  if (gassers.length === 0) {
    return 'It has a step with peroxide, and no robot here offers startPeroxideCycle in its factsheet.'
  }
  const { name, doseGPerM3, solutionFraction, solutionGPerMl } = PEROXIDE_METHODS[step.method]
  if (gassers.every(({ vaporiser }) => vaporiser?.method !== step.method)) {
    return `It asks for ${name}, and no robot here has a generator for it.`
  }
  const { amount, unit } = step.dose
  const stepGPerM3 = unit === 'g/m3' ? amount : (amount * solutionGPerMl * step.solutionPercent) / 100
  const isOther =
    Math.abs(stepGPerM3 / doseGPerM3 - 1) > DOSE_DIFFERENCE ||
    Math.abs(step.solutionPercent / (100 * solutionFraction) - 1) > DOSE_DIFFERENCE
  return isOther
    ? `It asks for ${stepGPerM3.toFixed(2)} g/m³ of ${step.solutionPercent} % solution; robots run ${name} with ${doseGPerM3} g/m³ of ${100 * solutionFraction} %.`
    : null
}
