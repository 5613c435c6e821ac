import { ROBOT_ACTION_TYPES } from '@wardlight/core/fleet'
import { FactsheetSchema, VDA5050_VERSION } from '@wardlight/core/vda5050'
import { Value } from 'typebox/value'
import { describe, expect, it } from 'vitest'
import { DEFAULT_GEOMETRY, factsheetOf } from './factsheet.ts'

const HEADER = {
  headerId: 1,
  timestamp: '2026-01-01T00:00:00.000Z',
  version: VDA5050_VERSION,
  manufacturer: 'wardlight',
  serialNumber: 'gas-01',
}

describe('the factsheet', () => {
  it('offers peroxide only where there is a vaporiser, and never a cancel that would end an aeration', () => {
    const cycleOf = (sheet: ReturnType<typeof factsheetOf>) =>
      sheet.protocolFeatures.mobileRobotActions?.find(
        ({ actionType }) => actionType === ROBOT_ACTION_TYPES.startPeroxideCycle,
      )
    expect(cycleOf(factsheetOf(HEADER, DEFAULT_GEOMETRY))).toBeUndefined()
    const sheet = factsheetOf(HEADER, DEFAULT_GEOMETRY, { method: 'hpv', maxRateGPerMin: 60, tankMl: 5000 })
    expect(Value.Check(FactsheetSchema, sheet)).toBe(true)
    expect(cycleOf(sheet)).toMatchObject({
      cancelAllowed: false,
      pauseAllowed: false,
      blockingTypes: ['HARD'],
    })
    expect(cycleOf(sheet)!.actionParameters!.map(({ key }) => key)).toEqual(['missionId', 'plan'])
  })
})
