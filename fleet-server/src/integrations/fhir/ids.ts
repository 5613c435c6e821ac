import { createHash } from 'node:crypto'
import type { MeasureId } from './measures.ts'

/** The longest id of FHIR (2.24.0.1). */
const LONGEST_ID = 64
const BUILDING_ID = 'building'

/**
 * An id of FHIR (`[A-Za-z0-9-.]`, at most 64) for a thing of ours: the same one for the same thing, another one for any
 * other. What our ids may hold beyond that stands as its code point between dots; what becomes too long as its SHA-256.
 */
export function fhirId(
  kind: 'room' | 'level' | 'request' | 'mission' | 'proof' | MeasureId,
  id: string | number,
): string {
  const written = `${kind}-${String(id).replaceAll(/[^A-Za-z0-9-]/gu, (char) => `.${char.codePointAt(0)!.toString(16)}.`)}`
  if (written.length <= LONGEST_ID) return written
  // A written id never begins with two dots.
  return `${kind}-..${createHash('sha256').update(String(id)).digest('hex').slice(0, 48)}`
}

export function buildingId(): string {
  return BUILDING_ID
}

/** What comes after `kind-` of an id that was not rewritten, as of requests, missions and proofs; `null`: another kind. */
export function plainIdOf(kind: 'request' | 'mission' | 'proof', id: string): string | null {
  return id.startsWith(`${kind}-`) ? id.slice(kind.length + 1) : null
}
