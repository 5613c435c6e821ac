import { randomBytes, randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import type { OpenDatabase } from '../store/database.ts'
import { leadership } from '../store/schema.ts'

export const LEADERSHIP_ROW_ID = 1

/** What the servers on one database have in common. */
export interface ClusterIdentity {
  /** Names their topics and their one client on the broker. */
  readonly clusterId: string
  /** By which they know each other; never logged. */
  readonly secret: string
}

/** Reads it, or makes it where these are the first. */
export async function clusterIdentity(database: OpenDatabase): Promise<ClusterIdentity> {
  await database.write((tx) =>
    tx
      .insert(leadership)
      .values({
        id: LEADERSHIP_ROW_ID,
        clusterId: randomUUID(),
        secret: randomBytes(32).toString('base64url'),
      })
      .onConflictDoNothing(),
  )
  const [row] = await database.queries.select().from(leadership).where(eq(leadership.id, LEADERSHIP_ROW_ID))
  const { clusterId, secret } = row!
  return { clusterId, secret }
}
