import { wardError } from '@wardlight/core/errors'
import { eq } from 'drizzle-orm'
import { openDatabase, type DatabaseOptions } from '../../store/database.ts'
import { hl7Messages } from '../../store/schema.ts'
import { dataKeys } from '../../store/data-key.ts'
import { messagePlace } from './hl7-intake.ts'
import { openSealed } from '../../store/sealed-data.ts'

/**
 * A message as it came, for who has the key in hand. The embedded database is open to one process: its server has to
 * be stopped.
 *
 * @param id as the message log has it
 * @throws WARD_ERR_DATABASE, WARD_ERR_NOT_FOUND, WARD_ERR_CONFIG for another key
 */
export async function openMessage(
  id: string,
  { dataKey, ...options }: DatabaseOptions & { readonly dataKey?: string | undefined },
): Promise<Buffer> {
  const database = await openDatabase(options)
  try {
    const [row] = await database.queries.select().from(hl7Messages).where(eq(hl7Messages.id, id))
    if (row === undefined) {
      throw wardError('WARD_ERR_NOT_FOUND', {
        what: `There is no message ${JSON.stringify(id)}`,
        where: 'id',
        remedy: 'Take an id of GET /api/hl7/messages; old messages are deleted.',
      })
    }
    const opened = openSealed(row.sealed, messagePlace(id), await dataKeys(dataKey, options.dataDir))
    if (opened !== null) return opened
    throw wardError('WARD_ERR_CONFIG', {
      what: 'The message was sealed with another key',
      where: 'data key',
      remedy: 'Give the key that the server has.',
    })
  } finally {
    await database.close()
  }
}
