import type { TimerId } from '@wardlight/core/clock'
import type { PeroxidePlan } from '@wardlight/core/disinfection'
import type { PeroxideInterlock, PeroxidePhase, PeroxideReport, PeroxideStatus } from '@wardlight/core/fleet'
import { isInsidePolygon } from '@wardlight/core/geometry'
import type { Disposable } from '@wardlight/core/ros'
import type { VdaError } from '@wardlight/core/vda5050'
import { createActor, type Actor } from 'xstate'
import type { GasGuardFact } from '../safety/gas-guard.ts'
import type { SupervisorFact } from '../safety/supervisor.ts'
import { EntryWatch, type Entry } from './entry-watch.ts'
import { PeroxideHands } from './peroxide-hands.ts'
import type { PeroxideMissionOptions } from './peroxide-options.ts'
import { MissionRecord } from './mission-record.ts'
import type { Mission } from './mission.ts'
import type { PeroxideMemory } from './peroxide-memory.ts'
import { peroxideMission, type PeroxideMissionEvent } from './peroxide-mission.ts'
import { buildPeroxideReport } from './peroxide-report.ts'
import { LOOK_MS, PeroxideRoom } from './peroxide-room.ts'
import { evacuationError, peroxidePhaseOf, peroxideStatusOf } from './peroxide-status.ts'

/** How long a robot waits to be armed. */
const ARMING_TIMEOUT_MS = 30 * 60_000
/** After a restart it must have known for so long that it stands in the room, ms (as a UV mission). */
const PLACED_FOR_MS = 2000
/** Gassing may last so much longer than planned before it is given up (proposed). */
const GAS_TIME_FACTOR = 1.5
/** … and a dwell that begins anew time and again (proposed). */
const DWELL_TIME_FACTOR = 4

/** Runs one peroxide mission: hands the machine its events and does what it asks for. */
export class PeroxideMissionRunner implements Mission {
  readonly missionId: string
  readonly plan: PeroxidePlan
  readonly #options: PeroxideMissionOptions
  readonly #actor: Actor<typeof peroxideMission>
  readonly #record: MissionRecord<PeroxideInterlock, PeroxidePhase>
  readonly #room: PeroxideRoom
  readonly #entries: EntryWatch
  readonly #disposables: Disposable[] = []
  #conditions: PeroxideReport['conditions']
  readonly #hands: PeroxideHands
  #phase: PeroxidePhase | null = null
  #lastGasTripMs: number | null = null
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
    const epochMs = clock.epochMs()
    // By the clock on the wall: a restart lies between.
    const beforeS = Math.max(0, (epochMs - (resume?.startedAtEpochMs ?? epochMs)) / 1000)
    this.#record = new MissionRecord(clock, resume, beforeS)
    const { gas } = options.robot
    const guard = () => options.gasSafety.state
    this.#room = new PeroxideRoom(plan, resume, gas, guard, clock.monotonicMs())
    this.#entries = new EntryWatch(plan.room.doors)
    this.#hands = new PeroxideHands({
      ...options,
      room: this.#room,
      memory: () => this.memory(),
      wasArmed: () => this.#record.arming.some(({ step }) => step === 'started'),
      send: (event) => this.#send(event),
    })
    this.#conditions = resume?.conditions ?? null
    this.#actor = createActor(peroxideMission, {
      clock,
      input: {
        armingTimeoutMs: ARMING_TIMEOUT_MS,
        rearmTimeoutMs: options.rearmTimeoutS * 1000,
        exitDelayMs: options.supervisor.state.limits.exitDelayMs,
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
    return [evacuationError(this.missionId, this.plan.room.roomId, this.#record.interlocks)]
  }

  start(): void {
    const { supervisor, gasSafety, robot, resume } = this.#options
    this.#disposables.push(
      supervisor.onFact((fact) => this.#onFact(fact)),
      gasSafety.onFact((fact) => this.#onGasFact(fact)),
      robot.gas.subscribe((reading) => {
        const nowMs = this.#options.clock.monotonicMs()
        for (const event of this.#room.hear(reading, this.phase, nowMs)) this.#send(event)
      }),
      robot.sensors.subscribe((reading) => {
        for (const entry of this.#entries.hear(reading)) this.#tellIfGassed(entry)
      }),
    )
    if (resume !== null) {
      this.#record.trip({
        kind: 'controller.stalled',
        detail: 'the robot came up again in the midst of the cycle',
        wasGassing: resume.wasGeneratorOn,
      })
    } else if (this.#options.isBegunAnew === true) {
      this.#record.trip({
        kind: 'controller.restarted',
        detail: 'the robot came up again before it had sealed the room',
        wasGassing: false,
      })
    }
    this.#actor.on('*', (effect) => this.#hands.do(effect))
    this.#actor.subscribe((snapshot) => {
      this.#enter(peroxidePhaseOf(snapshot.value))
      if (snapshot.status === 'done') this.#finish()
    })
    this.#actor.start()
    this.#enter(peroxidePhaseOf(this.#actor.getSnapshot().value))
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
    return this.#room.startBlockers(this.#options.clock.monotonicMs())
  }

  status(): PeroxideStatus {
    const { clock, supervisor, gasSafety } = this.#options
    const { timeline, elapsedS, interlocks } = this.#record
    const nowMs = clock.monotonicMs()
    return peroxideStatusOf({
      missionId: this.missionId,
      plan: this.plan,
      timestamp: new Date(clock.epochMs()).toISOString(),
      phase: this.phase,
      phaseS: elapsedS - (timeline.at(-1)?.at ?? elapsedS),
      context: this.#actor.getSnapshot().context,
      arming: supervisor.armingStepOf(this.missionId),
      isGeneratorOn: gasSafety.state.commandedGPerMin > 0,
      ledger: this.#room.ledger,
      blockers: this.#blockers(nowMs),
      interlocks,
      report: this.#report,
      nowMs,
    })
  }

  memory(): PeroxideMemory {
    const { context } = this.#actor.getSnapshot()
    const { startedAtEpochMs, interlocks, timeline, arming } = this.#record
    return {
      isGassed: context.isGassed,
      missionId: this.missionId,
      plan: this.plan,
      ...this.#options.actionIds,
      startedAtEpochMs,
      end: context.end,
      isDwellDone: context.isDwellDone,
      wasGeneratorOn: context.isGeneratorOn,
      ledger: this.#room.ledger.memory(),
      conditions: this.#conditions,
      interlocks: [...interlocks],
      timeline: [...timeline],
      arming: [...arming],
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
        return this.#room.dampers.blockers
      case 'exitDelay':
      case 'isolating':
        return supervisor.blockers()
      case 'conditioning':
        return [...supervisor.blockers(), ...this.#room.climateNeeds(nowMs)]
      case 'aerating':
      case 'verifying':
        return this.#room.clearanceBlockers(nowMs)
      case 'traveling':
      case 'surveying':
      case 'gassing':
      case 'dwelling':
      case 'finished':
        return []
    }
  }

  /** What comes after the end is no news. */
  #send(event: PeroxideMissionEvent): void {
    if (this.#report === null) this.#actor.send(event)
  }

  #enter(phase: PeroxidePhase): void {
    if (phase === this.#phase) return
    this.#phase = phase
    this.#record.enter(phase)
    const { log, supervisor, roomWatch } = this.#options
    log.info({ missionId: this.missionId, phase }, `The peroxide mission is now ${phase}.`)
    if (phase === 'gassing') this.#conditions = this.#room.conditions
    if (phase === 'dwelling') this.#room.ledger.beginDwell()
    if (phase === 'aerating' || phase === 'finished') {
      // Disarmed: nothing is lit or gassed any more, whoever comes in.
      supervisor.command({ type: 'watch', watch: null })
      roomWatch.off()
    }
    this.#options.onChange()
  }

  #onFact(fact: SupervisorFact): void {
    switch (fact.type) {
      case 'tripped':
        this.#record.trip({
          kind: fact.kind,
          detail: fact.detail,
          // The gas guard heard of it first, and has stopped it already.
          wasGassing: this.#lastGasTripMs === this.#options.clock.monotonicMs(),
        })
        this.#send({ type: 'tripped' })
        if (this.holdsRobot) this.#hands.remember()
        break
      case 'armingAdvanced':
        this.#record.advanceArming(fact.step, fact.by)
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
    // Before anything is sealed it only keeps the mission from being armed, until people next door must leave.
    const isAtRest = this.phase === 'awaitingArming' || this.phase === 'interrupted'
    if (isAtRest && kind === 'gas.leak') return
    // What the supervisor has against it, it tells itself.
    if (kind !== 'gas.notPermitted') this.#record.trip({ kind, detail, wasGassing })
    this.#raise(kind === 'gas.evacuate')
    this.#options.onChange()
  }

  /** While the room is aerated the supervisor is disarmed, and looks at no room: who comes in is told from here. */
  #tellIfGassed({ kind, detail }: Entry): void {
    if (this.phase !== 'aerating' && this.phase !== 'verifying') return
    const { elapsedS: at, interlocks } = this.#record
    // What has just stopped the gas is told already.
    if (!interlocks.some((told) => told.at === at && told.kind === kind && told.detail === detail)) {
      this.#record.trip({ kind, detail, wasGassing: false })
    }
    // Gas comes out, or somebody stands in it.
    this.#raise(kind === 'person.detected')
    this.#options.onChange()
  }

  /** What is told of a gassed room outlives a restart from the moment at which it is told, a call to evacuate above all. */
  #raise(isEvacuation: boolean): void {
    this.#send({ type: 'alarm', isEvacuation })
    if (this.holdsRobot) this.#hands.remember()
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
        this.#send({ type: 'climate', needs: this.#room.climateNeeds(nowMs) })
        break
      default:
        for (const event of this.#room.judge(this.phase, nowMs)) this.#send(event)
    }
    this.#room.dampers.insist()
    const { isGassed } = this.#actor.getSnapshot().context
    if (isGassed) this.#hands.rememberInTime(nowMs)
  }

  /** After a restart it looks at the room only once it knows for a while that it stands there. */
  #locate(nowMs: number): void {
    const { pose } = this.#options.supervisor.state
    const isInRoom = pose !== null && isInsidePolygon(pose, this.plan.room.polygon)
    this.#placedSinceMs = isInRoom && this.#isAtNode ? (this.#placedSinceMs ?? nowMs) : null
    if (this.#placedSinceMs !== null && nowMs - this.#placedSinceMs >= PLACED_FOR_MS) {
      this.#send({ type: 'arrived' })
    } else if (this.#isAtNode && this.#record.ownMs >= ARMING_TIMEOUT_MS) {
      this.#send({ type: 'travelFailed' })
    }
  }

  /** A room that a restart left without ventilation, and that the robot could not help. */
  #tellOfShutDampers(): void {
    for (const detail of this.#room.dampers.blockers) {
      this.#record.trip({
        kind: 'hvac.unsealed',
        detail: `${detail} though it was commanded open`,
        wasGassing: false,
      })
    }
  }

  #finish(): void {
    if (this.#report !== null) return
    const { robotId, clock, instruments } = this.#options
    const { context } = this.#actor.getSnapshot()
    clock.clearTimeout(this.#timer)
    for (const disposable of this.#disposables.splice(0)) disposable.dispose()
    if (context.isCleared) this.#clearedAtEpochMs = clock.epochMs()
    else if (this.#record.timeline.some(({ phase }) => phase === 'unsealing')) this.#tellOfShutDampers()
    const { startedAtEpochMs, elapsedS, interlocks, timeline, arming } = this.#record
    this.#report = buildPeroxideReport({
      missionId: this.missionId,
      robotId,
      plan: this.plan,
      end: context.end ?? 'canceled',
      isDwellDone: context.isDwellDone,
      hasReachedCeiling: this.#room.hasReachedCeiling,
      clearedAtEpochMs: this.#clearedAtEpochMs,
      ledger: this.#room.ledger,
      conditions: this.#conditions,
      startedAtEpochMs,
      elapsedS,
      interlocks,
      timeline,
      arming,
      wasEvacuated: context.mustEvacuate || (this.#options.resume?.wasEvacuated ?? false),
      instruments: instruments?.ofGas(this.plan.room.doors, this.#room.ledger.heard),
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
