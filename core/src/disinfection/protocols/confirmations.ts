import type { ManualCleanStep, Prerequisite, Protocol } from './protocol-schema.ts'

/** Something that a person must have said before a mission goes on. */
export interface DueItem {
  readonly id: string
  readonly text: string
  /** A step by hand wants the name of who did it; a prerequisite does not. */
  readonly needsName: boolean
}

/**
 * What has to be confirmed, in the protocol's order. Before the robot's first step: with the approval,
 * prerequisites first. After it: with the release.
 */
export function confirmationsDue(
  protocol: Pick<Protocol, 'prerequisites' | 'steps'>,
  occasion: 'approval' | 'release',
): DueItem[] {
  const robotAt = protocol.steps.findIndex(({ type }) => type === 'uv' || type === 'peroxide')
  const firstAt = robotAt === -1 ? protocol.steps.length : robotAt
  const steps = occasion === 'approval' ? protocol.steps.slice(0, firstAt) : protocol.steps.slice(firstAt)
  const byHand = steps.filter((step): step is ManualCleanStep => step.type === 'manualClean')
  return [
    ...(occasion === 'approval' ? protocol.prerequisites.map((item) => dueItem(item, false)) : []),
    ...byHand.map((step) => dueItem(step, true)),
  ]
}

function dueItem({ id, text }: Prerequisite | ManualCleanStep, needsName: boolean): DueItem {
  return { id, text, needsName }
}
