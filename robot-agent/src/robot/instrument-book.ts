import type { Clock } from '@wardlight/core/clock'
import type { Calibration, Instruments } from '@wardlight/core/fleet'
import type { WatchedDoor } from '../safety/supervisor-state.ts'
import type { SafetySupervisor } from '../safety/safety-supervisor.ts'
import type { LampLife } from './lamp-life.ts'

export interface HeardGasSensor {
  readonly roomId: string
  /** Since it answered to test gas, milliseconds; infinite: it never did, or does not say. */
  readonly bumpTestAgeMs: number
}

/** What the robot knows of its own instruments, for the report of a mission. */
export class InstrumentBook {
  readonly #clock: Clock
  readonly #supervisor: Pick<SafetySupervisor, 'state'>
  readonly #lampLife: Pick<LampLife, 'tubes'>
  readonly #softwareVersion: string
  readonly #calibrations: readonly Calibration[]

  constructor(options: {
    readonly clock: Clock
    readonly supervisor: Pick<SafetySupervisor, 'state'>
    readonly lampLife: Pick<LampLife, 'tubes'>
    readonly softwareVersion: string
    /** As they stand in the robot's file. */
    readonly calibrations: readonly Calibration[]
  }) {
    this.#clock = options.clock
    this.#supervisor = options.supervisor
    this.#lampLife = options.lampLife
    this.#softwareVersion = options.softwareVersion
    this.#calibrations = options.calibrations
  }

  /** @param lastOutput of each tube while the lamp was last lit; `null`: it was not */
  ofLight(doors: readonly WatchedDoor[], lastOutput: readonly number[] | null): Instruments {
    return {
      ...this.#common(doors),
      tubes: this.#lampLife.tubes.map(({ id, hours, ratedLifeHours, isMeasured }, index) => ({
        id,
        hours: thousandths(hours),
        ratedLifeHours,
        isOutputMeasured: isMeasured,
        lastOutput: lastOutput?.[index] === undefined ? null : thousandths(lastOutput[index]),
      })),
      gasSensors: [],
    }
  }

  /** @param heard of every sensor that the mission heard, by id */
  ofGas(doors: readonly WatchedDoor[], heard: ReadonlyMap<string, HeardGasSensor>): Instruments {
    const nowMs = this.#clock.monotonicMs()
    return {
      ...this.#common(doors),
      tubes: [],
      gasSensors: [...heard].map(([sensorId, { roomId, bumpTestAgeMs }]) => ({
        sensorId,
        roomId,
        bumpTestedAt: this.#dateOf(nowMs - bumpTestAgeMs),
      })),
    }
  }

  #common(
    doors: readonly WatchedDoor[],
  ): Pick<Instruments, 'softwareVersion' | 'doorGuards' | 'calibrations'> {
    const { guards } = this.#supervisor.state
    return {
      softwareVersion: this.#softwareVersion,
      doorGuards: doors.map(({ id, name }) => ({
        doorId: id,
        name,
        openedAt: this.#dateOf(guards[id]?.openedAtMs ?? -Infinity),
      })),
      calibrations: this.#calibrations.map((calibration) => ({ ...calibration })),
    }
  }

  /** Of a time of the clock that does not jump; `null` where it is none. */
  #dateOf(atMs: number): string | null {
    if (!Number.isFinite(atMs)) return null
    return new Date(this.#clock.epochMs() - (this.#clock.monotonicMs() - atMs)).toISOString()
  }
}

function thousandths(value: number): number {
  return Math.round(1000 * value) / 1000
}
