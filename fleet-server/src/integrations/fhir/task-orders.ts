import { wardError } from '@wardlight/core/errors'
import type { User } from '@wardlight/core/fleet'
import { and, eq, inArray } from 'drizzle-orm'
import type { Ledger } from '../../services/ledger.ts'
import type { Requests } from '../../services/requests.ts'
import type { Database } from '../../store/database.ts'
import { fhirTaskOrders, type FhirTaskOrderRow, type RequestRow } from '../../store/schema.ts'
import type { TaskOrder } from './read-task.ts'

type Identifier = TaskOrder['identifier']

/** Which request came of which Task of another system: kept for ever, so that a Task sent again makes no second one. */
export class TaskOrders {
  readonly #database: Database
  readonly #ledger: Ledger
  readonly #requests: Requests

  constructor(options: { database: Database; ledger: Ledger; requests: Requests }) {
    this.#database = options.database
    this.#ledger = options.ledger
    this.#requests = options.requests
  }

  /**
   * Makes the request, stored together with the other system's number of it; where that is known already, nothing.
   *
   * @throws WARD_ERR_CONFLICT where the number stands for something else, and as `Requests.create`
   */
  async place({ identifier, wish }: TaskOrder, user: User): Promise<{ row: RequestRow; isNew: boolean }> {
    const asked = JSON.stringify(Object.entries(wish).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    const { requestId, isNew } = await this.#ledger.change(async (change) => {
      const known = await this.#row(identifier)
      if (known !== null) {
        if (known.asked === asked) return { requestId: known.requestId, isNew: false }
        throw wardError('WARD_ERR_CONFLICT', {
          what: 'This number stands for a Task that asked for something else',
          where: 'Task.identifier',
          remedy: 'Give a new Task a number of its own; withdraw the old one by its status.',
        })
      }
      const row = this.#requests.createIn(change, wish, user, null)
      change.patchRoom(wish.roomId, { requestId: row.id })
      change.writes.push((tx) =>
        tx
          .insert(fhirTaskOrders)
          .values({ ...identifier, requestId: row.id, asked, placedAt: this.#ledger.now() }),
      )
      return { requestId: row.id, isNew: true }
    })
    return { row: await this.#ledger.request(requestId), isNew }
  }

  /** Of requests that came as a Task, by the request's id. */
  async identifiersOf(requestIds: readonly string[]): Promise<ReadonlyMap<string, Identifier>> {
    if (requestIds.length === 0) return new Map()
    const rows = await this.#database.queries
      .select()
      .from(fhirTaskOrders)
      .where(inArray(fhirTaskOrders.requestId, [...requestIds]))
    return new Map(rows.map(({ requestId, system, value }) => [requestId, { system, value }]))
  }

  async #row({ system, value }: Identifier): Promise<FhirTaskOrderRow | null> {
    const [row] = await this.#database.queries
      .select()
      .from(fhirTaskOrders)
      .where(and(eq(fhirTaskOrders.system, system), eq(fhirTaskOrders.value, value)))
    return row ?? null
  }
}
