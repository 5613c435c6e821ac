import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { advanceGas, aerationHours, ppmOf, type GasState } from './gas-model.ts'
import { MG_PER_M3_PER_PPM, PEROXIDE_METHODS, peroxideDose } from './methods.ts'
import { conditioningNeeds, predictPeroxideCycle, type PeroxideCycleInput } from './predict-cycle.ts'

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true })
const STILL = { saturationPpm: 1e9, decayPerHour: 0 }

const cycle: PeroxideCycleInput = {
  method: 'hpv',
  room: {
    name: 'Isolation 1',
    volumeM3: 45,
    airChangesPerHour: 12,
    neighbours: [{ id: 'a', name: 'Anteroom', volumeM3: 15, airChangesPerHour: 10, leakM3PerHour: 12 }],
  },
  areDoorsTaped: true,
  temperatureC: 22,
  relativeHumidityPercent: 50,
}

function vapour(ppm: number, volumeM3: number): GasState {
  return new Map([['room', { vapourMg: ppm * MG_PER_M3_PER_PPM * volumeM3, filmMg: 0 }]])
}

describe('ventilation', () => {
  it('takes 400 ppm to 1 ppm in 180, 60 and 30 minutes at 2, 6 and 12 air changes an hour', () => {
    for (const [air, minutes] of [
      [2, 180],
      [6, 60],
      [12, 30],
    ] as const) {
      expect(60 * aerationHours(400, 1, air)).toBeCloseTo(minutes, -0.3)
      const zone = { id: 'room', volumeM3: 30, airChangesPerHour: air }
      let state = vapour(400, 30)
      let seconds = 0
      for (; ppmOf(state.get('room')!, 30) > 1; seconds += 2)
        state = advanceGas(state, [zone], [], STILL, null, 2)
      expect(Math.abs(seconds / 3600 / aerationHours(400, 1, air) - 1)).toBeLessThan(0.01)
    }
    expect(aerationHours(400, 1, 0)).toBe(Infinity)
    expect(aerationHours(0.5, 1, 2)).toBe(0)
  })

  it('decays as ln(C0/C) / (ACH + k)', () => {
    fc.assert(
      fc.property(number(0, 12), number(0.1, 5), number(10, 1000), (air, decay, ppm) => {
        const zone = { id: 'room', volumeM3: 40, airChangesPerHour: air }
        let state = vapour(ppm, 40)
        for (let step = 0; step < 3600; step += 1) {
          state = advanceGas(state, [zone], [], { ...STILL, decayPerHour: decay }, null, 0.25)
        }
        const expected = ppm * Math.exp(-(air + decay) / 4)
        expect(Math.abs(ppmOf(state.get('room')!, 40) / expected - 1)).toBeLessThan(0.01)
      }),
      { numRuns: 30 },
    )
  })
})

describe('advanceGas', () => {
  const contents = fc.record({ vapourMg: number(0, 1e5), filmMg: number(0, 1e5) })

  it('loses nothing that does not leave, however rooms are joined, and never sinks below zero', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ content: contents, volumeM3: number(5, 200) }), { minLength: 1, maxLength: 5 }),
        number(0, 600),
        number(0.1, 60),
        (rooms, flowM3PerHour, stepS) => {
          const zones = rooms.map(({ volumeM3 }, index) => ({
            id: `z${index}`,
            volumeM3,
            airChangesPerHour: 0,
          }))
          const leaks = zones.slice(1).map(({ id }, index) => ({ a: `z${index}`, b: id, flowM3PerHour }))
          let state: GasState = new Map(rooms.map(({ content }, index) => [`z${index}`, content]))
          const massOf = (of: GasState) =>
            [...of.values()].reduce((sum, { vapourMg, filmMg }) => sum + vapourMg + filmMg, 0)
          const before = massOf(state)
          const source = { zoneId: 'z0', rateMgPerS: 3, airborneShare: 0.5 }
          for (let step = 0; step < 20; step += 1) {
            state = advanceGas(state, zones, leaks, { saturationPpm: 500, decayPerHour: 0 }, source, stepS)
          }
          const expected = before + 20 * stepS * 3
          expect(Math.abs(massOf(state) / expected - 1)).toBeLessThan(1e-3)
          for (const { vapourMg, filmMg } of state.values()) {
            expect(vapourMg).toBeGreaterThanOrEqual(0)
            expect(filmMg).toBeGreaterThanOrEqual(-1e-9)
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  it('clears sooner with more air, and holds less with a larger leak', () => {
    const left = (airChangesPerHour: number, flowM3PerHour: number) => {
      const zones = [
        { id: 'room', volumeM3: 30, airChangesPerHour },
        { id: 'next', volumeM3: 50, airChangesPerHour: 2 },
      ]
      let state = vapour(300, 30)
      for (let step = 0; step < 600; step += 1) {
        state = advanceGas(state, zones, [{ a: 'room', b: 'next', flowM3PerHour }], STILL, null, 3)
      }
      return ppmOf(state.get('room')!, 30)
    }
    fc.assert(
      fc.property(
        number(0, 10),
        number(0.1, 5),
        number(0, 30),
        number(1, 30),
        (air, moreAir, leak, moreLeak) => {
          expect(left(air + moreAir, leak)).toBeLessThan(left(air, leak))
          expect(left(air, leak + moreLeak)).toBeLessThan(left(air, leak) * (1 + 1e-9))
        },
      ),
      { numRuns: 20 },
    )
  })
})

describe('predictPeroxideCycle', () => {
  it('doses by volume: 14 g/m³ of 35 % for vapour', () => {
    expect(peroxideDose('hpv', 30).h2o2G).toBeCloseTo(420, 9)
    expect(peroxideDose('hpv', 30).solutionMl).toBeCloseTo(420 / 0.35 / 1.13, 9)
    expect(peroxideDose('ahp', 100).solutionMl).toBeCloseTo(600, -0.5)
  })

  it('lies where cycles were measured: vapour peaks of 338 to 860 ppm in about 3 h, aerosol of 160 ppm in about 2 h', () => {
    const hpv = predictPeroxideCycle(cycle)
    expect(hpv.peakPpm.likely).toBeGreaterThan(338)
    expect(hpv.peakPpm.likely).toBeLessThan(860)
    expect(hpv.totalS.likely / 3600).toBeGreaterThan(1.5)
    expect(hpv.totalS.likely / 3600).toBeLessThan(3.5)
    expect(hpv.refusals).toEqual([])
    const ahp = predictPeroxideCycle({ ...cycle, method: 'ahp' })
    expect(ahp.peakPpm.least).toBeLessThan(160 * 1.1)
    expect(ahp.peakPpm.most).toBeGreaterThan(160)
    expect(ahp.totalS.likely / 3600).toBeGreaterThan(1.5)
    expect(ahp.totalS.likely / 3600).toBeLessThan(3.5)
    for (const { phases } of [hpv, ahp]) {
      expect(phases.map(({ name }) => name)).toEqual([
        'preCheck',
        'isolateHvac',
        'condition',
        'gas',
        'dwell',
        'aerate',
        'verify',
        'release',
      ])
    }
  })

  it('shows what is open: least, likely and most in that order', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('hpv' as const, 'ahp' as const),
        number(10, 200),
        number(0.5, 12),
        number(0, 0.2),
        (method, volumeM3, airChangesPerHour, damperLeakage) => {
          const { peakPpm, ppmHours, totalS } = predictPeroxideCycle({
            ...cycle,
            method,
            damperLeakage,
            room: { ...cycle.room, volumeM3, airChangesPerHour },
          })
          for (const { least, likely, most } of [peakPpm, ppmHours, totalS]) {
            expect(least).toBeLessThanOrEqual(likely)
            expect(likely).toBeLessThanOrEqual(most)
          }
        },
      ),
      { numRuns: 15 },
    )
  })

  it('never hopes for decomposition while it aerates: a dry room takes at least as long as ventilation alone', () => {
    const { phases, peakPpm } = predictPeroxideCycle(cycle)
    const aerate = phases.find(({ name }) => name === 'aerate')!.seconds
    expect(aerate.most).toBeGreaterThanOrEqual(3600 * aerationHours(peakPpm.least, 1, 12) * 0.9)
  })

  it('refuses what would gas the people next door, a leaking damper and a room without ventilation', () => {
    expect(predictPeroxideCycle({ ...cycle, areDoorsTaped: false }).refusals.join()).toContain(
      'Anteroom would reach',
    )
    expect(predictPeroxideCycle({ ...cycle, method: 'ahp', damperLeakage: 1 }).refusals.join()).toContain(
      'seal the room and its dampers',
    )
    const still = { ...cycle, room: { ...cycle.room, airChangesPerHour: 0 } }
    expect(predictPeroxideCycle(still).refusals.join()).toContain('no ventilation')
  })

  it('names what the air of the room lacks', () => {
    expect(
      conditioningNeeds({ method: 'hpv', temperatureC: 18, relativeHumidityPercent: 80 }).map(
        ({ what }) => what,
      ),
    ).toEqual([
      'Heat the room from 18 °C to 20 °C.',
      'Dehumidify the room from 80 % to 65 % relative humidity.',
    ])
    expect(conditioningNeeds({ method: 'hpv', temperatureC: 22, relativeHumidityPercent: 50 })).toEqual([])
    expect(predictPeroxideCycle({ ...cycle, temperatureC: null }).notes.join()).toContain('measure them')
  })

  it('refuses senseless figures with the place', () => {
    const wrong: Partial<PeroxideCycleInput>[] = [
      { room: { ...cycle.room, volumeM3: 0 } },
      { room: { ...cycle.room, airChangesPerHour: -1 } },
      { damperLeakage: 2 },
      { temperatureC: 300 },
      { relativeHumidityPercent: 101 },
    ]
    for (const more of wrong) {
      expect(() => predictPeroxideCycle({ ...cycle, ...more })).toThrow(
        expect.objectContaining({ code: 'WARD_ERR_VALIDATION' }),
      )
    }
  })

  it('has a source for every method', () => {
    for (const { source } of Object.values(PEROXIDE_METHODS)) expect(source).not.toBe('')
  })
})
