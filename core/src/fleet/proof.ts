import Type, { type Static } from 'typebox'
import {
  GasMissionReportSchema,
  UnevidencedMissionReportSchema,
  UvMissionReportSchema,
} from './mission-report.ts'

/** Lower-case hex of 32 bytes. */
const Hash = Type.String({ pattern: '^[0-9a-f]{64}$' })

export const PROOF_FORMAT = 'wardlight-proof/1'

/**
 * What is proven. `ended`: the mission is over, with this verdict. `released`: people signed, and the room is clean by it.
 * `measured`: people with instruments of their own cleared a gassed room, and nothing is proven of its disinfection.
 */
export const ProofKindSchema = Type.Enum(['ended', 'released', 'measured'])
export type ProofKind = Static<typeof ProofKindSchema>

/** By which a proof has its place in the hospital's chain. */
export const ProofHeadSchema = Type.Object({
  format: Type.Literal(PROOF_FORMAT),
  hospital: Type.String(),
  /** From 1, without gaps. */
  sequence: Type.Integer({ minimum: 1 }),
  /** SHA-256 of the whole file of the one before; `null`: it is the first. */
  previousSha256: Type.Union([Hash, Type.Null()]),
  /** By the hospital's clock, ISO 8601. */
  issuedAt: Type.String(),
  missionId: Type.String(),
  kind: ProofKindSchema,
})
export type ProofHead = Static<typeof ProofHeadSchema>

/** The signed statement: everything that the fleet knew of the mission when it was issued. */
export const ProofSchema = Type.Object({
  ...ProofHeadSchema.properties,
  /** IANA name: in which people there read the times, which all are ISO 8601 in UTC. */
  timeZone: Type.String(),
  report: Type.Union([UvMissionReportSchema, GasMissionReportSchema, UnevidencedMissionReportSchema]),
})
export type Proof = Static<typeof ProofSchema>
export type ProofReport = Proof['report']

/** `GET /api/missions/:missionId/proofs`: what there is, oldest first. */
export const ProofViewSchema = Type.Object({
  ...Type.Pick(ProofHeadSchema, ['sequence', 'previousSha256', 'issuedAt', 'missionId', 'kind']).properties,
  /** Of the whole file. */
  sha256: Hash,
  /** SHA-256 of the public key's SPKI. */
  keyId: Hash,
})
export type ProofView = Static<typeof ProofViewSchema>

export const SigningKeyViewSchema = Type.Object({
  keyId: Hash,
  createdAt: Type.String(),
  /** `null`: proofs are signed with it now. */
  retiredAt: Type.Union([Type.String(), Type.Null()]),
})
export type SigningKeyView = Static<typeof SigningKeyViewSchema>

/** An Ed25519 signature with the key that it is by; all lower-case hex. */
export interface ProofSignature {
  /** SHA-256 of the SPKI of the public key. */
  readonly keyId: string
  /** The 32 bytes of the public key. */
  readonly publicKey: string
  /** The 64 bytes of the signature. */
  readonly value: string
}

/** How a file begins; what is signed follows. */
const OPENING = '{"proof":'
const ENDING =
  /^,"signature":\{"algorithm":"Ed25519","keyId":"([0-9a-f]{64})","publicKey":"([0-9a-f]{64})","value":"([0-9a-f]{128})"\}\}$/

/**
 * A proof as a file, itself in the canonical form of RFC 8785: the signed bytes stand in it as they were signed, so that
 * whoever checks it need not write any JSON.
 *
 * @param signed canonical JSON of a `Proof`
 */
export function proofFile(signed: string, { keyId, publicKey, value }: ProofSignature): string {
  return `${OPENING}${signed}${endingOf({ keyId, publicKey, value })}`
}

/** Where in a file the signed bytes end: the ending is always as long. */
const ENDING_LENGTH = endingOf({
  keyId: '0'.repeat(64),
  publicKey: '0'.repeat(64),
  value: '0'.repeat(128),
}).length

/** Takes a file apart; `null` when it is none. Nothing is checked by it. */
export function splitProofFile(
  file: Uint8Array,
): { readonly signed: Uint8Array; readonly signature: ProofSignature } | null {
  const signedEnd = file.length - ENDING_LENGTH
  if (signedEnd <= OPENING.length || asciiOf(file.subarray(0, OPENING.length)) !== OPENING) return null
  const [, keyId, publicKey, value] = ENDING.exec(asciiOf(file.subarray(signedEnd))) ?? []
  if (keyId === undefined || publicKey === undefined || value === undefined) return null
  return { signed: file.subarray(OPENING.length, signedEnd), signature: { keyId, publicKey, value } }
}

function endingOf({ keyId, publicKey, value }: ProofSignature): string {
  return `,"signature":{"algorithm":"Ed25519","keyId":"${keyId}","publicKey":"${publicKey}","value":"${value}"}}`
}

function asciiOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes)
}

/** A proof that holds by itself, as it stands in a chain. */
export interface ChainLink extends Pick<ProofHead, 'sequence' | 'previousSha256'> {
  readonly sha256: string
  /** For people: the file that it is from. */
  readonly name: string
}

export interface ChainRules {
  /** Where the chain has to begin; 1 for a whole one. */
  readonly first: number
  /** Where it has to end; `null`: nobody has said, and what is missing at its end is not seen. */
  readonly last: number | null
}

/**
 * What is wrong with a chain, in words; nothing when it is whole: every proof from the first to the last is there, once,
 * and names the one before.
 */
export function chainProblems(links: readonly ChainLink[], { first, last }: ChainRules): string[] {
  const problems: string[] = []
  const bySequence = new Map<number, ChainLink>()
  for (const link of links) {
    const other = bySequence.get(link.sequence)
    if (other === undefined) bySequence.set(link.sequence, link)
    else if (other.sha256 !== link.sha256) {
      problems.push(`forked: ${other.name} and ${link.name} are different proofs ${link.sequence}`)
    }
  }
  const sorted = [...bySequence.values()].toSorted((a, b) => a.sequence - b.sequence)
  let expected = first
  let before: ChainLink | null = null
  for (const link of sorted) {
    if (link.sequence < first) {
      problems.push(`${link.name} is proof ${link.sequence}, before the first that was asked for`)
      continue
    }
    if (link.sequence > expected) problems.push(missing(expected, link.sequence - 1))
    else if (before === null) {
      if (link.sequence === 1 && link.previousSha256 !== null)
        problems.push(`${link.name} is proof 1, and names one before it`)
    } else if (link.previousSha256 !== before.sha256) {
      problems.push(`${link.name} does not follow ${before.name}: it names another proof ${before.sequence}`)
    }
    if (link.sequence > 1 && link.previousSha256 === null)
      problems.push(`${link.name} is proof ${link.sequence}, and names none before it`)
    expected = link.sequence + 1
    before = link
  }
  if (last !== null && expected <= last) problems.push(missing(expected, last))
  return problems
}

function missing(from: number, to: number): string {
  return from === to ? `missing: proof ${from}` : `missing: proofs ${from} to ${to}`
}
