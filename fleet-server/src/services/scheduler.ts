import type { TimerId } from '@wardlight/core/clock'
import { isWardError, wardError } from '@wardlight/core/errors'
import type {
  ScheduleAnswer,
  ScheduleChange,
  ScheduleEntryView,
  ScheduleView,
  User,
} from '@wardlight/core/fleet'
import { compareSchedules } from '../domain/schedule/compare.ts'
import { timeWords } from '../domain/schedule/time-words.ts'
import { entryIn, FOREIGN_ROOM, type WardScope } from '../domain/ward-scope.ts'
import type { LiveBoard } from '../live/live-board.ts'
import type { Planner } from '../planning/planner.ts'
import type { RequestRow, ScheduleRunRow } from '../store/schema.ts'
import type { Fleet } from './fleet.ts'
import type { Requests } from './requests.ts'
import { entriesOf, runningEntry } from './schedule-entries.ts'
import { buildProblem, staffedHours, type BuildOptions, type BuiltProblem } from './schedule-problem.ts'
import type { SchedulePlans } from './schedule-plans.ts'
import { checkChange, storeChange } from './schedule-wishes.ts'
import { SerialQueue } from './serial-queue.ts'
import type { TravelCosts } from './travel-costs.ts'

/** How often it looks whether something is due, or has happened, milliseconds. */
const LOOK_INTERVAL_MS = 5000
/** Without any event it plans again after this: time itself passes, and nothing waits for people in the past. */
const REPLAN_AFTER_MS = 60_000
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
  readonly #planner: Pick<Planner, 'schedule'>
  readonly #queue = new SerialQueue()
  #timer: TimerId = null
  /** The look that is under way. */
  #looking: Promise<void> | null = null
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
    planner: Pick<Planner, 'schedule'>
  }) {
    this.#fleet = options.fleet
    this.#plans = options.plans
    this.#requests = options.requests
    this.#travel = options.travel
    this.#board = options.board
    this.#planner = options.planner
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
      staffed: staffedHours(this.#plans, this.#fleet.ledger.now().getTime()).map(({ fromMs, toMs }) => ({
        from: new Date(fromMs).toISOString(),
        to: new Date(toMs).toISOString(),
      })),
      plans: this.#plans.views(),
      entries: this.#board
        .all('schedule')
        .toSorted((a, b) => (a.startAt ?? '9').localeCompare(b.startAt ?? '9')),
      runs: this.#plans.runViews(),
    }
  }

  /** Decides on what is due, and plans again where something has happened, once at a time. Never throws. */
  look(): Promise<void> {
    if (this.#isStopped) return Promise.resolve()
    this.#looking ??= this.#lookOnce().finally(() => {
      this.#looking = null
    })
    return this.#looking
  }

  /** Resolves when the look that is under way, and all that people asked for, is done. */
  async settled(): Promise<void> {
    await this.#looking
    await this.#queue.settled()
  }

  async #lookOnce(): Promise<void> {
    try {
      await this.#plans.decide()
      for (const run of this.#plans.openRuns()) await this.#request(run)
      await this.#replanIfNeeded()
    } catch (error) {
      this.#fleet.log.error({ err: error }, 'The schedule could not be followed; it is tried again')
    }
  }

  async #request(run: ScheduleRunRow): Promise<void> {
    const row = this.#plans.plan(run.planId)
    if (row === undefined) return
    const { ledger } = this.#fleet
    // A person's wish for the room, or an older run's, stands.
    const open = ledger.requests().find((request) => request.roomId === run.roomId && isOpen(request))
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

  async #replanIfNeeded(): Promise<void> {
    const now = this.#fleet.ledger.now()
    const isOld = this.#plannedAt === null || now.getTime() - this.#plannedAt.getTime() >= REPLAN_AFTER_MS
    if (this.#whatCounts() !== this.#signature || isOld) await this.#replan(false)
  }

  /** One after the other: each goes on from what people were told before. */
  #replan(mayMoveAll: boolean): Promise<void> {
    return this.#queue.run(async () => {
      const { ledger } = this.#fleet
      const [now, signature] = [ledger.now(), this.#whatCounts()]
      const built = this.#build({ previous: this.#told, mayMoveAll, change: null })
      const explained = await this.#planner.schedule(built.input)
      if (this.#isStopped) return
      this.#told = new Map(
        explained.visits.map(({ jobIndex, robotIndex, startMs }) => [
          built.tasks[jobIndex]!.id,
          { robotId: built.input.robots[robotIndex]!.id, startMs },
        ]),
      )
      const running = ledger.missions().filter(({ finishedAt }) => finishedAt === null)
      // While it was searched for, somebody may have approved or withdrawn.
      const open = new Set(ledger.requests().flatMap((row) => (isOpen(row) ? [row.id] : [])))
      this.#show([
        ...running.map((mission) => runningEntry(this.#fleet, this.#plans, mission)),
        ...entriesOf(built, explained).filter(({ requestId }) => requestId === null || open.has(requestId)),
      ])
      // Last: what failed is tried again with the next look.
      this.#signature = signature
      this.#plannedAt = now
    })
  }

  #build(options: BuildOptions): BuiltProblem {
    return buildProblem(this.#fleet, this.#plans, this.#travel, options)
  }

  /**
   * What would come of a change, against what would come without it. Nothing is stored.
   *
   * @param scope of who asks: rooms of other wards have no name in the answer
   * @throws as `checkChange`
   */
  async whatIf(requestId: string, change: ScheduleChange, scope: WardScope): Promise<ScheduleAnswer> {
    checkChange(this.#fleet, requestId, change)
    const previous = this.#told
    const asIs = toldIn(scope, this.#build({ previous, mayMoveAll: false, change: null }))
    const asWished = toldIn(scope, this.#build({ previous, mayMoveAll: true, change: { requestId, change } }))
    const [before, after] = await Promise.all([
      this.#planner.schedule(asIs.input),
      this.#planner.schedule(asWished.input),
    ])
    const { problem, names, timeZone } = asWished.input
    const own = asWished.tasks.findIndex((task) => task.id === requestId)
    const entry = entriesOf(asWished, after).find(({ id }) => id === requestId)!
    const effects = compareSchedules(
      before,
      after,
      problem.jobs.map(({ deadlineMs }) => deadlineMs),
      {
        robot: (index) => names.robots[index]!,
        room: (index) => names.rooms[index]!,
        time: (ms) => timeWords(ms, problem.nowMs, timeZone),
      },
    )
    return {
      entry: entryIn(scope, entry),
      own: effects.find(({ jobIndex }) => jobIndex === own)?.words ?? null,
      effects: effects
        .filter(({ jobIndex }) => jobIndex !== own)
        .map(({ jobIndex, kind, words }) => {
          const { id, roomId } = asWished.tasks[jobIndex]!
          return scope.mayTouch(roomId)
            ? { id, roomId, kind, words }
            : { id: null, roomId: null, kind, words: words[0]!.toUpperCase() + words.slice(1) }
        }),
      isConflict:
        entry.status === 'unmet' ||
        entry.lateMin > 0 ||
        effects.some(({ kind }) => kind === 'unmet' || kind === 'late'),
    }
  }

  /**
   * Stores what somebody asks of the schedule for a request, and plans again.
   *
   * @throws as `checkChange`
   */
  async change(requestId: string, change: ScheduleChange): Promise<ScheduleEntryView> {
    await storeChange(this.#fleet, requestId, change)
    await this.#replan(true)
    const entry = this.#board.get('schedule', requestId)
    if (entry !== undefined) return entry
    throw wardError('WARD_ERR_CONFLICT', {
      what: 'The request is no longer open: somebody has just approved or withdrawn it',
      where: 'requestId',
    })
  }

  /** Everything that is an event for the schedule; time alone is none. */
  #whatCounts(): string {
    const { ledger, registry, contaminations } = this.#fleet
    const requests = ledger
      .requests()
      .filter(isOpen)
      .map(({ id, status, roomId, dueAt, wish }) => [id, status, ledger.room(roomId).state, dueAt, wish])
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

  #show(entries: readonly ScheduleEntryView[]): void {
    const ids = new Set(entries.map(({ id }) => id))
    for (const { id } of this.#board.all('schedule')) if (!ids.has(id)) this.#board.remove('schedule', id)
    for (const entry of entries) {
      if (JSON.stringify(this.#board.get('schedule', entry.id)) !== JSON.stringify(entry))
        this.#board.put('schedule', entry)
    }
  }
}

/** A problem whose schedules are put into words without the names of other wards' rooms. */
function toldIn(scope: WardScope, built: BuiltProblem): BuiltProblem {
  const { input, tasks } = built
  const rooms = input.names.rooms.map((name, index) =>
    scope.mayTouch(tasks[index]!.roomId) ? name : FOREIGN_ROOM,
  )
  return { ...built, input: { ...input, names: { ...input.names, rooms } } }
}

/** A plan's requests are its author's: the name says which plan. */
function authorOf(displayName: string, id: string, planName: string): User {
  return {
    id,
    name: displayName,
    displayName: `${displayName} by the plan "${planName}"`,
    role: 'nurse',
    wards: null,
  }
}

function isOpen({ status }: RequestRow): boolean {
  return status === 'planned' || status === 'planning'
}
