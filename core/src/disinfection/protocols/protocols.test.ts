import { Value } from 'typebox/value'
import { describe, expect, it } from 'vitest'
import { checkedProtocol, protocolById } from './check-protocol.ts'
import { confirmationsDue } from './confirmations.ts'
import { ProtocolSchema, type Protocol } from './protocol-schema.ts'
import { PROTOCOLS } from './shipped-protocols.ts'

const spores = protocolById('terminal-c-difficile', PROTOCOLS)
const [wipe, light, release] = spores.steps

describe('shipped protocols', () => {
  it.each(PROTOCOLS)(
    '$name follows its schema, cites its source, has work by hand, a robot and a release',
    (protocol) => {
      expect(Value.Errors(ProtocolSchema, protocol)).toEqual([])
      expect(protocol.source).not.toBe('')
      expect(protocol.steps.map(({ type }) => type)[0]).toBe('manualClean')
      expect(protocol.steps.some(({ type }) => type === 'uv' || type === 'peroxide')).toBe(true)
      expect(protocol.steps.at(-1)!.type).toBe('release')
    },
  )

  it('C. difficile: the hand product is confirmed by name before the light, and two people sign', () => {
    expect(confirmationsDue(spores, 'approval').map(({ id, needsName }) => [id, needsName])).toEqual([
      ['patient-gone', false],
      ['stripped', false],
      ['drawers-open', false],
      ['wipe', true],
    ])
    expect(confirmationsDue(spores, 'release')).toEqual([])
    expect(spores.steps.at(-1)).toMatchObject({ people: 2 })
  })
})

describe('checkedProtocol', () => {
  const gas = {
    type: 'peroxide' as const,
    id: 'gas',
    text: 'Gas.',
    method: 'hpv' as const,
    dose: { amount: 14, unit: 'g/m3' as const },
    solutionPercent: 35,
    targetPpmH: null,
    conditions: { temperatureC: null, relativeHumidityPercent: null },
  }
  it.each<[string, Partial<Protocol>]>([
    ['no source', { source: ' ' }],
    ['nobody may approve', { approval: { roles: [], people: 1 } }],
    ['no release', { steps: [wipe!, light!] }],
    ['a release before its end', { steps: [release!, { ...release!, id: 'again' }] }],
    ['two parts of one name', { steps: [wipe!, { ...light!, id: 'wipe' }, release!] }],
    ['gas that nobody airs', { steps: [gas, release!] }],
  ])('refuses %s', (_, change) => {
    expect(() => checkedProtocol({ ...spores, ...change })).toThrow(
      expect.objectContaining({ code: 'WARD_ERR_VALIDATION' }),
    )
  })

  it('refuses an organism that nobody knows, and takes gas that is aired', () => {
    const dragon = { ...light!, organismId: 'dragon' } as typeof light
    expect(() => checkedProtocol({ ...spores, steps: [dragon!, release!] })).toThrow(
      expect.objectContaining({ code: 'WARD_ERR_ORGANISM_UNKNOWN' }),
    )
    const air = { type: 'aerate' as const, id: 'air', text: 'Air it.', clearPpm: 1 }
    expect(checkedProtocol({ ...spores, steps: [gas, air, release!] }).steps).toHaveLength(3)
  })
})
