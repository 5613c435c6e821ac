import {
  DECONTAMINATION_CHECKLIST,
  type DecontaminationPhase,
  type DecontaminationReport,
} from '@wardlight/core/fleet'
import { distance, type Pose2 } from '@wardlight/core/geometry'
import type { Disposable } from '@wardlight/core/ros'
import type { VdaError } from '@wardlight/core/vda5050'
import { createActor, type Actor } from 'xstate'
import { decontamination, type DecontaminationEvent } from './decontamination.ts'
import type { DecontaminationOrder } from './errand-orders.ts'
import { Errand, type ErrandOptions } from './errand.ts'

/** Farther from where it stood it does not stand in the station any more, metres (proposed). */
const MOVED_M = 0.2

/** Runs `decontaminate`. The robot only stands; its own lamp is never asked for. */
export class DecontaminationRunner extends Errand<
  DecontaminationEvent,
  { readonly type: string },
  DecontaminationPhase
> {
  readonly kind = 'decontamination'
  readonly missionId: string
  readonly order: DecontaminationOrder
  readonly #machine: Actor<typeof decontamination>
  #stoodAt: Pose2 | null = null

  constructor(order: DecontaminationOrder, options: ErrandOptions) {
    const machine = createActor(decontamination, {
      clock: options.clock,
      input: { method: order.method, stationMs: 1000 * order.stationS },
    })
    super(options, machine)
    this.#machine = machine
    this.order = order
    this.missionId = order.missionId
  }

  override get notes(): readonly string[] {
    return this.#machine.getSnapshot().context.isDone ? [] : [`contaminated: ${this.#what}`]
  }

  override get errors(): readonly VdaError[] {
    if (this.report === null || this.#machine.getSnapshot().context.isDone) return []
    return [
      {
        errorType: 'STILL_CONTAMINATED',
        errorLevel: 'URGENT',
        errorDescription: `the robot was not decontaminated: ${this.#what}`,
        errorReferences: [{ referenceKey: 'missionId', referenceValue: this.missionId }],
      },
    ]
  }

  /** A person has wiped the robot. @returns why that does not count, in words; `null` when it does. */
  confirm(by: string, items: readonly string[]): string | null {
    if (this.phase !== 'wiping') return 'the robot does not wait to be wiped'
    if (by.trim() === '') return 'the confirmation needs the name of who wiped'
    const missing = DECONTAMINATION_CHECKLIST.find(({ id }) => !items.includes(id))
    if (missing !== undefined) return `not everything is confirmed: ${missing.text}`
    this.send({ type: 'confirmed', by: by.trim(), items: DECONTAMINATION_CHECKLIST.map(({ id }) => id) })
    return null
  }

  get #what(): string {
    const { zone, organism } = this.order
    return organism === null ? zone : `${zone}, ${organism}`
  }

  protected override listen(): Disposable[] {
    return [
      this.options.robot.sensors.subscribe((reading) => {
        if (reading.kind !== 'pose' || (this.phase !== 'standing' && this.phase !== 'held')) return
        this.#stoodAt ??= reading.pose
        if (distance(reading.pose, this.#stoodAt) > MOVED_M) this.send({ type: 'moved' })
      }),
    ]
  }

  protected do(): void {}
  protected leave(): void {}

  protected buildReport(): DecontaminationReport {
    const { robotId, clock } = this.options
    const { by, items, isDone, end } = this.#machine.getSnapshot().context
    const { missionId, startedAtEpochMs, order } = this
    const nowEpochMs = clock.epochMs()
    return {
      kind: 'decontamination',
      missionId,
      robotId,
      verdict: isDone ? 'completed' : 'aborted',
      startedAtEpochMs,
      endedAtEpochMs: nowEpochMs,
      zone: order.zone,
      organism: order.organism,
      method: order.method,
      end: end ?? 'canceled',
      isContaminated: !isDone,
      by: isDone ? (by ?? order.stationId ?? 'uvStation') : null,
      doneAtEpochMs: isDone ? nowEpochMs : null,
      items: [...items],
      stationS: isDone ? order.stationS : 0,
    }
  }
}
