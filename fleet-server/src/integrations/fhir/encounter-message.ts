import { createHash } from 'node:crypto'
import { writeMessage, writeSegment, writeTime } from '../hl7/write-message.ts'
import type { Encounter, EncounterLocation, Location } from './encounter.ts'

/**
 * What an Encounter says of rooms, as the message of HL7 v2 that would say it: one way for both to rooms, the log, and
 * the rules of late and repeated messages. Fields as in HL7's "v2 to FHIR" mapping of PV1 and DG1. Nothing of the patient
 * goes along.
 */

/** EncounterStatus of R4; others (`planned`, `unknown`) say nothing of a room. */
const TRIGGERS: Readonly<Record<string, string>> = {
  arrived: 'A01',
  triaged: 'A01',
  'in-progress': 'A01',
  onleave: 'A01',
  finished: 'A03',
  cancelled: 'A11',
  'entered-in-error': 'A11',
}

/** LocationPhysicalType of R4: which component of PL (v2.5.1, 2.A.53) a place is. */
const COMPONENTS: Readonly<Record<string, number>> = { bd: 2, ro: 1 }
const POINT_OF_CARE = 0
/** Fields that say nothing. */
const EMPTY: readonly string[] = Array<string>(20).fill('')

/** Where a place is: itself first, then what it is part of. */
export type PlaceChain = readonly Location[]

/**
 * @param chains of the encounter's locations, in their order; `null` where one could not be read
 * @returns `null` where it says nothing of a room
 */
export function messageOfEncounter(
  encounter: Encounter,
  chains: readonly (PlaceChain | null)[],
  source: string,
): string | null {
  const { id, status, meta, reasonCode = [], hospitalization, period } = encounter
  if (!Object.hasOwn(TRIGGERS, status)) return null
  const isThere = TRIGGERS[status] === 'A01'
  const stays = (encounter.location ?? []).map((stay, index) => ({ stay, chain: chains[index] ?? null }))
  const wasElsewhere = stays.some(({ stay }) => !isActive(stay))
  const trigger = isThere && wasElsewhere ? 'A02' : TRIGGERS[status]!
  const known = stays.flatMap(({ stay, chain }) => (chain === null ? [] : [{ stay, place: placeOf(chain) }]))
  const [now = null] = known
    .filter(({ stay }) => !isThere || isActive(stay))
    .toSorted((a, b) => detail(b.place) - detail(a.place) || latest(b.stay) - latest(a.stay))
  // Nobody may be taken for gone because a place cannot be read: it is told when there is something to tell.
  if (isThere && now === null) return null
  const at = writeTime(Date.parse(meta.lastUpdated))
  const occurred = isThere ? now?.stay.period?.start : period?.end
  return writeMessage([
    writeSegment('MSH', [
      'FHIR',
      source,
      'WARDLIGHT',
      '',
      at,
      '',
      { parts: ['ADT', trigger] },
      controlIdOf(encounter),
      'P',
      '2.5.1',
      ...EMPTY.slice(0, 5),
      'UNICODE UTF-8',
    ]),
    writeSegment('EVN', [trigger, at, '', '', '', occurred === undefined ? '' : timeOf(occurred)]),
    writeSegment('PV1', [
      '',
      // Table 0004: it does not matter here.
      'N',
      { parts: now?.place ?? [] },
      ...EMPTY.slice(0, 11),
      { times: codesOf(hospitalization?.specialArrangement) },
      ...EMPTY.slice(0, 3),
      id,
    ]),
    ...codesOf(reasonCode).map((code, index) => writeSegment('DG1', [`${index + 1}`, '', { parts: [code] }])),
  ])
}

/** The same for the same version of it, by which the log knows it again; it does not name the visit. */
function controlIdOf({ id, meta }: Encounter): string {
  return createHash('sha256')
    .update(`${id}/${meta.versionId ?? ''}/${meta.lastUpdated}`)
    .digest('hex')
    .slice(0, 20)
}

function isActive({ status, period }: EncounterLocation): boolean {
  return status === undefined ? period?.end === undefined : status === 'active'
}

function placeOf(chain: PlaceChain): string[] {
  const parts = ['', '', '']
  for (const [index, location] of chain.entries()) {
    const types = location.physicalType?.coding?.map(({ code }) => COMPONENTS[code ?? '']) ?? []
    const told = types.find((component) => component !== undefined)
    // What says nothing of itself is a room where it is a patient's own place, else the ward around it.
    const component = told ?? (index === 0 && types.length === 0 ? 1 : POINT_OF_CARE)
    if (parts[component] === '') parts[component] = nameOf(location)
  }
  return parts
}

function nameOf({ identifier = [], name, id }: Location): string {
  return identifier.find(({ value }) => value !== undefined)?.value ?? name ?? id
}

function detail(place: readonly string[]): number {
  return place.filter((part) => part !== '').length
}

function latest({ period }: EncounterLocation): number {
  const epochMs = Date.parse(period?.end ?? period?.start ?? '')
  return Number.isNaN(epochMs) ? 0 : epochMs
}

function codesOf(concepts: Encounter['reasonCode']): string[] {
  return (concepts ?? []).flatMap(({ coding = [] }) =>
    coding.flatMap(({ code }) => (code === undefined ? [] : [code])),
  )
}

/** A dateTime of FHIR may be a year alone, which says nothing of an hour. */
function timeOf(dateTime: string): string {
  return /T/.test(dateTime) && !Number.isNaN(Date.parse(dateTime)) ? writeTime(Date.parse(dateTime)) : ''
}
