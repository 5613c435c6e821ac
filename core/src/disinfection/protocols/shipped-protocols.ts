import { checkedProtocol } from './check-protocol.ts'
import type { Protocol } from './protocol-schema.ts'

const EMPTY_ROOM = [
  { id: 'patient-gone', text: 'The patient has left the room, and nobody is in it or in its bathroom.' },
  { id: 'stripped', text: 'Linen, waste and curtains are out of the room.' },
  { id: 'drawers-open', text: 'Drawers and doors of furniture stand open; things are away from the walls.' },
] as const

/**
 * The recipes that Wardlight ships. That light is an addition to cleaning by hand, not in place of it, and for which
 * organisms, follows BETR (Lancet 2017); targets and wording are proposed by this project, for a hospital to make
 * versions of its own.
 */
export const PROTOCOLS: readonly Protocol[] = [
  checkedProtocol({
    id: 'terminal-c-difficile',
    version: 1,
    name: 'Terminal clean, C. difficile',
    purpose: 'After the discharge or transfer of a patient with C. difficile.',
    source: 'BETR, Lancet 2017; targets proposed',
    certainty: 'proposed',
    note: 'What light does to spores in a room is not settled: the hand product comes first and carries the protocol.',
    prerequisites: [...EMPTY_ROOM],
    steps: [
      {
        type: 'manualClean',
        id: 'wipe',
        text: 'Wipe every surface with a sporicidal product and keep it wet for the time on its label.',
        agentClass: 'sporicidal',
        contactTimeS: null,
      },
      {
        type: 'uv',
        id: 'light',
        text: 'Light, what hands touch most first.',
        organismId: 'c-difficile',
        target: { type: 'log', log: 2 },
        includesFloor: false,
        highTouchFirst: true,
      },
      {
        type: 'release',
        id: 'release',
        text: 'Two people read the report and sign.',
        people: 2,
        roles: ['nurse'],
      },
    ],
    approval: { roles: ['nurse'], people: 1 },
  }),
  checkedProtocol({
    id: 'terminal-mrsa-vre',
    version: 1,
    name: 'Terminal clean, MRSA or VRE',
    purpose: 'After the discharge or transfer of a patient with MRSA or VRE.',
    source: 'BETR, Lancet 2017; targets proposed',
    certainty: 'proposed',
    note: 'The target is that of E. faecalis, which stands in for VRE and asks for more than MRSA.',
    prerequisites: [...EMPTY_ROOM],
    steps: [
      {
        type: 'manualClean',
        id: 'wipe',
        text: 'Wipe every surface with the usual disinfectant.',
        agentClass: 'disinfectant',
        contactTimeS: null,
      },
      {
        type: 'uv',
        id: 'light',
        text: 'Light, what hands touch most first.',
        organismId: 'vre',
        target: { type: 'log', log: 4 },
        includesFloor: false,
        highTouchFirst: true,
      },
      {
        type: 'release',
        id: 'release',
        text: 'A nurse reads the report and signs.',
        people: 1,
        roles: ['nurse'],
      },
    ],
    approval: { roles: ['nurse'], people: 1 },
  }),
]
