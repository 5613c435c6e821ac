import { setImmediate } from 'node:timers/promises'
import { organismById, surfacesOf } from '@wardlight/core/disinfection'
import { wardError } from '@wardlight/core/errors'
import type {
  ComplianceQuery,
  ComplianceView,
  Instruments,
  OutbreakQuery,
  OutbreakView,
} from '@wardlight/core/fleet'
import { and, asc, count, eq, gt, gte, inArray, lt, max, min, sql } from 'drizzle-orm'
import { dueAndDone, type CountedRequest, type MissedDates } from '../domain/compliance/due.ts'
import { compareWards } from '../domain/compliance/group-rows.ts'
import { lampRows, type LampRun, type LampsNow } from '../domain/compliance/lamps.ts'
import {
  missedOfRun,
  recurringMisses,
  type LightRun,
  type MissedSurfaceOfRun,
} from '../domain/compliance/missed-surfaces.ts'
import { monthAt, monthOf, monthsOf, type Month } from '../domain/compliance/months.ts'
import { OutbreakTrail, type OutbreakRun } from '../domain/compliance/outbreak.ts'
import { causeRows, runRows, type EndedRun } from '../domain/compliance/runs.ts'
import { turnaroundOf } from '../domain/compliance/turnaround.ts'
import { hygieneOf } from '../domain/contamination/hygiene.ts'
import { localToMs } from '../domain/schedule/recurrence.ts'
import type { WardScope } from '../domain/ward-scope.ts'
import type { RobotRegistry } from '../robots/robot-registry.ts'
import type { Database } from '../store/database.ts'
import { contaminationEvents, missions, requests, scheduleRuns, type MissionRow } from '../store/schema.ts'
import type { Evidence } from './evidence.ts'
import type { FloorIndex } from './floor-index.ts'
import type { Ledger } from './ledger.ts'
import { evidenceOf } from './mission-reports.ts'
import { SerialQueue } from './serial-queue.ts'

/**
 * Rows of the database that are in memory at a time, and reports: those have some hundred kilobytes each (proposed). What
 * robots say is heard after each page, and after each report.
 */
const ROWS = 500
const REPORTS = 10
/** Of so many runs what is needed of their reports is kept: about a kilobyte each (proposed). */
const FACTS_KEPT = 5000
/** An outbreak is looked at from so long ago, where nobody says from when (proposed). */
const OUTBREAK_MS = 30 * 86_400_000

/** What is needed of a run's report, which never changes. */
interface ReportFacts {
  readonly lastInterlock: string | null
  readonly gasEnd: string | null
  readonly missedSurfaces: number
  readonly missed: readonly MissedSurfaceOfRun[]
  readonly lampOnS: number
  readonly tubes: Instruments['tubes']
}

const ENDED = {
  id: missions.id,
  roomId: missions.roomId,
  robotId: missions.robotId,
  method: missions.method,
  verdict: missions.verdict,
  stopRequestedBy: missions.stopRequestedBy,
  reportProblem: missions.reportProblem,
  finishedAt: missions.finishedAt,
  hasReport: sql<boolean>`${missions.reportText} is not null`,
}
type EndedRow = Pick<
  MissionRow,
  'id' | 'roomId' | 'robotId' | 'method' | 'verdict' | 'stopRequestedBy' | 'reportProblem'
> & { readonly finishedAt: Date; readonly hasReport: boolean }

/**
 * What was due and done, how long it took, what failed and why: read from the database when somebody asks, page by page,
 * one question at a time. Nothing of it is stored (decision 0460).
 */
export class Compliance {
  readonly #database: Database
  readonly #floor: FloorIndex
  readonly #ledger: Ledger
  readonly #registry: RobotRegistry
  readonly #evidence: Evidence
  readonly #now: () => Date
  readonly timeZone: string
  readonly #queue = new SerialQueue()
  /** By mission; `null`: its report cannot be read. The one that was asked for longest ago comes first. */
  readonly #facts = new Map<string, ReportFacts | null>()

  constructor(options: {
    database: Database
    floor: FloorIndex
    ledger: Ledger
    registry: RobotRegistry
    evidence: Evidence
    now: () => Date
    timeZone: string
  }) {
    this.#database = options.database
    this.#floor = options.floor
    this.#ledger = options.ledger
    this.#registry = options.registry
    this.#evidence = options.evidence
    this.#now = options.now
    this.timeZone = options.timeZone
  }

  /** @throws WARD_ERR_VALIDATION for months, WARD_ERR_NOT_FOUND for a ward that is not among those of `scope` */
  view(query: ComplianceQuery, scope: WardScope): Promise<ComplianceView> {
    return this.#queue.run(async () => {
      const now = this.#now()
      const months = monthsOf(query, now.getTime(), this.timeZone)
      const wards = this.wards().filter(({ roomId }) => scope.mayTouch(roomId))
      const { ward = null } = query
      if (ward !== null && !wards.some((each) => each.ward === ward)) {
        throw wardError('WARD_ERR_NOT_FOUND', {
          what: `There is no ward ${JSON.stringify(ward)} among yours`,
          where: 'ward',
          remedy: 'Choose one that the floor plan names, or leave it out.',
        })
      }
      const isAsked = (roomId: string) =>
        scope.mayTouch(roomId) && (ward === null || this.#floor.wardOf(roomId) === ward)
      const counted = await this.#counted(months, isAsked)
      const due = dueAndDone(counted, await this.#missedDates(months, isAsked), now.getTime())
      return {
        from: months[0]!.name,
        to: months.at(-1)!.name,
        ward,
        timeZone: this.timeZone,
        madeAt: now.toISOString(),
        wards: wards.flatMap((each) => each.ward ?? []),
        due: due.rows,
        dueWhole: due.whole,
        turnaround: turnaroundOf(counted),
        ...(await this.#runs(months, isAsked, now)),
      }
    })
  }

  /** Of one month and ward alone. @param ward `null`: rooms of no ward */
  figures(month: Month, ward: string | null) {
    return this.#queue.run(async () => {
      const isAsked = (roomId: string) => this.#floor.wardOf(roomId) === ward
      const counted = await this.#counted([month], isAsked)
      const missed = await this.#missedDates([month], isAsked)
      const { whole } = dueAndDone(counted, missed, this.#now().getTime())
      return { due: whole, turnaround: turnaroundOf(counted).whole }
    })
  }

  /** From that of the oldest request to this one; none before the first request. */
  async monthsOfAll(): Promise<Month[]> {
    const [row] = await this.#database.queries.select({ first: min(requests.requestedAt) }).from(requests)
    const first = row?.first ?? null
    if (first === null) return []
    const nowMs = this.#now().getTime()
    const months: Month[] = []
    for (let name = monthAt(nowMs, this.timeZone); ;) {
      const [month] = monthsOf({ from: name, to: name }, nowMs, this.timeZone)
      months.unshift(month!)
      if (month!.fromMs <= first.getTime()) return months
      name = monthAt(month!.fromMs - 1, this.timeZone)
    }
  }

  isOver({ toMs }: Month): boolean {
    return toMs <= this.#now().getTime()
  }

  /** Each ward of the plan with one of its rooms; `null`: that of rooms of no ward. */
  wards(): { readonly ward: string | null; readonly roomId: string }[] {
    const wards = new Map(this.#floor.rooms().map(({ room }) => [room.ward, room.id]))
    return [...wards]
      .map(([ward, roomId]) => ({ ward, roomId }))
      .toSorted((a, b) => compareWards(a.ward, b.ward))
  }

  /** @throws WARD_ERR_ORGANISM_UNKNOWN, WARD_ERR_VALIDATION for a day that there is not */
  outbreak({ organism: organismId, since }: OutbreakQuery): Promise<OutbreakView> {
    const organism = organismById(organismId, this.#evidence.organisms)
    const sinceMs = since === undefined ? this.#now().getTime() - OUTBREAK_MS : this.#dayMs(since)
    return this.#queue.run(async () => {
      const rooms = this.#floor.rooms().map(({ level, room }) => hygieneOf(level, room))
      const trail = new OutbreakTrail(rooms, organismId, sinceMs)
      for await (const { sequence, at, event } of this.#events()) {
        trail.add({ sequence, atMs: at.getTime(), event })
      }
      const touches = trail.touches(await this.#runsSince(sinceMs))
      const roomIds = new Set(touches.flatMap(({ roomId }) => roomId ?? []))
      // A run in a room that was touched makes no robot a carrier: it says so itself when it took something up.
      const robotIds = new Set(
        touches.flatMap(({ kind, robotId }) => (robotId === null || kind === 'run' ? [] : [robotId])),
      )
      return {
        organismId,
        organismName: organism.name,
        since: new Date(sinceMs).toISOString(),
        touches: touches.map((touch) => ({
          ...touch,
          roomName: touch.roomId === null ? null : this.#roomName(touch.roomId),
        })),
        rooms: [...roomIds].map((roomId) => ({
          roomId,
          roomName: this.#roomName(roomId),
          ward: this.#floor.wardOf(roomId),
          hasCarried: trail.roomHasCarried(roomId),
          carriesNow: trail.roomCarriesNow(roomId),
        })),
        robots: [...robotIds].map((robotId) => ({
          robotId,
          carriesNow: trail.robotCarriesNow(robotId),
        })),
      }
    })
  }

  #dayMs(day: string): number {
    try {
      return localToMs(`${day}T00:00`, this.timeZone)
    } catch (cause) {
      throw wardError('WARD_ERR_VALIDATION', {
        what: `There is no ${day}`,
        where: 'since',
        remedy: 'Give a day as 2026-11-30.',
        cause,
      })
    }
  }

  async #counted(months: readonly Month[], isAsked: (roomId: string) => boolean): Promise<CountedRequest[]> {
    const countedAt = sql`coalesce(${requests.dueAt}, ${requests.requestedAt})`
    // By their own names: in a query of one table drizzle leaves the table's name out, and `id` would be the mission's.
    const anyMission = (condition: string) =>
      sql<boolean>`exists (select 1 from missions m where m.request_id = requests.id and ${sql.raw(condition)})`
    const lastInRooms = await this.#lastInRooms()
    const counted: CountedRequest[] = []
    const [fromMs, toMs] = [months[0]!.fromMs, months.at(-1)!.toMs]
    for (let after = { at: new Date(fromMs), id: '' }; ;) {
      const rows = await this.#database.queries
        .select({
          id: requests.id,
          roomId: requests.roomId,
          status: requests.status,
          requestedAt: requests.requestedAt,
          dueAt: requests.dueAt,
          releasedAt:
            sql<Date | null>`(select max(m.released_at) from missions m where m.request_id = requests.id)`.mapWith(
              missions.releasedAt,
            ),
          lastOrderedAt:
            sql<Date | null>`(select max(m.ordered_at) from missions m where m.request_id = requests.id)`.mapWith(
              missions.orderedAt,
            ),
          isRunning: anyMission('m.finished_at is null'),
          hasFailed: anyMission("m.finished_at is not null and m.verdict is distinct from 'proven'"),
        })
        .from(requests)
        .where(
          sql`(${countedAt}, ${requests.id}) > (${after.at.toISOString()}::timestamptz, ${after.id})
            and ${countedAt} < ${new Date(toMs).toISOString()}::timestamptz`,
        )
        .orderBy(countedAt, asc(requests.id))
        .limit(ROWS)
      for (const row of rows) {
        if (!isAsked(row.roomId)) continue
        const dueMs = row.dueAt?.getTime() ?? null
        counted.push({
          month: monthOf(months, dueMs ?? row.requestedAt.getTime())!,
          ward: this.#floor.wardOf(row.roomId),
          requestedMs: row.requestedAt.getTime(),
          dueMs,
          releasedMs: row.releasedAt?.getTime() ?? null,
          isWithdrawn: row.status === 'withdrawn',
          hasFailed:
            row.status === 'planningFailed' ||
            (!row.isRunning && (row.hasFailed || isOvertaken(row, lastInRooms))),
        })
      }
      const last = rows.at(-1)
      if (last === undefined || rows.length < ROWS) return counted
      await setImmediate()
      after = { at: last.dueAt ?? last.requestedAt, id: last.id }
    }
  }

  /** When the last treatment of each room was ordered. */
  async #lastInRooms(): Promise<ReadonlyMap<string, Date>> {
    const rows = await this.#database.queries
      .select({ roomId: missions.roomId, orderedAt: max(missions.orderedAt) })
      .from(missions)
      .groupBy(missions.roomId)
    return new Map(rows.map(({ roomId, orderedAt }) => [roomId, orderedAt!]))
  }

  async #missedDates(months: readonly Month[], isAsked: (roomId: string) => boolean): Promise<MissedDates[]> {
    const missed: MissedDates[] = []
    for (const { name, fromMs, toMs } of months) {
      const rows = await this.#database.queries
        .select({ roomId: scheduleRuns.roomId, dates: count() })
        .from(scheduleRuns)
        .where(
          and(
            eq(scheduleRuns.decision, 'miss'),
            gte(scheduleRuns.scheduledAt, new Date(fromMs)),
            lt(scheduleRuns.scheduledAt, new Date(toMs)),
          ),
        )
        .groupBy(scheduleRuns.roomId)
      for (const { roomId, dates } of rows) {
        if (isAsked(roomId))
          missed.push({ month: name, ward: this.#floor.wardOf(roomId), missedDates: dates })
      }
    }
    return missed
  }

  async #runs(
    months: readonly Month[],
    isAsked: (roomId: string) => boolean,
    now: Date,
  ): Promise<Pick<ComplianceView, 'runs' | 'causes' | 'missed' | 'unreadRuns' | 'lamps'>> {
    const ended: EndedRun[] = []
    const light: LightRun[] = []
    const lamps: LampRun[] = []
    let unreadRuns = 0
    for await (const page of this.#endedPages(months)) {
      const rows = page.filter(({ roomId }) => isAsked(roomId))
      const facts = await this.#factsOf(rows)
      for (const row of rows) {
        const { id: missionId, roomId, robotId, verdict } = row
        const finishedMs = row.finishedAt.getTime()
        const own = facts.get(missionId) ?? null
        ended.push({
          month: monthOf(months, finishedMs)!,
          ward: this.#floor.wardOf(roomId),
          verdict,
          wasStopped: row.stopRequestedBy !== null,
          hasReport: row.hasReport,
          hasProblem: row.reportProblem !== null,
          lastInterlock: own?.lastInterlock ?? null,
          gasEnd: own?.gasEnd ?? null,
          missedSurfaces: own?.missedSurfaces ?? 0,
        })
        if (row.method !== 'uv') continue
        lamps.push({ missionId, robotId, finishedMs, lampOnS: own?.lampOnS ?? null, tubes: own?.tubes ?? [] })
        if (verdict === 'aborted') continue
        if (own === null) unreadRuns += 1
        else light.push({ missionId, roomId, finishedMs, missed: own.missed })
      }
    }
    const holdsNow = monthOf(months, now.getTime()) !== null
    return {
      runs: runRows(ended),
      causes: causeRows(ended),
      missed: recurringMisses(light).map((row) => ({
        ...row,
        roomName: this.#roomName(row.roomId),
        ward: this.#floor.wardOf(row.roomId),
      })),
      unreadRuns,
      lamps: lampRows(lamps, holdsNow ? this.#lampsNow() : []),
    }
  }

  async *#endedPages(months: readonly Month[]): AsyncGenerator<readonly EndedRow[]> {
    const [fromMs, toMs] = [months[0]!.fromMs, months.at(-1)!.toMs]
    for (let after = { at: new Date(fromMs), id: '' }; ;) {
      const rows = (await this.#database.queries
        .select(ENDED)
        .from(missions)
        .where(
          sql`(${missions.finishedAt}, ${missions.id}) > (${after.at.toISOString()}::timestamptz, ${after.id})
            and ${missions.finishedAt} < ${new Date(toMs).toISOString()}::timestamptz`,
        )
        .orderBy(asc(missions.finishedAt), asc(missions.id))
        .limit(ROWS)) as EndedRow[]
      yield rows
      const last = rows.at(-1)
      if (last === undefined || rows.length < ROWS) return
      await setImmediate()
      after = { at: last.finishedAt, id: last.id }
    }
  }

  /** By mission; reports that were read before are not read again. */
  async #factsOf(rows: readonly EndedRow[]): Promise<ReadonlyMap<string, ReportFacts | null>> {
    const facts = new Map<string, ReportFacts | null>()
    const unknown: string[] = []
    for (const { id, hasReport } of rows) {
      const kept = this.#facts.get(id)
      if (kept === undefined) {
        if (hasReport) unknown.push(id)
        continue
      }
      facts.set(id, kept)
      this.#keep(id, kept)
    }
    for (let at = 0; at < unknown.length; at += REPORTS) {
      const reports = await this.#database.queries
        .select({ id: missions.id, method: missions.method, reportText: missions.reportText })
        .from(missions)
        .where(inArray(missions.id, unknown.slice(at, at + REPORTS)))
      for (const report of reports) {
        const own = factsOf(report)
        facts.set(report.id, own)
        this.#keep(report.id, own)
        await setImmediate()
      }
    }
    return facts
  }

  #keep(id: string, facts: ReportFacts | null): void {
    this.#facts.delete(id)
    this.#facts.set(id, facts)
    if (this.#facts.size > FACTS_KEPT) this.#facts.delete(this.#facts.keys().next().value!)
  }

  #lampsNow(): LampsNow[] {
    return this.#registry
      .views()
      .filter(({ lampTubes, vaporiser }) => lampTubes.length > 0 || vaporiser === null)
      .map(({ id, lampTubes, updatedAt }) => ({ robotId: id, tubes: lampTubes, heardAt: updatedAt }))
  }

  async *#events() {
    for (let last = 0; ;) {
      const rows = await this.#database.queries
        .select()
        .from(contaminationEvents)
        .where(gt(contaminationEvents.sequence, last))
        .orderBy(asc(contaminationEvents.sequence))
        .limit(ROWS)
      yield* rows
      if (rows.length < ROWS) return
      await setImmediate()
      last = rows.at(-1)!.sequence
    }
  }

  async #runsSince(sinceMs: number): Promise<OutbreakRun[]> {
    const runs: OutbreakRun[] = []
    for (let after = { at: new Date(sinceMs), id: '' }; ;) {
      const rows = await this.#database.queries
        .select({
          missionId: missions.id,
          roomId: missions.roomId,
          robotId: missions.robotId,
          organismId: missions.organismId,
          orderedAt: missions.orderedAt,
          verdict: missions.verdict,
        })
        .from(missions)
        .where(
          sql`(${missions.orderedAt}, ${missions.id}) > (${after.at.toISOString()}::timestamptz, ${after.id})`,
        )
        .orderBy(asc(missions.orderedAt), asc(missions.id))
        .limit(ROWS)
      runs.push(...rows.map(({ orderedAt, ...run }) => ({ ...run, orderedMs: orderedAt.getTime() })))
      const last = rows.at(-1)
      if (last === undefined || rows.length < ROWS) return runs
      await setImmediate()
      after = { at: last.orderedAt, id: last.missionId }
    }
  }

  /** The plan may have been redrawn since: then the room has its id alone. */
  #roomName(roomId: string): string {
    const placed = this.#floor.rooms().find(({ room }) => room.id === roomId)
    return placed === undefined ? roomId : (this.#ledger.room(roomId).name ?? placed.room.name)
  }
}

/** A later treatment has begun in its room: nobody can sign this one any more. */
function isOvertaken(
  { roomId, lastOrderedAt }: { readonly roomId: string; readonly lastOrderedAt: Date | null },
  lastInRooms: ReadonlyMap<string, Date>,
): boolean {
  return lastOrderedAt !== null && lastOrderedAt < lastInRooms.get(roomId)!
}

function factsOf(report: Pick<MissionRow, 'method' | 'reportText'>): ReportFacts | null {
  const evidence = evidenceOf(report)
  if (evidence === null) return null
  if (evidence.method !== 'uv') {
    const { interlocks, end } = evidence.cycle
    return {
      lastInterlock: interlocks.at(-1)?.kind ?? null,
      gasEnd: end,
      missedSurfaces: 0,
      missed: [],
      lampOnS: 0,
      tubes: [],
    }
  }
  const { room, surfaceSizeM, missed, interlocks, lampOnS, instruments } = evidence.dose
  const highTouchIds = new Set(
    missed.length === 0
      ? []
      : surfacesOf(room, surfaceSizeM)
          .filter(({ isHighTouch }) => isHighTouch)
          .map(({ id }) => id),
  )
  return {
    lastInterlock: interlocks.at(-1)?.kind ?? null,
    gasEnd: null,
    missedSurfaces: missed.length,
    missed: missedOfRun(missed, highTouchIds),
    lampOnS,
    tubes: instruments?.tubes ?? [],
  }
}
