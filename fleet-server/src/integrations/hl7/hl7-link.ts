import type { Clock } from '@wardlight/core/clock'
import type { Hl7Outcome } from '@wardlight/core/fleet'
import type { FastifyBaseLogger } from 'fastify'
import type { Alarms } from '../../services/alarms.ts'
import type { Contaminations } from '../../services/contaminations.ts'
import type { FloorIndex } from '../../services/floor-index.ts'
import type { Ledger } from '../../services/ledger.ts'
import type { Requests } from '../../services/requests.ts'
import type { Database } from '../../store/database.ts'
import type { DataKeys } from '../../store/data-key.ts'
import { EncounterPoll } from '../fhir/encounter-poll.ts'
import { Hl7Intake } from './hl7-intake.ts'
import type { Hl7Mappings } from './hl7-mappings.ts'
import type { Hl7Options } from './hl7-options.ts'
import { Hl7Outbox } from './hl7-outbox.ts'
import { MllpListener } from './mllp-listener.ts'

/** Both ways between the hospital's systems and rooms, while this server decides. */
export class Hl7Link {
  readonly #options: Hl7Options
  readonly #host: string
  readonly #intake: Hl7Intake
  readonly #outbox: Hl7Outbox
  readonly #listener: MllpListener
  readonly #encounters: EncounterPoll | null
  #port: number | null = null

  private constructor(
    options: Hl7Options,
    host: string,
    parts: { intake: Hl7Intake; outbox: Hl7Outbox; listener: MllpListener; encounters: EncounterPoll | null },
  ) {
    this.#options = options
    this.#host = host
    this.#intake = parts.intake
    this.#outbox = parts.outbox
    this.#listener = parts.listener
    this.#encounters = parts.encounters
  }

  /** Loads what it knows; it neither listens nor sends yet. @throws WARD_ERR_CONFIG for the key */
  static async prepare(
    options: Hl7Options,
    parts: {
      database: Database
      ledger: Ledger
      floor: FloorIndex
      contaminations: Contaminations
      requests: Requests
      alarms: Alarms
      mappings: Hl7Mappings
      host: string
      keys: DataKeys
      timeZone: string
      wallClock: Clock
      log: FastifyBaseLogger
    },
  ): Promise<Hl7Link> {
    const { keepDays, tls, sendTo, encounters: source } = options
    const intake = new Hl7Intake({ ...parts, keepDays })
    await intake.load()
    const outbox = new Hl7Outbox({ ...parts, destinations: sendTo, keepDays })
    const receive = (message: Buffer, peer: string) => intake.receive(message, peer)
    const encounters = source === undefined ? null : new EncounterPoll(source, { ...parts, receive })
    const listener = new MllpListener({
      tls,
      receive,
      clock: parts.wallClock,
      log: parts.log,
    })
    return new Hl7Link(options, parts.host, { intake, outbox, listener, encounters })
  }

  /** Where messages are taken; `null`: nowhere. */
  get port(): number | null {
    return this.#port
  }

  /** Messages stored so far, by what became of them. */
  get received(): ReadonlyMap<Hl7Outcome, number> {
    return this.#intake.received
  }

  /** @throws WARD_ERR_CONFIG where the port cannot be opened */
  async start(): Promise<void> {
    if (this.#options.port !== null) this.#port = await this.#listener.start(this.#host, this.#options.port)
    this.#intake.start()
    this.#outbox.start()
    this.#encounters?.start()
  }

  async stop(): Promise<void> {
    if (this.#port !== null) await this.#listener.stop()
    this.#port = null
    await this.#encounters?.stop()
    await this.#intake.stop()
    await this.#outbox.stop()
  }
}
