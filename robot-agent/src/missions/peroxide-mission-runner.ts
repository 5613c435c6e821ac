import type { Clock, TimerId } from '@wardlight/core/clock'
import { CLEARANCE_LIMITS, predictedRemainingS, type PeroxidePlan } from '@wardlight/core/disinfection'
import type { PeroxidePhase, PeroxideReport, PeroxideStatus } from '@wardlight/core/fleet'
import { isInsidePolygon } from '@wardlight/core/geometry'
import { VAPORISER_HEARTBEAT_MS, type Disposable } from '@wardlight/core/ros'
import type { VdaError } from '@wardlight/core/vda5050'
import { createActor, type Actor } from 'xstate'
import type { AgentLog } from '../agent-log.ts'
import { KnownRoom } from '../perception/known-room.ts'
import { withThings, type NumberedThing } from '../perception/room-as-found.ts'
import type { RoomWatch, Survey } from '../perception/room-watch.ts'
import {
  damperKey,
  type Damper,
  type DamperState,
  type GasEquipmentReading,
  type Robot,
  type RobotReading,
} from '../robot/ports.ts'
import { isStuckOn, type GasGuardFact } from '../safety/gas-guard.ts'
import type { GasSafety } from '../safety/gas-safety.ts'
import type { SafetySupervisor } from '../safety/safety-supervisor.ts'
import { SUPERVISOR_LIMITS, type SupervisorFact } from '../safety/supervisor.ts'
import { GasLedger } from './gas-ledger.ts'
import type { Mission } from './mission.ts'
import { climateNeeds, preCheckBlockers, type RoomClimate } from './peroxide-checks.ts'
import type { PeroxideMemory } from './peroxide-memory.ts'
import { peroxideMission, type PeroxideMissionEffect, type PeroxideMissionEvent } from './peroxide-mission.ts'
import { buildPeroxideReport } from './peroxide-report.ts'

/** How long a robot waits to be armed. */
const ARMING_TIMEOUT_MS = 30 * 60_000
/** After a restart it must have known for so long that it stands in the room, ms (as a UV mission). */
const PLACED_FOR_MS = 2000
/** Gassing may last so much longer than planned before it is given up (proposed). */
const GAS_TIME_FACTOR = 1.5
/** … and a dwell that begins anew time and again (proposed). */
const DWELL_TIME_FACTOR = 4
/** Readings up to so many times the limit are still part of verifying. They clear nothing (proposed). */
const STILL_LOW = 2
/** Sensors speak each second; so often everything is looked at. */
const LOOK_MS = 1000
/** What a restart must know is written so often while there is gas, ms (proposed). */
const REMEMBER_EVERY_MS = 10_000
/** For so long gas may have flowed since the last writing, ms: one that was due and the look before it, and the watchdog. */
const UNSEEN_MS = REMEMBER_EVERY_MS + 2 * LOOK_MS + VAPORISER_HEARTBEAT_MS

export interface PeroxideMissionOptions {
  readonly missionId: string
  readonly robotId: string
  readonly plan: PeroxidePlan
  readonly rearmTimeoutS: number
  readonly actionIds: { readonly awaitArmingId: string; readonly startPeroxideCycleId: string }
  readonly clock: Clock
  readonly robot: Robot
  readonly supervisor: SafetySupervisor
  readonly gasSafety: GasSafety
  readonly roomWatch: RoomWatch
  readonly log: AgentLog
  /** Set when the robot comes up again in a room that it had sealed or gassed. */
  readonly resume: PeroxideMemory | null
  /** The robot came up again before it had sealed anything: the mission begins anew, as soon as it knows that it stands in the room. */
  readonly isBegunAnew?: boolean
  /** Write it down, before this returns; `null`: there is nothing to remember any more. */
  readonly onRemember: (memory: PeroxideMemory | null) => void
  /** Called on everything that people should see at once. */
  readonly onChange: () => void
  readonly onArmed: () => void
  readonly onFinished: (report: PeroxideReport) => void
}

/** Runs one peroxide mission: hands the machine its events and does what it asks for. */
export class PeroxideMissionRunner implements Mission {
  readonly missionId: string
  readonly plan: PeroxidePlan
  readonly #options: PeroxideMissionOptions
  readonly #actor: Actor<typeof peroxideMission>
  readonly #ledger: GasLedger
  readonly #disposables: Disposable[] = []
  readonly #startedAtEpochMs: number
  readonly #beganMs: number
  /** Seconds from the mission's start to this runner's, by the clock on the wall: a restart lies between. */
  readonly #beforeS: number
  readonly #interlocks: PeroxideReport['interlocks']
  readonly #timeline: PeroxideReport['timeline']
  readonly #arming: PeroxideReport['arming']
  #conditions: PeroxideReport['conditions']
  #climate: RoomClimate = { temperature: null, humidity: null }
  #tankMl: number | null = null
  #dampers = new Map<string, DamperState>()
  #wantedDampers = new Map<Damper, 'shut' | 'open'>()
  #openDoorIds: ReadonlySet<string> = new Set()
  #isPersonSensed = false
  #things: readonly NumberedThing[] = []
  #known: KnownRoom | null = null
  #phase: PeroxidePhase | null = null
  #lastGasTripMs: number | null = null
  #rememberedMs = -Infinity
  #canRemember = true
  #hasReachedCeiling = false
  #clearedAtEpochMs: number | null = null
  #isAtNode = false
  #placedSinceMs: number | null = null
  #report: PeroxideReport | null = null
  #timer: TimerId = null

  constructor(options: PeroxideMissionOptions) {
    const { clock, plan, resume } = options
    this.#options = options
    this.missionId = options.missionId
    this.plan = plan
    this.#beganMs = clock.monotonicMs()
    this.#startedAtEpochMs = resume?.startedAtEpochMs ?? clock.epochMs()
    this.#beforeS = Math.max(0, (clock.epochMs() - this.#startedAtEpochMs) / 1000)
    // Had it lived longer, it would have written again; then the generator's own watchdog stopped it.
    const unseenMin = resume?.wasGeneratorOn === true ? UNSEEN_MS / 60_000 : 0
    this.#ledger = new GasLedger(plan, resume?.ledger ?? null, this.#beganMs, unseenMin * plan.rateGPerMin)
    this.#interlocks = [...(resume?.interlocks ?? [])]
    this.#timeline = [...(resume?.timeline ?? [])]
    this.#arming = [...(resume?.arming ?? [])]
    this.#conditions = resume?.conditions ?? null
    this.#actor = createActor(peroxideMission, {
      clock,
      input: {
        armingTimeoutMs: ARMING_TIMEOUT_MS,
        rearmTimeoutMs: options.rearmTimeoutS * 1000,
        exitDelayMs: SUPERVISOR_LIMITS.exitDelayMs,
        gasTimeoutMs: (GAS_TIME_FACTOR * 60_000 * plan.h2o2G) / plan.rateGPerMin,
        dwellTimeoutMs: DWELL_TIME_FACTOR * 1000 * plan.dwellS,
        resume:
          resume === null
            ? null
            : {
                isGassed: resume.isGassed ?? true,
                end: resume.end ?? 'restarted',
                isDwellDone: resume.isDwellDone,
                wasEvacuated: resume.wasEvacuated,
              },
      },
    })
  }

  /** Until its sensors have cleared the room; after a restart also until its dampers are open. */
  get holdsRobot(): boolean {
    const snapshot = this.#actor.getSnapshot()
    return this.#report === null && (snapshot.context.isGassed || snapshot.matches('unsealing'))
  }

  get phase(): PeroxidePhase {
    return this.#phase ?? 'traveling'
  }

  /** `null` until the mission is finished. */
  get report(): PeroxideReport | null {
    return this.#report
  }

  /** What people should know about the room. */
  get notes(): readonly string[] {
    const snapshot = this.#actor.getSnapshot()
    const { roomId } = this.plan.room
    if (snapshot.matches('unsealing')) return [`${roomId} had its dampers shut: they are being opened again`]
    return snapshot.context.isGassed ? [`${roomId} is gassed: keep its doors locked, let nobody in`] : []
  }

  /** What has to be seen at once, in VDA 5050's words. */
  get errors(): readonly VdaError[] {
    const { context } = this.#actor.getSnapshot()
    if (!context.mustEvacuate || this.#report !== null) return []
    const reason = this.#interlocks.findLast(({ kind }) => EVACUATES.has(kind))?.detail
    return [
      {
        errorType: 'GAS_EVACUATE',
        errorLevel: 'FATAL',
        errorDescription: `Leave the rooms around ${this.plan.room.roomId}${reason === undefined ? '' : `: ${reason}`}`,
        errorReferences: [{ referenceKey: 'missionId', referenceValue: this.missionId }],
      },
    ]
  }

  start(): void {
    const { supervisor, gasSafety, robot, resume } = this.#options
    this.#disposables.push(
      supervisor.onFact((fact) => this.#onFact(fact)),
      gasSafety.onFact((fact) => this.#onGasFact(fact)),
      robot.gas.subscribe((reading) => this.#hearGas(reading)),
      robot.sensors.subscribe((reading) => this.#hearRobot(reading)),
    )
    if (resume !== null) {
      this.#interlocks.push({
        at: this.#elapsedS(),
        kind: 'controller.stalled',
        detail: 'the robot came up again in the midst of the cycle',
        wasGassing: resume.wasGeneratorOn,
      })
    } else if (this.#options.isBegunAnew === true) {
      this.#interlocks.push({
        at: this.#elapsedS(),
        kind: 'controller.restarted',
        detail: 'the robot came up again before it had sealed the room',
        wasGassing: false,
      })
    }
    this.#actor.on('*', (effect) => this.#do(effect))
    this.#actor.subscribe((snapshot) => {
      this.#enter(phaseOf(snapshot.value))
      if (snapshot.status === 'done') this.#finish()
    })
    this.#actor.start()
    this.#enter(phaseOf(this.#actor.getSnapshot().value))
    this.#look()
  }

  /** Drops everything; the mission is not finished by it, nor forgotten. Used when the process ends. */
  stop(): void {
    this.#options.gasSafety.command({ type: 'want', rateGPerMin: 0, mustHold: false })
    this.#actor.stop()
    this.#options.clock.clearTimeout(this.#timer)
    for (const disposable of this.#disposables.splice(0)) disposable.dispose()
  }

  /** The robot stands in the room. */
  arrive(): void {
    this.#isAtNode = true
    if (this.#options.isBegunAnew !== true) this.#send({ type: 'arrived' })
  }

  travelFailed(): void {
    this.#send({ type: 'travelFailed' })
  }

  /** From the first gas on it leads to aeration, and ends nothing. */
  cancel(): void {
    this.#send({ type: 'canceled' })
  }

  /** Why the mission must not be started now, in words. What the supervisor looks at is not among it. */
  startBlockers(): string[] {
    const { clock, gasSafety } = this.#options
    return preCheckBlockers({
      plan: this.plan,
      ledger: this.#ledger,
      guard: gasSafety.state,
      climate: this.#climate,
      tankMl: this.#tankMl,
      nowMs: clock.monotonicMs(),
    })
  }

  status(): PeroxideStatus {
    const { clock, supervisor, gasSafety } = this.#options
    const { context } = this.#actor.getSnapshot()
    const nowMs = clock.monotonicMs()
    const phaseS = this.#elapsedS() - (this.#timeline.at(-1)?.at ?? this.#elapsedS())
    const { highestPpm } = this.#ledger
    return {
      missionId: this.missionId,
      roomId: this.plan.room.roomId,
      timestamp: new Date(clock.epochMs()).toISOString(),
      phase: this.phase,
      phaseS,
      countdownS: this.#countdownS(phaseS),
      remainingS: predictedRemainingS(this.plan, {
        phase: this.phase,
        phaseS,
        injectedG: this.#ledger.injectedG,
        dwellS: this.#ledger.dwellS,
        highestPpm: Number.isFinite(highestPpm) ? highestPpm : null,
      }),
      arming: supervisor.armingStepOf(this.missionId),
      isGassed: context.isGassed,
      mustEvacuate: context.mustEvacuate,
      isGeneratorOn: gasSafety.state.commandedGPerMin > 0,
      injectedG: this.#ledger.injectedG,
      dwellS: this.#ledger.dwellS,
      sensors: [...this.#ledger.heard].map(([sensorId, { roomId, ppm, atMs }]) => ({
        sensorId,
        roomId,
        ppm,
        ageS: Math.max(0, nowMs - atMs) / 1000,
      })),
      blockers: this.#blockers(nowMs),
      interlocks: [...this.#interlocks],
      report: this.#report,
    }
  }

  /** Until the phase ends by itself. */
  #countdownS(phaseS: number): number | null {
    const lengthS = {
      exitDelay: SUPERVISOR_LIMITS.exitDelayMs / 1000,
      awaitingArming: ARMING_TIMEOUT_MS / 1000,
      interrupted: this.#options.rearmTimeoutS,
    }[this.phase as string]
    return lengthS === undefined ? null : Math.max(0, lengthS - phaseS)
  }

  memory(): PeroxideMemory {
    const { context } = this.#actor.getSnapshot()
    return {
      isGassed: context.isGassed,
      missionId: this.missionId,
      plan: this.plan,
      ...this.#options.actionIds,
      startedAtEpochMs: this.#startedAtEpochMs,
      end: context.end,
      isDwellDone: context.isDwellDone,
      wasGeneratorOn: context.isGeneratorOn,
      ledger: this.#ledger.memory(),
      conditions: this.#conditions,
      interlocks: [...this.#interlocks],
      timeline: [...this.#timeline],
      arming: [...this.#arming],
      wasEvacuated: context.mustEvacuate,
    }
  }

  #blockers(nowMs: number): string[] {
    const { supervisor } = this.#options
    switch (this.phase) {
      case 'awaitingArming':
      case 'interrupted':
        return [...supervisor.blockers(), ...this.startBlockers()]
      case 'unsealing':
        return this.#damperBlockers()
      case 'exitDelay':
      case 'isolating':
        return supervisor.blockers()
      case 'conditioning':
        return [...supervisor.blockers(), ...climateNeeds(this.plan, this.#climate, nowMs)]
      case 'aerating':
      case 'verifying':
        return this.#clearanceBlockers(nowMs)
      case 'traveling':
      case 'surveying':
      case 'gassing':
      case 'dwelling':
      case 'finished':
        return []
    }
  }

  #clearanceBlockers(nowMs: number): string[] {
    const blockers = this.#ledger.blockers(nowMs)
    if (isStuckOn(this.#options.gasSafety.state, nowMs))
      blockers.push('the generator runs though it was switched off')
    return [...blockers, ...this.#damperBlockers()]
  }

  /** What keeps the room from being aired. */
  #damperBlockers(): string[] {
    return (['exhaust', 'supply'] as const).flatMap((damper) => {
      const state = this.#dampers.get(damperKey(this.plan.room.roomId, damper))
      return state === 'open' ? [] : [`the ${damper} damper is ${state ?? 'silent'}`]
    })
  }

  /** What comes after the end is no news. */
  #send(event: PeroxideMissionEvent): void {
    if (this.#report === null) this.#actor.send(event)
  }

  #elapsedS(): number {
    return this.#beforeS + (this.#options.clock.monotonicMs() - this.#beganMs) / 1000
  }

  #enter(phase: PeroxidePhase): void {
    if (phase === this.#phase) return
    this.#phase = phase
    this.#timeline.push({ at: this.#elapsedS(), phase })
    const { log, supervisor, roomWatch } = this.#options
    log.info({ missionId: this.missionId, phase }, `The peroxide mission is now ${phase}.`)
    if (phase === 'gassing') this.#conditions = this.#presentConditions()
    if (phase === 'dwelling') this.#ledger.beginDwell()
    if (phase === 'aerating' || phase === 'finished') {
      // Disarmed: nothing is lit or gassed any more, whoever comes in.
      supervisor.command({ type: 'watch', watch: null })
      roomWatch.off()
    }
    this.#options.onChange()
  }

  #presentConditions(): PeroxideReport['conditions'] {
    const { temperature, humidity } = this.#climate
    return temperature === null || humidity === null
      ? null
      : { temperatureC: temperature.celsius, relativeHumidityPercent: humidity.percent }
  }

  #onFact(fact: SupervisorFact): void {
    switch (fact.type) {
      case 'tripped':
        this.#interlocks.push({
          at: this.#elapsedS(),
          kind: fact.kind,
          detail: fact.detail,
          // The gas guard heard of it first, and has stopped it already.
          wasGassing: this.#lastGasTripMs === this.#options.clock.monotonicMs(),
        })
        this.#send({ type: 'tripped' })
        break
      case 'armingAdvanced':
        this.#arming.push({ at: this.#elapsedS(), step: fact.step, by: fact.by })
        if (fact.step === 'started') {
          this.#send({ type: 'checked', blockers: this.startBlockers() })
          this.#send({ type: 'armed' })
          if (this.phase === 'exitDelay') this.#options.onArmed()
        }
        break
      case 'armingRefused':
        break
    }
    this.#options.onChange()
  }

  #onGasFact({ kind, detail, wasGassing }: GasGuardFact): void {
    if (wasGassing) this.#lastGasTripMs = this.#options.clock.monotonicMs()
    // What the supervisor has against it, it tells itself.
    if (kind !== 'gas.notPermitted') this.#interlocks.push({ at: this.#elapsedS(), kind, detail, wasGassing })
    this.#raise(kind === 'gas.evacuate')
    this.#options.onChange()
  }

  #hearGas(reading: GasEquipmentReading): void {
    const { clock, gasSafety } = this.#options
    const nowMs = clock.monotonicMs()
    switch (reading.kind) {
      case 'gasSensors':
        this.#ledger.hearSensors(reading.sensors, nowMs, this.phase === 'dwelling')
        this.#judge()
        return
      case 'vaporiserRate':
        this.#ledger.hearRate(reading.gPerMin, gasSafety.state.commandedGPerMin, nowMs)
        if (this.phase === 'gassing') this.#judge()
        return
      case 'vaporiserTank':
        this.#tankMl = reading.solutionMl
        return
      case 'dampers': {
        this.#dampers = new Map([...this.#dampers, ...reading.states])
        if (this.phase === 'unsealing' && this.#damperBlockers().length === 0) {
          this.#send({ type: 'dampersOpen' })
        }
        if (this.phase !== 'isolating') return
        for (const damper of ['supply', 'exhaust'] as const) {
          if (reading.states.get(damperKey(this.plan.room.roomId, damper)) === 'shut') {
            this.#send({ type: 'damperShut', damper })
          }
        }
        return
      }
      case 'temperature':
        this.#climate = { ...this.#climate, temperature: { celsius: reading.celsius, atMs: nowMs } }
        return
      case 'humidity':
        this.#climate = { ...this.#climate, humidity: { percent: reading.percent, atMs: nowMs } }
        return
    }
  }

  /** While the room is aerated the supervisor is disarmed, and looks at no room: who comes in is told from here. */
  #hearRobot(reading: RobotReading): void {
    if (reading.kind === 'doorGuards') {
      const own = this.plan.room.doors.filter(({ id }) => {
        const state = reading.states.get(id)
        return state === undefined ? this.#openDoorIds.has(id) : state !== 'closed'
      })
      for (const { id, name } of own) {
        if (!this.#openDoorIds.has(id)) this.#tellIfGassed('door.opened', `${name} is open`)
      }
      this.#openDoorIds = new Set(own.map(({ id }) => id))
    } else if (reading.kind === 'personSensor') {
      if (reading.isDetected && !this.#isPersonSensed) {
        this.#tellIfGassed('person.detected', 'the person sensor sees someone in the gassed room')
      }
      this.#isPersonSensed = reading.isDetected
    }
  }

  #tellIfGassed(kind: 'door.opened' | 'person.detected', detail: string): void {
    if (this.phase !== 'aerating' && this.phase !== 'verifying') return
    const at = this.#elapsedS()
    // What has just stopped the gas is told already.
    if (!this.#interlocks.some((told) => told.at === at && told.kind === kind && told.detail === detail)) {
      this.#interlocks.push({ at, kind, detail, wasGassing: false })
    }
    // Gas comes out, or somebody stands in it.
    this.#raise(kind === 'person.detected')
    this.#options.onChange()
  }

  /** A call to evacuate outlives a restart from the moment at which it is made. */
  #raise(isEvacuation: boolean): void {
    this.#send({ type: 'alarm', isEvacuation })
    if (isEvacuation && this.holdsRobot) this.#remember()
  }

  #look(): void {
    const { clock } = this.#options
    this.#timer = clock.setTimeout(() => this.#look(), LOOK_MS)
    const nowMs = clock.monotonicMs()
    switch (this.phase) {
      case 'awaitingArming':
      case 'interrupted':
        this.#send({ type: 'checked', blockers: this.startBlockers() })
        break
      case 'traveling':
        if (this.#options.isBegunAnew === true) this.#locate(nowMs)
        break
      case 'conditioning':
        this.#send({ type: 'climate', needs: climateNeeds(this.plan, this.#climate, nowMs) })
        break
      default:
        this.#judge()
    }
    // A command that got lost, or a damper that was moved by another hand.
    for (const [damper, position] of this.#wantedDampers) {
      if (this.#dampers.get(damperKey(this.plan.room.roomId, damper)) !== position) {
        this.#options.robot.gas.commandDamper(this.plan.room.roomId, damper, position)
      }
    }
    const { isGassed } = this.#actor.getSnapshot().context
    if (isGassed && nowMs - this.#rememberedMs >= REMEMBER_EVERY_MS) this.#remember()
  }

  /** After a restart it looks at the room only once it knows for a while that it stands there. */
  #locate(nowMs: number): void {
    const { pose } = this.#options.supervisor.state
    const isInRoom = pose !== null && isInsidePolygon(pose, this.plan.room.polygon)
    this.#placedSinceMs = isInRoom && this.#isAtNode ? (this.#placedSinceMs ?? nowMs) : null
    if (this.#placedSinceMs !== null && nowMs - this.#placedSinceMs >= PLACED_FOR_MS) {
      this.#send({ type: 'arrived' })
    } else if (this.#isAtNode && nowMs - this.#beganMs >= ARMING_TIMEOUT_MS) {
      this.#send({ type: 'travelFailed' })
    }
  }

  /** What the measurements say to the present phase. */
  #judge(): void {
    const { clock, gasSafety } = this.#options
    const nowMs = clock.monotonicMs()
    switch (this.phase) {
      case 'gassing':
        this.#hasReachedCeiling ||= this.#ledger.highestPpm >= this.plan.ceilingPpm
        if (this.#hasReachedCeiling || this.#ledger.injectedG >= this.plan.h2o2G)
          this.#send({ type: 'doseIn' })
        return
      case 'dwelling':
        if (this.#ledger.dwellS >= this.plan.dwellS) this.#send({ type: 'dwellOver' })
        return
      case 'aerating':
      case 'verifying': {
        const { limitPpm } = CLEARANCE_LIMITS
        // Once verifying, noise about the limit is no reason to call it aeration again; the ten minutes begin anew by it.
        const isLow = this.#ledger.isLow(nowMs, this.phase === 'verifying' ? STILL_LOW * limitPpm : limitPpm)
        const isClear =
          isLow && this.#ledger.blockers(nowMs).length === 0 && !isStuckOn(gasSafety.state, nowMs)
        this.#send({ type: 'sensed', isLow, isClear })
        return
      }
      default:
        return
    }
  }

  #remember(): void {
    this.#rememberedMs = this.#options.clock.monotonicMs()
    try {
      this.#options.onRemember(this.memory())
      this.#canRemember = true
    } catch (error) {
      // A full disk, say. What a restart would not know of must not be begun, nor go on.
      this.#options.log.error(
        { err: error, missionId: this.missionId },
        'The sealed or gassed room cannot be remembered.',
      )
      this.#canRemember = false
      this.#send({ type: 'alarm', isEvacuation: false })
    }
  }

  #do(effect: PeroxideMissionEffect): void {
    const { supervisor, gasSafety, robot, roomWatch } = this.#options
    const { room } = this.plan
    switch (effect.type) {
      case 'survey':
        // What is surveyed anew is not armed meanwhile: nobody knows the room.
        supervisor.command({ type: 'watch', watch: null })
        roomWatch.survey(withThings(room, this.#things), (survey) => this.#takeSurvey(survey))
        return
      case 'waitForArming':
        supervisor.command({
          type: 'watch',
          watch: {
            missionId: this.missionId,
            polygon: room.polygon,
            doors: room.doors,
            method: this.plan.method,
          },
        })
        if (this.#known !== null) {
          // After an arming people were in the room, and two of them look like a trolley.
          const mustBeSteady = this.#arming.some(({ step }) => step === 'started')
          roomWatch.watchPresence(this.#known, mustBeSteady, () => this.#send({ type: 'roomChanged' }))
        }
        return
      case 'guard': {
        // After a restart the ledger has its sensors already.
        if (effect.isOn && this.#options.resume === null) this.#ledger.begin()
        const { missionId } = this
        gasSafety.command({
          type: 'cycle',
          cycle: effect.isOn
            ? {
                missionId,
                roomId: room.roomId,
                insideSensorIds: this.#ledger.insideIds,
                outsideSensorIds: this.#ledger.outsideIds,
              }
            : null,
        })
        return
      }
      case 'settle':
        if (this.#known !== null) {
          roomWatch.watchStanding(this.#known, this.#things, () => this.#send({ type: 'settled' }))
        }
        return
      case 'damper':
        // Not remembered, not shut.
        if (effect.position === 'shut' && !this.#canRemember) return
        this.#wantedDampers.set(effect.damper, effect.position)
        robot.gas.commandDamper(room.roomId, effect.damper, effect.position)
        return
      case 'remember':
        this.#remember()
        return
      case 'generator':
        gasSafety.command({
          type: 'want',
          rateGPerMin: effect.isWanted && this.#canRemember ? this.plan.rateGPerMin : 0,
          mustHold: effect.mustHold,
        })
        this.#options.onChange()
        return
    }
  }

  #takeSurvey({ things, missingFurniture, knowledge }: Survey): void {
    this.#things = [
      ...this.#things,
      ...things.map((thing, index) => ({ ...thing, number: this.#things.length + index + 1 })),
    ]
    for (const { name } of missingFurniture) {
      this.#options.log.info({ missionId: this.missionId }, `${name} is not where the plan has it.`)
    }
    this.#known = new KnownRoom(withThings(this.plan.room, this.#things), knowledge)
    this.#send({ type: 'surveyed' })
  }

  /** A room that a restart left without ventilation, and that the robot could not help. */
  #tellOfShutDampers(): void {
    for (const detail of this.#damperBlockers()) {
      this.#interlocks.push({
        at: this.#elapsedS(),
        kind: 'hvac.unsealed',
        detail: `${detail} though it was commanded open`,
        wasGassing: false,
      })
    }
  }

  #finish(): void {
    if (this.#report !== null) return
    const { robotId, clock } = this.#options
    const { context } = this.#actor.getSnapshot()
    clock.clearTimeout(this.#timer)
    for (const disposable of this.#disposables.splice(0)) disposable.dispose()
    if (context.isCleared) this.#clearedAtEpochMs = clock.epochMs()
    else if (this.#timeline.some(({ phase }) => phase === 'unsealing')) this.#tellOfShutDampers()
    this.#report = buildPeroxideReport({
      missionId: this.missionId,
      robotId,
      plan: this.plan,
      end: context.end ?? 'canceled',
      isDwellDone: context.isDwellDone,
      hasReachedCeiling: this.#hasReachedCeiling,
      clearedAtEpochMs: this.#clearedAtEpochMs,
      ledger: this.#ledger,
      conditions: this.#conditions,
      startedAtEpochMs: this.#startedAtEpochMs,
      elapsedS: this.#elapsedS(),
      interlocks: this.#interlocks,
      timeline: this.#timeline,
      arming: this.#arming,
      wasEvacuated: context.mustEvacuate || (this.#options.resume?.wasEvacuated ?? false),
    })
    this.#options.onFinished(this.#report)
    try {
      this.#options.onRemember(null)
    } catch (error) {
      // Remembered once too often: the next start aerates a clean room.
      this.#options.log.error(
        { err: error, missionId: this.missionId },
        'The cleared room cannot be forgotten.',
      )
    }
  }
}

const EVACUATES: ReadonlySet<string> = new Set(['gas.evacuate', 'person.detected'])

/** The innermost state that people know of. */
function phaseOf(value: unknown): PeroxidePhase {
  if (typeof value === 'string') return (value === 'starting' ? 'traveling' : value) as PeroxidePhase
  const [[outer, inner]] = Object.entries(value as Record<string, unknown>) as [[string, unknown]]
  if (outer !== 'sealing' && outer !== 'gassed') return outer as PeroxidePhase
  return (typeof inner === 'string' ? inner : Object.keys(inner as object)[0]) as PeroxidePhase
}
