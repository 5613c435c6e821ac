import { createReadStream, createWriteStream } from 'node:fs'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { wardError } from '@wardlight/core/errors'
import {
  exportStoredAudit,
  textLines,
  verifyLines,
  verifyStoredAudit,
  type ChainHead,
  type ChainVerdict,
} from '@wardlight/fleet-server'

interface Stored {
  /** Where the embedded database lives; not used with DATABASE_URL. */
  readonly data: string
}

export interface AuditVerifyOptions extends Stored {
  /** `SEQUENCE:HASH`, as earlier runs of this command printed it. */
  readonly known?: readonly string[] | undefined
  readonly json: boolean
}

/** @returns what to print, and the exit code: 0 where the whole record holds, 1 where it does not */
export async function runAuditVerify(
  file: string | undefined,
  options: AuditVerifyOptions,
): Promise<{ readonly text: string; readonly exitCode: 0 | 1 }> {
  const known = (options.known ?? []).map(readKnown)
  const verdict =
    file === undefined
      ? await verifyStoredAudit(stored(options), known)
      : await verifyLines(textLines(createReadStream(file)), known)
  return {
    text: options.json ? `${JSON.stringify(verdict)}\n` : words(verdict),
    exitCode: verdict.fault === null ? 0 : 1,
  }
}

export async function runAuditExport(out: string, options: Stored): Promise<void> {
  await pipeline(Readable.from(exportStoredAudit(stored(options))), createWriteStream(out, { flags: 'wx' }))
}

function stored({ data }: Stored) {
  return { dataDir: path.resolve(data), databaseUrl: process.env['DATABASE_URL'] }
}

function readKnown(text: string): ChainHead {
  const [, sequence, hash] = /^(\d+):([0-9a-f]{64})$/.exec(text) ?? []
  if (sequence === undefined || hash === undefined) {
    throw wardError('WARD_ERR_VALIDATION', {
      what: `${JSON.stringify(text)} is no entry of a record`,
      where: '--known',
      remedy: 'Give it as `wardlight audit verify` prints it: the number of the entry, a colon, its hash.',
    })
  }
  return { sequence: Number(sequence), hash }
}

function words({ head, fault }: ChainVerdict): string {
  if (fault === null) {
    return `The audit record holds: ${head.sequence} ${head.sequence === 1 ? 'entry' : 'entries'}, none changed, removed or moved.\nIt ends at ${head.sequence}:${head.hash}\nKeep that line elsewhere: given with --known, a later check finds whether the record was written anew.\n`
  }
  return `THE AUDIT RECORD DOES NOT HOLD from entry ${fault.sequence} on: ${fault.problem}.\nUp to ${head.sequence}:${head.hash} it does.\n`
}
