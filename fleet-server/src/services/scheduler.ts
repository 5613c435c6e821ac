import type { TimerId } from '@wardlight/core/clock'
import { isWardError } from '@wardlight/core/errors'
import type { ScheduleEntryView, ScheduleView, User } from '@wardlight/core/fleet'
import { dueItems } from '../domain/protocol-rules.ts'
import { explain, type ExplainedVisit, type Names } from '../domain/schedule/explain.ts'
import { optimise } from '../domain/schedule/optimise.ts'
import { msToLocal } from '../domain/schedule/recurrence.ts'
import type { LiveBoard } from '../live/live-board.ts'
import type { MissionRow, ScheduleRunRow } from '../store/schema.ts'
import type { Fleet } from './fleet.ts'
import type { Requests } from './requests.ts'
import { buildProblem, EXPECTED_WITHIN_MS, type BuiltProblem } from './schedule-problem.ts'
import type { SchedulePlans } from './schedule-plans.ts'
import type { TravelCosts } from './travel-costs.ts'

/** How often it looks whether something is due, or has happened, milliseconds. */
const LOOK_INTERVAL_MS = 5000
/** Without any event it plans again after this: time itself passes. */
const REPLAN_AFTER_MS = 5 * 60_000
/** Steps tried for each room, and at most: about a fifth of a second, in which the server does nothing else. */
const EFFORT_A_ROOM = 5000
const MOST_EFFORT = 400_000
const MINUTE_MS = 60_000

/**
 * Turns what is due into requests, and says which robot should do which room when. It starts nothing: requests wait for
 * a person's approval, robots for a person's arming.
 */
export class Scheduler {
  readonly #fleet: Fleet
  readonly #plans: SchedulePlans
  readonly #requests: Requests
  readonly #travel: TravelCosts
  readonly #board: LiveBoard
  #timer: TimerId = null
  #isLooking = false
  #isStopped = false
  #signature = ''
  #plannedAt: Date | null = null
  #told = new Map<string, { readonly robotId: string; readonly startMs: number }>()

  constructor(options: {
    fleet: Fleet
    plans: SchedulePlans
    requests: Requests
    travel: TravelCosts
    board: LiveBoard
  }) {
    this.#fleet = options.fleet
    this.#plans = options.plans
    this.#requests = options.requests
    this.#travel = options.travel
    this.#board = options.board
  }

  start(): void {
    const { clock } = this.#fleet
    const tick = () => {
      this.#timer = clock.setTimeout(tick, LOOK_INTERVAL_MS)
      void this.look()
    }
    tick()
  }

  stop(): void {
    this.#isStopped = true
    this.#fleet.clock.clearTimeout(this.#timer)
  }

  /** Which robot the schedule has for a request; a person's approval sends it where it can go then. */
  robotFor(requestId: string): string | null {
    return this.#told.get(requestId)?.robotId ?? null
  }

  view(): ScheduleView {
    return {
      at: this.#plannedAt?.toISOString() ?? null,
      timeZone: this.#plans.timeZone,
      hours: this.#plans.hours,
      plans: this.#plans.views(),
      entries: this.#board
        .all('schedule')
        .toSorted((a, b) => (a.startAt ?? '9').localeCompare(b.startAt ?? '9')),
      runs: this.#plans.runViews(),
    }
  }

  /** Decides on what is due, and plans again where something has happened. Never throws. */
  async look(): Promise<void> {
    if (this.#isLooking || this.#isStopped) return
    this.#isLooking = true
    try {
      await this.#plans.decide()
      for (const run of this.#plans.openRuns()) await this.#request(run)
      this.#replanIfNeeded()
    } catch (error) {
      this.#fleet.log.error({ err: error }, 'The schedule could not be followed; it is tried again')
    } finally {
      this.#isLooking = false
    }
  }

  async #request(run: ScheduleRunRow): Promise<void> {
    const row = this.#plans.plan(run.planId)
    if (row === undefined) return
    const { ledger } = this.#fleet
    // A person's wish for the room, or an older run's, stands.
    const open = ledger
      .requests()
      .find(({ roomId, status }) => roomId === run.roomId && (status === 'planned' || status === 'planning'))
    if (open !== undefined) {
      await this.#plans.settle(run, {
        decision: 'run',
        reason: 'the room was already asked for',
        requestId: open.id,
      })
      return
    }
    const { treatment, doneWithinMin, name } = row.plan
    try {
      const request = await this.#requests.create(
        {
          ...treatment,
          roomId: run.roomId,
          ...(doneWithinMin === null
            ? {}
            : { dueAt: new Date(run.scheduledAt.getTime() + doneWithinMin * MINUTE_MS).toISOString() }),
        },
        authorOf(row.createdBy, row.createdById, name),
      )
      await this.#plans.settle(run, { decision: 'run', reason: run.reason, requestId: request.id })
    } catch (error) {
      if (!isWardError(error)) throw error
      await this.#plans.settle(run, {
        decision: 'miss',
        reason: `${error.what}. ${error.remedy}`,
        requestId: null,
      })
    }
  }

  #replanIfNeeded(): void {
    const now = this.#fleet.ledger.now()
    const signature = this.#whatCounts()
    const isOld = this.#plannedAt === null || now.getTime() - this.#plannedAt.getTime() >= REPLAN_AFTER_MS
    if (signature === this.#signature && !isOld) return
    const built = buildProblem(this.#fleet, this.#plans, this.#travel, this.#told)
    const { problem, tasks } = built
    const schedule = optimise(problem, {
      seed: 1,
      effort: Math.min(MOST_EFFORT, EFFORT_A_ROOM * problem.jobs.length),
    })
    const explained = explain(problem, schedule, this.#names(built))
    this.#told = new Map(
      explained.visits.map(({ jobIndex, robotIndex, startMs }) => [
        tasks[jobIndex]!.id,
        { robotId: problem.robots[robotIndex]!.id, startMs },
      ]),
    )
    this.#show([
      ...this.#fleet.ledger
        .missions()
        .filter(({ finishedAt }) => finishedAt === null)
        .map((mission) => this.#runningEntry(mission)),
      ...explained.visits.map((visit) => this.#entry(built, visit.jobIndex, visit, visit.reason)),
      ...explained.unmet.map(({ jobIndex, reason }) => this.#entry(built, jobIndex, null, reason)),
    ])
    // Last: what failed is tried again with the next look.
    this.#signature = signature
    this.#plannedAt = now
  }

  /** Everything that is an event for the schedule; time alone is none. */
  #whatCounts(): string {
    const { ledger, registry, contaminations } = this.#fleet
    const requests = ledger
      .requests()
      .filter(({ status }) => status === 'planned' || status === 'planning')
      .map(({ id, status, roomId }) => [id, status, ledger.room(roomId).state])
    const robots = registry
      .views()
      .map(({ id, connection, operatingMode, emergencyStop, isPaused, position, batteryFraction }) => [
        id,
        connection,
        operatingMode,
        emergencyStop,
        isPaused,
        position?.isLocalized === true && position.levelId,
        // A tenth of a battery is news, a thousandth is not.
        batteryFraction === null ? null : Math.round(10 * batteryFraction),
        ledger.runningOnRobot(id)?.id ?? null,
        [...(contaminations.state.robots.get(id)?.keys() ?? [])],
      ])
    const plans = this.#plans
      .rows()
      .map(({ id, status, decidedUntil }) => [id, status, decidedUntil.getTime()])
    return JSON.stringify([requests, robots, plans, this.#plans.hours])
  }

  #entry(
    { problem, tasks }: BuiltProblem,
    jobIndex: number,
    visit: ExplainedVisit | null,
    reason: string,
  ): ScheduleEntryView {
    const { id, roomId, requestId, planId } = tasks[jobIndex]!
    const job = problem.jobs[jobIndex]!
    const request = requestId === null ? null : this.#fleet.ledger.requestAtHand(requestId)
    return {
      id,
      status: visit === null ? 'unmet' : requestId === null ? 'expected' : 'requested',
      roomId,
      requestId,
      planId,
      robotId: visit === null ? null : problem.robots[visit.robotIndex]!.id,
      priority: job.priority,
      startAt: isoOrNull(visit?.startMs ?? null),
      endAt: isoOrNull(visit?.endMs ?? null),
      deadlineAt: isoOrNull(job.deadlineMs),
      lateMin: Math.ceil((visit?.lateMs ?? 0) / MINUTE_MS),
      steps: (visit?.steps ?? []).map(({ kind, fromMs, toMs }) => ({
        kind,
        from: new Date(fromMs).toISOString(),
        to: new Date(toMs).toISOString(),
      })),
      reason,
      prerequisites: request === null ? [] : dueItems(request.protocol, 'approval').map(({ text }) => text),
    }
  }

  #runningEntry(mission: MissionRow): ScheduleEntryView {
    const { registry } = this.#fleet
    const nowMs = this.#fleet.ledger.now().getTime()
    const endMs = nowMs + 1000 * mission.progress.remainingS
    const robot = registry.view(mission.robotId)?.serialNumber ?? mission.robotId
    return {
      id: mission.id,
      status: 'running',
      roomId: mission.roomId,
      requestId: mission.requestId,
      planId: this.#plans.runOfRequest(mission.requestId)?.planId ?? null,
      robotId: mission.robotId,
      priority: 'routine',
      startAt: mission.orderedAt.toISOString(),
      endAt: new Date(endMs).toISOString(),
      deadlineAt: null,
      lateMin: 0,
      steps: [],
      reason: `${robot} is at work, about until ${this.#time(endMs)}.`,
      prerequisites: [],
    }
  }

  #show(entries: readonly ScheduleEntryView[]): void {
    const ids = new Set(entries.map(({ id }) => id))
    for (const { id } of this.#board.all('schedule')) if (!ids.has(id)) this.#board.remove('schedule', id)
    for (const entry of entries) {
      if (JSON.stringify(this.#board.get('schedule', entry.id)) !== JSON.stringify(entry))
        this.#board.put('schedule', entry)
    }
  }

  #names({ tasks, robots }: BuiltProblem): Names {
    const { ledger, floor } = this.#fleet
    return {
      robot: (index) => robots[index]!.serialNumber,
      room: (index) => {
        const { roomId } = tasks[index]!
        return ledger.room(roomId).name ?? floor.room(roomId).room.name
      },
      time: (ms) => this.#time(ms),
    }
  }

  /** By the hospital's clocks; with the date where it is not the same shift. */
  #time(ms: number): string {
    const [date, time] = msToLocal(ms, this.#plans.timeZone).split('T') as [string, string]
    const isFar = Math.abs(ms - this.#fleet.ledger.now().getTime()) > EXPECTED_WITHIN_MS
    return isFar ? `${date} ${time}` : time
  }
}

/** A plan's requests are its author's: the name says which plan. */
function authorOf(displayName: string, id: string, planName: string): User {
  return { id, name: displayName, displayName: `${displayName} by the plan "${planName}"`, role: 'nurse' }
}

function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}
