import { wardError } from '@wardlight/core/errors'
import { ChainWalk, type ChainedEntry, type ChainFault, type ChainHead } from './audit-chain.ts'

/**
 * The audit record as a file: `{"sequence":1,"hash":"…","entry":"…"}` on each line, and `{"head":{"sequence":…,"hash":"…"}}`
 * on the last one.
 */
export async function* exportLines(
  entries: AsyncIterable<ChainedEntry>,
  head: ChainHead,
): AsyncGenerator<string> {
  for await (const { sequence, hash, entry } of entries)
    yield `${JSON.stringify({ sequence, hash, entry })}\n`
  yield `${JSON.stringify({ head })}\n`
}

/** What was found of a chain. */
export interface ChainVerdict {
  /** The last entry that holds. */
  readonly head: ChainHead
  /** `null`: every entry holds, up to the end. */
  readonly fault: ChainFault | null
}

/** @param known entries that somebody has noted */
export async function verifyEntries(
  entries: AsyncIterable<ChainedEntry>,
  head: ChainHead,
  known: readonly ChainHead[] = [],
): Promise<ChainVerdict> {
  const walk = new ChainWalk(known)
  for await (const entry of entries) if (!walk.take(entry)) break
  walk.end(head)
  return { head: walk.head, fault: walk.fault }
}

/**
 * Reads and follows an exported record.
 *
 * @param known entries that somebody has noted
 * @throws WARD_ERR_VALIDATION where a line is none of an audit record, or the last one is missing
 */
export async function verifyLines(
  lines: AsyncIterable<string>,
  known: readonly ChainHead[] = [],
): Promise<ChainVerdict> {
  const walk = new ChainWalk(known)
  let head: ChainHead | null = null
  let number = 0
  for await (const line of lines) {
    number += 1
    if (head !== null) throw notARecord(number, 'something follows after the line that ends the record')
    const said = readLine(line)
    if (said === null) throw notARecord(number, 'this is no entry of an audit record')
    if ('head' in said) head = said.head
    else if (!walk.take(said)) break
  }
  if (head !== null) walk.end(head)
  else if (walk.fault === null) {
    throw notARecord(number + 1, 'the line is missing that says where the record ends')
  }
  return { head: walk.head, fault: walk.fault }
}

function readLine(line: string): ChainedEntry | { readonly head: ChainHead } | null {
  try {
    const { head, sequence, hash, entry } = JSON.parse(line) as Partial<ChainedEntry> & {
      readonly head?: Partial<ChainHead>
    }
    if (isHead(head)) return { head }
    const at = { sequence, hash }
    return isHead(at) && typeof entry === 'string' ? { ...at, entry } : null
  } catch {
    return null
  }
}

function isHead(
  said: { readonly [Key in keyof ChainHead]?: ChainHead[Key] | undefined } | undefined,
): said is ChainHead {
  return typeof said?.sequence === 'number' && typeof said.hash === 'string'
}

function notARecord(line: number, what: string): Error {
  return wardError('WARD_ERR_VALIDATION', {
    what,
    where: `line ${line}`,
    remedy: 'Give a file that `wardlight audit export` or GET /api/audit/export wrote, whole.',
  })
}
