import { describe, expect, it } from 'vitest'
import { formatTime, hospitalTimeToIso } from './hospital-time.ts'

describe('times of the hospital', () => {
  it('are read in its zone, summer and winter', () => {
    expect(hospitalTimeToIso('2026-07-01T14:30', 'Europe/Berlin')).toBe('2026-07-01T12:30:00.000Z')
    expect(hospitalTimeToIso('2026-01-01T14:30', 'Europe/Berlin')).toBe('2026-01-01T13:30:00.000Z')
  })

  it('are shown in its zone', () => {
    expect(formatTime('2026-07-01T12:30:00.000Z', 'Asia/Shanghai', 'en-GB')).toBe('20:30')
  })

  it('are refused when they are none', () => {
    expect(hospitalTimeToIso('tomorrow', 'Europe/Berlin')).toBeNull()
    expect(hospitalTimeToIso('2026-13-01T14:30', 'Europe/Berlin')).toBeNull()
  })
})
