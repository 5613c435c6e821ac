import type { Hl7CodeRule, Hl7Mapping, Hl7Treatment } from '@wardlight/core/fleet'
import type { Hl7Message } from './message.ts'

/**
 * What Wardlight ships. Only table 0116 says in the standard itself that a bed is isolated or contaminated; what else
 * a hospital's systems use (precaution codes, diagnoses, observations) is its own to add.
 */
export const SHIPPED_MAPPING: Hl7Mapping = {
  locations: [],
  codes: [
    {
      field: 'PV1-40',
      code: 'I',
      name: 'isolation',
      isIsolation: true,
      organismIds: [],
      treatment: null,
    },
    {
      field: 'PV1-40',
      code: 'K',
      name: 'contaminated',
      isIsolation: true,
      organismIds: [],
      treatment: null,
    },
  ],
  defaultTreatment: null,
  triggerRoomIds: null,
  refusesUnknownLocations: false,
}

/** A place of ours. */
export interface Place {
  readonly roomId: string
  /** As the message names it; empty: the room as a whole. */
  readonly bed: string
}

export interface NamedRoom {
  readonly id: string
  readonly names: readonly string[]
}

/** Where a message's location (PL: point of care ^ room ^ bed) is with us; `null`: nowhere, or in more places than one. */
export function placeOf(
  [pointOfCare = '', room = '', bed = '']: readonly string[],
  { locations }: Pick<Hl7Mapping, 'locations'>,
  rooms: readonly NamedRoom[],
): Place | null {
  // The closest entry holds.
  for (const parts of [
    [pointOfCare, room, bed],
    [pointOfCare, room],
    ['', room, bed],
    ['', room],
    [pointOfCare],
  ]) {
    if (parts.at(-1) === '') continue
    const entry = locations.find(({ location }) => sameText(withoutEnd(location), parts.join('^')))
    if (entry === undefined) continue
    // The plan may have been redrawn since.
    return rooms.some(({ id }) => id === entry.roomId) ? { roomId: entry.roomId, bed } : null
  }
  const text = room === '' ? pointOfCare : room
  if (text === '') return null
  const byId = rooms.filter(({ id }) => sameText(id, text))
  const found =
    byId.length > 0 ? byId : rooms.filter(({ names }) => names.some((name) => sameText(name, text)))
  return found.length === 1 ? { roomId: found[0]!.id, bed } : null
}

/** How the hospital's systems call a room of ours: each of its beds that is listed; else our ward and id. */
export function locationsOf(
  room: { readonly id: string; readonly ward: string | null },
  { locations }: Pick<Hl7Mapping, 'locations'>,
): string[][] {
  const listed = locations
    .filter(({ roomId }) => roomId === room.id)
    .map(({ location }) => location.split('^'))
  return listed.length > 0 ? listed : [[room.ward ?? '', room.id]]
}

/** The rules of the mapping that a message's codes meet, in the mapping's order. */
export function rulesMetBy(message: Hl7Message, { codes }: Pick<Hl7Mapping, 'codes'>): Hl7CodeRule[] {
  return codes.filter(({ field, code }) => message.values(field).some((value) => sameText(value, code)))
}

/** What names a rule where it is kept. */
export function ruleKey({ field, code }: Pick<Hl7CodeRule, 'field' | 'code'>): string {
  return `${field}|${code}`
}

/** Of the keys that were kept, those that the mapping still knows. */
export function rulesOf(keys: readonly string[], { codes }: Pick<Hl7Mapping, 'codes'>): Hl7CodeRule[] {
  return codes.filter((rule) => keys.includes(ruleKey(rule)))
}

/** What a room that is left is to get; `null`: nothing by itself. */
export function treatmentFor(
  roomId: string,
  rules: readonly Hl7CodeRule[],
  { defaultTreatment, triggerRoomIds }: Pick<Hl7Mapping, 'defaultTreatment' | 'triggerRoomIds'>,
): Hl7Treatment | null {
  if (triggerRoomIds !== null && !triggerRoomIds.includes(roomId)) return null
  return rules.find(({ treatment }) => treatment !== null)?.treatment ?? defaultTreatment
}

function withoutEnd(location: string): string {
  return location.replace(/\^+$/, '')
}

function sameText(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase()
}
