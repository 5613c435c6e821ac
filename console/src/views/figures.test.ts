import { describe, expect, it } from 'vitest'
import { formatDose, percentInactivated } from './figures.ts'
import { doseByFace, groupMissed } from './missed-groups.ts'

describe('figures', () => {
  it('never round a log reduction up to everything', () => {
    expect([1, 2, 3, 4, 6].map(percentInactivated)).toEqual([
      '90 %',
      '99 %',
      '99.9 %',
      '99.99 %',
      '99.9999 %',
    ])
    expect(percentInactivated(0.5)).toBe('68 %')
  })

  it('show no more digits of a dose than it is sure of', () => {
    expect([0.123, 12.34, 345.6].map(formatDose)).toEqual(['0.12', '12.3', '346'])
  })
})

describe('missed surfaces', () => {
  const missed = {
    label: 'bed, top',
    reason: 'shadowed',
    explanation: 'in the shadow of the lamp',
    remedy: 'move it',
  } as const

  it('that need the same are one line', () => {
    expect(
      groupMissed(
        [
          { ...missed, id: 'a' },
          { ...missed, id: 'b' },
          { ...missed, id: 'c', remedy: null },
          { ...missed, id: 'd', label: 'tap' },
        ],
        new Set(['d']),
      ).map(({ pieces, remedy, isHighTouch }) => ({ pieces, remedy, isHighTouch })),
    ).toEqual([
      { pieces: 1, remedy: 'move it', isHighTouch: true },
      { pieces: 2, remedy: 'move it', isHighTouch: false },
      { pieces: 1, remedy: null, isHighTouch: false },
    ])
  })

  it('are counted by face with the lowest dose', () => {
    const surface = {
      faceId: 'f',
      centre: { x: 0, y: 0, z: 0 },
      normal: { x: 0, y: 0, z: 1 },
      areaM2: 1,
      isHighTouch: false,
      sizeM: [1, 1],
    } as const
    expect(
      doseByFace(
        [
          { ...surface, id: '1', label: 'north wall' },
          { ...surface, id: '2', label: 'north wall' },
          { ...surface, id: '3', label: 'bed, top' },
        ],
        [30, 10],
        20,
      ),
    ).toEqual([
      { label: 'north wall', lowestMjPerCm2: 10, reached: 1, total: 2 },
      // A surface without a dose got none.
      { label: 'bed, top', lowestMjPerCm2: 0, reached: 0, total: 1 },
    ])
  })
})
