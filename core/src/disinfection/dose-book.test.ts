import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { transformPoint } from '../geometry/pose.ts'
import { dosesIn, EMPTY_DOSE_BOOK, withDoses } from './dose-book.ts'
import { surfacesOf } from './surfaces.ts'
import { block, boxRoom, wardRoom } from './testing/rooms.ts'
import type { RoomModel } from './types.ts'

const SIZE_M = 0.5
const number = (min: number, max: number) => fc.double({ min, max, noNaN: true })

/** The room with one piece turned about the origin and pushed. */
function moved(room: RoomModel, id: string, push: { x: number; y: number; theta: number }): RoomModel {
  return {
    ...room,
    obstacles: room.obstacles.map((obstacle) =>
      obstacle.id === id
        ? { ...obstacle, footprint: obstacle.footprint.map((corner) => transformPoint(push, corner)) }
        : obstacle,
    ),
  }
}

const doseById = (room: RoomModel, doses: readonly number[]) =>
  new Map(surfacesOf(room, SIZE_M).map(({ id }, index) => [id, doses[index]!]))

describe('a dose book', () => {
  it('gives back what was written, and writing it again changes nothing', () => {
    const room = wardRoom()
    const count = surfacesOf(room, SIZE_M).length
    fc.assert(
      fc.property(fc.array(number(0, 100), { minLength: count, maxLength: count }), (doses) => {
        const book = withDoses(EMPTY_DOSE_BOOK, room, SIZE_M, doses)
        expect(dosesIn(book, room, SIZE_M)).toEqual(doses)
        expect(withDoses(book, room, SIZE_M, doses)).toEqual(book)
        // Less than was delivered is never believed.
        expect(
          dosesIn(
            withDoses(
              book,
              room,
              SIZE_M,
              doses.map((dose) => dose / 2),
            ),
            room,
            SIZE_M,
          ),
        ).toEqual(doses)
      }),
      { numRuns: 20 },
    )
  })

  it('lets furniture take its dose along, however it is moved, and walls keep theirs', () => {
    const room = boxRoom(6, 6, [block('table', 2, 2, [1.2, 0.7], [0.7, 0.75])])
    const doses = surfacesOf(room, SIZE_M).map((_, index) => index + 1)
    const book = withDoses(EMPTY_DOSE_BOOK, room, SIZE_M, doses)
    const before = doseById(room, doses)
    fc.assert(
      fc.property(number(-0.5, 0.5), number(0, 2), number(0, 2), (theta, x, y) => {
        const later = moved(room, 'table', { x, y, theta })
        const after = doseById(later, dosesIn(book, later, SIZE_M))
        for (const [id, dose] of after) expect([id, dose]).toEqual([id, before.get(id)])
      }),
      { numRuns: 30 },
    )
  })

  it('remembers what furniture hides for a while', () => {
    const open = boxRoom(4, 4)
    const hidden = boxRoom(4, 4, [block('cabinet', 0.31, 2, [0.6, 1], [0, 2])])
    const doses = surfacesOf(open, SIZE_M).map((_, index) => index + 1)
    const first = withDoses(EMPTY_DOSE_BOOK, open, SIZE_M, doses)
    const whileHidden = dosesIn(first, hidden, SIZE_M)
    const later = withDoses(
      first,
      hidden,
      SIZE_M,
      whileHidden.map((dose) => dose + 5),
    )
    const again = doseById(open, dosesIn(later, open, SIZE_M))
    const seen = new Set(surfacesOf(hidden, SIZE_M).map(({ id }) => id))
    for (const [id, dose] of doseById(open, doses)) expect(again.get(id)).toBe(seen.has(id) ? dose + 5 : dose)
  })

  it('gives nothing to a thing of another shape that has the same name', () => {
    const found = (lengthM: number) => boxRoom(4, 4, [block('found-1', 2, 2, [lengthM, 0.8], [0, 2.7])])
    const room = found(1)
    const book = withDoses(
      EMPTY_DOSE_BOOK,
      room,
      SIZE_M,
      surfacesOf(room, SIZE_M).map(() => 10),
    )
    const other = found(1.05)
    const after = doseById(other, dosesIn(book, other, SIZE_M))
    for (const [id, dose] of after) expect([id, dose]).toEqual([id, id.startsWith('found') ? 0 : 10])
  })

  it("refuses doses that are not the room's", () => {
    expect(() => withDoses(EMPTY_DOSE_BOOK, wardRoom(), SIZE_M, [1, 2])).toThrow(RangeError)
  })
})
