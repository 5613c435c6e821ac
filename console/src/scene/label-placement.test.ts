import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { placeLabels, type LabelWish } from './label-placement.ts'

const view = { width: 800, height: 600 }

function wish(part: Partial<LabelWish>): LabelWish {
  return {
    id: 'a',
    x: 100,
    y: 100,
    priority: 0,
    fullWidth: 80,
    fullHeight: 30,
    smallSize: 24,
    room: 200,
    isForced: false,
    ...part,
  }
}

describe('labels', () => {
  it('show their words where there is room, their icon where not, and nothing without one', () => {
    expect(placeLabels([wish({})], view).get('a')).toBe('full')
    expect(placeLabels([wish({ room: 50 })], view).get('a')).toBe('small')
    expect(placeLabels([wish({ room: 50, smallSize: 0 })], view).get('a')).toBeUndefined()
  })

  it('of the chosen thing come first, in full', () => {
    const placed = placeLabels(
      [wish({ id: 'urgent', priority: 9 }), wish({ id: 'chosen', room: 0, isForced: true })],
      view,
    )
    expect([...placed]).toEqual([['chosen', 'full']])
  })

  it('never overlap and never lie outside', () => {
    const wishes = fc.array(
      fc.record({
        x: fc.integer({ min: -100, max: 900 }),
        y: fc.integer({ min: -100, max: 700 }),
        priority: fc.nat(5),
        room: fc.nat(200),
        isForced: fc.boolean(),
      }),
      { maxLength: 40 },
    )
    fc.assert(
      fc.property(wishes, (parts) => {
        const all = parts.map((part, index) => wish({ ...part, id: String(index) }))
        const boxes = [...placeLabels(all, view)].map(([id, form]) => {
          const { x, y, fullWidth, fullHeight, smallSize } = all[Number(id)]!
          const [width, height] = form === 'full' ? [fullWidth, fullHeight] : [smallSize, smallSize]
          expect(x >= 0 && y >= 0 && x <= view.width && y <= view.height).toBe(true)
          return { left: x - width / 2, right: x + width / 2, top: y - height / 2, bottom: y + height / 2 }
        })
        for (const [index, a] of boxes.entries()) {
          for (const b of boxes.slice(index + 1)) {
            const isApart = a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top
            expect(isApart).toBe(true)
          }
        }
      }),
    )
  })
})
