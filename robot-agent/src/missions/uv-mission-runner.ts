import type { Clock } from '@wardlight/core/clock'
import {
  dosesIn,
  EMPTY_DOSE_BOOK,
  lampAsMeasured,
  meanOutput,
  replanInput,
  surfacesOf,
  withDoses,
  type DoseBook,
  type LampModel,
  type ReplanInput,
  type TreatmentPlan,
  type TreatmentStop,
} from '@wardlight/core/disinfection'
import type { DoseReport, InterlockEvent, MissionPhase, MissionStatus } from '@wardlight/core/fleet'
import type { Disposable } from '@wardlight/core/ros'
import type { VdaError } from '@wardlight/core/vda5050'
import { isInsidePolygon } from '@wardlight/core/geometry'
import { createActor, type Actor } from 'xstate'
import type { AgentLog } from '../agent-log.ts'
import { KnownRoom } from '../perception/known-room.ts'
import { thingId, withThings, type NumberedThing } from '../perception/room-as-found.ts'
import type { PlanTreatment } from '../planning/plan-in-thread.ts'
import type { RoomWatch, Survey } from '../perception/room-watch.ts'
import type { Robot } from '../robot/ports.ts'
import type { SafetySupervisor } from '../safety/safety-supervisor.ts'
import { hazardsOf, isLampMeasuredLit, SUPERVISOR_LIMITS, type SupervisorFact } from '../safety/supervisor.ts'
import type { MissionCheckpoint, ProgressCheckpoint, SurveyCheckpoint } from './checkpoints.ts'
import { DoseLedger } from './dose-ledger.ts'
import { buildDoseReport, countUnderDosed, promisedSurfaceIds, roundedDoses } from './dose-report.ts'
import type { Mission } from './mission.ts'
import { uvMission, type UvMissionEffect, type UvMissionEvent } from './uv-mission.ts'

/** How long a robot waits to be armed. */
const ARMING_TIMEOUT_MS = 30 * 60_000
export const DEFAULT_REARM_TIMEOUT_S = 120
/**
 * Dwell times are stretched by this, and top-ups aim that much higher: a robot that stands 2 cm beside
 * its stop loses up to 4 % on a surface 1 m away (inverse distance, both ways).
 */
const DWELL_MARGIN = 1.04
/** Lamp time at each stop that gives little dose: the tubes warm up. Proposed. */
const IGNITION_S = 2
/** So long a restarted robot must know its place, with nothing in its way, before it looks at the room. Proposed. */
const PLACED_FOR_MS = 2000

export interface UvMissionOptions {
  readonly missionId: string
  readonly robotId: string
  readonly approvedPlan: TreatmentPlan
  readonly rearmTimeoutS: number
  readonly lamp: LampModel
  readonly geometry: { readonly radiusM: number; readonly speedMps: number }
  readonly plan: PlanTreatment
  readonly clock: Clock
  readonly robot: Robot
  readonly supervisor: SafetySupervisor
  readonly roomWatch: RoomWatch
  readonly log: AgentLog
  /** How far it had got when the program ended; left out for a new mission. */
  readonly recalled?: MissionCheckpoint
  /** Why it must not be armed, apart from what the supervisor knows; `null` when nothing is. */
  readonly armingProblem: () => string | null
  /** Called on everything that people should see at once. */
  readonly onChange: () => void
  readonly onArmed: () => void
  readonly onFinished: (report: DoseReport) => void
}

/** Runs one UV mission: hands the machine its events and does what it asks for. */
export class UvMissionRunner implements Mission {
  readonly missionId: string
  readonly #options: UvMissionOptions
  readonly #actor: Actor<typeof uvMission>
  readonly #disposables: Disposable[] = []
  readonly #startedAtMs: number
  readonly #startedAtEpochMs: number
  /** Seconds of the mission before this process took it up. */
  readonly #elapsedBeforeS: number
  readonly #interlocks: InterlockEvent[] = []
  readonly #timeline: DoseReport['timeline'] = []
  readonly #arming: DoseReport['arming'] = []
  #plan: TreatmentPlan
  #things: readonly NumberedThing[] = []
  #thingsFound = 0
  /** What the room's surfaces got while it looked otherwise than now. */
  #book: DoseBook = EMPTY_DOSE_BOOK
  #known: KnownRoom | null = null
  #ledger: DoseLedger | null = null
  #phase: MissionPhase = 'traveling'
  #phaseSinceMs: number
  #driveNumber = 0
  #report: DoseReport | null = null
  #notes: readonly string[] = []
  #survey: SurveyCheckpoint | null = null
  #placedSinceMs: number | null = null

  constructor(options: UvMissionOptions) {
    this.#options = options
    this.missionId = options.missionId
    this.#plan = options.approvedPlan
    this.#startedAtMs = options.clock.monotonicMs()
    this.#startedAtEpochMs = options.recalled?.progress.startedAtEpochMs ?? options.clock.epochMs()
    this.#elapsedBeforeS = elapsedBeforeS(options)
    this.#phaseSinceMs = this.#startedAtMs
    this.#actor = createActor(uvMission, {
      clock: options.clock,
      input: {
        rearmTimeoutMs: options.rearmTimeoutS * 1000,
        armingTimeoutMs: ARMING_TIMEOUT_MS,
        exitDelayMs: SUPERVISOR_LIMITS.exitDelayMs,
      },
    })
  }

  get phase(): MissionPhase {
    return this.#phase
  }

  /** `null` until the mission is finished. */
  get report(): DoseReport | null {
    return this.#report
  }

  /** What people should know about the room: furniture that is missing, things that were found. */
  get notes(): readonly string[] {
    return this.#notes
  }

  readonly errors: readonly VdaError[] = []
  readonly holdsRobot = false

  startBlockers(): string[] {
    return []
  }

  start(): void {
    const { supervisor, robot, clock, roomWatch } = this.#options
    this.#disposables.push(
      supervisor.onFact((fact) => this.#onFact(fact)),
      robot.sensors.subscribe((reading) => {
        if (reading.kind !== 'lampOutput' || this.#ledger === null) return
        // Of two measurements the lower counts: what one of them does not know of was not given.
        const { lampCurrent } = supervisor.state
        const fractions = reading.fractions.map((fraction, tube) =>
          Math.min(fraction, lampCurrent[tube] ?? 0),
        )
        const seconds = this.#ledger.measure(clock.monotonicMs(), fractions, roomWatch.pose)
        if (seconds > 0) this.#send({ type: 'lit', seconds: seconds / meanOutput(this.#options.lamp) })
      }),
    )
    const { recalled } = this.#options
    this.#actor.on('*', (effect) => this.#do(effect))
    this.#actor.subscribe((snapshot) => {
      this.#enter(
        phaseOf(typeof snapshot.value === 'string' ? snapshot.value : Object.keys(snapshot.value)[0]!),
      )
      if (snapshot.status === 'done') this.#finish()
    })
    if (recalled === undefined) this.#timeline.push({ at: 0, phase: 'traveling' })
    this.#actor.start()
    if (recalled !== undefined) this.#recall(recalled)
  }

  /** Drops everything; the mission is not finished by it. Used when the process ends. */
  stop(): void {
    this.#actor.stop()
    for (const disposable of this.#disposables.splice(0)) disposable.dispose()
  }

  /** The robot stands in the room. */
  arrive(): void {
    this.#send({ type: 'arrived' })
  }

  travelFailed(): void {
    this.#send({ type: 'travelFailed' })
  }

  cancel(): void {
    this.#send({ type: 'canceled' })
  }

  /** All that another process needs to go on. Its parts are the same objects as long as they are unchanged. */
  checkpoint(): MissionCheckpoint {
    const { clock, supervisor } = this.#options
    const { context } = this.#actor.getSnapshot()
    const ledger = this.#ledger
    const progress: ProgressCheckpoint = {
      missionId: this.missionId,
      phase: this.#phase,
      isUnderWay: context.isUnderWay,
      isLampOn: supervisor.state.isLampOn,
      stops: context.stops,
      stopIndex: context.stopIndex,
      topUpRounds: context.topUpRounds,
      doseMjPerCm2: ledger === null ? [] : [...ledger.doseMjPerCm2],
      lampOnS: ledger?.lampOnS ?? 0,
      lastOutput: ledger?.lastOutput ?? null,
      startedAtEpochMs: this.#startedAtEpochMs,
      elapsedS: this.#elapsedS(),
      atEpochMs: clock.epochMs(),
      interlocks: this.#interlocks,
      timeline: this.#timeline,
      arming: this.#arming,
    }
    return { survey: this.#survey, progress }
  }

  status(): MissionStatus {
    const { clock, supervisor } = this.#options
    const { context } = this.#actor.getSnapshot()
    const remainingStops = context.stops.slice(context.stopIndex)
    const dwellS = remainingStops.reduce((sum, stop) => sum + dwellLeftS(stop), 0)
    const isOver = this.#phase === 'finished'
    const isSurveyed = context.stops.length > 0
    const travelS = isSurveyed
      ? (this.#plan.travelS * remainingStops.length) / context.stops.length
      : this.#plan.travelS
    // On the way the room's own blockers mean nothing; only a pause holds the robot.
    const isHeld = this.#phase === 'traveling' && supervisor.state.isPaused
    const isWatched = isHeld || ['awaitingArming', 'exitDelay', 'dosing', 'interrupted'].includes(this.#phase)
    return {
      missionId: this.missionId,
      timestamp: new Date(clock.epochMs()).toISOString(),
      phase: this.#phase,
      arming: supervisor.armingStepOf(this.missionId),
      stopIndex: context.stopIndex,
      stops: isSurveyed
        ? context.stops.map(({ x, y, theta, plannedDwellS }) => ({ x, y, theta, dwellS: plannedDwellS }))
        : [...this.#plan.stops],
      countdownS: this.#countdownS(),
      remainingS: isOver ? 0 : Math.round((isSurveyed ? dwellS : this.#plan.dwellS) + travelS),
      isLampLit: isLampMeasuredLit(supervisor.state),
      blockers: isWatched ? [...this.#ownBlockers(), ...supervisor.blockers()] : [],
      interlocks: [...this.#interlocks],
      deliveredMjPerCm2: this.#ledger === null ? [] : roundedDoses(this.#ledger.doseMjPerCm2),
    }
  }

  /** What keeps it from being armed that the supervisor does not know of. */
  #ownBlockers(): string[] {
    const isToBeArmed = this.#phase === 'awaitingArming' || this.#phase === 'interrupted'
    const problem = isToBeArmed ? this.#options.armingProblem() : null
    return [
      ...(problem === null ? [] : [problem]),
      ...(this.#actor.getSnapshot().matches('locating')
        ? [
            this.#isInRoom()
              ? 'the robot was restarted, and looks at the room anew before it can be armed'
              : 'the robot was restarted, and is not in the room or does not know where it is',
          ]
        : []),
    ]
  }

  /** Takes up a mission where the program ended. Nothing is lit by it: it has to be surveyed and armed anew. */
  #recall({ survey, progress }: MissionCheckpoint): void {
    const { approvedPlan, lamp, log } = this.#options
    this.#timeline.push(...progress.timeline)
    this.#interlocks.push(...progress.interlocks, {
      at: this.#elapsedS(),
      kind: 'controller.restarted',
      detail: "the robot's program was restarted",
      wasLit: progress.isLampOn,
    })
    this.#arming.push(...progress.arming)
    if (survey !== null) {
      this.#survey = survey
      this.#things = survey.things
      this.#thingsFound = survey.thingsFound
      this.#book = survey.book
      this.#plan = survey.plan
      this.#notes = survey.notes
      this.#ledger = new DoseLedger(survey.room, approvedPlan.surfaceSizeM, lamp, progress)
    }
    log.warn(
      { missionId: this.missionId, phase: progress.phase, wasLit: progress.isLampOn },
      'The program was restarted in a mission. It is dark and disarmed, and goes on from the dose delivered so far.',
    )
    // On its way the order decides when it goes on.
    if (progress.phase === 'traveling') return
    const { stops, stopIndex, topUpRounds, isUnderWay } = progress
    this.#send({ type: 'recalled', stops, stopIndex, topUpRounds, isUnderWay })
  }

  /** Whether it knows that it stands in the room; called with each estimate after a restart. */
  #locate(): void {
    const { supervisor, clock } = this.#options
    if (!this.#actor.getSnapshot().matches('locating')) return
    const nowMs = clock.monotonicMs()
    // A pause holds the wheels; looking around needs none.
    const isHindered = hazardsOf({ ...supervisor.state, isPaused: false }, nowMs).length > 0
    if (isHindered || !this.#isInRoom()) {
      this.#placedSinceMs = null
      return
    }
    this.#placedSinceMs ??= nowMs
    if (nowMs - this.#placedSinceMs >= PLACED_FOR_MS) this.#send({ type: 'placed' })
  }

  #isInRoom(): boolean {
    const { pose } = this.#options.supervisor.state
    return pose !== null && isInsidePolygon(pose, this.#options.approvedPlan.room.polygon)
  }

  /** What comes after the end is no news. */
  #send(event: UvMissionEvent): void {
    if (this.#report === null) this.#actor.send(event)
  }

  #countdownS(): number | null {
    const { context } = this.#actor.getSnapshot()
    const inPhaseMs = this.#options.clock.monotonicMs() - this.#phaseSinceMs
    const left = (totalMs: number) => Math.max(0, Math.ceil((totalMs - inPhaseMs) / 1000))
    switch (this.#phase) {
      case 'awaitingArming':
        return left(context.armingTimeoutMs)
      case 'exitDelay':
        return left(context.exitDelayMs)
      case 'interrupted':
        return left(context.isUnderWay ? context.rearmTimeoutMs : context.armingTimeoutMs)
      case 'dosing': {
        const stop = context.stops[context.stopIndex]
        return stop === undefined ? null : Math.ceil(dwellLeftS(stop))
      }
      case 'queued':
      case 'traveling':
      case 'surveying':
      case 'verifying':
      case 'finished':
        return null
    }
  }

  #enter(phase: MissionPhase): void {
    if (phase === this.#phase) return
    this.#phase = phase
    this.#phaseSinceMs = this.#options.clock.monotonicMs()
    this.#timeline.push({ at: this.#elapsedS(), phase })
    this.#options.log.info({ missionId: this.missionId, phase }, `The mission is now ${phase}.`)
    this.#options.onChange()
  }

  #elapsedS(): number {
    return this.#elapsedBeforeS + (this.#options.clock.monotonicMs() - this.#startedAtMs) / 1000
  }

  #onFact(fact: SupervisorFact): void {
    switch (fact.type) {
      case 'tripped':
        this.#interlocks.push({
          at: this.#elapsedS(),
          kind: fact.kind,
          detail: fact.detail,
          wasLit: fact.wasLit,
        })
        this.#send({ type: 'tripped' })
        break
      case 'armingAdvanced':
        this.#arming.push({ at: this.#elapsedS(), step: fact.step, by: fact.by })
        if (fact.step === 'started') {
          this.#send({ type: 'armed' })
          this.#options.onArmed()
        }
        break
      case 'armingRefused':
        break
    }
    this.#options.onChange()
  }

  #do(effect: UvMissionEffect): void {
    const { supervisor, robot, roomWatch } = this.#options
    switch (effect.type) {
      case 'locate':
        this.#disposables.push(
          robot.sensors.subscribe(({ kind }) => {
            if (kind === 'localisation') this.#locate()
          }),
        )
        return
      case 'survey':
        // What is surveyed anew is not armed meanwhile: nobody knows the room.
        supervisor.command({ type: 'watch', watch: null })
        roomWatch.survey(withThings(this.#options.approvedPlan.room, this.#things), (survey) =>
          this.#takeSurvey(survey),
        )
        return
      case 'waitForArming': {
        const { room } = this.#plan
        supervisor.command({
          type: 'watch',
          watch: { missionId: this.missionId, polygon: room.polygon, doors: room.doors },
        })
        if (this.#known !== null) {
          const { isUnderWay } = this.#actor.getSnapshot().context
          roomWatch.watchPresence(this.#known, isUnderWay, () => this.#send({ type: 'roomChanged' }))
        }
        return
      }
      case 'driveTo': {
        roomWatch.off()
        this.#driveNumber += 1
        const number = this.#driveNumber
        const { x, y, theta } = effect.stop
        robot.base.driveTo({ x, y, theta }, (end) => {
          // The end of a drive that was given up already says nothing about the present one.
          if (number === this.#driveNumber) this.#send({ type: 'driveEnded', end })
        })
        return
      }
      case 'cancelDrive':
        this.#driveNumber += 1
        robot.base.cancel()
        return
      case 'settle':
        if (this.#known !== null) {
          roomWatch.watchStanding(this.#known, this.#things, () => this.#send({ type: 'settled' }))
        }
        return
      case 'lamp':
        supervisor.command({ type: 'wantLamp', isWanted: effect.isWanted })
        this.#options.onChange()
        return
      case 'verify':
        if (effect.mayTopUp) this.#planTopUp((topUpStops) => this.#send({ type: 'verified', topUpStops }))
        else this.#send({ type: 'verified', topUpStops: [] })
        return
    }
  }

  #takeSurvey({ things, missingFurniture, knowledge }: Survey): void {
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
    for (const note of this.#notes) log.info({ missionId: this.missionId }, `Room as found: ${note}.`)
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
      this.#send({ type: 'surveyed', stops: withMargin(plan.stops) })
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
      () => this.#send({ type: 'surveyFailed' }),
    )
  }

  /** Where a tube has failed, the stops of the whole lamp would mend nothing. */
  #lampAsItBurns(ledger: DoseLedger | null): LampModel {
    const { lamp } = this.#options
    const output = ledger?.lastOutput ?? null
    return output === null ? lamp : lampAsMeasured(lamp, output)
  }

  /** Stops that mend what the promise still lacks; none when nothing is lacking or nothing helps. */
  #planTopUp(onPlanned: (stops: readonly TreatmentStop[]) => void): void {
    const { approvedPlan, log, supervisor } = this.#options
    const ledger = this.#ledger
    const underDosed =
      ledger === null
        ? 0
        : countUnderDosed(promisedSurfaceIds(approvedPlan), ledger, approvedPlan.targetMjPerCm2)
    if (ledger === null || underDosed === 0) {
      onPlanned([])
      return
    }
    const timeLeftS = (SUPERVISOR_LIMITS.lampCapMs - supervisor.state.lampOnMs) / 1000
    if (timeLeftS <= 0) {
      onPlanned([])
      return
    }
    const take = ({ stops, dwellS }: TreatmentPlan) => {
      const { missionId } = this
      log.info(
        { missionId, underDosed, stops: stops.length, dwellS, timeLeftS },
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

  /** Calls one of the two, once; not any more when the mission ended meanwhile. */
  #planOn(
    change: Pick<ReplanInput, 'room' | 'lamp' | 'doses' | 'pursue' | 'margin' | 'timeLeftS'>,
    onPlanned: (plan: TreatmentPlan) => void,
    onImpossible: () => void,
  ): void {
    const { approvedPlan: approved, plan, geometry, roomWatch, log } = this.#options
    const isOver = () => this.#report !== null
    const fail = (error: unknown) => {
      log.warn({ err: error, missionId: this.missionId }, 'No plan is possible.')
      if (!isOver()) onImpossible()
    }
    let planned: ReturnType<PlanTreatment>
    try {
      planned = plan(
        replanInput({
          approved,
          robot: { radiusM: geometry.radiusM, speedMps: geometry.speedMps },
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

  #finish(): void {
    if (this.#report !== null) return
    const { supervisor, roomWatch, approvedPlan, lamp, robotId } = this.#options
    for (const disposable of this.#disposables.splice(0)) disposable.dispose()
    supervisor.command({ type: 'watch', watch: null })
    roomWatch.off()
    const { context } = this.#actor.getSnapshot()
    this.#report = buildDoseReport({
      missionId: this.missionId,
      robotId,
      approvedPlan,
      plan: this.#plan,
      ledger: this.#ledger,
      lamp,
      end: context.end ?? 'canceled',
      startedAtEpochMs: this.#startedAtEpochMs,
      elapsedS: this.#elapsedS(),
      stops: context.stops,
      interlocks: this.#interlocks,
      timeline: this.#timeline,
      arming: this.#arming,
    })
    this.#options.onFinished(this.#report)
  }
}

/** `locating` is a state of the machine; to people it is an interruption like any other. */
function phaseOf(state: string): MissionPhase {
  return state === 'locating' ? 'interrupted' : (state as MissionPhase)
}

/** The time that the program was away belongs to the mission; a clock that was set back meanwhile takes none off. */
function elapsedBeforeS({ recalled, clock }: UvMissionOptions): number {
  if (recalled === undefined) return 0
  const { elapsedS, atEpochMs } = recalled.progress
  return elapsedS + Math.max(0, clock.epochMs() - atEpochMs) / 1000
}

function dwellLeftS(stop: { readonly plannedDwellS: number; readonly deliveredDwellS: number }): number {
  return Math.max(0, stop.plannedDwellS - stop.deliveredDwellS)
}

/** The margin never makes a plan outlast the lamp time of one arming when it did not before. */
function withMargin(stops: readonly TreatmentStop[]): TreatmentStop[] {
  const dwellS = stops.reduce((sum, stop) => sum + stop.dwellS, 0)
  const availableS = SUPERVISOR_LIMITS.lampCapMs / 1000 - stops.length * IGNITION_S
  const margin = Math.max(1, Math.min(DWELL_MARGIN, availableS / dwellS))
  return stops.map((stop) => ({ ...stop, dwellS: stop.dwellS * margin }))
}

/** The plan with what the approved one could not promise, for the report to say why. */
function withReasonsOf({ unreachable }: TreatmentPlan, plan: TreatmentPlan): TreatmentPlan {
  const listed = new Set(plan.unreachable.map(({ id }) => id))
  return { ...plan, unreachable: [...unreachable.filter(({ id }) => !listed.has(id)), ...plan.unreachable] }
}
