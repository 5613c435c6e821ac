import { SimulatedClock } from '@wardlight/core/clock'
import { InstrumentsSchema } from '@wardlight/core/fleet'
import { Value } from 'typebox/value'
import { describe, expect, it } from 'vitest'
import { DARK_AND_DISARMED } from '../safety/supervisor-state.ts'
import { InstrumentBook } from './instrument-book.ts'

const doors = [
  { id: 'door-1', name: 'the door' },
  { id: 'door-2', name: 'the bath' },
]

function begin() {
  const clock = new SimulatedClock(Date.parse('2026-01-05T03:00:00Z'))
  clock.advance(100_000)
  const book = new InstrumentBook({
    clock,
    supervisor: {
      state: {
        ...DARK_AND_DISARMED,
        guards: {
          'door-1': {
            state: 'closed',
            heardAtMs: clock.monotonicMs(),
            openedAtMs: clock.monotonicMs() - 40_000,
          },
          'door-2': { state: 'closed', heardAtMs: clock.monotonicMs(), openedAtMs: -Infinity },
        },
      },
    },
    lampLife: {
      tubes: [
        { id: 'A17', hours: 12.345_678, ratedLifeHours: 9000, isMeasured: false },
        { id: 'B04', hours: 400, ratedLifeHours: 9000, isMeasured: true },
      ],
    },
    softwareVersion: '1.2.3',
    calibrations: [{ instrument: 'ring', calibratedOn: '2026-01-02', by: 'Keller' }],
  })
  return { book, clock }
}

describe('what a robot tells of its instruments', () => {
  it('is what it knows: hours of tubes, guards that have shown that they tell, calibrations of its file', () => {
    const { book, clock } = begin()
    const told = book.ofLight(doors, [0.912_34])
    expect(Value.Errors(InstrumentsSchema, told)).toEqual([])
    expect(told).toEqual({
      softwareVersion: '1.2.3',
      tubes: [
        { id: 'A17', hours: 12.346, ratedLifeHours: 9000, isOutputMeasured: false, lastOutput: 0.912 },
        { id: 'B04', hours: 400, ratedLifeHours: 9000, isOutputMeasured: true, lastOutput: null },
      ],
      doorGuards: [
        { doorId: 'door-1', name: 'the door', openedAt: new Date(clock.epochMs() - 40_000).toISOString() },
        { doorId: 'door-2', name: 'the bath', openedAt: null },
      ],
      gasSensors: [],
      calibrations: [{ instrument: 'ring', calibratedOn: '2026-01-02', by: 'Keller' }],
    })
  })

  it('is nothing where it does not know: a sensor that never met test gas, a door of which no guard spoke', () => {
    const { book, clock } = begin()
    const heard = new Map([
      ['wall', { roomId: 'I1', bumpTestAgeMs: 3_600_000 }],
      ['robot', { roomId: 'I1', bumpTestAgeMs: Infinity }],
    ])
    const told = book.ofGas([{ id: 'door-9', name: 'another' }], heard)
    expect(Value.Errors(InstrumentsSchema, told)).toEqual([])
    expect(told.tubes).toEqual([])
    expect(told.doorGuards).toEqual([{ doorId: 'door-9', name: 'another', openedAt: null }])
    expect(told.gasSensors).toEqual([
      { sensorId: 'wall', roomId: 'I1', bumpTestedAt: new Date(clock.epochMs() - 3_600_000).toISOString() },
      { sensorId: 'robot', roomId: 'I1', bumpTestedAt: null },
    ])
  })
})
