import { wardError } from '@wardlight/core/errors'
import { and, eq } from 'drizzle-orm'
import type { Database, OpenDatabase } from '../store/database.ts'
import { leadership } from '../store/schema.ts'
import { LEADERSHIP_ROW_ID } from './cluster-identity.ts'

/**
 * The database for the time in which a server leads. Each of its transactions first locks the row of the
 * leadership, shared, as long as that still names its term. A new leader changes the row before it reads
 * anything: so whatever the old one wrote is either there by then, or refused here with WARD_ERR_NO_LEADER.
 */
export function fencedDatabase(database: OpenDatabase, epoch: number): Database {
  return {
    queries: database.queries,
    snapshot: (work) => database.snapshot(work),
    durable: () => database.durable(),
    write: (work) =>
      database.write(async (tx) => {
        const [row] = await tx
          .select({ epoch: leadership.epoch })
          .from(leadership)
          .where(and(eq(leadership.id, LEADERSHIP_ROW_ID), eq(leadership.epoch, epoch)))
          // Not a plain read: locking looks at the newest version of the row, after whoever is changing it.
          .for('share')
        if (row === undefined) throw noLongerLeads('the database has a newer leader')
        return work(tx)
      }),
  }
}

export function noLongerLeads(reason: string): Error {
  return wardError('WARD_ERR_NO_LEADER', { what: `This server no longer leads: ${reason}`, where: 'server' })
}
