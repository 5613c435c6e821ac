import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { d90MjPerCm2, ORGANISMS, PROTOCOLS } from '@wardlight/core/disinfection'
import type { ContaminationView, OrganismView, ProtocolView, RequestView } from '@wardlight/core/fleet'
import { aLiveState, aRequest, aRoom } from '../testing/builders.ts'
import { usualRequestOf } from './usual-request.ts'

const organisms = ORGANISMS.map((organism) => ({
  ...organism,
  origin: 'shipped',
  addedBy: null,
  addedAt: null,
  d90MjPerCm2: d90MjPerCm2(organism),
})) as OrganismView[]
const protocols = PROTOCOLS.map((protocol) => ({
  ...protocol,
  origin: 'shipped',
  addedBy: null,
  addedAt: null,
  isCurrent: true,
  obstacle: null,
})) as ProtocolView[]
const rooms = [
  aRoom({ id: 'a', kind: 'patientRoom' }),
  aRoom({ id: 'b', kind: 'patientRoom' }),
  aRoom({ id: 'c', kind: 'bathroom' }),
]

function clean(roomId: string, part: Partial<ContaminationView['rooms'][number]> = {}): ContaminationView {
  return {
    robots: [],
    rooms: [
      { roomId, class: 'ordinary', isolatedFor: null, isForDecontamination: false, carries: [], ...part },
    ],
  }
}

function usual(
  requests: readonly RequestView[],
  contamination = clean('a'),
  offered: readonly ProtocolView[] = protocols,
) {
  return usualRequestOf('a', {
    live: aLiveState({ rooms, requests }),
    contamination,
    protocols: offered,
    organisms,
  })
}

const mrsa = { id: 'terminal-mrsa-vre', version: 1, name: 'MRSA' }
const hour = (value: number): string => `2026-03-01T${String(value).padStart(2, '0')}:00:00.000Z`

describe('what is usually asked for', () => {
  it('is what was last asked for in a room of the same kind', () => {
    const before = aRequest({ id: '1', roomId: 'b', protocol: mrsa, requestedAt: hour(1) })
    const elsewhere = aRequest({ id: '2', roomId: 'c', organismId: 'norovirus', requestedAt: hour(3) })
    expect(usual([before, elsewhere])).toMatchObject({
      why: 'roomKind',
      last: { id: '1' },
      treatment: { protocol: { id: mrsa.id } },
    })
    const after = aRequest({ id: '3', roomId: 'a', organismId: 'mrsa', targetLog: 4, requestedAt: hour(2) })
    expect(usual([before, after, elsewhere])).toMatchObject({
      why: 'roomKind',
      treatment: { organismId: 'mrsa', targetLog: 4 },
    })
  })

  it('is never what was withdrawn, what had no plan, or what nobody can follow now', () => {
    const request = aRequest({ roomId: 'b', protocol: mrsa })
    const barred = protocols.map((protocol) => ({ ...protocol, obstacle: 'No robot has a lamp' }))
    expect(usual([request], clean('a'), barred).why).toBe('nothingKnown')
    for (const status of ['withdrawn', 'planningFailed'] as const) {
      expect(usual([{ ...request, status }]).why).toBe('nothingKnown')
    }
  })

  it("is the protocol of the isolation's organism, whatever was asked for in rooms like it", () => {
    const request = aRequest({ roomId: 'b', protocol: mrsa })
    const isolated = clean('a', { class: 'isolation', isolatedFor: ['c-difficile'] })
    const answer = usual([request], isolated)
    expect(answer).toMatchObject({
      why: 'isolation',
      treatment: { protocol: { id: 'terminal-c-difficile' } },
    })
    const last = aRequest({
      id: '2',
      roomId: 'c',
      protocol: { id: 'terminal-c-difficile-uv-hpv', version: 1, name: 'both' },
    })
    expect(usual([request, last], isolated)).toMatchObject({
      treatment: { protocol: { id: 'terminal-c-difficile-uv-hpv' } },
    })
  })

  it('aims at no less than the hardest organism of an isolation, and is left to people where nobody has named it', () => {
    const ids = organisms.map(({ id }) => id)
    fc.assert(
      fc.property(fc.subarray(ids), fc.constantFrom(...protocols.keys()), (agents, offered) => {
        const isolated = clean('a', { class: 'isolation', isolatedFor: agents })
        const { why, treatment } = usual(
          [aRequest({ roomId: 'b', protocol: mrsa })],
          isolated,
          protocols.slice(0, offered),
        )
        if (agents.length === 0) {
          expect({ why, treatment }).toEqual({ why: 'unnamed', treatment: null })
          return
        }
        const aimedAt =
          'protocol' in treatment!
            ? treatment.protocol.steps.flatMap((step) => (step.type === 'uv' ? [step.organismId] : []))
            : [treatment!.organismId]
        const hardest = Math.max(
          ...organisms.filter(({ id }) => agents.includes(id)).map((organism) => organism.d90MjPerCm2),
        )
        expect(
          Math.max(...organisms.filter(({ id }) => aimedAt.includes(id)).map((one) => one.d90MjPerCm2)),
        ).toBe(hardest)
      }),
    )
  })
})
