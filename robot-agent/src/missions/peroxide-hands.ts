import { KnownRoom } from '../perception/known-room.ts'
import { withThings, type NumberedThing } from '../perception/room-as-found.ts'
import type { Survey } from '../perception/room-watch.ts'
import type { PeroxideMemory } from './peroxide-memory.ts'
import type { PeroxideMissionEffect, PeroxideMissionEvent } from './peroxide-mission.ts'
import type { PeroxideMissionOptions } from './peroxide-options.ts'
import { REMEMBER_EVERY_MS, type PeroxideRoom } from './peroxide-room.ts'

export interface PeroxideHandsParts extends Omit<PeroxideMissionOptions, 'onArmed' | 'onFinished'> {
  readonly room: PeroxideRoom
  /** What a restart must know now. */
  readonly memory: () => PeroxideMemory
  /** Whether anybody has started it before. */
  readonly wasArmed: () => boolean
  readonly send: (event: PeroxideMissionEvent) => void
}

/** Does what the machine of a peroxide mission asks for, and writes down what a restart must know before it is done. */
export class PeroxideHands {
  readonly #parts: PeroxideHandsParts
  #things: readonly NumberedThing[] = []
  #known: KnownRoom | null = null
  #rememberedMs = -Infinity
  #canRemember = true

  constructor(parts: PeroxideHandsParts) {
    this.#parts = parts
  }

  remember(): void {
    const { clock, onRemember, memory, log, missionId, send } = this.#parts
    this.#rememberedMs = clock.monotonicMs()
    try {
      onRemember(memory())
      this.#canRemember = true
    } catch (error) {
      // A full disk, say. What a restart would not know of must not be begun, nor go on.
      log.error({ err: error, missionId }, 'The sealed or gassed room cannot be remembered.')
      this.#canRemember = false
      send({ type: 'alarm', isEvacuation: false })
    }
  }

  /** What changes by itself while there is gas. */
  rememberInTime(nowMs: number): void {
    if (nowMs - this.#rememberedMs >= REMEMBER_EVERY_MS) this.remember()
  }

  do(effect: PeroxideMissionEffect): void {
    const { missionId, plan, supervisor, gasSafety, roomWatch, resume, wasArmed, send, onChange } =
      this.#parts
    const { ledger, dampers } = this.#parts.room
    const { room } = plan
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
            missionId,
            polygon: room.polygon,
            doors: room.doors,
            method: plan.method,
          },
        })
        if (this.#known !== null) {
          // After an arming people were in the room, and two of them look like a trolley.
          roomWatch.watchPresence(this.#known, wasArmed(), () => send({ type: 'roomChanged' }))
        }
        return
      case 'guard':
        // After a restart the ledger has its sensors already.
        if (effect.isOn && resume === null) ledger.begin()
        gasSafety.command({
          type: 'cycle',
          cycle: effect.isOn
            ? {
                missionId,
                roomId: room.roomId,
                insideSensorIds: ledger.insideIds,
                outsideSensorIds: ledger.outsideIds,
              }
            : null,
        })
        return
      case 'settle':
        if (this.#known !== null) {
          roomWatch.watchStanding(this.#known, this.#things, () => send({ type: 'settled' }))
        }
        return
      case 'damper':
        // Not remembered, not shut.
        if (effect.position === 'shut' && !this.#canRemember) return
        dampers.command(effect.damper, effect.position)
        return
      case 'remember':
        this.remember()
        return
      case 'generator':
        gasSafety.command({
          type: 'want',
          rateGPerMin: effect.isWanted && this.#canRemember ? plan.rateGPerMin : 0,
          mustHold: effect.mustHold,
        })
        onChange()
        return
    }
  }

  #takeSurvey({ things, missingFurniture, knowledge }: Survey): void {
    const { missionId, plan, log, send } = this.#parts
    this.#things = [
      ...this.#things,
      ...things.map((thing, index) => ({ ...thing, number: this.#things.length + index + 1 })),
    ]
    for (const { name } of missingFurniture) {
      log.info({ missionId }, `${name} is not where the plan has it.`)
    }
    this.#known = new KnownRoom(withThings(plan.room, this.#things), knowledge)
    send({ type: 'surveyed' })
  }
}
