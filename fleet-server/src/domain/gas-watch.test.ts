import type { PeroxidePlan } from '@wardlight/core/disinfection'
import type { GasView, PeroxideStatus } from '@wardlight/core/fleet'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mayBeGassedAfter, withSample } from './gas-watch.ts'
import { progressOfPeroxide } from './mission-progress.ts'

type Said = Pick<PeroxideStatus, 'isGassed' | 'phase' | 'arming'>

const phases = [
  'traveling',
  'surveying',
  'awaitingArming',
  'exitDelay',
  'isolating',
  'conditioning',
  'gassing',
  'dwelling',
  'aerating',
  'verifying',
  'interrupted',
  'finished',
] as const
const said: fc.Arbitrary<Said> = fc.record({
  isGassed: fc.boolean(),
  phase: fc.constantFrom(...phases),
  arming: fc.constantFrom(
    'locked' as const,
    'checklistConfirmed' as const,
    'buttonPressed' as const,
    'started' as const,
  ),
})

const cycle = { room: { roomId: 'room-1' }, neighbours: [], h2o2G: 1, dwellS: 1 } as unknown as PeroxidePlan

/** What the server holds after a start was sent and the robot has said all this. */
function after(words: readonly Said[]): boolean {
  let mission: { mayBeGassed: boolean; progress: { gas: GasView | null } } = {
    mayBeGassed: true,
    progress: { gas: null },
  }
  for (const word of words) {
    const status = { sensors: [], interlocks: [], blockers: [], ...word } as unknown as PeroxideStatus
    mission = {
      mayBeGassed: mayBeGassedAfter(mission, status),
      progress: progressOfPeroxide(status, cycle, mission.progress.gas),
    }
  }
  return mission.mayBeGassed
}

describe('whether a room may be gassed', () => {
  it('property: by words it is opened only by a robot that waits to be armed, and never spoke of gas', () => {
    fc.assert(
      fc.property(fc.array(said, { minLength: 1, maxLength: 12 }), (words) => {
        const isOpen = !after(words)
        if (words.some(({ isGassed }) => isGassed)) expect(isOpen).toBe(false)
        if (isOpen) {
          expect(['traveling', 'surveying', 'awaitingArming', 'interrupted']).toContain(words.at(-1)!.phase)
        }
      }),
    )
  })

  it('a start that is on its way to a robot whose button was pressed still counts', () => {
    expect(after([{ isGassed: false, phase: 'awaitingArming', arming: 'buttonPressed' }])).toBe(true)
    expect(after([{ isGassed: false, phase: 'awaitingArming', arming: 'locked' }])).toBe(false)
  })
})

describe('what is kept of the sensors', () => {
  const status = {
    roomId: 'room-1',
    phase: 'gassing',
    sensors: [
      { sensorId: 'a', roomId: 'room-1', ppm: 10, ageS: 0 },
      { sensorId: 'b', roomId: 'room-1', ppm: null, ageS: 0 },
      { sensorId: 'c', roomId: 'next', ppm: 0.4, ageS: 0 },
    ],
  } as unknown as PeroxideStatus
  const at = (s: number) => new Date(Date.UTC(2026, 0, 5) + 1000 * s).toISOString()

  it('is one sample a minute by the robot’s clock, of sensors that had a reading', () => {
    let samples = withSample([], { ...status, timestamp: at(0) })
    for (let s = 1; s <= 125; s += 1) samples = withSample(samples, { ...status, timestamp: at(s) })
    expect(samples).toEqual(
      [0, 60, 120].map((s) => ({ at: at(s), insidePpm: 10, lowestPpm: 10, outsidePpm: 0.4 })),
    )
  })

  it('is nothing before anybody has armed', () => {
    expect(withSample([], { ...status, phase: 'awaitingArming', timestamp: at(0) })).toEqual([])
  })
})
