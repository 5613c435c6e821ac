import type { Clock } from '@wardlight/core/clock'
import type { Pose2 } from '@wardlight/core/geometry'
import type { VdaError } from '@wardlight/core/vda5050'
import type { AgentLog } from '../agent-log.ts'
import { PeopleOnTheWay, type WayView } from '../perception/people-on-the-way.ts'
import type { DriveEnd, Robot } from './ports.ts'
import { NO_CAUTION, speedLimitOf, wayCaution, type CautionKind, type Mover } from './way-caution.ts'

/** Held for so long it says so. */
const TELL_AFTER_MS = 10_000
/** A navigation that was started meanwhile has not heard of the limit. */
const REPEAT_LIMIT_MS = 1000
/** A lidar that is silent for so long shows nobody, and who cannot look holds: the limit of every sensor in `docs/safety.md`. */
const SILENT_MS = 450
const LISTEN_MS = 100
/** Slower than this it stands. */
const STANDING_MPS = 0.02

export interface GivingWayRobot extends Robot {
  readonly caution: CautionKind
  /** That people have been in its way for long. */
  readonly wayErrors: readonly VdaError[]
  /** Looks no more, and forgets the drive. */
  stop(): void
}

export interface GiveWayOptions {
  readonly clock: Clock
  readonly mover: Mover
  readonly log: AgentLog
  /** What the fleet's zones allow where it is, m/s; `null`, or left out: its own speed. */
  readonly zoneSpeedMps?: () => number | null
  /** Called when it begins or ends to say that people are in its way. */
  readonly onChange: () => void
  /** Called with all that was seen, for who measures it. */
  readonly onView?: (view: WayView) => void
}

interface Drive {
  readonly target: Pose2
  readonly onEnd: (end: DriveEnd) => void
  /** Which sending of it the navigation has; 0 while it is held. */
  sending: number
  heldSinceMs: number | null
}

/**
 * A robot that gives way to people on every drive, whoever asks for it: it slows down, holds, and goes on by itself. Where it
 * holds, the navigation loses its goal and gets it again afterwards: what has no goal does not drive, whatever becomes of
 * this program. Driving by hand has a gate of its own.
 */
export function giveWay(
  robot: Robot,
  { clock, mover, log, onChange, onView, zoneSpeedMps = () => null }: GiveWayOptions,
): GivingWayRobot {
  const { sensors, base } = robot
  let caution = NO_CAUTION
  let drive: Drive | null = null
  let sendings = 0
  let limit: { readonly speedMps: number | null; readonly atMs: number } = { speedMps: null, atMs: 0 }
  let isTold = false
  let lastView: WayView | null = null

  function send(own: Drive): void {
    sendings += 1
    const sending = sendings
    own.sending = sending
    own.heldSinceMs = null
    base.driveTo(own.target, (end) => {
      if (drive !== own) return
      // Held meanwhile, or sent anew: only that it has arrived all the same is news.
      if (own.sending !== sending && end !== 'arrived') return
      finish(own, end)
    })
  }

  function finish(own: Drive, end: DriveEnd): void {
    drive = null
    tellLimit()
    tell()
    own.onEnd(end)
  }

  function hold(own: Drive): void {
    own.sending = 0
    own.heldSinceMs = clock.monotonicMs()
    base.cancel()
    log.info({}, 'People are in the way: the robot holds.')
  }

  function tellLimit(): void {
    const speedMps = drive === null ? null : lower(speedLimitOf(caution.kind), zoneSpeedMps())
    const nowMs = clock.monotonicMs()
    const isOld = speedMps !== null && nowMs - limit.atMs >= REPEAT_LIMIT_MS
    if (speedMps === limit.speedMps && !isOld) return
    limit = { speedMps, atMs: nowMs }
    base.limitSpeed(speedMps)
  }

  function tell(): void {
    const since = drive?.heldSinceMs ?? null
    const isNow = since !== null && clock.monotonicMs() - since >= TELL_AFTER_MS
    if (isNow === isTold) return
    isTold = isNow
    onChange()
  }

  function see(view: WayView): void {
    lastView = view
    judge(view)
    onView?.(view)
  }

  function judge(view: WayView): void {
    caution = wayCaution(caution, view, mover)
    if (drive !== null) {
      const isHeld = drive.sending === 0
      if (caution.kind === 'hold') {
        if (!isHeld) hold(drive)
        // The base brakes as it can, and does not wait for the navigation to let go.
        if (view.speedMps > STANDING_MPS) base.commandZero()
      } else if (isHeld) {
        log.info({}, 'The way is free: the robot goes on.')
        send(drive)
      }
    }
    tellLimit()
    tell()
  }

  /** As long as it drives: a lidar that falls silent says nothing by itself. A robot that has never looked has no map. */
  function listen(own: Drive): void {
    clock.setTimeout(() => {
      if (drive !== own) return
      const atMs = clock.monotonicMs()
      if (lastView !== null && !(atMs - lastView.atMs <= SILENT_MS))
        judge({ ...lastView, atMs, people: null })
      // A zone counts also where the lidar says nothing.
      tellLimit()
      listen(own)
    }, LISTEN_MS)
  }

  const watch = new PeopleOnTheWay(sensors, clock, see, log)
  watch.start()
  return {
    ...robot,
    get caution() {
      return caution.kind
    },
    get wayErrors() {
      return isTold ? [PEOPLE_IN_THE_WAY] : []
    },
    stop() {
      watch.stop()
      drive = null
    },
    base: {
      ...base,
      driveTo(target, onEnd) {
        const earlier = drive
        const own: Drive = { target, onEnd, sending: 0, heldSinceMs: null }
        drive = own
        // As a navigation does it: a later drive cancels an earlier one.
        earlier?.onEnd('canceled')
        if (drive !== own) return
        if (caution.kind === 'hold') hold(own)
        else send(own)
        tellLimit()
        listen(own)
      },
      cancel() {
        const own = drive
        if (own?.sending === 0) finish(own, 'canceled')
        base.cancel()
      },
    },
  }
}

/** Of two limits, of which each may be none. */
function lower(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.min(one, other)
}

const PEOPLE_IN_THE_WAY: VdaError = {
  errorType: 'PEOPLE_IN_THE_WAY',
  errorLevel: 'WARNING',
  errorDescription:
    'somebody, or something of their size, is in the way of the robot; it waits, and goes on by itself when the way is free',
  errorReferences: [],
}
