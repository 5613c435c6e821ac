import type { CheckId } from './catalogue.ts'
import { CheckFailed, CheckNotRun } from './heard.ts'
import type { Outcome } from './report.ts'

/** Runs one check; what it throws is its outcome. A remark is something to know beside a pass. */
export type RunCheck = (id: CheckId, check: () => Promise<string | void>) => Promise<void>

/** Collects what comes of checks. */
export class Outcomes {
  readonly all = new Map<CheckId, Outcome>()
  readonly #onOutcome: ((id: CheckId, outcome: Outcome) => void) | undefined

  constructor(onOutcome?: (id: CheckId, outcome: Outcome) => void) {
    this.#onOutcome = onOutcome
  }

  async run(id: CheckId, check: () => Promise<string | void>): Promise<void> {
    const outcome = await outcomeOf(check)
    this.all.set(id, outcome)
    this.#onOutcome?.(id, outcome)
  }
}

async function outcomeOf(check: () => Promise<string | void>): Promise<Outcome> {
  try {
    const remark = await check()
    return typeof remark === 'string' ? { status: 'passed', remark } : { status: 'passed' }
  } catch (error) {
    if (error instanceof CheckNotRun) return { status: 'notRun', reason: error.message }
    if (error instanceof CheckFailed) return { status: 'failed', reason: error.message }
    throw error
  }
}
