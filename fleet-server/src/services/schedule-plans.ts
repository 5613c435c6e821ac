import { randomUUID } from 'node:crypto'
import { wardError } from '@wardlight/core/errors'
import type {
  NewSchedulePlan,
  RecurrenceView,
  ScheduleHours,
  SchedulePlanView,
  ScheduleRunView,
  User,
} from '@wardlight/core/fleet'
import { and, desc, eq, isNull } from 'drizzle-orm'
import { decideRuns, type MissedPolicy } from '../domain/schedule/missed-runs.ts'
import { checkRecurrence, nextOccurrences, occurrencesBetween } from '../domain/schedule/recurrence.ts'
import type { Database } from '../store/database.ts'
import {
  scheduleHours,
  schedulePlans,
  scheduleRuns,
  type SchedulePlanRow,
  type ScheduleRunRow,
} from '../store/schema.ts'
import type { FloorIndex } from './floor-index.ts'
import { SerialQueue } from './serial-queue.ts'

const MINUTE_MS = 60_000
const RUNS_KEPT = 500
const DATES_SHOWN = 5
const HOURS_ID = 'hospital'

type RunKey = Pick<ScheduleRunRow, 'planId' | 'roomId' | 'scheduledAt'>

/** The plans for what happens once or again and again, and what became of each of their dates: stored first, then held. */
export class SchedulePlans {
  readonly #database: Database
  readonly #floor: FloorIndex
  readonly #now: () => Date
  readonly timeZone: string
  readonly #queue = new SerialQueue()
  readonly #plans = new Map<string, SchedulePlanRow>()
  #runs: ScheduleRunRow[] = []
  #hours: ScheduleHours = { staffed: [], blackouts: [] }

  constructor(options: { database: Database; floor: FloorIndex; now: () => Date; timeZone: string }) {
    this.#database = options.database
    this.#floor = options.floor
    this.#now = options.now
    this.timeZone = options.timeZone
  }

  async load(): Promise<void> {
    const { queries } = this.#database
    for (const row of await queries.select().from(schedulePlans).orderBy(schedulePlans.createdAt)) {
      this.#plans.set(row.id, row)
    }
    const recent = await queries
      .select()
      .from(scheduleRuns)
      .orderBy(desc(scheduleRuns.scheduledAt))
      .limit(RUNS_KEPT)
    const open = await queries
      .select()
      .from(scheduleRuns)
      .where(and(eq(scheduleRuns.decision, 'run'), isNull(scheduleRuns.requestId)))
    this.#runs = [...new Map([...open, ...recent].map((run) => [keyOf(run), run])).values()]
    const [stored] = await queries.select().from(scheduleHours).where(eq(scheduleHours.id, HOURS_ID))
    if (stored !== undefined) this.#hours = stored.hours
  }

  get hours(): ScheduleHours {
    return this.#hours
  }

  rows(): SchedulePlanRow[] {
    return [...this.#plans.values()]
  }

  plan(id: string): SchedulePlanRow | undefined {
    return this.#plans.get(id)
  }

  runOfRequest(requestId: string): ScheduleRunRow | undefined {
    return this.#runs.find((run) => run.requestId === requestId)
  }

  /** Runs that were decided on and have no request yet: also those that a stopped server left. */
  openRuns(): ScheduleRunRow[] {
    return this.#runs.filter(({ decision, requestId }) => decision === 'run' && requestId === null)
  }

  /** @throws WARD_ERR_ROOM_UNKNOWN, WARD_ERR_SCHEDULE_RULE */
  add(plan: NewSchedulePlan, user: User): Promise<SchedulePlanView> {
    for (const roomId of plan.roomIds) this.#floor.room(roomId)
    checkRecurrence(this.#recurrence(plan.recurrence))
    return this.#queue.run(async () => {
      const now = this.#now()
      const row: SchedulePlanRow = {
        id: randomUUID(),
        plan: { ...plan, roomIds: [...new Set(plan.roomIds)] },
        status: 'active',
        createdBy: user.displayName,
        createdById: user.id,
        createdAt: now,
        // What lay before the plan was made was never missed.
        decidedUntil: now,
      }
      await this.#database.write((tx) => tx.insert(schedulePlans).values(row))
      this.#plans.set(row.id, row)
      return this.#view(row)
    })
  }

  /** @throws WARD_ERR_NOT_FOUND, WARD_ERR_CONFLICT for a plan that is over */
  setStatus(id: string, status: SchedulePlanView['status']): Promise<SchedulePlanView> {
    return this.#queue.run(async () => {
      const row = this.#plans.get(id)
      if (row === undefined) {
        throw wardError('WARD_ERR_NOT_FOUND', {
          what: `There is no plan ${JSON.stringify(id)}`,
          where: 'planId',
        })
      }
      if (row.status === 'ended' && status !== 'ended') {
        throw wardError('WARD_ERR_CONFLICT', {
          what: `The plan "${row.plan.name}" is over`,
          where: 'status',
          remedy: 'Make a new one.',
        })
      }
      await this.#database.write((tx) =>
        tx.update(schedulePlans).set({ status }).where(eq(schedulePlans.id, id)),
      )
      const changed = { ...row, status }
      this.#plans.set(id, changed)
      return this.#view(changed)
    })
  }

  /** @throws WARD_ERR_ROOM_UNKNOWN */
  setHours(hours: ScheduleHours, user: User): Promise<ScheduleHours> {
    for (const { roomId } of hours.blackouts) if (roomId !== null) this.#floor.room(roomId)
    return this.#queue.run(async () => {
      const change = { hours, changedBy: user.displayName, changedAt: this.#now() }
      await this.#database.write((tx) =>
        tx
          .insert(scheduleHours)
          .values({ id: HOURS_ID, ...change })
          .onConflictDoUpdate({ target: scheduleHours.id, set: change }),
      )
      this.#hours = hours
      return hours
    })
  }

  /** Decides on every date that has become due since the last time, once. */
  decide(): Promise<void> {
    return this.#queue.run(async () => {
      const now = this.#now()
      for (const row of this.#plans.values()) {
        if (row.status === 'ended' || row.decidedUntil >= now) continue
        const due = occurrencesBetween(
          this.#recurrence(row.plan.recurrence),
          row.decidedUntil.getTime() + 1,
          now.getTime() + 1,
        )
        const decisions =
          row.status === 'paused'
            ? due.map((scheduledMs) => ({
                scheduledMs,
                action: 'miss' as const,
                reason: 'the plan was paused',
              }))
            : decideRuns(due, now.getTime(), policyOf(row.plan))
        const runs = decisions.flatMap(({ scheduledMs, action, reason }) =>
          row.plan.roomIds.map((roomId): ScheduleRunRow => ({
            planId: row.id,
            roomId,
            scheduledAt: new Date(scheduledMs),
            decision: action,
            reason,
            requestId: null,
            decidedAt: now,
          })),
        )
        // A minute without dates is not worth a write.
        if (runs.length === 0) continue
        await this.#database.write(async (tx) => {
          await tx.insert(scheduleRuns).values(runs).onConflictDoNothing()
          await tx.update(schedulePlans).set({ decidedUntil: now }).where(eq(schedulePlans.id, row.id))
        })
        this.#plans.set(row.id, { ...row, decidedUntil: now })
        this.#runs = [...runs.toReversed(), ...this.#runs]
        this.#forgetOld()
      }
    })
  }

  /** What has come of a run: a request, or why there is none. */
  settle(run: RunKey, outcome: Pick<ScheduleRunRow, 'decision' | 'reason' | 'requestId'>): Promise<void> {
    return this.#queue.run(async () => {
      await this.#database.write((tx) =>
        tx
          .update(scheduleRuns)
          .set(outcome)
          .where(
            and(
              eq(scheduleRuns.planId, run.planId),
              eq(scheduleRuns.roomId, run.roomId),
              eq(scheduleRuns.scheduledAt, run.scheduledAt),
            ),
          ),
      )
      this.#runs = this.#runs.map((each) => (keyOf(each) === keyOf(run) ? { ...each, ...outcome } : each))
    })
  }

  /** Dates of active plans in the time to come, by room. */
  expected(untilMs: number): { row: SchedulePlanRow; roomId: string; atMs: number }[] {
    const nowMs = this.#now().getTime()
    return this.rows()
      .filter(({ status }) => status === 'active')
      .flatMap((row) =>
        occurrencesBetween(this.#recurrence(row.plan.recurrence), nowMs + 1, untilMs).flatMap((atMs) =>
          row.plan.roomIds.map((roomId) => ({ row, roomId, atMs })),
        ),
      )
  }

  /** @throws WARD_ERR_SCHEDULE_RULE */
  preview(recurrence: RecurrenceView, count: number): string[] {
    const whole = this.#recurrence(recurrence)
    checkRecurrence(whole)
    return nextOccurrences(whole, this.#now().getTime(), count).map((ms) => new Date(ms).toISOString())
  }

  views(): SchedulePlanView[] {
    return this.rows().map((row) => this.#view(row))
  }

  runViews(): ScheduleRunView[] {
    return this.#runs
      .toSorted((a, b) => b.scheduledAt.getTime() - a.scheduledAt.getTime())
      .map(({ planId, roomId, scheduledAt, decision, reason, requestId }) => ({
        planId,
        roomId,
        scheduledAt: scheduledAt.toISOString(),
        decision,
        reason,
        requestId,
      }))
  }

  #recurrence(recurrence: RecurrenceView) {
    return { ...recurrence, timeZone: this.timeZone }
  }

  #view({ id, plan, status, createdBy, createdAt }: SchedulePlanRow): SchedulePlanView {
    return {
      id,
      ...plan,
      status,
      createdBy,
      createdAt: createdAt.toISOString(),
      nextDates: status === 'active' ? this.preview(plan.recurrence, DATES_SHOWN) : [],
    }
  }

  #forgetOld(): void {
    if (this.#runs.length > 2 * RUNS_KEPT) {
      const open = this.openRuns()
      this.#runs = [...new Set([...open, ...this.#runs.slice(0, RUNS_KEPT)])]
    }
  }
}

function keyOf({ planId, roomId, scheduledAt }: RunKey): string {
  return `${planId} ${roomId} ${scheduledAt.getTime()}`
}

function policyOf({ missed }: NewSchedulePlan): MissedPolicy {
  return missed.type === 'runLate'
    ? { type: 'runLate', lateByMs: missed.lateByMin * MINUTE_MS }
    : { type: missed.type }
}
