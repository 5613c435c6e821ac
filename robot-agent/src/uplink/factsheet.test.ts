import { DEFAULT_LAMP } from '@wardlight/core/disinfection'
import { FIXED_LAMP_KEY, ROBOT_ACTION_TYPES } from '@wardlight/core/fleet'
import { FactsheetSchema, fromWire, toWire, VDA5050_VERSION } from '@wardlight/core/vda5050'
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

const scopesOf = (sheet: ReturnType<typeof factsheetOf>, type: string) =>
  sheet.protocolFeatures.mobileRobotActions.find(({ actionType }) => actionType === type)?.actionScopes

describe('the factsheet', () => {
  it('of a unit that does not move says so by its speed, names its lamp, and offers nothing that wants wheels', () => {
    const fixed = { at: { x: 1, y: 2, theta: 0 }, power: 'mains' as const }
    const sheet = factsheetOf(
      HEADER,
      { geometry: { ...DEFAULT_GEOMETRY, fixed }, hasScreen: true },
      DEFAULT_LAMP,
    )
    expect(Value.Check(FactsheetSchema, sheet)).toBe(true)
    expect(sheet.physicalParameters.maximumSpeed).toBe(0)
    expect(sheet.typeSpecification.supportedZones).toEqual([])
    const lamp = sheet.mobileRobotConfiguration?.versions?.find(({ key }) => key === FIXED_LAMP_KEY)
    expect(JSON.parse(lamp!.value)).toEqual(DEFAULT_LAMP)
    const offered = sheet.protocolFeatures.mobileRobotActions.map(({ actionType }) => actionType)
    expect(offered).toEqual(expect.arrayContaining(['awaitArming', 'startUvDose', 'emergencyStop']))
    for (const type of ['dock', 'startTelepresence', 'handOverDrive', 'initializePosition']) {
      expect(offered).not.toContain(type)
    }
    // Words on its screen it shows; there are no zones for it.
    expect(scopesOf(sheet, 'announce')).toEqual(['INSTANT'])
    // In 2.x the lists are closed; the speed says it all the same.
    const told = fromWire(2, 'factsheet', toWire('2.1', 'factsheet', sheet))
    expect(told.typeSpecification).toMatchObject({
      mobileRobotKinematics: 'DIFFERENTIAL',
      localizationTypes: [],
    })
    expect(told.physicalParameters.maximumSpeed).toBe(0)
  })

  it('offers words on its screen, in zones too, only where it has a screen', () => {
    const sheet = factsheetOf(HEADER, { geometry: DEFAULT_GEOMETRY, hasScreen: true })
    expect(Value.Check(FactsheetSchema, sheet)).toBe(true)
    expect(sheet.typeSpecification.supportedZones).toContain('ACTION')
    expect(scopesOf(sheet, 'announce')).toEqual(['INSTANT', 'ZONE'])
    expect(scopesOf(sheet, 'clearZoneActions')).toEqual(['INSTANT'])
    const without = factsheetOf(HEADER, { geometry: DEFAULT_GEOMETRY })
    expect(without.typeSpecification.supportedZones).not.toContain('ACTION')
    expect(scopesOf(without, 'announce')).toBeUndefined()
  })

  it('offers peroxide only where there is a vaporiser, and never a cancel that would end an aeration', () => {
    const cycleOf = (sheet: ReturnType<typeof factsheetOf>) =>
      sheet.protocolFeatures.mobileRobotActions?.find(
        ({ actionType }) => actionType === ROBOT_ACTION_TYPES.startPeroxideCycle,
      )
    expect(cycleOf(factsheetOf(HEADER, { geometry: DEFAULT_GEOMETRY }))).toBeUndefined()
    const vaporiser = { method: 'hpv', maxRateGPerMin: 60, tankMl: 5000 } as const
    const sheet = factsheetOf(HEADER, { geometry: DEFAULT_GEOMETRY, vaporiser })
    expect(Value.Check(FactsheetSchema, sheet)).toBe(true)
    expect(cycleOf(sheet)).toMatchObject({
      cancelAllowed: false,
      pauseAllowed: false,
      blockingTypes: ['HARD'],
    })
    expect(cycleOf(sheet)!.actionParameters!.map(({ key }) => key)).toEqual(['missionId', 'plan'])
  })
})
