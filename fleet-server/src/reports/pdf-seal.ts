import type { ProofSignature } from '@wardlight/core/fleet'
import type { Signer } from './signing.ts'

/**
 * The seal of a PDF is one line of comment right before its cross-reference table: where the signed proof stands in the
 * file, byte by byte, and a signature over everything but itself. It is no PDF signature (ISO 32000, 12.8), which needs
 * certificates; readers skip it, and PDF/A allows it there, not after the end.
 */
const SEAL = /^%wardlight-pdf\/1 (\d+) (\d+) ([0-9a-f]{64}) ([0-9a-f]{64}) ([0-9a-f]{128})\n$/
const VALUE_LENGTH = 128
/** The end of a file that was sealed. */
const END = /startxref\n(\d+)\n%%EOF\n$/
/** So far at most the end stands from the end. */
const END_LENGTH = 64
/** As long as a seal at most is. */
const SEAL_LENGTH = 360

export interface Seal {
  /** What is signed: all bytes but the signature's value. */
  readonly sealed: Uint8Array
  readonly signature: ProofSignature
  /** The signed proof that the PDF shows. */
  readonly proofFile: Uint8Array
}

/**
 * @param pdf that holds the proof once, as it is
 * @throws when it is no PDF of that kind: a defect
 */
export function sealPdf(pdf: Buffer, proofFile: Buffer, signer: Signer): Buffer {
  const proofAt = pdf.indexOf(proofFile)
  const tableAt = endOf(pdf)
  if (proofAt < 0 || tableAt === null) throw new Error('The PDF cannot be sealed')
  const { keyId, publicKey } = signer
  const opening = `%wardlight-pdf/1 ${proofAt} ${proofFile.length} ${keyId} ${publicKey} `
  const sealLength = opening.length + VALUE_LENGTH + 1
  const table = pdf.subarray(tableAt).toString('latin1')
  const before = Buffer.concat([pdf.subarray(0, tableAt), Buffer.from(opening)])
  const after = Buffer.from(
    `\n${table.replace(/startxref\n\d+\n%%EOF\n$/, `startxref\n${tableAt + sealLength}\n%%EOF\n`)}`,
    'latin1',
  )
  const { value } = signer.sign(Buffer.concat([before, after]))
  return Buffer.concat([before, Buffer.from(value), after])
}

/** `null` where there is none. Nothing is checked by it. */
export function readSeal(pdf: Uint8Array): Seal | null {
  const bytes = Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength)
  const tableAt = endOf(bytes)
  if (tableAt === null) return null
  const from = Math.max(0, tableAt - SEAL_LENGTH)
  const text = bytes.subarray(from, tableAt).toString('latin1')
  const sealAt = text.lastIndexOf('%wardlight-pdf/1 ')
  if (sealAt < 0) return null
  const [line, proofAt, proofLength, keyId, publicKey, value] = SEAL.exec(text.slice(sealAt)) ?? []
  if (line === undefined || keyId === undefined || publicKey === undefined || value === undefined) return null
  const valueAt = tableAt - 1 - VALUE_LENGTH
  const proofFile = bytes.subarray(Number(proofAt), Number(proofAt) + Number(proofLength))
  return {
    sealed: Buffer.concat([bytes.subarray(0, valueAt), bytes.subarray(valueAt + VALUE_LENGTH)]),
    signature: { keyId, publicKey, value },
    proofFile,
  }
}

/** Where the cross-reference table begins, by the end of the file. */
function endOf(pdf: Buffer): number | null {
  const at = END.exec(pdf.subarray(-END_LENGTH).toString('latin1'))?.[1]
  return at === undefined || Number(at) >= pdf.length ? null : Number(at)
}
