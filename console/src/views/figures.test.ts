import { describe, expect, it } from 'vitest'
import { formatDose, formatLog, formatLogDown, formatMinutes, percentInactivated } from './figures.ts'
import { doseByFace, groupMissed } from './missed-groups.ts'

describe('figures', () => {
  it('never round a log reduction up to everything', () => {
    expect([1, 2, 3, 4, 6].map((log) => percentInactivated(log, 'en-GB'))).toEqual([
      '90 %',
      '99 %',
      '99.9 %',
      '99.99 %',
      '99.9999 %',
    ])
    expect(percentInactivated(0.5, 'en-GB')).toBe('68 %')
  })

  it('show no more digits of a dose than it is sure of', () => {
    expect([0.123, 12.34, 345.6].map((dose) => formatDose(dose, 'en-GB'))).toEqual(['0.12', '12.3', '346'])
  })
})

describe('figures in another language', () => {
  it('have its comma, and nothing between thousands that could be taken for one', () => {
    expect([0.123, 12.34, 34_567].map((dose) => formatDose(dose, 'de-DE'))).toEqual(['0,12', '12,3', '34567'])
    expect([formatLog(3, 'de-DE'), formatLogDown(2.99, 'de-DE')]).toEqual(['3', '2,9'])
    expect(percentInactivated(3, 'de-DE')).toBe('99,9 %')
    expect(formatMinutes(90, 'zh-CN')).toBe('1.5')
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
