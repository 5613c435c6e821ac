import { createHash } from 'node:crypto'

export interface DownloadLimits {
  readonly maxBytes: number
  /** For the whole of it, redirects too. */
  readonly timeoutMs: number
}

/** Proposed: a level of 200 m in runs of cells has a few hundred kilobytes, and a hospital's wireless network a megabit. */
export const DOWNLOAD_LIMITS: DownloadLimits = { maxBytes: 8_000_000, timeoutMs: 60_000 }

const MAX_REDIRECTS = 3
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/**
 * Gets a file that a fleet told of. Real time, whatever the robot's clock is: so is the network.
 *
 * @param hash SHA-256 of the file, hexadecimal (VDA 5050 leaves the algorithm open); `null`: not checked
 * @throws Error in words for people
 */
export async function downloadFile(
  link: string,
  hash: string | null,
  stop: AbortSignal,
  { maxBytes, timeoutMs }: DownloadLimits = DOWNLOAD_LIMITS,
): Promise<Uint8Array> {
  const timeout = AbortSignal.timeout(timeoutMs)
  try {
    const response = await follow(link, AbortSignal.any([stop, timeout]))
    const bytes = await readBody(response, maxBytes)
    const found = sha256Of(bytes)
    if (hash !== null && found !== hash.toLowerCase()) {
      throw new Refused(`its SHA-256 is ${found}, not ${hash}`)
    }
    return bytes
  } catch (error) {
    if (error instanceof Refused) throw error
    if (timeout.aborted) throw new Error(`it did not come within ${timeoutMs / 1000} s`, { cause: error })
    if (stop.aborted) throw new Error('the robot was stopped meanwhile', { cause: error })
    throw new Error(`${hostOf(link)} cannot be reached, or broke off: ${reasonOf(error)}`, { cause: error })
  }
}

/** Hexadecimal. */
export function sha256Of(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** What was thrown, for people. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

class Refused extends Error {}

async function follow(link: string, signal: AbortSignal): Promise<Response> {
  let url = urlOf(link)
  for (let redirects = 0; ; redirects += 1) {
    const response = await fetch(url, { redirect: 'manual', signal })
    if (response.ok) return response
    await response.body?.cancel()
    if (!REDIRECTS.has(response.status)) throw new Refused(`${url.host} answers ${response.status}`)
    if (redirects === MAX_REDIRECTS) throw new Refused(`it is redirected more than ${MAX_REDIRECTS} times`)
    const next = urlOf(response.headers.get('location') ?? '', url.href)
    if (url.protocol === 'https:' && next.protocol === 'http:') {
      throw new Refused(`${url.host} redirects from https to http`)
    }
    url = next
  }
}

function urlOf(link: string, base?: string): URL {
  const url = URL.canParse(link, base) ? new URL(link, base) : null
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new Refused(`${link} is no http or https address`)
  return url
}

async function readBody(response: Response, maxBytes: number): Promise<Uint8Array> {
  const tooLarge = new Refused(`it has more than ${maxBytes} bytes`)
  if (Number(response.headers.get('content-length') ?? 0) > maxBytes) {
    await response.body?.cancel()
    throw tooLarge
  }
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.length
    // Leaving the loop lets the line go.
    if (length > maxBytes) throw tooLarge
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** A link may be good for whoever has it, and errors are read by many. */
function hostOf(link: string): string {
  return URL.canParse(link) ? new URL(link).host : link
}

/** What `fetch` hides behind "fetch failed". */
function reasonOf(error: unknown): string {
  return wordsOf(error instanceof Error && error.cause instanceof Error ? error.cause : error)
}
