import {
  protocolById,
  PROTOCOLS,
  type DueItem,
  type PeroxideStep,
  type Protocol,
} from '@wardlight/core/disinfection'
import type { GivenConfirmation, SignatureView, User } from '@wardlight/core/fleet'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  approvalRule,
  checkRole,
  dueItems,
  protocolObstacle,
  releaseRule,
  waitBeforeReleaseS,
  withConfirmations,
  withSignature,
} from './protocol-rules.ts'

const at = new Date('2026-01-05T03:00:00.000Z')
const nora: User = { id: 'u1', name: 'nora', displayName: 'Nora', role: 'nurse', wards: null }
const spores = protocolById('terminal-c-difficile', PROTOCOLS)
const due: readonly DueItem[] = [
  { id: 'empty', text: 'The room is empty.', needsName: false },
  { id: 'wipe', text: 'Wipe it.', needsName: true },
]

describe('who may', () => {
  it('without a protocol one nurse approves and one signs', () => {
    expect(approvalRule(null)).toEqual({ roles: ['nurse'], people: 1 })
    expect(releaseRule(null)).toEqual({ roles: ['nurse'], people: 1 })
    expect(dueItems(null, 'approval')).toEqual([])
  })

  it('with one, whom it names, and nobody else', () => {
    expect(releaseRule(spores)).toMatchObject({ people: 2, roles: ['nurse'] })
    expect(() => checkRole(releaseRule(spores), { ...nora, role: 'engineer' }, 'sign')).toThrow(
      expect.objectContaining({ code: 'WARD_ERR_FORBIDDEN' }),
    )
    expect(() => checkRole(releaseRule(spores), nora, 'sign')).not.toThrow()
  })

  it('counts people, not clicks', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'c', 'd')), (ids) => {
        const signed = ids.reduce<SignatureView[]>(
          (before, id) => withSignature(before, { ...nora, id }, at, null),
          [],
        )
        expect(signed.map(({ userId }) => userId)).toEqual([...new Set(ids)])
      }),
    )
  })
})

describe('what is confirmed', () => {
  const wiped: GivenConfirmation = { itemId: 'wipe', doneBy: ' Ewa ', product: 'Sporex' }

  it('names the work, who did it, with what, and who said so', () => {
    expect(withConfirmations(due, [], [wiped, { itemId: 'empty' }], nora, at)).toEqual([
      {
        itemId: 'empty',
        text: 'The room is empty.',
        doneBy: null,
        product: null,
        by: 'Nora',
        role: 'nurse',
        at: at.toISOString(),
      },
      {
        itemId: 'wipe',
        text: 'Wipe it.',
        doneBy: 'Ewa',
        product: 'Sporex',
        by: 'Nora',
        role: 'nurse',
        at: at.toISOString(),
      },
    ])
  })

  it.each<[string, readonly GivenConfirmation[], string]>([
    ['nothing', [], 'confirmations'],
    ['a part', [{ itemId: 'empty' }], 'confirmations'],
    [
      'work that nobody did',
      [{ itemId: 'empty' }, { itemId: 'wipe', doneBy: ' ' }],
      'confirmations.1.doneBy',
    ],
    ['what nobody asked for', [{ itemId: 'dance' }], 'confirmations.0'],
  ])('refuses %s', (_, given, where) => {
    expect(() => withConfirmations(due, [], given, nora, at)).toThrow(
      expect.objectContaining({ code: 'WARD_ERR_VALIDATION', where }),
    )
  })

  it('keeps the first word, whoever says it again', () => {
    const first = withConfirmations(due, [], [{ itemId: 'empty' }, wiped], nora, at)
    const later = new Date(at.getTime() + 60_000)
    const nils: User = { ...nora, id: 'u2', displayName: 'Nils' }
    expect(withConfirmations(due, first, [{ itemId: 'wipe', doneBy: 'Bob' }], nils, later)).toEqual(first)
  })
})

describe('protocols that robots cannot follow', () => {
  const gasser = (method: 'hpv' | 'ahp') => ({
    actionTypes: new Set(['startUvDose', 'startPeroxideCycle']),
    vaporiser: { method, maxRateGPerMin: 60, tankMl: 5000 },
  })
  const gas: Protocol = {
    ...spores,
    steps: [
      {
        type: 'peroxide',
        id: 'gas',
        text: 'Gas.',
        method: 'hpv',
        dose: { amount: 14, unit: 'g/m3' },
        solutionPercent: 35,
        targetPpmH: null,
        conditions: { temperatureC: null, relativeHumidityPercent: null },
      },
      { type: 'aerate', id: 'air', text: 'Air.', clearPpm: 1 },
      { type: 'wait', id: 'rest', text: 'Wait.', durationS: 600 },
      spores.steps.at(-1)!,
    ],
  }

  it('gas without a robot that offers it', () => {
    const lamp = { actionTypes: new Set(['startUvDose']), vaporiser: null }
    const silent = { actionTypes: null, vaporiser: null }
    expect(protocolObstacle(gas, [silent, lamp])).toContain('startPeroxideCycle')
    expect(protocolObstacle(gas, [gasser('ahp')])).toContain('hydrogen peroxide vapour')
    expect(protocolObstacle(gas, [lamp, gasser('hpv')])).toBeNull()
    expect(protocolObstacle({ ...spores, steps: [spores.steps.at(-1)!] }, [])).not.toBeNull()
    expect(protocolObstacle(spores, [])).toBeNull()
  })

  it('gas by another dose than robots bring in', () => {
    const [step, ...others] = gas.steps
    const weak = { ...(step as PeroxideStep), dose: { amount: 7, unit: 'g/m3' as const } }
    expect(protocolObstacle({ ...gas, steps: [weak, ...others] }, [gasser('hpv')])).toContain('7.00 g/m³')
    const inMl = { ...(step as PeroxideStep), dose: { amount: 35.4, unit: 'ml/m3' as const } }
    expect(protocolObstacle({ ...gas, steps: [inMl, ...others] }, [gasser('hpv')])).toBeNull()
  })

  it('light and then gas, unless people work between them', () => {
    const light = spores.steps.find(({ type }) => type === 'uv')!
    const wipe = spores.steps.find(({ type }) => type === 'manualClean')!
    expect(protocolObstacle({ ...gas, steps: [light, ...gas.steps] }, [gasser('hpv')])).toBeNull()
    expect(protocolObstacle({ ...gas, steps: [light, wipe, ...gas.steps] }, [gasser('hpv')])).toContain(
      'work by hand',
    )
    const twice = [light, { ...light, id: 'again' }, spores.steps.at(-1)!]
    expect(protocolObstacle({ ...spores, steps: twice }, [])).toContain('two steps of one kind')
  })

  it('sums the waits after the robot, and only those', () => {
    expect(waitBeforeReleaseS(gas)).toBe(600)
    expect(waitBeforeReleaseS(spores)).toBe(0)
  })
})
