import { describe, expect, it } from 'vitest'
import { keepPlace, placeKept } from './kept-place.ts'

function aTab() {
  const items = new Map<string, string>()
  return () => ({
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  })
}

describe('the place that somebody came for', () => {
  it('is there after the way to another sign-in and back, once', () => {
    const tab = aTab()
    keepPlace(tab, '#/door/icu-1')
    expect(placeKept(tab, '')).toBe('#/door/icu-1')
    expect(placeKept(tab, '')).toBeNull()
  })

  it('gives way to the address, and to a later sign-in from nowhere', () => {
    const tab = aTab()
    keepPlace(tab, '#/door/icu-1')
    expect(placeKept(tab, '#/alarms')).toBeNull()
    keepPlace(tab, '#/door/icu-1')
    keepPlace(tab, '')
    expect(placeKept(tab, '')).toBeNull()
  })

  it('is not kept where the browser keeps nothing, and nothing fails', () => {
    const shut = (): never => {
      throw new Error('The operation is insecure.')
    }
    keepPlace(shut, '#/door/icu-1')
    expect(placeKept(shut, '')).toBeNull()
  })
})
