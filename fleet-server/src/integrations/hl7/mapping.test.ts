import { describe, expect, it } from 'vitest'
import { locationsOf, placeOf, rulesMetBy, SHIPPED_MAPPING, treatmentFor } from './mapping.ts'
import { parseMessage } from './message.ts'

const rooms = [
  { id: 'r1', names: ['Room 101', 'I1'] },
  { id: 'r2', names: ['Room 102'] },
  { id: 'r3', names: ['Room 102'] },
]
const locations = [
  { location: 'ICU^101', roomId: 'r1' },
  { location: 'ICU^101^B', roomId: 'r2' },
  { location: 'OPS', roomId: 'r3' },
  { location: 'OLD', roomId: 'gone' },
]

describe('places', () => {
  it.each([
    [['ICU', '101', 'A'], 'r1'],
    [['icu', '101'], 'r1'],
    [['ICU', '101', 'B'], 'r2'],
    [['OPS', '7', '1'], 'r3'],
    [['X', 'r2', ''], 'r2'],
    [['X', 'room 101', ''], 'r1'],
    [['', 'I1', 'A'], 'r1'],
    // Two rooms have that name.
    [['X', 'Room 102', ''], null],
    [['X', '999', ''], null],
    // The room was there when the mapping was made.
    [['OLD', '1', ''], null],
    [['', '', ''], null],
    [[], null],
  ])('%j is %s', (components, roomId) => {
    expect(placeOf(components, { locations }, rooms)?.roomId ?? null).toBe(roomId)
  })

  it('have the names that the hospital gave them, each bed its own', () => {
    expect(locationsOf({ id: 'r1', ward: 'A' }, { locations })).toEqual([['ICU', '101']])
    expect(locationsOf({ id: 'r9', ward: 'A' }, { locations })).toEqual([['A', 'r9']])
    expect(locationsOf({ id: 'r9', ward: null }, { locations })).toEqual([['', 'r9']])
  })
})

describe('codes', () => {
  const rule = (field: string, code: string, targetLog: number | null) => ({
    field,
    code,
    name: code,
    isIsolation: true,
    organismIds: [],
    treatment: targetLog === null ? null : { organismId: 'mrsa', targetLog },
  })
  const codes = [rule('DG1-3', 'A04.7', 6), rule('OBX-5', 'MRSA', 3), rule('PV1-40', 'I', null)]

  it('are met where they stand, and nowhere else', () => {
    // "I" as a precaution means that the patient is on an infusion.
    const message = parseMessage(
      Buffer.from(
        'MSH|^~\\&|A\rPV2|||||||||||||||||||||||||||||||||||||||||I\rOBX|1||||no~mrsa\rDG1|1||B95\r',
      ),
    )
    expect(rulesMetBy(message, { codes }).map(({ code }) => code)).toEqual(['MRSA'])
  })

  it('decide the treatment in the order of the mapping, in rooms that ask by themselves', () => {
    const mapping = { ...SHIPPED_MAPPING, defaultTreatment: { protocolId: 'daily' }, triggerRoomIds: ['r1'] }
    expect(treatmentFor('r1', codes, mapping)).toEqual({ organismId: 'mrsa', targetLog: 6 })
    expect(treatmentFor('r1', codes.slice(2), mapping)).toEqual({ protocolId: 'daily' })
    expect(treatmentFor('r2', codes, mapping)).toBeNull()
  })
})
