import { wardError } from '@wardlight/core/errors'
import type { GasSensor, GasSensorFault } from './gas.ts'

/** A sensor speaks so often, ms. */
const READ_EVERY_MS = 1000
/** How long ago a sensor that was just placed answered to test gas, ms: people test it before they carry it in (proposed). */
const TESTED_BEFORE_MS = 10 * 60_000

interface PlacedSensor {
  readonly roomId: () => string | null
  readonly sensor: GasSensor
  readonly testedAtMs: number
  ppm: number | null
  readAtMs: number
}

export interface SensorWord {
  readonly id: string
  readonly roomId: string
  readonly ppm: number | null
  readonly ageMs: number
  readonly bumpTestAgeMs: number
}

/** Hydrogen peroxide sensors that people have set up, or that robots carry; each speaks by radio once a second. */
export class PlacedSensors {
  readonly #sensors = new Map<string, PlacedSensor>()
  #nextMs = -Infinity

  place(
    id: string,
    roomId: string | (() => string | null),
    sensor: GasSensor,
    nowMs: number,
    isTested = true,
  ): void {
    this.#sensors.set(id, {
      roomId: typeof roomId === 'string' ? () => roomId : roomId,
      sensor,
      testedAtMs: isTested ? nowMs - TESTED_BEFORE_MS : -Infinity,
      ppm: sensor.read(nowMs),
      readAtMs: nowMs,
    })
  }

  remove(id: string): void {
    this.#sensors.delete(id)
  }

  /** @throws WARD_ERR_NOT_FOUND */
  setFault(id: string, fault: GasSensorFault | null): void {
    const placed = this.#sensors.get(id)
    if (placed === undefined) {
      throw wardError('WARD_ERR_NOT_FOUND', {
        what: `no gas sensor ${id} is placed`,
        where: 'setSensorFault',
      })
    }
    placed.sensor.setFault(fault)
  }

  step(nowMs: number): void {
    if (nowMs < this.#nextMs) return
    this.#nextMs = nowMs + READ_EVERY_MS
    for (const placed of this.#sensors.values()) {
      placed.ppm = placed.sensor.read(nowMs)
      placed.readAtMs = nowMs
    }
  }

  words(nowMs: number): SensorWord[] {
    return [...this.#sensors].flatMap(([id, { roomId, ppm, readAtMs, testedAtMs }]) => {
      const where = roomId()
      return where === null
        ? []
        : [{ id, roomId: where, ppm, ageMs: nowMs - readAtMs, bumpTestAgeMs: nowMs - testedAtMs }]
    })
  }
}
