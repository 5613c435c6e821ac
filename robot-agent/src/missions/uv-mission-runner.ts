import type { Clock } from '@wardlight/core/clock'
import {
  dosesIn,
  EMPTY_DOSE_BOOK,
  lampAsMeasured,
  meanOutput,
  replanInput,
  withDoses,
  type DoseBook,
  type LampModel,
  type ReplanInput,
  type TreatmentPlan,
  type TreatmentStop,
} from '@wardlight/core/disinfection'
import type { DoseReport, InterlockEvent, MissionPhase, MissionStatus } from '@wardlight/core/fleet'
import type { Disposable } from '@wardlight/core/ros'
import { createActor, type Actor } from 'xstate'
import type { AgentLog } from '../agent-log.ts'
import { KnownRoom } from '../perception/known-room.ts'
import { thingId, withThings, type NumberedThing } from '../perception/room-as-found.ts'
import type { PlanTreatment } from '../planning/plan-in-thread.ts'
import type { RoomWatch, Survey } from '../perception/room-watch.ts'
import type { Robot } from '../robot/ports.ts'
import type { SafetySupervisor } from '../safety/safety-supervisor.ts'
import { SUPERVISOR_LIMITS, type SupervisorFact } from '../safety/supervisor.ts'
import { DoseLedger } from './dose-ledger.ts'
import { buildDoseReport, countUnderDosed, promisedSurfaceIds, roundedDoses } from './dose-report.ts'
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
  /** Called on everything that people should see at once. */
  readonly onChange: () => void
  readonly onArmed: () => void
  readonly onFinished: (report: DoseReport) => void
}

/** Runs one UV mission: hands the machine its events and does what it asks for. */
export class UvMissionRunner {
  readonly missionId: string
  readonly #options: UvMissionOptions
  readonly #actor: Actor<typeof uvMission>
  readonly #disposables: Disposable[] = []
  readonly #startedAtMs: number
  readonly #startedAtEpochMs: number
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

  constructor(options: UvMissionOptions) {
    this.#options = options
    this.missionId = options.missionId
    this.#plan = options.approvedPlan
    this.#startedAtMs = options.clock.monotonicMs()
    this.#startedAtEpochMs = options.clock.epochMs()
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

  start(): void {
    const { supervisor, robot, clock, roomWatch } = this.#options
    this.#disposables.push(
      supervisor.onFact((fact) => this.#onFact(fact)),
      robot.sensors.subscribe((reading) => {
        if (reading.kind !== 'lampOutput' || this.#ledger === null) return
        const seconds = this.#ledger.measure(clock.monotonicMs(), reading.fractions, roomWatch.pose)
        if (seconds > 0) this.#send({ type: 'lit', seconds: seconds / meanOutput(this.#options.lamp) })
      }),
    )
    this.#actor.on('*', (effect) => this.#do(effect))
    this.#actor.subscribe((snapshot) => {
      const phase = (
        typeof snapshot.value === 'string' ? snapshot.value : Object.keys(snapshot.value)[0]
      ) as MissionPhase
      this.#enter(phase)
      if (snapshot.status === 'done') this.#finish()
    })
    this.#timeline.push({ at: 0, phase: 'traveling' })
    this.#actor.start()
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
      arming: supervisor.state.watch?.missionId === this.missionId ? supervisor.state.armingStep : 'locked',
      stopIndex: context.stopIndex,
      stops: isSurveyed
        ? context.stops.map(({ x, y, theta, plannedDwellS }) => ({ x, y, theta, dwellS: plannedDwellS }))
        : [...this.#plan.stops],
      countdownS: this.#countdownS(),
      remainingS: isOver ? 0 : Math.round((isSurveyed ? dwellS : this.#plan.dwellS) + travelS),
      isLampLit: supervisor.state.lampOutputFraction >= SUPERVISOR_LIMITS.litFraction,
      blockers: isWatched ? supervisor.blockers() : [],
      interlocks: [...this.#interlocks],
      deliveredMjPerCm2: this.#ledger === null ? [] : roundedDoses(this.#ledger.doseMjPerCm2),
    }
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
        return left(context.rearmTimeoutMs)
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
    return (this.#options.clock.monotonicMs() - this.#startedAtMs) / 1000
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
      this.#send({ type: 'surveyed', stops: withMargin(plan.stops) })
    }
    if (this.#things.length === 0 && before?.hasDose !== true) {
      begin(approvedPlan)
      return
    }
    const budgetS = approvedPlan.options?.timeBudgetS
    this.#planOn(
      {
        room,
        lamp: this.#lampAsItBurns(before),
        doses: this.#book,
        pursue: 'everything',
        ...(budgetS === undefined ? {} : { timeLeftS: Math.max(1, budgetS - (before?.lampOnS ?? 0)) }),
      },
      begin,
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
