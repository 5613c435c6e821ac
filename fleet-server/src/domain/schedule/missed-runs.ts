/**
 * What becomes of runs whose time passed while nothing could be done, because the server was down:
 * `skip`: they are written down as missed; `runLate`: each may still begin until `lateByMs` after its time; `runOnce`:
 * however many were missed, one run takes the place of all.
 */
export type MissedPolicy =
  | { readonly type: 'skip' }
  | { readonly type: 'runLate'; readonly lateByMs: number }
  | { readonly type: 'runOnce' }

/** This late a run still counts as on time: the scheduler looks every half minute. */
export const ON_TIME_MS = 120_000

export interface RunDecision {
  readonly scheduledMs: number
  readonly action: 'run' | 'miss'
  /** For people. */
  readonly reason: string | null
}

/**
 * What to do with the runs that have become due, one decision each, in order.
 *
 * @param dueMs ascending, none later than `nowMs`, none decided on before
 */
export function decideRuns(dueMs: readonly number[], nowMs: number, policy: MissedPolicy): RunDecision[] {
  const isOnTime = (scheduledMs: number) => nowMs - scheduledMs <= ON_TIME_MS
  switch (policy.type) {
    case 'skip':
      return dueMs.map((scheduledMs) =>
        isOnTime(scheduledMs)
          ? run(scheduledMs)
          : miss(scheduledMs, 'its time has passed, and the plan skips missed runs'),
      )
    case 'runLate':
      return dueMs.map((scheduledMs) => {
        if (isOnTime(scheduledMs)) return run(scheduledMs)
        return nowMs - scheduledMs <= policy.lateByMs
          ? run(scheduledMs, 'late')
          : miss(scheduledMs, `more than ${Math.round(policy.lateByMs / 60_000)} min late`)
      })
    case 'runOnce':
      return dueMs.map((scheduledMs, index) => {
        if (index < dueMs.length - 1)
          return miss(scheduledMs, 'one later run takes the place of all that were missed')
        return run(scheduledMs, isOnTime(scheduledMs) ? null : 'once for all that were missed')
      })
  }
}

function run(scheduledMs: number, reason: string | null = null): RunDecision {
  return { scheduledMs, action: 'run', reason }
}

function miss(scheduledMs: number, reason: string): RunDecision {
  return { scheduledMs, action: 'miss', reason }
}
