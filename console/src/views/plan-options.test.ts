import { describe, expect, it } from 'vitest'
import { en } from '../i18n/en.ts'
import { optionsInWords, requestedOptions, USUAL_PLAN } from './plan-options.tsx'

describe('what a nurse asks of a plan', () => {
  it('goes unsaid where it is as usual', () => {
    expect(requestedOptions(USUAL_PLAN)).toEqual({})
    expect(optionsInWords(en, USUAL_PLAN)).toBe('least time')
  })

  it('is carried by the request, minutes as seconds, and said in words', () => {
    const choice = {
      goal: 'fewestStops' as const,
      highTouchFirst: true,
      isFloorTreated: true,
      timeBudgetMin: 8,
    }
    expect(requestedOptions(choice)).toEqual({
      options: { goal: 'fewestStops', highTouchFirst: true, timeBudgetS: 480 },
      isFloorTreated: true,
    })
    expect(optionsInWords(en, choice)).toBe('fewest stops, hands first, floor too, at most 8 min')
  })
})
