import { createHash } from 'node:crypto'
import { eq } from 'drizzle-orm'
import type { KeptTraffic } from '../domain/traffic/journey.ts'
import type { TrafficGraph } from '../domain/traffic/traffic-graph.ts'
import type { Database } from '../store/database.ts'
import { traffic } from '../store/schema.ts'

const ROW_ID = 'fleet'

/** Keeps who drives where, for one graph: what was kept on another one makes no sense. */
export class TrafficStore {
  readonly #database: Database
  readonly #graphKey: string

  constructor(database: Database, { places, links }: TrafficGraph) {
    this.#database = database
    this.#graphKey = createHash('sha256')
      .update(JSON.stringify([places, links.map(({ from, to }) => [from, to])]))
      .digest('hex')
  }

  async load(): Promise<KeptTraffic | null> {
    const [row] = await this.#database.queries.select().from(traffic).where(eq(traffic.id, ROW_ID))
    return row?.graphKey === this.#graphKey ? row.kept : null
  }

  async save(kept: KeptTraffic, changedAt: Date): Promise<void> {
    const row = { graphKey: this.#graphKey, kept, changedAt }
    await this.#database.write((tx) =>
      tx
        .insert(traffic)
        .values({ id: ROW_ID, ...row })
        .onConflictDoUpdate({ target: traffic.id, set: row }),
    )
  }
}
