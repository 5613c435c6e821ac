import {
  createIrradianceField,
  DEFAULT_LAMP,
  planTreatment,
  surfacesOf,
  type RoomModel,
  type TreatmentPlan,
} from '@wardlight/core/disinfection'
import { ARMING_CHECKLIST } from '@wardlight/core/fleet'
import type { Pose2 } from '@wardlight/core/geometry'
import { LAMP_HEARTBEAT_MS, type LaserScan } from '@wardlight/core/ros'
import { VDA5050_VERSION, type Order } from '@wardlight/core/vda5050'
import { OrderRunner } from '../missions/order-runner.ts'
import type { KnownRoom } from '../perception/known-room.ts'
import type { FoundThing } from '../perception/room-as-found.ts'
import { PlaceFinder } from '../perception/place-finder.ts'
import { RoomWatch, type Survey } from '../perception/room-watch.ts'
import type { DockingEnd, DriveEnd, Robot, RobotReading } from '../robot/ports.ts'
import { undockFirst, type BerthedRobot } from '../robot/undock-first.ts'
import { SafetySupervisor, type SupervisorCommand } from '../safety/safety-supervisor.ts'
import type { SupervisorFact } from '../safety/supervisor.ts'
import type { DriveCommand } from '../telepresence/drive-gate.ts'
import { MOUNT } from './simulated-look.ts'
import { JumpingClock } from './jumping-clock.ts'
import { ADDRESS, SILENT_LOG } from './robot-bench.ts'

export const ROOM: RoomModel = {
  roomId: 'room-1',
  levelId: 'L1',
  polygon: [
    { x: 0, y: 0 },
    { x: 3, y: 0 },
    { x: 3, y: 2 },
    { x: 0, y: 2 },
  ],
  heightM: 2.5,
  obstacles: [],
  doors: [{ id: 'door-1', name: 'the door', a: { x: 0, y: 0.5 }, b: { x: 0, y: 1.5 } }],
}
export const DWELL_S = 1.5

/** Two stops whose light only together gives every surface its target; dose goes with time, so both are made short. */
export const PLAN: TreatmentPlan = (() => {
  const plan = planTreatment({
    room: ROOM,
    surfaceSizeM: 2,
    lamp: DEFAULT_LAMP,
    organismId: 'mrsa',
    targetLog: 1,
    robot: { radiusM: 0.3, speedMps: 0.6 },
    entry: { x: 1, y: 1, theta: 0 },
  })
  const stops = [0.5, 2.5].map((x) => ({ ...plan.stops[0]!, x, y: 1, theta: 0, dwellS: DWELL_S }))
  const field = createIrradianceField(surfacesOf(ROOM, 2), ROOM, DEFAULT_LAMP)
  const fields = stops.map((stop) => field.at(stop))
  // µW/cm² · s = µJ/cm².
  const predicted = [...fields[0]!].map((_, index) =>
    fields.reduce((sum, each) => sum + (each[index]! * DWELL_S) / 1000, 0),
  )
  return {
    ...plan,
    stops,
    dwellS: 2 * DWELL_S,
    predictedMjPerCm2: predicted,
    targetMjPerCm2: 0.9 * Math.min(...predicted),
  }
})()

/** Perception that sees what a test says. */
export class PlayedRoomWatch extends RoomWatch {
  mode: 'off' | 'survey' | 'presence' | 'standing' = 'off'
  place: Pose2 = { x: -1, y: 1, theta: 0 }
  surveyed: (survey: Survey) => void = () => {}
  changed: () => void = () => {}
  ready: () => void = () => {}

  override get pose(): Pose2 {
    return this.place
  }
  override off(): void {
    this.mode = 'off'
  }
  override survey(_room: RoomModel, onDone: (survey: Survey) => void): void {
    this.mode = 'survey'
    this.surveyed = onDone
  }
  override watchPresence(_known: KnownRoom, _mustBeSteady: boolean, onThing: () => void): void {
    this.mode = 'presence'
    this.changed = onThing
  }
  override watchStanding(_known: KnownRoom, _things: readonly FoundThing[], onReady: () => void): void {
    this.mode = 'standing'
    this.ready = onReady
  }
  override see(): boolean {
    return false
  }
}

const SCAN: LaserScan = {
  header: { stamp: { sec: 0, nanosec: 0 }, frame_id: 'laser' },
  angle_min: 0,
  angle_max: 6,
  angle_increment: 2,
  time_increment: 0,
  scan_time: 0.1,
  range_min: 0.1,
  range_max: 12,
  ranges: [1, 1, 1, 1],
  intensities: [],
}

/** Slower than the real ones, and in time all the same. */
const SAYING_MS = 250

/** What one sensor may tell that is not so in a safe room. */
export const FAULTS = ['person', 'dead lamp'] as const
type Fault = (typeof FAULTS)[number]

/** Ways to build the whole wrongly, so that each rule can be seen to fail. */
export interface Flaws {
  readonly isPersonSensorDeaf?: boolean
  readonly isNeverDark?: boolean
  readonly isDriveEndless?: boolean
  readonly doLampSensorsLie?: boolean
  readonly isForgetful?: boolean
  readonly doesWatchRemain?: boolean
  readonly doesResumeArm?: boolean
  readonly isVisitUntold?: boolean
  readonly isDockingEndless?: boolean
  readonly isNobodyAsked?: boolean
  readonly isErrandWatched?: boolean
  readonly isDoubled?: boolean
}

/**
 * Order, missions and supervisor as the agent composes them, over a robot that does and says what a walk wants. It adds up
 * by itself for how long the lamp really burned, and takes down what people did.
 */
export class Whole {
  readonly clock = new JumpingClock()
  readonly orders: OrderRunner
  readonly supervisor: SafetySupervisor
  readonly watch: PlayedRoomWatch
  readonly flaws: Flaws
  /** Called after everything that is said while time passes. */
  readonly #judge: (whole: Whole) => void
  fault: Fault | null = null
  isPaused = false
  isStopAskedFor = false
  /** Somebody did the whole order of arming, and nothing put the lamp out since that needs a new one. */
  isArmedByPeople = false
  missions = 0
  ordersTaken = 0
  litS = 0
  drivesSinceArrival = 0
  lastOrder: Order | null = null
  /** What is in it, for walks with several. */
  orderName = ''
  drive: { readonly to: Pose2; readonly onEnd: (end: DriveEnd) => void } | null = null
  /** A goal that is with the docking server. */
  docking:
    | { readonly kind: 'dock'; readonly onEnd: (end: DockingEnd) => void }
    | { readonly kind: 'undock'; readonly onEnd: (end: DriveEnd | 'noDockingServer') => void }
    | null = null
  isCharging = false
  /** Told to the wheels by hand, and not yet taken back. */
  byHandMps = 0
  hasConsented = false
  /** A runner that a flawed agent has beside its own. */
  readonly second: OrderRunner | null
  readonly berth: BerthedRobot
  #lastBeatMs = -Infinity
  #tremble = 0
  #commands = 0
  readonly #listeners = new Set<(reading: RobotReading) => void>()

  constructor(flaws: Flaws, judge: (whole: Whole) => void) {
    this.flaws = flaws
    this.#judge = judge
    const robot: Robot = {
      sensors: {
        subscribe: (listener) => {
          this.#listeners.add(listener)
          return { dispose: () => this.#listeners.delete(listener) }
        },
      },
      base: {
        driveTo: (to, onEnd) => {
          this.#endDrive('canceled')
          this.drive = { to, onEnd }
          this.drivesSinceArrival += 1
        },
        cancel: () => {
          if (!flaws.isDriveEndless) this.#endDrive('canceled')
        },
        limitSpeed: () => {},
        initializePosition: () => {},
        commandZero: () => {
          this.byHandMps = 0
        },
        commandTeleoperation: (speedMps) => {
          this.byHandMps = speedMps
        },
      },
      docking: {
        dock: (_, onEnd) => {
          this.docking = { kind: 'dock', onEnd }
        },
        undock: (onEnd) => {
          this.docking = { kind: 'undock', onEnd }
        },
        cancel: () => {
          if (!flaws.isDockingEndless) this.endDocking('canceled')
        },
      },
      // No order of these walks asks for gas.
      gas: {
        subscribe: () => ({ dispose: () => {} }),
        commandVaporiser: () => {},
        commandDamper: () => {},
      },
      lamp: {
        setEnabled: (isEnabled) => {
          this.#lastBeatMs = isEnabled ? this.clock.monotonicMs() : -Infinity
        },
      },
    }
    this.watch = new PlayedRoomWatch(robot.sensors)
    const supervisor = new SafetySupervisor({
      clock: this.clock,
      robot,
      log: SILENT_LOG,
      seesPerson: () => this.watch.see(),
    })
    const command = supervisor.command.bind(supervisor)
    supervisor.command = (given: SupervisorCommand): readonly SupervisorFact[] => {
      if (flaws.isNeverDark && given.type === 'wantLamp' && !given.isWanted) return []
      if (flaws.isVisitUntold && given.type === 'visit') return []
      if (flaws.doesWatchRemain && given.type === 'watch' && given.watch === null) return []
      return command(given)
    }
    this.supervisor = supervisor
    this.berth = undockFirst(robot, () => {})
    const runner = () =>
      new OrderRunner({
        robotId: 'wardlight.uv-01',
        levelId: 'L1',
        lamp: { lamp: DEFAULT_LAMP, problem: null },
        geometry: { radiusM: 0.3, speedMps: 0.6 },
        // More light at the first stop, whatever is lacking.
        plan: () => ({ ...PLAN, stops: [{ ...PLAN.stops[0]!, dwellS: DWELL_S }] }),
        clock: this.clock,
        robot: this.berth,
        supervisor,
        roomWatch: this.watch,
        placeFinder: new PlaceFinder({
          sight: { map: null, scan: null, mount: MOUNT },
          clock: this.clock,
          radiusM: 0.3,
        }),
        log: SILENT_LOG,
        onChange: () => {},
      })
    this.orders = runner()
    this.second = flaws.isDoubled ? runner() : null
    supervisor.start()
    this.orders.start()
    this.second?.start()
    this.speak()
    this.#put({ kind: 'armButton', isPressed: false })
  }

  get isLit(): boolean {
    return this.clock.monotonicMs() - this.#lastBeatMs < LAMP_HEARTBEAT_MS
  }

  get missionId(): string {
    return this.orders.mission?.missionId ?? 'none'
  }

  /** Every sensor once. */
  speak(): void {
    const { fault, flaws } = this
    const place = this.watch.place
    const measured = this.isLit && (fault !== 'dead lamp' || flaws.doLampSensorsLie) ? 1 : 0
    // Real ones tremble: one that says the same to the last digit is stuck.
    this.#tremble = 0.001 - this.#tremble
    this.#put({ kind: 'scan', scan: { ...SCAN, ranges: SCAN.ranges.map((range) => range + this.#tremble) } })
    this.#put({ kind: 'personSensor', isDetected: fault === 'person' && !flaws.isPersonSensorDeaf })
    this.#put({ kind: 'doorGuards', states: new Map([['door-1', 'closed']]) })
    this.#put({ kind: 'emergencyStop', isPressed: false })
    this.#put({ kind: 'bumper', isPressed: false })
    this.#put({ kind: 'lampCurrent', fractions: DEFAULT_LAMP.tubes.map(() => measured) })
    this.#put({ kind: 'lampOutput', fractions: DEFAULT_LAMP.tubes.map(() => measured) })
    this.#put({ kind: 'localisation', pose: place, deviationM: 0.03, deviationRad: 0.02 })
    this.#put({ kind: 'battery', fraction: 0.8, isCharging: this.isCharging, voltage: 24, health: null })
  }

  /** Time passes, with all that is said in it. */
  pass(ms: number): void {
    for (let left = ms; left > 0; left -= SAYING_MS) {
      const isBurning = this.isLit && this.fault !== 'dead lamp'
      this.clock.pass(SAYING_MS)
      if (isBurning && this.isLit) this.litS += SAYING_MS / 1000
      this.speak()
      this.#judge(this)
    }
  }

  /** What nobody but errands listens to. */
  speakOfErrands(): void {
    const { x, y, theta } = this.watch.place
    this.#put({ kind: 'pose', pose: { x, y, theta } })
    this.#put({ kind: 'odometry', speedMps: this.byHandMps, turnRadPerS: 0 })
  }

  /** A fuller battery than any errand waits for. */
  chargeUp(): void {
    this.#put({ kind: 'battery', fraction: 0.96, isCharging: true, voltage: 26, health: null })
  }

  /** @returns whether it was at it */
  endDocking(end: 'done' | 'canceled' | 'failed' | 'noCurrent'): boolean {
    const { docking } = this
    this.docking = null
    if (docking === null) return false
    if (docking.kind === 'undock') {
      if (end === 'done') this.isCharging = false
      docking.onEnd(end === 'done' ? 'arrived' : end === 'noCurrent' ? 'failed' : end)
      return true
    }
    if (end === 'done') {
      this.isCharging = true
      docking.onEnd({ end: 'docked' })
    } else if (end === 'canceled') docking.onEnd({ end })
    else {
      const problem = end === 'noCurrent' ? 'doesNotCharge' : 'outOfReach'
      docking.onEnd({ end: 'failed', problem, detail: 'as played' })
    }
    return true
  }

  press(): void {
    this.#put({ kind: 'armButton', isPressed: true })
    this.#put({ kind: 'armButton', isPressed: false })
    // Whoever pressed it leaves by the door.
    this.#put({ kind: 'personSensor', isDetected: true })
    this.#put({ kind: 'doorGuards', states: new Map([['door-1', 'open']]) })
    this.#put({ kind: 'doorGuards', states: new Map([['door-1', 'closed']]) })
    this.#put({ kind: 'personSensor', isDetected: this.fault === 'person' && !this.flaws.isPersonSensorDeaf })
  }

  checklist(): readonly SupervisorFact[] {
    const items = ARMING_CHECKLIST.map(({ id }) => id)
    return this.supervisor.command({ type: 'checklist', missionId: this.missionId, by: 'nurse', items })
  }

  begin(): readonly SupervisorFact[] {
    return this.supervisor.command({ type: 'start', missionId: this.missionId, by: 'nurse' })
  }

  /** The whole order of arming, for whatever the supervisor watches. */
  arm(missionId: string): void {
    const items = ARMING_CHECKLIST.map(({ id }) => id)
    this.supervisor.command({ type: 'checklist', missionId, by: 'nurse', items })
    this.press()
    this.supervisor.command({ type: 'start', missionId, by: 'nurse' })
  }

  /** A hand that was off, and then is on, for long enough that the wheels turn. */
  driveByHand(drive: (command: DriveCommand) => unknown): void {
    for (let step = 0; step < 4; step += 1) {
      this.#commands += 1
      this.speakOfErrands()
      drive({
        sessionId: 's-1',
        sequence: this.#commands,
        sentAtEpochMs: this.clock.epochMs(),
        pictureAgeMs: 50,
        isHeld: step > 0,
        speedMps: 0.2,
        turnRadPerS: 0,
      })
      this.clock.pass(50)
      this.speak()
    }
  }

  stop(): void {
    this.supervisor.stop()
    this.orders.stop()
    this.second?.stop()
  }

  arrive(end: DriveEnd): void {
    if (end === 'arrived' && this.drive !== null) {
      this.watch.place = this.drive.to
      this.drivesSinceArrival = 0
    }
    this.#endDrive(end)
  }

  #endDrive(end: DriveEnd): void {
    const { drive } = this
    this.drive = null
    drive?.onEnd(end)
  }

  #put(reading: RobotReading): void {
    for (const listener of [...this.#listeners]) listener(reading)
  }
}

/** A UV mission in one order, from where the robot stands. */
export function orderNumbered(number: number, { x, y }: Pose2): Order {
  const missionId = { key: 'missionId', value: `mission-${number}` }
  return {
    headerId: 1,
    timestamp: '2025-01-01T00:00:00.000Z',
    version: VDA5050_VERSION,
    ...ADDRESS,
    orderId: `order-${number}`,
    orderUpdateId: 0,
    nodes: [
      { nodeId: 'here', sequenceId: 0, released: true, nodePosition: { x, y, mapId: 'L1' }, actions: [] },
      {
        nodeId: 'in-room',
        sequenceId: 2,
        released: true,
        nodePosition: { x: 1, y: 1, theta: 0, mapId: 'L1' },
        actions: [
          {
            actionType: 'awaitArming',
            actionId: `arm-${number}`,
            blockingType: 'HARD',
            actionParameters: [missionId],
          },
          {
            actionType: 'startUvDose',
            actionId: `dose-${number}`,
            blockingType: 'HARD',
            actionParameters: [missionId, { key: 'plan', value: PLAN }],
          },
        ],
      },
    ],
    edges: [{ edgeId: 'way', sequenceId: 1, released: true, actions: [] }],
  }
}
