import { proofFile, type Proof } from '@wardlight/core/fleet'
import canonicalize from 'canonicalize'
import type { Signer } from './signing.ts'

/** The signed file of a proof (docs/proofs.md). */
export function signProof(proof: Proof, signer: Signer): string {
  const signed = canonicalText(proof)
  return proofFile(signed, signer.sign(Buffer.from(signed)))
}

/**
 * RFC 8785. What a robot sent is as JSON can hold it and no further: numbers that are none become `null`, halves of
 * characters the replacement character, so that nothing that a robot says keeps its mission from ending.
 */
export function canonicalText(value: unknown): string {
  // JSON.stringify writes halves of characters, and nothing else, as `\ud…`; a backslash of the text itself as two.
  const text = JSON.stringify(value).replaceAll(/(?<!\\)((?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/g, '$1\ufffd')
  return canonicalize(JSON.parse(text))!
}
