import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { wardError } from '@wardlight/core/errors'
import type { ApiError, ProofView } from '@wardlight/core/fleet'

export interface ProofsExportOptions {
  readonly out: string
  /** `http://host:port` */
  readonly server: string
  readonly user: string
  /** PDFs as well. */
  readonly pdf: boolean
}

export const PASSWORD_VARIABLE = 'WARDLIGHT_PASSWORD'
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
  const password = environment[PASSWORD_VARIABLE]
  if (password === undefined) {
    throw wardError('WARD_ERR_OPTION', {
      what: `${PASSWORD_VARIABLE} is not set`,
      where: '--user',
      remedy: `Put the password of ${user} into the environment variable ${PASSWORD_VARIABLE}.`,
    })
  }
  const session = await call(server, '/api/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: user, password }),
  })
  const cookie = session.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ')
  const get = async (route: string) =>
    Buffer.from(await (await call(server, route, { headers: { cookie } })).arrayBuffer())
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
  await call(server, '/api/session', { method: 'DELETE', headers: { cookie } })
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

async function call(server: string, route: string, init: RequestInit): Promise<Response> {
  let answer: Response
  try {
    answer = await fetch(`${server.replace(/\/$/, '')}${route}`, init)
  } catch (cause) {
    throw wardError('WARD_ERR_OPTION', {
      what: `The server does not answer: ${String(cause)}`,
      where: '--server',
      remedy: 'Give where its console is, http://host:port.',
      cause,
    })
  }
  if (answer.ok) return answer
  const error = (await answer.json().catch(() => null)) as ApiError | null
  throw wardError('WARD_ERR_OPTION', {
    what: error?.message ?? `The server answered ${answer.status}`,
    where: route,
  })
}
