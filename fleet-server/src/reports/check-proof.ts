import { createHash, verify, type KeyObject } from 'node:crypto'
import { ProofHeadSchema, splitProofFile, type ProofHead, type ProofSignature } from '@wardlight/core/fleet'
import { Compile } from 'typebox/compile'
import { readSeal } from './pdf-seal.ts'
import { keyIdOf, publicKeyOf } from './signing.ts'

const head = Compile(ProofHeadSchema)

/** A proof that nobody has changed since it was signed. */
export interface CheckedProof extends ProofHead {
  /** The whole statement, as it was signed. */
  readonly statement: unknown
  /** Of the file. */
  readonly sha256: string
  readonly keyId: string
  /** `null`: nobody said whose keys count. */
  readonly isKeyTrusted: true | null
}

export interface CheckedPdf {
  readonly proof: CheckedProof
  /** The key that the PDF itself is sealed with: a later one than the proof's, where keys were changed between. */
  readonly keyId: string
}

/** Checks proofs without a server, by the public keys alone. */
export class ProofChecker {
  readonly #trusted: ReadonlyMap<string, KeyObject> | null
  /** Keys as they were met, by their 32 bytes in hex. */
  readonly #met = new Map<string, { readonly keyId: string; readonly key: KeyObject }>()

  /** @param trusted public keys by id; `null`: any, which shows that nothing was changed and not by whom it was signed */
  constructor(trusted: ReadonlyMap<string, KeyObject> | null) {
    this.#trusted = trusted
  }

  /** @returns what is wrong, in words, when something is */
  file(bytes: Uint8Array): CheckedProof | string {
    const split = splitProofFile(bytes)
    if (split === null) return 'it does not have the form of a signed proof'
    const problem = this.#signatureProblem(split.signature, split.signed)
    if (problem !== null) return problem
    let statement: unknown
    try {
      statement = JSON.parse(asBuffer(split.signed).toString('utf8'))
    } catch {
      return 'what is signed is no JSON'
    }
    if (!head.Check(statement)) {
      const [error] = head.Errors(statement)
      return `it is signed, and of no version that is known here: ${error?.instancePath ?? ''} ${error?.message ?? ''}`
    }
    const { format, hospital, sequence, previousSha256, issuedAt, missionId, kind } = statement
    return {
      ...{ format, hospital, sequence, previousSha256, issuedAt, missionId, kind },
      statement,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      keyId: split.signature.keyId,
      isKeyTrusted: this.#trusted === null ? null : true,
    }
  }

  /** A PDF, and the proof in it. @returns what is wrong, in words, when something is */
  pdf(bytes: Uint8Array): CheckedPdf | string {
    const seal = readSeal(bytes)
    if (seal === null) return 'it has no seal of Wardlight that can be read'
    const problem = this.#signatureProblem(seal.signature, seal.sealed)
    if (problem !== null) return `the PDF: ${problem}`
    const proof = this.file(seal.proofFile)
    return typeof proof === 'string'
      ? `the proof in the PDF: ${proof}`
      : { proof, keyId: seal.signature.keyId }
  }

  #signatureProblem({ keyId, publicKey, value }: ProofSignature, signed: Uint8Array): string | null {
    let met = this.#met.get(publicKey)
    if (met === undefined) {
      met = { keyId: keyIdOf(publicKey), key: publicKeyOf(publicKey) }
      this.#met.set(publicKey, met)
    }
    if (met.keyId !== keyId) return `it names key ${keyId}, and carries another one`
    if (this.#trusted !== null && !this.#trusted.has(keyId)) {
      return `its key ${keyId} is none of those that were given`
    }
    return verify(null, signed, met.key, Buffer.from(value, 'hex'))
      ? null
      : `the signature does not hold: something was changed after it was signed`
  }
}

/** The same bytes, not copied: a proof is some hundred kilobytes. */
function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}

/** Whether the bytes are a PDF, by how they begin. */
export function isPdf(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 5)).toString('latin1') === '%PDF-'
}
