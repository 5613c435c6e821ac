import { describe, expect, it } from 'vitest'
import { formatTime, hospitalTimeToIso, isoToHospitalTime, offsetMin } from './hospital-time.ts'

describe('times of the hospital', () => {
  it('are read in its zone, summer and winter', () => {
    expect(hospitalTimeToIso('2026-07-01T14:30', 'Europe/Berlin')).toBe('2026-07-01T12:30:00.000Z')
    expect(hospitalTimeToIso('2026-01-01T14:30', 'Europe/Berlin')).toBe('2026-01-01T13:30:00.000Z')
  })

  it('are shown in its zone', () => {
    expect(formatTime('2026-07-01T12:30:00.000Z', 'Asia/Shanghai', 'en-GB')).toBe('20:30')
  })

  it('go into a form and come back as the same moment', () => {
    for (const iso of ['2026-07-01T12:30:00.000Z', '2026-03-29T01:30:00.000Z', '2026-10-25T00:30:00.000Z']) {
      expect(hospitalTimeToIso(isoToHospitalTime(iso, 'Europe/Berlin'), 'Europe/Berlin')).toBe(iso)
    }
    expect(isoToHospitalTime('2026-03-29T01:30:00.000Z', 'Europe/Berlin')).toBe('2026-03-29T03:30')
    expect(offsetMin('2026-07-01T12:30:00.000Z', 'Europe/Berlin')).toBe(120)
  })

  it('are refused when they are none', () => {
    expect(hospitalTimeToIso('tomorrow', 'Europe/Berlin')).toBeNull()
    expect(hospitalTimeToIso('2026-13-01T14:30', 'Europe/Berlin')).toBeNull()
  })
})
