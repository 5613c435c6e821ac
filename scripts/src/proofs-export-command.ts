import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { ProofView } from '@wardlight/core/fleet'
import { signIn } from './server-session.ts'

export interface ProofsExportOptions {
  readonly out: string
  /** `http://host:port` */
  readonly server: string
  readonly user: string
  /** PDFs as well. */
  readonly pdf: boolean
}

/** Beside the proofs. */
export const KEYS_FILE = 'wardlight-proof-keys.pem'

/**
 * Takes all proofs of a server, and its public keys, into a folder; what is there already is left as it is.
 *
 * @returns what was done, in words
 * @throws WARD_ERR_OPTION without a password, or with the server's own words when it refuses
 */
export async function exportProofs(
  { out, server, user, pdf }: ProofsExportOptions,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const session = await signIn({ server, user }, environment)
  const get = async (route: string) => Buffer.from(await (await session.get(route)).arrayBuffer())
  mkdirSync(out, { recursive: true })
  write(path.join(out, KEYS_FILE), await get('/api/proofs/keys'))
  const newest = JSON.parse((await get('/api/proofs/newest')).toString()) as ProofView | null
  const last = newest?.sequence ?? 0
  let taken = 0
  for (let sequence = 1; sequence <= last; sequence += 1) {
    for (const [ending, route] of [
      ['json', `/api/proofs/${sequence}`],
      ...(pdf ? [['pdf', `/api/proofs/${sequence}/pdf`] as const] : []),
    ] as const) {
      const file = path.join(out, `proof-${String(sequence).padStart(6, '0')}.${ending}`)
      if (existsSync(file)) continue
      write(file, await get(route))
      taken += 1
    }
  }
  await session.end()
  if (last === 0) return 'There are no proofs yet; the public keys were taken.\n'
  return [
    `${taken} files of ${last} proofs were taken, and the public keys.`,
    `Check them anywhere: wardlight verify ${out} --key ${path.join(out, KEYS_FILE)} --last ${last}`,
    'Whether the keys are the hospital\u2019s, ask the hospital: by another way than this one.',
    '',
  ].join('\n')
}

/** All of a file or nothing of it. */
function write(file: string, bytes: Buffer): void {
  const part = `${file}.part`
  writeFileSync(part, bytes)
  renameSync(part, file)
}
