import { PEROXIDE_METHODS } from '../peroxide/methods.ts'
import { checkedProtocol } from './check-protocol.ts'
import type { ManualCleanStep, Protocol, ProtocolStep, ReleaseStep, UvStep } from './protocol-schema.ts'

const EMPTY_ROOM = [
  { id: 'patient-gone', text: 'The patient has left the room, and nobody is in it or in its bathroom.' },
  { id: 'stripped', text: 'Linen, waste and curtains are out of the room.' },
  { id: 'drawers-open', text: 'Drawers and doors of furniture stand open; things are away from the walls.' },
] as const

function wipe(agentClass: ManualCleanStep['agentClass'], text: string): ManualCleanStep {
  return { type: 'manualClean', id: 'wipe', text, agentClass, contactTimeS: null }
}

function light(organismId: string, log: number): UvStep {
  return {
    type: 'uv',
    id: 'light',
    text: 'Light, what hands touch most first.',
    organismId,
    target: { type: 'log', log },
    includesFloor: false,
    highTouchFirst: true,
  }
}

function signedBy(people: 1 | 2): ReleaseStep {
  return {
    type: 'release',
    id: 'release',
    text: people === 1 ? 'A nurse reads the report and signs.' : 'Two people read the report and sign.',
    people,
    roles: ['nurse'],
  }
}

type Named = Pick<Protocol, 'id' | 'name' | 'purpose' | 'source' | 'certainty' | 'note' | 'steps'>

function terminalClean(protocol: Named): Protocol {
  return checkedProtocol({
    version: 1,
    prerequisites: [...EMPTY_ROOM],
    approval: { roles: ['nurse'], people: 1 },
    ...protocol,
  })
}

const { hpv } = PEROXIDE_METHODS

/** Vapour, and the air changed after it. */
const vapour: readonly ProtocolStep[] = [
  {
    type: 'peroxide',
    id: 'gas',
    text: 'Peroxide vapour in the sealed room, its ventilation isolated.',
    method: 'hpv',
    dose: { amount: hpv.doseGPerM3, unit: 'g/m3' },
    solutionPercent: 100 * hpv.solutionFraction,
    targetPpmH: null,
    conditions: {
      temperatureC: [...hpv.temperatureC],
      relativeHumidityPercent: [...hpv.relativeHumidityPercent],
    },
  },
  {
    type: 'aerate',
    id: 'aerate',
    text: 'Air is changed until the sensors clear the room.',
    // OSHA, ACGIH, NIOSH: 1 ppm over 8 h.
    clearPpm: 1,
  },
]

/**
 * The recipes that Wardlight ships. That light is an addition to cleaning by hand, not in place of it, and for which
 * organisms, follows BETR (Lancet 2017); targets and wording are proposed by this project, for a hospital to make
 * versions of its own.
 */
export const PROTOCOLS: readonly Protocol[] = [
  terminalClean({
    id: 'terminal-c-difficile',
    name: 'Terminal clean, C. difficile',
    purpose: 'After the discharge or transfer of a patient with C. difficile.',
    source: 'BETR, Lancet 2017; targets proposed',
    certainty: 'proposed',
    note: 'What light does to spores in a room is not settled: the hand product comes first and carries the protocol.',
    steps: [
      wipe(
        'sporicidal',
        'Wipe every surface with a sporicidal product and keep it wet for the time on its label.',
      ),
      light('c-difficile', 2),
      signedBy(2),
    ],
  }),
  terminalClean({
    id: 'terminal-c-difficile-hpv',
    name: 'Terminal clean, C. difficile, with peroxide vapour',
    purpose: 'After the discharge or transfer of a patient with C. difficile, where the room can be sealed.',
    source: `${hpv.source}; that a product by hand comes first: BETR, Lancet 2017`,
    certainty: 'proposed',
    note: 'Indicators of the site say whether the cycle holds there; the room is cleared by its sensors, never by a clock.',
    steps: [
      wipe(
        'sporicidal',
        'Wipe every surface with a sporicidal product and keep it wet for the time on its label.',
      ),
      ...vapour,
      signedBy(2),
    ],
  }),
  terminalClean({
    id: 'terminal-c-difficile-uv-hpv',
    name: 'Terminal clean, C. difficile, light and then peroxide vapour',
    purpose:
      'After the discharge or transfer of a patient with C. difficile in an outbreak, where the room can be sealed.',
    source: `BETR, Lancet 2017, for the product by hand and the light; ${hpv.source}; their order proposed`,
    certainty: 'proposed',
    note: 'Each step is ordered, armed and proven by itself; vapour reaches what light leaves in shadow.',
    steps: [
      wipe(
        'sporicidal',
        'Wipe every surface with a sporicidal product and keep it wet for the time on its label.',
      ),
      light('c-difficile', 2),
      ...vapour,
      signedBy(2),
    ],
  }),
  terminalClean({
    id: 'terminal-mrsa-vre',
    name: 'Terminal clean, MRSA or VRE',
    purpose: 'After the discharge or transfer of a patient with MRSA or VRE.',
    source: 'BETR, Lancet 2017; targets proposed',
    certainty: 'proposed',
    note: 'The target is that of E. faecalis, which stands in for VRE and asks for more than MRSA.',
    steps: [
      wipe('disinfectant', 'Wipe every surface with the usual disinfectant.'),
      light('vre', 4),
      signedBy(1),
    ],
  }),
  terminalClean({
    id: 'terminal-c-auris',
    name: 'Terminal clean, C. auris',
    purpose: 'After the discharge or transfer of a patient with Candida auris.',
    source:
      'CDC, Infection Control Guidance: Candida auris, for the product by hand; light and target proposed',
    certainty: 'proposed',
    note: 'C. auris does not follow one straight line beyond 3 log; products that rest on quaternary ammonium alone do not work.',
    steps: [
      wipe(
        'fungicidal',
        'Wipe every surface with a product registered against C. auris (EPA List P), or a sporicidal one (List K), and keep it wet for the time on its label.',
      ),
      light('c-auris', 3),
      signedBy(2),
    ],
  }),
  terminalClean({
    id: 'terminal-norovirus',
    name: 'Terminal clean, norovirus',
    purpose: 'After the discharge or transfer of a patient with norovirus, or the end of an outbreak.',
    source: 'CDC and HICPAC, norovirus guideline 2011, for the product by hand; light and target proposed',
    certainty: 'proposed',
    note: 'The target is that of feline calicivirus, the hardest of the viruses that stand in for norovirus.',
    steps: [
      wipe(
        'virucidal',
        'Take away what is soiled, clean, then wipe every surface with a product registered against norovirus and keep it wet for the time on its label.',
      ),
      light('norovirus', 3),
      signedBy(1),
    ],
  }),
  terminalClean({
    id: 'terminal-sars-cov-2',
    name: 'Terminal clean, SARS-CoV-2',
    purpose: 'After the discharge or transfer of a patient with SARS-CoV-2.',
    source: 'Dose: Freeman et al. 2022, doi:10.1038/s41598-022-09930-2; recipe and target proposed',
    certainty: 'proposed',
    note: null,
    steps: [
      wipe(
        'virucidal',
        'Wipe every surface with a virucidal product and keep it wet for the time on its label.',
      ),
      light('sars-cov-2', 3),
      signedBy(1),
    ],
  }),
]
