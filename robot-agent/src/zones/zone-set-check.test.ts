import { rectangle } from '@wardlight/core/geometry'
import { VDA5050_VERSION } from '@wardlight/core/vda5050'
import { expect, it } from 'vitest'
import { ADDRESS } from '../testing/robot-bench.ts'
import { DEFAULT_GEOMETRY, offerOf } from '../uplink/factsheet.ts'
import { readZoneSet } from './zone-set-check.ts'

const OFFER = offerOf({ geometry: DEFAULT_GEOMETRY, hasScreen: true })

const action = (change: object = {}) => ({
  actionType: 'announce',
  blockingType: 'NONE',
  actionParameters: [{ key: 'text', value: 'Robot coming through' }],
  ...change,
})
const words = (text: unknown, seconds?: unknown) =>
  action({
    actionParameters: [
      { key: 'text', value: text },
      ...(seconds === undefined ? [] : [{ key: 'seconds', value: seconds }]),
    ],
  })

function heard(change: object) {
  const zone = {
    zoneId: 'lobby',
    zoneType: 'ACTION',
    vertices: [...rectangle({ x: 1, y: 1 }, 1, 1)],
    entryActions: [],
    duringActions: [],
    exitActions: [],
    ...change,
  }
  const header = { headerId: 0, timestamp: '2026-01-05T03:00:00.000Z', version: VDA5050_VERSION, ...ADDRESS }
  return { ...header, zoneSet: { mapId: 'L1', zoneSetId: 'set-1', zones: [zone] } }
}

it('of actions that the robot offers for zones is taken', () => {
  const message = heard({
    entryActions: [words('Hello', 5)],
    duringActions: [action()],
    exitActions: [action()],
  })
  expect(readZoneSet(message, OFFER)).toBe(message)
})

it.each<[string, object, string]>([
  ['another kind', { zoneType: 'DIRECTED', direction: 0 }, 'zone lobby is DIRECTED, which is not supported'],
  [
    'an action that it has not',
    { entryActions: [action({ actionType: 'honk' })] },
    'honk: the robot has no such',
  ],
  [
    'one that is none of a zone',
    { exitActions: [action({ actionType: 'stateRequest' })] },
    'no such action for zones',
  ],
  [
    'a blocking that it cannot keep',
    { duringActions: [action({ blockingType: 'SOFT' })] },
    'it cannot be SOFT, only NONE',
  ],
  ['no words', { entryActions: [action({ actionParameters: [] })] }, 'a text of 1 to 200 characters'],
  ['blank words', { entryActions: [words('  ')] }, 'a text of 1 to 200 characters'],
  ['too many words', { entryActions: [words('x'.repeat(201))] }, 'a text of 1 to 200 characters'],
  ['no time', { entryActions: [words('Hello', 0)] }, 'seconds above 0 and up to 600'],
  ['a time that is none', { entryActions: [words('Hello', '5')] }, 'seconds above 0 and up to 600'],
  ['no list of actions', { exitActions: undefined }, 'this is no zone set'],
])('with %s is refused whole, with the reason', (_, change, reason) => {
  expect(readZoneSet(JSON.parse(JSON.stringify(heard(change))), OFFER)).toContain(reason)
})

it('of a robot without a screen is none', () => {
  const offer = offerOf({ geometry: DEFAULT_GEOMETRY })
  expect(readZoneSet(heard({}), offer)).toContain('is ACTION, which is not supported')
})
