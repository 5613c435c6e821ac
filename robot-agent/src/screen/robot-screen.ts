import type { Clock } from '@wardlight/core/clock'
import type { Disposable } from '@wardlight/core/ros'
import type { AgentLog } from '../agent-log.ts'
import type { OrderRunner } from '../missions/order-runner.ts'
import type { SafetySupervisor } from '../safety/safety-supervisor.ts'
import { answerErrand, screenErrandOf } from './screen-errand.ts'
import { ScreenServer, type ScreenSettings } from './screen-server.ts'
import { mayAnnounce, screenViewOf, type ScreenView } from './screen-view.ts'

export interface RobotScreenSettings extends ScreenSettings {
  /** The maker wired the screen as the robot's arm button: holding counts as pressing it. */
  readonly armButton: boolean
}

export interface RobotScreenOptions {
  readonly settings: RobotScreenSettings
  readonly robotName: string
  /** The robot's clock, by which the supervisor judges. */
  readonly clock: Clock
  /** Of fingers and lines; on a robot the same. A simulation may run faster than a finger. */
  readonly screenClock: Clock
  readonly orders: Pick<OrderRunner, 'isIdle' | 'current' | 'mission' | 'peroxide' | 'errand'>
  readonly supervisor: SafetySupervisor
  /** What is announced now, newest first. */
  readonly announcements: () => readonly string[]
  readonly log: AgentLog
  /** A person stopped the robot here. */
  readonly onStopped: () => void
}

/** Who stops here has no name: whoever stands before the robot may. */
const SOMEBODY = "somebody at the robot's screen"

/** The robot's own screen over its supervisor and its missions. */
export class RobotScreen {
  readonly #options: RobotScreenOptions
  readonly #server: ScreenServer
  #fact: Disposable | null = null

  constructor(options: RobotScreenOptions) {
    const { settings, supervisor, onStopped } = options
    this.#options = options
    this.#server = new ScreenServer({
      settings,
      clock: options.screenClock,
      log: options.log,
      view: () => this.view(),
      // The same soft emergency stop as the instant action's: lamp and drive off within this call, latched.
      stopRobot: () => {
        supervisor.command({ type: 'requestEmergencyStop', by: SOMEBODY })
        onStopped()
      },
      answer: (answer) => {
        const problem = answerErrand(options.orders.errand, answer)
        options.log.info({ ...answer, problem }, "An answer came from the robot's screen.")
        return problem
      },
      // Where the screen is not the button there is no way from it to arming, whatever a page sends.
      arm: settings.armButton ? () => this.#arm() : null,
    })
  }

  get url(): string | null {
    return this.#server.url
  }

  /** Whether what is announced can be read on it now. */
  get showsAnnouncements(): boolean {
    return this.url !== null && mayAnnounce(this.view().mode)
  }

  /** Throws WARD_ERR_CONFIG when the port cannot be had. */
  start(): Promise<void> {
    this.#fact = this.#options.supervisor.onFact(() => this.#server.changed())
    return this.#server.start()
  }

  stop(): Promise<void> {
    this.#fact?.dispose()
    this.#fact = null
    return this.#server.stop()
  }

  /** A mission changed. */
  changed(): void {
    this.#server.changed()
  }

  view(): ScreenView {
    const { robotName, orders, supervisor, clock, settings, announcements } = this.#options
    const errand = orders.current !== null && orders.current.mission === orders.errand ? orders.errand : null
    return screenViewOf({
      robotName,
      isIdle: orders.isIdle,
      mission: orders.current?.kind === 'uv' ? (orders.mission?.status() ?? null) : null,
      peroxide: orders.current?.kind === 'peroxide' ? (orders.peroxide?.status() ?? null) : null,
      errand: errand === null ? null : screenErrandOf(errand),
      announcements: announcements(),
      verdict: orders.mission?.report?.verdict ?? orders.peroxide?.report?.verdict ?? null,
      supervisor: supervisor.state,
      nowMs: clock.monotonicMs(),
      armBy: settings.armButton ? 'screen' : 'robotButton',
    })
  }

  /** @returns why the supervisor refuses; `null` when the second step of arming is done. */
  #arm(): string | null {
    const facts = this.#options.supervisor.command({ type: 'armHeld' })
    if (facts.some((fact) => fact.type === 'armingAdvanced' && fact.step === 'buttonPressed')) return null
    const reasons = facts.flatMap((fact) => (fact.type === 'armingRefused' ? fact.reasons : []))
    return reasons.length > 0 ? reasons.join('; ') : 'no mission waits to be armed'
  }
}
