import type { Clock } from '@wardlight/core/clock'
import { meanOutput, type LampModel, type TreatmentPlan } from '@wardlight/core/disinfection'
import type { DoseReport, InterlockEvent, MissionPhase, MissionStatus } from '@wardlight/core/fleet'
import type { Disposable } from '@wardlight/core/ros'
import type { VdaError } from '@wardlight/core/vda5050'
import { isInsidePolygon } from '@wardlight/core/geometry'
import { createActor, type Actor } from 'xstate'
import type { AgentLog } from '../agent-log.ts'
import { withThings } from '../perception/room-as-found.ts'
import type { PlanTreatment } from '../planning/plan-in-thread.ts'
import type { RoomWatch } from '../perception/room-watch.ts'
import type { InstrumentBook } from '../robot/instrument-book.ts'
import type { Robot } from '../robot/ports.ts'
import type { SafetySupervisor } from '../safety/safety-supervisor.ts'
import { hazardsOf, isLampMeasuredLit, type SupervisorFact } from '../safety/supervisor.ts'
import type { MissionCheckpoint, ProgressCheckpoint } from './checkpoints.ts'
import { buildDoseReport, roundedDoses } from './dose-report.ts'
import { MissionRecord } from './mission-record.ts'
import type { Mission } from './mission.ts'
import { uvMission, type UvMissionEffect, type UvMissionEvent } from './uv-mission.ts'
import { dwellLeftS, uvCountdownS } from './uv-countdown.ts'
import { UvRoom, type UvRoomOptions } from './uv-room.ts'

/** How long a robot waits to be armed. */
const ARMING_TIMEOUT_MS = 30 * 60_000
export const DEFAULT_REARM_TIMEOUT_S = 120
/** So long a restarted robot must know its place, with nothing in its way, before it looks at the room. Proposed. */
const PLACED_FOR_MS = 2000

export interface UvMissionOptions {
  readonly missionId: string
  readonly robotId: string
  readonly approvedPlan: TreatmentPlan
  readonly rearmTimeoutS: number
  readonly lamp: LampModel
  readonly geometry: UvRoomOptions['geometry']
  readonly plan: PlanTreatment
  readonly clock: Clock
  readonly robot: Robot
  readonly supervisor: SafetySupervisor
  readonly roomWatch: RoomWatch
  readonly log: AgentLog
  /** What its report tells of the robot's instruments; a bench without one tells nothing. */
  readonly instruments?: InstrumentBook | undefined
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
  readonly #record: MissionRecord<InterlockEvent, MissionPhase>
  readonly #room: UvRoom
  #phase: MissionPhase = 'traveling'
  #phaseSinceMs: number
  #driveNumber = 0
  #report: DoseReport | null = null
  #placedSinceMs: number | null = null

  constructor(options: UvMissionOptions) {
    this.#options = options
    this.missionId = options.missionId
    const { clock, recalled } = options
    this.#record = new MissionRecord(clock, recalled?.progress ?? null, elapsedBeforeS(options))
    this.#room = new UvRoom({
      ...options,
      lampCapMs: options.supervisor.state.limits.lampCapMs,
      isOver: () => this.#report !== null,
    })
    this.#phaseSinceMs = clock.monotonicMs()
    this.#actor = createActor(uvMission, {
      clock,
      input: {
        rearmTimeoutMs: options.rearmTimeoutS * 1000,
        armingTimeoutMs: ARMING_TIMEOUT_MS,
        exitDelayMs: options.supervisor.state.limits.exitDelayMs,
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
    return this.#room.notes
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
        const { ledger } = this.#room
        if (reading.kind !== 'lampOutput' || ledger === null) return
        // Of two measurements the lower counts: what one of them does not know of was not given.
        const { lampCurrent, deviationM } = supervisor.state
        const fractions = reading.fractions.map((fraction, tube) =>
          Math.min(fraction, lampCurrent[tube] ?? 0),
        )
        const seconds = ledger.measure(clock.monotonicMs(), fractions, roomWatch.pose, deviationM)
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
    if (recalled === undefined) this.#record.enter('traveling')
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
    const { ledger, survey } = this.#room
    const { startedAtEpochMs, elapsedS, interlocks, timeline, arming } = this.#record
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
      startedAtEpochMs,
      elapsedS,
      atEpochMs: clock.epochMs(),
      interlocks,
      timeline,
      arming,
    }
    return { survey, progress }
  }

  status(): MissionStatus {
    const { clock, supervisor } = this.#options
    const { context } = this.#actor.getSnapshot()
    const { plan, ledger } = this.#room
    const remainingStops = context.stops.slice(context.stopIndex)
    const dwellS = remainingStops.reduce((sum, stop) => sum + dwellLeftS(stop), 0)
    const isOver = this.#phase === 'finished'
    const isSurveyed = context.stops.length > 0
    const travelS = isSurveyed ? (plan.travelS * remainingStops.length) / context.stops.length : plan.travelS
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
        : [...plan.stops],
      countdownS: uvCountdownS(this.#phase, clock.monotonicMs() - this.#phaseSinceMs, context),
      remainingS: isOver ? 0 : Math.round((isSurveyed ? dwellS : plan.dwellS) + travelS),
      isLampLit: isLampMeasuredLit(supervisor.state),
      blockers: isWatched ? [...this.#ownBlockers(), ...supervisor.blockers()] : [],
      interlocks: [...this.#record.interlocks],
      deliveredMjPerCm2: ledger === null ? [] : roundedDoses(ledger.doseMjPerCm2),
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
    this.#record.trip({
      kind: 'controller.restarted',
      detail: "the robot's program was restarted",
      wasLit: progress.isLampOn,
    })
    if (survey !== null) this.#room.recall(survey, progress)
    const { log } = this.#options
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

  #enter(phase: MissionPhase): void {
    if (phase === this.#phase) return
    this.#phase = phase
    this.#phaseSinceMs = this.#options.clock.monotonicMs()
    this.#record.enter(phase)
    this.#options.log.info({ missionId: this.missionId, phase }, `The mission is now ${phase}.`)
    this.#options.onChange()
  }

  #onFact(fact: SupervisorFact): void {
    switch (fact.type) {
      case 'tripped':
        this.#record.trip({ kind: fact.kind, detail: fact.detail, wasLit: fact.wasLit })
        this.#send({ type: 'tripped' })
        break
      case 'armingAdvanced':
        this.#record.advanceArming(fact.step, fact.by)
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
        roomWatch.survey(withThings(this.#options.approvedPlan.room, this.#room.things), (survey) =>
          this.#room.take(
            survey,
            (stops) => this.#send({ type: 'surveyed', stops }),
            () => this.#send({ type: 'surveyFailed' }),
          ),
        )
        return
      case 'waitForArming': {
        const {
          plan: { room },
          known,
        } = this.#room
        supervisor.command({
          type: 'watch',
          watch: { missionId: this.missionId, polygon: room.polygon, doors: room.doors },
        })
        if (known !== null) {
          const { isUnderWay } = this.#actor.getSnapshot().context
          roomWatch.watchPresence(known, isUnderWay, () => this.#send({ type: 'roomChanged' }))
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
      case 'settle': {
        const { known, things } = this.#room
        if (known !== null) roomWatch.watchStanding(known, things, () => this.#send({ type: 'settled' }))
        return
      }
      case 'lamp':
        supervisor.command({ type: 'wantLamp', isWanted: effect.isWanted })
        this.#options.onChange()
        return
      case 'verify':
        if (!effect.mayTopUp) this.#send({ type: 'verified', topUpStops: [] })
        else {
          this.#room.planTopUp(supervisor.state.lampOnMs, (topUpStops) =>
            this.#send({ type: 'verified', topUpStops }),
          )
        }
        return
    }
  }

  #finish(): void {
    if (this.#report !== null) return
    const { supervisor, roomWatch, approvedPlan, lamp, robotId, instruments } = this.#options
    for (const disposable of this.#disposables.splice(0)) disposable.dispose()
    supervisor.command({ type: 'watch', watch: null })
    roomWatch.off()
    const { context } = this.#actor.getSnapshot()
    const { plan, ledger } = this.#room
    const { startedAtEpochMs, elapsedS, interlocks, timeline, arming } = this.#record
    this.#report = buildDoseReport({
      missionId: this.missionId,
      robotId,
      approvedPlan,
      plan,
      ledger,
      lamp,
      end: context.end ?? 'canceled',
      startedAtEpochMs,
      elapsedS,
      stops: context.stops,
      interlocks,
      timeline,
      arming,
      instruments: instruments?.ofLight(approvedPlan.room.doors, ledger?.lastOutput ?? null),
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
