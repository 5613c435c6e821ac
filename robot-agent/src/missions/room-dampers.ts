import { damperKey, type Damper, type DamperState, type Robot } from '../robot/ports.ts'

/** The two dampers of a room: what is wanted of them, and what they say. */
export class RoomDampers {
  readonly #roomId: string
  readonly #gas: Robot['gas']
  readonly #wanted = new Map<Damper, 'shut' | 'open'>()
  #states: ReadonlyMap<string, DamperState> = new Map()

  constructor(roomId: string, gas: Robot['gas']) {
    this.#roomId = roomId
    this.#gas = gas
  }

  /** What keeps the room from being aired, in words. */
  get blockers(): string[] {
    return (['exhaust', 'supply'] as const).flatMap((damper) => {
      const state = this.#stateOf(damper)
      return state === 'open' ? [] : [`the ${damper} damper is ${state ?? 'silent'}`]
    })
  }

  /** @returns those of this room that say now that they are shut */
  hear(states: ReadonlyMap<string, DamperState>): Damper[] {
    this.#states = new Map([...this.#states, ...states])
    return (['supply', 'exhaust'] as const).filter(
      (damper) => states.get(damperKey(this.#roomId, damper)) === 'shut',
    )
  }

  command(damper: Damper, position: 'shut' | 'open'): void {
    this.#wanted.set(damper, position)
    this.#gas.commandDamper(this.#roomId, damper, position)
  }

  /** A command that got lost, or a damper that was moved by another hand: it is commanded again. */
  insist(): void {
    for (const [damper, position] of this.#wanted) {
      if (this.#stateOf(damper) !== position) this.#gas.commandDamper(this.#roomId, damper, position)
    }
  }

  #stateOf(damper: Damper): DamperState | undefined {
    return this.#states.get(damperKey(this.#roomId, damper))
  }
}
