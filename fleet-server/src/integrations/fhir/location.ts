import type { Level, Room, RoomKind } from '@wardlight/core/floor'
import type { Coding, Location } from 'fhir/r4.js'
import type { RoomRow } from '../../store/schema.ts'
import { BED_STATUSES, type BedStatus } from '../hl7/bed-status.ts'
import { buildingId, fhirId } from './ids.ts'
import { SYSTEMS } from './systems.ts'

/** The hospital as one building. */
export function buildingLocation(hospitalName: string): Location {
  return {
    resourceType: 'Location',
    id: buildingId(),
    status: 'active',
    name: hospitalName,
    mode: 'instance',
    physicalType: physicalType('bu', 'Building'),
  }
}

export function levelLocation({ id, name }: Pick<Level, 'id' | 'name'>): Location {
  return {
    resourceType: 'Location',
    id: fhirId('level', id),
    identifier: [{ system: SYSTEMS.level, value: id }],
    status: 'active',
    ...nameOf(name),
    mode: 'instance',
    physicalType: physicalType('lvl', 'Level'),
    partOf: { reference: `Location/${buildingId()}` },
  }
}

/** @param bedStatus what its beds are, by table 0116 */
export function roomLocation(
  levelId: string,
  room: Pick<Room, 'id' | 'name' | 'kind' | 'ward'>,
  row: Pick<RoomRow, 'name' | 'state'>,
  bedStatus: BedStatus,
): Location {
  return {
    resourceType: 'Location',
    id: fhirId('room', room.id),
    identifier: [{ system: SYSTEMS.room, value: room.id }],
    status: locationStatus(row.state),
    operationalStatus: bedStatusCoding(bedStatus),
    ...nameOf(row.name ?? room.name),
    ...(room.ward === null || room.ward.trim() === '' ? {} : { description: `Ward ${room.ward}` }),
    mode: 'instance',
    physicalType: roomType(room.kind),
    partOf: { reference: `Location/${fhirId('level', levelId)}` },
  }
}

export function roomReference(
  room: Pick<Room, 'id' | 'name'>,
  row: Pick<RoomRow, 'name'>,
): { reference: string; display?: string } {
  const { name } = nameOf(row.name ?? room.name)
  return {
    reference: `Location/${fhirId('room', room.id)}`,
    ...(name === undefined ? {} : { display: name }),
  }
}

/** Suspended: closed for now. */
export function locationStatus(state: RoomRow['state']): 'active' | 'suspended' {
  return state === 'blocked' ? 'suspended' : 'active'
}

export function bedStatusCoding(status: BedStatus): Coding {
  const word = BED_STATUSES[status]
  return {
    system: SYSTEMS.bedStatus,
    code: status,
    display: `${word[0]!.toUpperCase()}${word.slice(1)}`,
  }
}

function nameOf(name: string): { name?: string } {
  return name.trim() === '' ? {} : { name }
}

function roomType(kind: RoomKind): Location['physicalType'] {
  return kind === 'corridor' ? physicalType('co', 'Corridor') : physicalType('ro', 'Room')
}

function physicalType(code: string, display: string): NonNullable<Location['physicalType']> {
  return { coding: [{ system: SYSTEMS.physicalType, code, display }], text: display }
}
