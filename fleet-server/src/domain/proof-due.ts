import type { HandMeasurementView, ProofKind, Verdict } from '@wardlight/core/fleet'

interface Proven {
  readonly verdict: Verdict | null
  readonly reportText: string | null
  readonly releasedAt: Date | null
  readonly handMeasurement: HandMeasurementView | null
}

/** What has to be proven of a mission that changes; `null`: nothing that counts has changed. */
export function proofDue(before: Proven, after: Proven): ProofKind | null {
  if (before.handMeasurement === null && after.handMeasurement !== null) return 'measured'
  if (before.releasedAt === null && after.releasedAt !== null) return 'released'
  // Evidence may come after people have ended a mission, and then it is judged.
  const isJudged = before.verdict !== after.verdict || before.reportText !== after.reportText
  return isJudged && after.verdict !== null ? 'ended' : null
}
