import path from 'node:path'
import { openMessage } from '@wardlight/fleet-server'
import { givenDataKey } from './hl7-options.ts'

export interface Hl7MessageOptions {
  readonly data: string
  readonly dataKey?: string | undefined
}

/** One message as it came, a segment to a line. It is full of a patient's data: it goes nowhere but to standard output. */
export async function runHl7MessageCommand(
  id: string,
  { data, dataKey }: Hl7MessageOptions,
): Promise<Buffer> {
  const message = await openMessage(id, {
    dataDir: path.resolve(data),
    databaseUrl: process.env['DATABASE_URL'],
    dataKey: await givenDataKey(dataKey),
  })
  return Buffer.from(message.toString('latin1').replaceAll(/\r\n?/g, '\n'), 'latin1')
}
