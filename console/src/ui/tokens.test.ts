import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ROOM_STATE_LOOKS } from '../look/room-state-look.ts'

const css = readFileSync(new URL('tokens.css', import.meta.url), 'utf8')
const [lightCss = '', darkCss = ''] = css.split('@media (prefers-color-scheme: dark)')

function tokensOf(...sheets: readonly string[]): (name: string) => string {
  const values = new Map(
    sheets.flatMap((sheet) =>
      [...sheet.matchAll(/--([\w-]+): (#[0-9a-f]{6});/gi)].map(([, name, value]) => [name!, value!] as const),
    ),
  )
  return (name) => {
    const value = values.get(name)
    if (value === undefined) throw new Error(`There is no colour token --${name}`)
    return value
  }
}

/** WCAG 2.2, relative luminance. */
function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].toSorted((x, y) => x - y) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

const SURFACES = ['page', 'panel', 'raised', 'hover', 'selected']
const PAIRS: readonly (readonly [string, string])[] = [
  ...SURFACES.flatMap((surface) =>
    ['ink', 'ink-soft', 'ink-faint', ...Object.keys(ROOM_STATE_LOOKS).map((state) => `chip-${state}`)].map(
      (ink) => [ink, surface] as const,
    ),
  ),
  ['ink-soft', 'line'],
  ['on-primary', 'primary'],
  ['on-primary', 'primary-hover'],
  ['on-danger', 'danger'],
  ['danger-ink', 'danger-soft'],
  ['danger-ink', 'panel'],
  ['danger-ink', 'selected'],
  ['attention-ink', 'attention-soft'],
  ['attention-ink', 'panel'],
  ['good-ink', 'good-soft'],
  ['good-ink', 'panel'],
  ['lamp-ink', 'lamp-soft'],
  ['lamp-ink', 'selected'],
]

describe.each([
  ['light', tokensOf(lightCss)],
  ['dark', tokensOf(lightCss, darkCss)],
] as const)('%s tokens', (_, token) => {
  it('keep text readable: contrast of at least 4.5 to 1 (WCAG 1.4.3)', () => {
    const poor = PAIRS.map(([ink, surface]) => ({
      ink,
      surface,
      ratio: contrast(token(ink), token(surface)),
    })).filter(({ ratio }) => ratio < 4.5)
    expect(poor).toEqual([])
  })

  it('keep controls and the focus visible: at least 3 to 1 (WCAG 1.4.11)', () => {
    for (const surface of ['page', 'panel', 'raised']) {
      expect(contrast(token('focus'), token(surface))).toBeGreaterThanOrEqual(3)
      expect(contrast(token('line-strong'), token(surface))).toBeGreaterThanOrEqual(3)
    }
  })
})
