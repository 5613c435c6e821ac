import type { DockPhase, DockReport } from '@wardlight/core/fleet'
import type { Disposable } from '@wardlight/core/ros'
import type { VdaError } from '@wardlight/core/vda5050'
import { createActor, type Actor } from 'xstate'
import type { ErrandCheckpoint } from './checkpoints.ts'
import { dockMission, type DockMissionEffect, type DockMissionEvent } from './dock-mission.ts'
import type { DockOrder } from './errand-orders.ts'
import { Errand, type ErrandOptions } from './errand.ts'

/** Runs `dock`: the machine's events from the docking server and the battery, its wishes to the docking server. */
export class DockMissionRunner extends Errand<DockMissionEvent, DockMissionEffect, DockPhase> {
  readonly kind = 'dock'
  readonly missionId: string
  readonly order: DockOrder
  readonly #machine: Actor<typeof dockMission>
  /** The latest goal; one before it says no more. */
  #goal = 0
  /** A goal of this errand is with the docking server. */
  #isBusy = false

  constructor(order: DockOrder, options: ErrandOptions) {
    const { clock } = options
    const machine = createActor(dockMission, { clock, input: { untilFraction: order.untilFraction } })
    super(options, machine)
    this.#machine = machine
    this.order = order
    this.missionId = order.missionId
  }

  /** Charge as it was measured last, 0 to 1. */
  get fraction(): number | null {
    return this.#machine.getSnapshot().context.fraction
  }

  override get notes(): readonly string[] {
    const { phase, fraction, order } = this
    if (phase !== 'charging' || fraction === null) return []
    const until = order.untilFraction === null ? '' : `, until ${Math.round(100 * order.untilFraction)} %`
    return [`charging in ${order.target.dockId}: ${Math.floor(100 * fraction)} %${until}`]
  }

  override get errors(): readonly VdaError[] {
    const { end } = this.#machine.getSnapshot().context
    const errorDescription = end === null ? undefined : FAILURES[end]
    if (errorDescription === undefined) return []
    return [
      {
        errorType: 'DOCKING_FAILED',
        errorLevel: 'URGENT',
        errorDescription: `${this.order.target.dockId}: ${errorDescription}`,
        errorReferences: [{ referenceKey: 'missionId', referenceValue: this.missionId }],
      },
    ]
  }

  override checkpoint(): ErrandCheckpoint {
    const { tries, fromFraction } = this.#machine.getSnapshot().context
    return {
      ...super.checkpoint(),
      dock: { tries: tries + (this.options.recalled?.dock?.tries ?? 0), fromFraction },
    }
  }

  protected override listen(): Disposable[] {
    return [
      this.options.robot.sensors.subscribe((reading) => {
        if (reading.kind !== 'battery') return
        this.send({ type: 'battery', fraction: reading.fraction, isCharging: reading.isCharging })
      }),
    ]
  }

  protected do(effect: DockMissionEffect): void {
    const { docking } = this.options.robot
    switch (effect.type) {
      case 'dock':
      case 'undock': {
        if (this.isHeld) {
          this.hold()
          return
        }
        this.#goal += 1
        this.#isBusy = true
        const own = this.#goal
        const ended = (event: DockMissionEvent) => {
          if (own !== this.#goal) return
          this.#isBusy = false
          this.send(event)
        }
        if (effect.type === 'undock')
          docking.undock((end) =>
            ended({ type: 'undockingEnded', end: end === 'noDockingServer' ? 'failed' : end }),
          )
        else docking.dock(this.order.target, (end) => ended({ type: 'dockingEnded', end }))
        return
      }
      case 'cancelDocking':
        this.leave()
    }
  }

  protected leave(): void {
    this.#goal += 1
    // Another goal is of a drive that comes out of the dock.
    if (this.#isBusy) this.options.robot.docking.cancel()
    this.#isBusy = false
  }

  protected buildReport(): DockReport {
    const { robotId, clock, robot, recalled } = this.options
    const { end, tries, fromFraction, fraction } = this.#machine.getSnapshot().context
    const { missionId, startedAtEpochMs, order } = this
    return {
      kind: 'dock',
      missionId,
      robotId,
      verdict: end === 'charged' ? 'completed' : 'aborted',
      startedAtEpochMs,
      endedAtEpochMs: clock.epochMs(),
      dockId: order.target.dockId,
      end: end ?? 'canceled',
      tries: tries + (recalled?.dock?.tries ?? 0),
      fromFraction: recalled?.dock?.fromFraction ?? fromFraction,
      toFraction: fraction,
      isDocked: robot.isDocked,
    }
  }
}

/** What somebody has to see to. */
const FAILURES: Readonly<Partial<Record<DockReport['end'], string>>> = {
  doesNotCharge: 'the robot stands in it and does not charge',
  dockNotFound: 'the robot does not find it',
  outOfReach: 'the robot does not get into it',
  noDockingServer: 'the robot has no docking server',
  heldTooLong: 'the robot was stopped before it, and nobody resumed it',
}
