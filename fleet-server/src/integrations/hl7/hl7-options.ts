import type { EncounterSource } from '../fhir/encounter-poll.ts'

/** How the server hears who is in which room, and tells what became of rooms. */
export interface Hl7Options {
  /** Where messages are taken; 0: any free port; `null`: nowhere. */
  readonly port: number | null
  /** Certificate and key as PEM; without them lines are plain. */
  readonly tls: { readonly key: string; readonly cert: string } | null
  /** Who is told what became of rooms. */
  readonly sendTo: readonly Hl7Destination[]
  /** A FHIR server that is asked who is in which room; left out: none. */
  readonly encounters?: EncounterSource | undefined
  /** How long messages are kept, sealed, days. */
  readonly keepDays: number
}

export interface Hl7Destination {
  readonly host: string
  readonly port: number
  readonly isTls: boolean
}

/** Proposed: long enough to look into what went wrong last month. */
export const KEEP_DAYS = 30

export function destinationName({ host, port, isTls }: Hl7Destination): string {
  return `${isTls ? 'tls://' : ''}${host}:${port}`
}
