import {
  dosesIn,
  EMPTY_DOSE_BOOK,
  lampAsMeasured,
  replanInput,
  surfacesOf,
  withDoses,
  type DoseBook,
  type LampModel,
  type ReplanInput,
  type TreatmentPlan,
  type TreatmentStop,
} from '@wardlight/core/disinfection'
import type { Pose2 } from '@wardlight/core/geometry'
import type { AgentLog } from '../agent-log.ts'
import { KnownRoom } from '../perception/known-room.ts'
import { thingId, withThings, type NumberedThing } from '../perception/room-as-found.ts'
import type { RoomWatch, Survey } from '../perception/room-watch.ts'
import type { PlanTreatment } from '../planning/plan-in-thread.ts'
import type { MissionCheckpoint, SurveyCheckpoint } from './checkpoints.ts'
import { DoseLedger } from './dose-ledger.ts'
import { countUnderDosed, promisedSurfaceIds } from './dose-report.ts'

/**
 * Dwell times are stretched by this, and top-ups aim that much higher: the ledger counts what a robot
 * gives that stands 4 cm beside its stop, up to 8 % less on a surface 1 m away (inverse distance, both ways).
 */
const DWELL_MARGIN = 1.08
/** Lamp time at each stop that gives little dose: the tubes warm up. Proposed. */
const IGNITION_S = 2

export interface UvRoomOptions {
  readonly missionId: string
  readonly approvedPlan: TreatmentPlan
  readonly lamp: LampModel
  readonly geometry: {
    readonly radiusM: number
    readonly speedMps: number
    /** Of a unit that does not move. */
    readonly fixed?: { readonly at: Pose2 } | undefined
  }
  readonly plan: PlanTreatment
  readonly roomWatch: RoomWatch
  readonly log: AgentLog
  /** A plan that takes its time comes to nothing once the mission is over. */
  readonly isOver: () => boolean
  /** Lamp time of one arming. */
  readonly lampCapMs: number
}

/** The room of a UV mission as its robot has found it, what its surfaces got so far, and the plan for what they lack. */
export class UvRoom {
  readonly #options: UvRoomOptions
  #plan: TreatmentPlan
  #things: readonly NumberedThing[] = []
  #thingsFound = 0
  /** What the room's surfaces got while it looked otherwise than now. */
  #book: DoseBook = EMPTY_DOSE_BOOK
  #known: KnownRoom | null = null
  #ledger: DoseLedger | null = null
  #notes: readonly string[] = []
  #survey: SurveyCheckpoint | null = null

  constructor(options: UvRoomOptions) {
    this.#options = options
    this.#plan = options.approvedPlan
  }

  /** The approved one, until the room as found asks for another. */
  get plan(): TreatmentPlan {
    return this.#plan
  }

  get things(): readonly NumberedThing[] {
    return this.#things
  }

  /** `null` before the first survey of this program. */
  get known(): KnownRoom | null {
    return this.#known
  }

  /** `null` before the first survey. */
  get ledger(): DoseLedger | null {
    return this.#ledger
  }

  /** What people should know about the room: furniture that is missing, things that were found. */
  get notes(): readonly string[] {
    return this.#notes
  }

  /** The same object as long as it is unchanged; `null` before the first survey. */
  get survey(): SurveyCheckpoint | null {
    return this.#survey
  }

  /** Takes up what the program before had found and given. */
  recall(survey: SurveyCheckpoint, progress: MissionCheckpoint['progress']): void {
    const { approvedPlan, lamp } = this.#options
    this.#survey = survey
    this.#things = survey.things
    this.#thingsFound = survey.thingsFound
    this.#book = survey.book
    this.#plan = survey.plan
    this.#notes = survey.notes
    this.#ledger = new DoseLedger(survey.room, approvedPlan.surfaceSizeM, lamp, progress)
  }

  /** Calls one of the two, once; not any more when the mission ended meanwhile. */
  take(
    { things, missingFurniture, doorsSeenThrough, knowledge }: Survey,
    onSurveyed: (stops: readonly TreatmentStop[]) => void,
    onFailed: () => void,
  ): void {
    const { approvedPlan, lamp, log } = this.#options
    const before = this.#ledger
    // What was found before stays, a shadow too many is safe, unless the lidar looks through where it stood.
    const missingIds = new Set(missingFurniture.map(({ id }) => id))
    this.#things = [
      ...this.#things.filter((thing) => !missingIds.has(thingId(thing))),
      ...things.map((thing) => ({ ...thing, number: (this.#thingsFound += 1) })),
    ]
    const planned = new Set(approvedPlan.room.obstacles.map(({ id }) => id))
    this.#notes = [
      ...doorsSeenThrough.map(
        (name) =>
          `the lidar looks through ${name}, though its guard says that it is shut: is it of glass, or open?`,
      ),
      ...missingFurniture
        .filter(({ id }) => planned.has(id))
        .map(({ name }) => `${name} is not where the plan has it; its shadow is still counted`),
      ...this.#things.map(
        ({ centre, extentM }) =>
          `something ${extentM.toFixed(1)} m wide stands at (${centre.x.toFixed(1)}, ${centre.y.toFixed(1)}) that is not on the plan; only the outline that the lidar saw of it counts`,
      ),
    ]
    const room = withThings(approvedPlan.room, this.#things)
    this.#known = new KnownRoom(room, knowledge)
    for (const note of this.#notes) log.info({ missionId: this.#missionId }, `Room as found: ${note}.`)
    const { surfaceSizeM } = approvedPlan
    if (before !== null) this.#book = withDoses(this.#book, before.room, surfaceSizeM, before.doseMjPerCm2)
    const begin = (plan: TreatmentPlan) => {
      this.#plan = plan
      this.#ledger = new DoseLedger(room, surfaceSizeM, lamp, {
        doseMjPerCm2: dosesIn(this.#book, room, surfaceSizeM),
        lampOnS: before?.lampOnS ?? 0,
        lastOutput: before?.lastOutput ?? null,
      })
      this.#survey = {
        room,
        surfaceIds: surfacesOf(room, surfaceSizeM).map(({ id }) => id),
        plan,
        things: this.#things,
        thingsFound: this.#thingsFound,
        book: this.#book,
        notes: this.#notes,
      }
      onSurveyed(withMargin(plan.stops, this.#options.lampCapMs))
    }
    if (this.#things.length === 0 && before?.hasDose !== true) {
      begin(approvedPlan)
      return
    }
    const budgetS = approvedPlan.options?.timeBudgetS
    // In mid-run people count on the time that they approved: only what was promised, and what is new, is lit then.
    const isMending = before?.hasDose === true
    this.#planOn(
      {
        room,
        lamp: this.#lampAsItBurns(before),
        doses: this.#book,
        pursue: isMending ? 'promise' : 'everything',
        ...(budgetS === undefined ? {} : { timeLeftS: Math.max(1, budgetS - (before?.lampOnS ?? 0)) }),
      },
      (plan) => begin(isMending ? withReasonsOf(approvedPlan, plan) : plan),
      onFailed,
    )
  }

  /** Stops that mend what the promise still lacks; none when nothing is lacking or nothing helps. @param lampOnMs of this arming */
  planTopUp(lampOnMs: number, onPlanned: (stops: readonly TreatmentStop[]) => void): void {
    const { approvedPlan, log } = this.#options
    const ledger = this.#ledger
    const underDosed =
      ledger === null
        ? 0
        : countUnderDosed(promisedSurfaceIds(approvedPlan), ledger, approvedPlan.targetMjPerCm2)
    if (ledger === null || underDosed === 0) {
      onPlanned([])
      return
    }
    const timeLeftS = (this.#options.lampCapMs - lampOnMs) / 1000
    if (timeLeftS <= 0) {
      onPlanned([])
      return
    }
    const take = ({ stops, dwellS }: TreatmentPlan) => {
      log.info(
        { missionId: this.#missionId, underDosed, stops: stops.length, dwellS, timeLeftS },
        'Some surfaces are under their target.',
      )
      onPlanned(stops)
    }
    const change = {
      room: ledger.room,
      lamp: this.#lampAsItBurns(ledger),
      doses: withDoses(this.#book, ledger.room, approvedPlan.surfaceSizeM, ledger.doseMjPerCm2),
      pursue: 'promise' as const,
      margin: DWELL_MARGIN,
      timeLeftS,
    }
    this.#planOn(change, take, () => onPlanned([]))
  }

  get #missionId(): string {
    return this.#options.missionId
  }

  /** Where a tube has failed, the stops of the whole lamp would mend nothing. */
  #lampAsItBurns(ledger: DoseLedger | null): LampModel {
    const { lamp } = this.#options
    const output = ledger?.lastOutput ?? null
    return output === null ? lamp : lampAsMeasured(lamp, output)
  }

  /** Calls one of the two, once; not any more when the mission ended meanwhile. */
  #planOn(
    change: Pick<ReplanInput, 'room' | 'lamp' | 'doses' | 'pursue' | 'margin' | 'timeLeftS'>,
    onPlanned: (plan: TreatmentPlan) => void,
    onImpossible: () => void,
  ): void {
    const { approvedPlan: approved, plan, geometry, roomWatch, log, isOver } = this.#options
    const fail = (error: unknown) => {
      log.warn({ err: error, missionId: this.#missionId }, 'No plan is possible.')
      if (!isOver()) onImpossible()
    }
    let planned: ReturnType<PlanTreatment>
    try {
      planned = plan(
        replanInput({
          approved,
          robot: {
            radiusM: geometry.radiusM,
            speedMps: geometry.speedMps,
            ...(geometry.fixed === undefined ? {} : { fixedAt: geometry.fixed.at }),
          },
          pose: roomWatch.pose ?? approved.stops[0] ?? { x: 0, y: 0, theta: 0 },
          ...change,
        }),
      )
    } catch (error) {
      fail(error)
      return
    }
    if (!(planned instanceof Promise)) onPlanned(planned)
    else planned.then((later) => (isOver() ? undefined : onPlanned(later)), fail)
  }
}

/** The margin never makes a plan outlast the lamp time of one arming when it did not before. */
function withMargin(stops: readonly TreatmentStop[], lampCapMs: number): TreatmentStop[] {
  const dwellS = stops.reduce((sum, stop) => sum + stop.dwellS, 0)
  const availableS = lampCapMs / 1000 - stops.length * IGNITION_S
  const margin = Math.max(1, Math.min(DWELL_MARGIN, availableS / dwellS))
  return stops.map((stop) => ({ ...stop, dwellS: stop.dwellS * margin }))
}

/** The plan with what the approved one could not promise, for the report to say why. */
function withReasonsOf({ unreachable }: TreatmentPlan, plan: TreatmentPlan): TreatmentPlan {
  const listed = new Set(plan.unreachable.map(({ id }) => id))
  return { ...plan, unreachable: [...unreachable.filter(({ id }) => !listed.has(id)), ...plan.unreachable] }
}
