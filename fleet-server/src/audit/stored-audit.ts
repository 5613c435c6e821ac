import { openDatabase, type DatabaseOptions } from '../store/database.ts'
import { exportLines, verifyEntries, type ChainVerdict } from './audit-file.ts'
import { AuditLog } from './audit-log.ts'
import type { ChainHead } from './audit-chain.ts'

/**
 * Follows the audit record in a database; an embedded one must not be open in a server.
 *
 * @param known entries that somebody has noted
 * @throws WARD_ERR_DATABASE
 */
export async function verifyStoredAudit(
  options: DatabaseOptions,
  known: readonly ChainHead[] = [],
): Promise<ChainVerdict> {
  const database = await openDatabase(options)
  try {
    const log = new AuditLog(database)
    const head = await log.head()
    return await verifyEntries(log.entries(head), head, known)
  } finally {
    await database.close()
  }
}

/** The lines of that record, as `verifyLines` reads them. @throws WARD_ERR_DATABASE */
export async function* exportStoredAudit(options: DatabaseOptions): AsyncGenerator<string> {
  const database = await openDatabase(options)
  try {
    const log = new AuditLog(database)
    const head = await log.head()
    yield* exportLines(log.entries(head), head)
  } finally {
    await database.close()
  }
}
