import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { isWardError, wardError } from '@wardlight/core/errors'
import { chainProblems, type ChainLink } from '@wardlight/core/fleet'
import { isPdf, ProofChecker, readPublicKeys, type CheckedProof } from '@wardlight/fleet-server/reports'

export interface VerifyOptions {
  /** File with the public keys that count; left out: none is known. */
  readonly key?: string | undefined
  /** Where the chain has to begin, when several are given; by default at 1. */
  readonly first: number
  /** Where it has to end. */
  readonly last?: number | undefined
  readonly json: boolean
}

export interface Verification {
  /** 0: all holds. 1: something does not. 2: nothing was changed, and by whom it was signed is not known. */
  readonly exitCode: 0 | 1 | 2
  readonly text: string
}

interface Looked {
  readonly name: string
  /** In words; `null`: it holds. */
  readonly problem: string | null
  readonly proof: CheckedProof | null
  readonly form: 'JSON' | 'PDF' | null
}

/**
 * Checks proofs without a network, and, where there are several, that they are a whole chain.
 *
 * @param paths files, or folders with `.json` and `.pdf` files
 * @throws WARD_ERR_OPTION for what cannot be read
 */
export function verifyProofs(paths: readonly string[], options: VerifyOptions): Verification {
  const { key } = options
  const checker = new ProofChecker(key === undefined ? null : readPublicKeys(read(key).toString(), key))
  const isFolder = paths.some((each) => isDirectory(each))
  const looked = paths.flatMap(filesOf).map((file) => look(checker, file))
  if (looked.length === 0) {
    throw wardError('WARD_ERR_OPTION', { what: 'There are no proofs to check', where: paths.join(', ') })
  }
  const links = looked.flatMap(({ name, proof }): ChainLink[] => (proof === null ? [] : [{ ...proof, name }]))
  const isChain = isFolder || looked.length > 1 || options.last !== undefined
  const chain = isChain ? chainProblems(links, { first: options.first, last: options.last ?? null }) : []
  const isWhole = chain.length === 0 && looked.every(({ problem }) => problem === null)
  const exitCode = isWhole ? (key === undefined ? 2 : 0) : 1
  const text = options.json
    ? `${JSON.stringify({ exitCode, files: looked.map(forMachines), chain: isChain ? chain : null }, null, 2)}\n`
    : `${words(looked, isChain ? chain : null, options, exitCode).join('\n')}\n`
  return { exitCode, text }
}

function look(checker: ProofChecker, file: string): Looked {
  const bytes = read(file)
  const name = path.basename(file)
  if (isPdf(bytes)) {
    const checked = checker.pdf(bytes)
    return typeof checked === 'string'
      ? { name, problem: checked, proof: null, form: 'PDF' }
      : { name, problem: null, proof: checked.proof, form: 'PDF' }
  }
  const checked = checker.file(bytes)
  return typeof checked === 'string'
    ? { name, problem: checked, proof: null, form: 'JSON' }
    : { name, problem: null, proof: checked, form: 'JSON' }
}

const KIND_WORDS = {
  ended: 'the mission ended',
  released: 'the room was released as clean',
  measured: 'people found the room free of gas by hand; nothing is proven of its disinfection',
} as const

function words(
  looked: readonly Looked[],
  chain: readonly string[] | null,
  { key }: VerifyOptions,
  exitCode: Verification['exitCode'],
): string[] {
  const lines = looked.flatMap(({ name, problem, proof, form }) => {
    if (proof === null) return [`${name}: DOES NOT HOLD: ${problem}`]
    if (looked.length > 3) return [`${name}: holds (proof ${proof.sequence}, ${proof.kind}, ${proof.sha256})`]
    return [
      `${name}: holds`,
      `  what      ${form === 'PDF' ? 'a PDF and the signed proof in it: ' : ''}proof ${proof.sequence} of ${proof.hospital}, issued ${proof.issuedAt}`,
      `  proves    ${KIND_WORDS[proof.kind]}`,
      ...statementWords(proof.statement).map((each) => `            ${each}`),
      `  mission   ${proof.missionId}`,
      `  SHA-256   ${proof.sha256}`,
      `  follows   ${proof.previousSha256 ?? 'none, it is the first'}`,
      `  signed by ${proof.keyId}`,
    ]
  })
  if (chain !== null) {
    const sequences = looked.flatMap(({ proof }) => (proof === null ? [] : [proof.sequence]))
    lines.push(
      ...chain.map((each) => `chain: ${each}`),
      ...(chain.length === 0
        ? [
            `chain: whole from proof ${Math.min(...sequences)} to ${Math.max(...sequences)}; what may come after is not known here`,
          ]
        : []),
    )
  }
  if (key === undefined && exitCode === 2) {
    lines.push(
      'Nothing was changed since it was signed. By whom it was signed is NOT known: give the public keys of the hospital with --key.',
    )
  } else if (exitCode === 1) lines.push('NOT to be relied on.')
  return lines.map(shown)
}

/** Nothing that a file says moves the cursor or colours what stands beside it. */
function shown(text: string): string {
  return text.replaceAll(/\p{C}/gu, '\ufffd')
}

/** What a reader wants to know of it first. A statement of another Wardlight may say it otherwise: then nothing is said. */
function statementWords(statement: unknown): string[] {
  const { report } = statement as { report?: Record<string, unknown> }
  if (typeof report !== 'object' || report === null) return []
  const text = (value: unknown) => (typeof value === 'string' ? value : null)
  const method = text(report['method']) === 'none' ? text(report['plannedMethod']) : text(report['method'])
  return [
    `${text(report['roomName']) ?? 'a room'} (${text(report['roomId']) ?? 'not known'}) by ${method ?? 'not known'}: ${(text(report['verdict']) ?? 'not known').toUpperCase()}`,
    text(report['claim']),
    text(report['releasedBy']) === null
      ? null
      : `released by ${text(report['releasedBy'])} at ${text(report['releasedAt'])}`,
  ].filter((each) => each !== null)
}

function forMachines({ name, problem, proof, form }: Looked) {
  if (proof === null) return { name, form, problem }
  const { statement: _, ...head } = proof
  return { name, form, problem, ...head }
}

function filesOf(given: string): string[] {
  if (!isDirectory(given)) return [given]
  return readdirSync(given)
    .filter((name) => /\.(?:json|pdf)$/i.test(name))
    .toSorted()
    .map((name) => path.join(given, name))
}

function isDirectory(given: string): boolean {
  try {
    return statSync(given).isDirectory()
  } catch {
    return false
  }
}

/** @throws WARD_ERR_OPTION */
function read(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (cause) {
    if (isWardError(cause)) throw cause
    throw wardError('WARD_ERR_OPTION', {
      what: 'The file cannot be read',
      where: file,
      remedy: 'Check that it exists and can be read.',
      cause,
    })
  }
}
