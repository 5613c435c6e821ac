import { checkedProtocol, protocolById, PROTOCOLS, type Protocol } from '@wardlight/core/disinfection'
import { wardError } from '@wardlight/core/errors'
import type { NewProtocol, ProtocolView, User } from '@wardlight/core/fleet'
import { protocolObstacle, type RobotOffer } from '../domain/protocol-rules.ts'
import type { RobotRegistry } from '../robots/robot-registry.ts'
import type { Database } from '../store/database.ts'
import { hospitalProtocols, type HospitalProtocolRow } from '../store/schema.ts'
import type { Evidence } from './evidence.ts'
import { SerialQueue } from './serial-queue.ts'

/** The shipped protocols and the hospital's own versions of them and others: stored first, then held in memory. */
export class Protocols {
  readonly #database: Database
  readonly #registry: RobotRegistry
  readonly #evidence: Evidence
  readonly #now: () => Date
  readonly #queue = new SerialQueue()
  #added: HospitalProtocolRow[] = []

  constructor(options: { database: Database; registry: RobotRegistry; evidence: Evidence; now: () => Date }) {
    this.#database = options.database
    this.#registry = options.registry
    this.#evidence = options.evidence
    this.#now = options.now
  }

  async load(): Promise<void> {
    this.#added = await this.#database.queries.select().from(hospitalProtocols)
  }

  /** Every version, by name, the newest first. */
  views(): ProtocolView[] {
    const offers = this.#offers()
    return this.#all()
      .map((protocol) => {
        const row = this.#added.find(({ id, version }) => id === protocol.id && version === protocol.version)
        return {
          ...structuredClone(protocol),
          origin: row === undefined ? ('shipped' as const) : ('hospital' as const),
          addedBy: row?.addedBy ?? null,
          addedAt: row?.addedAt.toISOString() ?? null,
          isCurrent: this.#newestVersion(protocol.id) === protocol.version,
          obstacle: protocolObstacle(protocol, offers),
        }
      })
      .toSorted((a, b) => a.name.localeCompare(b.name, 'en') || b.version - a.version)
  }

  /** @throws WARD_ERR_VALIDATION, WARD_ERR_ORGANISM_UNKNOWN as `checkedProtocol`; WARD_ERR_CONFLICT for a version that is not the next */
  add(protocol: NewProtocol, user: User): Promise<ProtocolView> {
    return this.#queue.run(async () => {
      checkedProtocol(protocol, this.#evidence.organisms)
      const { id, version } = protocol
      const next = this.#newestVersion(id) + 1
      if (version !== next) {
        throw wardError('WARD_ERR_CONFLICT', {
          what: `Version ${version} of ${JSON.stringify(id)} is not the next one`,
          where: 'version',
          remedy: `Give version ${next}: what was done by an older one must stay readable.`,
        })
      }
      const row: HospitalProtocolRow = {
        id,
        version,
        protocol,
        addedBy: user.displayName,
        addedAt: this.#now(),
      }
      await this.#database.write((tx) => tx.insert(hospitalProtocols).values(row))
      this.#added.push(row)
      return this.views().find((view) => view.id === id && view.version === version)!
    })
  }

  /**
   * The current version, for a request to follow.
   *
   * @throws WARD_ERR_NOT_FOUND; WARD_ERR_CONFLICT while no robot here can follow it
   */
  followable(id: string): Protocol {
    const protocol = protocolById(id, this.#all())
    const obstacle = protocolObstacle(protocol, this.#offers())
    if (obstacle === null) return protocol
    throw wardError('WARD_ERR_CONFLICT', {
      what: `No request can follow "${protocol.name}" now. ${obstacle}`,
      where: 'protocolId',
      remedy: 'Choose another protocol.',
    })
  }

  #all(): Protocol[] {
    const added = this.#added.map(({ protocol }) => protocol)
    // A newer Wardlight may ship a version that the hospital has given to its own: the hospital's stays.
    const isTaken = ({ id, version }: Protocol) =>
      added.some((own) => own.id === id && own.version === version)
    return [...PROTOCOLS.filter((protocol) => !isTaken(protocol)), ...added]
  }

  #newestVersion(id: string): number {
    return Math.max(0, ...this.#all().flatMap((protocol) => (protocol.id === id ? [protocol.version] : [])))
  }

  #offers(): RobotOffer[] {
    return this.#registry.views().map(({ id }) => ({
      actionTypes: this.#registry.actionTypes(id),
      vaporiser: this.#registry.vaporiser(id),
    }))
  }
}
