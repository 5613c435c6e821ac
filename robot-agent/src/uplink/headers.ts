import type { Clock } from '@wardlight/core/clock'
import { VDA5050_VERSION, type Header, type RobotAddress, type Vda5050Topic } from '@wardlight/core/vda5050'

/** Numbers the messages of each topic from 0, and stamps them with wall time. */
export class HeaderSource {
  readonly #address: RobotAddress
  readonly #clock: Clock
  readonly #next = new Map<Vda5050Topic, number>()

  constructor(address: RobotAddress, clock: Clock) {
    this.#address = address
    this.#clock = clock
  }

  next(topic: Vda5050Topic): Header {
    const headerId = this.#next.get(topic) ?? 0
    this.#next.set(topic, headerId + 1)
    return {
      headerId,
      timestamp: new Date(this.#clock.epochMs()).toISOString(),
      version: VDA5050_VERSION,
      manufacturer: this.#address.manufacturer,
      serialNumber: this.#address.serialNumber,
    }
  }

  /** The number of the last message of a topic; 0 when there was none. */
  last(topic: Vda5050Topic): number {
    return Math.max(0, (this.#next.get(topic) ?? 0) - 1)
  }
}
