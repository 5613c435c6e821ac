import { organismById } from '@wardlight/core/disinfection'
import { wardError } from '@wardlight/core/errors'
import type { Hl7Mapping, Hl7MappingView, Hl7Treatment, User } from '@wardlight/core/fleet'
import type { Evidence } from '../../services/evidence.ts'
import type { FloorIndex } from '../../services/floor-index.ts'
import type { Protocols } from '../../services/protocols.ts'
import { SerialQueue } from '../../services/serial-queue.ts'
import type { Database } from '../../store/database.ts'
import { hl7Mapping } from '../../store/schema.ts'
import { ruleKey, SHIPPED_MAPPING } from './mapping.ts'

const ROW_ID = 'hospital'

/** The hospital's mapping: stored first, then held in memory. */
export class Hl7Mappings {
  readonly #database: Database
  readonly #floor: FloorIndex
  readonly #evidence: Evidence
  readonly #protocols: Protocols
  readonly #now: () => Date
  readonly #queue = new SerialQueue()
  #view: Hl7MappingView = { mapping: SHIPPED_MAPPING, changedBy: null, changedAt: null }

  constructor(options: {
    database: Database
    floor: FloorIndex
    evidence: Evidence
    protocols: Protocols
    now: () => Date
  }) {
    this.#database = options.database
    this.#floor = options.floor
    this.#evidence = options.evidence
    this.#protocols = options.protocols
    this.#now = options.now
  }

  async load(): Promise<void> {
    const [row] = await this.#database.queries.select().from(hl7Mapping)
    if (row === undefined) return
    this.#view = { mapping: row.mapping, changedBy: row.changedBy, changedAt: row.changedAt.toISOString() }
  }

  get current(): Hl7Mapping {
    return this.#view.mapping
  }

  view(): Hl7MappingView {
    return this.#view
  }

  /**
   * @throws WARD_ERR_ROOM_UNKNOWN, WARD_ERR_ORGANISM_UNKNOWN, WARD_ERR_NOT_FOUND for a protocol, WARD_ERR_VALIDATION for what
   *   is listed twice
   */
  change(mapping: Hl7Mapping, user: User): Promise<Hl7MappingView> {
    return this.#queue.run(async () => {
      this.#check(mapping)
      const changedAt = this.#now()
      const row = { id: ROW_ID, mapping, changedBy: user.displayName, changedAt }
      await this.#database.write((tx) =>
        tx.insert(hl7Mapping).values(row).onConflictDoUpdate({ target: hl7Mapping.id, set: row }),
      )
      this.#view = { mapping, changedBy: user.displayName, changedAt: changedAt.toISOString() }
      return this.#view
    })
  }

  #check({ locations, codes, defaultTreatment, triggerRoomIds }: Hl7Mapping): void {
    for (const { roomId } of locations) this.#floor.room(roomId)
    for (const roomId of triggerRoomIds ?? []) this.#floor.room(roomId)
    once(
      locations.map(({ location }) => location.toLowerCase()),
      'locations',
    )
    once(codes.map(ruleKey), 'codes')
    for (const { organismIds } of codes) {
      for (const id of organismIds) organismById(id, this.#evidence.organisms)
    }
    for (const treatment of [defaultTreatment, ...codes.map((code) => code.treatment)]) {
      if (treatment !== null) this.#checkTreatment(treatment)
    }
  }

  /** Robots come and go: whether one can follow the protocol now is asked when a room is left. */
  #checkTreatment(treatment: Hl7Treatment): void {
    if ('organismId' in treatment) {
      organismById(treatment.organismId, this.#evidence.organisms)
      return
    }
    if (this.#protocols.views().some(({ id }) => id === treatment.protocolId)) return
    throw wardError('WARD_ERR_NOT_FOUND', {
      what: `There is no protocol ${JSON.stringify(treatment.protocolId)}`,
      where: 'protocolId',
      remedy: 'Choose one of GET /api/protocols.',
    })
  }
}

function once(keys: readonly string[], where: string): void {
  const twice = keys.find((key, index) => keys.indexOf(key) !== index)
  if (twice === undefined) return
  throw wardError('WARD_ERR_VALIDATION', {
    what: `${JSON.stringify(twice)} is listed twice`,
    where,
    remedy: 'List it once.',
  })
}
